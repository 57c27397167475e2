//! What the front desk lets into the own chain.

use super::*;
use crate::model::kind::Kind;

fn mine() -> (Desk, LotRef) {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    (mine, ore)
}

#[test]
fn a_lot_may_be_used_to_its_last_milligram_and_not_one_further() {
    let (mut mine, ore) = mine();
    let past = Input { mass: Mass::from_mg(kg(60).mg() + 1), ..take(ore, 40, 60) };
    let body = mine.repacking(vec![past], vec![lot("A", "ore", 60)]);
    let refusal = mine.refused(body);
    assert!(matches!(&refusal, Refusal::BeyondLot { lot, mass, .. } if lot == "O-1" && *mass == kg(100)));
    let body = mine.repacking(vec![take(ore, 40, 60)], vec![lot("A", "ore", 60)]);
    mine.record(body).unwrap();
    let body = mine.repacking(vec![take(ore, 0, 40)], vec![lot("B", "ore", 40)]);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn a_stretch_is_used_once_in_one_event_over_events_and_after_opening_again() {
    let (mut mine, ore) = mine();
    let twice = vec![take(ore, 0, 10), Input { from: Mass::from_mg(kg(10).mg() - 1), ..take(ore, 0, 10) }];
    let body = mine.repacking(twice, vec![lot("A", "ore", 20)]);
    assert!(matches!(mine.refused(body), Refusal::TwiceInEvent { .. }));
    let body = mine.repacking(vec![take(ore, 0, 10), take(ore, 10, 10)], vec![lot("A", "ore", 20)]);
    let first = mine.record(body).unwrap();
    for desk_reopened in [false, true] {
        if desk_reopened {
            mine = mine.reopen();
        }
        // One milligram of it was used before.
        let stretch = Input { from: Mass::from_mg(kg(20).mg() - 1), ..take(ore, 0, 5) };
        let body = mine.repacking(vec![stretch], vec![lot("B", "ore", 5)]);
        let refusal = mine.refused(body);
        assert!(matches!(refusal, Refusal::UsedBefore { by, free, .. } if by == first && free == kg(20)));
    }
    let body = mine.repacking(vec![take(ore, 20, 5)], vec![lot("B", "ore", 5)]);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn nothing_is_used_after_a_lot_was_emptied() {
    let (mut mine, ore) = mine();
    let last = Input { empties: true, ..take(ore, 0, 90) };
    let body = mine.repacking(vec![last], vec![lot("A", "ore", 90)]);
    let by = mine.record(body).unwrap();
    let body = mine.repacking(vec![take(ore, 90, 1)], vec![lot("B", "ore", 1)]);
    assert!(matches!(mine.refused(body), Refusal::Emptied { by: found, .. } if found == by));
}

#[test]
fn inputs_must_be_held_and_outputs_must_exist() {
    let (mut mine, ore) = mine();
    let body =
        mine.repacking(vec![take(out(RecordId::from_bytes([9; 32]), 0), 0, 1)], vec![lot("A", "ore", 1)]);
    assert!(matches!(mine.refused(body), Refusal::MissingInput { .. }));
    let body = mine.repacking(vec![take(out(ore.record, 1), 0, 1)], vec![lot("A", "ore", 1)]);
    assert!(matches!(mine.refused(body), Refusal::NoSuchOutput { outputs: 1, .. }));
}

#[test]
fn work_is_at_the_authors_own_facility() {
    let (mut mine, _) = mine();
    let mut plant = Desk::new("plant");
    let file = plant.export(&[]);
    let own = mine.place;
    mine.place = plant.place;
    let body = mine.extraction("O-2", 1);
    assert!(matches!(mine.refused(body), Refusal::FacilityMissing { .. }));
    mine.ledger.import(&file, "plant.lode").unwrap();
    let body = mine.extraction("O-2", 1);
    let refusal = mine.refused(body);
    assert!(
        matches!(&refusal, Refusal::ForeignFacility { whose, .. } if whose.contains("plant")),
        "{refusal}"
    );
    mine.place = out(mine.ledger.find_record(&own.to_hex()[..16]).unwrap(), 0).record;
    mine.extract("O-2", 1);
}

#[test]
fn in_transit_only_the_named_receiver_takes_over_and_only_by_receiving() {
    let (mut mine, ore) = mine();
    let mut plant = Desk::new("plant");
    let mut trader = Desk::new("trader");
    let sent = mine.dispatch(plant.party(), ore, "D-1", 50);
    let body = mine.repacking(vec![take(sent, 0, 1)], vec![lot("A", "ore", 1)]);
    assert!(matches!(mine.refused(body), Refusal::WrongConsumer { .. }));
    let file = mine.export(&[sent]);
    for desk in [&mut plant, &mut trader] {
        desk.ledger.import(&file, "mine.lode").unwrap();
    }
    let body = trader.receiving(vec![take(sent, 0, 50)], vec![lot("R-1", "ore", 50)]);
    assert!(matches!(trader.refused(body), Refusal::WrongConsumer { .. }));
    let body = plant.repacking(vec![take(sent, 0, 50)], vec![lot("A", "ore", 50)]);
    assert!(matches!(plant.refused(body), Refusal::InTransit { .. }));
    let body = plant.receiving(vec![take(ore, 0, 50)], vec![lot("R-1", "ore", 50)]);
    assert!(matches!(plant.refused(body), Refusal::WrongConsumer { .. }));
    let body = plant.receiving(vec![take(sent, 0, 50)], vec![lot("R-1", "ore", 49)]);
    plant.record(body).unwrap();
    plant.check();
}

#[test]
fn what_went_outside_or_to_nobody_yet_is_used_by_nobody() {
    let (mut mine, ore) = mine();
    let body = mine.dispatching(Receiver::Later, vec![take(ore, 0, 5)], vec![lot("D-1", "ore", 5)]);
    let sent = out(mine.record(body).unwrap(), 0);
    let body = mine.receiving(vec![take(sent, 0, 5)], vec![lot("R-1", "ore", 5)]);
    assert!(matches!(mine.refused(body), Refusal::NoConsumer { .. }));
}

#[test]
fn a_handover_keeps_material_mass_and_number() {
    let (mut mine, ore) = mine();
    let to = Receiver::Party(PartyId::from_bytes([5; 32]));
    let one = |mass| vec![take(ore, 0, mass)];
    let body = mine.dispatching(to.clone(), one(5), vec![lot("D", "concentrate", 5)]);
    assert!(matches!(mine.refused(body), Refusal::OtherMaterial { .. }));
    let more = Lot::new("ore".parse().unwrap(), Quantity::of(Mass::from_mg(kg(5).mg() + 1)));
    let body = mine.dispatching(to.clone(), one(5), vec![more]);
    assert!(matches!(mine.refused(body), Refusal::OtherMass { .. }));
    let body = mine.dispatching(to.clone(), one(5), vec![lot("D", "ore", 5), lot("E", "ore", 5)]);
    assert!(matches!(mine.refused(body), Refusal::UnequalCount { inputs: 1, outputs: 2 }));
    let body = mine.dispatching(to, one(5), vec![lot("D", "ore", 5)]);
    mine.record(body).unwrap();
}

#[test]
fn refused_goods_go_back_to_their_sender_who_receives_them() {
    let (mut mine, ore) = mine();
    let mut plant = Desk::new("plant");
    let sent = mine.dispatch(plant.party(), ore, "D-1", 50);
    let file = mine.export(&[sent]);
    plant.ledger.import(&file, "mine.lode").unwrap();
    let refuse = |plant: &Desk, to| {
        Body::Refuse(Refuse {
            at: plant.at(),
            receiver: Maybe::Shown(Receiver::Party(to)),
            inputs: MaybeList::Shown(vec![take(sent, 0, 50)]),
            outputs: vec![lot("D-1", "ore", 50)],
            reason: Maybe::Shown(None),
        })
    };
    let body = refuse(&plant, plant.party());
    assert!(matches!(plant.refused(body), Refusal::NotSentBack { .. }));
    let body = refuse(&plant, mine.party());
    let back = out(plant.record(body).unwrap(), 0);
    let file = plant.export(&[back]);
    mine.ledger.import(&file, "plant.lode").unwrap();
    let body = mine.receiving(vec![take(back, 0, 50)], vec![lot("O-1b", "ore", 50)]);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn withdrawing_frees_what_was_used_unless_the_record_was_handed_out() {
    for exported in [false, true] {
        let (mut mine, ore) = mine();
        let body = mine.repacking(vec![take(ore, 0, 10)], vec![lot("A", "ore", 10)]);
        let used = mine.record(body).unwrap();
        if exported {
            mine.export(&[ore]);
        }
        mine.record(Desk::withdrawing(used)).unwrap();
        for reopened in [false, true] {
            if reopened {
                mine = mine.reopen();
            }
            let body = mine.repacking(vec![take(out(used, 0), 0, 1)], vec![lot("B", "ore", 1)]);
            assert!(matches!(mine.refused(body), Refusal::Withdrawn { .. }));
            let body = mine.repacking(vec![take(ore, 0, 1)], vec![lot("B", "ore", 1)]);
            match exported {
                true => assert!(matches!(mine.refused(body), Refusal::UsedBefore { .. })),
                false if reopened => assert!(matches!(mine.refused(body), Refusal::UsedBefore { .. })),
                false => drop(mine.record(body).unwrap()),
            }
        }
        assert!(matches!(
            mine.refused(Desk::withdrawing(used)),
            Refusal::WrongTarget { why: "was withdrawn before", .. }
        ));
    }
}

#[test]
fn an_event_refused_in_the_middle_leaves_nothing_of_its_batch() {
    let (mut mine, ore) = mine();
    let count = mine.ledger.count();
    let events = vec![
        Event::new(mine.extraction("O-2", 1)),
        Event::new(mine.repacking(vec![take(ore, 0, 101)], vec![lot("A", "ore", 101)])),
        Event::new(mine.extraction("O-3", 1)),
    ];
    let now = time(mine.now);
    let error = mine.ledger.append(events, &commercial, now, &mut mine.entropy).unwrap_err();
    assert!(matches!(error, AppendError::Refused { event: 1, .. }), "{error}");
    assert!(error.to_string().contains("event 2 (repack) is refused"), "{error}");
    assert_eq!(mine.ledger.count(), count);
    assert!(mine.ledger.find_lot("O-2").is_err());
    mine.extract("O-4", 1);
    mine.check();
}

#[test]
fn events_of_a_batch_use_lots_of_earlier_ones_by_label() {
    let (mut mine, _) = mine();
    let (first, second) = (mine.extraction("O-2", 10), |lot| vec![take(lot, 0, 10)]);
    let at = mine.at();
    let mut batch = mine.ledger.begin(time(mine.now)).unwrap();
    batch.add(Event::new(first), &commercial, &mut mine.entropy).unwrap();
    let found = batch.find_lot("O-2", Kind::Repack).unwrap();
    let repack = |inputs| {
        Event::new(Body::Repack(Repack {
            at: at.clone(),
            mixing: Mixing::Discrete,
            inputs: MaybeList::Shown(inputs),
            outputs: vec![lot("A", "ore", 10)],
            losses: MaybeList::Shown(Vec::new()),
        }))
    };
    batch.add(repack(second(found)), &commercial, &mut mine.entropy).unwrap();
    let again = batch.add(repack(second(found)), &commercial, &mut mine.entropy).unwrap_err();
    assert!(matches!(again, AppendError::Refused { event: 2, .. }));
    assert_eq!(batch.len(), 2);
    batch.commit().unwrap();
    let mut mine = mine.reopen();
    assert_eq!(mine.ledger.account(&found).unwrap().unwrap().left(), Some(Mass::ZERO));
    mine.check();
}

#[test]
fn a_batch_that_is_dropped_leaves_no_trace() {
    let (mut mine, ore) = mine();
    let body = mine.repacking(vec![take(ore, 0, 100)], vec![lot("A", "ore", 100)]);
    let mut batch = mine.ledger.begin(time(mine.now)).unwrap();
    batch.add(Event::new(body.clone()), &commercial, &mut mine.entropy).unwrap();
    drop(batch);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn a_clock_a_little_behind_claims_the_time_of_the_last_record() {
    let (mut mine, _) = mine();
    let last = mine.now;
    let body = vec![Event::new(mine.extraction("O-2", 1))];
    let appended = mine.ledger.append(body, &commercial, time(last - 15), &mut mine.entropy).unwrap();
    assert!(appended.warnings.is_empty());
    let record = mine.ledger.record(&appended.records[0]).unwrap().unwrap();
    assert_eq!(record.signed_at, time(last));
}

#[test]
fn the_clock_is_compared_with_the_last_record() {
    let (mut mine, _) = mine();
    let last = mine.now;
    assert_eq!(mine.ledger.clock(time(last)), None);
    assert_eq!(mine.ledger.clock(time(last + 86_400_000)), None);
    assert_eq!(mine.ledger.clock(time(last - 60_000)), None);
    assert!(matches!(mine.ledger.clock(time(last - 60_001)), Some(Warning::ClockBack { .. })));
    let jump = time(last + 86_400_001);
    assert!(matches!(mine.ledger.clock(jump), Some(Warning::ClockJump { days: 1, .. })));
    let body = vec![Event::new(mine.extraction("O-2", 1))];
    let appended = mine.ledger.append(body, &commercial, jump, &mut mine.entropy).unwrap();
    assert_eq!(appended.warnings.len(), 1);
}

#[test]
fn a_ledger_restored_from_an_old_copy_may_not_fork_its_own_chain() {
    let (mut mine, ore) = mine();
    let store = mine.dir.path().join("ledger/store");
    let copy = mine.dir.path().join("copy");
    mine = mine.reopen();
    copy_dir(&store, &copy);
    mine.extract("O-2", 1);
    let newest = mine.export(&[ore]);
    let Desk { dir, ledger, entropy, place, now } = mine;
    drop(ledger);
    std::fs::remove_dir_all(&store).unwrap();
    copy_dir(&copy, &store);
    let ledger = Ledger::open(&dir.path().join("ledger")).unwrap();
    let mut mine = Desk { dir, ledger, entropy, place, now };
    let body = mine.extraction("O-3", 1);
    let error = mine.record(body.clone()).unwrap_err();
    assert!(error.hint().unwrap().contains("fork"), "{error}");
    // Taking in what was handed out before puts the chain right.
    assert_eq!(mine.ledger.import(&newest, "own.lode").unwrap().new, 1);
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn nothing_happens_at_a_facility_whose_declaration_was_withdrawn() {
    let (mut mine, _) = mine();
    mine.record(Desk::withdrawing(mine.place)).unwrap();
    let body = mine.extraction("O-2", 1);
    assert!(
        matches!(mine.refused(body), Refusal::FacilityWithdrawn { facility } if facility == "`mine works`")
    );
}

#[test]
fn only_an_own_status_of_the_right_kind_is_ended() {
    let (mut mine, ore) = mine();
    let accredit = |facility| {
        Body::Accredit(Accredit {
            subject: PartyId::from_bytes([7; 32]),
            facility,
            role: crate::model::evidence::Role::Miner,
            valid: "2026-01-01..2026-12-31".parse().unwrap(),
            scheme: "mining law".into(),
            number: Maybe::Shown(None),
            stages: Vec::new(),
            materials: Vec::new(),
            limit: None,
        })
    };
    let end = |target| {
        let from = "2026-11-04".parse().unwrap();
        Body::WithdrawAccreditation(EndStatus { target, from, until: None, reason: Maybe::Shown(None) })
    };
    assert!(matches!(mine.refused(accredit(Some(ore.record))), Refusal::NoFacility { .. }));
    let target = mine.record(accredit(None)).unwrap();
    for (target, expected) in
        [(RecordId::from_bytes([1; 32]), "is not held here"), (ore.record, "is no accreditation")]
    {
        assert!(matches!(mine.refused(end(target)), Refusal::WrongTarget { why, .. } if why == expected));
    }
    mine.record(end(target)).unwrap();
    let mut other = Desk::new("other");
    let file = mine.export(&[]);
    other.ledger.import(&file, "mine.lode").unwrap();
    assert!(matches!(other.refused(end(target)), Refusal::WrongTarget { .. }));
}

#[test]
fn a_lot_is_measured_by_its_holder() {
    let (mut mine, ore) = mine();
    let measure = |desk: &Desk| {
        Body::Measure(Measure {
            at: desk.at(),
            lot: ore,
            quantity: Maybe::Shown(Some(Quantity::of(kg(99)))),
            composition: Maybe::Shown(Vec::new()),
        })
    };
    let mut other = Desk::new("other");
    let file = mine.export(&[]);
    other.ledger.import(&file, "mine.lode").unwrap();
    let body = measure(&other);
    assert!(matches!(other.refused(body), Refusal::WrongConsumer { .. }));
    let body = measure(&mine);
    mine.record(body).unwrap();
}

#[test]
fn a_mass_that_the_sender_withholds_is_a_warning() {
    let (mut mine, ore) = mine();
    let mut plant = Desk::new("plant");
    let sent = mine.dispatch(plant.party(), ore, "D-1", 50);
    let show = vec!["receiver".parse().unwrap()];
    let export = Export { lots: vec![sent], show, ..Export::default() };
    let file = mine.ledger.export(&export).unwrap().bytes;
    plant.ledger.import(&file, "mine.lode").unwrap();
    let body = plant.receiving(vec![take(sent, 0, 50)], vec![lot("R-1", "ore", 50)]);
    let now = time(plant.now);
    let appended = plant.ledger.append(vec![Event::new(body)], &commercial, now, &mut plant.entropy).unwrap();
    assert!(matches!(&appended.warnings[..], [Warning::MassWithheld { event: 0, .. }]));
}

#[test]
fn what_is_left_is_not_guessed_when_an_own_value_was_erased() {
    let (mut mine, ore) = mine();
    let body = mine.repacking(vec![take(ore, 0, 10)], vec![lot("A", "ore", 10)]);
    let used = mine.record(body).unwrap();
    let number = mine.ledger.store.find(&used).unwrap().unwrap();
    mine.ledger.store.erase_private(number).unwrap();
    let mut mine = mine.reopen();
    let body = mine.repacking(vec![take(ore, 50, 10)], vec![lot("B", "ore", 10)]);
    assert!(matches!(mine.refused(body), Refusal::UseHidden { by, .. } if by == used));
}

pub(super) fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_dir(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}
