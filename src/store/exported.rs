//! What has been handed out of one's own chains, in a synced file outside the store.
//!
//! A ledger restored from an old copy would append records at positions that others already hold with other
//! contents: its owner would have signed two histories. The store cannot notice, having been restored itself, so
//! this file is kept beside it and asked before each append. It holds one line per party and epoch:
//!
//! ```text
//! lodemark exported 1
//! <party, 64 hex digits> <epoch> <seq> <record id, 64 hex digits>
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::files;
use crate::hash::{PartyId, RecordId};

const HEAD: &str = "lodemark exported 1";

/// The last record handed out of one chain in one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Position in the chain.
    pub seq: u64,
    /// Id of the record there.
    pub id: RecordId,
}

type Positions = BTreeMap<(PartyId, u16), Position>;

/// The last exported position of each party and epoch.
#[derive(Debug)]
pub struct Exported {
    path: PathBuf,
    positions: Positions,
}

/// Why a position cannot be noted or appended after.
#[derive(Debug, Error)]
pub enum ExportedError {
    /// The file could not be read or written.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line of the file is not as written.
    #[error("`{}` line {line}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Two different records were handed out for one position.
    #[error("record `{}` was exported at seq {seq} of epoch {epoch} before; `{}` is another", exported.short(), id.short())]
    OtherRecord {
        /// Epoch of the chain.
        epoch: u16,
        /// Position of both.
        seq: u64,
        /// The one exported before.
        exported: RecordId,
        /// The one now named.
        id: RecordId,
    },
    /// The next record would take a position that was handed out already.
    #[error(
        "the chain of `{}` was exported up to seq {exported} of epoch {exported_epoch}, but the next record here \
         would be seq {next} of epoch {epoch}", party.short()
    )]
    BelowExported {
        /// Owner of the chain.
        party: PartyId,
        /// Epoch of the next record.
        epoch: u16,
        /// Position of the next record.
        next: u64,
        /// Epoch of the last one exported.
        exported_epoch: u16,
        /// Position of the last one exported.
        exported: u64,
    },
    /// The next record would follow another record than the one handed out.
    #[error("seq {seq} of epoch {epoch} was exported as `{}`, but the next record here would follow `{}`", exported.short(), prev.short())]
    OtherBranch {
        /// Epoch of the chain.
        epoch: u16,
        /// Position exported.
        seq: u64,
        /// The record exported there.
        exported: RecordId,
        /// The record the next one would follow.
        prev: RecordId,
    },
}

impl ExportedError {
    /// Says what a person can do about it, where something can be done.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::BelowExported { .. } | Self::OtherBranch { .. } => Some(
                "this ledger seems to be restored from an older copy; appending now would fork your own chain. \
                 Import the newest export of your own chain first (those you sent it to have one)"
                    .to_owned(),
            ),
            Self::OtherRecord { .. } => Some(
                "two histories of your own chain exist; do not export this one. Keep both, and find out which \
                 your partners hold"
                    .to_owned(),
            ),
            Self::Unreadable { .. } => Some(
                "restore the file from a copy; without it nothing stops a restored ledger from forking your chain"
                    .to_owned(),
            ),
            Self::Io { .. } => None,
        }
    }
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
        files::replace(&whole, text(&BTreeMap::new()).as_bytes()).map_err(io)?;
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
                return Ok(Self { path, positions: BTreeMap::new() });
            }
            Err(e) if e.kind() == io::ErrorKind::InvalidData => {
                return Err(ExportedError::Unreadable { path, line: 1, why: "this is not text".to_owned() });
            }
            Err(source) => return Err(ExportedError::Io { path, source }),
        };
        match parse(&text) {
            Ok(positions) => Ok(Self { path, positions }),
            Err((line, why)) => Err(ExportedError::Unreadable { path, line, why: why.to_owned() }),
        }
    }

    /// Returns the last exported position of `party` in `epoch`.
    pub fn last(&self, party: &PartyId, epoch: u16) -> Option<Position> {
        self.positions.get(&(*party, epoch)).copied()
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
        let mut positions = self.positions.clone();
        positions.insert((*party, epoch), Position { seq, id: *id });
        files::replace(&self.path, text(&positions).as_bytes())
            .map_err(|source| ExportedError::Io { path: self.path.clone(), source })?;
        self.positions = positions;
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
        let newest = self.positions.range((*party, epoch)..=(*party, u16::MAX)).next_back();
        let Some((&(_, exported_epoch), last)) = newest else { return Ok(()) };
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

fn text(positions: &Positions) -> String {
    let mut text = format!("{HEAD}\n");
    for ((party, epoch), last) in positions {
        text.push_str(&format!("{party} {epoch} {} {}\n", last.seq, last.id));
    }
    text
}

fn parse(text: &str) -> Result<Positions, (usize, &'static str)> {
    let mut lines = (1..).zip(text.split_inclusive('\n'));
    if lines.next().is_none_or(|(_, line)| line.strip_suffix('\n') != Some(HEAD)) {
        return Err((1, "expected `lodemark exported 1`"));
    }
    let mut positions = BTreeMap::new();
    for (number, line) in lines {
        let entry = line.strip_suffix('\n').and_then(|line| {
            let mut words = line.split(' ');
            let party = PartyId::from_hex(words.next()?)?;
            let epoch = words.next()?.parse().ok()?;
            let seq = words.next()?.parse().ok()?;
            let id = RecordId::from_hex(words.next()?)?;
            words.next().is_none().then_some(((party, epoch), Position { seq, id }))
        });
        let (key, position) = entry.ok_or((number, "expected a party, an epoch, a seq and a record id"))?;
        if positions.insert(key, position).is_some() {
            return Err((number, "this party and epoch stand here twice"));
        }
    }
    Ok(positions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    fn id(n: u8) -> RecordId {
        RecordId(sha256(&[&[n]]))
    }

    fn party(n: u8) -> PartyId {
        PartyId(sha256(&[b"party", &[n]]))
    }

    fn exported_up_to_5() -> (tempfile::TempDir, Exported) {
        let dir = tempfile::tempdir().unwrap();
        let mut exported = Exported::load(&dir.path().join("exported")).unwrap();
        exported.note(&party(1), 0, 5, &id(5)).unwrap();
        (dir, exported)
    }

    #[test]
    fn what_was_noted_is_there_after_loading_again() {
        let (dir, _) = exported_up_to_5();
        let again = Exported::load(&dir.path().join("exported")).unwrap();
        assert_eq!(again.last(&party(1), 0), Some(Position { seq: 5, id: id(5) }));
        assert_eq!(again.last(&party(2), 0), None);
    }

    #[test]
    fn noting_only_moves_up() {
        let (_dir, mut exported) = exported_up_to_5();
        exported.note(&party(1), 0, 3, &id(3)).unwrap();
        assert_eq!(exported.last(&party(1), 0).unwrap().seq, 5);
        exported.note(&party(1), 0, 6, &id(6)).unwrap();
        assert_eq!(exported.last(&party(1), 0).unwrap().seq, 6);
    }

    #[test]
    fn another_record_at_the_exported_position_is_an_error() {
        let (_dir, mut exported) = exported_up_to_5();
        assert!(exported.note(&party(1), 0, 5, &id(5)).is_ok());
        assert!(matches!(
            exported.note(&party(1), 0, 5, &id(6)),
            Err(ExportedError::OtherRecord { seq: 5, .. })
        ));
    }

    #[test]
    fn appending_at_the_exported_position_is_refused_and_right_after_it_is_not() {
        let (_dir, exported) = exported_up_to_5();
        let refused = exported.check_append(&party(1), 0, 5, &id(4)).unwrap_err();
        assert!(matches!(refused, ExportedError::BelowExported { next: 5, exported: 5, .. }));
        assert!(refused.hint().unwrap().contains("fork"));
        assert!(exported.check_append(&party(1), 0, 6, &id(5)).is_ok());
        assert!(exported.check_append(&party(2), 0, 0, &RecordId::ZERO).is_ok());
    }

    #[test]
    fn appending_after_another_record_than_the_exported_one_is_refused() {
        let (_dir, exported) = exported_up_to_5();
        assert!(matches!(
            exported.check_append(&party(1), 0, 6, &id(99)),
            Err(ExportedError::OtherBranch { seq: 5, .. })
        ));
    }

    #[test]
    fn a_new_epoch_may_start_lower_and_the_old_one_is_closed_once_it_was_exported() {
        let (_dir, mut exported) = exported_up_to_5();
        assert!(exported.check_append(&party(1), 1, 3, &id(2)).is_ok());
        exported.note(&party(1), 1, 3, &id(30)).unwrap();
        assert!(exported.check_append(&party(1), 0, 6, &id(5)).is_err());
        assert!(exported.check_append(&party(1), 1, 4, &id(30)).is_ok());
    }

    #[test]
    fn a_damaged_file_names_its_line() {
        let (dir, _) = exported_up_to_5();
        let path = dir.path().join("exported");
        let good = fs::read_to_string(&path).unwrap();
        for damaged in [
            good[..good.len() - 1].to_owned(),
            good.replace(" 5 ", " x "),
            format!("{good}{}", good.lines().nth(1).unwrap()),
        ] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(Exported::load(&path), Err(ExportedError::Unreadable { line: 2 | 3, .. })));
        }
        fs::write(&path, "").unwrap();
        assert!(matches!(Exported::load(&path), Err(ExportedError::Unreadable { line: 1, .. })));
    }
}
