//! What scenarios do not reach: mixed lots, circuits, and rows that meet everything.

use std::collections::BTreeSet;

use crate::custody::testing::{World, lot, out, take};
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::rules::ReasonCode;
use crate::rules::pack::Pack;
use crate::rules::testing::{codes, judged_by, small_pack};
use crate::rules::verdict::RuleVerdict;
use crate::trust::Trust;

const PACK: &str = small_pack!(
    r#"
[[borders.states]]
country = "ZW"
confidence = "low"
from = "2000-01-01"
ROW

[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
help = "ask"

[rule.check.min_stage_before_border]
borders = "states"
"#
);

fn pack(row: &str) -> Pack {
    Pack::from_toml(&PACK.replace("ROW", row)).unwrap()
}

fn judged(world: &World, lot: LotRef, row: &str) -> RuleVerdict {
    judged_by(&pack(row), world, lot, "A-1", "2026-06-01", &Trust::default(), &BTreeSet::new())
}

const BARRED: &str = "materials = [\"ore\"]\nbarred = true";

/// Ore of two mines, of which one stands in Zimbabwe, at a plant in Estonia.
fn two_mines() -> (World, LotRef, LotRef) {
    let mut world = World::new();
    for (name, country) in [("barred", "ZW"), ("other", "AU"), ("plant", "EE")] {
        world.establish(name, country);
    }
    let barred = out(world.extract("barred", vec![lot("ore.spodumene", 10)]), 0);
    let other = out(world.extract("other", vec![lot("ore.spodumene", 10)]), 0);
    let barred = world.hand_over("barred", "plant", barred);
    let other = world.hand_over("other", "plant", other);
    (world, barred, other)
}

#[test]
fn what_left_against_a_row_is_in_a_blend_and_may_be_in_a_bag() {
    for (mixing, expected) in [(Mixing::Homogenised, Verdict::Fail), (Mixing::Discrete, Verdict::Unknown)] {
        let (mut world, barred, other) = two_mines();
        let inputs = vec![take(barred, 0, 10), take(other, 0, 10)];
        let mixed = out(world.repack("plant", mixing, inputs, vec![lot("ore.spodumene", 20)]), 0);
        let verdict = judged(&world, mixed, BARRED);
        assert_eq!((verdict.verdict, codes(&verdict)), (expected, vec![ReasonCode::LeftTooRaw]));
        let last =
            out(world.repack("plant", mixing, vec![take(mixed, 0, 20)], vec![lot("ore.spodumene", 20)]), 0);
        assert_eq!(judged(&world, last, BARRED).verdict, expected);
    }
}

#[test]
fn the_other_half_of_a_shipment_is_not_reached() {
    let (world, barred, other) = two_mines();
    assert_eq!(judged(&world, barred, BARRED).verdict, Verdict::Fail);
    assert_eq!(judged(&world, other, BARRED).verdict, Verdict::NotApplicable);
}

#[test]
fn what_was_drawn_from_a_circuit_that_took_barred_ore_is_open() {
    let (mut world, barred, other) = two_mines();
    let circuit = world.circuit("plant", 30, 1);
    world.charge("plant", circuit, "2026-03-01", vec![take(barred, 0, 10)]);
    world.charge("plant", circuit, "2026-03-02", vec![take(other, 0, 10)]);
    let drawn = out(world.draw("plant", circuit, "2026-03-10", vec![lot("carbonate.Li", 5)]), 0);
    let verdict = judged(&world, drawn, BARRED);
    assert_eq!(verdict.verdict, Verdict::Unknown);
    assert!(codes(&verdict).contains(&ReasonCode::LeftTooRaw), "{:?}", codes(&verdict));
}

#[test]
fn a_row_about_an_element_does_not_reach_lots_without_it() {
    let (world, barred, _) = two_mines();
    let row = |element: &str| format!("elements = [\"{element}\"]\nbarred = true");
    assert_eq!(judged(&world, barred, &row("Li")).verdict, Verdict::Fail);
    assert_eq!(judged(&world, barred, &row("Dy")).verdict, Verdict::Unknown);
    let mut world = World::new();
    world.establish("smelter", "ZW");
    world.establish("plant", "EE");
    let metal = out(world.extract("smelter", vec![lot("metal.Cu", 10)]), 0);
    let metal = world.hand_over("smelter", "plant", metal);
    assert_eq!(judged(&world, metal, &row("Li")).verdict, Verdict::NotApplicable);
}

#[test]
fn all_of_it_must_have_passed_the_stage() {
    let row = "materials = [\"concentrate\"]\nmin_stage = \"P20\"";
    let made = |second: &str| {
        let mut world = World::new();
        for (name, country) in [("mine", "ZW"), ("mill", second), ("port", "ZW"), ("plant", "EE")] {
            world.establish(name, country);
        }
        let ore = out(world.extract("mine", vec![lot("ore.spodumene", 10)]), 0);
        let ore = world.hand_over("mine", "mill", ore);
        let conc = world.transform(
            "mill",
            "P20 float",
            Mixing::Homogenised,
            vec![take(ore, 0, 10)],
            vec![lot("concentrate.spodumene", 5)],
        );
        let conc = world.hand_over("mill", "port", out(conc, 0));
        let conc = world.hand_over("port", "plant", conc);
        judged(&world, conc, row).verdict
    };
    assert_eq!(made("ZW"), Verdict::Pass);
    // Floated abroad and back: it left for the second time without having been floated at home.
    assert_eq!(made("ZM"), Verdict::Fail);
}

#[test]
fn the_pass_walks_a_long_chain_with_a_loop() {
    let (mut world, barred, _) = two_mines();
    let mut at = barred;
    for _ in 0..3_000 {
        at = out(
            world.repack("plant", Mixing::Discrete, vec![take(at, 0, 10)], vec![lot("ore.spodumene", 10)]),
            0,
        );
    }
    assert_eq!(judged(&world, at, BARRED).verdict, Verdict::Fail);
}
