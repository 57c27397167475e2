//! Entry by people: on behalf of another, late, to be named later, undone; labels and lines in files.

use crate::world::World;

fn mine() -> World {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    world
}

/// Runs and expects a refusal whose error and hint hold these words.
fn refused(world: &World, ledger: &str, arguments: &[&str], error: &str, hint: &str) {
    let ran = world.run(ledger, arguments);
    assert!(ran.code == 1 || ran.code == 2, "{arguments:?}: {}\n{}{}", ran.code, ran.out, ran.err);
    assert!(ran.err.contains(error), "{arguments:?}\n{}", ran.err);
    assert!(ran.err.contains(hint), "{arguments:?}\n{}", ran.err);
}

fn extract<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["extract", "--step", "P10 mine", "--out", out];
    arguments.extend(more);
    arguments
}

#[test]
fn who_attests_and_who_recorded_are_shown_apart() {
    let world = mine();
    world.write("sheet.txt", "3 t dug, signed with a thumb");
    let behalf = ["--on-behalf-of", "outside: Luena diggers, CD", "--signed-paper", "sheet.txt"];
    refused(&world, "mine", &extract("ORE-1: ore, 3 t", &behalf[..2]), "--signed-paper", "");
    refused(
        &world,
        "mine",
        &extract("ORE-1: ore, 3 t", &["--on-behalf-of", "Quartz Hill", "--signed-paper", "sheet.txt"]),
        "on behalf of yourself",
        "name the other party",
    );
    refused(
        &world,
        "mine",
        &extract("ORE-1: ore, 3 t", &["--on-behalf-of", "Luena", "--signed-paper", "sheet.txt"]),
        "field `behalf/who`",
        "for someone outside the ledger",
    );
    let out = world.ok("mine", &extract("ORE-1: ore.bastnaesite, 3 t, TREO 6 % as REO", &behalf));
    assert!(out.contains("attested by Luena diggers (outside the ledger), recorded by you"), "{out}");
    for arguments in [vec!["log"], vec!["show", "ORE-1"], vec!["trace", "ORE-1"]] {
        let out = world.ok("mine", &arguments);
        assert!(out.contains("attested by Luena diggers"), "{arguments:?}\n{out}");
    }
}

#[test]
fn what_happened_long_ago_needs_a_reason_before_it_is_signed() {
    let world = mine();
    world.ok("mine", &extract("ORE-1: ore, 3 t", &["--on", "2026-10-26"]));
    let late = extract("ORE-2: ore, 3 t", &["--on", "2026-10-25"]);
    refused(&world, "mine", &late, "it happened 31 days ago", "--late REASON");
    assert!(!world.ok("mine", &["log"]).contains("ORE-2"));
    world.ok("mine", &[&late[..], &["--late", "no network at the pit"]].concat());
    assert!(world.ok("mine", &["show", "ORE-2"]).contains("late: no network at the pit"));
    refused(&world, "mine", &extract("ORE-3: ore, 3 t", &["--on", "2026-11-27"]), "2 days ahead", "--yes");
    let ran = world.run("mine", &extract("ORE-3: ore, 3 t", &["--on", "2026-11-27", "--yes"]));
    assert!(ran.code == 0 && ran.err.contains("2 days ahead"), "{}", ran.err);
    let text = "[[event]]\nkind = \"extract\"\non = \"2026-01-05\"\nsteps = [\"P10 mine\"]\n\
                late = \"found in the old book\"\nout = [{ label = \"ORE-4\", material = \"ore\", mass = \"1 t\" }]\n";
    world.ok("mine", &["stats"]);
    let ran = world.run_with("mine", &["record", "--from", "-"], text);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_wrong_clock_is_asked_about_and_what_comes_after_is_usable() {
    let mut world = mine();
    world.at("2036-11-25T08:00:00Z");
    let dig = extract("ORE-1: ore, 3 t", &["--on", "2026-11-25", "--late", "clock?"]);
    refused(&world, "mine", &dig, "days after the last record", "check the clock");
    world.ok("mine", &[&dig[..], &["--yes"]].concat());
    world.at("2026-11-26T08:00:00Z");
    let pack = ["repack", "--in", "ORE-1", "--out", "BAG-1: ore, 3 t"];
    refused(&world, "mine", &pack, "but the last record of this chain claims 2036", "go on with `--yes`");
    world.ok("mine", &[&pack[..], &["--yes"]].concat());
    world.ok("mine", &["measure", "BAG-1", "--is", "3 t"]);
    let out = world.run("mine", &["verify", "BAG-1"]).out;
    assert!(out.contains("a clock was wrong"), "{out}");
    assert!(!out.contains("Lot BAG-1: fail"), "{out}");
}

#[test]
fn goods_leave_for_a_receiver_to_be_named_later() {
    let world = mine();
    let plant = world.party("plant", "Kettle Oxides", "US-CA", "separator", &["P40"]);
    world.ok("mine", &["party", "add", "kettle", &plant]);
    world.ok("mine", &extract("ORE-1: ore, 3 t", &[]));
    refused(
        &world,
        "mine",
        &["dispatch", "ORE-1", "--to", "kettle", "--code", "K7QP-3MZD-9TXA-4WHE"],
        "named already",
        "later",
    );
    refused(
        &world,
        "mine",
        &["dispatch", "ORE-1", "--to", "later", "--code", "K7QP"],
        "4 characters",
        "printed once",
    );
    let out = world.ok("mine", &["dispatch", "ORE-1", "--to", "later"]);
    let code =
        out.split("goes with it: ").nth(1).and_then(|rest| rest.lines().next()).expect("a code is printed");
    assert_eq!(code.len(), 24, "{out}");
    let lots = world.ok("mine", &["lots"]);
    assert!(
        lots.contains("Waiting for you to name the receiver")
            && lots.contains("whoever shows the claim code"),
        "{lots}"
    );
    assert!(
        !world.ok("mine", &["--ids", "show", "dispatch:ORE-1"]).contains(code),
        "the code is kept nowhere"
    );
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    world.ok("plant", &["import", "ore.lode"]);
    refused(
        &world,
        "plant",
        &["receive", "ORE-1", "--mass", "3 t"],
        "to a receiver who is not named yet",
        "",
    );
    refused(&world, "plant", &["assign", "ORE-1", "--to", "Kettle Oxides"], "was not sent by you", "");
    refused(&world, "mine", &["assign", "ORE-1", "--to", "later"], "names nobody", "");
    refused(&world, "mine", &["assign", "ORE-1"], "field `to`: it is missing", "");
    let wrong = ["assign", "ORE-1", "--to", "kettle", "--code", "AAAA-AAAA-AAAA-AAAA"];
    refused(&world, "mine", &wrong, "the claim code does not fit lot `ORE-1`", "compare it");
    world.ok("mine", &["assign", "ORE-1", "--to", "kettle", "--code", &code.to_lowercase()]);
    refused(&world, "mine", &["assign", "ORE-1", "--to", "kettle"], "was assigned already", "");
    world.ok("mine", &["export", "--to", "kettle", "--show", "*", "--out", "named.lode"]);
    world.ok("plant", &["import", "named.lode"]);
    assert!(world.ok("plant", &["lots"]).contains("In transit to you"));
    assert!(world.ok("plant", &["lots"]).contains("ORE-1"));
    world.ok("plant", &["receive", "ORE-1", "--mass", "3 t"]);
    let verified = world.run("plant", &["verify", "ORE-1"]);
    assert!(!verified.out.contains("Lot ORE-1: fail"), "{}", verified.out);
    for ledger in ["mine", "plant"] {
        assert!(world.ok(ledger, &["fsck"]).contains("every hash, signature and index holds"));
    }
}

#[test]
fn a_slip_is_undone_until_it_has_left() {
    let world = mine();
    world.ok("mine", &extract("ORE-1: ore, 3 t", &[]));
    world.ok("mine", &["repack", "--in", "ORE-1", "--out", "BAG-1: ore, 3 t"]);
    refused(
        &world,
        "mine",
        &["undo", "extract:ORE-1"],
        "is used by later records",
        "the newest before the others",
    );
    refused(&world, "mine", &["undo", "Quartz Hill works"], "is used by later records", "");
    world.ok("mine", &["undo"]);
    refused(&world, "mine", &["undo"], "takes a record back and cannot be undone", "undo RECORD");
    refused(&world, "mine", &["undo", "BAG-2"], "no record here is called `BAG-2`", "");
    let audit = world.run("mine", &["audit"]).out;
    assert!(!audit.contains("warning") && !audit.contains("fail "), "{audit}");
    world.ok("mine", &["repack", "--in", "ORE-1", "--out", "BAG-2: ore, 3 t"]);
    world.ok("mine", &["dispatch", "BAG-2", "--to", "outside: Kettle, US"]);
    world.ok("mine", &["undo", "dispatch:BAG-2"]);
    world.ok("mine", &["dispatch", "BAG-2", "--to", "outside: Kettle, US"]);
    world.ok("mine", &["export", "BAG-2", "--show", "*", "--out", "bag.lode"]);
    refused(&world, "mine", &["undo"], "was handed out with an export", "`withdraw`");
}

#[test]
fn records_are_named_by_what_people_call_them() {
    let world = mine();
    world.ok("mine", &extract("ORE-1: ore, 3 t", &[]));
    world.ok("mine", &["dispatch", "ORE-1, 1 t", "--to", "outside: Kettle, US"]);
    assert!(world.ok("mine", &["show", "last"]).starts_with("dispatch"));
    assert!(world.ok("mine", &["show", "extract:ORE-1"]).starts_with("extract"));
    world.ok(
        "mine",
        &[
            "certify",
            "Quartz Hill",
            "--scheme",
            "IRMA",
            "--number",
            "C-17",
            "--valid",
            "2026-01-01..2026-12-31",
        ],
    );
    world.ok("mine", &["suspend-certificate", "C-17", "--starting", "2026-12-01"]);
    world.ok("mine", &["withdraw", "dispatch:ORE-1", "--reason", "not_happened"]);
    refused(&world, "mine", &["withdraw", "dispatch:ORE-9", "--reason", "other"], "`dispatch:ORE-9`", "");
}

#[test]
fn labels_that_look_like_others_are_refused_with_a_hint() {
    let world = mine();
    refused(
        &world,
        "mine",
        &extract("OR\u{415}-1: ore, 3 t", &[]),
        "the Cyrillic letter",
        "type the Latin letter `E`",
    );
    refused(&world, "mine", &extract("ORE\u{2010}1: ore, 3 t", &[]), "U+2010", "plain letters and digits");
    refused(&world, "mine", &extract("ORE  1: ore, 3 t", &[]), "a blank after a blank", "write `ORE 1`");
    let text = "[[event]]\nkind = \"extract\"\non = \"2026-11-20\"\nsteps = [\"P10 mine\"]\n\
                out = [{ label = \"ORE-1 \", material = \"ore\", mass = \"1 t\" }]\n";
    let ran = world.run_with("mine", &["record", "--from", "-"], text);
    assert!(ran.err.contains("a blank at its end") && ran.err.contains("hint: write `ORE-1`"), "{}", ran.err);
}

#[test]
fn errors_of_a_file_name_the_line_of_the_event() {
    let world = mine();
    let good = "# week 45\n[[event]]\nkind = \"extract\"\non = \"2026-11-20\"\nsteps = [\"P10 mine\"]\n\
                out = [{ label = \"ORE-1\", material = \"ore\", mass = \"10 t\" }]\n\n";
    let bad = |field: &str| {
        format!("{good}[[event]]\nkind = \"dispose\"\non = \"2026-11-21\"\nhow = \"waste\"\n{field}\n")
    };
    for (field, error) in [
        ("in = [{ lot = \"ORE-1\", mass = \"11 t\" }]", "week.toml line 8: event 2 (dispose) is refused"),
        ("in = [{ lot = \"ORE-2\" }]", "week.toml line 8: event 2, field `in/0/lot`"),
        ("inn = [\"ORE-1\"]", "week.toml line 8: event 2, field `inn`"),
    ] {
        world.write("week.toml", &bad(field));
        let ran = world.run("mine", &["record", "--from", "week.toml"]);
        assert!(ran.err.starts_with(&format!("error: {error}")), "{}", ran.err);
    }
    world.write("week.json", "[{\"kind\": \"extract\",\n \"on\": \"2026-11-20\", \"steps\": [\"P10 mine\"], \"out\": []},\n {\"kind\": \"nothing\"}]");
    let ran = world.run("mine", &["record", "--from", "week.json"]);
    assert!(ran.err.starts_with("error: week.json line 3: event 2, field `kind`"), "{}", ran.err);
}

/// Copies a directory and all in it.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn a_restored_copy_refuses_to_append_before_it_forks() {
    let world = World::new();
    let init =
        ["init", "--name", "Quartz Hill", "--country", "AU", "--role", "miner", "--mark", "stick.mark"];
    world.ok("mine", &init);
    assert_eq!(world.run("other", &init).code, 4, "two ledgers cannot share one mark");
    world.ok("mine", &["facility", "declare", "Pit", "--place", "AU-WA", "--stage", "P10"]);
    copy(&world.path("mine"), &world.path("copy"));
    world.ok("mine", &extract("ORE-1: ore, 3 t", &[]));
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    // The old copy takes the place of the ledger, its own note of what was handed out with it.
    let dig = extract("ORE-2: ore, 3 t", &[]);
    let ran = world.run("copy", &dig);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("was exported up to seq 2"), "{}", ran.err);
    assert!(ran.err.contains("hint: this ledger seems to be restored from an older copy"), "{}", ran.err);
    assert!(world.run("copy", &["fsck"]).out.contains("exported"), "fsck says so too");
    // What was handed out brings the chain back, and it goes on.
    world.ok("copy", &["import", "ore.lode"]);
    world.ok("copy", &dig);
    assert!(world.ok("copy", &["fsck"]).contains("every hash, signature and index holds"));
    std::fs::remove_file(world.path("stick.mark")).unwrap();
    let ran = world.run("copy", &extract("ORE-3: ore, 3 t", &[]));
    assert!(ran.code == 4 && ran.err.contains("stick.mark"), "{}", ran.err);
    assert!(ran.err.contains("hint: mount or restore the place"), "{}", ran.err);
}
