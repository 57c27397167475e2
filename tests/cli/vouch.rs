//! Attestations and what a witness saw, through the program alone.

use serde_json::json;

use crate::handover::handed_over;
use crate::world::{World, compare, field};

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
    let own = world.run("mine", &["attest", "CON-1"]);
    assert!(own.err.contains("recorded the lot itself"), "{}", own.err);
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
    assert_eq!(event["body"]["from"], json!(vec![0; seen.len()]));
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

#[test]
fn what_was_attested_stands_in_where_a_capsule_is_cut() {
    let world = handed_over();
    let separate = ["transform", "--step", "P40 extract_solvent", "--mixing", "homogenised", "--in", "CON-1"];
    let oxide = ["--out", "OX-1: oxide.NdPr, 900 kg, Nd 60 % as Nd2O3, Pr 20 % as Pr6O11"];
    world.ok("plant", &[&separate[..], &oxide].concat());
    world.party("audit", "Baltic Assurance", "EE", "auditor", &[]);
    world.ok("plant", &["capsule", "make", "OX-1", "--for", "auditor", "--out", "all.capsule"]);
    world.ok("audit", &["import", "all.capsule"]);

    let cut = ["capsule", "make", "OX-1", "--cut", "OX-1"];
    let preview = world.ok("plant", &cut);
    assert!(preview.contains("OX-1 is not attested"), "{preview}");
    world.ok("audit", &["attest", "OX-1", "--sign"]);
    world.ok("audit", &["capsule", "make", "OX-1", "--for", "auditor", "--out", "attested.capsule"]);
    world.ok("plant", &["import", "attested.capsule"]);
    let made = world.ok("plant", &[&cut[..], &["--out", "cut.capsule"]].concat());
    assert!(made.contains("Baltic Assurance") && !made.contains("is not attested"), "{made}");
    let bytes = std::fs::read(world.path("cut.capsule")).expect("it was written");
    for hidden in ["ORE-1", "CON-1", "Quartz Hill"] {
        assert!(!bytes.windows(hidden.len()).any(|part| part == hidden.as_bytes()), "{hidden}");
    }

    let auditor = field(&world.ok("audit", &["--format", "json", "key", "show"]), "party");
    let entry = format!("[[authority]]\nparty = \"{auditor}\"\nroles = [\"verifier\"]\n");
    world.write("believes.toml", &format!("format = \"lodemark/trust@1\"\n{entry}"));
    let verify = |trust: &[&str]| {
        let ran = world.run("nowhere", &[&["--format", "json", "verify", "cut.capsule"], trust].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
        report["lots"][0].clone()
    };
    let believes = verify(&["--trust", "believes.toml"]);
    assert_eq!(
        (&believes["custody"], &believes["attested_by"]),
        (&json!("pass"), &json!([auditor])),
        "{believes:#}"
    );
    let doubts = verify(&[]);
    assert_eq!((&doubts["custody"], &doubts["attested_by"]), (&json!("withheld"), &json!(null)));
}
