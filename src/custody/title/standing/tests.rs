//! Receipts one by one in small worlds, with and without an order.

use super::*;
use crate::custody::testing::{World, kg, named, out};
use crate::model::dealings::Title::{Pledge, Receipt as Paper, Release, Sale};
use crate::model::event::{Body, TransferTitle};

fn heap() -> (World, LotRef) {
    let mut world = World::new();
    let made = world.intake("plant", vec![named("HEAP", "oxide.Nd", 100)], vec![]);
    (world, out(made, 0))
}

/// What is said against each receipt, in the order of their custodian's chain: nothing, or the worst of it.
fn weights(world: &World, lot: LotRef, order: Order) -> Vec<Option<Weight>> {
    let graph = world.graph();
    let day = "2026-06-01".parse().unwrap();
    let worst = |one: &Receipt<'_>| one.against.iter().map(|against| against.weight).max();
    receipts(&graph, &lot, day, order).iter().map(worst).collect()
}

fn first(world: &World, lot: LotRef) -> Vec<Option<Weight>> {
    weights(world, lot, Order::FirstRegistered)
}

fn retitle(world: &mut World, id: RecordId, change: impl FnOnce(&mut TransferTitle)) {
    world.change(id, |record| {
        if let Body::TransferTitle(title) = &mut record.event.body {
            change(title);
        }
    });
}

fn mass_mg(world: &mut World, id: RecordId, change: impl FnOnce(&mut crate::model::event::Titled)) {
    retitle(world, id, |title| {
        let mut titled = title.titled.shown().unwrap().to_vec();
        change(&mut titled[0]);
        title.titled = titled.into();
    });
}

#[test]
fn the_first_stand_up_to_the_last_milligram_and_without_an_order_none_does() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 60), "mine");
    let second = world.title("plant", Paper, (heap, 40), "buyer");
    assert_eq!(weights(&world, heap, Order::Open), vec![None, None]);
    assert_eq!(first(&world, heap), vec![None, None]);
    mass_mg(&mut world, second, |titled| titled.mass = Mass::from_mg(40_000_001));
    assert_eq!(weights(&world, heap, Order::Open), vec![Some(Weight::Unknown); 2]);
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail)]);
}

#[test]
fn days_that_are_claimed_change_nothing() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 100), "mine");
    let second = world.title("plant", Paper, (heap, 100), "buyer");
    retitle(&mut world, second, |title| title.from = "2020-01-01".parse().unwrap());
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail)]);
}

#[test]
fn a_receipt_covered_in_part_takes_what_is_left() {
    let (mut world, heap) = heap();
    for kilos in [60, 60, 40] {
        world.title("plant", Paper, (heap, kilos), "buyer");
    }
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail), Some(Weight::Fail)]);
}

#[test]
fn what_is_released_makes_room_and_what_may_be_released_leaves_open() {
    let (mut world, heap) = heap();
    let early = world.title("plant", Paper, (heap, 100), "mine");
    world.title("plant", Paper, (heap, 10), "buyer");
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail)]);
    let mut released = world.clone();
    released.title_about("mine", Release, (heap, 10), "plant", Some(early));
    assert_eq!(first(&released, heap), vec![None, None]);
    let mut hidden = world.clone();
    let mine = hidden.party("mine");
    hidden.records.retain(|record| record.author != mine);
    assert_eq!(first(&hidden, heap), vec![None, Some(Weight::Unknown)]);
}

#[test]
fn without_the_whole_chain_no_receipt_stands_and_none_fails() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 100), "mine");
    let lost = world.title("plant", Sale, (heap, 1), "buyer");
    world.title("plant", Paper, (heap, 10), "buyer");
    world.records.retain(|record| record.id != lost);
    assert_eq!(first(&world, heap), vec![Some(Weight::Unknown); 2]);
}

#[test]
fn a_chain_that_was_forked_has_no_order() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 60), "mine");
    let second = world.title("plant", Paper, (heap, 60), "buyer");
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail)]);
    let place = world.records.iter().find(|record| record.id == second).unwrap().seq;
    let other = world.title("plant", Pledge, (heap, 1), "buyer");
    world.change(other, |record| record.seq = place);
    assert_eq!(first(&world, heap), vec![Some(Weight::Unknown); 2]);
}

#[test]
fn between_two_chains_there_is_no_order() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 60), "mine");
    let received = world.hand_over("plant", "works", heap);
    world.title("works", Paper, (received, 40), "buyer");
    assert_eq!(first(&world, heap), vec![None]);
    assert_eq!(first(&world, received), vec![None, None]);
    world.title("works", Paper, (received, 1), "mine");
    let sorted = |world: &World| {
        let mut weights = first(world, received);
        weights.sort();
        weights
    };
    // The 40 kg fit whatever is before them; of the others each may be the one too many.
    let open = Some(Weight::Unknown);
    assert_eq!(sorted(&world), vec![None, open, open]);
    world.title("works", Paper, (received, 60), "mine");
    assert_eq!(sorted(&world), vec![None, open, open, Some(Weight::Fail)]);
}

#[test]
fn of_two_receipts_for_one_stretch_the_first_stands() {
    let (mut world, heap) = heap();
    let one = world.title("plant", Paper, (heap, 10), "mine");
    let two = world.title("plant", Paper, (heap, 10), "buyer");
    mass_mg(&mut world, one, |titled| titled.from = Some(kg(0)));
    mass_mg(&mut world, two, |titled| titled.from = Some(kg(10)));
    assert_eq!(first(&world, heap), vec![None, None]);
    mass_mg(&mut world, two, |titled| titled.from = Some(Mass::from_mg(9_999_999)));
    assert_eq!(first(&world, heap), vec![None, Some(Weight::Fail)]);
    assert_eq!(weights(&world, heap, Order::Open), vec![Some(Weight::Unknown); 2]);
}

#[test]
fn a_mass_that_is_withheld_leaves_all_open() {
    let (mut world, heap) = heap();
    world.title("plant", Paper, (heap, 60), "mine");
    world.change(heap.record, |record| {
        if let Some(lots) = record.event.body.outputs_mut() {
            lots[0].quantity = Maybe::Withheld;
        }
    });
    assert_eq!(first(&world, heap), vec![Some(Weight::Withheld)]);
}
