//! Requests to return: lots that were taken over after their sender had asked for them back.
//!
//! A request consumes nothing, so a receipt against it stands; but a reader should hear of it. Days are
//! compared, since clocks of two parties tell no order: a receipt counts as against the request if its last
//! day is the day from which the request asks or later, and the request was signed by then.
//! Spec: docs/custody.md, "Requests to return".

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::withdrawal;
use crate::model::day::Day;
use crate::model::event::{Body, RequestReturn};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns every receipt against a request to return.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        if let Body::RequestReturn(request) = &record.event.body
            && graph.withdrawn(&record.id).is_none()
        {
            findings.extend(request.lots.iter().flat_map(|lot| against(graph, record, request, *lot)));
        }
    }
    findings
}

fn against(graph: &Graph, record: &Record, request: &RequestReturn, lot: LotRef) -> Vec<Finding> {
    // Only the sender may ask for it; see `consumer` for a request by another.
    if graph.creator(&lot).is_none_or(|creator| creator.author != record.author) {
        return Vec::new();
    }
    let from = request.from.max(record.signed_at.day());
    let receipts = graph.uses(&lot).iter().filter_map(|one| {
        let receipt = graph.record(&one.record)?;
        let is_receipt = matches!(receipt.event.body, Body::Receive(_));
        let counts = is_receipt && !withdrawal::frees_stretches(graph, receipt);
        let day = day_of(receipt);
        (counts && day >= from).then(|| finding(graph, (record, from), (receipt, day), lot, one.input))
    });
    receipts.collect()
}

fn finding(
    graph: &Graph,
    (record, from): (&Record, Day),
    (receipt, day): (&Record, Day),
    lot: LotRef,
    input: usize,
) -> Finding {
    let message = format!(
        "{} took over lot {} on {day}, which {} had asked back from {from} on",
        names::party(graph, &receipt.author),
        names::lot(graph, &lot),
        names::party(graph, &record.author),
    );
    let resolve = "the two parties agree who keeps the goods, and why they were called back";
    let mut lots = vec![lot];
    lots.extend(graph::output(receipt, input));
    let code = FindingCode::ReceivedDespiteRequest;
    found(code, Weight::Warning, &[record, receipt], &lots, message, resolve)
}

/// Returns the last day of an event, or, where that is withheld, the day it claims to have been signed.
fn day_of(record: &Record) -> Day {
    let period = record.event.body.at().and_then(|at| at.period.shown());
    period.map_or_else(|| record.signed_at.day(), |period| period.last)
}
