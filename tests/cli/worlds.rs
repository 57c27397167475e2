//! Scenarios and rule packs through the program.

use crate::world::{World, field};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/double_use.toml");

#[test]
fn a_scenario_lists_what_was_expected_what_came_out_and_why() {
    let world = World::new();
    let out = world.ok(".", &["--format", "json", "scenario", "run", SCENARIO]);
    assert_eq!(field(&out, "format"), "lodemark/scenario-run@1");
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["expectations"]["broken"], 0);
    let first = &value["variants"][0]["checked"][0];
    assert_eq!(first["expected"], first["found"]);
    assert_eq!(first["holds"], true);
    assert!(world.ok(".", &["scenario", "run", SCENARIO]).contains(" 0 are broken."));
}

#[test]
fn a_broken_expectation_exits_with_1_and_says_why() {
    let world = World::new();
    let text =
        std::fs::read_to_string(SCENARIO).unwrap().replacen("verdict = \"fail\"", "verdict = \"pass\"", 1);
    world.write("wrong.toml", &text);
    let ran = world.run(".", &["scenario", "run", "wrong.toml"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("expected pass"), "{}", ran.out);
    assert!(ran.out.contains("found    fail"), "{}", ran.out);
}

#[test]
fn a_scenario_with_a_misspelt_field_names_the_file_and_the_field() {
    let world = World::new();
    let text = std::fs::read_to_string(SCENARIO).unwrap().replacen("title =", "titel =", 1);
    world.write("wrong.toml", &text);
    let ran = world.run(".", &["scenario", "run", "wrong.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: wrong.toml: "), "{}", ran.err);
}

#[test]
fn packs_are_listed_shown_and_taken_from_a_file() {
    let world = World::new();
    assert!(world.ok(".", &["rules", "list"]).contains("us-dfars-7052-magnets"));
    let shown = world.ok(".", &["rules", "show", "us-dfars-7052-magnets"]);
    assert!(shown.contains("252.225-7052(b)(1)(ii), from 2027-01-01"), "{shown}");
    let text = world.ok(".", &["rules", "show", "gov-base", "--toml"]);
    world.write("own.toml", &text.replacen("id = \"gov-base\"", "id = \"own\"", 1));
    assert!(world.ok(".", &["rules", "list", "--pack", "own.toml"]).contains("\nown "));
    let wrong = world.run(".", &["rules", "show", "gov-bas"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("hint: did you mean `gov-base`?"), "{}", wrong.err);
}
