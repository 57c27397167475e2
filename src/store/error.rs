//! What the store could not do, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::hash::RecordId;

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process holds the store open.
    #[error("the ledger store `{}` is in use by another program", dir.display())]
    InUse {
        /// Directory of the store.
        dir: PathBuf,
    },
    /// The directory was written by a newer version.
    #[error("the store has layout {found}, this program knows layouts up to {known}")]
    NewerLayout {
        /// Layout number found in the directory.
        found: u32,
        /// Highest layout number this program reads.
        known: u32,
    },
    /// The directory holds no store.
    #[error("`{}` holds no ledger store: {why}", dir.display())]
    NotAStore {
        /// Directory that was named.
        dir: PathBuf,
        /// What is missing or odd.
        why: String,
    },
    /// A new store was asked for in a directory that already holds something.
    #[error("`{}` is not empty", dir.display())]
    NotEmpty {
        /// Directory that was named.
        dir: PathBuf,
    },
    /// The file system or its permissions refuse writing.
    #[error("`{}` cannot be written: {source}", path.display())]
    ReadOnly {
        /// File or directory that refused.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file system has no room left.
    #[error("no room left to write `{}`: {source}", path.display())]
    Full {
        /// File that could not grow.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Any other failure of the operating system.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// File or directory concerned.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A stored block of records cannot be read as one.
    #[error("the block at record {first} is damaged at byte {offset}: {why}")]
    Damaged {
        /// Arrival number the block starts at, or the one asked for when the block was not found.
        first: u64,
        /// Offset in bytes inside the stored value.
        offset: u64,
        /// What is wrong there.
        why: String,
    },
    /// No block holds a record that was numbered.
    #[error("record {number} is in no block")]
    Missing {
        /// Its arrival number.
        number: u64,
    },
    /// The database below the blocks cannot be read.
    #[error("the database of the store is damaged: {why}")]
    Database {
        /// What the database reported.
        why: String,
    },
    /// The database has gone back to before an acknowledged write.
    #[error("the store holds {held} records, but {acknowledged} were acknowledged")]
    RolledBack {
        /// Records found.
        held: u64,
        /// Records acknowledged by an earlier append.
        acknowledged: u64,
    },
    /// The record is in the store, or twice in the batch.
    #[error("record `{}` is already held as number {number}", id.short())]
    AlreadyHeld {
        /// Id of the record.
        id: RecordId,
        /// Its arrival number.
        number: u64,
    },
    /// No record has this arrival number.
    #[error("there is no record {number}; the store holds {count}")]
    NoSuchRecord {
        /// Number asked for.
        number: u64,
        /// Number of records held.
        count: u64,
    },
    /// A value is over its bound.
    #[error("{what} has {length} bytes; the store takes at most {limit}")]
    TooLarge {
        /// Name of the value.
        what: String,
        /// Its length in bytes.
        length: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// An earlier write failed, so what is in memory may not be what is on disk.
    #[error("an earlier write to this store failed; it must be opened again before the next one")]
    WriteFailedBefore,
    /// The store was opened to save what is left of it.
    #[error("the store is open for rescue and takes no new records")]
    OpenForRescue,
}

impl StoreError {
    /// Says what a person can do about it, where something can be done.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::InUse { .. } => "wait for the other program to end, or close it",
            Self::NewerLayout { .. } => "use the version of lodemark that wrote this ledger, or a newer one",
            Self::NotAStore { .. } => "name the directory of a ledger, or make a new one with `init`",
            Self::NotEmpty { .. } => "name a new or empty directory",
            Self::ReadOnly { .. } => {
                "check the permissions of the directory and whether the disk is mounted for writing; \
                 an export file can be verified without a ledger"
            }
            Self::Full { .. } => {
                "free some room and try again; nothing of the failed write counts until the ledger opens again"
            }
            Self::Damaged { .. } | Self::Missing { .. } | Self::Database { .. } | Self::RolledBack { .. } => {
                "run `fsck` to see what is affected, then restore the directory from a copy, or make a new \
                 ledger and import your latest exports; do not append before that"
            }
            Self::WriteFailedBefore => "open the ledger again and look at which records it holds",
            Self::OpenForRescue => "make a new ledger and import what was saved from this one",
            Self::Io { .. }
            | Self::AlreadyHeld { .. }
            | Self::NoSuchRecord { .. }
            | Self::TooLarge { .. } => {
                return None;
            }
        };
        Some(text.to_owned())
    }

    /// Sorts an error of the operating system about `path` by what a person can do about it.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        use io::ErrorKind::{
            FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, WriteZero,
        };
        let path = path.to_owned();
        match source.kind() {
            PermissionDenied | ReadOnlyFilesystem => Self::ReadOnly { path, source },
            StorageFull | QuotaExceeded | FileTooLarge | WriteZero => Self::Full { path, source },
            _ => Self::Io { path, source },
        }
    }
}
