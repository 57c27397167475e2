//! Two checkpoints of one log held against each other, with what is known of the tree below each.
//!
//! Where nothing is found nothing is shown: of two sizes, not enough may be known to join them.

use super::fork::{ForkEvidence, LogFork};
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
        self.contradictions(larger).next()
    }

    /// Returns every way in which the two contradict each other, as far as both show.
    fn contradictions(&self, larger: &Seen<'a>) -> impl Iterator<Item = Contradiction> {
        let (one, larger) = (*self, *larger);
        let (size, of_larger) = (one.checkpoint.size, larger.checkpoint.size);
        let roots = size == of_larger && one.checkpoint.root != larger.checkpoint.root;
        let below = one.known.into_iter().flat_map(KnownNodes::leaves);
        let leaves =
            below.take_while(move |index| size < of_larger && *index < size).filter_map(move |index| {
                let (here, there) = (one.leaf(index)?, larger.leaf(index)?);
                (here != there).then_some(Contradiction::Leaf(index, [here, there]))
            });
        let made = move || larger.known.filter(|_| size < of_larger)?.root(size);
        let prefix = std::iter::once_with(move || made().is_some_and(|made| made != one.checkpoint.root));
        let prefix = prefix.filter(|differs| *differs).map(|_| Contradiction::Prefix);
        roots.then_some(Contradiction::Roots).into_iter().chain(leaves).chain(prefix)
    }

    /// Returns a proof for others that the two contradict each other; `judged` makes it of evidence, if that holds by itself.
    ///
    /// What is known below a checkpoint may be less than leads to its root, and then shows nothing to others.
    pub fn proof(
        &self,
        larger: &Seen<'a>,
        judged: impl Fn(ForkEvidence) -> Option<LogFork>,
    ) -> Option<LogFork> {
        let mut tried = self.contradictions(larger).take(TRIED);
        tried.find_map(|one| judged(one.evidence(self, larger)?))
    }
}

/// Most contradictions that are tried for one that can be shown to others.
const TRIED: usize = 16;

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
    fn evidence(&self, one: &Seen<'_>, larger: &Seen<'_>) -> Option<ForkEvidence> {
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
