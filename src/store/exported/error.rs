//! Why something cannot be noted as handed out, or appended after it, and what to do about it.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::hash::{Hash, PartyId, RecordId};

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
    /// The chain here ends below what was handed out.
    #[error(
        "the chain of `{}` was exported up to seq {exported} of epoch {exported_epoch}, but ends here at seq {last} of \
         epoch {epoch}", party.short()
    )]
    EndsBelow {
        /// Owner of the chain.
        party: PartyId,
        /// Epoch here.
        epoch: u16,
        /// Last position here.
        last: u64,
        /// Epoch of the last one exported.
        exported_epoch: u16,
        /// Position of the last one exported.
        exported: u64,
    },
    /// Another root was signed for the same records.
    #[error(
        "a checkpoint of {size} records was signed before with the root {shown}, but those here make the root {root}"
    )]
    OtherRoot {
        /// Records in both.
        size: u64,
        /// The root signed before.
        shown: Hash,
        /// The root of what is held.
        root: Hash,
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
            Self::EndsBelow { .. } => Some(
                "this ledger seems to be restored from an older copy; a checkpoint signed now would contradict what \
                 others hold. Import the newest export of your own chain first (those you sent it to have one)"
                    .to_owned(),
            ),
            Self::OtherRecord { .. } | Self::OtherRoot { .. } => Some(
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
