//! Capsules through the program alone: made, looked into, and taken in by somebody else.

use crate::handover::handed_over;
use crate::world::{World, compare};

fn bytes(world: &World, name: &str) -> Vec<u8> {
    std::fs::read(world.path(name)).expect("the file was written")
}

#[test]
fn screens_of_a_capsule() {
    let world = handed_over();
    let preview = world.ok("mine", &["capsule", "make", "CON-1"]);
    compare(&world, "capsule_preview.txt", &preview);
    let make = ["capsule", "make", "CON-1", "--for", "customer", "--withhold", "out/*/composition", "--out"];
    let made = world.ok("mine", &[&make[..], &["con-1.capsule"]].concat());
    compare(&world, "capsule_make.txt", &made);
    world.ok("mine", &[&make[..], &["again.capsule"]].concat());
    assert_eq!(bytes(&world, "con-1.capsule"), bytes(&world, "again.capsule"));
    compare(&world, "capsule_show.txt", &world.ok("nowhere", &["capsule", "show", "con-1.capsule"]));
    let json = world.ok("nowhere", &["--format", "json", "capsule", "show", "con-1.capsule"]);
    compare(&world, "capsule_show.json", &json);
    let there = world.run("mine", &[&make[..], &["con-1.capsule"]].concat());
    assert_eq!(there.code, 2, "{}", there.err);
    assert!(there.err.contains("exists already"), "{}", there.err);
}

#[test]
fn a_capsule_goes_on_through_another_ledger_and_a_damaged_one_does_not() {
    let world = handed_over();
    world.ok("mine", &["capsule", "make", "CON-1", "--out", "con-1.capsule"]);
    world.party("buyer", "Harbour Magnets", "US-CA", "magnet_maker", &["P60"]);
    let before = world.ok("buyer", &["stats"]);
    let mut damaged = bytes(&world, "con-1.capsule");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(world.path("damaged.capsule"), damaged).expect("the directory is ours");
    for action in [&["import"][..], &["capsule", "import"], &["capsule", "show"]] {
        let ran = world.run("buyer", &[action, &["damaged.capsule"]].concat());
        assert_eq!(ran.code, 1, "{action:?}{}{}", ran.out, ran.err);
    }
    assert_eq!(world.ok("buyer", &["stats"]), before);
    world.ok("buyer", &["capsule", "import", "con-1.capsule"]);
    world.ok("buyer", &["capsule", "make", "CON-1", "--out", "con-1-again.capsule"]);
    let again = world.ok("nowhere", &["capsule", "show", "con-1-again.capsule"]);
    assert!(again.contains("in a log of"), "{again}");
    world.ok("mine", &["import", "con-1-again.capsule"]);
    // Whoever gets it at second hand sees what they would have seen at first hand.
    let verify =
        |verb: &[&str], file| world.run("nowhere", &[verb, &[file, "--trust", "trust.toml"]].concat());
    let (first, second) =
        (verify(&["verify"], "con-1.capsule"), verify(&["capsule", "verify"], "con-1-again.capsule"));
    assert!(first.out.contains("CON-1"), "{}{}", first.out, first.err);
    assert!(!first.out.contains("no checkpoint seen"), "{}", first.out);
    assert_eq!((first.code, first.out.replace("con-1.", "con-1-again.")), (second.code, second.out));
    assert_eq!(verify(&["capsule", "verify"], "damaged.capsule").code, 1);
}
