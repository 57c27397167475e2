//! What the front desk lets be said of earlier records.

use super::*;
use crate::custody::amend::statements::Misfit;
use crate::model::dealings::{CorrectReason, DisputeReason, Outcome};
use crate::verify::examine;

fn correcting(target: RecordId, body: Body) -> Body {
    let replacement = Replacement(Box::new(body));
    Body::Correct(Correct { target, reason: CorrectReason::EntryError, replacement })
}

fn disputing(about: Subject) -> Body {
    Body::Dispute(Dispute { about, reason: DisputeReason::Quantity, claim: Maybe::Shown(None) })
}

fn resolving(target: RecordId, outcome: Outcome) -> Body {
    Body::Resolve(Resolve { target, outcome, terms: Maybe::Shown(None) })
}

fn misfit(refusal: &Refusal) -> Option<Misfit> {
    match refusal {
        Refusal::Amend(AmendRefusal::Misfit { misfit, .. }) => Some(*misfit),
        _ => None,
    }
}

/// A mine with ore of 100 kg, of which the first 60 kg are packed.
fn packed() -> (Desk, LotRef, LotRef) {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    let body = mine.repacking(vec![take(ore, 0, 60)], vec![lot("A", "ore", 60)]);
    let bags = out(mine.record(body).unwrap(), 0);
    (mine, ore, bags)
}

#[test]
fn a_correction_frees_what_it_no_longer_uses_and_takes_what_is_free() {
    let (mut mine, ore, bags) = packed();
    let past = Input { mass: Mass::from_mg(kg(60).mg() + 1), ..take(ore, 40, 60) };
    let body = correcting(bags.record, mine.repacking(vec![past], vec![lot("A", "ore", 60)]));
    assert!(matches!(mine.refused(body), Refusal::BeyondLot { .. }));
    let body = correcting(bags.record, mine.repacking(vec![take(ore, 40, 60)], vec![lot("A", "ore", 60)]));
    mine.record(body).unwrap();
    for reopened in [false, true] {
        if reopened {
            mine = mine.reopen();
        }
        let body = mine.repacking(vec![take(ore, 39, 2)], vec![lot("B", "ore", 2)]);
        let refusal = mine.refused(body);
        assert!(matches!(refusal, Refusal::UsedBefore { by, .. } if by == bags.record), "{refusal}");
    }
    let body = mine.repacking(vec![take(ore, 0, 40)], vec![lot("B", "ore", 40)]);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn what_was_handed_out_stays_used() {
    let (mut mine, ore, bags) = packed();
    mine.export(&[]);
    let body = correcting(bags.record, mine.repacking(vec![take(ore, 40, 60)], vec![lot("A", "ore", 60)]));
    mine.record(body).unwrap();
    for reopened in [false, true] {
        if reopened {
            mine = mine.reopen();
        }
        let body = mine.repacking(vec![take(ore, 0, 1)], vec![lot("B", "ore", 1)]);
        assert!(matches!(mine.refused(body), Refusal::UsedBefore { by, .. } if by == bags.record));
    }
}

#[test]
fn two_records_change_places_in_one_batch_and_not_one_after_the_other() {
    let (mut mine, ore, first) = packed();
    let body = mine.repacking(vec![take(ore, 60, 40)], vec![lot("B", "ore", 40)]);
    let second = out(mine.record(body).unwrap(), 0);
    let to_back =
        correcting(first.record, mine.repacking(vec![take(ore, 40, 60)], vec![lot("A", "ore", 60)]));
    let to_front =
        correcting(second.record, mine.repacking(vec![take(ore, 0, 40)], vec![lot("B", "ore", 40)]));
    assert!(matches!(mine.refused(to_back.clone()), Refusal::UsedBefore { by, .. } if by == second.record));
    let events = [to_back, to_front].map(Event::new).to_vec();
    mine.now += 3_600_000;
    mine.ledger.append(events, &commercial, time(mine.now), &mut mine.entropy).unwrap();
    mine = mine.reopen();
    let body = mine.repacking(vec![take(ore, 39, 1)], vec![lot("C", "ore", 1)]);
    assert!(matches!(mine.refused(body), Refusal::UsedBefore { by, .. } if by == second.record));
    mine.check();
}

#[test]
fn corrected_lots_have_their_new_mass_and_label_and_appended_ones_are_there() {
    let (mut mine, ore, bags) = packed();
    let outputs = vec![lot("A-1", "ore", 50), lot("DUST", "ore", 10)];
    let body = correcting(bags.record, mine.repacking(vec![take(ore, 0, 60)], outputs));
    mine.record(body).unwrap();
    for reopened in [false, true] {
        if reopened {
            mine = mine.reopen();
        }
        assert_eq!(mine.ledger.find_lot("A-1").unwrap(), bags);
        assert_eq!(mine.ledger.find_lot("DUST").unwrap(), out(bags.record, 1));
        assert!(mine.ledger.find_lot("A").is_err());
        let today = "2026-11-04".parse().unwrap();
        let lots = mine.ledger.lots(today).unwrap();
        let held = lots.iter().find(|one| one.lot == bags).unwrap();
        assert_eq!((held.mass, held.left), (Some(kg(50)), Some(kg(50))));
        let body = mine.repacking(vec![take(bags, 0, 51)], vec![lot("C", "ore", 51)]);
        assert!(matches!(mine.refused(body), Refusal::BeyondLot { mass, .. } if mass == kg(50)));
    }
    let body = mine.repacking(vec![take(out(bags.record, 1), 0, 10)], vec![lot("C", "ore", 10)]);
    mine.record(body).unwrap();
}

#[test]
fn a_mass_below_what_was_used_is_recorded_with_a_warning() {
    let (mut mine, ore, _) = packed();
    let mut correct = |mass: u64| {
        let body = correcting(ore.record, mine.extraction("O-1", mass));
        mine.now += 3_600_000;
        let appended =
            mine.ledger.append(vec![Event::new(body)], &commercial, time(mine.now), &mut mine.entropy);
        appended.unwrap().warnings
    };
    assert_eq!(correct(60), vec![]);
    let warnings = correct(59);
    assert!(
        matches!(&warnings[..], [Warning::BelowUse { mass, used, .. }] if *mass == kg(59) && *used == kg(60))
    );
}

#[test]
fn a_correction_changes_neither_owner_kind_receiver_nor_number_of_lots() {
    let (mut mine, ore, bags) = packed();
    let mut buyer = Desk::new("buyer");
    let body = correcting(bags.record, mine.extraction("A", 60));
    assert_eq!(misfit(&mine.refused(body)), Some(Misfit::OtherKind));
    let body = correcting(mine.place, Body::Acknowledge(Acknowledge { target: bags.record }));
    assert_eq!(misfit(&mine.refused(body)), Some(Misfit::OtherKind));
    let two = vec![lot("C", "ore", 30), lot("D", "ore", 10)];
    let body = mine.repacking(vec![take(ore, 60, 40)], two);
    let split = mine.record(body).unwrap();
    let body = correcting(split, mine.repacking(vec![take(ore, 60, 40)], vec![lot("C", "ore", 40)]));
    assert_eq!(misfit(&mine.refused(body)), Some(Misfit::FewerOutputs));
    let sent = mine.dispatch(buyer.party(), bags, "A", 60);
    let inputs = vec![take(bags, 0, 60)];
    let body = mine.dispatching(Receiver::Later, inputs, vec![lot("A", "ore", 60)]);
    assert_eq!(misfit(&mine.refused(correcting(sent.record, body))), Some(Misfit::OtherReceiver));
    let withdrawn = mine.record(Desk::withdrawing(split)).unwrap();
    let body = correcting(withdrawn, Desk::withdrawing(split));
    assert_eq!(misfit(&mine.refused(body)), Some(Misfit::Control));
    let body = correcting(
        split,
        mine.repacking(vec![take(ore, 60, 40)], vec![lot("C", "ore", 30), lot("D", "ore", 10)]),
    );
    assert!(matches!(mine.refused(body), Refusal::WrongTarget { why: "was withdrawn before", .. }));
    let file = mine.export(&[]);
    buyer.ledger.import(&file, "file").unwrap();
    let body = correcting(ore.record, buyer.extraction("O-1", 1));
    assert_eq!(misfit(&buyer.refused(body)), Some(Misfit::OtherAuthor));
    let unknown = RecordId::from_bytes([7; 32]);
    let body = correcting(unknown, buyer.extraction("O-1", 1));
    assert!(matches!(buyer.refused(body), Refusal::WrongTarget { why: "is not held here", .. }));
}

#[test]
fn a_record_is_not_corrected_to_be_made_of_what_was_made_of_it() {
    let (mut mine, _, bags) = packed();
    let body = mine.repacking(vec![take(bags, 0, 30)], vec![lot("B", "ore", 30)]);
    let again = out(mine.record(body).unwrap(), 0);
    let body = correcting(bags.record, mine.repacking(vec![take(again, 0, 30)], vec![lot("A", "ore", 60)]));
    assert!(matches!(mine.refused(body), Refusal::Amend(AmendRefusal::Ring { .. })));
}

#[test]
fn a_correction_is_not_taken_back_but_followed_by_another() {
    let (mut mine, ore, _) = packed();
    let body = correcting(ore.record, mine.extraction("O-1", 90));
    let correction = mine.record(body).unwrap();
    let refusal = mine.refused(Desk::withdrawing(correction));
    assert!(matches!(refusal, Refusal::WrongTarget { .. }), "{refusal}");
    let body = correcting(ore.record, mine.extraction("O-1", 100));
    mine.record(body).unwrap();
}

#[test]
fn disputes_name_what_is_held_and_are_ended_by_those_who_may() {
    let (mut mine, ore, bags) = packed();
    let mut buyer = Desk::new("buyer");
    let unknown = Subject::Lot(out(RecordId::from_bytes([7; 32]), 0));
    assert!(matches!(mine.refused(disputing(unknown)), Refusal::Amend(AmendRefusal::NotHeld)));
    let sent = mine.dispatch(buyer.party(), bags, "A", 60);
    let file = mine.export(&[]);
    buyer.ledger.import(&file, "file").unwrap();
    let about = Subject::Lot(sent);
    let dispute = buyer.record(disputing(about)).unwrap();
    let refusal = buyer.refused(disputing(about));
    assert!(matches!(refusal, Refusal::Amend(AmendRefusal::Before { by, .. }) if by == dispute));
    let refusal = buyer.refused(resolving(ore.record, Outcome::Settled));
    assert!(matches!(refusal, Refusal::WrongTarget { why: "is no dispute", .. }));
    let file = buyer.export(&[]);
    mine.ledger.import(&file, "file").unwrap();
    let refusal = mine.refused(resolving(dispute, Outcome::Rejected));
    assert!(matches!(refusal, Refusal::Amend(AmendRefusal::OwnCause { .. })));
    let mut office = Desk::new("office");
    office.ledger.import(&file, "file").unwrap();
    office.now += 3_600_000;
    let events = vec![Event::new(resolving(dispute, Outcome::Rejected))];
    let appended = office.ledger.append(events, &commercial, time(office.now), &mut office.entropy).unwrap();
    assert!(matches!(&appended.warnings[..], [Warning::NotOwnDispute { author, .. }] if author == "buyer"));
    buyer.record(resolving(dispute, Outcome::Settled)).unwrap();
    let refusal = buyer.refused(resolving(dispute, Outcome::Settled));
    assert!(matches!(refusal, Refusal::Amend(AmendRefusal::Before { .. })));
    buyer.record(disputing(about)).unwrap();
}

#[test]
fn what_others_said_is_acknowledged_once() {
    let (mut mine, ore, _) = packed();
    let mut buyer = Desk::new("buyer");
    let own = Body::Acknowledge(Acknowledge { target: ore.record });
    assert!(matches!(mine.refused(own), Refusal::WrongTarget { .. }));
    let body = correcting(ore.record, mine.extraction("O-1", 90));
    let correction = mine.record(body).unwrap();
    let file = mine.export(&[]);
    buyer.ledger.import(&file, "file").unwrap();
    let body = Body::Acknowledge(Acknowledge { target: correction });
    let events = vec![Event::new(body.clone()), Event::new(body.clone())];
    let twice = buyer.ledger.append(events, &commercial, time(buyer.now + 1), &mut buyer.entropy);
    assert!(matches!(twice, Err(AppendError::Refused { event: 1, .. })));
    buyer.record(body.clone()).unwrap();
    assert!(matches!(buyer.refused(body), Refusal::Amend(AmendRefusal::Before { .. })));
}

#[test]
fn a_record_is_handed_over_with_its_corrections_and_what_they_rest_on() {
    let (mut mine, _, bags) = packed();
    let other = mine.extract("O-2", 100);
    let body = correcting(bags.record, mine.repacking(vec![take(other, 0, 60)], vec![lot("A", "ore", 60)]));
    mine.record(body).unwrap();
    let export = Export {
        lots: vec![bags],
        show: vec!["out/*/mass".parse().unwrap(), "in".parse().unwrap(), "out/*/label".parse().unwrap()],
        ..Export::default()
    };
    let file = mine.ledger.export(&export).unwrap();
    let pieces = export_file::read_lenient(&file.bytes, "file").pieces;
    let examined = examine(pieces.into());
    let graph = &examined.graph;
    assert_eq!(graph.lot(&other).and_then(Lot::mass), Some(kg(100)));
    assert_eq!(graph.label(&bags).as_deref(), Some("A"));
    let found = crate::custody::check::findings(graph, "2026-11-04".parse().unwrap());
    assert!(found.iter().all(|one| one.weight < crate::model::finding::Weight::Unknown), "{found:?}");
}
