//! Tags handed out or put on away from the pit they name, or on what was dug elsewhere.
//!
//! Another country is a contradiction, and so is more than [`NEAR_M`] where both sides state coordinates. Where one does
//! not, nobody can tell: a tag that says *at the pit* without saying where says nothing of the place.

use std::collections::HashSet;

use super::{Register, from_issue};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::distance;
use crate::model::event::Body;
use crate::model::facility::DeclareFacility;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::place::Place;
use crate::model::record::Record;

/// Metres from the declared point of a pit that are still *at the pit*.
///
/// Our own figure: the domain's pages (rule COC-06, case C1 with 90 km) state none. It is wide enough for a concession
/// with several shafts and a tagging post, and far below the way to the next town's buying house.
const NEAR_M: u64 = 10_000;
/// Records looked back from a tagged lot for where it was dug.
const LOOK_BACK: usize = 1_000;

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, issue) in register.issues.iter().enumerate() {
        let lots = register.lots_of(at);
        let said = issue.said;
        let what = from_issue(graph, issue);
        let Some((declaration, pit)) = graph.facility(&said.pit) else {
            let message = format!("{what} are for pit `{}`, whose declaration is not held", said.pit.short());
            let resolve = "import the chain of whoever declared the pit";
            findings.push(found(
                FindingCode::TagPlace,
                Weight::Unknown,
                &[issue.record],
                &lots,
                message,
                resolve,
            ));
            continue;
        };
        let name = names::facility(graph, &said.pit);
        if let Some((weight, why)) = away(pit, &said.place, said.coordinates) {
            let message = format!("{what} for {name} were handed out {why}");
            let records = [issue.record, declaration];
            findings.push(found(FindingCode::TagPlace, weight, &records, &lots, message, resolve(weight)));
        }
        for used in register.used_from[at].keys() {
            let put = &register.uses[*used];
            let lot = names::lot(graph, &put.said.lot);
            let records = [put.record, issue.record, declaration];
            if let Some((weight, why)) = away(pit, &put.said.place, put.said.coordinates) {
                let message = format!("{what} for {name} were put on lot {lot} {why}");
                let lots = [put.said.lot];
                findings.push(found(
                    FindingCode::TagPlace,
                    weight,
                    &records,
                    &lots,
                    message,
                    resolve(weight),
                ));
            }
            if let Some(dug) = dug_elsewhere(graph, put.said.lot, &said.pit) {
                let message = format!(
                    "{what} for {name} are on lot {lot}, which was dug at {} ({})",
                    dug.event.body.at().and_then(|at| at.facility.shown()).map_or_else(
                        || "another place".to_owned(),
                        |facility| names::facility(graph, facility)
                    ),
                    names::record(graph, dug)
                );
                let (lots, resolve) = ([put.said.lot], "tags of the pit where the lot was dug");
                let records = [put.record, issue.record, declaration, dug];
                findings.push(found(FindingCode::TagPlace, Weight::Fail, &records, &lots, message, resolve));
            }
        }
    }
    findings
}

fn resolve(weight: Weight) -> &'static str {
    match weight {
        Weight::Fail => {
            "tags of a pit are handed out and put on at that pit; whoever wrote a wrong place withdraws it"
        }
        _ => "coordinates of the pit in its declaration, and of the place in a later record of the tags",
    }
}

/// Returns how far something lies from a pit, if that is too far or cannot be told.
fn away(pit: &DeclareFacility, place: &Place, coordinates: Option<(i32, i32)>) -> Option<(Weight, String)> {
    if place.country != pit.place.country {
        return Some((Weight::Fail, format!("in {place}, and the pit is in {}", pit.place)));
    }
    let (Some(here), Some(there)) = (coordinates, pit.coordinates) else {
        let whose = if coordinates.is_none() { "without saying where in" } else { "in" };
        let pit_too = if pit.coordinates.is_none() { ", and the pit does not say where it is" } else { "" };
        return Some((Weight::Unknown, format!("{whose} {place}{pit_too}")));
    };
    let metres = distance::metres(here, there);
    (metres > NEAR_M).then(|| {
        let km = format!("{}.{} km", metres / 1000, metres % 1000 / 100);
        (Weight::Fail, format!("{km} from the pit (limit {} km)", NEAR_M / 1000))
    })
}

/// Returns the record that dug a lot, where that was at other pits than `pit` alone.
///
/// Looked through are handovers and packing; whatever else a lot comes from (papers, old stock, work, records that
/// are not held) leaves its pit to the tags.
fn dug_elsewhere<'g>(graph: &'g Graph, lot: LotRef, pit: &RecordId) -> Option<&'g Record> {
    let mut stack = vec![lot];
    let mut looked: HashSet<RecordId> = HashSet::new();
    let mut elsewhere = None;
    while let Some(lot) = stack.pop() {
        let record = graph.creator(&lot)?;
        if !looked.insert(record.id) && !record.event.body.is_pairwise() {
            continue;
        }
        if looked.len() > LOOK_BACK {
            return None;
        }
        match &record.event.body {
            Body::Extract(extract) => match extract.at.facility.shown() {
                Some(facility) if facility != pit => elsewhere = elsewhere.or(Some(record)),
                // Some of it is from the pit, and which bag is which no record says.
                _ => return None,
            },
            Body::Repack(repack) => stack.extend(repack.inputs.shown()?.iter().map(|input| input.lot)),
            body if body.is_pairwise() => {
                stack.push(graph::inputs(record).get(lot.index as usize)?.lot);
            }
            _ => return None,
        }
    }
    elsewhere
}
