//! Second thoughts: corrections, disputes, and who has taken note of them. Nothing is ever edited.
//!
//! A corrected record has several statements. Until those who rest on it have taken note, each of them is
//! judged and the worse counts. Spec: docs/custody.md, "Corrections" and "Disputes".

pub mod affected;
pub mod correction;
pub mod difference;
pub mod dispute;
pub mod left;
pub(super) mod rings;
pub mod statements;
pub mod subject;

use std::collections::BTreeSet;

use super::graph::Graph;
use crate::hash::PartyId;
use crate::model::finding::Finding;

/// Whose word about others' records counts for a reader.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Believed {
    /// Parties that the reader believes for some role or scheme.
    pub authorities: BTreeSet<PartyId>,
    /// Parties of which the reader has checked who they are; the authorities are among them.
    pub known: BTreeSet<PartyId>,
}

/// Returns what depends on whom the reader believes: corrections that are not settled, and disputes.
pub fn findings(graph: &Graph, believed: &Believed) -> Vec<Finding> {
    let mut findings = correction::standings(graph, &believed.authorities);
    findings.extend(dispute::findings(graph, believed));
    findings
}
