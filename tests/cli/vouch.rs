//! Attestations and what a witness saw, through the program alone.

use crate::handover::handed_over;
use crate::world::{World, compare};

/// The handed-over lot, and an auditor who took in everything behind it.
fn audited() -> World {
    let world = handed_over();
    world.party("audit", "Baltic Assurance", "EE", "auditor", &[]);
    world.ok("mine", &["capsule", "make", "CON-1", "--for", "auditor", "--out", "all.capsule"]);
    world.ok("audit", &["import", "all.capsule"]);
    world
}

#[test]
fn facts_are_printed_first_and_signed_when_that_is_asked() {
    let world = audited();
    let attest = ["attest", "CON-1", "--trust", "trust.toml", "--pack", "coc-base"];
    let count = |world: &World| world.ok("audit", &["log"]).lines().count();
    let before = count(&world);
    compare(&world, "attest_preview.txt", &world.ok("audit", &attest));
    assert_eq!(count(&world), before, "nothing was signed");
    let signed = [&attest[..], &["--valid-until", "2026-12-31", "--sign"]].concat();
    compare(&world, "attest.json", &world.ok("audit", &[&["--format", "json"][..], &signed].concat()));
    assert_eq!(count(&world), before + 1);
    let shown = world.ok("audit", &["show", "last"]);
    assert!(shown.contains("CON-1") && shown.contains("2026-12-31"), "{shown}");
    // An attestation is taken back like any other record.
    world.ok("audit", &["withdraw", "last", "--reason", "entry_error"]);
}

#[test]
fn a_lot_whose_custody_does_not_stand_is_attested_on_purpose_alone() {
    let world = audited();
    world.ok(
        "mine",
        &["extract", "--step", "P10 mine", "--out", "ORE-2: ore.bastnaesite, 12 t, TREO 6 % as REO"],
    );
    let out = "CON-2: concentrate.bastnaesite, 1 t, TREO 60 % as REO";
    let float =
        ["transform", "--step", "P20 float", "--mixing", "homogenised", "--in", "ORE-2", "--out", out];
    world.ok("mine", &float);
    // How much there was is not shown to this one.
    world.ok("mine", &["capsule", "make", "CON-2", "--withhold", "out/*/mass", "--out", "hidden.capsule"]);
    world.party("second", "Second Look", "EE", "auditor", &[]);
    world.ok("second", &["import", "hidden.capsule"]);
    let attest = ["attest", "CON-2", "--sign"];
    let before = world.ok("second", &["stats"]);
    let ran = world.run("second", &attest);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("--as-found"), "{}", ran.err);
    assert!(ran.out.contains("Nothing was signed"), "{}", ran.out);
    assert_eq!(world.ok("second", &["stats"]), before);
    let signed = world.ok("second", &[&attest[..], &["--as-found"]].concat());
    assert!(signed.contains("Signed as record"), "{signed}");
}

#[test]
fn what_cannot_be_attested_says_why() {
    let world = audited();
    for (arguments, says) in [
        (&["attest", "CON-2"][..], "CON-2"),
        (&["attest", "CON-1", "--valid-until", "2026-11-24"], "before 2026-11-25"),
        (&["attest", "CON-1", "--pack", "coc-bsae"], "coc-base"),
    ] {
        let ran = world.run("audit", arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_witness_states_each_checkpoint_once() {
    let world = audited();
    let stated = world.ok("audit", &["--format", "json", "witness"]);
    assert!(stated.contains("lodemark/appended@1"), "{stated}");
    let shown = world.ok("audit", &["--format", "json", "show", "last"]);
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let event = &value["record"]["event"];
    let seen = event["seen"].as_array().expect("it saw something");
    assert_eq!(event["body"]["from"], serde_json::json!(vec![0; seen.len()]));
    let again = world.run("audit", &["witness"]);
    assert_eq!(again.code, 2, "{}{}", again.out, again.err);
    assert!(again.err.contains("not stated before"), "{}", again.err);
    // The log grows, and the witness sees from where.
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-2: ore.bastnaesite, 9 t"]);
    world.ok("mine", &["capsule", "make", "CON-1", "--for", "auditor", "--out", "more.capsule"]);
    world.ok("audit", &["import", "more.capsule"]);
    world.ok("audit", &["witness"]);
    let shown = world.ok("audit", &["--format", "json", "show", "last"]);
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let event = &value["record"]["event"];
    let (from, size) = (&event["body"]["from"][0], &event["seen"][0]["size"]);
    assert!(from.as_u64().unwrap() > 0 && size.as_u64() > from.as_u64(), "{event}");
}
