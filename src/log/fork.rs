//! Forks of a log: two checkpoints that one party signed and that no one history of records has.
//!
//! Each proof is one small text that anyone can judge with nothing else. That no consistency proof is at hand shows
//! nothing; a proof shows what two signed roots commit to, where they contradict each other.
//! Spec: docs/formats/log.md, "Forks".

mod file;
#[cfg(test)]
mod tests;

use super::checkpoint::{Checkpoint, CheckpointError, LogId, LogIdError};
use super::consistency::{ConsistencyError, prefix_roots};
use super::note::{Note, NoteSignatureError};
use super::proof::LogProof;
use super::tree::{PathError, Tree, check_inclusion};
use crate::hash::{Hash, PartyId};
use crate::record::{ALG_ED25519, party_id};
use crate::sign::{KeyError, PublicKey};

pub use file::{FORK_MAX, ForkFileError};

/// Two checkpoints of one log, and what shows that they contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogFork {
    /// The first public key of the party, which signed both.
    pub key: [u8; 32],
    /// The recovery commitment of the party, which with the key makes its id.
    pub recovery: Hash,
    /// What contradicts what.
    pub evidence: ForkEvidence,
}

/// What contradicts what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForkEvidence {
    /// One size, two roots: the two notes are all that it takes.
    Roots([Note; 2]),
    /// One index, two leaves: of any sizes that both have it.
    Leaves {
        /// The hash of the leaf under each.
        leaves: [Hash; 2],
        /// The proof that it stands there, with the note.
        proofs: Box<[LogProof; 2]>,
    },
    /// The first leaves of the larger make another root than the smaller has: nothing of the smaller is needed but its note.
    Prefix {
        /// The smaller first.
        notes: [Note; 2],
        /// The prefix path of the smaller size under the larger root.
        path: Vec<Hash>,
    },
}

/// What a proof that holds establishes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForkStatement {
    /// Whose log, and of which epoch.
    pub log: LogId,
    /// The two checkpoints, in the order of the proof.
    pub checkpoints: [Checkpoint; 2],
    /// The index at which the leaves differ, where that is what is shown.
    pub index: Option<u64>,
    /// What is so, in a sentence: lower case, no full stop.
    pub says: String,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForkObjection {
    /// The key is none that may be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint is not of a party's log.
    #[error(transparent)]
    NotOfAParty(#[from] LogIdError),
    /// The key makes another party than the one whose log it is.
    #[error("the key makes the party {made}, and the log is that of {found}")]
    OtherParty {
        /// What key and recovery commitment make.
        made: PartyId,
        /// What the origin says.
        found: PartyId,
    },
    /// The two are of different logs. Each epoch has its own.
    #[error("the checkpoints are of two logs")]
    TwoLogs,
    /// A signature does not hold, or is not there.
    #[error(transparent)]
    Signature(#[from] NoteSignatureError),
    /// A path does not lead to the root.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A prefix path does not fit the two sizes.
    #[error(transparent)]
    Prefix(#[from] ConsistencyError),
    /// A prefix path leads to another root than that of the larger checkpoint.
    #[error("the prefix path leads to another root than that of the larger checkpoint")]
    OtherRoot,
    /// The two do not contradict each other in the way that is said.
    #[error("{0}")]
    NoContradiction(&'static str),
}

impl LogFork {
    /// Returns the proof that one size has two roots.
    ///
    /// # Errors
    /// [`ForkObjection`] where the notes do not show that.
    pub fn of_roots(key: &PublicKey, recovery: Hash, notes: [&Note; 2]) -> Result<Self, ForkObjection> {
        Self::judged(key, recovery, ForkEvidence::Roots(notes.map(|note| signed_alone(note, key))))
    }

    /// Returns the proof that the first leaves of a larger log make another root than the smaller checkpoint has.
    ///
    /// `larger` are the leaves under the second note.
    ///
    /// # Errors
    /// [`ForkObjection`] where the notes and leaves do not show that.
    pub fn of_prefix(
        key: &PublicKey,
        recovery: Hash,
        notes: [&Note; 2],
        larger: &Tree,
    ) -> Result<Self, ForkObjection> {
        let size = Checkpoint::parse(notes[0].text())?.size();
        let path = larger.prefix(size);
        let path = path.ok_or(ForkObjection::NoContradiction("the larger log has not as many leaves"))?;
        let notes = notes.map(|note| signed_alone(note, key));
        Self::judged(key, recovery, ForkEvidence::Prefix { notes, path })
    }

    /// Returns the proof that two leaves stand at one index.
    ///
    /// # Errors
    /// [`ForkObjection`] where the proofs do not show that.
    pub fn of_leaves(
        key: &PublicKey,
        recovery: Hash,
        leaves: [Hash; 2],
        proofs: [&LogProof; 2],
    ) -> Result<Self, ForkObjection> {
        let alone = |proof: &LogProof| {
            let note = signed_alone(proof.note(), key);
            LogProof::new(proof.index(), proof.path().to_vec(), note, Vec::new())
                .expect("a proof without its extra data is within every bound")
        };
        let proofs = Box::new(proofs.map(alone));
        Self::judged(key, recovery, ForkEvidence::Leaves { leaves, proofs })
    }

    /// Returns the proof that is made of this evidence; what others signed is left out of it.
    ///
    /// # Errors
    /// [`ForkObjection`] where the evidence does not show a fork.
    pub fn of(key: &PublicKey, recovery: Hash, evidence: ForkEvidence) -> Result<Self, ForkObjection> {
        match evidence {
            ForkEvidence::Roots(notes) => Self::of_roots(key, recovery, notes.each_ref()),
            ForkEvidence::Leaves { leaves, proofs } => {
                Self::of_leaves(key, recovery, leaves, proofs.each_ref())
            }
            ForkEvidence::Prefix { notes, path } => {
                let notes = notes.each_ref().map(|note| signed_alone(note, key));
                Self::judged(key, recovery, ForkEvidence::Prefix { notes, path })
            }
        }
    }

    fn judged(key: &PublicKey, recovery: Hash, evidence: ForkEvidence) -> Result<Self, ForkObjection> {
        let fork = Self { key: key.to_bytes(), recovery, evidence };
        fork.judge().map(|_| fork)
    }

    /// Returns the party that key and recovery commitment make.
    pub fn party(&self) -> PartyId {
        party_id(ALG_ED25519, &self.key, &self.recovery)
    }

    /// Judges whether the checkpoints contradict each other.
    ///
    /// # Errors
    /// [`ForkObjection`] of the first step that does not hold.
    pub fn judge(&self) -> Result<ForkStatement, ForkObjection> {
        let key = PublicKey::from_bytes(&self.key)?;
        let notes = match &self.evidence {
            ForkEvidence::Roots(notes) | ForkEvidence::Prefix { notes, .. } => notes.each_ref(),
            ForkEvidence::Leaves { proofs, .. } => proofs.each_ref().map(LogProof::note),
        };
        let first = self.checkpoint(notes[0], &key)?;
        let second = self.checkpoint(notes[1], &key)?;
        let log = first.log()?;
        if log != second.log()? {
            return Err(ForkObjection::TwoLogs);
        }
        let (index, says) = contradiction(&self.evidence, &first, &second)?;
        Ok(ForkStatement { log, checkpoints: [first, second], index, says })
    }

    /// Reads the checkpoint of a note that the party's key signed as its log.
    fn checkpoint(&self, note: &Note, key: &PublicKey) -> Result<Checkpoint, ForkObjection> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let log = checkpoint.log()?;
        let made = self.party();
        if log.party != made {
            return Err(ForkObjection::OtherParty { made, found: log.party });
        }
        note.verify([&log.verifier_key(key)])?;
        Ok(checkpoint)
    }
}

/// Returns the index that it is about, and what is so.
fn contradiction(
    evidence: &ForkEvidence,
    first: &Checkpoint,
    second: &Checkpoint,
) -> Result<(Option<u64>, String), ForkObjection> {
    let none = |why| Err(ForkObjection::NoContradiction(why));
    let sizes = (first.size(), second.size());
    match evidence {
        ForkEvidence::Roots(_) => {
            if sizes.0 != sizes.1 {
                return none("the checkpoints are of two sizes, and their roots alone show nothing");
            }
            if first.root() == second.root() {
                return none("both checkpoints have one root");
            }
            Ok((None, format!("the log has two roots at {} leaves", sizes.0)))
        }
        ForkEvidence::Leaves { leaves, proofs } => {
            let index = proofs[0].index();
            if index != proofs[1].index() {
                return none("the leaves stand at two places");
            }
            if leaves[0] == leaves[1] {
                return none("both checkpoints have one leaf there");
            }
            for (checkpoint, (leaf, proof)) in
                [first, second].into_iter().zip(leaves.iter().zip(proofs.iter()))
            {
                check_inclusion(index, checkpoint.size(), leaf, proof.path(), checkpoint.root())?;
            }
            let says = format!(
                "the log has one record at index {index} by its checkpoint of {} leaves, and another by that of {}",
                sizes.0, sizes.1
            );
            Ok((Some(index), says))
        }
        ForkEvidence::Prefix { path, .. } => {
            let (made, larger) = prefix_roots(sizes.0, sizes.1, path)?;
            if larger != *second.root() {
                return Err(ForkObjection::OtherRoot);
            }
            if made == *first.root() {
                return none("the larger log goes on from the smaller one");
            }
            let says = format!(
                "the first {0} leaves under the checkpoint of {1} are not those of the checkpoint of {0}",
                sizes.0, sizes.1
            );
            Ok((None, says))
        }
    }
}

/// Returns the note with the line of the party's own key alone; what others signed is no part of the proof.
fn signed_alone(note: &Note, key: &PublicKey) -> Note {
    let log = Checkpoint::parse(note.text()).ok().and_then(|checkpoint| checkpoint.log().ok());
    let alone = log.and_then(|log| note.only(&[&log.verifier_key(key)]));
    // Without such a line it is judged as it is, and refused for that.
    alone.unwrap_or_else(|| note.clone())
}
