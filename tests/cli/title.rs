//! Sales, pledges, warehouse receipts and sold plants, as people write them.

use crate::world::{Ran, World, field};

/// A warehouse with 100 kg, a trader and a bank that know each other.
fn port() -> World {
    let world = World::new();
    let port = world.party("port", "Quay Warehouse", "BE-VAN", "warehouse", &["P50"]);
    let trader = world.party("trader", "Harbour Trading", "BE-VAN", "trader", &["P50"]);
    let bank = world.party("bank", "Harbour Bank", "BE-VAN", "trader", &["P50"]);
    for ledger in ["port", "trader", "bank"] {
        for (name, id) in [("port", &port), ("trader", &trader), ("bank", &bank)] {
            if name != ledger {
                world.ok(ledger, &["party", "add", name, id]);
            }
        }
    }
    world.ok("port", &["opening-stock", "--out", "HEAP: metal.Al, 100 kg, owner trader"]);
    world
}

/// Sends everything of one ledger to another.
fn send(world: &World, from: &str, to: &str) {
    let file = format!("{from}-{to}.lode");
    world.ok(from, &["export", "--all", "--show", "*", "--out", &file, "--force"]);
    world.ok(to, &["import", &file]);
}

fn last(world: &World, ledger: &str) -> String {
    let log = world.ok(ledger, &["--format", "json", "log", "--last", "1"]);
    let value: serde_json::Value = serde_json::from_str(&log).expect("it is JSON");
    value["records"][0]["id"].as_str().expect("a record has an id").to_owned()
}

fn title(world: &World, ledger: &str, words: &[&str]) -> Ran {
    let mut arguments = vec!["transfer-title"];
    arguments.extend(words);
    world.run(ledger, &arguments)
}

fn refused(ran: &Ran, code: i32, words: &str) {
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(words), "`{words}` is not in\n{}", ran.err);
}

#[test]
fn the_second_of_two_receipts_for_one_stretch_is_refused_and_two_ledgers_together_prove_it() {
    let world = port();
    let first = title(
        &world,
        "port",
        &["HEAP, 60 kg, from 0 kg", "--as", "receipt", "--to", "bank", "--number", "WR-1"],
    );
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("receipt WR-1 over 60.000 kg of HEAP from 0.000 g, to bank"), "{}", first.out);
    let again = ["HEAP, 40 kg, from 50 kg", "--as", "receipt", "--to", "trader"];
    refused(&title(&world, "port", &again), 1, "10.000 kg of lot `HEAP` are claimed twice");
    refused(
        &title(&world, "port", &["HEAP, 41 kg", "--as", "receipt", "--to", "trader"]),
        1,
        "cannot all be true",
    );
    assert!(title(&world, "port", &["HEAP, 40 kg", "--as", "receipt", "--to", "trader"]).code == 0);
    assert!(world.ok("port", &["fsck"]).contains("every hash, signature and index holds"));
}

#[test]
fn across_two_ledgers_both_receipts_are_signed_and_who_holds_both_holds_the_proof() {
    let world = port();
    world.party("second", "Inland Warehouse", "BE-VAN", "warehouse", &["P50"]);
    send(&world, "second", "port");
    assert_eq!(title(&world, "port", &["HEAP", "--as", "receipt", "--to", "bank"]).code, 0);
    world.ok("port", &["dispatch", "HEAP", "--to", "Inland Warehouse"]);
    // The second warehouse is not shown that the goods are promised already.
    let file = ["export", "HEAP", "--show", "*", "--withhold", "title", "--out", "sent.lode"];
    world.ok("port", &file);
    world.ok("second", &["import", "sent.lode"]);
    world.ok("second", &["receive", "HEAP", "--mass", "100 kg"]);
    assert_eq!(title(&world, "second", &["HEAP", "--as", "receipt", "--to", "Quay Warehouse"]).code, 0);
    for ledger in ["port", "second"] {
        let file = format!("{ledger}.lode");
        world.ok(ledger, &["export", "--all", "--show", "*", "--out", &file]);
    }
    let ran = world.run("nowhere", &["--format", "json", "verify", "HEAP", "port.lode", "second.lode"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("2 claims over lot `HEAP` sum to 200.000 kg"), "{}", ran.out);
    let alone = world.run("nowhere", &["--format", "json", "verify", "HEAP", "second.lode"]);
    assert_eq!(alone.code, 3, "{}", alone.out);
    assert!(alone.out.contains("may not be the only receipt"), "{}", alone.out);
    // Once the first receipt is known there, the second warehouse gives out no further one.
    world.ok("second", &["import", "port.lode"]);
    refused(
        &title(&world, "second", &["HEAP, 1 kg", "--as", "receipt", "--to", "Quay Warehouse"]),
        1,
        "cannot all be true",
    );
}

#[test]
fn a_title_is_passed_by_its_owner_and_lots_and_show_say_whose_goods_are() {
    let world = port();
    assert!(world.ok("port", &["lots"]).contains("trader"), "{}", world.ok("port", &["lots"]));
    assert!(world.ok("port", &["show", "HEAP"]).contains("HEAP is owned by trader"));
    refused(
        &title(&world, "port", &["HEAP", "--as", "sale", "--to", "bank"]),
        1,
        "which is owned by `trader`",
    );
    send(&world, "port", "trader");
    let lots = world.ok("trader", &["lots"]);
    assert!(lots.contains("Yours, in others' hands") && lots.contains("HEAP"), "{lots}");
    assert_eq!(title(&world, "trader", &["HEAP, 100 kg", "--as", "sale", "--to", "bank"]).code, 0);
    refused(&title(&world, "trader", &["HEAP, 1 kg", "--as", "sale", "--to", "port"]), 1, "owned by");
    send(&world, "trader", "bank");
    assert!(world.ok("bank", &["lots"]).contains("held by"));
    assert!(!world.ok("trader", &["lots"]).contains("Yours, in others' hands"));
    let trace = world.ok("bank", &["trace", "HEAP"]);
    assert!(trace.contains("owned by"), "{trace}");
    assert!(world.ok("trader", &["log"]).contains("sale over 100.000 kg of HEAP, to bank"));
}

#[test]
fn a_receipt_is_passed_on_and_released_by_its_holder_alone_and_once() {
    let world = port();
    assert_eq!(title(&world, "port", &["HEAP", "--as", "receipt", "--to", "trader"]).code, 0);
    let receipt = last(&world, "port");
    send(&world, "port", "trader");
    send(&world, "port", "bank");
    let target = ["--target", &receipt];
    refused(
        &title(&world, "bank", &[&["--as", "endorse", "--to", "port"], &target[..]].concat()),
        1,
        "held by",
    );
    refused(&title(&world, "port", &[&["--as", "release"], &target[..]].concat()), 1, "held by");
    assert_eq!(
        title(&world, "trader", &[&["--as", "endorse", "--to", "bank"], &target[..]].concat()).code,
        0
    );
    refused(
        &title(&world, "trader", &[&["--as", "endorse", "--to", "bank"], &target[..]].concat()),
        1,
        "held by",
    );
    send(&world, "trader", "bank");
    assert_eq!(title(&world, "bank", &[&["--as", "release"], &target[..]].concat()).code, 0);
    refused(
        &title(&world, "bank", &[&["--as", "release"], &target[..]].concat()),
        1,
        "of which less was left to release",
    );
    send(&world, "bank", "port");
    assert_eq!(title(&world, "port", &["HEAP", "--as", "receipt", "--to", "trader"]).code, 0);
}

#[test]
fn what_is_wrong_with_a_title_is_said_with_what_to_write_instead() {
    let world = port();
    send(&world, "port", "trader");
    let sale =
        |words: &[&str]| title(&world, "trader", &[words, &["--as", "sale", "--to", "bank"][..]].concat());
    refused(&sale(&["HEAP, 101 kg"]), 1, "is over 101.000 kg of lot `HEAP`, which holds 100.000 kg");
    refused(&sale(&["HEAP, 12"]), 2, "it has no unit");
    refused(&sale(&["HEAP, 1 lb"]), 2, "field `lots/0/mass`");
    refused(&sale(&["HEPA, 1 kg"]), 2, "no lot that is known here");
    refused(&sale(&["HEAP, 1 kg, 2 kg"]), 2, "`1 kg` stands in its place already");
    refused(&sale(&[]), 2, "field `lots`: it is missing");
    refused(&sale(&["HEAP, 0 kg"]), 2, "a title over nothing says nothing");
    refused(&title(&world, "trader", &["HEAP", "--as", "sale", "--to", "bnk"]), 2, "did you mean `bank`?");
    refused(&title(&world, "trader", &["HEAP", "--as", "sael", "--to", "bank"]), 2, "did you mean `sale`?");
    refused(&title(&world, "trader", &["HEAP", "--as", "sale"]), 2, "field `to`: it is missing");
    refused(&title(&world, "trader", &["--as", "release"]), 2, "field `target`: it is missing");
    refused(&sale(&["HEAP", "--until", "2027-01-01"]), 2, "a sale has no last day");
    refused(&sale(&["HEAP", "--private", "tilte"]), 2, "did you mean `title`?");
    let stock = field(&world.ok("trader", &["--format", "json", "key", "show"]), "party");
    refused(
        &title(&world, "trader", &["HEAP", "--as", "pledge", "--to", "bank", "--target", &stock]),
        1,
        "is not held here",
    );
    refused(
        &title(&world, "trader", &["HEAP", "--as", "sale", "--to", "Harbour Trading"]),
        1,
        "a title cannot be passed to its own author",
    );
}

#[test]
fn a_sold_plant_is_its_buyers_from_the_day_on() {
    let world = port();
    let cede = |ledger: &str, words: &[&str]| world.run(ledger, &[&["cede-facility"], words].concat());
    send(&world, "port", "trader");
    refused(
        &cede("trader", &["Quay Warehouse works", "--to", "bank", "--starting", "2026-11-25"]),
        1,
        "one that port declared",
    );
    refused(&cede("port", &["Quay Warehouse works", "--to", "trader"]), 2, "field `from`: it is missing");
    refused(
        &cede("port", &["Quay Warehose works", "--to", "trader", "--starting", "2026-11-25"]),
        2,
        "did you mean `Quay Warehouse works`?",
    );
    assert_eq!(cede("port", &["Quay Warehouse works", "--to", "trader", "--starting", "2026-11-25"]).code, 0);
    let deed = last(&world, "port");
    refused(
        &cede("port", &["Quay Warehouse works", "--to", "bank", "--starting", "2026-11-25"]),
        1,
        "was given up from 2026-11-25 on",
    );
    let stock = |day: &str| world.run("port", &["opening-stock", "--on", day, "--out", "B: metal.Al, 1 kg"]);
    refused(&stock("2026-11-25"), 1, "was given up from 2026-11-25 on");
    assert_eq!(stock("2026-11-24").code, 0);
    send(&world, "port", "trader");
    send(&world, "port", "bank");
    let declare = ["facility", "declare", "Shed", "--place", "BE", "--stage", "P50", "--succeeds", &deed];
    refused(&world.run("bank", &declare), 1, "gives the facility up to somebody else");
    world.ok("trader", &declare);
    // Taken back, the facility is the seller's again.
    world.ok("port", &["withdraw", &deed, "--reason", "not_happened"]);
    assert_eq!(stock("2026-11-25").code, 0);
    assert!(world.ok("port", &["fsck"]).contains("every hash, signature and index holds"));
}

#[test]
fn a_limit_is_written_with_its_span() {
    let world = port();
    world.party("office", "Office", "BE-VAN", "mining_authority", &[]);
    send(&world, "port", "office");
    let accredit = |limit: &str| {
        let about = [
            "accredit",
            "Quay Warehouse",
            "--role",
            "miner",
            "--scheme",
            "law",
            "--valid",
            "2026-01-01..2026-12-31",
        ];
        world.run("office", &[&about[..], &["--limit", limit]].concat())
    };
    assert_eq!(accredit("2500 t per year").code, 0);
    refused(&accredit("2500 per year"), 2, "field `limit/mass`");
    refused(&accredit("2500 t per yaer"), 2, "did you mean `year`?");
    refused(&accredit("2500 t"), 2, "it does not say in which span of time");
    refused(&accredit("0 t per year"), 2, "a limit of nothing would allow nothing");
}
