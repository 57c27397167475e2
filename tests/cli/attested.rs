//! A buyer who is not shown what a lot was made of, and rests on an auditor whom it names.

use crate::handover::handed_over;
use crate::world::World;

/// A capsule cut at CON-1, made by an auditor who was shown everything and attests the lot; and the auditor's id.
fn cut() -> (World, String) {
    let world = handed_over();
    let auditor = world.party("audit", "Baltic Assurance", "EE", "verifier", &[]);
    world.ok("mine", &["capsule", "make", "CON-1", "--for", "auditor", "--out", "all.capsule"]);
    world.ok("audit", &["import", "all.capsule"]);
    world.ok("audit", &["attest", "CON-1", "--trust", "trust.toml", "--sign"]);
    world.ok("audit", &["capsule", "make", "CON-1", "--cut", "CON-1", "--out", "cut.capsule"]);
    (world, auditor)
}

#[test]
fn a_capsule_cut_at_a_lot_passes_on_the_attestation_of_an_auditor_whom_the_reader_names() {
    let (world, auditor) = cut();
    let trust = std::fs::read_to_string(world.path("trust.toml")).unwrap();
    let authority = format!("{trust}[[authority]]\nparty = \"{auditor}\"\nroles = [\"verifier\"]\n");
    world.write("buyer.toml", &authority);
    let verify = |trust: &str, format: &str| {
        let packs = ["--pack", "us-dfars-7052-magnets"];
        let ask = ["--format", format, "verify", "CON-1", "cut.capsule", "--trust", trust];
        world.run("nowhere", &[&ask[..], &packs].concat())
    };
    let ran = verify("buyer.toml", "human");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("CON-1: pass on attestation by Baltic Assurance"), "{}", ran.out);
    let value: serde_json::Value = serde_json::from_str(&verify("buyer.toml", "json").out).unwrap();
    let lot = &value["lots"][0];
    assert_eq!((&lot["custody"], &lot["attested_by"][0]), (&"pass".into(), &auditor.clone().into()), "{lot}");
    // The same file says less to a reader who names nobody.
    let ran = verify("trust.toml", "human");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("on attestation by"), "{}", ran.out);
    assert!(ran.out.contains("is no verifier in the trust file"), "{}", ran.out);
}
