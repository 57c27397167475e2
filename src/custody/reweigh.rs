//! Re-weighing: what a holder's own later scale says against the mass the lot was created with.
//!
//! A `measure` adds a fact and replaces none: two signed masses that cannot both be true are a
//! contradiction. A lot of which part was used is only worth a warning, since every use was weighed on its
//! own. What was taken in at the mass of its papers is one statement about all its lots: if one of them is shown
//! to be untrue, so is the paper, but for lots that were weighed since. Spec: docs/custody.md, "Weighings".

pub mod count;
pub mod unweighed;

use super::consumer;
use super::graph::{self, Graph};
use super::names::{self, found, shown_some};
use super::scale::{self, Gap};
use super::withdrawal;
use crate::model::event::{Body, Measure};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
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
    let used = used_before(graph, record, &measure.lot);
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
    let gap = scale::gap(expected, found_now);
    let is_fail = used == 0 && gap == Gap::Fail;
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
    let weight = match (is_fail, gap) {
        (true, _) => Weight::Fail,
        // Drums that gained a tenth of a percent in damp air are nobody's fault.
        (false, Gap::Within) => Weight::Note,
        (false, _) => Weight::Warning,
    };
    let mut lots = vec![measure.lot];
    if is_fail {
        lots.extend(same_paper(graph, creator, &measure.lot));
    }
    let resolve = "weigh again; whoever erred withdraws its record";
    Some(found(FindingCode::Reweighed, weight, &[creator, record], &lots, message, resolve))
}

/// Returns the other lots that were taken in on the same papers, and that nobody has weighed since.
fn same_paper(graph: &Graph, creator: &Record, lot: &LotRef) -> Vec<LotRef> {
    if !graph.lot(lot).is_some_and(unweighed::is_as_stated) {
        return Vec::new();
    }
    let weighed = unweighed::weighed_lots(graph);
    let others = graph::outputs(creator)
        .filter(|(other, value)| other != lot && unweighed::is_as_stated(value) && !weighed.contains(other));
    others.map(|(other, _)| other).collect()
}

/// Returns the milligrams that the holder's chain had used before it measured.
pub(super) fn used_before(graph: &Graph, record: &Record, lot: &LotRef) -> u128 {
    let before = graph.uses(lot).iter().filter_map(|one| {
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
    use crate::model::mass::Mass;
    use crate::model::maybe::Maybe;

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
    fn half_a_percent_beyond_uncertainties_is_a_note_and_a_milligram_more_a_warning() {
        for (mg, expected) in
            [(6_007_200_000, Weight::Note), (6_030_000_000, Weight::Note), (6_030_000_001, Weight::Warning)]
        {
            let (mut world, stock) = stock();
            world.measure("plant", stock, weighed(mg, "0.01 %"));
            assert_eq!(weights(&world), [expected], "{mg} mg");
        }
    }

    #[test]
    fn wet_and_dry_masses_compare_without_their_water() {
        for (moisture, expected) in [("8 %", vec![]), ("10.5 %", vec![Weight::Fail])] {
            let (mut world, stock) = stock();
            world.change(stock.record, |record| {
                let lot = &mut record.event.body.outputs_mut().unwrap()[0];
                lot.quantity = Maybe::Shown(Quantity {
                    moisture: Some("8 %".parse().unwrap()),
                    ..Quantity::of(kg(6000))
                });
            });
            let found = Quantity { moisture: Some(moisture.parse().unwrap()), ..Quantity::of(kg(6000)) };
            world.measure("plant", stock, found);
            assert_eq!(weights(&world), expected, "{moisture}");
        }
    }

    #[test]
    fn lots_of_one_paper_fall_together_but_for_those_weighed_since() {
        let mut world = World::new();
        let as_stated = |label: &str| {
            let mut lot = named(label, "metal.Nd", 6000);
            lot.facts.push(unweighed::as_stated());
            lot
        };
        let paper = world.intake("plant", ["W1", "W2", "W3"].map(as_stated).to_vec(), vec![]);
        let lots = [0, 1, 2].map(|index| out(paper, index));
        world.measure("plant", lots[0], Quantity::of(kg(4100)));
        world.measure("plant", lots[1], Quantity::of(kg(6000)));
        let found = findings(&world.graph());
        assert_eq!((found.len(), found[0].weight), (1, Weight::Fail));
        assert_eq!(found[0].lots, [lots[0], lots[2]]);
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
