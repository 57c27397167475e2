//! What this ledger can vouch for: facts about lots, computed from all that is held, and logs of others as far as they
//! were seen to go on.
//!
//! Spec: docs/formats/record.md, "`attest`" and "`witness`".

use super::append::Batch;
use super::error::LedgerError;
use super::held_log::HeldLog;
use crate::entry::AttestAsk;
use crate::hash::PartyId;
use crate::log::known::KnownNodes;
use crate::model::event::{Attest, SeenCheckpoint};
use crate::verify::{self, AttestRequest, Reader};

impl Batch<'_> {
    /// Attests as this reader from here on: whom it believes, which packs it asks, which bands it judges by. Unless told,
    /// as one who believes nobody.
    pub fn read_as(&mut self, reader: Reader) {
        self.reader = Some(reader);
    }

    /// Computes what everything stored establishes of a lot; what this batch adds is not looked at.
    ///
    /// # Errors
    /// A sentence saying why nothing can be stated.
    pub(super) fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        let mut reader = self.reader.clone().unwrap_or_default();
        if !ask.packs.is_empty() {
            reader = reader.asking(&ask.packs)?;
        }
        let examined = verify::examine(self.ledger().evidence());
        let request = AttestRequest { lot: ask.lot, as_of: ask.as_of, valid_until: ask.valid_until };
        verify::attest(&examined, &request, &reader).map_err(|fault| fault.to_string())
    }

    /// Returns the newest checkpoint stored of each log of `parties`, or of everybody else where none is named, that is
    /// newer than what this chain says was seen of it; each with the size of that, 0 for a log seen for the first time.
    ///
    /// # Errors
    /// A sentence naming the log that is not shown to go on from what was seen of it, and what the store says.
    pub(super) fn witnessed(&self, parties: &[PartyId]) -> Result<Vec<(SeenCheckpoint, u64)>, String> {
        let said = |error: LedgerError| error.to_string();
        let ledger = self.ledger();
        let own = self.seen_before().map_err(said)?;
        let mut seen = Vec::new();
        for (party, epoch) in ledger.store.kept_logs().map_err(|error| said(error.into()))? {
            let is_meant = if parties.is_empty() { party != self.party() } else { parties.contains(&party) };
            if !is_meant {
                continue;
            }
            let log = ledger.held_log(&party, epoch).map_err(said)?;
            let Some(newest) = log.checkpoints.first().map(|held| held.checkpoint.clone()) else { continue };
            let before = own.iter().filter(|one| (one.party, one.epoch) == (party, epoch));
            let before = before.max_by_key(|one| one.size);
            if before.is_some_and(|before| before.size > newest.size) {
                continue;
            }
            if before.is_some_and(|before| (before.size, before.root) == (newest.size, newest.root)) {
                continue;
            }
            if let Some(before) = before.filter(|before| !goes_on(&log, before)) {
                let name = ledger.party_name(&party).map_err(said)?;
                return Err(format!(
                    "the log of `{name}` with {} records is not shown to go on from the {} seen before",
                    newest.size, before.size
                ));
            }
            seen.push((newest, before.map_or(0, |before| before.size)));
        }
        Ok(seen)
    }

    /// Returns every checkpoint that records of this chain say were seen.
    fn seen_before(&self) -> Result<Vec<SeenCheckpoint>, LedgerError> {
        let mut seen = Vec::new();
        for (_, _, number) in self.ledger().store.places(&self.party())? {
            seen.extend(self.ledger().record_at(number)?.event.seen);
        }
        seen.extend(self.added_seen());
        Ok(seen)
    }
}

/// Whether the newest checkpoint of a log is shown to go on from an earlier one.
///
/// What leads to the newest root has to lead to the earlier one too; hashes that came with other checkpoints show nothing.
fn goes_on(log: &HeldLog, before: &SeenCheckpoint) -> bool {
    let newest = log.checkpoints.first().and_then(|held| log.whole_part(held));
    let known = newest.and_then(|(part, records)| KnownNodes::of_part(&part, &records).ok());
    known.is_some_and(|known| known.root(before.size) == Some(before.root))
}
