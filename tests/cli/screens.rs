//! Whole screens, human and JSON side by side. Read a difference before accepting it.

use crate::handover::handed_over;
use crate::world::{World, compare};

#[test]
fn screens_of_a_handover() {
    let world = handed_over();
    for (name, ledger, arguments) in [
        ("log.txt", "mine", vec!["log"]),
        ("log.json", "mine", vec!["--format", "json", "log"]),
        ("lots.txt", "mine", vec!["lots", "--all"]),
        ("lots.json", "mine", vec!["--format", "json", "lots", "--all"]),
        ("show.txt", "plant", vec!["show", "CON-1"]),
        ("show.json", "plant", vec!["--format", "json", "show", "CON-1"]),
        ("trace.txt", "plant", vec!["trace", "CON-1"]),
        ("trace.json", "plant", vec!["--format", "json", "trace", "CON-1"]),
        ("trace_down.txt", "plant", vec!["trace", "ORE-1", "--down"]),
        ("verify.txt", "plant", vec!["verify", "CON-1", "--trust", "trust.toml"]),
        ("audit.txt", "plant", vec!["audit"]),
        ("party.txt", "mine", vec!["party", "list"]),
        ("facility.txt", "plant", vec!["facility", "list"]),
        ("fsck.txt", "mine", vec!["fsck"]),
        ("stats.txt", "mine", vec!["stats"]),
    ] {
        compare(&world, name, &world.ok(ledger, &arguments));
    }
}

#[test]
fn help_of_each_command_has_an_example() {
    let world = World::new();
    let top = world.ok(".", &["--help"]);
    compare(&world, "help.txt", &top);
    let commands =
        top.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        let help = world.ok(".", &[name, "--help"]);
        let first = help.lines().next().unwrap_or_default();
        assert!(!first.ends_with('.') && !first.is_empty(), "{name}: {first}");
        let is_group = help.contains("\nCommands:\n");
        assert!(is_group || help.contains("\nExample"), "{name} has no example:\n{help}");
    }
}

#[test]
fn screen_of_a_lot_that_fails_names_records_numbers_and_what_would_resolve_it() {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    let plant = world.party("plant", "Baotou Works", "CN-NM", "separator", &["P40", "P60", "P70"]);
    world.ok("mine", &["party", "add", "works", &plant]);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore.bastnaesite, 120 t"]);
    world.ok("mine", &["dispatch", "ORE-1, 100 t", "--to", "works"]);
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    world.ok("plant", &["import", "ore.lode"]);
    // Ten percent less arrives than was sent, and every later step is in a covered country.
    world.ok("plant", &["receive", "ORE-1", "--mass", "90 t"]);
    for (step, input, output) in [
        ("P40 extract_solvent", "ORE-1", "OX-1: oxide.NdPr, 5 t"),
        ("P60 melt", "OX-1", "AL-1: alloy.NdFeB, 4 t"),
        ("P70 sinter", "AL-1", "MAG-1: magnet.NdFeB.sintered, 4 t"),
    ] {
        let transform =
            ["transform", "--step", step, "--mixing", "homogenised", "--in", input, "--out", output];
        world.ok("plant", &transform);
    }
    let ran = world.run("plant", &["verify", "MAG-1"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    compare(&world, "verify_fail.txt", &ran.out);
}
