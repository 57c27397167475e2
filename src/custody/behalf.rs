//! What one party recorded and another attests: where it matters that the other has not said so itself.
//!
//! Work that was recorded for another is transcribed, see `place`; that is all there is to say of a digger who keeps
//! no ledger. It is more where the other keeps one and its own chain is silent, where an independent result was
//! recorded by the holder of the lot, or where a status stands in another's name. Source: rules.md GOV-01, GOV-03.
//! Spec: docs/custody.md, "Recorded for another".

use std::collections::HashSet;

use super::consumer;
use super::graph::{self, Graph};
use super::names::{self, found};
use super::place;
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Behalf, Body, Receiver};
use crate::model::evidence::AssayPurpose;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns every record for another where it matters that the other has not signed.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let acknowledged: HashSet<(PartyId, RecordId)> = graph
        .records()
        .iter()
        .filter_map(|record| match &record.event.body {
            Body::Acknowledge(taken) => Some((record.author, taken.target)),
            _ => None,
        })
        .collect();
    graph.records().iter().filter_map(|record| of_record(graph, record, &acknowledged)).collect()
}

fn of_record(graph: &Graph, record: &Record, acknowledged: &HashSet<(PartyId, RecordId)>) -> Option<Finding> {
    let Maybe::Shown(Behalf { who, .. }) = place::behalf(record)? else { return None };
    let body = &record.event.body;
    let name = match who {
        Receiver::Party(party) => names::party(graph, party),
        Receiver::Outside(outsider) => format!("`{}`", outsider.name),
        Receiver::Later => return None,
    };
    let what = names::record(graph, record);
    let message = match (body, who) {
        (Body::Accredit(_) | Body::Certify(_), _) => {
            format!(
                "{what} stands in the name of {name}, who has not signed it: it is no word of its author's own"
            )
        }
        (Body::Assay(assay), _) if is_independent(assay.purpose) && holds(graph, record, &assay.lot) => {
            format!(
                "{what} gives a result of {name} as independent, but was recorded by the holder of the lot"
            )
        }
        (_, Receiver::Party(party)) if !acknowledged.contains(&(*party, record.id)) => {
            format!("{what} was recorded for {name}, who keeps a ledger and has not said so there")
        }
        _ => return None,
    };
    let resolve = "whoever attests records it, or acknowledges the record";
    let mut lots: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    if let Body::Assay(assay) = body {
        lots.push(assay.lot);
    }
    Some(found(FindingCode::RecordedForAnother, Weight::Warning, &[record], &lots, message, resolve))
}

fn is_independent(purpose: AssayPurpose) -> bool {
    matches!(purpose, AssayPurpose::Independent | AssayPurpose::Umpire)
}

fn holds(graph: &Graph, record: &Record, lot: &LotRef) -> bool {
    consumer::holder(graph, lot) == Some(record.author)
}
