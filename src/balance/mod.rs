//! The balance: whether the masses that records state can be true, element by element.
//!
//! Values in, findings out. What an excess means is fixed in [`meaning`]; constants and bands are data in [`bands`].
//! Where material came from is another question: see `origin`. Spec: docs/balance.md.

pub mod bands;
pub mod content;
pub mod meaning;

use self::bands::Bands;
use crate::custody::graph::Graph;
use crate::model::finding::Finding;

/// Returns every finding of the balance about what is held, in one stable order: check by check, sources first.
pub fn findings(_graph: &Graph, _bands: &Bands) -> Vec<Finding> {
    Vec::new()
}
