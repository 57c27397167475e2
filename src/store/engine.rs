//! The embedded database: ordered trees of small values, changed together and durable on return.
//!
//! This is the only file that names sled. It knows nothing of records. Three facts about sled 0.34.7 shape it:
//! `flush` alone does not reach the disk, so each commit syncs the database file itself; a page of up to
//! about twenty values that outgrows 128 KiB is moved to a file that is never synced, hence [`MAX_VALUE`];
//! and some damaged files make sled panic instead of failing, so each call is fenced by `catch_unwind` and a
//! panic becomes an error. Nothing is kept across such a panic but the database handle, which takes no
//! further writes.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};

use super::error::StoreError;
use super::files;

/// Most bytes in one value.
///
/// sled splits a page by its number of values, above 16, and not by their size; after a merge a page can
/// hold 19. Nineteen of these and their keys stay below the 128 KiB where a page would leave the synced file.
pub(super) const MAX_VALUE: usize = 6 * 1024;

/// Bytes of a key or value, cheap to clone.
pub(super) type Bytes = sled::IVec;

/// The trees of the database, by what they hold. Keys are in [`super::layout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tree {
    /// Counters, and small named values of the caller.
    Meta,
    /// First arrival number -> closed block of records.
    Blocks,
    /// Arrival number -> single record not yet in a block.
    Tail,
    /// Arrival number -> private values of the record.
    Private,
    /// Index entries not yet in a run.
    Recent,
    /// Index entries in sorted runs.
    Runs,
    /// What each run may hold.
    Filters,
    /// Party, epoch -> number of records.
    Parties,
    /// Arrival numbers of records that arrived before something they rest on.
    Dangling,
    /// What is kept of the logs of others: see `logs.rs`.
    Logs,
}

/// Names on disk, in the order of [`Tree`].
const NAMES: [&str; 10] =
    ["meta", "blocks", "tail", "private", "recent", "runs", "filters", "parties", "dangling", "logs"];

/// Puts and removals that happen together or not at all.
#[derive(Default)]
pub(super) struct Changes(Vec<(Tree, Bytes, Option<Bytes>)>);

impl Changes {
    pub(super) fn put(&mut self, tree: Tree, key: impl Into<Bytes>, value: impl Into<Bytes>) {
        let value = value.into();
        debug_assert!(value.len() <= MAX_VALUE, "callers split values");
        self.0.push((tree, key.into(), Some(value)));
    }

    pub(super) fn remove(&mut self, tree: Tree, key: impl Into<Bytes>) {
        self.0.push((tree, key.into(), None));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// An open database.
pub(super) struct Engine {
    // An option only so that dropping can be fenced.
    open: Option<Open>,
    dir: PathBuf,
    file: File,
    failed: bool,
}

struct Open {
    db: sled::Db,
    trees: Vec<sled::Tree>,
}

/// How often, and at what distance, a locked database is tried again: sled lets go of a dropped database a
/// little after the fact.
const TRIES: u32 = 30;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

impl Engine {
    /// Makes a database in the existing, empty directory `dir` and syncs all its names.
    pub(super) fn create(dir: &Path) -> Result<Self, StoreError> {
        let engine = Self::start(dir)?;
        for name in ["db", "conf"] {
            let path = dir.join(name);
            File::open(&path).and_then(|f| f.sync_all()).map_err(|e| StoreError::io(&path, e))?;
        }
        files::sync_dir(dir).map_err(|e| StoreError::io(dir, e))?;
        Ok(engine)
    }

    /// Opens the database in `dir`.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        // sled takes a missing file for a new database and would start an empty one.
        for (name, least) in [("db", 1), ("conf", 9)] {
            let path = dir.join(name);
            let found = std::fs::metadata(&path).map_err(|e| match e.kind() {
                io::ErrorKind::NotFound => {
                    StoreError::Database { why: format!("its file `{name}` is missing") }
                }
                _ => StoreError::io(&path, e),
            })?;
            if found.len() < least {
                return Err(StoreError::Database { why: format!("its file `{name}` is cut short") });
            }
        }
        Self::start(dir)
    }

    fn start(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join("db");
        for _ in 0..TRIES {
            let config = sled::Config::default().path(dir).cache_capacity(256 << 20).flush_every_ms(None);
            let opened = fenced(dir, || {
                let db = config.open()?;
                let trees = NAMES.iter().map(|n| db.open_tree(n)).collect::<Result<Vec<_>, _>>()?;
                Ok(Open { db, trees })
            });
            match opened {
                Ok(open) => {
                    let file = File::open(&path).map_err(|e| StoreError::io(&path, e))?;
                    return Ok(Self { open: Some(open), dir: dir.to_owned(), file, failed: false });
                }
                // Let go of between the try and the question, the lock is gone: what sled said of it counts too.
                Err(StoreError::Io { source, .. }) if is_about_lock(&source) || is_locked(&path) => {
                    thread::sleep(BETWEEN_TRIES);
                }
                Err(other) => return Err(other),
            }
        }
        Err(StoreError::InUse { dir: dir.to_owned() })
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        &self.handles().trees[tree as usize]
    }

    fn handles(&self) -> &Open {
        self.open.as_ref().expect("only dropping takes it")
    }

    /// Returns the value of `key`.
    pub(super) fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        fenced(&self.dir, || self.tree(tree).get(key))
    }

    /// Returns the greatest entry with a key of at most `key`.
    pub(super) fn at_or_before(&self, tree: Tree, key: &[u8]) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        fenced(&self.dir, || self.tree(tree).range(..=key).next_back().transpose())
    }

    /// Returns the least entry with a key of at least `key`.
    pub(super) fn at_or_after(&self, tree: Tree, key: &[u8]) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        fenced(&self.dir, || self.tree(tree).range(key..).next().transpose())
    }

    /// Walks the entries with a key of at least `from` in ascending order; ends after the first error.
    pub(super) fn from(&self, tree: Tree, from: &[u8]) -> Result<Cursor, StoreError> {
        let iter = fenced(&self.dir, || Ok(self.tree(tree).range(from.to_vec()..)))?;
        Ok(Cursor { iter: Some(iter), dir: self.dir.clone() })
    }

    /// Walks the entries whose key starts with `prefix`; ends after the first error.
    pub(super) fn prefix(&self, tree: Tree, prefix: &[u8]) -> Result<Cursor, StoreError> {
        let iter = fenced(&self.dir, || Ok(self.tree(tree).scan_prefix(prefix)))?;
        Ok(Cursor { iter: Some(iter), dir: self.dir.clone() })
    }

    /// Applies `changes` together and returns when they are on disk.
    ///
    /// After an error it is open whether they are; no further commit is taken until the database is opened
    /// again, which finds all of them or none.
    pub(super) fn commit(&mut self, changes: &Changes) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::WriteFailedBefore);
        }
        self.failed = true;
        fenced(&self.dir, || {
            self.handles().trees[..]
                .transaction(|trees| {
                    for (tree, key, value) in &changes.0 {
                        match value {
                            Some(value) => trees[*tree as usize].insert(key, value)?,
                            None => trees[*tree as usize].remove(key)?,
                        };
                    }
                    Ok::<(), ConflictableTransactionError<()>>(())
                })
                .map_err(|e| match e {
                    TransactionError::Storage(e) => e,
                    TransactionError::Abort(()) => sled::Error::Unsupported("aborted".to_owned()),
                })?;
            self.handles().db.flush().map(|_| ())
        })?;
        self.file.sync_data().map_err(|e| StoreError::io(&self.dir.join("db"), e))?;
        self.failed = false;
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let open = self.open.take();
        // Closing writes what is left in memory, and may panic where writing does. All that was acknowledged is
        // on disk already, so there is nothing to report.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(open)));
    }
}

/// A walk over entries in ascending order of keys.
pub(super) struct Cursor {
    iter: Option<sled::Iter>,
    dir: PathBuf,
}

impl Iterator for Cursor {
    type Item = Result<(Bytes, Bytes), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let iter = self.iter.as_mut()?;
        let item = fenced(&self.dir, || iter.next().transpose()).transpose();
        // sled would give the same error for ever.
        if !matches!(item, Some(Ok(_))) {
            self.iter = None;
        }
        item
    }
}

/// Runs one call into sled and turns its errors and panics into ours.
fn fenced<T>(dir: &Path, call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(translate(dir, error)),
        Err(panic) => {
            let why = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no reason given");
            Err(StoreError::Database { why: format!("it stopped at a broken invariant ({why})") })
        }
    }
}

fn translate(dir: &Path, error: sled::Error) -> StoreError {
    match error {
        // The end of the file where a page should be is damage, not a failure of the disk.
        sled::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            StoreError::Database { why: "its file is cut short".to_owned() }
        }
        sled::Error::Io(e) => StoreError::io(&dir.join("db"), e),
        sled::Error::Corruption { at: Some(at), .. } => {
            StoreError::Database { why: format!("a checksum does not match at {at}") }
        }
        sled::Error::Corruption { at: None, .. } => {
            StoreError::Database { why: "a checksum does not match".to_owned() }
        }
        sled::Error::CollectionNotFound(_) => StoreError::Database { why: "a tree is missing".to_owned() },
        sled::Error::Unsupported(why) | sled::Error::ReportableBug(why) => StoreError::Database { why },
    }
}

/// Whether an error of sled tells that it did not get the lock, which has no kind of its own.
fn is_about_lock(error: &io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

/// Whether another handle holds the lock that sled takes on its file.
fn is_locked(path: &Path) -> bool {
    File::open(path)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
}
