//! Assays: which of several results holds for a lot, and where they contradict each other.
//!
//! Results are judged, never averaged. Of those about one lot and set of elements the highest rank holds: umpire
//! before agreed settlement before independent before the holder's own before declared before provisional, and a
//! provisional one ends with the final of its laboratory on the same sample. What no result determined is not
//! known; what was below a limit lies between nothing and the limit. Spec: docs/custody.md, "Assays".

mod carry;
mod conflict;
mod duties;
mod group;
mod pool;
mod range;

use super::graph::Graph;
use super::ties::Ties;
use crate::model::day::Period;
use crate::model::element::ElementSet;
use crate::model::event::{Assay, Body};
use crate::model::evidence::{AssayPurpose, SamplePoint};
use crate::model::finding::Finding;
use crate::model::lot::{Component, Determined, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

pub(super) use carry::holds;
pub use carry::{carries, measured_elements};
use range::Range;

/// How much a result weighs against others, lowest first. Source: mass-balance rules, "Assay precedence".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    Provisional,
    Declared,
    Own,
    Independent,
    Settlement,
    Umpire,
}

impl Rank {
    fn word(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Declared => "declared",
            Self::Own => "own",
            Self::Independent => "independent",
            Self::Settlement => "agreed settlement",
            Self::Umpire => "umpire",
        }
    }
}

/// What one record says a lot holds.
struct Statement<'g> {
    record: &'g Record,
    rank: Rank,
    components: &'g [Component],
    /// Whether it can show that a declaration is wrong: who took the sample is told and apart from the
    /// laboratory, both are apart from who held the lot or it is theirs to say, and nothing was mixed before.
    can_accuse: bool,
    /// Whether it is about the lot itself, and not about one that it was handed over as before.
    direct: bool,
}

impl<'g> Statement<'g> {
    /// Returns the line about just these elements, and what it allows.
    fn line(&self, elements: &ElementSet) -> Option<(&'g Component, Range)> {
        let found = self
            .components
            .iter()
            .find(|line| line.elements == *elements && line.value != Determined::NotDetermined)?;
        Some((found, Range::of(found)?))
    }
}

/// Returns every contradiction between results, and every result that is not what it calls itself.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    if !graph.has_results() {
        return Vec::new();
    }
    let ties = Ties::new(graph);
    let mut findings = duties::findings(graph, &ties);
    for lot in graph.lots_with_results() {
        findings.extend(conflict::of_lot(graph, &ties, &lot));
        findings.extend(group::of_lot(graph, &ties, &lot));
    }
    findings.extend(pool::findings(graph, &ties));
    findings
}

/// A line about some elements of a lot that no other of higher rank stands against.
#[derive(Clone, Copy, Debug)]
pub struct HeldLine<'g> {
    /// What it says.
    pub line: &'g Component,
    /// The record that says so.
    pub record: &'g Record,
}

/// Returns the lines of the highest rank about a lot, set by set: several for one set only where results of that rank
/// stand side by side. Lines that were not looked for are left out.
pub fn holding<'g>(graph: &'g Graph, ties: &Ties<'_>, lot: &LotRef) -> Vec<HeldLine<'g>> {
    let all = statements(graph, ties, lot);
    let mut held: Vec<(Rank, HeldLine<'g>)> = Vec::new();
    for one in &all {
        for line in one.components.iter().filter(|line| line.value != Determined::NotDetermined) {
            let same = |(_, other): &&(Rank, HeldLine<'_>)| other.line.elements == line.elements;
            let highest = held.iter().filter(same).map(|(rank, _)| *rank).max();
            if highest.is_some_and(|rank| rank > one.rank) {
                continue;
            }
            held.retain(|(rank, other)| other.line.elements != line.elements || *rank >= one.rank);
            held.push((one.rank, HeldLine { line, record: one.record }));
        }
    }
    held.into_iter().map(|(_, line)| line).collect()
}

/// Returns what is said of a lot: its own record, and the results about it or what it was handed over as.
fn statements<'g>(graph: &'g Graph, ties: &Ties<'_>, lot: &LotRef) -> Vec<Statement<'g>> {
    let mut all = Vec::new();
    if let (Some(record), Some(value)) = (graph.creator(lot), graph.lot(lot))
        && let Maybe::Shown(components) = &value.composition
        && graph.withdrawn(&record.id).is_none()
    {
        all.push(Statement { record, rank: Rank::Declared, components, can_accuse: false, direct: true });
    }
    for record in graph.results(lot) {
        if graph.withdrawn(&record.id).is_some() {
            continue;
        }
        match &record.event.body {
            Body::Assay(assay) => {
                if is_replaced(graph, lot, record, assay) {
                    continue;
                }
                let Maybe::Shown(components) = &assay.composition else { continue };
                let apart = duties::lapses(graph, ties, record, assay).is_empty();
                let rank = rank(assay.purpose, apart);
                let can_accuse = rank >= Rank::Independent
                    && assay.point == SamplePoint::BeforePooling
                    && duties::is_tied_to_lot(graph, record, assay);
                let direct = assay.lot == *lot;
                all.push(Statement { record, rank, components, can_accuse, direct });
            }
            Body::Measure(measure) => {
                let Maybe::Shown(components) = &measure.composition else { continue };
                let is_holders = super::consumer::holder(graph, &measure.lot) == Some(record.author);
                if is_holders && !components.is_empty() {
                    let direct = measure.lot == *lot;
                    all.push(Statement { record, rank: Rank::Own, components, can_accuse: false, direct });
                }
            }
            _ => {}
        }
    }
    all
}

/// What calls itself independent, agreed or umpire and is not made apart from the lot counts as own.
fn rank(purpose: AssayPurpose, apart: bool) -> Rank {
    match purpose {
        AssayPurpose::Provisional => Rank::Provisional,
        AssayPurpose::Declared => Rank::Declared,
        AssayPurpose::Independent if apart => Rank::Independent,
        AssayPurpose::Settlement if apart => Rank::Settlement,
        AssayPurpose::Umpire if apart => Rank::Umpire,
        _ => Rank::Own,
    }
}

/// Whether a provisional result was followed by the final one of its laboratory on the same sample.
fn is_replaced(graph: &Graph, lot: &LotRef, record: &Record, assay: &Assay) -> bool {
    let Maybe::Shown(sample) = &assay.sample else { return false };
    assay.purpose == AssayPurpose::Provisional
        && graph.results(lot).any(|other| {
            let Body::Assay(last) = &other.event.body else { return false };
            other.author == record.author
                && last.purpose != AssayPurpose::Provisional
                && last.sample.shown() == Some(sample)
                && graph.withdrawn(&other.id).is_none()
        })
}

/// Returns the days of an assay, or the day it was signed where those are withheld.
fn days(record: &Record, assay: &Assay) -> Period {
    assay.period.shown().copied().unwrap_or_else(|| Period::day(record.signed_at.day()))
}

/// Returns the records behind a contradiction, the lot's own first, so that it bears on the lot.
fn shown_by<'g>(graph: &'g Graph, lot: &LotRef, records: &[&'g Record]) -> Vec<&'g Record> {
    let mut all: Vec<&Record> = graph.creator(lot).into_iter().collect();
    for record in records {
        if !all.iter().any(|one: &&Record| one.id == record.id) {
            all.push(record);
        }
    }
    all
}

/// Returns the most that a line allows in a lot of this quantity, rounded up; `None` where it tells no share.
pub(super) fn most_in(line: &Component, quantity: &Quantity) -> Option<Mass> {
    let range = Range::of(line).filter(|range| range.counts == range::Counts::Elements)?;
    let (_, high) = range.in_mass(quantity.mass, quantity.mass);
    Some(Mass::from_mg(u64::try_from(high.div_ceil(range::SHARE)).unwrap_or(u64::MAX)))
}

/// Keeps a finding's parties to those whose chain would have to be mended.
fn concerning(mut finding: Finding, records: &[&Record]) -> Finding {
    finding.parties = Vec::new();
    for record in records {
        if !finding.parties.contains(&record.author) {
            finding.parties.push(record.author);
        }
    }
    finding
}

#[cfg(test)]
mod tests;
