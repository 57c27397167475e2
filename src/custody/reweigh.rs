//! Re-weighing: what a holder's own later scale says against the mass the lot was created with.
//!
//! A `measure` adds a fact and replaces none: two signed masses that cannot both be true are a
//! contradiction. A lot of which part was used is only worth a warning, since every use was weighed on its
//! own. Spec: docs/custody.md, "Weighings".

use super::consumer;
use super::graph::Graph;
use super::names::{self, found, shown_some};
use super::scale::{self, Gap};
use super::withdrawal;
use crate::model::event::{Body, Measure};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::record::Record;

/// Returns every measure by a holder that differs from what should be left of the lot.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().filter_map(|record| of_record(graph, record)).collect()
}

/// Returns what one measure says against its lot.
pub fn of_record(graph: &Graph, record: &Record) -> Option<Finding> {
    let Body::Measure(measure) = &record.event.body else { return None };
    // A measure by anyone else is a wrong consumer's, and not compared.
    if consumer::holder(graph, &measure.lot) != Some(record.author) || graph.withdrawn(&record.id).is_some() {
        return None;
    }
    compare(graph, record, measure)
}

fn compare(graph: &Graph, record: &Record, measure: &Measure) -> Option<Finding> {
    let creator = graph.creator(&measure.lot)?;
    let created = graph.lot(&measure.lot)?.quantity.shown()?;
    let weighed = shown_some(&measure.quantity)?;
    let footing = scale::footing(&[created, weighed])?;
    let used = used_before(graph, record, measure);
    let whole = scale::scaled(created.mass, created, footing);
    let per_mg = scale::scaled(crate::model::mass::Mass::from_mg(1), created, footing);
    let expected = whole.saturating_sub(used.saturating_mul(per_mg));
    let found_now = scale::scaled(weighed.mass, weighed, footing);
    let difference = expected.abs_diff(found_now);
    let allowance = scale::uncertain(created.mass, created.uncertainty)
        .saturating_add(scale::uncertain(weighed.mass, weighed.uncertainty));
    if difference <= allowance {
        return None;
    }
    let is_fail = used == 0 && scale::gap(expected, found_now) == Gap::Fail;
    let message = format!(
        "{} finds {} of lot {}, of which {} should be there: {} {}{}",
        names::record(graph, record),
        names::mass(scale::to_mg(found_now)),
        names::lot(graph, &measure.lot),
        names::mass(scale::to_mg(expected)),
        names::percent(scale::to_mg(difference), scale::to_mg(expected)),
        if found_now < expected { "less" } else { "more" },
        if is_fail { " (limit 2 %)" } else { "" },
    );
    let weight = if is_fail { Weight::Fail } else { Weight::Warning };
    let resolve = "weigh again; whoever erred withdraws its record";
    Some(found(FindingCode::Reweighed, weight, &[creator, record], &[measure.lot], message, resolve))
}

/// Returns the milligrams that the holder's chain had used before it measured.
fn used_before(graph: &Graph, record: &Record, measure: &Measure) -> u128 {
    let before = graph.uses(&measure.lot).iter().filter_map(|one| {
        let by = graph.record(&one.record)?;
        let earlier = by.author == record.author && (by.epoch, by.seq) < (record.epoch, record.seq);
        (earlier && !withdrawal::frees_stretches(graph, by)).then_some(u128::from(one.mass.mg()))
    });
    before.sum()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::lot::Quantity;
    use crate::model::lotref::LotRef;
    use crate::model::mass::Mass;

    fn stock() -> (World, LotRef) {
        let mut world = World::new();
        let taken = world.intake("plant", vec![named("W1", "metal.Nd", 6000)], vec![]);
        (world, out(taken, 0))
    }

    fn weights(world: &World) -> Vec<Weight> {
        findings(&world.graph()).iter().map(|finding| finding.weight).collect()
    }

    fn weighed(mg: u64, uncertainty: &str) -> Quantity {
        Quantity { uncertainty: uncertainty.parse().unwrap(), ..Quantity::of(Mass::from_mg(mg)) }
    }

    #[test]
    fn stones_in_the_bags_are_two_masses_that_cannot_both_be_true() {
        let (mut world, stock) = stock();
        let measured = world.measure("plant", stock, Quantity::of(kg(4100)));
        let found = findings(&world.graph());
        assert_eq!((found[0].code, found[0].weight), (FindingCode::Reweighed, Weight::Fail));
        assert_eq!(found[0].records, vec![stock.record, measured]);
        assert!(found[0].message.contains("4 100.000 kg of lot `W1`, of which 6 000.000 kg"));
    }

    #[test]
    fn a_whole_lot_fails_strictly_above_two_percent() {
        for (mg, expected) in [
            (6_000_000_000, vec![]),
            (5_880_000_000, vec![Weight::Warning]),
            (5_879_999_999, vec![Weight::Fail]),
            (6_120_000_000, vec![Weight::Warning]),
            (6_120_000_001, vec![Weight::Fail]),
        ] {
            let (mut world, stock) = stock();
            world.measure("plant", stock, weighed(mg, "0 %"));
            assert_eq!(weights(&world), expected, "{mg} mg");
        }
    }

    #[test]
    fn uncertainties_explain_a_difference_up_to_their_sum() {
        for (mg, expected) in [(5_940_000_000, vec![]), (5_939_999_999, vec![Weight::Warning])] {
            let (mut world, stock) = stock();
            // 6 000 kg x 0 % and 60 kg of the second weighing: 5 940 kg x 1.010101011 %.
            let uncertainty = if mg == 5_940_000_000 { "1.0101011 %" } else { "1.0101009 %" };
            world.measure("plant", stock, weighed(mg, uncertainty));
            assert_eq!(weights(&world), expected, "{mg} mg");
        }
    }

    #[test]
    fn only_what_was_used_before_is_gone_and_a_used_lot_is_never_failed() {
        let (mut world, stock) = stock();
        let pack = |world: &mut World, from| {
            world.repack("plant", Discrete, vec![take(stock, from, 1000)], vec![lot("metal.Nd", 1000)]);
        };
        pack(&mut world, 0);
        let twin = world.clone();
        world.measure("plant", stock, Quantity::of(kg(5000)));
        pack(&mut world, 1000);
        assert_eq!(weights(&world), vec![]);
        let mut world = twin;
        world.measure("plant", stock, Quantity::of(kg(3000)));
        assert_eq!(weights(&world), vec![Weight::Warning]);
    }

    #[test]
    fn a_measure_by_anyone_else_is_not_compared() {
        let (mut world, stock) = stock();
        world.measure("buyer", stock, Quantity::of(kg(1)));
        assert_eq!(weights(&world), vec![]);
    }

    #[test]
    fn a_measure_that_was_withdrawn_is_not_compared() {
        let (mut world, stock) = stock();
        let measured = world.measure("plant", stock, Quantity::of(kg(1)));
        world.withdraw("plant", measured, crate::model::evidence::WithdrawReason::EntryError);
        assert_eq!(weights(&world), vec![]);
    }
}
