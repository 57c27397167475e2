//! Which charges can be in which draws, by days, by declaration, and through rings.

use super::*;
use crate::custody::ancestry;
use crate::custody::graph::Graph;
use crate::custody::testing::*;
use crate::custody::touch::{self, GapWhy, Presence, TouchPlace};
use crate::model::event::Host;
use crate::model::evidence::WithdrawReason;
use crate::model::lotref::LotRef;

/// Ore of a mine of that country, ready to be charged by the plant.
fn ore(world: &mut World, from: &str) -> LotRef {
    let mined = out(world.extract(from, vec![lot("oxide.Nd", 1000)]), 0);
    world.hand_over(from, "plant", mined)
}

fn sources(graph: &Graph, draw: RecordId) -> Vec<RecordId> {
    let position = graph.position(&draw).unwrap();
    let mut ids: Vec<RecordId> =
        graph.accounts().charges_of(position).into_iter().map(|at| graph.records()[at].id).collect();
    ids.sort_unstable();
    ids
}

/// How surely neodymium of a lot was mined in `country`.
fn mined_in(world: &World, lot: LotRef, country: &str) -> Option<Presence> {
    let place: crate::model::place::Place = country.parse().unwrap();
    touch::joint_presence(&world.graph(), &lot, "Nd".parse().unwrap(), |touch| {
        touch.step.stage == crate::model::stage::Stage::P10
            && matches!(touch.place, TouchPlace::At { place: found, .. } if found == place)
    })
}

fn gaps(world: &World, lot: LotRef) -> Vec<GapWhy> {
    let path = touch::paths(&world.graph(), &lot, &["Nd".parse().unwrap()]).remove(0);
    path.gaps.into_iter().map(|gap| gap.why).collect()
}

#[test]
fn a_window_reaches_from_so_many_days_before_the_draw_to_so_many_before_its_end() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 5);
    let ores = [0, 1, 2, 3].map(|_| ore(&mut world, "mine"));
    let days = ["2026-02-08", "2026-02-09", "2026-03-15", "2026-03-16"];
    let charges = [0, 1, 2, 3].map(|at| world.charge("plant", hall, days[at], vec![take(ores[at], 0, 1)]));
    let drawn = world.draw("plant", hall, "2026-03-11..2026-03-20", vec![lot("oxide.Nd", 1)]);
    let mut inside = charges[1..3].to_vec();
    inside.sort_unstable();
    assert_eq!(sources(&world.graph(), drawn), inside);
}

#[test]
fn a_barred_charge_in_the_window_is_certain_and_one_across_its_end_is_possible() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 0);
    let (good, bad) = (ore(&mut world, "mine"), ore(&mut world, "works"));
    world.charge("plant", hall, "2026-03-01", vec![take(good, 0, 1)]);
    let charged = world.charge("plant", hall, "2026-02-09..2026-02-12", vec![take(bad, 0, 1)]);
    for (day, expected) in [
        ("2026-03-11", Some(Presence::Certain)),
        ("2026-03-12", Some(Presence::Possible)),
        ("2026-03-14", Some(Presence::Possible)),
        ("2026-03-15", None),
    ] {
        let mut world = world.clone();
        let drawn = out(world.draw("plant", hall, day, vec![lot("oxide.Nd", 1)]), 0);
        assert_eq!(mined_in(&world, drawn, "CN"), expected, "{day}");
        let up = ancestry::upstream(&world.graph(), &[drawn]);
        assert_eq!(up.records.contains(&charged), expected.is_some());
    }
}

#[test]
fn without_a_declaration_every_earlier_charge_is_possible_and_none_certain() {
    let mut world = World::new();
    let hall = world.declare("plant", "JP", crate::model::facility::Operator::Author);
    let (good, bad) = (ore(&mut world, "mine"), ore(&mut world, "works"));
    world.charge("plant", hall, "2026-01-06", vec![take(bad, 0, 1)]);
    world.charge("plant", hall, "2026-03-01", vec![take(good, 0, 1)]);
    world.charge("plant", hall, "2026-06-01", vec![take(bad, 1, 1)]);
    let drawn = out(world.draw("plant", hall, "2026-05-31", vec![lot("oxide.Nd", 1)]), 0);
    assert_eq!(mined_in(&world, drawn, "CN"), Some(Presence::Possible));
    assert_eq!(sources(&world.graph(), drawn.record).len(), 2);
}

#[test]
fn a_circuit_that_took_nothing_but_barred_ore_is_barred_without_any_declaration() {
    let mut world = World::new();
    let hall = world.declare("plant", "JP", crate::model::facility::Operator::Author);
    let bad = ore(&mut world, "works");
    let charges: Vec<RecordId> =
        (0..3).map(|at| world.charge("plant", hall, "2026-03-01", vec![take(bad, at, 1)])).collect();
    let drawn = world.draw("plant", hall, "2026-03-31", vec![lot("oxide.Nd", 1)]);
    let mut covers = charges;
    covers.push(drawn);
    world.close("plant", hall, "2026-03-01..2026-03-31", (0, 2), covers);
    assert_eq!(mined_in(&world, out(drawn, 0), "CN"), Some(Presence::Certain));
}

#[test]
fn a_strangers_charge_changes_nothing_and_a_guests_does() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 0);
    let bad = out(world.extract("works", vec![lot("oxide.Nd", 10)]), 0);
    let charge = world.charge("works", hall, "2026-03-01", vec![take(bad, 0, 1)]);
    let drawn = out(world.draw("plant", hall, "2026-03-05", vec![lot("oxide.Nd", 1)]), 0);
    assert_eq!(mined_in(&world, drawn, "CN"), None);
    let stay = Host {
        guest: world.party("works"),
        facility: hall,
        purpose: crate::model::dealings::HostPurpose::Tolling,
        stages: Vec::new(),
        valid: "2026-01-01..2026-12-31".parse().unwrap(),
    };
    let host = world.record("plant", Body::Host(stay));
    world.change(charge, |record| {
        if let Body::Charge(charge) = &mut record.event.body {
            charge.at.host = Some(host);
        }
    });
    assert_eq!(mined_in(&world, drawn, "CN"), Some(Presence::Certain));
}

#[test]
fn what_was_drawn_and_charged_again_later_is_followed_and_never_loops() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 1);
    let bad = ore(&mut world, "works");
    let mut last = bad;
    for day in 1..=28 {
        world.charge("plant", hall, &format!("2026-02-{day:02}"), vec![take(last, 0, 1)]);
        let day = day + 1;
        let on = if day == 29 { "2026-03-01".to_owned() } else { format!("2026-02-{day:02}") };
        last = out(world.draw("plant", hall, &on, vec![lot("oxide.Nd", 1)]), 0);
    }
    assert_eq!(mined_in(&world, last, "CN"), Some(Presence::Certain));
    assert!(!gaps(&world, last).iter().any(|gap| matches!(gap, GapWhy::Ring { .. })));
    let up = ancestry::upstream(&world.graph(), &[last]);
    assert_eq!(up.lots.len(), 2 + 1 + 28 - 1 + 1);
}

#[test]
fn a_ring_within_one_day_ends_with_the_draw_and_within_weeks_is_left_open() {
    for (on, is_open) in [("2026-02-10", false), ("2026-02-10..2026-02-20", true)] {
        let mut world = World::new();
        let hall = world.circuit("plant", 30, 0);
        let (good, bad) = (ore(&mut world, "mine"), ore(&mut world, "works"));
        world.charge("plant", hall, "2026-02-01", vec![take(good, 0, 1)]);
        let drawn = out(world.draw("plant", hall, on, vec![lot("oxide.Nd", 5)]), 0);
        let inputs = vec![take(drawn, 0, 1), take(bad, 0, 1)];
        let again = world.charge("plant", hall, "2026-02-10", inputs);
        assert_eq!(mined_in(&world, drawn, "CN"), None);
        let rings = gaps(&world, drawn).contains(&GapWhy::Ring { charge: again });
        assert_eq!(rings, is_open, "{on}");
    }
}

#[test]
fn a_charge_recorded_after_the_draw_but_dated_before_it_counts() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 1);
    let bad = ore(&mut world, "works");
    let drawn = out(world.draw("plant", hall, "2026-02-10", vec![lot("oxide.Nd", 5)]), 0);
    world.charge("plant", hall, "2026-02-09", vec![take(bad, 0, 1)]);
    assert_eq!(mined_in(&world, drawn, "CN"), Some(Presence::Certain));
}

#[test]
fn a_charge_that_was_taken_back_never_was_unless_another_party_builds_on_it() {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 0);
    let bad = ore(&mut world, "works");
    let charge = world.charge("plant", hall, "2026-02-09", vec![take(bad, 0, 1)]);
    let drawn = out(world.draw("plant", hall, "2026-02-10", vec![lot("oxide.Nd", 5)]), 0);
    let mut sold = world.clone();
    world.withdraw("plant", charge, WithdrawReason::EntryError);
    assert_eq!(mined_in(&world, drawn, "CN"), None);
    sold.hand_over("plant", "buyer", drawn);
    sold.withdraw("plant", charge, WithdrawReason::EntryError);
    assert_eq!(mined_in(&sold, drawn, "CN"), Some(Presence::Certain));
}

#[test]
fn stock_from_before_the_records_is_open_unless_the_window_does_not_reach_it() {
    let begin = |opening: u64, on: &str, window: u16| {
        let mut world = World::new();
        let hall = world.circuit("plant", window, 0);
        let good = ore(&mut world, "mine");
        let charge = world.charge("plant", hall, "2026-02-01", vec![take(good, 0, 1)]);
        let first = world.close("plant", hall, "2026-02-01..2026-02-28", (opening, 7), vec![charge]);
        let drawn = world.draw("plant", hall, on, vec![lot("oxide.Nd", 1)]);
        world.close("plant", hall, "2026-03-01..2026-03-31", (7, 6), vec![drawn]);
        (gaps(&world, out(drawn, 0)), first)
    };
    let (found, first) = begin(5, "2026-03-05", 33);
    assert_eq!(found, vec![GapWhy::StockInProcess { record: first }]);
    assert_eq!(begin(5, "2026-03-05", 32).0, vec![]);
    assert_eq!(begin(0, "2026-03-05", 33).0, vec![]);
}

#[test]
fn a_draw_that_no_close_counts_and_a_chain_with_a_hole_are_left_open() {
    let mut world = World::new();
    let hall = world.circuit("plant", 10, 0);
    let good = ore(&mut world, "mine");
    let charge = world.charge("plant", hall, "2026-02-01", vec![take(good, 0, 1)]);
    let hole = world.measure("plant", good, crate::model::lot::Quantity::of(kg(999)));
    let drawn = world.draw("plant", hall, "2026-02-05", vec![lot("oxide.Nd", 1)]);
    assert!(gaps(&world, out(drawn, 0)).contains(&GapWhy::OpenPeriod));
    world.close("plant", hall, "2026-02-01..2026-02-28", (0, 7), vec![charge, drawn]);
    assert_eq!(gaps(&world, out(drawn, 0)), vec![]);
    let plant = world.party("plant");
    world.records.retain(|record| record.id != hole);
    assert_eq!(gaps(&world, out(drawn, 0)), vec![GapWhy::HiddenCharges { by: plant }]);
}

#[test]
fn windows_over_many_charges_name_just_those_that_can_be_in_the_draw() {
    let mut state = 7u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut world = World::new();
    let hall = world.circuit("plant", 40, 7);
    let good = ore(&mut world, "mine");
    let day = |days: u64| Day::from_days(20_500 + days as i32).unwrap();
    let mut charges = Vec::new();
    for at in 0..200 {
        let first = random(300);
        let last = first + [0, 0, 0, 3, 31, 60][random(6) as usize];
        let on = format!("{}..{}", day(first), day(last));
        charges.push((world.charge("plant", hall, &on, vec![take(good, at, 1)]), first, last));
    }
    for _ in 0..100 {
        let first = 40 + random(250);
        let last = first + random(20);
        let on = format!("{}..{}", day(first), day(last));
        let drawn = world.draw("plant", hall, &on, vec![lot("oxide.Nd", 1)]);
        let can = |(_, from, until): &&(RecordId, u64, u64)| *until + 40 >= first && *from + 7 <= last;
        let mut expected: Vec<RecordId> = charges.iter().filter(can).map(|(id, _, _)| *id).collect();
        expected.sort_unstable();
        let graph = world.graph();
        assert_eq!(sources(&graph, drawn), expected);
        let position = graph.position(&drawn).unwrap();
        for charge in &expected {
            let at = graph.position(charge).unwrap();
            assert!(graph.accounts().draws_of(at, &mut HashSet::new()).contains(&position));
        }
    }
}

#[test]
fn thousands_of_charges_and_draws_are_walked_at_once() {
    let mut world = World::new();
    let hall = world.declare("plant", "JP", crate::model::facility::Operator::Author);
    let good = ore(&mut world, "mine");
    for at in 0..5000u64 {
        let day = Day::from_days(20_500 + at as i32 / 10).unwrap().to_string();
        let input = crate::model::lot::Input {
            lot: good,
            from: crate::model::mass::Mass::from_mg(at),
            mass: crate::model::mass::Mass::from_mg(1),
            empties: false,
        };
        world.charge("plant", hall, &day, vec![input]);
    }
    let mut drawn = RecordId::ZERO;
    for at in 0..5000 {
        let day = Day::from_days(20_600 + at / 10).unwrap().to_string();
        drawn = world.draw("plant", hall, &day, vec![lot("oxide.Nd", 1)]);
    }
    assert_eq!(mined_in(&world, out(drawn, 0), "AU"), Some(Presence::Possible));
    assert_eq!(ancestry::downstream(&world.graph(), &[good]).lots.len(), 5001);
}
