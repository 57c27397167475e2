//! Index entries: what leads to a record, ending in its arrival number.
//!
//! ```text
//! 01 ‖ record id 32 ‖ number u64
//! 02 ‖ party 32 ‖ epoch u16 ‖ seq u64 ‖ number u64
//! 03 ‖ record id 32 of a lot ‖ index u32 ‖ number u64       the record consumes of that lot
//! ```
//!
//! All entries of one kind have one length, so that bytes sort as entries and a run of them needs no separators.

use std::collections::BTreeSet;

use super::Facts;
use super::fault::Index;
use crate::hash::{PartyId, RecordId};
use crate::model::lotref::LotRef;

const BY_ID: u8 = 1;
const BY_PLACE: u8 = 2;
const CONSUMERS: u8 = 3;

/// Length of the longest entry.
const LONGEST: usize = 1 + 32 + 2 + 8 + 8;

/// One index entry, padded with zeros in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry([u8; LONGEST]);

impl Entry {
    /// Returns the entries of record `number`: ascending, without repeats.
    pub(super) fn all_of(number: u64, facts: &Facts) -> BTreeSet<Self> {
        let lots = facts.consumes.iter().map(|lot| Self::new(&by_lot(lot), number));
        let id = Self::new(&by_id(&facts.id), number);
        let place = Self::new(&by_place(&facts.party, facts.epoch, facts.seq), number);
        lots.chain([id, place]).collect()
    }

    /// Returns the entry that leads from `prefix` to `number`.
    pub(super) fn new(prefix: &[u8], number: u64) -> Self {
        let mut bytes = [0; LONGEST];
        bytes[..prefix.len()].copy_from_slice(prefix);
        bytes[prefix.len()..prefix.len() + 8].copy_from_slice(&number.to_be_bytes());
        Self(bytes)
    }

    /// Returns the lowest entry that can begin with `prefix`, which is at most an entry long.
    pub(super) fn lowest(prefix: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        bytes[..prefix.len()].copy_from_slice(prefix);
        Self(bytes)
    }

    /// Takes one entry off the front of `bytes`.
    pub(super) fn split_first(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (entry, rest) = bytes.split_at_checked(length(*bytes.first()?)?)?;
        let mut padded = [0; LONGEST];
        padded[..entry.len()].copy_from_slice(entry);
        Some((Self(padded), rest))
    }

    /// Reads exactly one entry.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::split_first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(entry, _)| entry)
    }

    /// Returns the entry as stored.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0[..length(self.0[0]).expect("an entry has a known kind")]
    }

    /// Returns all but the arrival number.
    pub(super) fn prefix(&self) -> &[u8] {
        let bytes = self.as_bytes();
        &bytes[..bytes.len() - 8]
    }

    /// Returns the arrival number.
    pub(super) fn number(&self) -> u64 {
        let (_, number) = self.as_bytes().split_last_chunk::<8>().expect("each kind ends in a number");
        u64::from_be_bytes(*number)
    }

    /// Returns the index it belongs to.
    pub(super) fn index(&self) -> Index {
        match self.0[0] {
            BY_ID => Index::ById,
            BY_PLACE => Index::ByPlace,
            _ => Index::Consumers,
        }
    }
}

/// Prefix of the entry of a record id.
pub(super) fn by_id(id: &RecordId) -> Vec<u8> {
    [&[BY_ID], &id.as_bytes()[..]].concat()
}

/// Prefix of the entries of a place in a chain.
pub(super) fn by_place(party: &PartyId, epoch: u16, seq: u64) -> Vec<u8> {
    [&[BY_PLACE], &party.as_bytes()[..], &epoch.to_be_bytes(), &seq.to_be_bytes()].concat()
}

/// Beginning of the entries of all places in the chains of a party.
pub(super) fn by_party(party: &PartyId) -> Vec<u8> {
    [&[BY_PLACE], &party.as_bytes()[..]].concat()
}

/// Beginning of the entries of record ids that begin with `start`, at most 32 bytes.
pub(super) fn by_id_start(start: &[u8]) -> Vec<u8> {
    [&[BY_ID], &start[..start.len().min(32)]].concat()
}

/// Prefix of the entries of the consumers of a lot.
pub(super) fn by_lot(lot: &LotRef) -> Vec<u8> {
    [&[CONSUMERS], &lot.record.as_bytes()[..], &lot.index.to_be_bytes()].concat()
}

fn length(kind: u8) -> Option<usize> {
    match kind {
        BY_ID => Some(1 + 32 + 8),
        BY_PLACE => Some(LONGEST),
        CONSUMERS => Some(1 + 32 + 4 + 8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    #[test]
    fn entries_read_back_with_their_index_and_number() {
        let id = RecordId(sha256(&[b"r"]));
        let lot = LotRef { record: id, index: 3 };
        let facts = Facts { id, party: PartyId(sha256(&[b"p"])), epoch: 1, seq: 2, consumes: vec![lot, lot] };
        let entries = Entry::all_of(77, &facts);
        let indexes: Vec<Index> = entries.iter().map(Entry::index).collect();
        assert_eq!(indexes, [Index::ById, Index::ByPlace, Index::Consumers]);
        for entry in entries {
            assert_eq!(entry.number(), 77);
            assert_eq!(Entry::from_bytes(entry.as_bytes()), Some(entry));
        }
    }

    #[test]
    fn unknown_kinds_and_cut_entries_are_none() {
        let entry = Entry::new(&by_id(&RecordId::ZERO), 1);
        let bytes = entry.as_bytes();
        assert_eq!(Entry::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Entry::from_bytes(&[9; 41]), None);
        assert_eq!(Entry::from_bytes(&[]), None);
    }
}
