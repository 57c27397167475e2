//! The balance: whether the masses that records state can be true, element by element.
//!
//! Values in, findings out. What an excess means is fixed in [`meaning`]; constants and bands are data in [`bands`].
//! Where material came from is another question: see `origin`. Spec: docs/balance.md.

pub mod account;
pub mod bands;
pub mod content;
pub mod meaning;
pub mod sides;

use self::bands::Bands;
use crate::custody::graph::Graph;
use crate::model::finding::Finding;

/// Returns every finding of the balance about what is held, in one stable order: check by check, sources first.
pub fn findings(graph: &Graph, bands: &Bands) -> Vec<Finding> {
    let contents = content::Contents::new(graph, bands);
    let mut findings = Vec::new();
    findings.extend(account::findings::findings(&contents));
    findings
}
