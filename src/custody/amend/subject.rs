//! What rests on a record that is no lot's own: a declaration, a paper, a measurement.

use std::collections::BTreeSet;

use crate::custody::graph::{self, Graph};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::event::{Body, Subject};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns the lots that rest on `subject` directly, sources first.
///
/// Of a record: the lots it creates, those made at the facility it declares, those it measures, and those whose
/// records cite the paper it registers. Of a party: all lots it created.
pub fn lots(graph: &Graph, subject: &Subject) -> Vec<LotRef> {
    let lots: Vec<LotRef> = match subject {
        Subject::Lot(lot) => vec![*lot],
        Subject::Party(party) => {
            outputs_of(graph.records().iter().filter(|record| record.author == *party)).collect()
        }
        Subject::Record(id) => match graph.record(id) {
            Some(record) => of_record(graph, record),
            None => Vec::new(),
        },
    };
    let mut seen = BTreeSet::new();
    lots.into_iter().filter(|lot| seen.insert(*lot)).collect()
}

fn outputs_of<'g>(records: impl Iterator<Item = &'g Record>) -> impl Iterator<Item = LotRef> {
    records.flat_map(|record| graph::outputs(record).map(|(lot, _)| lot))
}

/// Returns the lots that rest on a record directly.
pub fn of_record(graph: &Graph, record: &Record) -> Vec<LotRef> {
    let at = |id: &RecordId, other: &Record| {
        other.event.body.at().is_some_and(|at| at.facility == Maybe::Shown(*id))
    };
    match &record.event.body {
        Body::DeclareFacility(_) => {
            outputs_of(graph.records().iter().filter(|other| at(&record.id, other))).collect()
        }
        Body::Assay(assay) => vec![assay.lot],
        Body::Measure(measure) => vec![measure.lot],
        Body::RegisterDocument(document) => {
            let citing = |other: &&Record| other.id != record.id && cites(other, &document.sha256);
            let mut lots: Vec<LotRef> = outputs_of(graph.records().iter().filter(citing)).collect();
            for about in &document.about {
                match about {
                    Subject::Lot(lot) => lots.push(*lot),
                    Subject::Record(id) => {
                        lots.extend(outputs_of(graph.record(id).into_iter()));
                        lots.extend(outputs_of(graph.records().iter().filter(|other| at(id, other))));
                    }
                    Subject::Party(_) => {}
                }
            }
            lots
        }
        _ => outputs_of(std::iter::once(record)).collect(),
    }
}

/// Whether a record cites the paper with this hash, as far as it shows what it cites.
fn cites(record: &Record, sha256: &Hash) -> bool {
    let beside = record.event.documents.as_ref().and_then(Maybe::shown);
    beside.is_some_and(|documents| documents.contains(sha256))
        || record.event.body.declared_touches().iter().any(|touch| touch.document == Some(*sha256))
        || record.event.body.outputs().iter().any(|lot| {
            lot.documents.as_ref().and_then(Maybe::shown).is_some_and(|documents| documents.contains(sha256))
        })
}

/// Returns the record that `subject` names, or that created the lot it names.
pub fn record_of<'g>(graph: &'g Graph, subject: &Subject) -> Option<&'g Record> {
    match subject {
        Subject::Lot(lot) => graph.creator(lot),
        Subject::Record(id) => graph.record(id),
        Subject::Party(party) => graph.party(party).map(|(record, _)| record),
    }
}

/// Returns the authors of `records` and the parties that lots of theirs were sent to.
pub fn parties_of<'g>(
    graph: &'g Graph,
    records: impl IntoIterator<Item = &'g RecordId>,
) -> BTreeSet<PartyId> {
    let mut parties = BTreeSet::new();
    for record in records.into_iter().filter_map(|id| graph.record(id)) {
        parties.insert(record.author);
        if let Some(Maybe::Shown(crate::model::event::Receiver::Party(to))) = record.event.body.receiver() {
            parties.insert(*to);
        }
    }
    parties
}
