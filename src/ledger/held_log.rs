//! What this ledger can show of one log: from records held, and from what capsules brought of it.
//!
//! Of what was kept nothing is believed: a checkpoint counts once its signature is checked, and hashes and ids count by
//! leading to its root. Spec: docs/formats/capsule.md, "Proof".

use std::collections::{BTreeMap, BTreeSet};

use super::Ledger;
use super::error::LedgerError;
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::checkpoint::LogId;
use crate::log::fork::LogFork;
use crate::log::known::KnownNodes;
use crate::log::note::Note;
use crate::log::part::{Cosignature, LogPart};
use crate::log::seen;
use crate::log::shown::{self, Subtree};
use crate::log::tree::leaf_hash;
use crate::model::event::SeenCheckpoint;
use crate::record::{Header, SignedHeader};
use crate::sign::PublicKey;

/// A checkpoint whose signature holds, and the signatures of others below it, which are not checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldCheckpoint {
    /// The checkpoint.
    pub checkpoint: SeenCheckpoint,
    /// Signatures of others, ascending; several by one witness where several came.
    pub cosignatures: Vec<Cosignature>,
}

/// Everything by which records of one log can be shown.
#[derive(Default)]
pub struct HeldLog {
    /// Ids by position; none where two records stand at one and no checkpoint says which is in the log.
    pub leaves: BTreeMap<u64, RecordId>,
    /// Checkpoints by the party's own key, the largest first.
    pub checkpoints: Vec<HeldCheckpoint>,
    /// Checkpoints and proofs that were kept and do not hold.
    pub unsound: usize,
    /// Proofs that the log forked, and not yet judged.
    pub forks: Vec<LogFork>,
    /// Hashes of subtrees and of leaves.
    known: KnownNodes,
    /// Headers with signatures that hold, of records that are not held.
    headers: BTreeMap<RecordId, Vec<u8>>,
}

impl Ledger {
    /// Gathers what is held of a log.
    pub(super) fn held_log(&self, party: &PartyId, epoch: u16) -> Result<HeldLog, LedgerError> {
        let of_epoch = self.store.places(party)?.into_iter().filter(|place| place.0 == epoch);
        let numbers: Vec<u64> = of_epoch.map(|(.., number)| number).collect();
        // A record that cannot be read is told where it is used, and shows nothing here.
        let headers = self.store.contents(&numbers).filter_map(|bytes| Header::from_bytes(&bytes.ok()?).ok());
        let records = headers.map(|header| (header.seq, header.id())).collect();
        self.held_log_of(LogId { party: *party, epoch }, records)
    }

    /// Does the same for a log whose records, by position, are known already.
    pub(super) fn held_log_of(
        &self,
        id: LogId,
        records: Vec<(u64, RecordId)>,
    ) -> Result<HeldLog, LedgerError> {
        let kept = self.store.kept_log(&id.party, id.epoch)?;
        let key = self.key_of(&id.party)?;
        let mut log = HeldLog::default();
        let mut places: BTreeMap<u64, BTreeSet<RecordId>> = BTreeMap::new();
        for (seq, id) in records {
            places.entry(seq).or_default().insert(id);
        }
        for ((seq, id), bytes) in kept.headers {
            let header = SignedHeader::parse(&bytes).ok().filter(|header| header.id() == id);
            let holds = |header: &SignedHeader| key.as_ref().is_some_and(|key| header.verify(key).is_ok());
            if header.as_ref().is_some_and(holds) {
                places.entry(seq).or_default().insert(id);
                log.headers.insert(id, bytes);
            }
        }
        let named = |((level, index), hash)| (Subtree { level: u32::from(level), index }, hash);
        log.known.extend(kept.nodes.into_iter().map(named));
        for (seq, ids) in places {
            let is_leaf = |id: &&RecordId| match log.known.leaf(seq) {
                Some(leaf) => leaf == leaf_hash(id.as_bytes()),
                None => ids.len() == 1,
            };
            if let Some(id) = ids.iter().find(is_leaf) {
                log.leaves.insert(seq, *id);
            }
        }
        let leaf =
            |(seq, id): (&u64, &RecordId)| (Subtree { level: 0, index: *seq }, leaf_hash(id.as_bytes()));
        log.known.extend(log.leaves.iter().map(leaf));
        let all = kept.checkpoints.len();
        log.checkpoints = kept.checkpoints.into_values().rev().filter_map(|bytes| read(id, &bytes)).collect();
        log.checkpoints.retain(|held| key.as_ref().is_some_and(|key| key.to_bytes() == held.checkpoint.key));
        let proofs = kept.forks.len();
        log.forks = kept.forks.into_values().filter_map(|bytes| LogFork::parse(&bytes).ok()).collect();
        log.unsound = all - log.checkpoints.len() + proofs - log.forks.len();
        Ok(log)
    }
}

impl HeldLog {
    /// Adds hashes that were checked against a checkpoint, those of leaves among them.
    pub fn learn(&mut self, nodes: &[(Subtree, Hash)]) {
        self.known.extend(nodes.iter().copied());
    }

    /// Returns what is known of the tree.
    pub fn known(&self) -> &KnownNodes {
        &self.known
    }

    /// Returns the hash of a perfect subtree, as far as it follows from what is held.
    pub fn subtree(&self, subtree: Subtree) -> Option<Hash> {
        self.known.subtree(subtree)
    }

    /// Returns the root of the first `size` leaves, as far as it follows from what is held.
    pub fn root(&self, size: u64) -> Option<Hash> {
        self.known.root(size)
    }

    /// Shows as many of the records held as can be shown under a checkpoint, with their places; `None` where what is
    /// held does not lead to it.
    pub fn whole_part(&self, under: &HeldCheckpoint) -> Option<(LogPart, Vec<(u64, RecordId)>)> {
        let size = under.checkpoint.size;
        let held: Vec<u64> = self.leaves.range(..size).map(|(seq, _)| *seq).collect();
        let seqs = self.known.showable(size, &held)?;
        let part = LogPart { cosignatures: under.cosignatures.clone(), ..self.part(under, &seqs)? };
        Some((part, seqs.into_iter().map(|seq| (seq, self.leaves[&seq])).collect()))
    }

    /// Returns the headers, with their signatures, of records that are not held.
    pub fn headers(&self) -> impl Iterator<Item = (&RecordId, &Vec<u8>)> {
        self.headers.iter()
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
        let cosignatures = one_each(cosignatures);
        let part = LogPart { checkpoint, cosignatures, nodes };
        let records: Vec<(u64, RecordId)> =
            seqs.iter().map(|seq| Some((*seq, *self.leaves.get(seq)?))).collect::<Option<_>>()?;
        part.check(&records).ok().map(|()| part)
    }
}

/// Returns the latest line of each witness, as a capsule has it. Whether one holds is not known here.
fn one_each(cosignatures: Vec<Cosignature>) -> Vec<Cosignature> {
    let mut latest: BTreeMap<(String, [u8; 4]), Cosignature> = BTreeMap::new();
    for one in cosignatures {
        let at = latest.entry((one.name.clone(), one.id.0)).or_insert_with(|| one.clone());
        if at.time < one.time {
            *at = one;
        }
    }
    latest.into_values().collect()
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
    cosignatures.sort();
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
        log.learn(&nodes);
        let leaf = |seq: &u64| (Subtree { level: 0, index: *seq }, leaf_hash(record(*seq).as_bytes()));
        log.learn(&leaves.iter().map(leaf).collect::<Vec<_>>());
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
