use super::super::testing::{assay, below, line, metal, weighed};
use super::*;
use crate::custody::testing::{World, kg, lot, out, take};
use crate::model::event::Body;
use crate::model::evidence::AssayPurpose::{Independent, Own, Provisional, Umpire};
use crate::model::evidence::MassBasis;
use crate::model::evidence::Mixing::{Discrete, Homogenised};

const ALL: u64 = 1_000_000;

/// Returns from which to which share a lot holds an element, in parts per billion, rounded outward, and how it is known.
fn of(world: &World, lot: LotRef, element: &str) -> (u128, u128, Known) {
    let (graph, bands) = (world.graph(), Bands::embedded());
    let content = Contents::new(&graph, &bands).of(&lot, element.parse().unwrap());
    (content.share.low / WHOLE, content.share.high.div_ceil(WHOLE), content.known)
}

/// A lot of 1 000 kg that `mine` took in.
fn taken_in(material: &str, lines: Vec<Component>) -> (World, LotRef) {
    let mut world = World::new();
    let lot = out(world.intake("mine", vec![weighed(material, ALL, "0 %", lines)], vec![]), 0);
    (world, lot)
}

#[test]
fn a_share_less_and_plus_its_uncertainty_and_two_percent_where_it_states_none() {
    let (world, lot) = taken_in("metal.Nd", vec![metal("Nd", "50 %", "1 %"), metal("Pr", "10 %", "0 %")]);
    assert_eq!(of(&world, lot, "Nd"), (495_000_000, 505_000_000, Known::Measured));
    assert_eq!(of(&world, lot, "Pr"), (98_000_000, 102_000_000, Known::Measured));
}

#[test]
fn an_oxide_counts_as_its_metal() {
    let (world, lot) = taken_in("oxide.Nd", vec![line("Nd", "50 %", "Nd2O3", "1 %")]);
    // 50 % less and plus 1 %, times 0.8574.
    assert_eq!(of(&world, lot, "Nd"), (424_413_000, 432_987_000, Known::Measured));
}

#[test]
fn the_highest_rank_counts_and_a_withdrawn_result_does_not() {
    let (mut world, lot) = taken_in("metal.Nd", vec![metal("Nd", "50 %", "1 %")]);
    assay(&mut world, "works", lot, Provisional, vec![metal("Nd", "10 %", "1 %")]);
    assert_eq!(of(&world, lot, "Nd").0, 495_000_000, "declared stands before provisional");
    assay(&mut world, "mine", lot, Own, vec![metal("Nd", "40 %", "1 %")]);
    assert_eq!(of(&world, lot, "Nd").0, 396_000_000);
    assay(&mut world, "buyer", lot, Independent, vec![metal("Nd", "30 %", "1 %")]);
    let umpire = assay(&mut world, "works", lot, Umpire, vec![metal("Nd", "20 %", "1 %")]);
    assert_eq!(of(&world, lot, "Nd").0, 198_000_000);
    world.withdraw("works", umpire, crate::model::evidence::WithdrawReason::Other);
    assert_eq!(of(&world, lot, "Nd").0, 297_000_000);
}

#[test]
fn several_of_one_rank_span_from_the_least_to_the_most() {
    let (mut world, lot) = taken_in("metal.Nd", vec![]);
    assay(&mut world, "works", lot, Independent, vec![metal("Nd", "30 %", "1 %")]);
    assay(&mut world, "buyer", lot, Independent, vec![metal("Nd", "40 %", "1 %")]);
    assert_eq!(of(&world, lot, "Nd"), (297_000_000, 404_000_000, Known::Measured));
}

#[test]
fn a_handover_keeps_what_it_was_and_a_result_after_it_counts() {
    let (mut world, lot) = taken_in("metal.Nd", vec![metal("Nd", "50 %", "1 %")]);
    let here = world.hand_over("mine", "works", lot);
    assert_eq!(of(&world, here, "Nd").0, 495_000_000);
    assay(&mut world, "buyer", here, Independent, vec![metal("Nd", "40 %", "1 %")]);
    assert_eq!(of(&world, here, "Nd").0, 396_000_000);
}

/// 750 kg of one lot and 250 kg of another packed together.
fn packed(mixing: Mixing, one: Vec<Component>, other: Vec<Component>) -> (World, LotRef) {
    let mut world = World::new();
    let made = world.intake(
        "mine",
        vec![weighed("metal.Nd", ALL, "0 %", one), weighed("metal.Nd", ALL, "0 %", other)],
        vec![],
    );
    let takes = vec![take(out(made, 0), 0, 750), take(out(made, 1), 0, 250)];
    let packed = world.repack("mine", mixing, takes, vec![lot("metal.Nd", 1_000)]);
    (world, out(packed, 0))
}

#[test]
fn a_blend_has_the_mean_by_mass_and_pieces_anything_between() {
    let lines = || (vec![metal("Nd", "40 %", "1 %")], vec![metal("Nd", "80 %", "1 %")]);
    let (world, blend) = packed(Homogenised, lines().0, lines().1);
    assert_eq!(of(&world, blend, "Nd"), (495_000_000, 505_000_000, Known::Computed));
    let (world, pieces) = packed(Discrete, lines().0, lines().1);
    assert_eq!(of(&world, pieces, "Nd"), (396_000_000, 808_000_000, Known::Computed));
}

#[test]
fn a_blend_with_what_nobody_analysed_is_not_determined() {
    let (world, blend) = packed(Homogenised, vec![metal("Nd", "40 %", "1 %")], vec![]);
    let (low, high, known) = of(&world, blend, "Nd");
    assert_eq!((low, known), (297_000_000, Known::NotDetermined));
    assert!((553_000_000..553_000_002).contains(&high), "{high}");
}

#[test]
fn a_group_bounds_each_of_its_members_from_above() {
    let (world, lot) = taken_in("metal.NdPr", vec![metal("NdPr", "99 %", "1 %")]);
    assert_eq!(of(&world, lot, "Nd"), (0, 999_900_000, Known::Group));
    // As oxides: at most all of it is Nd2O3, or Dy2O3.
    let (world, lot) = taken_in("ore.monazite", vec![line("TREO", "10 %", "REO", "1 %")]);
    assert_eq!(of(&world, lot, "Nd"), (0, 86_597_400, Known::Group));
    assert_eq!(of(&world, lot, "Dy"), (0, 88_001_300, Known::Group));
    assert_eq!(of(&world, lot, "Th").2, Known::NotDetermined);
}

#[test]
fn what_nobody_looked_for_is_bounded_by_the_code() {
    let (world, lot) = taken_in("oxide.NdPr", vec![]);
    assert_eq!(of(&world, lot, "Nd"), (0, 857_400_000, Known::NotDetermined));
    assert_eq!(of(&world, lot, "Pr"), (0, 854_500_000, Known::NotDetermined), "as Pr2O3");
    assert_eq!(of(&world, lot, "Ta"), (0, 0, Known::NotNamed));
    let (world, lot) = taken_in("ore", vec![]);
    assert_eq!(of(&world, lot, "Ta"), (0, 1_000_000_000, Known::NotDetermined));
}

#[test]
fn below_a_limit_is_from_nothing_to_the_limit() {
    let (world, lot) = taken_in("metal.Nd", vec![below("Dy", "100 ppm")]);
    assert_eq!(of(&world, lot, "Dy"), (0, 100_000, Known::BelowLimit));
}

#[test]
fn what_is_withheld_or_not_held_can_be_anything() {
    let (mut world, lot) = taken_in("metal.Nd", vec![metal("Nd", "50 %", "1 %")]);
    world.change(lot.record, |record| {
        record.event.body.outputs_mut().unwrap()[0].composition = Maybe::Withheld;
    });
    assert_eq!(of(&world, lot, "Nd"), (0, 1_000_000_000, Known::Withheld));
    world.records.retain(|record| record.id != lot.record);
    assert_eq!(of(&world, lot, "Nd"), (0, 1_000_000_000, Known::NotHeld));
}

#[test]
fn what_was_dried_holds_the_same_in_less_mass() {
    let (mut world, wet) = taken_in("mixed_carbonate", vec![metal("Nd", "20 %", "1 %")]);
    let dried =
        world.repack("mine", Homogenised, vec![take(wet, 0, 1_000)], vec![lot("mixed_carbonate", 800)]);
    world.change(dried, |record| {
        let output = &mut record.event.body.outputs_mut().unwrap()[0];
        if let Maybe::Shown(quantity) = &mut output.quantity {
            quantity.basis = MassBasis::Dry105;
        }
    });
    let (low, high, known) = of(&world, out(dried, 0), "Nd");
    assert_eq!(known, Known::Computed);
    assert!((247_499_999..=247_500_000).contains(&low) && (252_500_000..=252_500_001).contains(&high));
}

#[test]
fn records_made_of_each_other_come_to_an_end() {
    let mut world = World::new();
    let first = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    let one = world.repack("mine", Homogenised, vec![take(first, 0, 10)], vec![lot("ore", 10)]);
    let other = world.repack("mine", Homogenised, vec![take(out(one, 0), 0, 10)], vec![lot("ore", 10)]);
    world.change(one, |record| {
        let Body::Repack(repack) = &mut record.event.body else { unreachable!() };
        repack.inputs = vec![take(out(other, 0), 0, 10)].into();
    });
    assert_eq!(of(&world, out(other, 0), "Nd"), (0, 1_000_000_000, Known::NotDetermined));
}

#[test]
fn depth_costs_no_stack() {
    let (mut world, mut last) = taken_in("metal.Nd", vec![metal("Nd", "50 %", "1 %")]);
    for _ in 0..100_000 {
        last =
            out(world.repack("mine", Discrete, vec![take(last, 0, 1_000)], vec![lot("metal.Nd", 1_000)]), 0);
    }
    assert_eq!(of(&world, last, "Nd"), (495_000_000, 505_000_000, Known::Measured));
}

#[test]
fn concentrate_grade_and_formula_give_the_metal() {
    // case-C4: 2 466 025 kg of concentrate, 28 % of it Ta2O5, 81.90 % of that tantalum.
    let mut world = World::new();
    let exact = Component { uncertainty: "1 ppb".parse().unwrap(), ..line("Ta", "28 %", "Ta2O5", "1 %") };
    let lot = weighed("concentrate.tantalite", 2_466_025_000, "0 %", vec![exact]);
    let exported = out(world.intake("mine", vec![lot], vec![]), 0);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let held = Contents::new(&graph, &bands).in_lot(&exported, "Ta".parse().unwrap());
    assert!(held.low < held.high);
    assert_eq!((held.middle().unwrap() / WHOLE + 500_000) / 1_000_000, 565_509);
    assert!(kg(565_508) < held.least() && held.most().unwrap() < kg(565_510));
}

#[test]
fn a_blend_is_as_uncertain_as_the_masses_that_went_into_it() {
    let tonne = Mass::from_mg(1_000_000_000);
    let share = |percent: u128| Share { low: percent * ONE / 100, high: percent * ONE / 100 };
    let of = |uncertainty: &str| {
        let mass = Interval::weighed(tonne, uncertainty.parse().unwrap());
        blended(&[mass, mass], &[share(10), share(90)])
    };
    assert_eq!(of("0 %"), Some(share(50)));
    // One per cent less of the rich and more of the poor: (0.99 x 90 + 1.01 x 10) / 2 = 49.6.
    assert_eq!(of("1 %"), Some(Share { low: 496 * ONE / 1000, high: 504 * ONE / 1000 }));
    assert_eq!(of("100 %"), Some(Share { low: 10 * ONE / 100, high: 90 * ONE / 100 }));
    assert_eq!(blended(&[Interval::ZERO], &[share(10)]), None);
}
