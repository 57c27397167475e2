//! Logs: trees of hashes in which the place of one entry can be shown without the others.
//!
//! A party has one log for each epoch of its chain, over the ids of its records. Nothing here reads files or knows
//! a network. Spec: docs/formats/log.md.

pub mod checkpoint;
pub mod consistency;
pub mod contradiction;
pub mod cosignature;
pub mod fork;
pub mod known;
mod lines;
pub mod note;
pub mod part;
pub mod policy;
pub mod proof;
pub mod publish;
pub mod pull;
pub mod range;
pub mod seen;
pub mod shown;
pub mod tiles;
pub mod tree;
pub mod vkey;
pub mod witness;
