//! Input that nothing can be computed from, or that is surely a slip: no mass, no grade, more lost than there was.
//!
//! It is named and never repaired. Spec: docs/balance.md, "What bad input gets".

use super::content::Contents;
use super::say;
use crate::custody::graph;
use crate::custody::names::{self, found};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::interval::Interval;
use crate::model::lot::{Determined, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;
use crate::model::stage::Step;

/// Returns every such input, record by record, sources first.
pub fn findings(contents: &Contents<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in contents.graph().records() {
        findings.extend(weightless(contents, record));
        findings.extend(lost_more(contents, record));
        findings.extend(ungraded(contents, record));
    }
    findings
}

/// Lots that weigh nothing.
fn weightless(contents: &Contents<'_>, record: &Record) -> Option<Finding> {
    if record.event.body.is_pairwise() {
        return None;
    }
    let is_empty = |value: &Lot| value.mass() == Some(Mass::ZERO);
    let lots: Vec<LotRef> =
        graph::outputs(record).filter(|(_, value)| is_empty(value)).map(|(lot, _)| lot).collect();
    let first = lots.first()?;
    let graph = contents.graph();
    let message = format!(
        "lot {} is said to weigh nothing, so that nothing in it can be counted",
        names::lot(graph, first)
    );
    let resolve = "weigh it, and correct the record";
    Some(found(FindingCode::NoBasis, Weight::Unknown, &[record], &lots, message, resolve))
}

/// More was lost than there was. Steps that conserve total mass are balanced as a whole elsewhere.
fn lost_more(contents: &Contents<'_>, record: &Record) -> Option<Finding> {
    let conserves = |steps: &[Step]| steps.iter().all(|step| step.process.conserves_mass());
    let (additions, losses) = match &record.event.body {
        Body::Transform(one) if !conserves(&one.steps) => (one.additions.shown()?, one.losses.shown()?),
        Body::Disassemble(one) if !conserves(&one.steps) => (Default::default(), one.losses.shown()?),
        _ => return None,
    };
    if losses.is_empty() || graph::withheld_inputs(record).is_some() {
        return None;
    }
    let inputs: Interval = graph::inputs(record).iter().map(|input| contents.stretch(input)).sum();
    let added: Interval = additions.iter().map(|one| Interval::weighed(one.mass, one.uncertainty)).sum();
    let lost: Interval = losses.iter().map(|one| Interval::weighed(one.mass, one.uncertainty)).sum();
    let there = inputs.plus(added);
    if !lost.exceeds(there) {
        return None;
    }
    let message = format!(
        "{}: {} is said to be lost, and no more than {} went in",
        names::record(contents.graph(), record),
        say::mass(lost.low),
        say::mass(there.high)
    );
    let resolve = "correct the loss, or record what joined: air and water are additions too";
    let lots: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    Some(found(FindingCode::LossExceedsInput, Weight::Unknown, &[record], &lots, message, resolve))
}

/// A concentrate that was taken in on papers without a grade, and of which an element was then made.
fn ungraded(contents: &Contents<'_>, record: &Record) -> Vec<Finding> {
    let Body::Transform(_) = &record.event.body else { return Vec::new() };
    let graph = contents.graph();
    let measured = graph::outputs(record).flat_map(|(lot, _)| contents.lines(&lot));
    let asked = measured.filter(|held| matches!(held.line.value, Determined::Measured(_)));
    let asked: Vec<String> = asked.map(|held| held.line.elements.to_string()).collect();
    let Some(what) = asked.first() else { return Vec::new() };
    let mut findings = Vec::new();
    for input in graph::inputs(record) {
        let Some((maker, origin)) = first_of(contents, &input.lot) else { continue };
        let is_ungraded = |lot: &LotRef| contents.lines(lot).is_empty();
        if !matches!(maker.event.body, Body::Intake(_)) || !is_ungraded(&input.lot) || !is_ungraded(&origin) {
            continue;
        }
        let Some(value) = graph.lot(&origin).filter(|value| value.material.form() == "concentrate") else {
            continue;
        };
        if value.composition.is_withheld() {
            continue;
        }
        let message = format!(
            "lot {} is {} and its papers state no grade: how much of it is {what} is not known, nor whether its mass was \
             meant as concentrate, oxide or metal",
            names::lot(graph, &input.lot),
            value.material
        );
        let resolve = "record an `assay`, with the formula that its share counts";
        let lots = [input.lot, origin];
        findings.push(found(
            FindingCode::NoBasis,
            Weight::Unknown,
            &[maker, record],
            &lots,
            message,
            resolve,
        ));
    }
    findings
}

/// Returns the lot that this one was before it was handed over, with the record that made it.
fn first_of<'g>(contents: &Contents<'g>, lot: &LotRef) -> Option<(&'g Record, LotRef)> {
    let graph = contents.graph();
    let mut at = *lot;
    // No handover comes before itself; a ring that corrections make ends with the records there are.
    for _ in 0..=graph.records().len() {
        let maker = graph.creator(&at)?;
        if !maker.event.body.is_pairwise() {
            return Some((maker, at));
        }
        at = graph::inputs(maker).get(at.index as usize)?.lot;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::bands::Bands;
    use super::super::testing::{metal, weighed};
    use super::*;
    use crate::custody::testing::{World, out, take};
    use crate::model::evidence::LossBasis;
    use crate::model::evidence::Mixing::Homogenised;
    use crate::model::lot::Loss;
    use crate::model::uncertainty::Uncertainty;

    fn codes(world: &World) -> Vec<(FindingCode, Weight)> {
        let (graph, bands) = (world.graph(), Bands::embedded());
        findings(&Contents::new(&graph, &bands)).iter().map(|one| (one.code, one.weight)).collect()
    }

    #[test]
    fn a_lot_that_weighs_nothing_is_named() {
        let mut world = World::new();
        world.extract("mine", vec![weighed("ore", 0, "0 %", vec![]), weighed("ore", 1, "0 %", vec![])]);
        assert_eq!(codes(&world), vec![(FindingCode::NoBasis, Weight::Unknown)]);
    }

    #[test]
    fn more_lost_than_there_was_is_named_unless_total_mass_is_balanced_elsewhere() {
        let lost = |step: &str, kilograms: u64| {
            let mut world = World::new();
            let ore = out(world.extract("mine", vec![weighed("ore", 1_000_000, "0.1 %", vec![])]), 0);
            let outputs = vec![weighed("oxide.Nd", 1_000, "0 %", vec![])];
            let record = world.transform("mine", step, Homogenised, vec![take(ore, 0, 1_000)], outputs);
            world.change(record, |record| {
                let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
                let (what, mass) = ("residue".to_owned(), Mass::from_mg(kilograms * 1_000_000));
                let (basis, uncertainty) = (LossBasis::ByDifference, Uncertainty::default());
                transform.losses = vec![Loss { what, mass, uncertainty, basis, composition: vec![] }].into();
            });
            codes(&world)
        };
        assert_eq!(lost("P30 crack", 1_001), vec![]);
        assert_eq!(lost("P30 crack", 1_002), vec![(FindingCode::LossExceedsInput, Weight::Unknown)]);
        assert_eq!(lost("P20 crush", 1_002), vec![]);
    }

    #[test]
    fn a_concentrate_without_a_grade_is_named_once_an_element_is_made_of_it() {
        let refined = |material: &str, handed_over: bool, made: Vec<crate::model::lot::Component>| {
            let mut world = World::new();
            let lot = weighed(material, 1_000_000, "0 %", vec![]);
            let mut taken = out(world.intake("mine", vec![lot], vec![]), 0);
            if handed_over {
                taken = world.hand_over("mine", "works", taken);
            }
            let by = if handed_over { "works" } else { "mine" };
            let outputs = vec![weighed("powder.Ta", 200_000, "0 %", made)];
            world.transform(by, "P50 sodium_reduce", Homogenised, vec![take(taken, 0, 1_000)], outputs);
            codes(&world)
        };
        let ta = || vec![metal("Ta", "99.9 %", "1 %")];
        let named = vec![(FindingCode::NoBasis, Weight::Unknown)];
        assert_eq!(refined("concentrate.tantalite", false, ta()), named);
        assert_eq!(refined("concentrate.tantalite", true, ta()), named);
        assert_eq!(refined("concentrate.tantalite", false, vec![]), vec![]);
        assert_eq!(refined("powder.Ta", false, ta()), vec![]);
    }
}
