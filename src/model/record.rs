//! An opened record: what is left when bytes, hashes and signature have been checked.

use serde::Serialize;

use super::event::Event;
use super::kind::Kind;
use super::time::Timestamp;
use crate::hash::{PartyId, RecordId};

/// A record whose bytes and signature were checked, as plain values.
///
/// Outside of tests only the `record` room makes these: opening is the only way to a record's contents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Record {
    /// SHA-256 of its header.
    pub id: RecordId,
    /// Whose chain it is in.
    pub author: PartyId,
    /// Epoch of that chain.
    pub epoch: u16,
    /// Position in that chain, from 0.
    pub seq: u64,
    /// The record before it; zeros at seq 0.
    pub prev: RecordId,
    /// The latest control record before it; zeros at seq 0.
    pub control: RecordId,
    /// Time the author claims to have signed.
    pub signed_at: Timestamp,
    /// What it states.
    pub event: Event,
    /// Names of the private items withheld from this reader, ascending.
    pub withheld: Vec<String>,
}

impl Record {
    /// Returns its kind.
    pub fn kind(&self) -> Kind {
        self.event.kind()
    }
}
