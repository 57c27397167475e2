//! What this ledger can show of one log: from records held, and from what capsules brought of it.
//!
//! Of what was kept nothing is believed: a checkpoint counts once its signature is checked, and hashes and ids count by
//! leading to its root. Spec: docs/formats/capsule.md, "Proof".

use std::collections::{BTreeMap, BTreeSet};

use super::Ledger;
use super::error::LedgerError;
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::checkpoint::LogId;
use crate::log::note::Note;
use crate::log::part::{Cosignature, LogPart};
use crate::log::seen;
use crate::log::shown::{self, Subtree};
use crate::log::tree::{leaf_hash, node_hash};
use crate::model::event::SeenCheckpoint;
use crate::record::{Header, SignedHeader};
use crate::sign::PublicKey;

/// A checkpoint whose signature holds, and the signatures of others below it, which are not checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldCheckpoint {
    /// The checkpoint.
    pub checkpoint: SeenCheckpoint,
    /// Signatures of others, ascending by name and id.
    pub cosignatures: Vec<Cosignature>,
}

/// Everything by which records of one log can be shown.
#[derive(Default)]
pub struct HeldLog {
    /// Ids by position; none where two records stand at one.
    pub leaves: BTreeMap<u64, RecordId>,
    /// Checkpoints by the party's own key, the largest first.
    pub checkpoints: Vec<HeldCheckpoint>,
    /// Hashes of perfect subtrees.
    nodes: BTreeMap<Subtree, Hash>,
    /// Headers with signatures that hold, of records that are not held.
    headers: BTreeMap<RecordId, Vec<u8>>,
}

impl Ledger {
    /// Gathers what is held of a log.
    pub(super) fn held_log(&self, party: &PartyId, epoch: u16) -> Result<HeldLog, LedgerError> {
        let mut log = HeldLog::default();
        let mut twice = BTreeSet::new();
        let mut leaf = |log: &mut HeldLog, seq, id| {
            if log.leaves.insert(seq, id).is_some_and(|other| other != id) {
                twice.insert(seq);
            }
        };
        for (_, seq, number) in self.store.places(party)?.into_iter().filter(|place| place.0 == epoch) {
            // A record that cannot be read is told where it is used, and shows nothing here.
            if let Ok(header) = Header::from_bytes(&self.store.get(number)?.bytes) {
                leaf(&mut log, seq, header.id());
            }
        }
        let kept = self.store.kept_log(party, epoch)?;
        let key = self.key_of(party)?;
        for ((seq, id), bytes) in kept.headers {
            let header = SignedHeader::parse(&bytes).ok().filter(|header| header.id() == id);
            let holds = |header: &SignedHeader| key.as_ref().is_some_and(|key| header.verify(key).is_ok());
            if header.as_ref().is_some_and(holds) {
                leaf(&mut log, seq, id);
                log.headers.insert(id, bytes);
            }
        }
        for seq in twice {
            log.leaves.remove(&seq);
        }
        let named = |((level, index), hash)| (Subtree { level: u32::from(level), index }, hash);
        log.nodes = kept.nodes.into_iter().map(named).collect();
        let id = LogId { party: *party, epoch };
        log.checkpoints = kept.checkpoints.into_values().rev().filter_map(|bytes| read(id, &bytes)).collect();
        log.checkpoints.retain(|held| key.as_ref().is_some_and(|key| key.to_bytes() == held.checkpoint.key));
        Ok(log)
    }
}

impl HeldLog {
    /// Adds what a part of the log says, which was checked against its checkpoint.
    pub fn learn(&mut self, leaves: impl IntoIterator<Item = (u64, RecordId)>, nodes: &[(Subtree, Hash)]) {
        self.leaves.extend(leaves);
        self.nodes.extend(nodes.iter().copied());
    }

    /// Returns the hash of a perfect subtree, as far as it follows from what is held.
    ///
    /// A node that was kept comes before what is below it. Cost: as much as is held below it.
    pub fn subtree(&self, subtree: Subtree) -> Option<Hash> {
        let Subtree { level, index } = subtree;
        if let Some(node) = self.nodes.get(&subtree) {
            return Some(*node);
        }
        if level == 0 {
            return self.leaves.get(&index).map(|id| leaf_hash(id.as_bytes()));
        }
        let first = index << level;
        let leaves = self.leaves.range(first..first + (1 << level));
        let below = |at: u32| {
            let range = index << (level - at)..(index + 1) << (level - at);
            let subtree = |index| Subtree { level: at, index };
            self.nodes.range(subtree(range.start)..subtree(range.end)).next().is_some()
        };
        // Nothing is held below: the walk down would visit every leaf that there could be.
        if leaves.take(1).count() == 0 && !(0..level).any(below) {
            return None;
        }
        let left = self.subtree(Subtree { level: level - 1, index: index * 2 })?;
        let right = self.subtree(Subtree { level: level - 1, index: index * 2 + 1 })?;
        Some(node_hash(&left, &right))
    }

    /// Returns the root of the first `size` leaves, as far as it follows from what is held.
    pub fn root(&self, size: u64) -> Option<Hash> {
        let peaks = shown::needed(size, &[]).ok()?;
        let peaks: Vec<Hash> = peaks.into_iter().map(|peak| self.subtree(peak)).collect::<Option<_>>()?;
        shown::root(size, &[], &peaks).ok()
    }

    /// Returns header and signature of a record that is not held.
    pub fn header(&self, id: &RecordId) -> Option<&[u8]> {
        self.headers.get(id).map(Vec::as_slice)
    }

    /// Shows the records at these positions, ascending, under a checkpoint; `None` where what is held leads elsewhere.
    pub fn part(&self, under: &HeldCheckpoint, seqs: &[u64]) -> Option<LogPart> {
        let needed = shown::needed(under.checkpoint.size, seqs).ok()?;
        let nodes = needed.into_iter().map(|one| self.subtree(one)).collect::<Option<Vec<Hash>>>()?;
        let HeldCheckpoint { checkpoint, cosignatures } = under.clone();
        let part = LogPart { checkpoint, cosignatures, nodes };
        let records: Vec<(u64, RecordId)> =
            seqs.iter().map(|seq| Some((*seq, *self.leaves.get(seq)?))).collect::<Option<_>>()?;
        part.check(&records).ok().map(|()| part)
    }
}

/// Returns a checkpoint as it is kept: the key, then the note.
pub fn kept(note: &Note, key: &[u8; 32]) -> Vec<u8> {
    [&key[..], note.to_string().as_bytes()].concat()
}

/// Reads a checkpoint that was kept, and checks its signature; `None` for one that does not hold.
pub fn read(log: LogId, bytes: &[u8]) -> Option<HeldCheckpoint> {
    let (key, note) = bytes.split_first_chunk::<32>()?;
    let key = PublicKey::from_bytes(key).ok()?;
    let note = Note::parse(note).ok()?;
    let checkpoint = seen::of(&note, &key).ok()?;
    let verifier = log.verifier_key(&key);
    let others = note.signatures().iter().filter(|line| !line.is_by(&verifier));
    let mut cosignatures: Vec<Cosignature> = others.filter_map(Cosignature::of).collect();
    cosignatures.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let is_of = (checkpoint.party, checkpoint.epoch) == (log.party, log.epoch);
    is_of.then_some(HeldCheckpoint { checkpoint, cosignatures })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;
    use crate::log::tree::Tree;

    fn record(seq: u64) -> RecordId {
        RecordId(sha256(&[&seq.to_be_bytes()]))
    }

    fn root(first: u64, last: u64) -> Hash {
        Tree::new((first..last).map(|seq| leaf_hash(record(seq).as_bytes())).collect()).root()
    }

    fn log(leaves: &[u64], nodes: &[(u32, u64)]) -> HeldLog {
        let mut log = HeldLog::default();
        let node = |&(level, index): &(u32, u64)| {
            (Subtree { level, index }, root(index << level, (index + 1) << level))
        };
        let nodes: Vec<(Subtree, Hash)> = nodes.iter().map(node).collect();
        log.learn(leaves.iter().map(|seq| (*seq, record(*seq))), &nodes);
        log
    }

    #[test]
    fn a_subtree_follows_from_leaves_from_nodes_or_from_both_and_else_from_nothing() {
        let subtree = |level, index| Subtree { level, index };
        let all: Vec<u64> = (0..13).collect();
        assert_eq!(log(&all, &[]).root(13), Some(root(0, 13)));
        let some = log(&[5, 12], &[(2, 0), (0, 4), (1, 3), (2, 2)]);
        assert_eq!(some.root(13), Some(root(0, 13)));
        assert_eq!(some.root(8), Some(root(0, 8)));
        assert_eq!(some.root(12), Some(root(0, 12)));
        assert_eq!(some.root(14), None);
        assert_eq!(some.root(7), None);
        assert_eq!(some.subtree(subtree(2, 1)), Some(root(4, 8)));
        assert_eq!(some.subtree(subtree(1, 1)), None);
    }

    #[test]
    fn a_tree_of_which_next_to_nothing_is_held_is_given_up_at_once() {
        let log = log(&[0, (1 << 47) + 5], &[(3, 1)]);
        assert_eq!(log.root(1 << 48), None);
        assert_eq!(log.subtree(Subtree { level: 4, index: 0 }), None);
    }
}
