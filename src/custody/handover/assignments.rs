//! Assignments: lots that left for a receiver to be named later, and whom their sender named.
//!
//! The sender's word decides, and it can be given once. A claim code only lets its holder ask: one that does not fit
//! is a warning, since the assignment stands all the same. Spec: docs/custody.md, "Assignments".

use std::collections::BTreeSet;

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::model::claim::ClaimCode;
use crate::model::event::{Assign, Body, Receiver};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns every lot that was assigned to two receivers, and every code that does not fit.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lots = BTreeSet::new();
    for record in graph.records() {
        if let Body::Assign(assign) = &record.event.body {
            lots.extend(assign.lots.iter().copied());
            findings.extend(assign.lots.iter().filter_map(|lot| wrong_code(graph, record, assign, *lot)));
        }
    }
    findings.extend(lots.into_iter().filter_map(|lot| twice(graph, lot)));
    findings
}

fn twice(graph: &Graph, lot: LotRef) -> Option<Finding> {
    let assignments = graph.assignments(&lot);
    let (first, to) = *assignments.first()?;
    let other = assignments.iter().find(|(_, other)| *other != to)?;
    let is_shown = |to: &Maybe<Receiver>| to.shown().is_some();
    let (weight, how) = match is_shown(to) && is_shown(other.1) {
        true => (Weight::Fail, "to two different receivers"),
        false => (Weight::Withheld, "twice, and withholds to whom"),
    };
    let sender = graph.creator(&lot)?;
    let message = format!(
        "{} assigned lot {} {how}, by {} and {}",
        names::party(graph, &sender.author),
        names::lot(graph, &lot),
        names::record(graph, first),
        names::record(graph, other.0),
    );
    let resolve = "the sender withdraws the assignment that nobody has relied on";
    let mut lots = vec![lot];
    for one in graph.uses(&lot) {
        lots.extend(graph.record(&one.record).and_then(|record| graph::output(record, one.input)));
    }
    let mut finding =
        found(FindingCode::AssignedTwice, weight, &[sender, first, other.0], &lots, message, resolve);
    finding.parties = vec![sender.author];
    Some(finding)
}

fn wrong_code(graph: &Graph, record: &Record, assign: &Assign, lot: LotRef) -> Option<Finding> {
    let code = assign.claim.shown()?.as_deref()?;
    let sender = graph.creator(&lot)?;
    let Body::Dispatch(dispatch) = &sender.event.body else { return None };
    let fits = code.parse::<ClaimCode>().ok().map(|code| code.hash()) == dispatch.claim;
    if fits || graph.withdrawn(&record.id).is_some() {
        return None;
    }
    let message = format!(
        "{} was given on a claim code that is not the one of lot {}",
        names::record(graph, record),
        names::lot(graph, &lot)
    );
    let resolve = "the sender says why it named this receiver";
    Some(found(FindingCode::ClaimMismatch, Weight::Warning, &[record, sender], &[lot], message, resolve))
}
