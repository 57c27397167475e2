//! Proofs of every kind: they hold, no byte of them can be changed, and honest records give none.

use super::testing::*;
use super::*;
use crate::hash::sha256;
use crate::record::Sealed;
use crate::sign::{Entropy, SecretKey, SeededEntropy};

fn head(sealed: &Sealed) -> Part {
    Part::header(sealed.record.bytes())
}

fn whole(sealed: &Sealed) -> Part {
    let index = sealed.record.directory().iter().position(|entry| entry.key == "in");
    let item = index.and_then(|index| sealed.items.iter().find(|item| item.index as usize == index));
    Part::whole(sealed.record.bytes(), item.cloned())
}

/// The step at which a proof fails, or `holds`.
fn step(proof: &Proof) -> &'static str {
    proof.judge().map_or_else(|objection| objection.step, |_| "holds")
}

/// One good proof of each kind.
fn good() -> Vec<Proof> {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let other = author.after(&first, dispose(&[("M", 0, 60)]));
    let mistaken = author.after(&one, dispose(&[("N", 0, 1)]));
    let back = author.after(&mistaken, withdraw(&mistaken));
    let twice = author.after(&back, dispose(&[("K", 0, 5), ("L", 59, 10)]));
    let liar = author.seal(4, back.record.id(), first.record.id(), 0, dispose(&[("P", 0, 1)]));
    let left = author.after(&one, correct(&one, 50));
    let right = author.after(&mistaken, correct(&one, 40));
    let selfish = author.after(&first, dispose(&[("L", 0, 60), ("L", 59, 2)]));
    vec![
        author.proof(ProofKind::Fork, vec![head(&one), head(&other)]),
        author.proof(ProofKind::DoubleUse, vec![whole(&one), whole(&twice), whole(&back), head(&first)]),
        author.proof(ProofKind::DoubleUse, vec![whole(&selfish)]),
        author.proof(ProofKind::ControlLie, vec![head(&liar), head(&back)]),
        author.proof(ProofKind::ControlLie, vec![head(&liar), head(&first), head(&back)]),
        author.proof(ProofKind::ContradictoryCorrections, vec![whole(&left), whole(&right), head(&first)]),
    ]
}

#[test]
fn a_proof_of_each_kind_holds_and_reads_back() {
    for proof in good() {
        let statement = proof.judge().unwrap_or_else(|objection| panic!("{:?}: {objection:?}", proof.kind));
        assert_eq!(statement.party, proof.party());
        assert_eq!(Proof::from_bytes(&proof.to_bytes()), Ok(proof));
    }
}

#[test]
fn what_a_double_use_says_is_the_stretch_that_both_use() {
    let statement = good()[1].judge().unwrap();
    let twice = statement.twice.unwrap();
    assert_eq!((twice.lot, twice.from.mg(), twice.mass.mg()), (lot("L"), 59, 1));
    assert_eq!(statement.walked, 2);
    assert!(
        statement.says.starts_with("dispose record 1 and dispose record 4 both use"),
        "{}",
        statement.says
    );
}

/// A file with a right checksum over whatever is in it.
fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let end = file.len() - 32;
    let checksum = sha256(&[&file[..end]]);
    file[end..].copy_from_slice(&checksum.0);
    file
}

#[test]
fn no_flipped_byte_leaves_a_proof_that_holds_even_under_a_new_checksum() {
    for proof in good() {
        let file = proof.to_bytes();
        for at in 0..file.len() {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(Proof::from_bytes(&flipped).is_err(), "{:?}: byte {at}", proof.kind);
            if at >= file.len() - 32 {
                continue;
            }
            let holds = Proof::from_bytes(&with_checksum(flipped)).is_ok_and(|read| read.judge().is_ok());
            assert!(!holds, "{:?}: byte {at} under a new checksum", proof.kind);
        }
    }
}

#[test]
fn a_file_cut_anywhere_or_followed_by_anything_is_refused() {
    for proof in good() {
        let file = proof.to_bytes();
        for cut in 0..file.len() {
            assert!(Proof::from_bytes(&file[..cut]).is_err(), "cut at {cut}");
        }
        let longer = [&file[..], &[0]].concat();
        assert_eq!(Proof::from_bytes(&longer), Err(ProofFileError::Trailing(1)));
    }
}

#[test]
fn lengths_that_lie_are_refused_before_anything_is_reserved() {
    let head = good()[0].to_bytes()[..86].to_vec();
    let read = |count: u16, rest: &[&[u8]]| {
        Proof::from_bytes(&[&head[..], &count.to_be_bytes(), &rest.concat()].concat()).unwrap_err()
    };
    assert_eq!(read(0, &[]), ProofFileError::PartCount(0));
    assert_eq!(read(PARTS_MAX + 1, &[]), ProofFileError::PartCount(4099));
    assert_eq!(read(PARTS_MAX, &[]), ProofFileError::CutShort("a part"));
    assert_eq!(read(1, &[&271_u32.to_be_bytes()]), ProofFileError::PartLength(271));
    assert_eq!(read(1, &[&u32::MAX.to_be_bytes()]), ProofFileError::PartLength(u32::MAX));
    assert_eq!(read(1, &[&4_000_000_u32.to_be_bytes()]), ProofFileError::CutShort("a part"));
    let record = [&273_u32.to_be_bytes()[..], &[0; 273]].concat();
    assert_eq!(read(1, &[&record, &[2]]), ProofFileError::ItemMark(2));
    let item = |length: u32| [&[1][..], &[0; 20], &length.to_be_bytes()].concat();
    assert_eq!(read(1, &[&record, &item(4 << 20)]), ProofFileError::CutShort("a private value"));
    assert_eq!(read(1, &[&record, &item((4 << 20) + 1)]), ProofFileError::ValueLength((4 << 20) + 1));
}

#[test]
fn other_files_versions_kinds_and_algorithms_are_told_apart() {
    assert_eq!(Proof::from_bytes(b""), Err(ProofFileError::NotAProof));
    assert_eq!(Proof::from_bytes(b"lodemark/export\n"), Err(ProofFileError::NotAProof));
    assert_eq!(Proof::from_bytes(b"lodemark/proof\n\n"), Err(ProofFileError::NotAProof));
    let file = good()[0].to_bytes();
    let changed = |at: usize, value: u8| {
        let mut file = file.clone();
        file[at] = value;
        Proof::from_bytes(&with_checksum(file)).unwrap_err()
    };
    assert_eq!(changed(17, 2), ProofFileError::OtherVersion(2));
    assert_eq!(changed(19, 5), ProofFileError::UnknownKind(5));
    assert_eq!(changed(21, 2), ProofFileError::UnknownAlgorithm(2));
    assert!([changed(17, 2), changed(19, 5), changed(21, 2)].iter().all(ProofFileError::cannot_judge));
}

#[test]
fn swapped_doubled_missing_or_added_parts_prove_nothing() {
    for proof in good() {
        let count = proof.parts.len();
        for at in 0..count {
            let mut fewer = proof.clone();
            fewer.parts.remove(at);
            // A lie with three headers holds with two of them where the record right before is among these.
            let still = proof.kind == ProofKind::ControlLie && count == 3 && at == 1;
            assert_eq!(
                !fewer.parts.is_empty() && fewer.judge().is_ok(),
                still,
                "{:?} without {at}",
                proof.kind
            );
            let mut doubled = proof.clone();
            doubled.parts.insert(at, proof.parts[at].clone());
            assert!(doubled.judge().is_err(), "{:?} with {at} twice", proof.kind);
        }
        for (one, other) in [(0, 1), (1, 2)].into_iter().filter(|(_, other)| *other < count) {
            let mut swapped = proof.clone();
            swapped.parts.swap(one, other);
            // The two records of a fork have no order.
            let same = proof.kind == ProofKind::Fork;
            assert_eq!(swapped.judge().is_ok(), same, "{:?} with {one} and {other} swapped", proof.kind);
        }
    }
}

#[test]
fn a_proof_under_another_kind_proves_nothing() {
    for proof in good() {
        for kind in ProofKind::ALL.into_iter().filter(|kind| *kind != proof.kind) {
            assert!(Proof { kind, ..proof.clone() }.judge().is_err(), "{:?} as {kind:?}", proof.kind);
        }
    }
}

#[test]
fn honest_records_give_no_proof() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let beside = author.after(&one, dispose(&[("L", 60, 40)]));
    let back = author.after(&beside, withdraw(&one));
    let again = author.after(&back, dispose(&[("L", 0, 60)]));
    let other_epoch = author.seal(1, first.record.id(), first.record.id(), 1, dispose(&[("M", 0, 1)]));
    let corrected = author.after(&one, correct(&one, 50));
    let better = author.after(&corrected, correct(&one, 40));

    // The same record twice, and one position in two epochs.
    assert_eq!(step(&author.proof(ProofKind::Fork, vec![head(&one), head(&one)])), "statement");
    assert_eq!(step(&author.proof(ProofKind::Fork, vec![head(&one), head(&other_epoch)])), "epoch");
    assert_eq!(step(&author.proof(ProofKind::Fork, vec![head(&one), head(&beside)])), "statement");
    // Stretches side by side, and a stretch that was free again.
    let uses = |parts| author.proof(ProofKind::DoubleUse, parts);
    assert_eq!(step(&uses(vec![whole(&one), whole(&beside), head(&first)])), "statement");
    assert_eq!(step(&uses(vec![whole(&one), whole(&again), whole(&back), head(&first)])), "statement");
    assert_eq!(step(&uses(vec![whole(&one), whole(&again), head(&back), head(&first)])), "parts");
    assert_eq!(step(&uses(vec![whole(&one), whole(&again), head(&first)])), "walk");
    assert_eq!(step(&uses(vec![whole(&one), whole(&one)])), "statement");
    assert_eq!(step(&uses(vec![whole(&one)])), "statement");
    // Headers that name what they have to name.
    let lie = |parts| author.proof(ProofKind::ControlLie, parts);
    assert_eq!(step(&lie(vec![head(&again), head(&back)])), "statement");
    assert_eq!(step(&lie(vec![head(&beside), head(&first)])), "statement");
    assert_eq!(step(&lie(vec![head(&again), head(&back), head(&first)])), "statement");
    // A correction that replaces an earlier one on its own branch.
    let corrections = |parts| author.proof(ProofKind::ContradictoryCorrections, parts);
    assert_eq!(step(&corrections(vec![whole(&corrected), whole(&better), head(&corrected)])), "statement");
    assert_eq!(step(&corrections(vec![whole(&corrected), whole(&better), head(&first)])), "walk");
    assert_eq!(step(&corrections(vec![whole(&corrected), whole(&back), head(&first)])), "statement");
}

#[test]
fn withheld_inputs_and_another_item_shown_prove_nothing() {
    let mut proof = good().remove(1);
    let item = proof.parts[0].inputs.take();
    assert_eq!(step(&proof), "parts");
    proof.parts[0].inputs = item.map(|item| ShownItem { index: item.index + 1, ..item });
    assert_eq!(step(&proof), "contents");
}

#[test]
fn records_of_another_party_prove_nothing_against_this_one() {
    let proof = good().remove(0);
    let mut entropy = SeededEntropy::new(b"somebody else");
    let other = SecretKey::generate(&mut entropy).public().to_bytes();
    assert_eq!(step(&Proof { key: other, ..proof.clone() }), "party");
    let mut salt = [0; 32];
    entropy.fill(&mut salt);
    assert_eq!(step(&Proof { recovery: Hash(salt), ..proof.clone() }), "party");
    assert_eq!(step(&Proof { key: [0; 32], ..proof }), "key");
}
