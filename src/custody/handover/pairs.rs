//! Pairs: output N of a handover is made of input N alone, and is the same goods.
//!
//! `dispatch`, `refuse` and `release` keep the sender's mass exactly; `receive` puts the receiver's own mass beside it
//! (see `handover`). Spec: docs/custody.md, "Handovers".

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns every handover record whose outputs do not fit its inputs.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().flat_map(|record| of_record(graph, record)).collect()
}

/// Returns what does not fit between one record's inputs and outputs.
pub fn of_record(graph: &Graph, record: &Record) -> Vec<Finding> {
    let body = &record.event.body;
    let (true, Some(inputs)) = (body.is_pairwise(), body.inputs()) else { return Vec::new() };
    let outputs = body.outputs();
    if inputs.count() != outputs.len() as u64 {
        let lots: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
        let message = format!(
            "{} has {} for {}",
            names::record(graph, record),
            names::count(outputs.len(), "output"),
            names::count(usize::try_from(inputs.count()).unwrap_or(usize::MAX), "input")
        );
        return vec![fail(record, &lots, message)];
    }
    let keeps_mass = !matches!(body, Body::Receive(_));
    let pairs = graph::inputs(record).iter().zip(graph::outputs(record));
    pairs
        .filter_map(|(input, (lot, output))| of_pair(graph, record, keeps_mass, input, lot, output))
        .collect()
}

fn of_pair(
    graph: &Graph,
    record: &Record,
    keeps_mass: bool,
    input: &Input,
    lot: LotRef,
    output: &Lot,
) -> Option<Finding> {
    let what = || names::record(graph, record);
    let name = || names::lot(graph, &lot);
    let source = graph.lot(&input.lot);
    if let Some(source) = source.filter(|source| source.material != output.material) {
        let message = format!(
            "{} hands over lot {} as {}, but it was {}",
            what(),
            name(),
            output.material,
            source.material
        );
        return Some(fail(record, &[input.lot, lot], message));
    }
    if !keeps_mass {
        return None;
    }
    let Some(quantity) = output.quantity.shown() else {
        return Some(found(
            FindingCode::UnequalPairs,
            Weight::Withheld,
            &[record],
            &[lot],
            format!(
                "{} withholds the mass of lot {}, so it cannot be compared with what went in",
                what(),
                name()
            ),
            "ask the author to show the lot's mass",
        ));
    };
    if quantity.mass != input.mass {
        let message =
            format!("{} takes {} into lot {}, which holds {}", what(), input.mass, name(), quantity.mass);
        return Some(fail(record, &[input.lot, lot], message));
    }
    let basis = source.and_then(|source| source.quantity.shown()).map(|source| source.basis);
    if basis.is_some_and(|basis| basis != quantity.basis) {
        let message =
            format!("{} states lot {} on another mass basis than the lot it is made of", what(), name());
        return Some(fail(record, &[input.lot, lot], message));
    }
    None
}

fn fail(record: &Record, lots: &[LotRef], message: String) -> Finding {
    let resolve = "withdraw the record and record the handover with one equal output for each input";
    found(FindingCode::UnequalPairs, Weight::Fail, &[record], lots, message, resolve)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::hash::RecordId;
    use crate::model::evidence::MassBasis;
    use crate::model::mass::Mass;
    use crate::model::maybe::Maybe;

    fn handed_over() -> (World, RecordId, RecordId) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 50)]);
        let received = world.receive("plant", vec![take(out(sent, 0), 0, 50)], &[49]);
        (world, sent, received)
    }

    fn changed(world: &mut World, record: RecordId, change: impl Fn(&mut Vec<Lot>)) -> Vec<Weight> {
        world.change(record, |record| change(record.event.body.outputs_mut().unwrap()));
        findings(&world.graph()).iter().map(|finding| finding.weight).collect()
    }

    #[test]
    fn equal_pairs_are_no_finding_and_a_receiver_weighs_on_its_own() {
        let (mut world, sent, _) = handed_over();
        assert_eq!(changed(&mut world, sent, |_| {}), vec![]);
    }

    #[test]
    fn a_dispatch_that_differs_by_a_milligram_is_found() {
        let (mut world, sent, _) = handed_over();
        let one_more = |outputs: &mut Vec<Lot>| {
            let Maybe::Shown(quantity) = &mut outputs[0].quantity else { unreachable!() };
            quantity.mass = Mass::from_mg(quantity.mass.mg() + 1);
        };
        assert_eq!(changed(&mut world, sent, one_more), vec![Weight::Fail]);
    }

    #[test]
    fn a_dispatch_on_another_basis_or_with_withheld_mass_is_found() {
        let (mut world, sent, _) = handed_over();
        let dried = |outputs: &mut Vec<Lot>| {
            let Maybe::Shown(quantity) = &mut outputs[0].quantity else { unreachable!() };
            quantity.basis = MassBasis::Dry105;
        };
        assert_eq!(changed(&mut world, sent, dried), vec![Weight::Fail]);
        let withheld = |outputs: &mut Vec<Lot>| outputs[0].quantity = Maybe::Withheld;
        assert_eq!(changed(&mut world, sent, withheld), vec![Weight::Withheld]);
    }

    #[test]
    fn goods_that_change_on_the_way_or_go_without_a_pair_are_found() {
        for change in [
            |outputs: &mut Vec<Lot>| outputs[0].material = "concentrate".parse().unwrap(),
            |outputs: &mut Vec<Lot>| drop(outputs.pop()),
            |outputs: &mut Vec<Lot>| outputs.push(lot("ore", 1)),
        ] {
            let (mut world, _, received) = handed_over();
            assert_eq!(changed(&mut world, received, change), vec![Weight::Fail]);
        }
    }
}
