//! Counts: how many pieces a holder finds against how many its lot was created with.
//!
//! A count has no uncertainty, so that one piece is a difference. Of a lot that was used in part nobody states how
//! many pieces should be left; there only more than there ever were are out of the ordinary.
//! Spec: docs/custody.md, "Weighings".

use crate::custody::consumer;
use crate::custody::graph::Graph;
use crate::custody::names::{self, found, shown_some};
use crate::custody::reweigh;
use crate::custody::scale::{self, Gap};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::record::Record;

/// Returns every count by a holder that differs from the pieces of its lot.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().filter_map(|record| of_record(graph, record)).collect()
}

fn of_record(graph: &Graph, record: &Record) -> Option<Finding> {
    let Body::Measure(measure) = &record.event.body else { return None };
    if consumer::holder(graph, &measure.lot) != Some(record.author) || graph.withdrawn(&record.id).is_some() {
        return None;
    }
    let counted = shown_some(&measure.quantity)?.pieces?;
    let stated = graph.lot(&measure.lot)?.quantity.shown()?.pieces?;
    let is_whole = reweigh::used_before(graph, record, &measure.lot) == 0;
    if counted == stated || (!is_whole && counted < stated) {
        return None;
    }
    let creator = graph.creator(&measure.lot)?;
    // Above 2 % two signed counts of one whole lot cannot both be true, as with masses.
    let is_fail = is_whole && scale::gap(u128::from(stated), u128::from(counted)) == Gap::Fail;
    let weight = if is_fail { Weight::Fail } else { Weight::Warning };
    let message = format!(
        "{} counts {counted} pieces of lot {}, which was created with {stated}",
        names::record(graph, record),
        names::lot(graph, &measure.lot)
    );
    let resolve = "count again; whoever erred withdraws its record";
    Some(found(FindingCode::Miscount, weight, &[creator, record], &[measure.lot], message, resolve))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::lot::Quantity;
    use crate::model::lotref::LotRef;
    use crate::model::maybe::Maybe;

    fn pieces(count: u64) -> Quantity {
        Quantity { pieces: Some(count), ..Quantity::of(kg(100)) }
    }

    fn stock() -> (World, LotRef) {
        let mut world = World::new();
        let mut lot = named("M", "magnet.NdFeB.sintered", 100);
        lot.quantity = Maybe::Shown(pieces(400));
        let taken = world.intake("plant", vec![lot], vec![]);
        (world, out(taken, 0))
    }

    fn weights(world: &World) -> Vec<Weight> {
        findings(&world.graph()).iter().map(|finding| finding.weight).collect()
    }

    #[test]
    fn one_piece_is_a_warning_and_more_than_two_percent_fail() {
        for (count, expected) in [
            (400, vec![]),
            (399, vec![Weight::Warning]),
            (392, vec![Weight::Warning]),
            (391, vec![Weight::Fail]),
            (408, vec![Weight::Warning]),
            (409, vec![Weight::Fail]),
        ] {
            let (mut world, stock) = stock();
            world.measure("plant", stock, pieces(count));
            assert_eq!(weights(&world), expected, "{count}");
        }
    }

    #[test]
    fn of_a_lot_used_in_part_fewer_are_no_surprise_and_more_are() {
        for (count, expected) in [(150, vec![]), (401, vec![Weight::Warning])] {
            let (mut world, stock) = stock();
            world.repack("plant", Discrete, vec![take(stock, 0, 50)], vec![lot("magnet.NdFeB.sintered", 50)]);
            world.measure("plant", stock, pieces(count));
            assert_eq!(weights(&world), expected, "{count}");
        }
    }
}
