//! The logs of the chains held: the own one signed as it stands, others' rebuilt as far as they are held.
//!
//! A size that was signed once is never signed again with another root, and no smaller one after it: both are noted outside
//! the store before there is a signature. Spec: docs/formats/log.md.

use super::Ledger;
use super::error::{DamagedRecord, LedgerError};
use super::look_up::{no_key, placed};
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::range::Range;
use crate::log::seen;
use crate::log::tree::{Tree, leaf_hash};
use crate::model::event::{Body, SeenCheckpoint};
use crate::record::Header;
use crate::sign::PublicKey;
use crate::store::{Exported, ExportedError, Shown};

impl Ledger {
    /// Signs the checkpoint of the whole own chain in its current epoch. Equal chains give equal signatures.
    ///
    /// Size and root are noted durably before they are signed, so that whatever happens next no other history of this size,
    /// and no shorter one, is signed here. What a checkpoint covers counts as handed out.
    ///
    /// # Errors
    /// `NoOwnChain`, `OwnFork`, `OwnGap`, `NoMark`, `Key`, `Damaged`, and `Exported` where something else was handed out
    /// before, as from a ledger that was restored from an older copy.
    pub fn checkpoint(&mut self) -> Result<SeenCheckpoint, LedgerError> {
        let head = self.head.ok_or(LedgerError::NoOwnChain)?;
        let next = head.position()?;
        self.check_mark()?;
        // Another copy of this ledger may share the note and have written it since.
        self.exported = Exported::load(&self.dir.join(&self.settings.exported))?;
        let before = self.exported.last_checkpoint(&next.party, next.epoch);
        let handed_out = self.exported.last(&next.party, next.epoch);
        let mut range = Range::new();
        let mut last = RecordId::ZERO;
        let mut objection = None;
        self.each_leaf(&next.party, next.epoch, &mut |seq, id| {
            range.push(leaf_hash(id.as_bytes()));
            last = id;
            if let Some(other) = handed_out.filter(|other| other.seq == seq && other.id != id) {
                let (epoch, exported) = (next.epoch, other.id);
                objection.get_or_insert(ExportedError::OtherRecord { epoch, seq, exported, id });
            }
            if let Some(before) =
                before.filter(|before| before.size == seq + 1 && before.root != range.root())
            {
                let Shown { size, root: shown } = before;
                objection.get_or_insert(ExportedError::OtherRoot { size, shown, root: range.root() });
            }
        })?;
        if let Some(objection) = objection {
            return Err(objection.into());
        }
        // The end of the chain was opened and its signature checked; each record before it is named by the next.
        if (range.size(), last) != (next.seq, next.prev) {
            return Err(LedgerError::OwnGap { seq: range.size() });
        }
        let key = self.secret_key()?;
        let log = LogId { party: next.party, epoch: next.epoch };
        let checkpoint = Checkpoint::of_range(log, &range);
        let shown = Shown { size: range.size(), root: range.root() };
        self.exported.note_checkpoint(&next.party, next.epoch, shown, &last)?;
        let note = checkpoint.sign(&key).expect("a checkpoint of a party's log is a text that may be signed");
        Ok(seen::of(&note, key.public()).expect("the note was made of a checkpoint with this key"))
    }

    /// Returns the ids of the records in the log of one epoch of a chain by seq, as far as they are held without a gap.
    ///
    /// Where the chain forks, those before the fork are returned. Of an epoch of which nothing is held nothing is.
    ///
    /// # Errors
    /// What the store says, and `Damaged`.
    pub fn leaves(&self, party: &PartyId, epoch: u16) -> Result<Vec<RecordId>, LedgerError> {
        let mut ids = Vec::new();
        self.each_leaf(party, epoch, &mut |_, id| ids.push(id))?;
        Ok(ids)
    }

    /// Returns the tree over the first `size` records in the log of one epoch of a chain; `None` where not all are held.
    ///
    /// # Errors
    /// Those of [`Ledger::leaves`].
    pub fn log_tree(&self, party: &PartyId, epoch: u16, size: u64) -> Result<Option<Tree>, LedgerError> {
        let mut leaves: Vec<Hash> = Vec::new();
        self.each_leaf(party, epoch, &mut |seq, id| {
            if seq < size {
                leaves.push(leaf_hash(id.as_bytes()));
            }
        })?;
        Ok((leaves.len() as u64 == size).then(|| Tree::new(leaves)))
    }

    /// Returns what makes a party: its first key, which signs its log, and its recovery commitment; `None` where its first
    /// record is not held.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn founding(&self, party: &PartyId) -> Result<Option<(PublicKey, Hash)>, LedgerError> {
        let Some(key) = self.key_of(party)? else { return Ok(None) };
        for number in self.store.at(party, 0, 0)? {
            if let Body::Establish(establish) = self.record_at(number)?.event.body {
                return Ok(Some((key, establish.recovery_commitment)));
            }
        }
        Ok(None)
    }

    /// Refuses where the note of what was handed out was put elsewhere and is gone: without it nothing stops a fork.
    pub(super) fn check_mark(&self) -> Result<(), LedgerError> {
        match self.settings.exported.is_relative() || self.exported.is_there() {
            true => Ok(()),
            false => Err(LedgerError::NoMark { path: self.settings.exported.clone() }),
        }
    }

    /// Hands over seq and id of each record in a log, in order.
    fn each_leaf(
        &self,
        party: &PartyId,
        epoch: u16,
        leaf: &mut dyn FnMut(u64, RecordId),
    ) -> Result<(), LedgerError> {
        let numbers = self.numbers_of_log(party, epoch)?;
        let mut prev = RecordId::ZERO;
        let mut end = None;
        for ((seq, number), bytes) in (0..).zip(&numbers).zip(self.store.contents(&numbers)) {
            // The rest of the record has no part in its id.
            let header = Header::from_bytes(&bytes?).map_err(|error| {
                let error = error.into();
                Box::new(DamagedRecord {
                    party: Some(*party),
                    seq: Some(seq),
                    ..DamagedRecord::of(*number, None, &error)
                })
            })?;
            if (header.party, header.seq, header.prev) != (*party, seq, prev) {
                break;
            }
            prev = header.id();
            end = Some(*number);
            leaf(seq, prev);
        }
        // Each record names the one before, so that a single signature vouches for all ids.
        if let Some(number) = end {
            let (sealed, _) = self.sealed(number, Some(prev))?;
            let key = self.key_for(&sealed)?.ok_or_else(|| no_key(number, &sealed))?;
            sealed
                .verify(&key)
                .map_err(|error| Box::new(placed(DamagedRecord::of(number, None, &error), &sealed)))?;
        }
        Ok(())
    }

    /// Returns the arrival numbers of the records in a log by seq, up to the first gap or fork.
    fn numbers_of_log(&self, party: &PartyId, epoch: u16) -> Result<Vec<u64>, LedgerError> {
        let places = self.store.places(party)?;
        let mut numbers: Vec<u64> = Vec::new();
        let mut current = 0;
        let mut whole = true;
        for (of, seq, number) in places.into_iter().filter(|(of, _, _)| *of <= epoch) {
            if of != current {
                // A later epoch takes over the records below the position at which it opens.
                whole = seq <= numbers.len() as u64;
                numbers.truncate(usize::try_from(seq).unwrap_or(usize::MAX));
                current = of;
            }
            let expected = numbers.len() as u64;
            match seq.cmp(&expected) {
                _ if !whole => {}
                std::cmp::Ordering::Equal => numbers.push(number),
                std::cmp::Ordering::Greater => whole = false,
                std::cmp::Ordering::Less => {
                    numbers.truncate(usize::try_from(seq).expect("it is below a length"));
                    whole = false;
                }
            }
        }
        // Where a later epoch opens is not known while its first record is not held.
        Ok(if current == epoch { numbers } else { Vec::new() })
    }
}
