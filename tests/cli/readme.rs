//! What the README promises can be pasted.

use crate::world::World;

/// Returns the lines of the first block of commands after a heading.
fn block(heading: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).expect("there is a README");
    let after =
        text.split(heading).nth(1).unwrap_or_else(|| panic!("`{heading}` is no heading of the README"));
    let block = after.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("commands follow the heading").to_owned()
}

/// Runs lines in a shell that knows the program by its name; stops at the first that fails.
fn paste(world: &World, lines: &str) -> crate::world::Ran {
    let program = env!("CARGO_BIN_EXE_lodemark");
    world.paste(&format!("set -e\nlodemark() {{ '{program}' \"$@\"; }}\n{lines}"))
}

#[test]
fn a_producers_day_works_as_written() {
    let world = World::new();
    let ran = paste(&world, &block("## A producer's day"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(world.path("con-1.lode").exists());
    let ran = paste(&world, "lodemark verify CON-1 con-1.lode");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("pass      integrity"), "{}", ran.out);
    assert!(ran.out.contains("pass      custody"), "{}", ran.out);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let world = World::new();
    let lines = "lodemark --ledger mine init --name Mine --country AU --role miner >/dev/null\n\
                 { lodemark --ledger mine log; echo \"status $?\" >&2; } | true";
    let ran = paste(&world, lines);
    assert_eq!(ran.err.trim(), "status 0");
}
