//! A sample taken after deliveries were pooled, against what each was said to bring.
//!
//! It shows that something is missing, and not from whom: every delivery whose content no sample of its own has
//! settled is left open, and none is blamed. Only an `assay` that says it was taken after pooling asks this
//! question; recovery of a process is another matter.

use std::collections::BTreeSet;

use super::super::graph::{self, Graph};
use super::super::names;
use super::super::ties::Ties;
use super::conflict::conflict;
use super::range::{Range, SHARE};
use super::{Rank, Statement, statements};
use crate::model::element::{Element, ElementSet};
use crate::model::event::{Assay, Body};
use crate::model::evidence::{LossBasis, Mixing, SamplePoint};
use crate::model::finding::{Finding, Weight};
use crate::model::lot::{Input, Loss, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// Parts per billion in a whole.
const WHOLE: u128 = 1_000_000_000;

/// Returns what is missing in pools that were sampled after pooling.
pub(super) fn findings(graph: &Graph, ties: &Ties<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        let Body::Assay(assay) = &record.event.body else { continue };
        if assay.point == SamplePoint::AfterPooling && graph.withdrawn(&record.id).is_none() {
            findings.extend(of_assay(graph, ties, record, assay));
        }
    }
    findings
}

fn of_assay(graph: &Graph, ties: &Ties<'_>, record: &Record, assay: &Assay) -> Vec<Finding> {
    let Some(maker) = graph.creator(&assay.lot) else { return Vec::new() };
    let Some((inputs, losses)) = pool(maker) else { return Vec::new() };
    let lines = assay.composition.shown().into_iter().flatten();
    let elements: BTreeSet<Element> = lines.filter_map(|line| line.elements.single()).collect();
    let asked = elements.into_iter();
    asked.filter_map(|element| missing(graph, ties, record, maker, inputs, losses, element)).collect()
}

/// Returns what went into one pool of several lots, and what was lost.
fn pool(maker: &Record) -> Option<(&[Input], &[Loss])> {
    let (mixing, inputs, losses) = match &maker.event.body {
        Body::Transform(one) => (one.mixing, &one.inputs, &one.losses),
        Body::Repack(one) => (one.mixing, &one.inputs, &one.losses),
        _ => return None,
    };
    let (MaybeList::Shown(inputs), MaybeList::Shown(losses)) = (inputs, losses) else { return None };
    // A loss by difference is what is missing itself: nothing can be missing besides.
    let is_open = losses.iter().any(|loss| loss.basis == LossBasis::ByDifference);
    (mixing == Mixing::Homogenised && inputs.len() > 1 && !is_open).then_some((inputs, losses))
}

fn missing(
    graph: &Graph,
    ties: &Ties<'_>,
    record: &Record,
    maker: &Record,
    inputs: &[Input],
    losses: &[Loss],
    element: Element,
) -> Option<Finding> {
    let single = ElementSet::from(element);
    let (mut brought, mut mass_in, mut most_in) = (0u128, 0u128, 0u128);
    let mut open: Vec<LotRef> = Vec::new();
    for input in inputs {
        let all = statements(graph, ties, &input.lot);
        let holding = highest(&all, &single)?;
        let quantity = graph.lot(&input.lot)?.quantity.shown()?;
        let (least, most) = mass_range(input.mass, quantity);
        let (_, range) = holding.line(&single)?;
        brought = brought.saturating_add(range.in_mass(least, most).0);
        most_in = most_in.saturating_add(range.in_mass(least, most).1);
        mass_in += u128::from(input.mass.mg());
        if !(holding.rank >= Rank::Independent && holding.can_accuse) {
            open.push(input.lot);
        }
    }
    let mut held = 0u128;
    for (lot, output) in graph::outputs(maker) {
        let all = statements(graph, ties, &lot);
        // An output in which nobody looked for it may hold the rest.
        let (_, range) = highest(&all, &single)?.line(&single)?;
        let quantity = output.quantity.shown()?;
        let (least, most) = mass_range(quantity.mass, quantity);
        held = held.saturating_add(range.in_mass(least, most).1);
    }
    for loss in losses {
        let stated = loss.composition.iter().find(|line| line.elements == single).and_then(Range::of);
        held = held.saturating_add(match stated {
            Some(range) => range.in_mass(loss.mass, loss.mass).1,
            // What was lost held at most what the pool held on average.
            None => {
                most_in.saturating_mul(u128::from(loss.mass.mg())).checked_div(mass_in).unwrap_or(u128::MAX)
            }
        });
    }
    if held >= brought || open.is_empty() {
        return None;
    }
    let names: Vec<String> = open.iter().map(|lot| names::lot(graph, lot)).collect();
    let message = format!(
        "{element} of {}: at least {} went in by what was declared, and at most {} is there by a sample taken after \
         pooling; it cannot be said which of {} brought less",
        names::record(graph, maker),
        names::mass(brought / SHARE),
        names::mass(held.div_ceil(SHARE)),
        names.join(", "),
    );
    let resolve = "analyse a retained sample of each delivery, taken before they were pooled";
    let mut records = vec![record, maker];
    records.extend(open.iter().filter_map(|lot| graph.creator(lot)));
    let first = graph::output(maker, 0)?;
    let mut finding = conflict(graph, &first, Weight::Unknown, message, resolve, &records);
    finding.lots = graph::outputs(maker).map(|(lot, _)| lot).chain(open).collect();
    finding.parties = vec![maker.author];
    Some(finding)
}

/// Returns a statement of the highest rank about some elements.
fn highest<'a, 'g>(all: &'a [Statement<'g>], elements: &ElementSet) -> Option<&'a Statement<'g>> {
    all.iter().filter(|one| one.line(elements).is_some()).max_by_key(|one| one.rank)
}

/// Returns between which masses a stretch lies, by the scale that weighed its lot.
fn mass_range(mass: Mass, quantity: &Quantity) -> (Mass, Mass) {
    let apart = u128::from(mass.mg()) * u128::from(quantity.uncertainty.linear_ppb());
    let apart = u64::try_from(apart.div_ceil(WHOLE)).unwrap_or(u64::MAX);
    (mass.saturating_sub(Mass::from_mg(apart)), Mass::from_mg(mass.mg().saturating_add(apart)))
}
