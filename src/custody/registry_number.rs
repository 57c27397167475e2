//! Numbers in registers that cannot be what they are said to be.
//!
//! Others' records are taken as they are; a number with wrong check digits was mistyped or made up, and is worth
//! a warning. Whether a register holds a number is not looked up. Spec: docs/custody.md, "Numbers in registers".

use super::graph::Graph;
use super::names::{self, found};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::identifier_check;
use crate::model::record::Record;

/// Returns every number that its register cannot have given out.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().flat_map(|record| of_record(graph, record)).collect()
}

fn of_record(graph: &Graph, record: &Record) -> Vec<Finding> {
    if graph.withdrawn(&record.id).is_some() {
        return Vec::new();
    }
    let wrong = record.event.identifiers().into_iter().filter_map(|(_, identifier)| {
        let error = identifier_check::check(&identifier.scheme, &identifier.number).err()?;
        let message =
            format!("{} states a number that cannot be right: {error}", names::record(graph, record));
        let resolve = "the number as the register has it, in a later record of the author";
        Some(found(FindingCode::IdentifierCheck, Weight::Warning, &[record], &[], message, resolve))
    });
    wrong.collect()
}
