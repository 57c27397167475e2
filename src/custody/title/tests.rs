//! Titles, receipts and pledges in small worlds.

use super::super::testing::*;
use super::*;
use crate::model::dealings::Title::{Endorse, Pledge, Receipt, Release, Sale};
use crate::model::event::Receiver;
use crate::model::evidence::Mixing::Discrete;
use crate::model::evidence::WithdrawReason;
use crate::model::finding::{FindingCode, Weight};

const NOT_HELD: FindingCode = FindingCode::TitleNotHeld;
const DOUBLE: (FindingCode, Weight) = (FindingCode::DoubleClaim, Weight::Fail);
const CONTESTED: (FindingCode, Weight) = (FindingCode::ClaimContested, Weight::Unknown);

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn weights(world: &World) -> Vec<(FindingCode, Weight)> {
    findings(&world.graph(), day("2026-06-01")).iter().map(|one| (one.code, one.weight)).collect()
}

/// A heap of a hundred kilograms that the plant made.
fn heap() -> (World, LotRef) {
    let mut world = World::new();
    let made = world.intake("plant", vec![named("HEAP", "oxide.Nd", 100)], vec![]);
    (world, out(made, 0))
}

fn owner(world: &World, lot: LotRef) -> Option<Owner> {
    owner_of(&world.graph(), &lot, day("2026-06-01"))
}

fn retitle(world: &mut World, id: RecordId, change: impl FnOnce(&mut crate::model::event::TransferTitle)) {
    world.change(id, |record| {
        if let Body::TransferTitle(title) = &mut record.event.body {
            change(title);
        }
    });
}

#[test]
fn a_sale_moves_the_owner_and_handovers_and_repacks_do_not() {
    let (mut world, heap) = heap();
    assert_eq!(owner(&world, heap), None);
    world.title("plant", Sale, (heap, 100), "buyer");
    let received = world.hand_over("plant", "works", heap);
    let bags = vec![lot("oxide.Nd", 60), lot("oxide.Nd", 40)];
    let packed = world.repack("works", Discrete, vec![take(received, 0, 100)], bags);
    let buyer = Some(Owner::Party(world.party("buyer")));
    assert_eq!(owner(&world, received), buyer);
    assert_eq!(owner(&world, out(packed, 1)), buyer);
    assert_eq!(weights(&world), vec![]);
    world.title("buyer", Sale, (out(packed, 1), 40), "mine");
    assert_eq!(owner(&world, out(packed, 1)), Some(Owner::Party(world.party("mine"))));
    assert_eq!(owner(&world, out(packed, 0)), buyer);
    assert_eq!(weights(&world), vec![]);
}

#[test]
fn parts_stay_whose_they_are_through_a_handover() {
    let (mut world, heap) = heap();
    world.title("plant", Sale, (heap, 60), "buyer");
    let received = world.hand_over("plant", "works", heap);
    world.title("buyer", Sale, (received, 60), "mine");
    assert_eq!(weights(&world), vec![]);
    world.title("plant", Sale, (received, 41), "mine");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
    assert_eq!(owner(&world, received), Some(Owner::Open("several")));
}

#[test]
fn a_sale_counts_from_its_first_day_on() {
    let (mut world, heap) = heap();
    let sale = world.title("plant", Sale, (heap, 100), "buyer");
    retitle(&mut world, sale, |title| title.from = day("2026-06-02"));
    assert_eq!(owner(&world, heap), None);
    assert_eq!(owner_of(&world.graph(), &heap, day("2026-06-02")), Some(Owner::Party(world.party("buyer"))));
}

#[test]
fn a_stranger_sells_nothing_and_nobody_sells_twice() {
    let (mut world, heap) = heap();
    world.title("works", Sale, (heap, 100), "buyer");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
    let (mut world, heap) = self::heap();
    world.title("plant", Sale, (heap, 60), "buyer");
    world.title("plant", Sale, (heap, 40), "works");
    assert_eq!(weights(&world), vec![]);
    world.title("plant", Sale, (heap, 1), "mine");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
}

#[test]
fn who_has_anothers_goods_in_hand_may_have_bought_them_on_paper() {
    let (mut world, heap) = heap();
    let received = world.hand_over("plant", "works", heap);
    world.title("works", Sale, (received, 100), "buyer");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Unknown)]);
    // On consignment the owner is stated, and the consignee has nothing to sell.
    let plant = world.party("plant");
    world.change(received.record, |record| {
        if let Some(lots) = record.event.body.outputs_mut() {
            lots[0].owner = Maybe::Shown(Some(plant));
        }
    });
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
    world.title("plant", Sale, (heap, 100), "works");
    assert_eq!(weights(&world), vec![]);
}

#[test]
fn a_chain_of_title_that_rests_on_what_is_not_held_is_open() {
    let (mut world, heap) = heap();
    let first = world.title("plant", Sale, (heap, 100), "mine");
    world.title("mine", Sale, (heap, 100), "buyer");
    assert_eq!(weights(&world), vec![]);
    let mut lost = world.clone();
    lost.records.retain(|record| record.id != first);
    // A later record of the plant shows that one is missing before it.
    lost.title("plant", Sale, (heap, 1), "works");
    assert!(weights(&lost).contains(&(NOT_HELD, Weight::Unknown)), "{:?}", weights(&lost));
    let mut gone = world.clone();
    gone.records.retain(|record| record.id != heap.record);
    assert_eq!(weights(&gone), vec![(NOT_HELD, Weight::Unknown); 2]);
    retitle(&mut world, first, |title| title.titled = crate::model::maybe::MaybeList::Withheld(1));
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Withheld)]);
}

#[test]
fn an_owner_stated_against_the_records_is_open_and_one_repeated_is_not() {
    let (mut world, heap) = heap();
    world.title("plant", Sale, (heap, 100), "buyer");
    let packed = world.repack("plant", Discrete, vec![take(heap, 0, 100)], vec![lot("oxide.Nd", 100)]);
    let (plant, works) = (world.party("plant"), world.party("works"));
    let stating = |world: &World, party| {
        let mut world = world.clone();
        world.change(packed, |record| {
            if let Some(lots) = record.event.body.outputs_mut() {
                lots[0].owner = Maybe::Shown(Some(party));
            }
        });
        weights(&world)
    };
    assert_eq!(stating(&world, plant), vec![(NOT_HELD, Weight::Unknown)]);
    assert_eq!(stating(&world, works), vec![(NOT_HELD, Weight::Unknown)]);
    assert_eq!(stating(&world, world.party("buyer")), vec![]);
}

#[test]
fn receipts_up_to_the_lot_stand_and_one_more_milligram_contests_all() {
    let (mut world, heap) = heap();
    world.title("plant", Receipt, (heap, 60), "mine");
    let second = world.title("plant", Receipt, (heap, 40), "buyer");
    assert_eq!(weights(&world), vec![]);
    retitle(&mut world, second, |title| {
        let mut titled = title.titled.shown().unwrap().to_vec();
        titled[0].mass = crate::model::mass::Mass::from_mg(40_000_001);
        title.titled = titled.into();
    });
    assert_eq!(weights(&world), vec![DOUBLE, CONTESTED, CONTESTED]);
}

#[test]
fn the_smallest_number_that_is_too_much_is_said() {
    let (mut world, heap) = heap();
    for _ in 0..30 {
        world.title("plant", Receipt, (heap, 10), "buyer");
    }
    let found = findings(&world.graph(), day("2026-06-01"));
    assert_eq!(found.len(), 31);
    let set = found.iter().find(|one| one.code == FindingCode::DoubleClaim).unwrap();
    assert!(set.message.contains("any 11 of them are more already"), "{}", set.message);
    assert_eq!(set.records.len(), 30);
}

#[test]
fn a_right_that_is_released_or_has_ended_contests_nothing() {
    let (mut world, heap) = heap();
    let first = world.title("plant", Receipt, (heap, 100), "mine");
    let second = world.title("plant", Receipt, (heap, 100), "buyer");
    assert_eq!(weights(&world).len(), 3);
    let mut released = world.clone();
    released.title_about("mine", Release, (heap, 100), "plant", Some(first));
    assert_eq!(weights(&released), vec![]);
    released.title_about("mine", Release, (heap, 1), "plant", Some(first));
    assert_eq!(weights(&released), vec![(NOT_HELD, Weight::Warning)]);
    let mut alone = world.clone();
    alone.title_about("plant", Release, (heap, 100), "plant", Some(first));
    assert!(weights(&alone).contains(&(NOT_HELD, Weight::Fail)), "its issuer does not end it alone");
    assert!(weights(&alone).contains(&DOUBLE));
    retitle(&mut world, second, |title| title.until = Some(day("2026-05-31")));
    assert_eq!(weights(&world), vec![]);
    retitle(&mut world, second, |title| title.until = Some(day("2026-06-01")));
    assert_eq!(weights(&world).len(), 3);
}

#[test]
fn a_receipt_is_passed_on_by_its_holder_once() {
    let (mut world, heap) = heap();
    let receipt = world.title("plant", Receipt, (heap, 100), "mine");
    let passed = world.title_about("mine", Endorse, (heap, 100), "buyer", Some(receipt));
    world.title_about("buyer", Endorse, (heap, 100), "works", Some(passed));
    assert_eq!(weights(&world), vec![]);
    world.title_about("mine", Endorse, (heap, 100), "works", Some(receipt));
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
}

#[test]
fn a_pledge_of_a_receipt_adds_nothing_and_a_second_pledge_does() {
    let (mut world, heap) = heap();
    let receipt = world.title("plant", Receipt, (heap, 100), "mine");
    world.title_about("mine", Pledge, (heap, 100), "buyer", Some(receipt));
    assert_eq!(weights(&world), vec![]);
    world.title("mine", Pledge, (heap, 100), "works");
    assert_eq!(weights(&world)[0], DOUBLE);
}

#[test]
fn a_receipt_is_given_by_who_has_the_goods_and_only_for_what_is_there() {
    let (mut world, heap) = heap();
    world.title("works", Receipt, (heap, 100), "buyer");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
    let (mut world, heap) = self::heap();
    world.dispatch("plant", "works", vec![take(heap, 0, 60)]);
    world.title("plant", Receipt, (heap, 40), "buyer");
    assert_eq!(weights(&world), vec![]);
    world.title("plant", Receipt, (heap, 41), "mine");
    assert!(weights(&world).contains(&(NOT_HELD, Weight::Fail)));
}

#[test]
fn goods_that_were_repacked_are_there_only_once() {
    let (mut world, heap) = heap();
    world.title("plant", Receipt, (heap, 100), "mine");
    let packed = world.repack("plant", Discrete, vec![take(heap, 0, 100)], vec![lot("oxide.Nd", 100)]);
    world.title("plant", Receipt, (out(packed, 0), 100), "buyer");
    assert_eq!(weights(&world), vec![DOUBLE, CONTESTED, CONTESTED]);
}

#[test]
fn two_claims_to_one_stretch_contradict_each_other_whatever_the_sum() {
    let (mut world, heap) = heap();
    let ids = [
        world.title("plant", Receipt, (heap, 50), "mine"),
        world.title("plant", Receipt, (heap, 10), "buyer"),
    ];
    let set = |world: &mut World, id, from| {
        retitle(world, id, |title| {
            let mut titled = title.titled.shown().unwrap().to_vec();
            titled[0].from = Some(kg(from));
            title.titled = titled.into();
        });
    };
    set(&mut world, ids[0], 0);
    set(&mut world, ids[1], 50);
    assert_eq!(weights(&world), vec![]);
    set(&mut world, ids[1], 49);
    assert_eq!(weights(&world), vec![DOUBLE, CONTESTED, CONTESTED]);
}

#[test]
fn a_receipt_alone_needs_its_issuers_whole_chain() {
    let (mut world, heap) = heap();
    world.title("plant", Receipt, (heap, 100), "mine");
    let hidden = world.title("plant", Receipt, (heap, 100), "buyer");
    let mut alone = world.clone();
    let plant = world.party("plant");
    alone.records.retain(|record| !(record.author == plant && record.seq == 3));
    assert_eq!(weights(&alone), vec![(FindingCode::NeedsWholeChain, Weight::Unknown)]);
    retitle(&mut world, hidden, |title| title.titled = crate::model::maybe::MaybeList::Withheld(1));
    assert_eq!(weights(&world), vec![(FindingCode::NeedsWholeChain, Weight::Withheld)]);
}

#[test]
fn a_receipt_taken_back_by_its_issuer_alone_is_contested_and_counts_once_it_was_passed_on() {
    let (mut world, heap) = heap();
    let first = world.title("plant", Receipt, (heap, 100), "mine");
    world.title("plant", Receipt, (heap, 100), "buyer");
    let mut passed_on = world.clone();
    world.withdraw("plant", first, WithdrawReason::EntryError);
    assert_eq!(weights(&world), vec![CONTESTED]);
    let by = world.records.last().unwrap().id;
    world.record("mine", Body::Acknowledge(crate::model::event::Acknowledge { target: by }));
    assert_eq!(weights(&world), vec![]);
    passed_on.title_about("mine", Endorse, (heap, 100), "works", Some(first));
    passed_on.withdraw("plant", first, WithdrawReason::EntryError);
    assert!(weights(&passed_on).contains(&DOUBLE));
}

#[test]
fn a_title_beyond_the_lot_or_over_no_lot_is_found() {
    let (mut world, heap) = heap();
    world.title("plant", Pledge, (heap, 101), "buyer");
    assert!(weights(&world).contains(&(FindingCode::BeyondLot, Weight::Fail)));
    let (mut world, heap) = self::heap();
    world.title("plant", Receipt, (LotRef { index: 7, ..heap }, 1), "buyer");
    assert_eq!(weights(&world), vec![(FindingCode::NoSuchOutput, Weight::Fail)]);
}

#[test]
fn what_went_outside_the_ledger_comes_back_by_paper() {
    let (mut world, heap) = heap();
    let receipt = world.title("plant", Receipt, (heap, 100), "mine");
    retitle(&mut world, receipt, |title| title.to = Maybe::Shown(Receiver::Outside(outsider("Bank"))));
    world.title_about("mine", Endorse, (heap, 100), "buyer", Some(receipt));
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Unknown)]);
}

#[test]
fn a_strangers_receipt_contests_nobody() {
    let (mut world, heap) = heap();
    world.title("plant", Receipt, (heap, 100), "mine");
    world.title("works", Receipt, (heap, 100), "works");
    assert_eq!(weights(&world), vec![(NOT_HELD, Weight::Fail)]);
}
