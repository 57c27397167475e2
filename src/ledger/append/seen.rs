//! What an own record says of others' logs: the newest checkpoint kept of each party that it is about.
//!
//! It is how a second history of a party comes to light where nobody holds both: whoever sees the record can hold it against what
//! that party shows. Spec: docs/formats/record.md, "`seen`".

use std::collections::BTreeSet;

use super::Batch;
use crate::hash::{PartyId, RecordId};
use crate::ledger::Ledger;
use crate::ledger::error::LedgerError;
use crate::ledger::held_log;
use crate::ledger::keys;
use crate::log::checkpoint::LogId;
use crate::model::event::{Event, SeenCheckpoint};
use crate::model::kind::Kind;
use crate::record::Header;

/// Most checkpoints that a record carries.
const MOST: usize = 16;

impl Batch<'_> {
    /// Returns the event with what was seen of the logs of others that it is about, unless it says so itself.
    ///
    /// Of more than 16 parties those with the least ids are taken, so that equal ledgers write equal records.
    pub(super) fn with_seen(&mut self, mut event: Event) -> Result<Event, LedgerError> {
        // A witness says which it saw, and from where each goes on.
        if !event.seen.is_empty() || event.kind() == Kind::Witness {
            return Ok(event);
        }
        let mut parties = BTreeSet::new();
        for key in keys::of(&event) {
            // What an event is found by names records and parties, each by its id.
            parties.insert(match self.ledger.author(&key.record)? {
                Some(author) => author,
                None => PartyId(key.record.0),
            });
        }
        parties.remove(&self.party());
        for party in parties {
            if event.seen.len() < MOST {
                let newest = match self.seen.get(&party) {
                    Some(known) => known.clone(),
                    None => self.ledger.newest_checkpoint(&party)?,
                };
                self.seen.insert(party, newest.clone());
                event.seen.extend(newest);
            }
        }
        Ok(event)
    }
}

impl Ledger {
    /// Returns who signed a record that is held.
    fn author(&self, id: &RecordId) -> Result<Option<PartyId>, LedgerError> {
        let Some(number) = self.store.find(id)? else { return Ok(None) };
        // One that cannot be read is told where it is used.
        Ok(Header::from_bytes(&self.store.get(number)?.bytes).ok().map(|header| header.party))
    }

    /// Returns the newest checkpoint of another party's log that is kept and holds.
    fn newest_checkpoint(&self, party: &PartyId) -> Result<Option<SeenCheckpoint>, LedgerError> {
        let kept = self.store.kept_checkpoints(party)?;
        if kept.is_empty() {
            return Ok(None);
        }
        let Some(key) = self.key_of(party)? else { return Ok(None) };
        let read = |(epoch, bytes): &(u16, Vec<u8>)| {
            let held = held_log::read(LogId { party: *party, epoch: *epoch }, bytes)?;
            (held.checkpoint.key == key.to_bytes()).then_some(held.checkpoint)
        };
        Ok(kept.iter().rev().find_map(read))
    }
}
