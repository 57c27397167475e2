//! A record as its chain sees it.

use crate::hash::{PartyId, RecordId};
use crate::model::time::Timestamp;
use crate::record::SealedRecord;

/// What a chain needs to know of a record: its header, read and signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Its id.
    pub id: RecordId,
    /// Whose chain.
    pub party: PartyId,
    /// Which epoch.
    pub epoch: u16,
    /// Place in it.
    pub seq: u64,
    /// The record before.
    pub prev: RecordId,
    /// The latest control record before.
    pub control: RecordId,
    /// Whether later records point back to it through `control`.
    pub is_control: bool,
    /// Claimed time.
    pub signed_at: Timestamp,
}

impl From<&SealedRecord> for Link {
    fn from(record: &SealedRecord) -> Self {
        let header = record.header();
        Self {
            id: record.id(),
            party: header.party,
            epoch: header.epoch,
            seq: header.seq,
            prev: header.prev,
            control: header.control,
            is_control: record.is_control(),
            signed_at: header.signed_at,
        }
    }
}
