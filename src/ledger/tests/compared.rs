//! Two histories and double uses between every two sorts of input: each gives its portable proof.

use super::*;
use crate::capsule::{self, Audience};
use crate::log::fork::ForkEvidence;
use crate::verify::{Comparison, Evidence, Portable, Side, What, compare};

fn made(desk: &mut Desk, lot: LotRef) -> Vec<u8> {
    let make = MakeCapsule {
        audience: Audience::Customer,
        lots: vec![lot],
        cuts: Vec::new(),
        withhold: Vec::new(),
        documents: Vec::new(),
        packs: Vec::new(),
    };
    desk.ledger.make_capsule(&make).unwrap().bytes
}

fn of_capsule(bytes: &[u8]) -> Evidence {
    capsule::evidence(&capsule::read(bytes).unwrap(), "a capsule")
}

fn of_export(bytes: &[u8]) -> Evidence {
    export_file::read(bytes, "a file").unwrap().into()
}

fn of_ledger(files: &[&[u8]]) -> Evidence {
    let mut buyer = Desk::new("buyer");
    for file in files {
        buyer.ledger.import(file, "it").unwrap();
    }
    buyer.check();
    let evidence = buyer.reopen().ledger.evidence();
    assert_eq!(evidence.damage, []);
    evidence
}

/// Names of the proofs, with who shows them; each holds when judged by itself.
fn proven(comparison: &Comparison) -> Vec<(&'static str, Side)> {
    let mut found = Vec::new();
    for one in &comparison.contradictions {
        match (&one.what, &one.proof) {
            (What::Provable(_), Some(Ok(Portable::Records(proof)))) => assert!(proof.judge().is_ok()),
            (What::LogFork, Some(Ok(Portable::Log(fork)))) => assert!(fork.judge().is_ok()),
            _ => continue,
        }
        let proof = one.proof.as_ref().unwrap().as_ref().unwrap();
        found.push((proof.name(), one.shown_by));
    }
    found
}

fn compared(a: &Evidence, b: &Evidence) -> Vec<(&'static str, Side)> {
    let found = proven(&compare(a, b, "2026-12-01".parse().unwrap()));
    let mut other = proven(&compare(b, a, "2026-12-01".parse().unwrap()));
    for (_, side) in &mut other {
        *side = match *side {
            Side::A => Side::B,
            Side::B => Side::A,
            side => side,
        };
    }
    assert_eq!(found, other);
    found
}

/// A mine that goes on in two ways from its third record: four records, and eight.
struct Histories {
    mine: Desk,
    twin: Desk,
    /// The last of the four.
    short: LotRef,
    /// The first of the eight that the mine does not have, and the last.
    long: [LotRef; 2],
}

fn histories() -> Histories {
    let (mut mine, mut twin) = (Desk::new("mine"), Desk::new("mine"));
    let short = ["A", "B"].map(|label| mine.extract(label, 1))[1];
    let long = ["1", "2", "3", "4", "5", "6"].map(|label| twin.extract(label, 1));
    Histories { mine, twin, short, long: [long[0], long[5]] }
}

#[test]
fn two_capsules_that_share_no_position_beyond_the_common_past_prove_the_fork_of_the_log() {
    let Histories { mut mine, mut twin, short, long } = histories();
    let (one, other) = (of_capsule(&made(&mut mine, short)), of_capsule(&made(&mut twin, long[1])));
    assert_eq!(compared(&one, &other), [("log_fork", Side::Joined)]);
    let comparison = compare(&one, &other, "2026-12-01".parse().unwrap());
    let Some(Ok(Portable::Log(fork))) = &comparison.contradictions[0].proof else { panic!("a log fork") };
    assert!(matches!(fork.evidence, ForkEvidence::Prefix { .. }));
    // The innocent twin: the mine itself goes on, and an older and a newer capsule agree.
    for number in 0..4 {
        mine.extract(&format!("later {number}"), 1);
    }
    assert_eq!(compared(&one, &of_capsule(&made(&mut mine, short))), []);
}

#[test]
fn of_one_size_two_capsules_show_the_fork_of_the_log_and_that_of_the_chain() {
    let Histories { mut mine, mut twin, short, long } = histories();
    for number in 0..4 {
        mine.extract(&format!("later {number}"), 1);
    }
    let (one, other) = (of_capsule(&made(&mut mine, short)), of_capsule(&made(&mut twin, long[0])));
    // The last of each is there by its header alone, and two headers at one position are enough.
    assert_eq!(compared(&one, &other), [("fork", Side::Joined), ("log_fork", Side::Joined)]);
}

#[test]
fn a_capsule_and_an_export_file_prove_the_fork_of_the_chain_by_a_header() {
    let Histories { mut mine, mut twin, short: _, long } = histories();
    let later = ["1", "2", "3", "4"].map(|label| mine.extract(&format!("later {label}"), 1))[3];
    let one = of_capsule(&made(&mut twin, long[0]));
    assert!(one.headers.len() == 1 && one.pieces.len() == 3);
    // Where they part by whole records, and behind what the capsule leaves out by a header and a record.
    assert_eq!(compared(&one, &of_export(&mine.export(&[later]))), [("fork", Side::Joined); 2]);
    // The innocent twin.
    assert_eq!(compared(&one, &of_export(&twin.export(&[long[1]]))), []);
}

#[test]
fn a_ledger_and_a_capsule_prove_what_two_capsules_do() {
    let Histories { mut mine, mut twin, short, long } = histories();
    let (one, other) = (made(&mut mine, short), made(&mut twin, long[1]));
    let expected = [("log_fork", Side::Joined)];
    assert_eq!(compared(&of_ledger(&[&one]), &of_capsule(&other)), expected);
    assert_eq!(compared(&of_ledger(&[&other]), &of_capsule(&one)), expected);
    assert_eq!(compared(&of_ledger(&[&one]), &of_ledger(&[&other])), expected);
    assert_eq!(compared(&of_ledger(&[&one]), &of_capsule(&one)), []);
}

#[test]
fn a_ledger_that_took_in_both_kept_the_proof() {
    let Histories { mut mine, mut twin, short, long } = histories();
    let (one, other) = (made(&mut mine, short), made(&mut twin, long[1]));
    for order in [[&one, &other], [&other, &one]] {
        let mut buyer = Desk::new("buyer");
        assert_eq!(buyer.ledger.import(order[0], "x").unwrap().log_conflicts, []);
        let report = buyer.ledger.import(order[1], "y").unwrap();
        assert!(report.log_conflicts[0].proof.as_ref().unwrap().judge().is_ok());
        let evidence = of_ledger(&[order[0], order[1]]);
        assert_eq!(evidence.forks.len(), 1);
        assert_eq!(evidence.forks[0].fork, *report.log_conflicts[0].proof.as_ref().unwrap());
        assert_eq!(compared(&evidence, &Evidence::default()), [("log_fork", Side::A)]);
        // The proof alone, beside the first record, is enough.
        let alone = Evidence {
            pieces: evidence.pieces.clone(),
            forks: evidence.forks.clone(),
            ..Evidence::default()
        };
        assert_eq!(compared(&alone, &Evidence::default()), [("log_fork", Side::A)]);
        // One that does not hold is told, and proves nothing.
        let mut forged = alone;
        forged.forks[0].fork.recovery.0[0] ^= 1;
        assert_eq!(compared(&forged, &Evidence::default()), []);
    }
}

#[test]
fn what_a_record_says_was_seen_proves_the_fork_with_a_capsule() {
    let Histories { mut mine, mut twin, long, .. } = histories();
    let seen = mine.ledger.checkpoint().unwrap();
    let twin_seen = twin.ledger.checkpoint().unwrap();
    for (seen, is_fork) in [(seen, true), (twin_seen, false)] {
        let mut plant = Desk::new("plant");
        let event = Event { seen: vec![seen], ..Event::new(plant.extraction("ours", 1)) };
        let now = time(plant.now + 9);
        let ours = plant.ledger.append(vec![event], &commercial, now, &mut plant.entropy).unwrap().records[0];
        let record = of_export(&plant.export(&[out(ours, 0)]));
        let found = compared(&record, &of_capsule(&made(&mut twin, long[1])));
        assert_eq!(found, if is_fork { vec![("log_fork", Side::Joined)] } else { vec![] });
    }
}

#[test]
fn one_stretch_sold_in_two_capsules_is_proven_to_be_used_twice() {
    let (north, south) = (Desk::new("north").party(), Desk::new("south").party());
    for (from, kg, is_double) in [(59, 41, true), (60, 40, false)] {
        let mut mine = Desk::new("mine");
        let ore = mine.extract("A", 100);
        let Desk { dir, ledger, place, now, .. } = mine;
        drop(ledger);
        let [mut one, mut other] = ["one", "other"].map(|name| {
            let copy = tempfile::tempdir().unwrap();
            super::admission::copy_dir(&dir.path().join("ledger"), &copy.path().join("ledger"));
            let ledger = Ledger::open(&copy.path().join("ledger")).unwrap();
            Desk { dir: copy, ledger, entropy: SeededEntropy::new(name.as_bytes()), place, now }
        });
        let sold = one.dispatch(north, ore, "D", 60);
        let body =
            other.dispatching(Receiver::Party(south), vec![take(ore, from, kg)], vec![lot("E", "ore", kg)]);
        let again = out(other.record(body).unwrap(), 0);
        let found = compared(&of_capsule(&made(&mut one, sold)), &of_capsule(&made(&mut other, again)));
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        let expected: &[&str] =
            if is_double { &["fork", "double_use", "log_fork"] } else { &["fork", "log_fork"] };
        assert_eq!(names, expected);
    }
}
