use super::super::testing::*;
use super::*;
use crate::model::event::Credit;
use crate::model::evidence::OriginClass;
use crate::model::finding::{FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};

use FindingCode::{AccountDiffers, AccountIncomplete, ClaimTwice, CreditUnfounded, Overdrawn};
use Weight::{Fail, Unknown, Withheld};

fn account(world: &World, of: &str) -> ClaimAccount {
    ClaimAccount {
        facility: world.place("plant"),
        scheme: "scheme".to_owned(),
        characteristic: "recycled.post_consumer".to_owned(),
        elements: of.parse().unwrap(),
    }
}

/// Recycled neodymium taken in by the plant.
fn feed() -> (World, LotRef) {
    let mut world = World::new();
    let mut lot = super::super::testing::named("FEED", "metal.Nd", 1000);
    lot.origin_class = Some(OriginClass::RecycledPostConsumer);
    let taken = world.intake("plant", vec![lot], vec![]);
    (world, out(taken, 0))
}

fn credit(lot: Option<LotRef>, mass: u64) -> Credit {
    Credit { day: "2026-01-05".parse().unwrap(), lot, mass: kg(mass), expires: None }
}

fn close(world: &mut World, of: &str, credits: Vec<Credit>, closing: u64) -> RecordId {
    let close = CloseAccount {
        account: account(world, of),
        period: "2026-01-01..2026-01-31".parse().unwrap(),
        previous: None,
        factor: "95 %".parse().unwrap(),
        opening: Maybe::Shown(Vec::new()),
        credits: credits.into(),
        closing: Maybe::Shown(kg(closing)),
    };
    world.record("plant", Body::CloseAccount(close))
}

fn claim(world: &mut World, by: &str, serial: &str, mass: u64) -> RecordId {
    let claim = RetireClaim {
        account: account(world, "Nd"),
        serial: serial.to_owned(),
        mass: kg(mass),
        day: "2026-01-20".parse().unwrap(),
        vintage: None,
        lot: None,
        beneficiary: Maybe::Shown(None),
    };
    world.record(by, Body::RetireClaim(claim))
}

fn found(world: &World) -> Vec<(FindingCode, Weight)> {
    findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
}

#[test]
fn claims_pass_up_to_factor_times_feed_and_fail_from_the_next_on() {
    let (mut world, lot) = feed();
    claim(&mut world, "plant", "1", 950);
    close(&mut world, "Nd", vec![credit(Some(lot), 1000)], 0);
    assert_eq!(found(&world), []);
    let (mut world, lot) = feed();
    claim(&mut world, "plant", "1", 949);
    let past = claim(&mut world, "plant", "2", 2);
    claim(&mut world, "plant", "3", 1);
    close(&mut world, "Nd", vec![credit(Some(lot), 1000)], 0);
    let all = findings(&world.graph());
    assert_eq!(found(&world), [(Overdrawn, Fail), (Overdrawn, Fail)]);
    assert_eq!(all[0].records, [past]);
}

#[test]
fn an_open_period_and_a_gap_in_the_chain_leave_claims_open() {
    let (mut world, lot) = feed();
    claim(&mut world, "plant", "1", 5000);
    assert_eq!(found(&world), [(AccountIncomplete, Unknown)]);
    close(&mut world, "Nd", vec![credit(Some(lot), 1000)], 0);
    assert_eq!(found(&world), [(Overdrawn, Fail)]);
    let gone = world.records.iter().position(|record| record.id == world.place("plant")).unwrap();
    world.records.remove(gone);
    assert_eq!(found(&world), [(AccountIncomplete, Unknown)]);
}

#[test]
fn withheld_credits_leave_claims_withheld() {
    let (mut world, lot) = feed();
    claim(&mut world, "plant", "1", 5);
    let by = close(&mut world, "Nd", vec![credit(Some(lot), 1000)], 945);
    world.change(by, |record| {
        if let Body::CloseAccount(close) = &mut record.event.body {
            close.credits = MaybeList::Withheld(1);
        }
    });
    assert_eq!(found(&world), [(AccountIncomplete, Withheld)]);
}

#[test]
fn a_close_states_what_its_figures_leave() {
    for (closing, expected) in [(940, vec![]), (941, vec![(AccountDiffers, Fail)])] {
        let (mut world, lot) = feed();
        claim(&mut world, "plant", "1", 10);
        close(&mut world, "Nd", vec![credit(Some(lot), 1000)], closing);
        assert_eq!(found(&world), expected, "{closing}");
    }
}

#[test]
fn a_credit_needs_a_lot_that_holds_the_element_and_enough_of_it_at_the_own_facility() {
    let (mut world, lot) = feed();
    close(&mut world, "Co", vec![credit(Some(lot), 10)], 9);
    assert_eq!(found(&world)[0], (CreditUnfounded, Fail));
    for (lot, mass, expected) in [
        (Some(lot), 1000, vec![]),
        (Some(lot), 1001, vec![(CreditUnfounded, Fail)]),
        (None, 10, vec![(CreditUnfounded, Unknown)]),
    ] {
        let (mut world, _) = feed();
        close(&mut world, "Nd", vec![credit(lot, mass)], mass * 95 / 100);
        let codes: Vec<_> = found(&world).into_iter().filter(|one| one.0 == CreditUnfounded).collect();
        assert_eq!(codes, expected, "{mass}");
    }
    let (mut world, _) = feed();
    let other = world.intake("works", vec![super::super::testing::named("X", "metal.Nd", 1000)], vec![]);
    close(&mut world, "Nd", vec![credit(Some(out(other, 0)), 100)], 95);
    assert_eq!(found(&world), [(CreditUnfounded, Fail)]);
}

#[test]
fn one_lot_is_not_credited_twice_for_one_element() {
    let (mut world, lot) = feed();
    close(&mut world, "Nd", vec![credit(Some(lot), 600)], 570);
    close(&mut world, "NdPr", vec![credit(Some(lot), 401)], 380);
    assert!(found(&world).contains(&(CreditUnfounded, Fail)));
}

#[test]
fn virgin_metal_brings_no_recycled_credit_and_unsaid_leaves_it_open() {
    for (class, expected) in [(Some(OriginClass::Primary), Fail), (None, Unknown)] {
        let (mut world, lot) = feed();
        world.change(lot.record, |record| {
            record.event.body.outputs_mut().unwrap()[0].origin_class = class;
        });
        close(&mut world, "Nd", vec![credit(Some(lot), 100)], 95);
        assert_eq!(found(&world), [(CreditUnfounded, expected)]);
    }
}

#[test]
fn a_serial_is_used_up_once_whoever_does_it() {
    let (mut world, lot) = feed();
    claim(&mut world, "plant", "1", 10);
    close(&mut world, "Nd", vec![credit(Some(lot), 1000)], 940);
    assert_eq!(found(&world), []);
    claim(&mut world, "works", "1", 10);
    assert!(found(&world).contains(&(ClaimTwice, Fail)));
}
