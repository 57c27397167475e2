//! No byte of a capsule can change so that it still verifies, with its checksum left or made anew.
//!
//! Some bytes say only for whom a capsule was made and which packs its sender asked. Nobody signed them, nothing rests on
//! them, and a reader who makes the checksum anew may change them; the report is then the same to the letter.

use std::ops::Range;

use lodemark::capsule::{self, Capsule, PackName};
use lodemark::hash::sha256;
use lodemark::model::finding::FindingCode;
use lodemark::model::verdict::Verdict;
use lodemark::verify::{Reader, Report, Request, examine, report};
use rayon::prelude::*;

use crate::told::{Told, finds};

/// One mine, one pit, one extraction, seen by a witness.
const SMALL: &str = r#"
format = "lodemark/scenario@1"
title = "one lot"
start = 2026-01-12T08:00:00Z
today = "2026-02-01"
[[party]]
alias = "mine"
name = "M"
country = "AU"
roles = ["miner"]
[[facility]]
alias = "pit"
by = "mine"
name = "P"
place = "AU-WA"
stages = ["P10"]
[[event]]
id = "digging"
by = "mine"
kind = "extract"
at = "pit"
on = "2026-01-13"
steps = ["P10 mine"]
deposit = "Y"
out = [{ label = "O", material = "ore.spodumene", mass = "3 t" }]
[trust]
quorum = 1
[[trust.witness]]
name = "w"
[hand_over]
logs = true
[[hand_over.log]]
of = "mine"
witnesses = ["w"]
"#;

fn small() -> Told {
    let mut told = Told::of(SMALL, lodemark::scenario::BASE, "O");
    // Integrity and custody, and no law.
    told.reader.packs.clear();
    told.capsule.packs =
        vec![PackName { id: "us-dfars".to_owned(), hash: sha256(&[b"text"]), version: "1".to_owned() }];
    told
}

/// What the program says of these bytes; nothing where it refuses them as a whole.
fn said(told: &Told, bytes: &[u8]) -> Option<Report> {
    let capsule = capsule::read(bytes).ok()?;
    let examined = examine(capsule::evidence(&capsule, "it"));
    let request = Request::about_all(capsule.lots, told.today);
    Some(report(&examined, &request, &told.reader))
}

/// Returns the bytes with a checksum that fits them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 32);
    let checksum = sha256(&[&bytes]);
    bytes.extend(checksum.0);
    bytes
}

/// Where the audience and the packs stand.
fn unsigned(capsule: &Capsule, bytes: &[u8]) -> [Range<usize>; 2] {
    let packs: usize = capsule.packs.iter().map(|one| 2 + one.id.len() + 2 + one.version.len() + 32).sum();
    let end = bytes.len() - 32 - 4;
    [18..19, end - packs..end]
}

/// Changes the bytes at some places, each in two ways; returns how many of the changed capsules gave the same report.
fn flip(told: &Told, at: impl ParallelIterator<Item = usize>) -> usize {
    let bytes = capsule::write(&told.capsule);
    let good = lodemark::text::to_json(&said(told, &bytes).expect("it reads"));
    let unsigned = unsigned(&told.capsule, &bytes);
    let one = |at: usize| {
        let mut same = 0;
        for bits in [1 << (at % 8), 0xff] {
            let mut flipped = bytes.clone();
            flipped[at] ^= bits;
            assert!(said(told, &flipped).is_none(), "byte {at} changed and the checksum did not");
            // The checksum has bytes of its own, which sealing would only put back.
            if at >= bytes.len() - 32 {
                continue;
            }
            let Some(report) = said(told, &sealed(flipped)) else { continue };
            if unsigned.iter().any(|range| range.contains(&at)) {
                assert_eq!(lodemark::text::to_json(&report), good, "byte {at}");
                same += 1;
            } else {
                assert_ne!(report.verdict, Verdict::Pass, "byte {at} with {bits:#x} verifies");
            }
        }
        same
    };
    at.map(one).sum()
}

#[test]
fn no_byte_of_a_small_capsule_can_change() {
    let told = small();
    let bytes = capsule::write(&told.capsule);
    assert_eq!(said(&told, &bytes).unwrap().verdict, Verdict::Pass);
    let same = flip(&told, (0..bytes.len()).into_par_iter());
    // Of the audience and of the names of packs some changes read, and others do not.
    assert!((1..2 * (1 + 2 + 8 + 2 + 1 + 32)).contains(&same), "{same}");
}

#[test]
fn no_sampled_byte_of_a_larger_capsule_can_change() {
    let mut told = Told::new("logs", "every chain has its witness", "ORE");
    told.reader.packs.clear();
    let bytes = capsule::write(&told.capsule);
    assert_eq!(said(&told, &bytes).unwrap().verdict, Verdict::Pass);
    flip(&told, (0..bytes.len()).into_par_iter().step_by(23));
}

#[test]
fn no_cut_and_nothing_appended_verifies() {
    let told = small();
    let good = capsule::write(&told.capsule);
    for at in 0..good.len() {
        assert!(said(&told, &good[..at]).is_none(), "cut at {at}");
        if at > 50 {
            assert!(said(&told, &sealed(good[..at].to_vec())).is_none(), "cut at {at} and sealed");
        }
    }
    for more in [&b"\0"[..], b"lodemark/capsule", &good] {
        assert!(said(&told, &[&good[..], more].concat()).is_none());
        let inside = [&good[..good.len() - 32], more, &[0; 32]].concat();
        assert!(said(&told, &sealed(inside)).is_none());
    }
    let mut newer = good.clone();
    newer[17] = 2;
    assert!(said(&told, &sealed(newer)).is_none(), "a version that nobody has written yet");
}

#[test]
fn a_witness_that_the_reader_asks_for_cannot_be_put_in_by_hand() {
    let mut told = small();
    let mut bare = told.capsule.clone();
    let log = bare.chains[0].log.as_mut().unwrap();
    log.cosignatures[0].signature[5] ^= 1;
    assert!(finds(&told.report(&bare), FindingCode::TooFewWitnesses));
    bare.chains[0].log.as_mut().unwrap().cosignatures.clear();
    assert!(finds(&told.report(&bare), FindingCode::TooFewWitnesses));
    // A reader who asks for none takes it as it is.
    told.reader = Reader { quorum: 0, ..told.reader };
    assert_eq!(told.report(&bare).verdict, Verdict::Pass);
}
