//! Two results about one lot and the same elements that no share satisfies both.
//!
//! Between ranks the higher holds and the lower is named. A declaration is failed only by a result that is
//! independent or above, on a sample taken before anything was mixed; else nobody can be blamed.

use std::collections::BTreeSet;

use super::super::graph::Graph;
use super::super::names::{self, found};
use super::super::ties::Ties;
use super::{Rank, Statement, concerning, range, shown_by, statements};
use crate::model::element::ElementSet;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns the contradictions between results about a lot.
pub(super) fn of_lot(graph: &Graph, ties: &Ties<'_>, lot: &LotRef) -> Vec<Finding> {
    let all = statements(graph, ties, lot);
    let lines = all.iter().flat_map(|one| one.components);
    let sets: BTreeSet<&ElementSet> = lines.map(|line| &line.elements).collect();
    sets.into_iter().flat_map(|elements| of_elements(graph, lot, &all, elements)).collect()
}

fn of_elements(graph: &Graph, lot: &LotRef, all: &[Statement<'_>], elements: &ElementSet) -> Vec<Finding> {
    let about: Vec<&Statement<'_>> = all.iter().filter(|one| one.line(elements).is_some()).collect();
    let Some(highest) = about.iter().map(|one| one.rank).max() else { return Vec::new() };
    let (holding, lower): (Vec<&Statement<'_>>, Vec<&Statement<'_>>) =
        about.into_iter().partition(|one| one.rank == highest);
    let differ = |one: &Statement<'_>, other: &Statement<'_>| {
        let ranges = (one.line(elements), other.line(elements));
        matches!(ranges, (Some((_, one)), Some((_, other))) if one.contradicts(&other))
    };
    // What was found about the goods before a handover is told there.
    let is_new = |one: &Statement<'_>, other: &Statement<'_>| {
        [one, other].iter().any(|one| one.direct && one.rank != Rank::Declared)
    };
    let mut findings = Vec::new();
    for (at, one) in holding.iter().enumerate() {
        for other in &holding[at + 1..] {
            if differ(one, other) && is_new(one, other) {
                findings.push(equal(graph, lot, elements, one, other));
            }
        }
    }
    for low in lower {
        let against: Vec<&&Statement<'_>> = holding.iter().filter(|high| differ(high, low)).collect();
        let Some(high) = against.first().filter(|high| is_new(high, low)) else { continue };
        if low.rank == Rank::Declared {
            let all_say_so = against.len() == holding.len();
            let accused = all_say_so && against.iter().any(|high| high.can_accuse);
            findings.push(declared(graph, lot, elements, high, low, accused));
        } else {
            findings.push(superseded(graph, lot, elements, high, low));
        }
    }
    findings
}

fn equal(
    graph: &Graph,
    lot: &LotRef,
    elements: &ElementSet,
    one: &Statement<'_>,
    other: &Statement<'_>,
) -> Finding {
    let message = format!(
        "{} of lot {}: {} and {} are of one rank and cannot both be right",
        elements,
        names::lot(graph, lot),
        says(graph, elements, one),
        says(graph, elements, other)
    );
    let resolve = "agree on an umpire, and record the umpire's `assay`";
    conflict(graph, lot, Weight::Unknown, message, resolve, &[one.record, other.record])
}

fn declared(
    graph: &Graph,
    lot: &LotRef,
    elements: &ElementSet,
    high: &Statement<'_>,
    low: &Statement<'_>,
    accused: bool,
) -> Finding {
    let (weight, end) = match accused {
        true => (Weight::Fail, ""),
        false if high.rank < Rank::Independent => (Weight::Unknown, "; neither is independent"),
        false => (Weight::Unknown, "; the sample does not show whose declaration is wrong"),
    };
    let message = format!(
        "{} of lot {}: {} contradicts {}{end}",
        elements,
        names::lot(graph, lot),
        says(graph, elements, high),
        says(graph, elements, low)
    );
    let resolve = match accused {
        true => "whoever declared it corrects its record; or an umpire says otherwise",
        false => {
            "have a retained sample, taken before anything was mixed, analysed by an independent laboratory"
        }
    };
    conflict(graph, lot, weight, message, resolve, &[high.record, low.record])
}

fn superseded(
    graph: &Graph,
    lot: &LotRef,
    elements: &ElementSet,
    high: &Statement<'_>,
    low: &Statement<'_>,
) -> Finding {
    let message = format!(
        "{} of lot {}: {} holds, and {} does not",
        elements,
        names::lot(graph, lot),
        says(graph, elements, high),
        says(graph, elements, low)
    );
    let resolve = "nothing needs to be done; who rests on the lower result looks again";
    let records = shown_by(graph, lot, &[high.record, low.record]);
    let code = FindingCode::AssaySuperseded;
    concerning(found(code, Weight::Warning, &records, &[*lot], message, resolve), &[low.record])
}

/// Returns what a statement says of some elements, and who says so on which rank.
fn says(graph: &Graph, elements: &ElementSet, one: &Statement<'_>) -> String {
    let said = one.line(elements).map(|(line, range)| match line.value {
        crate::model::lot::Determined::Measured(share) if line.basis.metal_fraction().is_none() => {
            format!("{share} as {}", line.basis)
        }
        _ if range.low == 0 => format!("at most {}", range::percent(range.high)),
        _ => format!("{} to {}", range::percent(range.low), range::percent(range.high)),
    });
    format!("{} ({}, {})", said.unwrap_or_default(), one.rank.word(), names::record(graph, one.record))
}

/// Returns a conflict about a lot, to be mended by the authors of `records`.
pub(super) fn conflict(
    graph: &Graph,
    lot: &LotRef,
    weight: Weight,
    message: String,
    resolve: &str,
    records: &[&Record],
) -> Finding {
    let all = shown_by(graph, lot, records);
    let code = FindingCode::AssayConflict;
    concerning(found(code, weight, &all, &[*lot], message, resolve), records)
}
