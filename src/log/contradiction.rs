//! Two checkpoints of one log held against each other, with what is known of the tree below each.
//!
//! Where nothing is found nothing is shown: of two sizes, not enough may be known to join them.

use super::fork::ForkEvidence;
use super::known::KnownNodes;
use super::note::Note;
use super::proof::LogProof;
use crate::hash::Hash;
use crate::model::event::SeenCheckpoint;

/// A checkpoint whose signature holds, and what is known below it.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The checkpoint.
    pub checkpoint: &'a SeenCheckpoint,
    /// Its note.
    pub note: &'a Note,
    /// The tree, as far as it is known to lead to this root; `None` where the note is all there is.
    pub known: Option<&'a KnownNodes>,
}

/// How two checkpoints of one log contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Contradiction {
    /// One size, two roots.
    Roots,
    /// At this index there is one leaf by the first, and another by the second.
    Leaf(u64, [Hash; 2]),
    /// The first leaves of the larger make another root than the smaller has.
    Prefix,
}

impl<'a> Seen<'a> {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.known.and_then(|known| known.leaf(index))
    }

    /// Returns how this checkpoint and one of the same size or a larger one contradict each other, as far as both show.
    pub fn contradicts(&self, larger: &Seen<'a>) -> Option<Contradiction> {
        let size = self.checkpoint.size;
        if size == larger.checkpoint.size {
            return (self.checkpoint.root != larger.checkpoint.root).then_some(Contradiction::Roots);
        }
        for index in self.known.into_iter().flat_map(KnownNodes::leaves).take_while(|index| *index < size) {
            if let (Some(here), Some(there)) = (self.leaf(index), larger.leaf(index))
                && here != there
            {
                return Some(Contradiction::Leaf(index, [here, there]));
            }
        }
        let made = larger.known.filter(|_| size < larger.checkpoint.size)?.root(size)?;
        (made != self.checkpoint.root).then_some(Contradiction::Prefix)
    }
}

impl Contradiction {
    /// Says what is so, with the smaller and the larger size: lower case, no full stop.
    pub fn says(&self, [small, large]: [u64; 2]) -> String {
        match self {
            Self::Roots => format!("the party signed two checkpoints of {small} records with two roots"),
            Self::Leaf(index, _) => format!(
                "record {index} is one by its checkpoint of {small} records, and another by that of {large}"
            ),
            Self::Prefix => {
                format!("its checkpoint of {large} records does not go on from its checkpoint of {small}")
            }
        }
    }

    /// Returns what shows it to others, of the two checkpoints that it was found between.
    pub fn evidence(&self, one: &Seen<'_>, larger: &Seen<'_>) -> Option<ForkEvidence> {
        let notes = [one.note.clone(), larger.note.clone()];
        Some(match self {
            Self::Roots => ForkEvidence::Roots(notes),
            Self::Leaf(index, leaves) => {
                let proof = |seen: &Seen<'_>| {
                    let path = seen.known?.path(*index, seen.checkpoint.size)?;
                    LogProof::new(*index, path, seen.note.clone(), Vec::new()).ok()
                };
                ForkEvidence::Leaves { leaves: *leaves, proofs: Box::new([proof(one)?, proof(larger)?]) }
            }
            Self::Prefix => {
                let path = larger.known?.prefix(one.checkpoint.size, larger.checkpoint.size)?;
                ForkEvidence::Prefix { notes, path }
            }
        })
    }
}
