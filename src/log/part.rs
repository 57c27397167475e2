//! What is handed over of a log: a checkpoint, who cosigned it, and the nodes that lead some leaves to its root.
//!
//! Spec: docs/formats/capsule.md, "Proof".

use super::checkpoint::LogId;
use super::note::{Note, NoteError, NoteSignature};
use super::seen::{self, SeenError};
use super::shown::{self, ShownError};
use super::tree::leaf_hash;
use super::vkey::KeyId;
use crate::hash::{Hash, RecordId};
use crate::model::event::SeenCheckpoint;

/// A checkpoint, and what leads from some records to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogPart {
    /// The checkpoint of a party's log.
    pub checkpoint: SeenCheckpoint,
    /// Signatures of others below it, ascending by name and id.
    pub cosignatures: Vec<Cosignature>,
    /// Hashes of the largest perfect subtrees without one of the records, from left to right.
    pub nodes: Vec<Hash>,
}

/// A cosignature, by the name and id of the witness's key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cosignature {
    /// Name of the key.
    pub name: String,
    /// Id of the key: a way to find it among those that the reader knows.
    pub id: KeyId,
    /// When it was made, as the witness says: seconds since 1970.
    pub time: u64,
    /// The signature.
    pub signature: [u8; 64],
}

/// Why records are not shown to stand in a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// The checkpoint is none.
    #[error("its checkpoint does not hold: {0}")]
    Checkpoint(#[from] SeenError),
    /// The cosignatures do not fit under it.
    #[error("its cosignatures do not hold: {0}")]
    Cosignatures(#[from] NoteError),
    /// Leaves and nodes make up no tree of that size.
    #[error(transparent)]
    Shown(#[from] ShownError),
    /// They make up another.
    #[error("the records and the nodes beside them lead to another root than the checkpoint has")]
    OtherRoot,
}

impl LogPart {
    /// Returns whose log it is.
    pub fn log(&self) -> LogId {
        LogId { party: self.checkpoint.party, epoch: self.checkpoint.epoch }
    }

    /// Returns the checkpoint as a note: the log's signature is checked, those of others are not.
    ///
    /// Whether the key is one that the party gave its log is not known here.
    ///
    /// # Errors
    /// [`PartError::Checkpoint`] and [`PartError::Cosignatures`].
    pub fn note(&self) -> Result<Note, PartError> {
        self.note_with(&self.cosignatures)
    }

    /// Returns the same with these signatures of others alone.
    ///
    /// # Errors
    /// Those of [`LogPart::note`].
    pub fn note_with(&self, cosignatures: &[Cosignature]) -> Result<Note, PartError> {
        let mut note = seen::note(&self.checkpoint)?;
        for one in cosignatures {
            note = note.with(one.line()?)?;
        }
        Ok(note)
    }

    /// Checks that these records stand at these positions in the log.
    ///
    /// `records` are all that the nodes were made for, by position, strictly ascending.
    ///
    /// # Errors
    /// [`PartError::Shown`] and [`PartError::OtherRoot`].
    pub fn check(&self, records: &[(u64, RecordId)]) -> Result<(), PartError> {
        let leaves: Vec<(u64, Hash)> =
            records.iter().map(|(seq, id)| (*seq, leaf_hash(id.as_bytes()))).collect();
        match shown::root(self.checkpoint.size, &leaves, &self.nodes)? == self.checkpoint.root {
            true => Ok(()),
            false => Err(PartError::OtherRoot),
        }
    }
}

impl Cosignature {
    /// Returns a note with this cosignature below it, unless it has it.
    ///
    /// # Errors
    /// [`NoteError`] for a name that no key has, and where there is no room.
    pub fn below(&self, note: Note) -> Result<Note, NoteError> {
        note.with(self.line()?)
    }

    fn line(&self) -> Result<NoteSignature, NoteError> {
        let bytes = [&self.time.to_be_bytes()[..], &self.signature].concat();
        NoteSignature::from_parts(&self.name, self.id, bytes)
    }

    /// Returns the cosignature that a line of a note is, by its form alone; `None` for another line.
    pub fn of(line: &NoteSignature) -> Option<Self> {
        let (time, signature) = line.bytes().split_first_chunk()?;
        Some(Self {
            name: line.name().to_owned(),
            id: line.id(),
            time: u64::from_be_bytes(*time),
            signature: signature.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::Checkpoint;
    use super::super::cosignature::cosign;
    use super::super::tree::Tree;
    use super::*;
    use crate::hash::{PartyId, sha256};
    use crate::sign::SecretKey;

    fn record(seq: u64) -> RecordId {
        RecordId(sha256(&[&seq.to_be_bytes()]))
    }

    fn part(size: u64, picked: &[u64]) -> (LogPart, Vec<(u64, RecordId)>) {
        let leaf = |seq| leaf_hash(record(seq).as_bytes());
        let root = |first: u64, last: u64| Tree::new((first..last).map(leaf).collect()).root();
        let log = LogId { party: PartyId::from_bytes([1; 32]), epoch: 0 };
        let key = SecretKey::from_seed(&[2; 32]);
        let note = Checkpoint::of(log, size, root(0, size)).unwrap().sign(&key).unwrap();
        let checkpoint = seen::of(&note, key.public()).unwrap();
        let needed = shown::needed(size, picked).unwrap();
        let nodes = needed.iter().map(|one| root(one.index << one.level, (one.index + 1) << one.level));
        let witness = SecretKey::from_seed(&[3; 32]);
        let line = cosign(&Checkpoint::parse(note.text()).unwrap(), 1_790_000_000, "w.example", &witness);
        let cosignatures = vec![Cosignature::of(&line.unwrap()).unwrap()];
        let part = LogPart { checkpoint, cosignatures, nodes: nodes.collect() };
        (part, picked.iter().map(|seq| (*seq, record(*seq))).collect())
    }

    #[test]
    fn records_that_stand_in_the_log_are_shown_to() {
        let (part, records) = part(11, &[0, 4, 10]);
        assert_eq!(part.check(&records), Ok(()));
        let note = part.note().unwrap();
        assert_eq!(note.signatures().len(), 2);
        assert_eq!(Cosignature::of(&note.signatures()[1]).as_ref(), part.cosignatures.first());
    }

    #[test]
    fn another_record_place_root_or_signature_is_refused() {
        let (part, records) = part(11, &[0, 4, 10]);
        let mut other = records.clone();
        other[1].1 = record(5);
        assert_eq!(part.check(&other), Err(PartError::OtherRoot));
        let mut other = records.clone();
        other[1].0 = 5;
        assert!(part.check(&other).is_err());
        assert!(part.check(&records[1..]).is_err());
        let mut forged = part.clone();
        forged.checkpoint.root = sha256(&[b"another"]);
        assert!(matches!(forged.note(), Err(PartError::Checkpoint(_))));
        let mut odd = part;
        odd.cosignatures[0].name = "two words".to_owned();
        assert!(matches!(odd.note(), Err(PartError::Cosignatures(_))));
    }
}
