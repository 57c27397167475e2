//! The layout of capsules: what is written reads back, and nothing else reads.

use super::*;
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::log::part::{Cosignature, LogPart};
use crate::log::vkey::KeyId;
use crate::model::event::SeenCheckpoint;
use crate::model::lotref::LotRef;
use crate::record::ShownItem;

fn hash(text: &str) -> Hash {
    sha256(&[text.as_bytes()])
}

fn lot(text: &str, index: u32) -> LotRef {
    LotRef { record: RecordId(hash(text)), index }
}

/// The first bytes of a record, as far as the layout looks at them.
fn header(party: PartyId, epoch: u16, seq: u64) -> Vec<u8> {
    let mut bytes = vec![7; 272];
    bytes[22..24].copy_from_slice(&epoch.to_be_bytes());
    bytes[24..56].copy_from_slice(party.as_bytes());
    bytes[56..64].copy_from_slice(&seq.to_be_bytes());
    bytes
}

pub(super) fn sample() -> Capsule {
    let item = |index, value: &[u8]| ShownItem { index, salt: [index as u8; 16], value: value.to_vec() };
    let mut parties = [PartyId(hash("a")), PartyId(hash("b"))];
    parties.sort_unstable();
    let [one, two] = parties;
    let checkpoint = SeenCheckpoint {
        party: one,
        epoch: 0,
        size: 9,
        root: hash("root"),
        key: [3; 32],
        signature: [4; 64],
    };
    let cosigned = |name: &str| Cosignature {
        name: name.to_owned(),
        id: KeyId([5; 4]),
        time: 1_790_000_000,
        signature: [6; 64],
    };
    let log = LogPart {
        checkpoint,
        cosignatures: vec![cosigned("ports.example/w1"), cosigned("ports.example/w2")],
        nodes: vec![hash("n1"), hash("n2")],
    };
    let bytes = b"%PDF a paper".to_vec();
    let names = [b"as in ", &sha256(&[&bytes]).0[..], b"."].concat();
    let record = Entry::Record { bytes: header(one, 0, 1), shown: vec![item(0, b""), item(5, &names)] };
    let mut lots = vec![lot("x", 0), lot("y", 3)];
    lots.sort_unstable();
    Capsule {
        audience: Audience::Compliance,
        lots,
        cuts: vec![lot("z", 1)],
        chains: vec![
            Chain {
                party: one,
                epoch: 0,
                log: Some(log),
                entries: vec![Entry::Header(header(one, 0, 0)), record, Entry::Header(header(one, 0, 8))],
            },
            Chain { party: one, epoch: 1, log: None, entries: vec![Entry::Header(header(one, 1, 4))] },
            Chain { party: two, epoch: 0, log: None, entries: vec![Entry::Header(header(two, 0, 0))] },
        ],
        packs: vec![PackName { id: "us-dfars".to_owned(), hash: hash("p"), version: "1.2".to_owned() }],
        documents: vec![Document { hash: sha256(&[&bytes]), bytes }],
    }
}

fn fault(bytes: &[u8]) -> Fault {
    read(bytes).expect_err("it must not read").fault
}

/// Returns the bytes with another checksum, so that the layout itself is looked at.
fn sealed(mut content: Vec<u8>) -> Vec<u8> {
    let checksum = sha256(&[&content]);
    content.extend(checksum.0);
    content
}

fn content(capsule: &Capsule) -> Vec<u8> {
    let mut bytes = write(capsule);
    bytes.truncate(bytes.len() - 32);
    bytes
}

#[test]
fn what_is_written_reads_back_and_is_the_same_each_time() {
    let bytes = write(&sample());
    assert_eq!(bytes, write(&sample()));
    assert_eq!(read(&bytes), Ok(sample()));
}

#[test]
fn any_flipped_byte_any_cut_and_any_byte_more_is_noticed() {
    let bytes = write(&sample());
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(read(&flipped).is_err(), "byte {at}");
        assert!(read(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(read(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn with_a_right_checksum_no_cut_reads_and_no_flip_gives_another_layout_of_the_same_capsule() {
    let good = content(&sample());
    for at in 18..good.len() {
        assert!(read(&sealed(good[..at].to_vec())).is_err(), "cut at {at}");
        let mut flipped = good.clone();
        flipped[at] ^= 1 << (at % 8);
        if let Ok(other) = read(&sealed(flipped.clone())) {
            assert_eq!(content(&other), flipped, "byte {at} is read and not written");
        }
    }
    assert_eq!(fault(&sealed([&good[..], &[0; 3]].concat())), Fault::Trailing(3));
}

#[test]
fn another_file_and_another_version_are_told_apart() {
    assert_eq!(fault(b"lodemark/export\n"), Fault::NotACapsule);
    assert_eq!(fault(b"lodemark/cap"), Fault::CutShort("its head"));
    assert_eq!(fault(MAGIC), Fault::CutShort("its head"));
    let mut newer = write(&sample());
    newer[17] = 2;
    assert_eq!(fault(&newer), Fault::OtherVersion(2));
    assert_eq!(fault(&vec![0; CAPSULE_MAX + 1]), Fault::TooLong(CAPSULE_MAX + 1));
}

#[test]
fn what_stands_twice_or_out_of_order_is_refused() {
    let refuses = |change: fn(&mut Capsule), what: &'static str| {
        let mut capsule = sample();
        change(&mut capsule);
        assert_eq!(fault(&write(&capsule)), Fault::NotAscending(what));
    };
    refuses(|one| one.lots.reverse(), "lots");
    refuses(|one| one.cuts.push(one.cuts[0]), "cuts");
    refuses(|one| one.chains.reverse(), "chains");
    refuses(|one| one.chains[0].entries.swap(0, 2), "entries");
    refuses(|one| one.packs.push(one.packs[0].clone()), "packs");
    refuses(|one| one.documents.push(one.documents[0].clone()), "documents");
    refuses(|one| one.chains[0].log.as_mut().unwrap().cosignatures.reverse(), "cosignatures");
    refuses(
        |one| match &mut one.chains[0].entries[1] {
            Entry::Record { shown, .. } => shown.reverse(),
            Entry::Header(_) => unreachable!("the second entry is a record"),
        },
        "private items",
    );
}

#[test]
fn entries_belong_to_the_chain_that_they_stand_in() {
    let mut capsule = sample();
    capsule.chains[2].entries = vec![Entry::Header(header(capsule.chains[0].party, 0, 0))];
    assert_eq!(fault(&write(&capsule)), Fault::OtherChain);
    capsule.chains[2].entries = vec![Entry::Header(header(capsule.chains[2].party, 1, 0))];
    assert_eq!(fault(&write(&capsule)), Fault::OtherChain);
}

#[test]
fn names_documents_and_empty_lists_are_checked() {
    for name in ["", "two words", "a+b", "a\u{7}b", &"n".repeat(257)] {
        let mut capsule = sample();
        capsule.chains[0].log.as_mut().unwrap().cosignatures[0].name = name.to_owned();
        assert_eq!(fault(&write(&capsule)), Fault::Name("name of a witness"), "{name}");
    }
    for id in ["", "Upper", "../x", &"p".repeat(65)] {
        let mut capsule = sample();
        capsule.packs[0].id = id.to_owned();
        assert_eq!(fault(&write(&capsule)), Fault::Name("id of a pack"), "{id}");
    }
    let mut capsule = sample();
    capsule.documents[0].bytes.push(0);
    assert_eq!(fault(&write(&capsule)), Fault::OtherDocument);
    let mut capsule = sample();
    let bytes = b"a paper that nothing speaks of".to_vec();
    let hash = sha256(&[&bytes]);
    capsule.documents.push(Document { hash, bytes });
    capsule.documents.sort_by_key(|one| one.hash);
    assert_eq!(fault(&write(&capsule)), Fault::UnnamedDocument(hash));
    // The innocent twin: the body of a record names it.
    if let Entry::Record { bytes, .. } = &mut capsule.chains[0].entries[1] {
        bytes.extend(hash.0);
    }
    assert_eq!(read(&write(&capsule)), Ok(capsule));
    let none = |what, most| Fault::Count { what, count: 0, least: 1, most };
    let mut capsule = sample();
    capsule.lots.clear();
    assert_eq!(fault(&write(&capsule)), none("lots", 256));
    let mut capsule = sample();
    capsule.chains[1].entries.clear();
    assert!(matches!(fault(&write(&capsule)), Fault::Count { what: "entries", count: 0, .. }));
}

#[test]
fn counts_that_lie_are_refused_before_anything_is_reserved() {
    let head = [&MAGIC[..], &VERSION.to_be_bytes(), &[1]].concat();
    let with = |rest: &[&[u8]]| fault(&sealed([&head[..], &rest.concat()].concat()));
    let number = |count: u32| count.to_be_bytes();
    assert_eq!(with(&[&number(256)]), Fault::CutShort("lots"));
    let count = |what, count, least, most| Fault::Count { what, count, least, most };
    assert_eq!(with(&[&number(257)]), count("lots", 257, 1, 256));
    let subject = [&number(1)[..], &[1; 36], &number(0)].concat();
    assert_eq!(with(&[&subject, &number(65_536)]), Fault::CutShort("chains"));
    assert_eq!(with(&[&subject, &number(65_537)]), count("chains", 65_537, 1, 65_536));
    let chain = [&subject[..], &number(1), &[2; 34]].concat();
    assert_eq!(with(&[&chain, &[0], &number(1 << 20), &[0; 300]]), Fault::CutShort("entries"));
    assert_eq!(with(&[&chain, &[2], &[0; 300]]), Fault::Unknown { what: "log", number: 2 });
    assert_eq!(with(&[&chain, &[1], &[0; 300]]), count("leaves", 0, 1, 1 << 48));
    let checkpoint = [&1_u64.to_be_bytes()[..], &[0; 128]].concat();
    assert_eq!(with(&[&chain, &[1], &checkpoint, &number(64), &[0; 9000]]), count("cosignatures", 64, 0, 63));
    assert_eq!(
        with(&[&chain, &[1], &checkpoint, &number(0), &number(1 << 22)]),
        Fault::CutShort("nodes of a proof")
    );
    let entry = [&chain[..], &[0], &number(1), &[1]].concat();
    let lengths = |length| count("bytes of a record", length, 272, 4_595_984);
    assert_eq!(with(&[&entry, &number(271), &[0; 300]]), lengths(271));
    assert_eq!(with(&[&entry, &number(4_595_985), &[0; 300]]), lengths(4_595_985));
    assert_eq!(with(&[&entry, &number(4_595_984), &[0; 300]]), Fault::CutShort("a record"));
}

#[test]
fn the_worked_layout_of_the_page_reads() {
    // The page says what stands where; the smallest capsule there can be has these many bytes.
    let party = PartyId(hash("a"));
    let capsule = Capsule {
        audience: Audience::Public,
        lots: vec![lot("x", 0)],
        cuts: Vec::new(),
        chains: vec![Chain { party, epoch: 0, log: None, entries: vec![Entry::Header(header(party, 0, 0))] }],
        packs: Vec::new(),
        documents: Vec::new(),
    };
    let bytes = write(&capsule);
    assert_eq!(bytes.len(), 18 + (1 + 4 + 36 + 4) + (4 + 35 + 4 + 273) + 4 + 4 + 32);
    assert_eq!(read(&bytes), Ok(capsule));
}
