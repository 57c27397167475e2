//! Proofs that a party contradicted itself, each in one small file that anyone can judge with nothing else.
//!
//! A proof holds the party's first key, from which its id is recomputed, and two or more of its signed headers,
//! with a record's body where the headers alone do not show the contradiction. It says what was signed, and
//! nothing of intent. Finding contradictions is the `verify` room's work. Spec: docs/formats/proof.md.

mod control_lie;
mod corrections;
mod double_use;
mod file;
mod fork;
mod judge;
mod walk;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::hash::{Hash, PartyId, RecordId};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::time::Timestamp;
use crate::record::{self, ALG_ED25519, ShownItem};

pub use file::{FILE_MAX, MAGIC, PARTS_MAX, ProofFileError, VERSION};

/// What a proof shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// One party signed two records at one position of one epoch.
    Fork,
    /// One party used one stretch of a lot twice.
    DoubleUse,
    /// A header's `control` does not name the latest control record before it.
    ControlLie,
    /// One party corrected one record twice, on two branches of its chain.
    ContradictoryCorrections,
}

impl ProofKind {
    /// Every kind, in the order of its numbers.
    pub const ALL: [Self; 4] =
        [Self::Fork, Self::DoubleUse, Self::ControlLie, Self::ContradictoryCorrections];

    /// Returns the number in the file.
    pub fn code(self) -> u16 {
        match self {
            Self::Fork => 1,
            Self::DoubleUse => 2,
            Self::ControlLie => 3,
            Self::ContradictoryCorrections => 4,
        }
    }

    /// Returns the word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::DoubleUse => "double_use",
            Self::ControlLie => "control_lie",
            Self::ContradictoryCorrections => "contradictory_corrections",
        }
    }

    fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One record as a proof shows it: a signed header of 272 bytes, or the whole record in its stored form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The private item `in`, where a whole record withholds its inputs.
    pub inputs: Option<ShownItem>,
}

impl Part {
    /// Returns the part that shows the header of a record alone.
    ///
    /// # Panics
    /// For fewer than 272 bytes, which are no record.
    pub fn header(record: &[u8]) -> Self {
        Self { bytes: record[..record::SEAL_LEN].to_vec(), inputs: None }
    }

    /// Returns the part that shows a whole record, and its inputs if they are private.
    pub fn whole(record: &[u8], inputs: Option<ShownItem>) -> Self {
        Self { bytes: record.to_vec(), inputs }
    }
}

/// A proof as its file holds it. Nothing of it is checked before it is judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// What it is to show.
    pub kind: ProofKind,
    /// The first public key of the party.
    pub key: [u8; 32],
    /// The recovery commitment of the party, which with the key makes its id.
    pub recovery: Hash,
    /// Records, in the order that docs/formats/proof.md gives for the kind.
    pub parts: Vec<Part>,
}

impl Proof {
    /// Returns the id of the party that the key makes.
    pub fn party(&self) -> PartyId {
        record::party_id(ALG_ED25519, &self.key, &self.recovery)
    }

    /// Returns the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(self)
    }

    /// Reads a file; `Ok` says that it is whole, and nothing of what it shows.
    ///
    /// # Errors
    /// [`ProofFileError`] for the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProofFileError> {
        file::read(bytes)
    }

    /// Judges whether the records contradict each other as the kind says.
    ///
    /// # Errors
    /// [`Objection`] of the first step that does not hold.
    pub fn judge(&self) -> Result<Statement, Objection> {
        judge::judge(self)
    }
}

/// What a proof that holds establishes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Statement {
    /// Whose signatures they are.
    pub party: PartyId,
    /// The epoch of its chain.
    pub epoch: u16,
    /// The records that contradict each other, in the order of the file.
    pub records: Vec<Signed>,
    /// How many control records between them were walked.
    pub walked: usize,
    /// The stretch used twice.
    pub twice: Option<Stretch>,
    /// The record corrected twice.
    pub target: Option<RecordId>,
    /// What is so, in a sentence: lower case, no full stop.
    pub says: String,
}

/// A record that the party signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Signed {
    /// Its id.
    pub record: RecordId,
    /// Its kind, as a number where this version has no name for it.
    pub kind: String,
    /// Its position.
    pub seq: u64,
    /// Its claimed time.
    pub signed_at: Timestamp,
}

/// A stretch of a lot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Stretch {
    /// The lot.
    pub lot: LotRef,
    /// Where it begins.
    pub from: Mass,
    /// How long it is.
    pub mass: Mass,
}

/// Why a proof does not hold, or cannot be judged by this version.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
pub struct Objection {
    /// The step of docs/formats/proof.md that fails.
    pub step: &'static str,
    /// Whether the proof may hold, but this version cannot tell.
    pub cannot_judge: bool,
    /// What is so: lower case, no full stop.
    pub why: String,
}

impl Objection {
    fn new(step: &'static str, why: impl Into<String>) -> Self {
        Self { step, cannot_judge: false, why: why.into() }
    }

    fn cannot_judge(step: &'static str, why: impl Into<String>) -> Self {
        Self { step, cannot_judge: true, why: why.into() }
    }
}
