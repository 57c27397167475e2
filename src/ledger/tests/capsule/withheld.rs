//! What a capsule keeps back is not in it, cannot be guessed from it, and does not come back.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::hash::Hash;
use crate::record::{ShownItem, commitment};
use crate::verify::open_all;

const EVERYBODY: [Audience; 5] =
    [Audience::Customer, Audience::Compliance, Audience::Auditor, Audience::Government, Audience::Public];

/// A mine that knows more of its ore than it tells, and the lot that it sent.
fn secretive() -> (Desk, LotRef) {
    let mut mine = Desk::new("mine of many secrets");
    let plant = Desk::new("plant");
    let body = Body::Extract(Extract {
        at: mine.at(),
        steps: vec!["P10 mine".parse().unwrap()],
        deposit: Maybe::Shown(Some("the deposit behind the hill".into())),
        licence: Maybe::Shown(Some("licence M 45/1234".into())),
        outputs: vec![lot("ore of pit seven", "ore", 1_234_567)],
    });
    let ore = out(mine.record(body).unwrap(), 0);
    let mut body = mine.dispatching(
        Receiver::Party(plant.party()),
        vec![take(ore, 0, 765_431)],
        vec![lot("sent to plant", "ore", 765_431)],
    );
    if let Body::Dispatch(dispatch) = &mut body {
        dispatch.carrier = Maybe::Shown(Some(crate::model::party::Outsider {
            name: "Northern Sea Carriers".into(),
            place: None,
            identifiers: Vec::new(),
        }));
    }
    let sent = out(mine.record(body).unwrap(), 0);
    mine.extract("ore for somebody else", 7_654_321);
    (mine, sent)
}

/// A private item: the header of its record, its key, what it is, and its commitment.
struct Private {
    header: [u8; 208],
    key: String,
    item: ShownItem,
    commitment: Hash,
}

/// Returns every private item of the records of a ledger that are in a capsule.
fn private(desk: &Desk, capsule: &Capsule) -> Vec<Private> {
    let held: BTreeSet<Vec<u8>> = capsule
        .chains
        .iter()
        .flat_map(|chain| &chain.entries)
        .filter(|entry| matches!(entry, Entry::Record { .. }))
        .map(|entry| entry.bytes().to_vec())
        .collect();
    let (pieces, damage) = desk.ledger.pieces();
    assert!(damage.is_empty());
    let mut all = Vec::new();
    for piece in pieces.into_iter().filter(|piece| held.contains(&piece.bytes)) {
        let record = SealedRecord::parse(&piece.bytes).unwrap();
        for item in piece.shown {
            let entry = &record.directory()[item.index as usize];
            all.push(Private {
                header: *piece.bytes.first_chunk().unwrap(),
                key: entry.key.clone(),
                commitment: entry.commitment,
                item,
            });
        }
    }
    all
}

fn salts_shown(capsule: &Capsule) -> BTreeSet<[u8; 16]> {
    let pieces = capsule::evidence(capsule, "x").pieces;
    pieces.iter().flat_map(|piece| piece.shown.iter().map(|item| item.salt)).collect()
}

#[test]
fn for_every_reader_what_is_kept_back_is_nowhere_in_the_bytes() {
    let (mut mine, sent) = secretive();
    let mut kept_back = BTreeMap::new();
    for audience in EVERYBODY {
        let made = made(&mut mine, audience, &[sent]);
        let shown = salts_shown(&made.capsule);
        let all = private(&mine, &made.capsule);
        let (open, closed): (Vec<_>, Vec<_>) = all.iter().partition(|one| shown.contains(&one.item.salt));
        for one in &open {
            assert!(holds(&made.bytes, &one.item.value), "{audience:?} {}", one.key);
        }
        for one in &closed {
            assert!(!holds(&made.bytes, &one.item.salt), "{audience:?} {}", one.key);
            let value = &one.item.value;
            // The same may be shown of another record: the mass that was sent is that which was taken.
            let is_shown = open.iter().any(|other| other.item.value == *value);
            // An empty list is eight zeros, which stand in many places.
            let is_empty = value.iter().all(|byte| *byte == 0);
            if value.len() >= 8 && !is_empty && !is_shown {
                assert!(!holds(&made.bytes, value), "{audience:?} {}", one.key);
            }
            // A text is kept back as a text too, without what stands before it.
            let text = std::str::from_utf8(value.get(9..).unwrap_or_default()).unwrap_or_default();
            if text.len() >= 8 && !text.chars().any(char::is_control) && !is_shown {
                assert!(!holds(&made.bytes, text.as_bytes()), "{audience:?} {}: {text}", one.key);
            }
        }
        kept_back.insert(format!("{audience:?}"), closed.len());
        let says = |text: &str| holds(&made.bytes, text.as_bytes());
        let told = [
            says("the deposit behind the hill"),
            says("licence M 45/1234"),
            says("Northern Sea Carriers"),
            says("ore of pit seven"),
        ];
        let expected = match audience {
            Audience::Customer => [true, false, true, true],
            Audience::Compliance | Audience::Government | Audience::Auditor => [true; 4],
            Audience::Public => [false; 4],
        };
        assert_eq!(told, expected, "{audience:?}");
        // What was dug for somebody else is shown to an auditor alone.
        assert_eq!(says("ore for somebody else"), audience == Audience::Auditor, "{audience:?}");
    }
    assert_eq!(kept_back["Auditor"], 0);
    assert!(kept_back["Customer"] > kept_back["Compliance"], "{kept_back:?}");
    assert!(kept_back["Public"] > kept_back["Customer"], "{kept_back:?}");
}

#[test]
fn who_guesses_a_value_rightly_cannot_tell_without_its_salt() {
    let (mut mine, sent) = secretive();
    let made = made(&mut mine, Audience::Public, &[sent]);
    // Anything that could be meant for a salt: none at all, and any sixteen bytes of the capsule.
    let mut salts: BTreeSet<[u8; 16]> = made.bytes.windows(16).map(|some| some.try_into().unwrap()).collect();
    salts.insert([0; 16]);
    let mut guessed = 0;
    for one in private(&mine, &made.capsule) {
        let with = |salt: &[u8; 16]| commitment(&one.header, salt, &one.key, &one.item.value);
        assert!(salts.iter().all(|salt| with(salt) != one.commitment), "{}", one.key);
        // The innocent twin: who was given the salt can tell.
        assert_eq!(with(&one.item.salt), one.commitment);
        guessed += 1;
    }
    assert!(guessed > 15, "{guessed}");
}

#[test]
fn two_records_with_the_same_value_do_not_show_that_it_is_the_same() {
    let (mut mine, sent) = secretive();
    let made = made(&mut mine, Audience::Public, &[sent]);
    let all = private(&mine, &made.capsule);
    let mut same = 0;
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            assert_ne!(one.commitment, other.commitment);
            assert_ne!(one.item.salt, other.item.salt);
            same += usize::from(one.item.value == other.item.value);
        }
    }
    assert!(same > 0, "some of them are the same, or nothing was shown");
}

#[test]
fn a_second_opening_of_one_commitment_is_refused() {
    let (mut mine, sent) = secretive();
    let made = made(&mut mine, Audience::Customer, &[sent]);
    let evidence = capsule::evidence(&made.capsule, "x");
    let value = |text: &str| {
        let all = private(&mine, &made.capsule);
        all.into_iter().find(|one| holds(&one.item.value, text.as_bytes())).unwrap()
    };
    let (label, other) = (value("ore of pit seven"), value("sent to plant"));
    let at = evidence.pieces.iter().position(|piece| piece.bytes.starts_with(&label.header)).unwrap();
    let item = evidence.pieces[at].shown.iter().position(|item| *item == label.item).unwrap();
    // Another value that could stand there, with the salt of the first and with its own.
    for salt in [label.item.salt, other.item.salt] {
        let mut lied = evidence.clone();
        lied.pieces[at].shown[item] =
            ShownItem { salt, value: other.item.value.clone(), ..label.item.clone() };
        let opened = open_all(lied.clone());
        assert!(opened.refused.iter().any(|bad| bad.step == "items"), "{:?}", opened.refused);
        // Beside the true one it does not stand either: neither label is told.
        let mut both = evidence.clone();
        both.join(lied);
        let record = RecordId(sha256(&[&label.header]));
        assert!(open_all(both).records.iter().all(|opened| opened.id != record));
    }
    assert!(open_all(evidence).refused.is_empty());
}

#[test]
fn what_was_kept_back_from_a_buyer_does_not_come_back_by_making_again() {
    let (mut mine, sent) = secretive();
    let first = made(&mut mine, Audience::Customer, &[sent]);
    let shown = salts_shown(&first.capsule);
    let mut buyer = Desk::new("buyer");
    buyer.ledger.import(&first.bytes, "first.capsule").unwrap();
    for audience in EVERYBODY {
        let again = made(&mut buyer, audience, &[sent]);
        assert!(salts_shown(&again.capsule).is_subset(&shown), "{audience:?}");
        for one in private(&mine, &again.capsule).iter().filter(|one| !shown.contains(&one.item.salt)) {
            assert!(!holds(&again.bytes, &one.item.salt), "{audience:?} {}", one.key);
        }
        assert!(!holds(&again.bytes, b"licence M 45/1234"), "{audience:?}");
        // And who takes that in holds it no more than the buyer did.
        let mut next = Desk::new("next");
        next.ledger.import(&again.bytes, "again.capsule").unwrap();
        assert!(salts_shown(&made(&mut next, Audience::Auditor, &[sent]).capsule).is_subset(&shown));
    }
    // The innocent twin: the mine itself can show more to the same buyer later.
    let more = made(&mut mine, Audience::Compliance, &[sent]);
    buyer.ledger.import(&more.bytes, "more.capsule").unwrap();
    assert!(holds(&made(&mut buyer, Audience::Compliance, &[sent]).bytes, b"licence M 45/1234"));
}
