//! Custody: what opened records say together. The graph of lots, its contradictions and its gaps.
//!
//! Values in, findings out: nothing here knows bytes, keys, files or the clock. Policy is not decided here
//! either; see `rules`. Spec: docs/custody.md.

pub mod accounts;
pub mod amend;
pub mod ancestry;
pub mod assay;
pub mod assembly;
pub mod attested;
pub mod behalf;
pub mod border;
pub mod check;
pub mod claims;
pub mod consumer;
pub mod dates;
pub mod graph;
pub mod handover;
pub mod inspection;
pub mod names;
pub mod physical_mass;
pub mod place;
pub mod recycled;
pub mod registry_number;
pub mod reweigh;
pub mod scale;
pub mod stock;
pub mod stretches;
pub mod tags;
pub mod ties;
pub mod title;
pub mod touch;
pub mod trace;
pub mod traced_elements;
pub mod walk;
pub mod withdrawal;

#[cfg(test)]
pub(crate) mod testing;
