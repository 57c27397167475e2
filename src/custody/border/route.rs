//! Stops declared at a border against those of the dispatch.

use super::{Declared, dispatch_of};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::model::dealings::StopKind;
use crate::model::event::{Body, Stop};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

pub(super) fn findings(graph: &Graph, one: &Declared<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut compared: Vec<&Record> = Vec::new();
    for lot in &one.said.lots {
        let Some(sent) = dispatch_of(graph, lot).filter(|sent| compared.iter().all(|one| one.id != sent.id))
        else {
            continue;
        };
        compared.push(sent);
        findings.extend(of_dispatch(graph, one, lot, sent));
    }
    findings
}

fn of_dispatch(graph: &Graph, one: &Declared<'_>, lot: &LotRef, sent: &Record) -> Option<Finding> {
    let Body::Dispatch(dispatch) = &sent.event.body else { return None };
    let by = names::record(graph, one.record);
    let name = names::lot(graph, lot);
    let finding = |weight, message: String, resolve: &str| {
        Some(found(FindingCode::BorderMismatch, weight, &[one.record, sent], &[*lot], message, resolve))
    };
    let (declared, planned) = match (one.said.stops.shown(), dispatch.stops.shown()) {
        (Some(declared), Some(planned)) => (declared, planned),
        (declared, planned) => {
            // Only a free zone that one side shows is worth asking the other for.
            let shown = declared.or(planned)?;
            let zone = shown.iter().find(|stop| stop.what == StopKind::FreeZone)?;
            let message = format!(
                "lot {name} stops in a free zone in {}, and one side withholds its stops",
                zone.place
            );
            return finding(Weight::Withheld, message, "ask both sides for the route");
        }
    };
    let missing = |from: &[Stop], among: &[Stop]| -> Vec<Stop> {
        from.iter().filter(|stop| !among.iter().any(|other| is_same(stop, other))).cloned().collect()
    };
    let (only_declared, only_planned) = (missing(declared, planned), missing(planned, declared));
    let all = || only_declared.iter().chain(&only_planned);
    all().next()?;
    let mut parts = Vec::new();
    if !only_declared.is_empty() {
        parts.push(format!("{by} declares {}, which its dispatch does not name", list(&only_declared)));
    }
    if !only_planned.is_empty() {
        parts.push(format!("its dispatch names {}, which {by} does not declare", list(&only_planned)));
    }
    let message = format!("the ways of lot {name} differ: {}", parts.join("; "));
    let resolve = "the carrier's paper of the way, and a declaration that names every stop";
    match all().any(|stop| stop.what == StopKind::FreeZone) {
        true => finding(Weight::Unknown, message, resolve),
        false => finding(Weight::Warning, message, resolve),
    }
}

/// Whether two stops are one: the same place as far as both say it, and both or neither in a free zone.
fn is_same(one: &Stop, other: &Stop) -> bool {
    let zone = |stop: &Stop| stop.what == StopKind::FreeZone;
    (one.place.covers(other.place) || other.place.covers(one.place)) && zone(one) == zone(other)
}

fn list(stops: &[Stop]) -> String {
    let one = |stop: &Stop| format!("{} ({})", stop.place, stop.what.to_string().replace('_', " "));
    stops.iter().map(one).collect::<Vec<_>>().join(", ")
}
