//! What has been handed out of one's own chains, in a synced file outside the store.
//!
//! A ledger restored from an old copy would append records at positions that others already hold with other
//! contents: its owner would have signed two histories. The store cannot notice, having been restored itself, so
//! this file is kept beside it and asked before each append. It holds one line per party and epoch:
//!
//! ```text
//! lodemark exported 1
//! <party, 64 hex digits> <epoch> <seq> <record id, 64 hex digits>
//! log <party, 64 hex digits> <epoch> <size> <root, 64 hex digits>
//! ```
//!
//! A line that begins with `log` says which checkpoint of a log was signed last. Who holds it can show that its records
//! exist, so a checkpoint hands out its last record as an export does.

mod error;
mod lines;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use self::error::ExportedError;
use super::files;
use crate::hash::{Hash, PartyId, RecordId};

/// The last record handed out of one chain in one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Position in the chain.
    pub seq: u64,
    /// Id of the record there.
    pub id: RecordId,
}

/// The last checkpoint signed of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Records that it covers.
    pub size: u64,
    /// Root of the log over them.
    pub root: Hash,
}

/// What was handed out, by party and epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shows {
    positions: BTreeMap<(PartyId, u16), Position>,
    checkpoints: BTreeMap<(PartyId, u16), Shown>,
}

/// The last exported position, and the last checkpoint, of each party and epoch.
#[derive(Debug)]
pub struct Exported {
    path: PathBuf,
    shows: Shows,
}

impl Exported {
    /// Makes an empty note at `path`, which must not be there, and returns its whole path.
    ///
    /// # Errors
    /// `Io`, also where there is such a file: two ledgers cannot share one.
    pub fn create(path: &Path) -> Result<PathBuf, ExportedError> {
        let io = |source| ExportedError::Io { path: path.to_owned(), source };
        let whole = std::path::absolute(path).map_err(io)?;
        fs::File::create_new(&whole).map_err(io)?;
        files::replace(&whole, lines::text(&Shows::default()).as_bytes()).map_err(io)?;
        Ok(whole)
    }

    /// Whether the note can be asked: one that was put elsewhere and is gone stops no fork.
    pub fn is_there(&self) -> bool {
        self.path.is_file()
    }

    /// Reads the file at `path`; without a file nothing has been exported.
    pub fn load(path: &Path) -> Result<Self, ExportedError> {
        let path = path.to_owned();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path, shows: Shows::default() });
            }
            Err(e) if e.kind() == io::ErrorKind::InvalidData => {
                return Err(ExportedError::Unreadable { path, line: 1, why: "this is not text".to_owned() });
            }
            Err(source) => return Err(ExportedError::Io { path, source }),
        };
        match lines::parse(&text) {
            Ok(shows) => Ok(Self { path, shows }),
            Err((line, why)) => Err(ExportedError::Unreadable { path, line, why: why.to_owned() }),
        }
    }

    /// Returns the last exported position of `party` in `epoch`.
    pub fn last(&self, party: &PartyId, epoch: u16) -> Option<Position> {
        self.shows.positions.get(&(*party, epoch)).copied()
    }

    /// Returns the last checkpoint signed of the log of `party` in `epoch`.
    pub fn last_checkpoint(&self, party: &PartyId, epoch: u16) -> Option<Shown> {
        self.shows.checkpoints.get(&(*party, epoch)).copied()
    }

    /// Notes that record `id` at `seq` leaves the ledger, durably, before it does.
    ///
    /// A position at or below the one noted changes nothing.
    ///
    /// # Errors
    /// `OtherRecord` when another record was exported at the same position.
    pub fn note(
        &mut self,
        party: &PartyId,
        epoch: u16,
        seq: u64,
        id: &RecordId,
    ) -> Result<(), ExportedError> {
        match self.last(party, epoch) {
            Some(last) if last.seq == seq && last.id != *id => {
                return Err(ExportedError::OtherRecord { epoch, seq, exported: last.id, id: *id });
            }
            Some(last) if last.seq >= seq => return Ok(()),
            _ => {}
        }
        let mut shows = self.shows.clone();
        shows.positions.insert((*party, epoch), Position { seq, id: *id });
        self.replace(shows)
    }

    /// Notes that a checkpoint which ends with record `last` is signed, durably, before it is. It has at least one record.
    ///
    /// # Errors
    /// `EndsBelow` for one that covers less than what was handed out; `OtherRoot` and `OtherRecord` for one that
    /// contradicts it. Nothing is then noted.
    pub fn note_checkpoint(
        &mut self,
        party: &PartyId,
        epoch: u16,
        shown: Shown,
        last: &RecordId,
    ) -> Result<(), ExportedError> {
        let seq = shown.size.saturating_sub(1);
        self.check_covers(party, epoch, seq)?;
        if let Some(before) = self.last_checkpoint(party, epoch) {
            if before.size > shown.size {
                return Err(ends_below(party, epoch, seq, epoch, before.size - 1));
            }
            if before.size == shown.size && before.root != shown.root {
                let Shown { size, root } = shown;
                return Err(ExportedError::OtherRoot { size, shown: before.root, root });
            }
        }
        if let Some(before) = self.last(party, epoch).filter(|before| before.seq == seq && before.id != *last)
        {
            return Err(ExportedError::OtherRecord { epoch, seq, exported: before.id, id: *last });
        }
        let mut shows = self.shows.clone();
        shows.positions.insert((*party, epoch), Position { seq, id: *last });
        shows.checkpoints.insert((*party, epoch), shown);
        if shows == self.shows { Ok(()) } else { self.replace(shows) }
    }

    /// Checks that a chain which ends at `last` has all that was handed out of it.
    ///
    /// # Errors
    /// `EndsBelow`.
    fn check_covers(&self, party: &PartyId, epoch: u16, last: u64) -> Result<(), ExportedError> {
        match self.newest(party, epoch) {
            Some((newest, position)) if newest > epoch || position.seq > last => {
                Err(ends_below(party, epoch, last, newest, position.seq))
            }
            _ => Ok(()),
        }
    }

    /// Returns the last exported position of `party` in `epoch` or a later one.
    fn newest(&self, party: &PartyId, epoch: u16) -> Option<(u16, Position)> {
        let newest = self.shows.positions.range((*party, epoch)..=(*party, u16::MAX)).next_back();
        newest.map(|((_, epoch), position)| (*epoch, *position))
    }

    fn replace(&mut self, shows: Shows) -> Result<(), ExportedError> {
        files::replace(&self.path, lines::text(&shows).as_bytes())
            .map_err(|source| ExportedError::Io { path: self.path.clone(), source })?;
        self.shows = shows;
        Ok(())
    }

    /// Checks that a record at `next_seq`, following `prev`, continues what was exported.
    ///
    /// # Errors
    /// `BelowExported` when the position was handed out already, or a later epoch was; `OtherBranch` when it would
    /// follow another record than the exported one.
    pub fn check_append(
        &self,
        party: &PartyId,
        epoch: u16,
        next_seq: u64,
        prev: &RecordId,
    ) -> Result<(), ExportedError> {
        let Some((exported_epoch, last)) = self.newest(party, epoch) else { return Ok(()) };
        if exported_epoch > epoch || next_seq <= last.seq {
            return Err(ExportedError::BelowExported {
                party: *party,
                epoch,
                next: next_seq,
                exported_epoch,
                exported: last.seq,
            });
        }
        if next_seq - 1 == last.seq && *prev != last.id {
            return Err(ExportedError::OtherBranch { epoch, seq: last.seq, exported: last.id, prev: *prev });
        }
        Ok(())
    }
}

fn ends_below(party: &PartyId, epoch: u16, last: u64, exported_epoch: u16, exported: u64) -> ExportedError {
    ExportedError::EndsBelow { party: *party, epoch, last, exported_epoch, exported }
}

#[cfg(test)]
mod tests;
