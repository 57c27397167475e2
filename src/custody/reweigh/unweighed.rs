//! Lots taken in at the mass of their papers, which nobody has weighed since.
//!
//! A mass that a supplier's paper states is a statement, not a weighing; a weighing by whoever holds the lot makes
//! two masses of it that can be compared. Spec: docs/custody.md, "Weighings".

use std::collections::HashSet;

use crate::custody::consumer;
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found, shown_some};
use crate::model::event::Body;
use crate::model::fact::{MASS_AS_DISPATCHED, MASS_AS_STATED};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;

/// Whether the mass of a lot is that of its papers.
pub fn is_as_stated(lot: &Lot) -> bool {
    lot.facts.iter().any(|fact| fact.code.as_str() == MASS_AS_STATED)
}

/// Returns every lot that was taken in unweighed and has not been weighed since.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let entries = graph.records().iter().filter(|record| {
        matches!(record.event.body, Body::Intake(_) | Body::OpeningStock(_) | Body::Collect(_))
    });
    let stated = entries.flat_map(|record| graph::outputs(record).map(move |one| (record, one)));
    let mut stated = stated.filter(|(_, (_, value))| is_as_stated(value)).peekable();
    if stated.peek().is_none() {
        return Vec::new();
    }
    let weighed = weighed_lots(graph);
    let never = stated.filter(|(_, (lot, _))| !weighed.contains(lot));
    never
        .map(|(record, (lot, _))| {
            let message = format!(
                "lot {} was taken in by {} at the mass of its papers, and nobody has weighed it",
                names::lot(graph, &lot),
                names::record(graph, record)
            );
            let resolve = "weigh it, and record the weight as a `measure`";
            found(FindingCode::NeverWeighed, Weight::Unknown, &[record], &[lot], message, resolve)
        })
        .collect()
}

/// Returns the lots that their holder measured, or that a receiver weighed whole after a dispatch.
pub(in crate::custody) fn weighed_lots(graph: &Graph) -> HashSet<LotRef> {
    let mut weighed = HashSet::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        match &record.event.body {
            Body::Measure(measure)
                if shown_some(&measure.quantity).is_some()
                    && consumer::holder(graph, &measure.lot) == Some(record.author) =>
            {
                weighed.insert(measure.lot);
            }
            Body::Receive(_) => {
                for (input, (_, value)) in graph::inputs(record).iter().zip(graph::outputs(record)) {
                    let has_scale = !value.facts.iter().any(|fact| fact.code.as_str() == MASS_AS_DISPATCHED);
                    weighed.extend(whole_before(graph, &input.lot).filter(|_| {
                        has_scale && graph.lot(&input.lot).and_then(Lot::mass) == Some(input.mass)
                    }));
                }
            }
            _ => {}
        }
    }
    weighed
}

/// Returns the lot that a lot in transit is the whole of.
fn whole_before(graph: &Graph, transit: &LotRef) -> Option<LotRef> {
    let sent = graph::inputs(graph.creator(transit)?).get(transit.index as usize)?;
    (graph.lot(&sent.lot)?.mass()? == sent.mass).then_some(sent.lot)
}

/// Returns the fact that marks such a lot.
#[cfg(test)]
pub(in crate::custody) fn as_stated() -> crate::model::fact::Fact {
    use crate::model::fact::{Fact, FactCode, FactUnit, FactValue};
    Fact {
        code: FactCode::from_code(MASS_AS_STATED).expect("a code by its letters"),
        unit: FactUnit::None,
        value: FactValue::Number(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::lot::Quantity;

    fn taken_in() -> (World, LotRef) {
        let mut world = World::new();
        let mut lot = named("W1", "metal.Nd", 6000);
        lot.facts.push(as_stated());
        let taken = world.intake("plant", vec![lot], vec![]);
        (world, out(taken, 0))
    }

    #[test]
    fn a_mass_from_papers_is_open_until_the_holder_weighs_the_lot() {
        let (mut world, lot) = taken_in();
        let found = findings(&world.graph());
        assert_eq!((found[0].code, found[0].weight), (FindingCode::NeverWeighed, Weight::Unknown));
        world.measure("buyer", lot, Quantity::of(kg(6000)));
        assert_eq!(findings(&world.graph()).len(), 1);
        world.measure("plant", lot, Quantity::of(kg(6000)));
        assert_eq!(findings(&world.graph()), vec![]);
    }

    #[test]
    fn a_receiver_who_weighs_all_of_it_closes_the_gap() {
        let (mut world, lot) = taken_in();
        world.hand_over("plant", "buyer", lot);
        assert_eq!(findings(&world.graph()), vec![]);
    }
}
