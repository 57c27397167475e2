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
