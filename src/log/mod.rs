//! Logs: trees of hashes in which the place of one entry can be shown without the others.
//!
//! Only the tree is here so far; checkpoints and witnesses come with the logs of parties.

pub mod tree;
