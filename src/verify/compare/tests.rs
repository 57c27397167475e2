//! What joining two brings to light, and that honest ones bring nothing.

use super::*;
use crate::balance::bands::Bands;
use crate::chain::proof::testing::*;
use crate::record::Sealed;
use crate::verify::evidence::Piece;

fn piece(sealed: &Sealed) -> Piece {
    Piece { bytes: sealed.record.bytes().to_vec(), shown: sealed.items.clone(), source: "here".into() }
}

fn evidence(records: &[&Sealed]) -> Evidence {
    records.iter().map(|sealed| piece(sealed)).collect::<Vec<Piece>>().into()
}

fn compared(a: &[&Sealed], b: &[&Sealed]) -> Comparison {
    compare(&evidence(a), &evidence(b), "2026-12-01".parse().unwrap())
}

/// Kinds of the contradictions that have a proof, with who shows them.
fn proven(comparison: &Comparison) -> Vec<(ProofKind, Side)> {
    let proven = comparison.contradictions.iter().filter_map(|one| match (&one.what, &one.proof) {
        (What::Provable(kind), Some(Ok(Portable::Records(proof)))) => {
            assert_eq!(proof.kind, *kind);
            proof.judge().unwrap();
            Some((*kind, one.shown_by))
        }
        _ => None,
    });
    proven.collect()
}

#[test]
fn two_honest_views_of_one_chain_bring_nothing_to_light() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let beside = author.after(&one, dispose(&[("L", 60, 40)]));
    let back = author.after(&beside, withdraw(&one));
    let again = author.after(&back, dispose(&[("L", 0, 60)]));
    let early = [&first, &one];
    let late = [&first, &one, &beside, &back, &again];
    let comparison = compared(&early, &late);
    assert_eq!(comparison.contradictions, vec![]);
    assert_eq!((comparison.shared, comparison.records.len()), (2, 3));
    assert!(comparison.records.iter().all(|(side, _)| *side == Side::B));
    // With a gap in one of them as well.
    assert_eq!(compared(&[&first, &again], &late).contradictions, vec![]);
    // Where the withdrawal is in the gap, the use looks like a second one and is left open.
    let gap = compared(&[&first, &again], &[&first, &one]);
    assert!(gap.contradictions.iter().all(Contradiction::is_open));
    assert_eq!(gap.contradictions.len(), 1);
}

#[test]
fn a_lot_used_in_two_histories_is_a_fork_and_a_double_use_that_neither_shows_alone() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let other = author.after(&first, dispose(&[("L", 59, 60)]));
    let after = author.after(&other, dispose(&[("M", 0, 1)]));
    let comparison = compared(&[&first, &one], &[&first, &other, &after]);
    let expected = vec![(ProofKind::Fork, Side::Joined), (ProofKind::DoubleUse, Side::Joined)];
    assert_eq!(proven(&comparison), expected);
    let again = compared(&[&first, &one, &other], &[&first, &other]);
    assert!(proven(&again).iter().all(|(_, side)| *side == Side::A));
}

#[test]
fn a_double_use_at_different_positions_of_two_histories_is_proven_by_the_walk() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let other = author.after(&first, dispose(&[("N", 0, 1)]));
    let mistaken = author.after(&other, withdraw(&other));
    let twice = author.after(&mistaken, dispose(&[("L", 0, 60)]));
    let comparison = compared(&[&first, &one], &[&first, &other, &mistaken, &twice]);
    let kinds: Vec<ProofKind> = proven(&comparison).iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, vec![ProofKind::Fork, ProofKind::DoubleUse]);
    // Without the control record between there is no walk: the fork is proven, the double use is only told.
    let comparison = compared(&[&first, &one], &[&first, &other, &twice]);
    let double_use =
        comparison.contradictions.iter().find(|one| one.what == What::Provable(ProofKind::DoubleUse));
    let why = double_use.unwrap().proof.clone().unwrap().unwrap_err();
    assert_eq!(why.why, "not all control records between the two are held");
    assert!(why.is_open);
}

#[test]
fn withheld_inputs_of_either_show_no_double_use() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let mut other = author.after(&one, dispose(&[("L", 0, 60)]));
    other.items.clear();
    assert_eq!(proven(&compared(&[&first, &one], &[&first, &one, &other])), vec![]);
}

#[test]
fn lies_in_control_are_proven_by_the_record_before_or_across_a_gap() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let back = author.after(&one, withdraw(&one));
    let id = |sealed: &Sealed| sealed.record.id();
    let liar = author.seal(3, id(&back), id(&first), 0, dispose(&[("M", 0, 1)]));
    let goes_on = author.after(&liar, dispose(&[("O", 0, 1)]));
    let all = [&first, &one, &back, &liar, &goes_on];
    let lie = ProofKind::ControlLie;
    assert_eq!(proven(&compared(&[&first, &one], &all)), vec![(lie, Side::B)]);
    // One holds the record that was passed over, the other what passes it over.
    assert_eq!(proven(&compared(&[&first, &one, &back], &[&first, &goes_on])), vec![(lie, Side::Joined)]);
    assert_eq!(proven(&compared(&[&first, &one], &[&first, &goes_on])), vec![]);
    // What is named is no control record.
    let fool = author.seal(4, id(&goes_on), id(&one), 0, dispose(&[("P", 0, 1)]));
    assert_eq!(proven(&compared(&[&first, &one], &[&first, &fool])), vec![(lie, Side::Joined)]);
}

#[test]
fn corrections_on_two_branches_contradict_and_on_one_they_do_not() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let left = author.after(&one, correct(&one, 50));
    let better = author.after(&left, correct(&one, 40));
    assert_eq!(compared(&[&first, &one, &left], &[&first, &one, &left, &better]).contradictions, vec![]);
    // The second does not hold the record at the position of the first correction, so no fork is seen.
    let between = author.after(&one, dispose(&[("N", 0, 1)]));
    let right = author.after(&between, correct(&one, 30));
    let comparison = compared(&[&first, &one, &left], &[&first, &one, &right]);
    // The later one leaves the earlier out of its list of control records, which is a lie or a second history.
    let expected =
        [ProofKind::ControlLie, ProofKind::ContradictoryCorrections].map(|kind| (kind, Side::Joined));
    assert_eq!(proven(&comparison), expected);
}

#[test]
fn a_record_at_the_last_position_of_all_is_compared_like_any_other() {
    let mut author = Author::new();
    let first = author.first.clone();
    let id = first.record.id();
    let one = author.seal(u64::MAX, id, id, 0, dispose(&[("L", 0, 60)]));
    let other = author.seal(u64::MAX, id, id, 0, dispose(&[("M", 0, 60)]));
    let comparison = compared(&[&first, &one], &[&first, &other]);
    assert_eq!(proven(&comparison), vec![(ProofKind::Fork, Side::Joined)]);
}

#[test]
fn one_position_in_two_epochs_is_no_contradiction() {
    let mut author = Author::new();
    let first = author.first.clone();
    let id = first.record.id();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let other = author.seal(1, id, id, 1, dispose(&[("M", 0, 60)]));
    assert_eq!(proven(&compared(&[&first, &one], &[&first, &other])), vec![]);
}

#[test]
fn a_copy_with_a_bad_signature_accuses_nobody() {
    let mut author = Author::new();
    let first = author.first.clone();
    let one = author.after(&first, dispose(&[("L", 0, 60)]));
    let other = author.after(&first, dispose(&[("L", 0, 60)]));
    let mut forged = piece(&other);
    forged.bytes[210] ^= 1;
    let b = vec![piece(&first), forged.clone()].into();
    let comparison = compare(&evidence(&[&first, &one]), &b, "2026-12-01".parse().unwrap());
    assert_eq!(comparison.contradictions, vec![]);
    assert_eq!(comparison.joined.refused.len(), 1);
    // Beside a good copy it hides nothing.
    let b = vec![piece(&first), forged, piece(&other)].into();
    let comparison = compare(&evidence(&[&first, &one]), &b, "2026-12-01".parse().unwrap());
    assert_eq!(proven(&comparison).len(), 2);
}

#[test]
fn a_use_past_the_end_of_a_lot_shows_when_lot_and_use_come_together() {
    let mut author = Author::new();
    let first = author.first.clone();
    let stock = author.after(&first, opening_stock(100));
    let lot = LotRef { record: stock.record.id(), index: 0 };
    let within = author.after(&stock, dispose_of(lot, 0, 100));
    let beyond = author.after(&within, dispose_of(lot, 100, 1));
    let honest = compared(&[&first, &stock], &[&first, &within]);
    assert_eq!(honest.contradictions, vec![]);
    let comparison = compared(&[&first, &stock], &[&first, &within, &beyond]);
    let found: Vec<_> =
        comparison.contradictions.iter().map(|one| (one.what, one.shown_by, one.proof.is_none())).collect();
    assert_eq!(found, vec![(What::Other(FindingCode::BeyondLot), Side::Joined, true)]);
}

/// Metal that papers say was mined in one country, packed anew with the inputs kept back, and what is attested of it.
fn packed(author: &mut Author, attested: &str) -> [Sealed; 3] {
    use crate::custody::testing::{declared, lot, take};
    use crate::model::event::*;
    use crate::model::evidence::{Grade, Mixing, Presence};
    use crate::model::lotref::LotRef;
    use crate::model::maybe::Maybe;
    let works = author.first.record.id();
    let period = Maybe::Shown("2026-11-03".parse().unwrap());
    let at = || At { facility: Maybe::Shown(works), period, host: None };
    let out = |sealed: &Sealed| LotRef { record: sealed.record.id(), index: 0 };
    let touches = vec![declared(0, &["Nd"], "P10 mine", "AU", true)];
    let stock = OpeningStock { at: at(), outputs: vec![lot("metal.Nd", 10)], touches };
    let first = author.first.clone();
    let stock = author.after(&first, Body::OpeningStock(stock));
    let repack = Repack {
        at: at(),
        mixing: Mixing::Homogenised,
        inputs: vec![take(out(&stock), 0, 10)].into(),
        outputs: vec![lot("metal.Nd", 10)],
        losses: vec![].into(),
    };
    let packing = author.after(&stock, Body::Repack(repack));
    let (element, hash) = ("Nd".parse().unwrap(), Bands::embedded().hash);
    let attest = Attest {
        lot: out(&packing),
        as_of: "2026-11-30".parse().unwrap(),
        valid_until: "2026-11-30".parse().unwrap(),
        custody: crate::model::verdict::Verdict::Pass,
        elements: vec![AttestedElement {
            element,
            mass: Maybe::Shown(None),
            unknown: "0 %".parse().unwrap(),
            unplaced: Vec::new(),
            grade: Grade::Transcribed,
        }],
        touches: vec![AttestedTouch {
            element,
            step: "P10 mine".parse().unwrap(),
            place: Some(attested.parse().unwrap()),
            grade: Grade::Transcribed,
            presence: Presence::Certain,
            least: "100 %".parse().unwrap(),
            most: "100 %".parse().unwrap(),
            period: None,
            maker: Maybe::Shown(None),
        }],
        verdicts: Vec::new(),
        records: AttestedSet { count: 3, root: hash },
        logs: AttestedSet { count: 0, root: hash },
        bands: hash,
        trust: None,
    };

    let attest = author.after(&packing, Body::Attest(attest));
    [stock, packing, attest]
}

#[test]
fn an_attestation_that_the_records_contradict_is_seen_where_both_are() {
    let found = |attested: &str| {
        let mut author = Author::new();
        let [stock, packing, attest] = packed(&mut author, attested);
        let cut = Sealed { items: Vec::new(), ..packing.clone() };
        let comparison = compared(&[&author.first, &cut, &attest], &[&author.first, &stock, &packing]);
        let told = comparison.contradictions.iter().map(|one| (one.what, one.shown_by, one.records.clone()));
        (told.collect::<Vec<_>>(), attest.record.id())
    };
    let (told, attest) = found("CA");
    let what = What::Other(FindingCode::AttestationContradicted);
    assert_eq!(told, [(what, Side::Joined, vec![attest])]);
    assert_eq!(found("AU").0, []);
}
