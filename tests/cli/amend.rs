//! Second thoughts through the program alone: what was sold is corrected, disputed, and taken note of.

use crate::handover::handed_over;
use crate::world::World;

/// Returns the id of the last record of a ledger.
fn last(world: &World, ledger: &str) -> String {
    let log = world.ok(ledger, &["--format", "json", "log", "--last", "1"]);
    let value: serde_json::Value = serde_json::from_str(&log).expect("it is JSON");
    value["records"][0]["id"].as_str().expect("a record has an id").to_owned()
}

/// Hands everything of one ledger to another.
fn send(world: &World, from: &str, to: &str) {
    world.ok(from, &["export", "CON-1", "--show", "*", "--out", "all.lode", "--force"]);
    world.ok(to, &["import", "all.lode"]);
}

/// The mine of the handover, whose plant holds the concentrate, after it corrected what it had dug.
fn corrected() -> (World, String) {
    let mut world = handed_over();
    send(&world, "plant", "mine");
    world.at("2026-11-26T07:00:00Z");
    world.ok("mine", &["correct", "ORE-1", "--set", "out/0/mass=119 t", "--reason", "remeasured"]);
    let correction = last(&world, "mine");
    send(&world, "mine", "plant");
    (world, correction)
}

#[test]
fn a_correction_of_what_was_sold_shows_both_statements_until_the_buyer_takes_note() {
    let (world, correction) = corrected();
    let shown = world.ok("mine", &["show", "ORE-1"]);
    assert!(shown.contains("120 000.000 kg") || shown.contains("120000 kg"), "{shown}");
    assert!(shown.contains("correct by Quartz Hill") && shown.contains("119000 kg"), "{shown}");
    let log = world.ok("mine", &["log"]);
    assert!(log.contains("but see"), "{log}");
    let report = world.run("plant", &["verify", "CON-1"]).out;
    assert!(report.contains("It rests on a corrected record"), "{report}");
    assert!(report.contains("before the correction: custody"), "{report}");
    world.ok("plant", &["acknowledge", &correction]);
    let report = world.run("plant", &["verify", "CON-1"]).out;
    assert!(!report.contains("It rests on a corrected record"), "{report}");
    assert!(report.contains("it was acknowledged"), "{report}");
    let again = world.run("plant", &["acknowledge", &correction]);
    assert_eq!(again.code, 1, "{}{}", again.out, again.err);
    assert!(again.err.contains("was acknowledged before"), "{}", again.err);
}

#[test]
fn what_rests_on_a_correction_is_listed_with_its_holders() {
    let (world, correction) = corrected();
    let text = world.ok("mine", &["trace", "--down", "--affected-by", "last"]);
    for part in ["What rests on correct", "CON-1", "TAIL-1", "Whom to tell", "kettle: 1 lot"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let from_file = world.ok("nowhere", &["trace", "--down", "--affected-by", &correction, "all.lode"]);
    assert!(from_file.contains("CON-1"), "{from_file}");
    let json = world.ok("mine", &["--format", "json", "trace", "--down", "--affected-by", "ORE-1"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["format"], "lodemark/affected@1");
    assert!(value["lots"].as_array().unwrap().len() >= 4, "{json}");
    let up = world.run("mine", &["trace", "--affected-by", "last"]);
    assert_eq!(up.code, 2, "{}", up.err);
}

#[test]
fn what_could_be_known_before_is_judged_without_what_came_later() {
    let (world, _) = corrected();
    let before = world.run("plant", &["verify", "CON-1", "--known-at", "2026-11-25"]).out;
    assert!(before.contains("signed by the end of 2026-11-25, as its authors claim"), "{before}");
    assert!(!before.contains("corrected"), "{before}");
    let after = world.run("plant", &["verify", "CON-1", "--known-at", "2026-11-26"]).out;
    assert!(after.contains("corrected"), "{after}");
    let json = world.run("plant", &["--format", "json", "verify", "CON-1", "--known-at", "2026-11-25"]).out;
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["known_at_claimed"], "2026-11-25");
}

#[test]
fn a_dispute_holds_a_lot_open_until_its_author_ends_it() {
    let (world, _) = corrected();
    world.ok("plant", &["dispute", "record:ORE-1", "--reason", "quantity", "--claim", "it was 110 t"]);
    let dispute = last(&world, "plant");
    let ran = world.run("plant", &["verify", "CON-1"]);
    assert!(ran.out.contains("disputes quantity of extract record 2 of"), "{}", ran.out);
    send(&world, "plant", "mine");
    let theirs = world.run("mine", &["resolve", &dispute, "--outcome", "settled"]);
    assert_eq!(theirs.code, 1, "{}{}", theirs.out, theirs.err);
    assert!(theirs.err.contains("is about a record of your own"), "{}", theirs.err);
    world.ok("plant", &["resolve", "last", "--outcome", "settled", "--terms", "credit note 12"]);
    let ran = world.run("plant", &["verify", "CON-1"]);
    assert!(ran.out.contains("it was ended as settled by `Kettle Oxides`"), "{}", ran.out);
}

#[test]
fn bad_corrections_are_refused_with_what_to_do() {
    let (world, correction) = corrected();
    let mine = |arguments: &[&str], part: &str| {
        let ran = world.run("mine", arguments);
        assert_ne!(ran.code, 0, "{}", ran.out);
        assert!(ran.err.contains(part), "{part}\n{}", ran.err);
    };
    mine(&["correct", "ORE-1", "--reason", "other"], "field `change`: it is missing");
    mine(&["correct", "ORE-1", "--set", "out/0/mass", "--reason", "other"], "changes nothing");
    mine(&["correct", "ORE-1", "--set", "out/0/mass=119", "--reason", "other"], "it has no unit");
    mine(&["correct", "ORE-1", "--set", "out/0/mas=119 t", "--reason", "other"], "did you mean `mass`?");
    mine(&["correct", "ORE-1", "--set", "out/3/mass=119 t", "--reason", "other"], "leads nowhere");
    mine(&["correct", "ORE-1", "--set", "kind=repack", "--reason", "other"], "keeps the kind of event");
    mine(
        &["correct", "ORE-1", "--set", "out/0/mass=119 t", "--reason", "remeasure"],
        "did you mean `remeasured`?",
    );
    mine(
        &["correct", &correction, "--set", "out/0/mass=1 t", "--reason", "other"],
        "cannot be changed value by value",
    );
    mine(&["withdraw", &correction, "--reason", "other"], "is a correction, which cannot be taken back");
    mine(&["acknowledge", &correction], "is your own");
    mine(&["dispute", "lot:NOPE", "--reason", "quantity"], "NOPE");
    mine(&["dispute", "CON-1", "--reason", "quantity"], "does not say what it names");
    mine(&["resolve", &correction, "--outcome", "settled"], "is no dispute");
    let theirs = world.run("plant", &["correct", "ORE-1", "--set", "out/0/mass=1 t", "--reason", "other"]);
    assert!(theirs.err.contains("another party's"), "{}", theirs.err);
}
