//! What a ledger could not do, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::hash::{PartyId, RecordId};
use crate::record::{RecordError, SealError};
use crate::sign::keyfile::KeyFileError;
use crate::store::{ExportedError, StoreError};

/// Why the ledger could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The directory holds no ledger.
    #[error("`{}` holds no ledger: {why}", dir.display())]
    NotALedger {
        /// Directory that was named.
        dir: PathBuf,
        /// What is missing or odd.
        why: String,
    },
    /// A ledger was to be made where something is already.
    #[error("`{}` is not empty", dir.display())]
    NotEmpty {
        /// Directory that was named.
        dir: PathBuf,
    },
    /// The directory was written by a newer version.
    #[error("the ledger has layout {found}, this program knows layouts up to {known}")]
    NewerLayout {
        /// Layout number found.
        found: u32,
        /// Highest layout number this program reads.
        known: u32,
    },
    /// A file of settings or names cannot be understood.
    #[error("`{}`: {why}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The operating system refused.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// File or directory concerned.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret key cannot be read or written.
    #[error("the key of this ledger cannot be used: {0}")]
    Key(#[from] KeyFileError),
    /// The key file holds the key of another chain.
    #[error("`{}` holds another key than the one that signs the chain of `{}`", path.display(), party.short())]
    OtherKey {
        /// The key file.
        path: PathBuf,
        /// Whose chain it should sign.
        party: PartyId,
    },
    /// A record could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The note of what was exported was put outside the directory, and is gone.
    #[error("the note of what was handed out is not at `{}`", path.display())]
    NoMark {
        /// Where it should be.
        path: PathBuf,
    },
    /// The note of what was exported refuses, or cannot be used.
    #[error(transparent)]
    Exported(#[from] ExportedError),
    /// A stored record cannot be used.
    #[error(transparent)]
    Damaged(#[from] Box<DamagedRecord>),
    /// The ledger only reads: it has no chain of its own.
    #[error("this ledger has no chain of its own, so nothing can be recorded in it")]
    NoOwnChain,
    /// Two histories of the own chain are held.
    #[error("this ledger's own chain forks at seq {seq}: {} and {} are both signed", ids[0].short(), ids[1].short())]
    OwnFork {
        /// Position of the fork.
        seq: u64,
        /// Two of the records there.
        ids: [RecordId; 2],
    },
    /// A part of the own chain is missing.
    #[error("seq {seq} of this ledger's own chain is not held, but later records of it are")]
    OwnGap {
        /// First position that is missing.
        seq: u64,
    },
}

/// A stored record that cannot be used, and all that is known of where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {number}{} cannot be used: {why}", place(.party, .seq))]
pub struct DamagedRecord {
    /// Arrival number.
    pub number: u64,
    /// Id by which it was found, or the one its header hashes to.
    pub id: Option<RecordId>,
    /// Whose chain it says to be in.
    pub party: Option<PartyId>,
    /// Position it says to have.
    pub seq: Option<u64>,
    /// The step of verification that failed, as docs/formats/record.md names it.
    pub step: &'static str,
    /// What is wrong.
    pub why: String,
    /// Whether the record may be sound, but of a kind that this version does not know.
    pub cannot_judge: bool,
}

fn place(party: &Option<PartyId>, seq: &Option<u64>) -> String {
    match (party, seq) {
        (Some(party), Some(seq)) => format!(" (seq {seq} of `{}`)", party.short()),
        _ => String::new(),
    }
}

impl DamagedRecord {
    /// Returns the report of a record that failed a step of verification.
    pub(super) fn of(number: u64, id: Option<RecordId>, error: &RecordError) -> Self {
        Self {
            number,
            id,
            party: None,
            seq: None,
            step: error.step(),
            why: error.to_string(),
            cannot_judge: error.cannot_judge(),
        }
    }
}

impl LedgerError {
    /// Says what a person can do about it, where something can be done.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NotALedger { .. } => "name the directory of a ledger, or make a new one with `init`",
            Self::NotEmpty { .. } => "name a new or empty directory",
            Self::NewerLayout { .. } => "use the version of lodemark that wrote this ledger, or a newer one",
            Self::BadFile { .. } => "mend the file, or restore it from a copy",
            Self::Io { source, .. } if is_refusal(source) => {
                "check the permissions of the directory and whether the disk is mounted for writing"
            }
            Self::OtherKey { .. } => "put the key file of this ledger back in its place",
            Self::Damaged(damaged) if damaged.cannot_judge => "use a newer version of lodemark",
            Self::Damaged(_) => {
                "run `fsck`; restore the ledger from a copy, or run `fsck --repair` and import a file with this record"
            }
            Self::NoMark { .. } => {
                "mount or restore the place where it is kept; without it nothing stops an older copy from forking your chain"
            }
            Self::NoOwnChain => "make a ledger of your own with `init` and record it there",
            Self::OwnFork { .. } => {
                "this ledger was restored from an older copy and used; two histories can be proved against you. \
                 Keep all files, tell your partners, and go on in a new ledger"
            }
            Self::OwnGap { .. } => {
                "import the newest full export of your own chain; those you sent it to have one"
            }
            Self::Store(error) => return error.hint(),
            Self::Key(error) => return error.hint(),
            Self::Exported(error) => return error.hint(),
            Self::Io { .. } | Self::Seal(_) => return None,
        };
        Some(text.to_owned())
    }

    /// Wraps an error of the operating system about `path`.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}
