//! Attestations go along, with whoever made them, and tell a customer nothing that a cut hides.

use super::*;
use crate::hash::sha256;
use crate::model::day::Day;
use crate::model::event::{Attest, AttestedElement, AttestedMass, AttestedSet, AttestedTouch};
use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::party::Outsider;
use crate::model::verdict::Verdict;

const MAKER: &str = "the separator that nobody is told of";

fn attest(lot: LotRef) -> Body {
    let set = AttestedSet { count: 1, root: sha256(&[b"one"]) };
    let day = |text: &str| text.parse::<Day>().unwrap();
    let maker = Outsider { name: MAKER.to_owned(), place: None, identifiers: Vec::new() };
    Body::Attest(Attest {
        lot,
        as_of: day("2026-11-04"),
        valid_until: day("2027-11-03"),
        custody: Verdict::Pass,
        elements: vec![AttestedElement {
            element: "Nd".parse().unwrap(),
            mass: Maybe::Shown(Some(AttestedMass { least: kg(1), most: kg(2) })),
            unknown: Fraction::ZERO,
            unplaced: Vec::new(),
            grade: Grade::Signed,
        }],
        touches: vec![AttestedTouch {
            element: "Nd".parse().unwrap(),
            step: "P10 mine".parse().unwrap(),
            place: Some("AU".parse().unwrap()),
            grade: Grade::Signed,
            presence: Presence::Certain,
            least: Fraction::ONE,
            most: Fraction::ONE,
            period: None,
            maker: Maybe::Shown(Some(maker)),
        }],
        verdicts: Vec::new(),
        records: set,
        logs: set,
        bands: sha256(&[b"bands"]),
        trust: None,
    })
}

/// The trade, and an auditor who attested what was sent to the plant and handed that on to the plant.
struct Audited {
    trade: Trade,
    auditor: Desk,
    sent: LotRef,
    attested: RecordId,
}

fn audited() -> Audited {
    let mut trade = trade();
    let sent = trade.plant.ledger.lots_labelled("sent to plant").unwrap()[0];
    let mut auditor = Desk::new("auditor");
    let all = made(&mut trade.mine, Audience::Auditor, &[sent]);
    auditor.ledger.import(&all.bytes, "all.capsule").unwrap();
    let attested = auditor.record(attest(sent)).unwrap();
    let handed = made(&mut auditor, Audience::Auditor, &[sent]);
    trade.plant.ledger.import(&handed.bytes, "attested.capsule").unwrap();
    Audited { trade, auditor, sent, attested }
}

fn cut_at(lot: LotRef, audience: Audience, about: LotRef) -> MakeCapsule {
    MakeCapsule { cuts: vec![lot], ..make(audience, &[about]) }
}

/// Returns the keys of an entry's items that are shown; none where the record is not there.
fn shown_of(made: &Made, record: RecordId) -> Option<Vec<String>> {
    let pieces = capsule::evidence(&made.capsule, "x").pieces;
    let piece = pieces
        .into_iter()
        .find(|piece| SealedRecord::parse(&piece.bytes).is_ok_and(|sealed| sealed.id() == record))?;
    let sealed = SealedRecord::parse(&piece.bytes).unwrap();
    let key = |index: u32| sealed.directory()[index as usize].key.clone();
    Some(piece.shown.iter().map(|item| key(item.index)).collect())
}

#[test]
fn an_attestation_goes_along_with_its_author_and_without_what_the_cut_hides() {
    let Audited { mut trade, auditor, sent, attested } = audited();
    let seen = |plant: &mut Desk, asked: MakeCapsule| {
        let made = plant.ledger.make_capsule(&asked).unwrap();
        assert_shown(&made.capsule);
        let items = shown_of(&made, attested).expect("the attestation goes along");
        (items, holds(&made.bytes, MAKER.as_bytes()), made)
    };
    let received = trade.received;
    let (items, tells, made) = seen(&mut trade.plant, cut_at(sent, Audience::Customer, received));
    assert_eq!((items, tells), (Vec::new(), false));
    assert_eq!(made.unattested, []);
    let chain = made.chains.iter().find(|chain| chain.party == auditor.party()).expect("its author is there");
    assert_eq!((chain.size, chain.control_missing), (Some(3), None));
    let both = vec!["element/0/mass".to_owned(), "touch/0/maker".to_owned()];
    let (items, tells, _) = seen(&mut trade.plant, cut_at(sent, Audience::Compliance, received));
    assert_eq!((items, tells), (both.clone(), true));
    // Where nothing is cut it hides nothing.
    let (items, tells, _) = seen(&mut trade.plant, super::make(Audience::Customer, &[received]));
    assert_eq!((items, tells), (both, true));
    let (items, ..) = seen(&mut trade.plant, super::make(Audience::Public, &[received]));
    assert_eq!(items, Vec::<String>::new());
}

#[test]
fn an_attestation_that_was_taken_back_takes_its_withdrawal_along_and_counts_as_none() {
    let Audited { mut trade, mut auditor, sent, attested } = audited();
    let withdrawal = auditor.record(Desk::withdrawing(attested)).unwrap();
    let handed = made(&mut auditor, Audience::Auditor, &[sent]);
    trade.plant.ledger.import(&handed.bytes, "again.capsule").unwrap();
    let asked = cut_at(sent, Audience::Customer, trade.received);
    let made = trade.plant.ledger.make_capsule(&asked).unwrap();
    assert!(shown_of(&made, attested).is_some() && shown_of(&made, withdrawal).is_some());
    assert_eq!(made.unattested, [sent]);
}

#[test]
fn a_cut_that_nobody_attested_is_told_before_anything_is_handed_out() {
    let trade = trade();
    let sent = trade.plant.ledger.lots_labelled("sent to plant").unwrap()[0];
    let asked = cut_at(sent, Audience::Customer, trade.received);
    assert_eq!(trade.plant.ledger.preview_capsule(&asked).unwrap().unattested, [sent]);
    let Audited { trade, sent, .. } = audited();
    let asked = cut_at(sent, Audience::Customer, trade.received);
    assert_eq!(trade.plant.ledger.preview_capsule(&asked).unwrap().unattested, []);
    let uncut = super::make(Audience::Customer, &[trade.received]);
    assert_eq!(trade.plant.ledger.preview_capsule(&uncut).unwrap().unattested, []);
}
