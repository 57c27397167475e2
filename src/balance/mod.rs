//! The balance: whether the masses that records state can be true, element by element.
//!
//! Values in, findings out. What an excess means is fixed in [`meaning`]; constants and bands are data in [`bands`].
//! Where material came from is another question: see `origin`. Spec: docs/balance.md.

pub mod account;
pub mod bands;
pub mod chemistry;
pub mod content;
pub mod feed;
pub mod fingerprint;
pub mod gain;
pub mod group;
pub mod meaning;
pub mod odd;
pub mod plant;
pub mod reasons;
pub mod recovery;
pub mod say;
pub mod sides;
pub mod step;
mod terms;
#[cfg(test)]
pub(crate) mod testing;
pub mod way;

use self::bands::Bands;
use self::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::withdrawal;
use crate::model::finding::Finding;

/// Returns every finding of the balance about what is held, in one stable order: check by check, sources first.
pub fn findings(graph: &Graph, bands: &Bands) -> Vec<Finding> {
    let contents = Contents::new(graph, bands);
    let mut findings = Vec::new();
    findings.extend(gain::findings(&contents));
    findings.extend(chemistry::findings(&contents, &way::Ways::new(graph)));
    findings.extend(odd::findings(&contents));
    findings.extend(account::findings::findings(&contents));
    findings.extend(plant::findings::findings(&contents));
    findings.extend(fingerprint::findings(&contents));
    withdrawal::without_slips(graph, findings)
}
