//! Shares on small worlds whose truth can be told by hand.

use super::traced::{LeafKind, Traced};
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::testing::*;
use crate::custody::touch::{Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::element::{Element, ElementSet};
use crate::model::event::Body;
use crate::model::evidence::Method;
use crate::model::evidence::Mixing::{self, Discrete, Homogenised};
use crate::model::interval::{ONE, Share};
use crate::model::lot::{Component, Determined, Lot};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

fn nd() -> Element {
    "Nd".parse().unwrap()
}

/// A lot that holds exactly this share of neodymium, to a part per billion.
fn holding(material: &str, mass: u64, percent: u32) -> Lot {
    let mut lot = lot(material, mass);
    lot.composition = Maybe::Shown(vec![Component {
        elements: ElementSet::from(nd()),
        value: Determined::Measured(crate::model::fraction::Fraction::from_ppb(percent * 10_000_000)),
        basis: "element".parse().unwrap(),
        uncertainty: "1 ppb".parse().unwrap(),
        method: Method::IcpMs,
    }]);
    lot
}

/// Metal on papers that name where it was mined.
fn metal(world: &mut World, mass: u64, mined: &str) -> LotRef {
    let papers = vec![declared(0, &["Nd"], "P10 mine", mined, true)];
    out(world.intake("plant", vec![holding("metal.Nd", mass, 100)], papers), 0)
}

fn pack(world: &mut World, mixing: Mixing, inputs: &[(LotRef, u64, u64)], outputs: &[u64]) -> RecordId {
    let inputs = inputs.iter().map(|(lot, from, mass)| take(*lot, *from, *mass)).collect();
    world.repack(
        "plant",
        mixing,
        inputs,
        outputs.iter().map(|mass| holding("metal.Nd", *mass, 100)).collect(),
    )
}

fn mined_in<'a>(country: &'a str) -> impl Fn(&Touch) -> bool + 'a {
    move |touch| {
        let in_country = match &touch.place {
            TouchPlace::At { place, .. } => place.to_string() == country,
            _ => false,
        };
        touch.step.to_string() == "P10 mine" && in_country
    }
}

fn share(world: &World, lot: LotRef, wanted: impl Fn(&Touch) -> bool) -> Share {
    let (graph, bands) = (world.graph(), Bands::embedded());
    Traced::new(&Contents::new(&graph, &bands), &lot, nd()).share(wanted)
}

fn unknown(world: &World, lot: LotRef) -> Share {
    let (graph, bands) = (world.graph(), Bands::embedded());
    Traced::new(&Contents::new(&graph, &bands), &lot, nd()).unknown()
}

/// Asserts that a share lies between two percentages, to a millionth of a percent.
fn assert_percent(share: Share, low: f64, high: f64) {
    let percent = |at: u128| at as f64 / ONE as f64 * 100.0;
    let (found_low, found_high) = (percent(share.low), percent(share.high));
    assert!(
        (found_low - low).abs() < 1e-5 && (found_high - high).abs() < 1e-5,
        "{found_low} to {found_high}"
    );
    assert!(share.low <= share.high);
}

#[test]
fn a_blend_has_of_each_source_its_part() {
    let mut world = World::new();
    let (one, other) = (metal(&mut world, 30, "US"), metal(&mut world, 70, "CN"));
    let blend = out(pack(&mut world, Homogenised, &[(one, 0, 30), (other, 0, 70)], &[100]), 0);
    assert_percent(share(&world, blend, mined_in("US")), 30.0, 30.0);
    assert_percent(share(&world, blend, mined_in("CN")), 70.0, 70.0);
    assert_percent(share(&world, blend, mined_in("JP")), 0.0, 0.0);
    assert_percent(unknown(&world, blend), 0.0, 0.0);
}

#[test]
fn a_diamond_of_blends_is_exact() {
    let mut world = World::new();
    let (one, other) = (metal(&mut world, 30, "US"), metal(&mut world, 70, "CN"));
    let blend = pack(&mut world, Homogenised, &[(one, 0, 30), (other, 0, 70)], &[40, 60]);
    let more = metal(&mut world, 60, "US");
    let left = out(pack(&mut world, Homogenised, &[(out(blend, 0), 0, 40), (more, 0, 60)], &[100]), 0);
    let all = out(pack(&mut world, Homogenised, &[(left, 0, 100), (out(blend, 1), 0, 60)], &[160]), 0);
    assert_percent(share(&world, all, mined_in("US")), 100.0 * 90.0 / 160.0, 100.0 * 90.0 / 160.0);
}

#[test]
fn a_bag_is_wholly_of_any_source_that_its_mass_allows() {
    let mut world = World::new();
    let (one, other) = (metal(&mut world, 30, "US"), metal(&mut world, 70, "CN"));
    let bags = pack(&mut world, Discrete, &[(one, 0, 30), (other, 0, 70)], &[50, 50]);
    // Of 50 kg at most 30 can be American, so that at least 20 are not.
    assert_percent(share(&world, out(bags, 0), mined_in("US")), 0.0, 60.0);
    assert_percent(share(&world, out(bags, 0), mined_in("CN")), 40.0, 100.0);
    // Both bags together are what went in: no source has brought more than itself, so that each brought all of it.
    let both = out(pack(&mut world, Discrete, &[(out(bags, 0), 0, 50), (out(bags, 1), 0, 50)], &[100]), 0);
    assert_percent(share(&world, both, mined_in("US")), 30.0, 30.0);
}

#[test]
fn what_went_through_one_place_twice_counts_once() {
    let mut world = World::new();
    let one = metal(&mut world, 100, "US");
    let step = |world: &mut World, from: LotRef| {
        let outputs = vec![holding("metal.Nd", 100, 100)];
        out(world.transform("plant", "P60 melt", Homogenised, vec![take(from, 0, 100)], outputs), 0)
    };
    let once = step(&mut world, one);
    let twice = step(&mut world, once);
    let melted = |touch: &Touch| touch.step.to_string() == "P60 melt";
    assert_percent(share(&world, twice, melted), 100.0, 100.0);
}

#[test]
fn what_is_not_told_is_unknown_and_the_rest_is_not() {
    let mut world = World::new();
    let (one, other) =
        (metal(&mut world, 25, "US"), world.intake("plant", vec![holding("metal.Nd", 75, 100)], vec![]));
    let blend = out(pack(&mut world, Homogenised, &[(one, 0, 25), (out(other, 0), 0, 75)], &[100]), 0);
    assert_percent(unknown(&world, blend), 75.0, 75.0);
    assert_percent(share(&world, blend, mined_in("US")), 25.0, 25.0);
}

#[test]
fn two_places_on_one_paper_may_each_be_all_or_nothing() {
    let mut world = World::new();
    let papers = ["US", "CN"].map(|place| declared(0, &["Nd"], "P10 mine", place, true));
    let both = out(world.intake("plant", vec![holding("metal.Nd", 10, 100)], papers.to_vec()), 0);
    assert_percent(share(&world, both, mined_in("US")), 0.0, 100.0);
    assert_percent(share(&world, both, |touch| touch.step.to_string() == "P10 mine"), 100.0, 100.0);
}

#[test]
fn a_pool_whose_contents_nobody_measured_is_anything_until_the_product_is_measured() {
    let mut world = World::new();
    let (one, other) = (metal(&mut world, 30, "US"), metal(&mut world, 70, "CN"));
    for lot in [one, other] {
        world.change(lot.record, |record| {
            record.event.body.outputs_mut().unwrap()[0].composition = Maybe::Shown(vec![]);
        });
    }
    let blend = out(pack(&mut world, Homogenised, &[(one, 0, 30), (other, 0, 70)], &[100]), 0);
    // 100 kg of neodymium take all that the two can hold.
    assert_percent(share(&world, blend, mined_in("US")), 30.0, 30.0);
    world.change(blend.record, |record| {
        record.event.body.outputs_mut().unwrap()[0].composition = Maybe::Shown(vec![]);
    });
    assert_percent(share(&world, blend, mined_in("US")), 0.0, 100.0);
}

#[test]
fn a_gain_that_scales_tolerate_is_of_no_origin() {
    let mut world = World::new();
    let one = metal(&mut world, 1000, "US");
    let sent = world.dispatch("plant", "buyer", vec![take(one, 0, 1000)]);
    let got = world.receive("buyer", vec![take(out(sent, 0), 0, 1000)], &[1010]);
    assert_percent(
        share(&world, out(got, 0), mined_in("US")),
        100.0 * 1000.0 / 1010.0,
        100.0 * 1000.0 / 1010.0,
    );
    assert_percent(unknown(&world, out(got, 0)), 100.0 * 10.0 / 1010.0, 100.0 * 10.0 / 1010.0);
}

#[test]
fn shares_of_leaves_make_one_whole() {
    let mut world = World::new();
    let (one, other) = (metal(&mut world, 30, "US"), metal(&mut world, 70, "CN"));
    let blend = out(pack(&mut world, Homogenised, &[(one, 0, 30), (other, 0, 70)], &[100]), 0);
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let leaves = Traced::new(&contents, &blend, nd()).leaves(&contents);
    assert_eq!(leaves.len(), 2);
    assert!(leaves.iter().all(|leaf| matches!(leaf.what, LeafKind::Entry { .. })));
    let sum = |end: fn(&Share) -> u128| leaves.iter().map(|leaf| end(&leaf.share)).sum::<u128>();
    assert!(sum(|share| share.low) <= ONE && ONE <= sum(|share| share.high));
}

/// A tank with `heel` tonnes of stock from before, charges of papers' countries, and what was drawn in one month.
fn tank(heel: u64, charges: &[(&str, u64)], drawn: u64, closing: u64) -> (World, LotRef) {
    let mut world = World::new();
    let hall = world.circuit("plant", 30, 0);
    let mut counted = Vec::new();
    for (country, mass) in charges {
        let lot = metal(&mut world, *mass, country);
        counted.push(world.charge("plant", hall, "2026-02-05", vec![take(lot, 0, *mass)]));
    }
    let draw = world.draw("plant", hall, "2026-02-20", vec![holding("metal.Nd", drawn, 100)]);
    counted.push(draw);
    let close = world.close("plant", hall, "2026-02-01..2026-02-28", (heel, closing), counted);
    world.change(close, |record| {
        let Body::ClosePeriod(close) = &mut record.event.body else { unreachable!() };
        let held = holding("metal.Nd", 1, 100).composition.shown().cloned().unwrap();
        for stock in [&mut close.opening, &mut close.closing] {
            let Maybe::Shown(Some(stock)) = stock else { continue };
            stock.composition = held.clone();
        }
    });
    (world, out(draw, 0))
}

#[test]
fn a_heel_of_twelve_tonnes_bounds_what_was_drawn() {
    let (world, drawn) = tank(12, &[("US", 40)], 45, 7);
    assert_percent(share(&world, drawn, mined_in("US")), 100.0 * 33.0 / 45.0, 100.0 * 40.0 / 45.0);
    assert_percent(unknown(&world, drawn), 100.0 * 5.0 / 45.0, 100.0 * 12.0 / 45.0);
}

/// Charges of four and more stand in ranges of ranges; the inner ones were looked up before they were there, so that
/// most charges of a window counted for nothing.
#[test]
fn every_charge_of_a_window_counts_however_many_there_are() {
    for count in 1..10 {
        for american in 0..count {
            let charges: Vec<(&str, u64)> =
                (0..count).map(|at| (if at == american { "US" } else { "CN" }, 10)).collect();
            let (world, drawn) = tank(0, &charges, 10 * count as u64, 0);
            let share = share(&world, drawn, mined_in("US"));
            assert_percent(share, 100.0 / count as f64, 100.0 / count as f64);
        }
    }
}

#[test]
fn in_the_first_month_anything_is_possible() {
    let (world, drawn) = tank(12, &[("US", 10)], 9, 13);
    assert_percent(share(&world, drawn, mined_in("US")), 0.0, 100.0);
}

#[test]
fn a_deep_chain_is_traced_without_overflow() {
    let mut world = World::new();
    let mut last = metal(&mut world, 1, "US");
    for _ in 0..50_000 {
        last = out(pack(&mut world, Discrete, &[(last, 0, 1)], &[1]), 0);
    }
    assert_percent(share(&world, last, mined_in("US")), 100.0, 100.0);
}
