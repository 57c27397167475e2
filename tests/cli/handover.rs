//! A handover through the program alone: mine to plant, and a reader who trusts neither.

use crate::world::World;

/// A mine that dispatched its concentrate to a plant, which received it.
pub fn handed_over() -> World {
    let world = World::new();
    let mine = world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10", "P20"]);
    let plant = world.party("plant", "Kettle Oxides", "US-CA", "separator", &["P40"]);
    world.write("trust.toml", &trust(&mine));
    world.ok("mine", &["party", "add", "kettle", &plant]);
    world.ok(
        "mine",
        &["extract", "--step", "P10 mine", "--out", "ORE-1: ore.bastnaesite, 120 t, TREO 6 % as REO"],
    );
    world.ok(
        "mine",
        &[
            "transform",
            "--step",
            "P20 float",
            "--mixing",
            "homogenised",
            "--in",
            "ORE-1",
            "--out",
            "CON-1: concentrate.bastnaesite, 10 t, TREO 60 % as REO",
            "--out",
            "TAIL-1: tailings, 109 t",
            "--loss",
            "water, 1 t, by difference",
        ],
    );
    world.ok("mine", &["dispatch", "CON-1", "--to", "kettle", "--due", "2026-12-20"]);
    world.ok("mine", &["export", "CON-1", "--show", "*", "--out", "con-1.lode"]);
    world.ok("plant", &["import", "con-1.lode"]);
    world.ok("plant", &["receive", "CON-1", "--mass", "9.99 t"]);
    world.ok("plant", &["export", "CON-1", "--show", "*", "--out", "con-1-received.lode"]);
    world
}

/// A reader who has checked the mine's licence with its issuer.
fn trust(mine: &str) -> String {
    format!(
        "format = \"lodemark/trust@1\"\n[pinned]\nmine = \"{mine}\"\n[[accepted_document]]\nnumber = \"M 88/17\"\n\
         kind = \"mining_licence\"\nissuer = \"State of Western Australia\"\nparty = \"mine\"\n\
         stages = [\"P10\", \"P20\"]\nchecked_on = \"2026-11-01\"\nchecked_by = \"purchasing\"\n"
    )
}

/// Verifies CON-1 from a file, as that reader.
fn verify(world: &World, file: &str) -> crate::world::Ran {
    world.run("nowhere", &["verify", "CON-1", file, "--trust", "trust.toml"])
}

#[test]
fn a_lot_is_handed_over_by_file_and_verified_by_a_reader_without_a_ledger() {
    let world = handed_over();
    let ran = verify(&world, "con-1-received.lode");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("Lot CON-1: pass"), "{}", ran.out);
    assert!(ran.out.contains("no checkpoint seen"), "{}", ran.out);
}

#[test]
fn a_flipped_byte_of_the_file_is_never_verified() {
    let world = handed_over();
    let good = std::fs::read(world.path("con-1-received.lode")).unwrap();
    for at in (20..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        std::fs::write(world.path("flipped.lode"), bytes).unwrap();
        let ran = verify(&world, "flipped.lode");
        assert_ne!(ran.code, 0, "byte {at}: {}", ran.out);
    }
}

#[test]
fn what_is_withheld_is_not_established_and_exits_with_3() {
    let world = handed_over();
    let export = ["export", "CON-1", "--show", "*", "--withhold", "transform:in", "--out", "kept.lode"];
    world.ok("plant", &export);
    let ran = verify(&world, "kept.lode");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("withheld"), "{}", ran.out);
}

#[test]
fn without_a_trust_file_the_licence_of_the_mine_is_not_established() {
    let world = handed_over();
    let ran = world.run("nowhere", &["verify", "CON-1", "con-1-received.lode"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("unknown   gov-base GOV-01"), "{}", ran.out);
}

#[test]
fn importing_twice_changes_nothing() {
    let world = handed_over();
    let before = world.ok("plant", &["stats"]);
    world.ok("plant", &["import", "con-1.lode"]);
    assert_eq!(world.ok("plant", &["stats"]), before);
}

#[test]
fn only_the_named_receiver_can_receive() {
    let world = handed_over();
    world.party("other", "Other Oxides", "US-CA", "separator", &["P40"]);
    world.ok("other", &["import", "con-1.lode"]);
    let ran = world.run("other", &["receive", "CON-1", "--mass", "9.99 t"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
}

#[test]
fn an_export_never_replaces_a_file_unasked() {
    let world = handed_over();
    let export = ["export", "CON-1", "--show", "*", "--out", "con-1.lode"];
    let before = std::fs::read(world.path("con-1.lode")).unwrap();
    assert_eq!(world.run("plant", &export).code, 2);
    assert_eq!(std::fs::read(world.path("con-1.lode")).unwrap(), before);
}

#[test]
fn every_ledger_of_the_story_is_sound() {
    let world = handed_over();
    for ledger in ["mine", "plant"] {
        assert!(world.ok(ledger, &["fsck"]).contains("every hash, signature and index holds"));
        world.ok(ledger, &["audit"]);
    }
}

#[test]
fn a_file_goes_with_the_goods_that_are_in_transit_not_with_what_is_left() {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    let (north, south) = (
        world.party("north", "North Oxides", "US-CA", "separator", &["P40"]),
        world.party("south", "South Oxides", "US-CA", "separator", &["P40"]),
    );
    world.ok("mine", &["party", "add", "north", &north]);
    world.ok("mine", &["party", "add", "south", &south]);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 120 t"]);
    world.ok("mine", &["dispatch", "ORE-1, 50 t", "--to", "north"]);
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "north.lode"]);
    world.ok("north", &["import", "north.lode"]);
    world.ok("north", &["receive", "ORE-1", "--mass", "50 t"]);
    // A second customer's goods leave, and neither file tells of the other.
    world.ok("mine", &["dispatch", "ORE-1, 20 t", "--to", "south"]);
    assert_eq!(world.run("mine", &["export", "ORE-1", "--show", "*", "--out", "both.lode"]).code, 2);
    world.ok("mine", &["export", "--to", "south", "--show", "*", "--out", "south.lode"]);
    world.ok("south", &["import", "south.lode"]);
    let log = world.ok("south", &["log", "--party", "Quartz Hill"]);
    assert!(log.contains("to South Oxides"), "{log}");
    assert!(!log.contains("North") && log.contains("to a receiver that is withheld"), "{log}");
    world.ok("south", &["receive", "ORE-1", "--mass", "20 t"]);
}
