//! Separation of duties: who took a sample, who analysed it and whose lot it was must be three.
//!
//! Source: rule GOV-03, "assayer not the same party, owner or key custodian as operator or buyer"; affiliates
//! are looked through.

use super::super::graph::Graph;
use super::super::names;
use super::super::ties::{Ties, not_independent};
use super::days;
use crate::custody::consumer::had;
use crate::hash::RecordId;
use crate::model::event::{Assay, Body};
use crate::model::evidence::AssayPurpose;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Why an assay is not made apart, and the ties that show it.
pub(super) struct Lapse {
    why: String,
    way: Vec<RecordId>,
}

/// Returns every assay that calls itself independent, agreed or umpire and is not, or withholds its result.
pub(super) fn findings(graph: &Graph, ties: &Ties<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        let Body::Assay(assay) = &record.event.body else { continue };
        if graph.withdrawn(&record.id).is_some() {
            continue;
        }
        for lapse in lapses(graph, ties, record, assay) {
            let message = format!(
                "{} calls itself {} of lot {}, but {}",
                names::record(graph, record),
                assay.purpose,
                names::lot(graph, &assay.lot),
                lapse.why
            );
            let mut finding = not_independent(record, &lapse.way, &[assay.lot], message);
            finding.records.extend(graph.creator(&assay.lot).map(|creator| creator.id));
            findings.push(finding);
        }
        findings.extend(withheld(graph, record, assay));
    }
    findings
}

/// A result that outranks the declaration and is kept from the reader may contradict it.
fn withheld(graph: &Graph, record: &Record, assay: &Assay) -> Option<Finding> {
    let outranks =
        !matches!(assay.purpose, AssayPurpose::Own | AssayPurpose::Declared | AssayPurpose::Provisional);
    if !outranks || assay.composition.shown().is_some() {
        return None;
    }
    let message = format!(
        "the result of {} ({}) on lot {} is withheld; it may contradict what is declared",
        names::record(graph, record),
        assay.purpose,
        names::lot(graph, &assay.lot)
    );
    let resolve = "ask for a file in which the item `composition` of the assay is shown";
    let records = super::shown_by(graph, &assay.lot, &[record]);
    let code = FindingCode::AssayWithheld;
    Some(names::found(code, Weight::Withheld, &records, &[assay.lot], message, resolve))
}

/// Returns why an assay is not what its purpose says; nothing for one that claims no independence.
pub(super) fn lapses(graph: &Graph, ties: &Ties<'_>, record: &Record, assay: &Assay) -> Vec<Lapse> {
    let claims =
        matches!(assay.purpose, AssayPurpose::Independent | AssayPurpose::Settlement | AssayPurpose::Umpire);
    if !claims {
        return Vec::new();
    }
    let on = days(record, assay);
    let mut lapses = Vec::new();
    for holder in had(graph, &assay.lot) {
        if let Some(way) = ties.between(&record.author, &holder, &on) {
            let name = names::party(graph, &holder);
            let why = match way.is_empty() {
                true => format!("{name} had the lot itself"),
                false => format!("its laboratory is tied to {name}, who had the lot"),
            };
            lapses.push(Lapse { why, way });
            break;
        }
    }
    if let Some(sampler) = assay.sampled_by
        && let Some(way) = ties.between(&record.author, &sampler, &on)
    {
        let name = names::party(graph, &sampler);
        let why = match way.is_empty() {
            true => format!("{name} took the sample and analysed it"),
            false => format!("{name}, who took the sample, is tied to its laboratory"),
        };
        lapses.push(Lapse { why, way });
    }
    lapses
}

/// Whether who took the sample is told, and had the lot: a stranger's result accuses nobody.
pub(super) fn is_tied_to_lot(graph: &Graph, record: &Record, assay: &Assay) -> bool {
    let had_it = had(graph, &assay.lot);
    assay.sampled_by.is_some_and(|sampler| sampler != record.author && had_it.contains(&sampler))
        && matches!(assay.sample, Maybe::Shown(_))
}
