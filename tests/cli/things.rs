//! Things made of things, with flags: what is recorded, and what is refused with a hint.

use crate::world::World;

/// A motor shop with forty magnets in two boxes and a shaft.
fn shop() -> World {
    let world = World::new();
    world.party("shop", "Isar Motors", "DE-BY", "component_maker", &["P90", "R20"]);
    world.write(
        "stock.toml",
        r#"[[event]]
kind = "opening_stock"
at = "Isar Motors works"
on = "2026-01-05"
out = [
  { label = "MAG-7", material = "magnet.NdFeB.sintered", mass = "4 kg", pieces = "40 pieces",
    packages = [{ id = "box 1", net = "2.5 kg" }, { id = "box 2", net = "1.5 kg" }] },
  { label = "SHAFT-3", material = "component.shaft", mass = "7 kg" },
]
"#,
    );
    world.ok("shop", &["record", "--from", "stock.toml"]);
    world
}

#[test]
fn a_rotor_is_built_and_taken_apart_again() {
    let world = shop();
    let build =
        ["assemble", "--in", "MAG-7, 16 pieces", "--in", "SHAFT-3", "--add", "binder.epoxy, 40 g", "--out"];
    world.ok("shop", &[&build[..], &["ROT-1: component.rotor, 8.64 kg, 1 piece"]].concat());
    let apart = ["disassemble", "--in", "ROT-1", "--loss", "glue, 40 g, estimated", "--out"];
    let out =
        ["MAG-7R: magnet.NdFeB.sintered, 1.6 kg, 16 pieces", "--out", "SHAFT-3R: component.shaft, 7 kg"];
    let was = ["--recovered", "MAG-7R was MAG-7", "--recovered", "SHAFT-3R was SHAFT-3"];
    world.ok("shop", &[&apart[..], &out[..], &was[..]].concat());
    let trace = world.ok("shop", &["trace", "MAG-7R"]);
    assert!(trace.contains("MAG-7") && !trace.contains("SHAFT-3"), "{trace}");
    assert!(world.ok("shop", &["fsck"]).contains("every hash, signature and index holds"));
}

#[test]
fn a_disclosure_of_a_rotor_has_a_block_of_its_own_for_each_magnet_in_it() {
    let world = shop();
    let stock = ["opening-stock", "--on", "2026-01-05", "--late", "taken over with the works", "--out"];
    let magnets = ["MAG-8: magnet.NdFeB.sintered, 2 kg, part PN-8", "--touch", "Nd, P60 strip_cast, JP"];
    world.ok("shop", &[&stock[..], &magnets[..]].concat());
    let parts = ["--in", "MAG-7, 16 pieces", "--in", "MAG-8", "--in", "SHAFT-3"];
    world.ok("shop", &[&["assemble"][..], &parts, &["--out", "ROT-1: component.rotor, 10.6 kg"]].concat());
    let disclosed = |lot: &str| {
        let ran = world.run("shop", &["disclose", lot, "--csv"]);
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
        let rows = ran.out.lines().skip(1).map(|row| row.split(',').map(str::to_owned).collect());
        rows.collect::<Vec<Vec<String>>>()
    };
    let blocks = |rows: &[Vec<String>]| {
        let mut blocks: Vec<String> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
        blocks.dedup();
        blocks
    };
    let rotor = disclosed("ROT-1");
    assert_eq!(blocks(&rotor), ["MAG-7 ", "MAG-8 PN-8"]);
    // What is known of the one magnet is not said of the other.
    let in_japan: Vec<&str> = rotor.iter().filter(|row| row[5] == "JP").map(|row| row[0].as_str()).collect();
    assert!(!in_japan.is_empty() && in_japan.iter().all(|lot| *lot == "MAG-8"), "{in_japan:?}");
    assert_eq!(blocks(&disclosed("MAG-8")), ["MAG-8 PN-8"]);
}

#[test]
fn a_package_is_taken_once_and_named_when_it_is_missing() {
    let world = shop();
    let pack = |package: &str| {
        let input = format!("MAG-7, package {package}");
        world.run("shop", &["dispose", &input, "--how", "consumed", "--reason", "tests"])
    };
    let unknown = pack("box 3");
    assert_eq!(unknown.code, 2, "{}", unknown.err);
    assert!(unknown.err.contains("`box 3` is no package of that lot"), "{}", unknown.err);
    assert!(unknown.err.contains("did you mean `box"), "{}", unknown.err);
    assert_eq!(pack("box 2").code, 0);
    let again = pack("box 2");
    assert!(again.err.contains("package `box 2` of lot `MAG-7` is used already"), "{}", again.err);
    assert!(again.err.contains("not used are box 1"), "{}", again.err);
    assert_eq!(pack("box 1").code, 0);
    assert!(pack("box 1").err.contains("no package of it is left"));
}

#[test]
fn what_never_went_in_and_parts_that_do_not_add_up_are_refused() {
    let world = shop();
    world.ok("shop", &["assemble", "--in", "SHAFT-3", "--out", "ROT-1: component.rotor, 7 kg"]);
    let apart = ["disassemble", "--in", "ROT-1", "--out", "OUT: magnet.NdFeB.sintered, 1 kg", "--recovered"];
    let stranger = world.run("shop", &[&apart[..], &["OUT was MAG-7"]].concat());
    assert!(stranger.err.contains("lot `MAG-7` never went into what is taken apart"), "{}", stranger.err);
    assert!(stranger.err.contains("name the lot that went in"), "{}", stranger.err);
    let unknown = world.run("shop", &[&apart[..], &["OUT was SHAFT-4"]].concat());
    assert!(unknown.err.contains("did you mean `SHAFT-3`?"), "{}", unknown.err);
    let more = ["disassemble", "--in", "ROT-1", "--out", "OUT: component.shaft, 7.000001 kg", "--recovered"];
    let more = world.run("shop", &[&more[..], &["SHAFT-3"]].concat());
    assert!(
        more.err.contains("more is recovered of lot `SHAFT-3` than the 7.000 kg that went in"),
        "{}",
        more.err
    );
    let twice = [
        "assemble",
        "--in",
        "MAG-7, 1 kg",
        "--part",
        "MAG-7, 0.6 kg, into A",
        "--part",
        "MAG-7, 0.6 kg, into B",
    ];
    let out = ["--out", "A: component.rotor, 0.6 kg", "--out", "B: component.rotor, 0.6 kg"];
    let exceed = world.run("shop", &[&twice[..], &out[..]].concat());
    assert!(
        exceed.err.contains("1.200 kg of lot `MAG-7` are listed as parts, but 1.000 kg are taken"),
        "{}",
        exceed.err
    );
    let used = world
        .run("shop", &["assemble", "--in", "SHAFT-3, 7 kg, from 0 kg", "--out", "R: component.rotor, 7 kg"]);
    assert!(used.err.contains("was used by record") || used.err.contains("was emptied"), "{}", used.err);
}

#[test]
fn each_part_is_judged_and_listed_with_what_it_went_into() {
    let world = shop();
    let build = ["assemble", "--in", "MAG-7, 16 pieces", "--in", "SHAFT-3", "--out"];
    world.ok("shop", &[&build[..], &["ROT-1: component.rotor, 8.6 kg, 1 piece"]].concat());
    world.ok("shop", &["assemble", "--in", "ROT-1", "--out", "MOT-1: component.motor, 8.6 kg"]);
    let ran = world.run("shop", &["verify", "MOT-1"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("Parts, each judged as a lot of its own"), "{}", ran.out);
    let row =
        |name: &str| ran.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
    assert!(
        row("MAG-7").contains("1.600 kg") && row("MAG-7").contains("16") && row("MAG-7").contains("unknown")
    );
    assert!(row("ROT-1").contains("of parts itself"), "{}", ran.out);
    assert!(ran.out.contains("Part MAG-7"), "{}", ran.out);
    let json = world.run("shop", &["--format", "json", "verify", "MOT-1"]).out;
    let report: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let parts = report["lots"][0]["parts"].as_array().expect("it has parts");
    let named = |name: &str| parts.iter().find(|part| part["label"] == name).expect("a part");
    assert_eq!((parts.len(), &named("ROT-1")["what"]), (3, &"assembly".into()));
    assert_eq!((&named("MAG-7")["depth"], &named("MAG-7")["into"][0]["pieces"]), (&2.into(), &16.into()));
    assert_eq!(named("MAG-7")["into"][0]["label"], "ROT-1");
    assert_eq!(report["lots"][0]["nodes"]["elements"], serde_json::json!([]));
}

#[test]
fn fifty_serial_numbers_of_a_lot_are_shown_to_who_bought_them() {
    let world = shop();
    let list = |first: u32, last: u32| -> String {
        (first..=last).map(|number| format!("SN-{number:03}\n")).collect()
    };
    world.write("all.txt", &list(1, 40));
    world.write("fifteen.txt", &list(11, 25));
    let made = world.ok("shop", &["serials", "make", "all.txt", "--out", "kept.json"]);
    assert!(made.contains("Salted 40 serial numbers.") && made.contains("root: "), "{made}");
    let again = world.run("shop", &["serials", "make", "all.txt", "--out", "kept.json"]);
    assert_eq!(again.code, 2, "{}", again.err);
    let build = [
        "assemble",
        "--in",
        "MAG-7",
        "--serials",
        "kept.json",
        "--out",
        "ROTS: component.rotor, 4 kg, 40 pieces",
    ];
    world.ok("shop", &build);
    world.ok("shop", &["assemble", "--in", "SHAFT-3", "--out", "BARE: component.rotor, 7 kg"]);
    let prove = ["serials", "prove", "kept.json", "--out"];
    world.ok("shop", &[&prove[..], &["a.json", "--lot", "ROTS", "--from", "fifteen.txt"]].concat());
    let checked = world.ok("shop", &["serials", "check", "a.json", "--lot", "ROTS"]);
    assert!(checked.contains("a.json holds: 15 serial numbers of 40 of lot ROTS are shown"), "{checked}");
    // A reader with the file alone sees that it is sound, and not whose it is.
    let alone = world.run("nobody", &["serials", "check", "a.json"]);
    assert_eq!(alone.code, 3, "{}{}", alone.out, alone.err);
    assert!(alone.out.contains("sound, but not established"), "{}", alone.out);
    world.ok("shop", &["export", "ROTS", "--show", "*", "--out", "rots.lode"]);
    world.ok("nobody", &["serials", "check", "a.json", "--evidence", "rots.lode"]);

    let wrong = |arguments: &[&str], code: i32, words: &str| {
        let ran = world.run("shop", arguments);
        assert_eq!(ran.code, code, "{arguments:?}\n{}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains(words), "{arguments:?}\n{}{}", ran.out, ran.err);
    };
    wrong(&["serials", "check", "a.json", "--lot", "BARE"], 1, "it is a proof for lot ROTS, not for BARE");
    wrong(&[&prove[..], &["b.json", "--lot", "BARE", "SN-001"]].concat(), 1, "names no serial numbers");
    wrong(&[&prove[..], &["b.json", "--lot", "ROTS", "SN-041"]].concat(), 2, "did you mean `SN-0");
    wrong(&[&prove[..], &["b.json", "--lot", "ROTS", "SN-001", "SN-001"]].concat(), 2, "is asked for twice");
    wrong(&[&prove[..], &["b.json", "--lot", "ROTS"]].concat(), 2, "no serial number is asked for");
    let good = std::fs::read_to_string(world.path("a.json")).unwrap();
    world.write("swapped.json", &good.replace("SN-011", "SN-001"));
    wrong(&["serials", "check", "swapped.json"], 1, "is not shown to be among them");
    world.write("twice.txt", "SN-1\nSN-2\nSN-1\n");
    wrong(&["serials", "make", "twice.txt", "--out", "t.json"], 2, "line 3: `SN-1` stands in line 1 already");
    wrong(&["serials", "check", "kept.json"], 2, "");
}

#[test]
fn one_number_shown_for_two_lots_is_found() {
    let world = shop();
    world.write("list.txt", "SN-1\nSN-2\n");
    for name in ["one", "two"] {
        world.ok("shop", &["serials", "make", "list.txt", "--out", &format!("{name}.json")]);
    }
    world.ok(
        "shop",
        &["assemble", "--in", "MAG-7, 1 kg", "--serials", "one.json", "--out", "R-1: component.rotor, 1 kg"],
    );
    world.ok(
        "shop",
        &["assemble", "--in", "MAG-7, 1 kg", "--serials", "two.json", "--out", "R-2: component.rotor, 1 kg"],
    );
    for (kept, lot, serial) in [("one", "R-1", "SN-1"), ("two", "R-2", "SN-1"), ("two", "R-2", "SN-2")] {
        let (kept, out) = (format!("{kept}.json"), format!("{lot}-{serial}.json"));
        world.ok("shop", &["serials", "prove", &kept, "--lot", lot, serial, "--out", &out]);
    }
    let both = world.run("shop", &["serials", "check", "R-1-SN-1.json", "R-2-SN-1.json"]);
    assert_eq!(both.code, 1, "{}{}", both.out, both.err);
    assert!(both.out.contains("SN-1: for R-1 and for R-2"), "{}", both.out);
    world.ok("shop", &["serials", "check", "R-1-SN-1.json", "R-2-SN-2.json"]);
}
