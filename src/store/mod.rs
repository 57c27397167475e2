//! The store: records as bytes in the order of their arrival, their indexes and private values, in sled.
//!
//! It makes each append durable before it returns, all of it or nothing, and finds records again. It does not
//! parse records and vouches for none: whoever reads one hashes and verifies it. Indexes are a help that can be
//! rebuilt from the records alone.
//!
//! An acknowledged append survives the death of the process at any point. It is written and synced in the order
//! that a loss of power asks for, but that has not been tested, so it is not claimed.
//!
//! Files and keys: `layout.rs`. Bytes of a value: `block.rs`.

mod acknowledged;
mod append;
mod block;
mod engine;
mod entry;
mod error;
mod exported;
mod fault;
mod files;
mod filter;
mod indexes;
mod layout;
mod logs;
mod lookup;
mod merge;
mod page;
mod private;
mod read;
mod replacement;
mod runs;
mod walk;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use error::StoreError;
pub use exported::{Exported, ExportedError, Position, Shown};
pub use fault::{Index, IndexFault};
pub(crate) use files::{make_dir, replace as replace_file};
pub use logs::{KeptLog, LogChange, SIGNED_HEADER};
pub use lookup::Place;
pub use walk::Scan;

use crate::hash::{PartyId, RecordId};
use crate::model::lotref::LotRef;
use acknowledged::{Acknowledged, Mark};
use engine::{Changes, Engine, Tree};
use runs::Runs;

/// The header facts of a record that the store indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Id of the record.
    pub id: RecordId,
    /// Its author.
    pub party: PartyId,
    /// Epoch of the author's chain.
    pub epoch: u16,
    /// Position in the author's chain, from 0.
    pub seq: u64,
    /// The lots it consumes stretches of; repeats count once.
    pub consumes: Vec<LotRef>,
}

/// One record on its way into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// What to index it by.
    pub facts: Facts,
    /// The stored form: header, signature, body and item directory, as docs/formats/record.md lays them out.
    pub bytes: Vec<u8>,
    /// The private values known, at most one per item.
    pub private: Vec<PrivateValue>,
    /// Whether it arrives before something it rests on.
    pub dangling: bool,
}

/// The opening of one private item of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateValue {
    /// Position of the item in the record's directory, from 0.
    pub item: u32,
    /// The salt of its commitment.
    pub salt: [u8; 16],
    /// The value, in its body encoding.
    pub value: Vec<u8>,
}

/// One record as the store gives it back. Nothing in it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Arrival number, from 0 without gaps.
    pub number: u64,
    /// The stored form, as it was handed in.
    pub bytes: Vec<u8>,
    /// The private values held, ascending by item.
    pub private: Vec<PrivateValue>,
}

/// An open store. One process holds it at a time.
pub struct Store {
    engine: Engine,
    runs: Runs,
    acknowledged: Acknowledged,
    dir: PathBuf,
    /// Records held; also the next arrival number.
    next: u64,
    /// First record that is not in a closed block.
    tail: u64,
    commits: u64,
    /// The mark, where the database has gone back behind it.
    lost: Option<Mark>,
    rescue: bool,
}

impl Store {
    /// Makes a store in `dir`, which must be absent or empty, and syncs the directory.
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
            Ok(true) => return Err(StoreError::NotEmpty { dir: dir.to_owned() }),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
                return Err(StoreError::NotEmpty { dir: dir.to_owned() });
            }
            Ok(false) | Err(_) => {}
        }
        let data = layout::data_dir(dir);
        fs::create_dir_all(&data).map_err(|e| StoreError::io(dir, e))?;
        let engine = Engine::create(&data)?;
        let acknowledged = Acknowledged::create(dir, Mark { commits: 0, records: 0 })?;
        let dir = dir.to_owned();
        let runs = Runs::open(&engine);
        let mut store =
            Self { engine, runs, acknowledged, dir, next: 0, tail: 0, commits: 0, lost: None, rescue: false };
        store.commit(Changes::default(), 0)?;
        // Last, so that a store whose making was interrupted is known as such.
        layout::write_layout(&store.dir)?;
        let parent = files::parent(&store.dir);
        files::sync_dir(parent).map_err(|e| StoreError::io(parent, e))?;
        Ok(store)
    }

    /// Opens the store in `dir`.
    ///
    /// # Errors
    /// `InUse` when another process keeps it for longer than about 300 ms, `NewerLayout`, `NotAStore`, `ReadOnly`,
    /// and `RolledBack` when the database no longer holds what was acknowledged.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let store = Self::open_any(dir, false)?;
        match store.lost {
            Some(mark) => Err(StoreError::RolledBack { held: store.next, acknowledged: mark.records }),
            None => Ok(store),
        }
    }

    /// Opens a store that has lost acknowledged records or the mark of them, to read what is left. It takes no
    /// writes.
    pub fn open_for_rescue(dir: &Path) -> Result<Self, StoreError> {
        Self::open_any(dir, true)
    }

    fn open_any(dir: &Path, rescue: bool) -> Result<Self, StoreError> {
        layout::check_layout(dir)?;
        let engine = Engine::open(&layout::data_dir(dir))?;
        let (acknowledged, mark) = Acknowledged::open(dir)?;
        if mark.is_none() && !rescue {
            return Err(StoreError::Database {
                why: "the file `acknowledged` is missing or damaged".to_owned(),
            });
        }
        // Absent when the database was cut back to before its first commit: nothing is held.
        let counters = engine.get(Tree::Meta, layout::COUNTERS)?;
        let Mark { commits, records: next } = match &counters {
            Some(value) => Mark::from_bytes(value)
                .ok_or_else(|| StoreError::Database { why: "its counters are not as written".to_owned() })?,
            None => Mark { commits: 0, records: 0 },
        };
        let first_of_tail = engine.at_or_after(Tree::Tail, &[])?;
        let tail = match first_of_tail.as_ref().map(|(key, _)| layout::read_part_key(key)) {
            Some(Some((tail, _))) => tail.min(next),
            Some(None) => return Err(block::damaged(next, 0, "a key of the tail is no arrival number")),
            None => next,
        };
        let lost = mark.filter(|m| m.commits > commits || m.records > next);
        let runs = Runs::open(&engine);
        Ok(Self { engine, runs, acknowledged, dir: dir.to_owned(), next, tail, commits, lost, rescue })
    }

    /// Number of records held.
    pub fn count(&self) -> u64 {
        self.next
    }

    /// Directory of the store.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Keeps a small value of the caller under `name`, at most 4 KiB.
    pub fn put_meta(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        const LIMIT: usize = 4096;
        if value.len() > LIMIT || name.len() > 64 {
            return Err(StoreError::TooLarge {
                what: format!("the value `{name}`"),
                length: value.len() as u64,
                limit: LIMIT as u64,
            });
        }
        let mut changes = Changes::default();
        changes.put(Tree::Meta, layout::named(name), value);
        self.commit(changes, 0)
    }

    /// Returns the small value kept under `name`.
    pub fn get_meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.engine.get(Tree::Meta, &layout::named(name))?.map(|v| v.to_vec()))
    }

    /// Makes `changes` durable together with `added` new records, then acknowledges.
    fn commit(&mut self, mut changes: Changes, added: u64) -> Result<(), StoreError> {
        if self.rescue {
            return Err(StoreError::OpenForRescue);
        }
        let mark = Mark { commits: self.commits + 1, records: self.next + added };
        changes.put(Tree::Meta, layout::COUNTERS, &mark.to_bytes());
        self.engine.commit(&changes)?;
        self.commits = mark.commits;
        self.next = mark.records;
        self.acknowledged.write(mark)
    }

    fn check_number(&self, number: u64) -> Result<(), StoreError> {
        if number < self.next { Ok(()) } else { Err(StoreError::NoSuchRecord { number, count: self.next }) }
    }
}

#[cfg(test)]
mod tests;
