//! Guests in others' plants, collections, and lots in transit that change their way.

use crate::world::World;

/// A mine and a plant that know each other.
fn mine_and_plant() -> World {
    let world = World::new();
    let mine = world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    let plant = world.party("plant", "Kettle Oxides", "US-CA", "separator", &["P40"]);
    world.ok("mine", &["party", "add", "kettle", &plant]);
    world.ok("plant", &["party", "add", "quartz", &mine]);
    world
}

/// Runs and expects a refusal whose error and hint hold these words.
fn refused(world: &World, ledger: &str, arguments: &[&str], error: &str, hint: &str) {
    let ran = world.run(ledger, arguments);
    assert!(ran.code == 1 || ran.code == 2, "{arguments:?}: {}\n{}{}", ran.code, ran.out, ran.err);
    assert!(ran.err.contains(error), "{arguments:?}\n{}", ran.err);
    assert!(ran.err.contains(hint), "{arguments:?}\n{}", ran.err);
}

const TRANSFORM: [&str; 7] =
    ["transform", "--step", "P40 extract_solvent", "--in", "ORE-1", "--out", "OX-1: oxide.NdPr, 1 t"];

#[test]
fn a_guest_works_where_the_operator_let_it_in_and_is_told_why_not_elsewhere() {
    let world = mine_and_plant();
    let stay = ["host", "Kettle Oxides works", "--guest", "quartz", "--purpose", "tenancy"];
    let covering = |valid: &'static str| [&stay[..], &["--stage", "P40", "--valid", valid]].concat();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    let work = |more: &[&'static str]| [&TRANSFORM[..], &["--at", "Kettle Oxides works"], more].concat();
    refused(&world, "mine", &work(&[]), "`Kettle Oxides works` is no facility that is known here", "");
    world.ok("plant", &covering("2026-01-01..2026-11-24"));
    world.ok("plant", &["export", "--facility", "Kettle Oxides works", "--show", "*", "--out", "stay.lode"]);
    world.ok("mine", &["import", "stay.lode"]);
    // The stay is over: it is not found by itself, and cited it does not cover the day.
    refused(
        &world,
        "mine",
        &work(&[]),
        "is one that kettle declared",
        "let the operator record a `host` for you",
    );
    let log = world.ok("plant", &["--ids", "log"]);
    let id = log.rsplit("host").next().and_then(|rest| rest.split('[').nth(1)).unwrap();
    let cited = id.split(']').next().unwrap().to_owned();
    let ran = world.run("mine", &[&work(&[])[..], &["--host", &cited]].concat());
    assert!(ran.err.contains("it holds 2026-01-01..2026-11-24, and the event was 2026-11-25"), "{}", ran.err);

    world.ok("plant", &covering("2026-11-25..2026-12-31"));
    world.ok("plant", &["export", "--facility", "Kettle Oxides works", "--show", "*", "--out", "stay2.lode"]);
    world.ok("mine", &["import", "stay2.lode"]);
    refused(
        &world,
        "mine",
        &[
            "transform",
            "--step",
            "P50 electrolyse",
            "--in",
            "ORE-1",
            "--out",
            "X: metal.Nd, 1 t",
            "--at",
            "Kettle Oxides works",
        ],
        "it does not let its guest do P50",
        "ask the operator",
    );
    world.ok("mine", &work(&[]));
    let shown = world.ok("mine", &["show", "OX-1"]);
    assert!(shown.contains("host: "), "{shown}");
    let verified = world.run("mine", &["verify", "OX-1"]);
    assert!(verified.out.contains("US-CA (signed)"), "{}", verified.out);

    world.ok("plant", &["end-host", "--record", "last", "--starting", "2026-12-01"]);
    refused(
        &world,
        "plant",
        &["end-host", "--record", "last", "--starting", "2026-12-01"],
        "lets nobody work anywhere",
        "",
    );
    assert!(world.ok("plant", &["log"]).contains("end host"));
}

#[test]
fn a_stay_is_given_by_the_operator_alone_and_says_what_is_wrong_with_it() {
    let world = mine_and_plant();
    let host = |facility: &'static str, guest: &'static str, purpose: &'static str, valid: &'static str| {
        ["host", facility, "--guest", guest, "--purpose", purpose, "--valid", valid]
    };
    let year = "2026-01-01..2026-12-31";
    refused(
        &world,
        "plant",
        &host("Kettle Oxides works", "quarz", "tenancy", year),
        "quarz",
        "did you mean `quartz`?",
    );
    refused(
        &world,
        "plant",
        &host("Kettle Oxides works", "quartz", "tenncy", year),
        "tenncy",
        "did you mean `tenancy`?",
    );
    refused(
        &world,
        "plant",
        &host("Kettle Oxides wroks", "quartz", "tenancy", year),
        "Kettle Oxides wroks",
        "did you mean",
    );
    refused(
        &world,
        "plant",
        &host("Kettle Oxides works", "Kettle Oxides", "tenancy", year),
        "works in its own plant",
        "",
    );
    refused(&world, "plant", &host("Kettle Oxides works", "quartz", "tenancy", "2026"), "`2026` is no", "");
    refused(&world, "plant", &["end-host", "--guest", "quartz", "--starting", "2026-12-01"], "`quartz`", "");
    world.ok("plant", &["export", "--facility", "Kettle Oxides works", "--show", "*", "--out", "works.lode"]);
    world.ok("mine", &["import", "works.lode"]);
    refused(
        &world,
        "mine",
        &host("Kettle Oxides works", "kettle", "tenancy", year),
        "is not yours",
        "declared as your own",
    );
    world.ok("plant", &host("Kettle Oxides works", "quartz", "warehouse", year));
    world.ok("plant", &["end-host", "Kettle Oxides works", "--guest", "quartz", "--starting", "2026-12-01"]);
    refused(&world, "plant", &["end-host", "--guest", "quartz", "--starting", "2026-12-01"], "`quartz`", "");
}

#[test]
fn what_is_kept_for_another_is_shown_as_the_owners() {
    let world = mine_and_plant();
    world.ok("plant", &["opening-stock", "--out", "TOLL-1: oxide.NdPr, 2 t, owner quartz"]);
    let lots = world.ok("plant", &["lots"]);
    assert!(lots.contains("owner") && lots.contains("quartz"), "{lots}");
    world.ok("plant", &["opening-stock", "--out", "OWN-1: oxide.NdPr, 1 t"]);
    assert!(world.ok("plant", &["lots"]).contains("you"));
}

#[test]
fn goods_that_never_came_go_back_in_the_books() {
    let world = mine_and_plant();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    world.ok("mine", &["dispatch", "ORE-1", "--to", "kettle", "--due", "2026-11-20"]);
    refused(
        &world,
        "mine",
        &["release", "ORE-1", "--reason", "never_came"],
        "may only be used by kettle",
        "",
    );
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    world.ok("plant", &["import", "ore.lode"]);
    refused(&world, "plant", &["release", "ORE-1"], "field `reason`: it is missing", "never_came");
    refused(
        &world,
        "plant",
        &["release", "ORE-1", "--reason", "never_come"],
        "never_come",
        "did you mean `never_came`?",
    );
    refused(&world, "plant", &["release", "ORE-1, 5", "--reason", "never_came"], "`5` is no mass", "unit");
    world.ok("plant", &["release", "ORE-1", "--reason", "never_came"]);
    refused(&world, "plant", &["release", "ORE-1", "--reason", "never_came"], "ORE-1", "");
    world.ok("plant", &["export", "--to", "quartz", "--show", "*", "--out", "back.lode"]);
    world.ok("mine", &["import", "back.lode"]);
    let lots = world.ok("mine", &["lots"]);
    assert!(lots.contains("In transit to you\n") && lots.contains("ORE-1"), "{lots}");
    let ran = world.run("mine", &["verify", "ORE-1"]);
    assert!(ran.code == 3 && ran.out.contains("never came"), "{}", ran.out);
    world.ok("mine", &["receive", "ORE-1", "--mass", "10 t"]);
    assert!(!world.run("mine", &["verify", "ORE-1"]).out.contains("never came"));
    for ledger in ["mine", "plant"] {
        assert!(world.ok(ledger, &["fsck"]).contains("every hash, signature and index holds"));
    }
}

#[test]
fn a_request_to_return_asks_once_and_for_what_one_sent() {
    let world = mine_and_plant();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    refused(&world, "mine", &["request-return", "ORE-1"], "was not dispatched", "see `lots`");
    world.ok("mine", &["dispatch", "ORE-1", "--to", "kettle"]);
    refused(&world, "mine", &["request-return", "ORE-2"], "`ORE-2` is no lot that is known here", "");
    refused(&world, "mine", &["request-return", "ORE-1", "ORE-1"], "is named twice", "");
    refused(&world, "mine", &["request-return"], "field `lots`: it is missing", "");
    world.ok("mine", &["request-return", "ORE-1", "--reason", "wrong drums"]);
    refused(&world, "mine", &["request-return", "ORE-1"], "was asked back before", "");
    world.ok("mine", &["withdraw", "last", "--reason", "entry_error"]);
    world.ok("mine", &["request-return", "ORE-1"]);
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    world.ok("plant", &["import", "ore.lode"]);
    refused(&world, "plant", &["request-return", "ORE-1"], "was not sent by you, but by quartz", "");
    world.ok("plant", &["receive", "ORE-1", "--mass", "10 t"]);
    let ran = world.run("plant", &["verify", "ORE-1"]);
    assert!(ran.out.contains("had asked back from 2026-11-25 on"), "{}", ran.out);
}

#[test]
fn old_magnets_are_collected() {
    let world = World::new();
    world.party("yard", "Enz Recycling", "DE-BW", "recycler", &["R10", "R40"]);
    let collect = |out: &'static str| {
        [
            "collect",
            "--step",
            "R10 collect",
            "--supplier",
            "City Scrap, DE",
            "--receipt",
            "WS-88",
            "--out",
            out,
        ]
    };
    refused(&world, "yard", &collect("E: eol_magnet, 820"), "`820` is no mass", "unit");
    refused(
        &world,
        "yard",
        &collect("E: eol_magnet, 8 kg, origin recycled.post_consumr"),
        "`recycled.post_consumr`",
        "did you mean",
    );
    world.ok("yard", &collect("EOL-1: eol_magnet, 820 kg, origin recycled.post_consumer"));
    world.ok(
        "yard",
        &[
            "transform",
            "--step",
            "R40 hydromet",
            "--in",
            "EOL-1",
            "--out",
            "OX-1: oxide.NdPr, 200 kg, origin recycled.post_consumer",
        ],
    );
    let trace = world.ok("yard", &["trace", "OX-1"]);
    assert!(trace.contains("R10 collect"), "{trace}");
    let out = world.run("yard", &["verify", "OX-1"]).out;
    assert!(!out.contains("recycled_unbacked"), "{out}");
    assert!(world.ok("yard", &["log"]).contains("R10 collect"));
}
