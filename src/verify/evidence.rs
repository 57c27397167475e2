//! What is to be verified: pieces from a store, an export file or a scenario, and what became of bad ones.

use serde::Serialize;

use crate::hash::{PartyId, RecordId};
use crate::log::fork::LogFork;
use crate::log::part::LogPart;
use crate::model::event::SeenCheckpoint;
use crate::record::ShownItem;

/// One record as it was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The record in its stored form.
    pub bytes: Vec<u8>,
    /// Private items shown with it, in the order of its directory.
    pub shown: Vec<ShownItem>,
    /// Where it was found, for people: `offset 1234 of goma.lode`, `arrival 17`.
    pub source: String,
}

/// The header and signature of a record that was not handed over whole: 272 bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderPiece {
    /// Header, then signature.
    pub bytes: Vec<u8>,
    /// Where it was found, for people.
    pub source: String,
}

/// What was handed over of a party's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogPiece {
    /// Checkpoint, cosignatures and nodes.
    pub part: LogPart,
    /// Position and id of every record that the nodes were made for, as their headers say, ascending.
    pub records: Vec<(u64, RecordId)>,
    /// Where it was found, for people.
    pub source: String,
}

/// A checkpoint alone: nothing that was handed over leads to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointPiece {
    /// The checkpoint, signed by the log.
    pub checkpoint: SeenCheckpoint,
    /// Where it was found, for people.
    pub source: String,
}

/// A proof that a party signed two logs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForkPiece {
    /// The proof, which is judged before it is believed.
    pub fork: LogFork,
    /// Where it was found, for people.
    pub source: String,
}

/// Everything handed over, and what is wrong with the parcel itself.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The records, in any order; repeated ones are merged.
    pub pieces: Vec<Piece>,
    /// Headers of records that are not handed over whole.
    pub headers: Vec<HeaderPiece>,
    /// Parts of logs: of a file at most one for each (party, epoch).
    pub logs: Vec<LogPiece>,
    /// Checkpoints to which no nodes were handed over.
    pub checkpoints: Vec<CheckpointPiece>,
    /// Proofs that a party signed two logs, found before.
    pub forks: Vec<ForkPiece>,
    /// Damage found while taking records out of a file or store: where, and what is wrong.
    pub damage: Vec<(String, String)>,
}

impl From<Vec<Piece>> for Evidence {
    fn from(pieces: Vec<Piece>) -> Self {
        Self { pieces, ..Self::default() }
    }
}

impl Evidence {
    /// Adds what another file holds.
    pub fn join(&mut self, more: Self) {
        self.pieces.extend(more.pieces);
        self.headers.extend(more.headers);
        self.logs.extend(more.logs);
        self.checkpoints.extend(more.checkpoints);
        self.forks.extend(more.forks);
        self.damage.extend(more.damage);
    }
}

/// A piece that could not be used, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refused {
    /// Where it was found.
    pub source: String,
    /// The id its header hashes to, where it has one.
    pub record: Option<RecordId>,
    /// Whose chain it says to be in.
    pub party: Option<PartyId>,
    /// Position it says to have.
    pub seq: Option<u64>,
    /// The step of verification that failed, as docs/formats/record.md names it.
    pub step: &'static str,
    /// What is wrong: lower case, no full stop.
    pub why: String,
}
