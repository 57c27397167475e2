//! Look-ups that walk a part of an index.

use super::Store;
use super::entry::{by_id_start, by_party};
use super::error::StoreError;
use crate::hash::{PartyId, RecordId};

/// Where a record of a party stands: epoch, seq, arrival number.
pub type Place = (u16, u64, u64);

impl Store {
    /// Returns where the records of `party` stand, ascending; two at one position under a fork.
    pub fn places(&self, party: &PartyId) -> Result<Vec<Place>, StoreError> {
        let entries = self.runs.beginning_with(&self.engine, &by_party(party))?;
        let place = |bytes: &[u8]| {
            let (epoch, rest) = bytes.get(33..)?.split_first_chunk::<2>()?;
            Some((u16::from_be_bytes(*epoch), u64::from_be_bytes(*rest.first_chunk()?)))
        };
        let places = entries.iter().filter_map(|entry| {
            let (epoch, seq) = place(entry.as_bytes())?;
            Some((epoch, seq, entry.number()))
        });
        Ok(places.collect())
    }

    /// Returns the ids of records that begin with the bytes of `start`, ascending.
    pub fn ids_beginning_with(&self, start: &[u8]) -> Result<Vec<RecordId>, StoreError> {
        let entries = self.runs.beginning_with(&self.engine, &by_id_start(start))?;
        let id = |bytes: &[u8]| Some(RecordId::from_bytes(*bytes.get(1..)?.first_chunk()?));
        Ok(entries.iter().filter_map(|entry| id(entry.as_bytes())).collect())
    }
}
