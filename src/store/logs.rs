//! What is kept of the logs of others: checkpoints, hashes of perfect subtrees, headers of records not held, and proofs
//! of forks.
//!
//! It came with capsules and lets a ledger show again what it was shown. None of it follows from the records held, so
//! that it is never rebuilt and never touched by a rebuilding of indexes; and nothing here is verified, so that
//! whoever uses it checks it again.

use std::collections::{BTreeMap, BTreeSet};

use super::Store;
use super::engine::{Changes, Tree};
use super::error::StoreError;
use super::fault::IndexFault;
use super::layout::{party_key, read_party_key};
use crate::hash::{Hash, PartyId, RecordId};

/// Bytes of a header and its signature.
pub const SIGNED_HEADER: usize = 272;
/// Most bytes of one checkpoint with all its signatures.
const CHECKPOINT_MAX: usize = 1 << 20;
/// Bytes of a checkpoint under one key.
const PIECE: usize = 4096;

const CHECKPOINT: u8 = 1;
const NODE: u8 = 2;
const HEADER: u8 = 3;
const FORK: u8 = 4;
/// Bytes of a key before what it names: party, epoch, and which of the four it is.
const FRONT: usize = 32 + 2 + 1;

/// What is kept of the log of one party and epoch. Nothing in it is verified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptLog {
    /// Checkpoints as the caller wrote them, at most 1 MiB each, by size and root.
    pub checkpoints: BTreeMap<(u64, Hash), Vec<u8>>,
    /// Hashes of perfect subtrees, by level and index.
    pub nodes: BTreeMap<(u8, u64), Hash>,
    /// Headers with signatures, 272 bytes each, by position and id.
    pub headers: BTreeMap<(u64, RecordId), Vec<u8>>,
    /// Proofs that the log forked, as the caller wrote them, at most 1 MiB each, by their hashes.
    pub forks: BTreeMap<Hash, Vec<u8>>,
}

/// What becomes of the log of one party and epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogChange {
    /// What is added; a checkpoint or node that is there already is replaced.
    pub add: KeptLog,
    /// Checkpoints that are no longer needed.
    pub drop: BTreeSet<(u64, Hash)>,
}

impl Store {
    /// Makes changes to kept logs, all of them or none, and returns once they are on disk.
    ///
    /// # Errors
    /// `TooLarge` for a checkpoint above 1 MiB or a header of another length than 272; nothing is then changed.
    pub fn keep_logs(&mut self, logs: &BTreeMap<(PartyId, u16), LogChange>) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for ((party, epoch), change) in logs {
            let front = |which| [&party_key(party, *epoch)[..], &[which]].concat();
            for at in change.drop.iter().chain(change.add.checkpoints.keys()) {
                let start = checkpoint_key(front(CHECKPOINT), at);
                for entry in self.engine.prefix(Tree::Logs, &start)? {
                    changes.remove(Tree::Logs, entry?.0);
                }
            }
            for (at, bytes) in &change.add.checkpoints {
                fits("a checkpoint", bytes.len(), CHECKPOINT_MAX)?;
                put(&mut changes, &checkpoint_key(front(CHECKPOINT), at), bytes);
            }
            for (hash, bytes) in &change.add.forks {
                fits("a proof of a fork", bytes.len(), CHECKPOINT_MAX)?;
                put(&mut changes, &[&front(FORK)[..], &hash.0].concat(), bytes);
            }
            for ((level, index), hash) in &change.add.nodes {
                let key = [&front(NODE)[..], &[*level], &index.to_be_bytes()].concat();
                changes.put(Tree::Logs, key, &hash.0);
            }
            for ((seq, id), bytes) in &change.add.headers {
                if bytes.len() != SIGNED_HEADER {
                    fits("a signed header", bytes.len().max(SIGNED_HEADER + 1), SIGNED_HEADER)?;
                }
                let key = [&front(HEADER)[..], &seq.to_be_bytes(), id.as_bytes()].concat();
                changes.put(Tree::Logs, key, &bytes[..]);
            }
        }
        if changes.len() == 0 { Ok(()) } else { self.commit(changes, 0) }
    }

    /// Returns what is kept of the log of a party and epoch; nothing is empty.
    ///
    /// # Errors
    /// `Database` for an entry that is not as written.
    pub fn kept_log(&self, party: &PartyId, epoch: u16) -> Result<KeptLog, StoreError> {
        let mut kept = KeptLog::default();
        for entry in self.engine.prefix(Tree::Logs, &party_key(party, epoch))? {
            let (key, value) = entry?;
            kept.take(&key, &value).map_err(|why| StoreError::Database { why: why.to_owned() })?;
        }
        Ok(kept)
    }

    /// Returns of whose logs something is kept, ascending.
    ///
    /// # Errors
    /// `Database` for an entry that is not as written.
    pub fn kept_logs(&self) -> Result<Vec<(PartyId, u16)>, StoreError> {
        let mut found = Vec::new();
        let mut from = Vec::new();
        while let Some((key, _)) = self.engine.at_or_after(Tree::Logs, &from)? {
            let front =
                key.get(..FRONT - 1).ok_or_else(|| StoreError::Database { why: ODD_KEY.to_owned() })?;
            found.extend(read_party_key(front));
            // No key of this log is that long.
            from = [front, &[0xff; 64]].concat();
        }
        Ok(found)
    }

    /// Returns the checkpoints kept of a party's logs, each with its epoch, ascending by that, size and root.
    ///
    /// # Errors
    /// `Database` for an entry that is not as written.
    pub fn kept_checkpoints(&self, party: &PartyId) -> Result<Vec<(u16, Vec<u8>)>, StoreError> {
        let odd = |why: &str| StoreError::Database { why: why.to_owned() };
        let mut found = Vec::new();
        let mut from = party_key(party, 0).to_vec();
        while let Some((key, _)) = self.engine.at_or_after(Tree::Logs, &from)? {
            let front = key.get(..FRONT - 1).ok_or_else(|| odd(ODD_KEY))?;
            let Some((_, epoch)) = read_party_key(front).filter(|(of, _)| of == party) else { break };
            let mut kept = KeptLog::default();
            for entry in self.engine.prefix(Tree::Logs, &[front, &[CHECKPOINT]].concat())? {
                let (key, value) = entry?;
                kept.take(&key, &value).map_err(odd)?;
            }
            found.extend(kept.checkpoints.into_values().map(|bytes| (epoch, bytes)));
            // No key of this log is that long.
            from = [front, &[0xff; 64]].concat();
        }
        Ok(found)
    }

    /// Checks the form of all that is kept of logs.
    pub(super) fn check_logs(&self, faults: &mut Vec<IndexFault>) {
        let mut fault = |why: String| faults.push(IndexFault::LogUnreadable { why });
        let entries = match self.engine.prefix(Tree::Logs, &[]) {
            Ok(entries) => entries,
            Err(error) => return fault(error.to_string()),
        };
        let mut kept = KeptLog::default();
        let mut before: Vec<u8> = Vec::new();
        for entry in entries {
            match entry {
                Ok((key, value)) => {
                    let front = &key[..key.len().min(FRONT - 1)];
                    if front != before {
                        kept = KeptLog::default();
                        before = front.to_vec();
                    }
                    if let Err(why) = kept.take(&key, &value) {
                        fault(why.to_owned());
                    }
                }
                Err(error) => fault(error.to_string()),
            }
        }
    }
}

const ODD_KEY: &str = "a key among the kept logs is none that is written";

impl KeptLog {
    /// Adds what one entry of the tree says; pieces of a checkpoint come in their order.
    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        let (front, rest) = key.split_at_checked(FRONT).ok_or(ODD_KEY)?;
        let number = |bytes: &[u8]| bytes.try_into().map(u64::from_be_bytes).map_err(|_| ODD_KEY);
        let hash = |bytes: &[u8]| bytes.try_into().map(Hash).map_err(|_| ODD_KEY);
        match (front[FRONT - 1], rest.len()) {
            (CHECKPOINT, 42) => {
                let at = (number(&rest[..8])?, hash(&rest[8..40])?);
                add(self.checkpoints.entry(at).or_default(), [rest[40], rest[41]], value)?;
            }
            (FORK, 34) => {
                let whole = self.forks.entry(hash(&rest[..32])?).or_default();
                add(whole, [rest[32], rest[33]], value)?;
            }
            (NODE, 9) => {
                let hash = hash(value).map_err(|_| "a kept node of a log has not 32 bytes")?;
                self.nodes.insert((rest[0], number(&rest[1..])?), hash);
            }
            (HEADER, 40) if value.len() == SIGNED_HEADER => {
                self.headers.insert((number(&rest[..8])?, RecordId(hash(&rest[8..])?)), value.to_vec());
            }
            (HEADER, 40) => return Err("a kept header has not 272 bytes"),
            _ => return Err(ODD_KEY),
        }
        Ok(())
    }
}

/// Writes bytes in pieces under a key.
fn put(changes: &mut Changes, key: &[u8], bytes: &[u8]) {
    for (part, piece) in (0u16..).zip(bytes.chunks(PIECE)) {
        changes.put(Tree::Logs, [key, &part.to_be_bytes()].concat(), piece);
    }
}

/// Adds the piece of this number to those before it.
fn add(whole: &mut Vec<u8>, part: [u8; 2], piece: &[u8]) -> Result<(), &'static str> {
    if whole.len() != usize::from(u16::from_be_bytes(part)) * PIECE
        || whole.len() + piece.len() > CHECKPOINT_MAX
    {
        return Err("a piece of a kept checkpoint or proof does not follow the one before");
    }
    whole.extend(piece);
    Ok(())
}

fn checkpoint_key(mut front: Vec<u8>, (size, root): &(u64, Hash)) -> Vec<u8> {
    front.extend(size.to_be_bytes());
    front.extend(root.0);
    front
}

fn fits(what: &str, length: usize, limit: usize) -> Result<(), StoreError> {
    if length <= limit {
        return Ok(());
    }
    Err(StoreError::TooLarge { what: what.to_owned(), length: length as u64, limit: limit as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    fn hash(n: u64) -> Hash {
        sha256(&[&n.to_be_bytes()])
    }

    fn party(n: u64) -> PartyId {
        PartyId(hash(n))
    }

    fn kept(n: u64) -> KeptLog {
        let mut kept = KeptLog::default();
        kept.checkpoints.insert((n, hash(n)), vec![n as u8; 10_000]);
        kept.nodes.insert((3, n), hash(n + 1));
        kept.headers.insert((n, RecordId(hash(n + 2))), vec![n as u8; SIGNED_HEADER]);
        kept.forks.insert(hash(n + 3), vec![n as u8; 9_000]);
        kept
    }

    fn change(add: KeptLog) -> LogChange {
        LogChange { add, drop: BTreeSet::new() }
    }

    fn new_store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&dir.path().join("store")).unwrap();
        (dir, store)
    }

    fn faults(store: &Store) -> Vec<IndexFault> {
        store.check_indexes(|_, _| None).unwrap()
    }

    #[test]
    fn what_is_kept_is_there_after_opening_again_and_after_a_rebuilding() {
        let (_dir, mut store) = new_store();
        let logs = [((party(1), 0), change(kept(5))), ((party(2), 7), change(kept(6)))];
        store.keep_logs(&logs.into()).unwrap();
        let path = store.dir().to_owned();
        drop(store);
        let mut store = Store::open(&path).unwrap();
        store.rebuild_indexes(|_, _| None).unwrap();
        assert_eq!(store.kept_log(&party(1), 0).unwrap(), kept(5));
        assert_eq!(store.kept_log(&party(2), 7).unwrap(), kept(6));
        assert_eq!(store.kept_log(&party(1), 1).unwrap(), KeptLog::default());
        let mut both = vec![(party(1), 0), (party(2), 7)];
        both.sort_unstable();
        assert_eq!(store.kept_logs().unwrap(), both);
        let later = [((party(1), 3), change(kept(8)))];
        store.keep_logs(&later.into()).unwrap();
        let checkpoints = store.kept_checkpoints(&party(1)).unwrap();
        let expected = [(0, vec![5; 10_000]), (3, vec![8; 10_000])];
        assert_eq!(checkpoints, expected);
        assert!(store.kept_checkpoints(&party(3)).unwrap().is_empty());
        assert_eq!(faults(&store), []);
        assert_eq!(std::fs::read_dir(path.join("data/blobs")).map_or(0, Iterator::count), 0);
    }

    #[test]
    fn a_checkpoint_is_replaced_whole_and_dropped_by_name_alone() {
        let (_dir, mut store) = new_store();
        let at = (party(1), 0);
        store.keep_logs(&[(at, change(kept(5)))].into()).unwrap();
        let mut shorter = KeptLog::default();
        shorter.checkpoints.insert((5, hash(5)), vec![1; 3]);
        store.keep_logs(&[(at, change(shorter))].into()).unwrap();
        assert_eq!(store.kept_log(&at.0, 0).unwrap().checkpoints[&(5, hash(5))], [1; 3]);
        let drop = |at| LogChange { add: KeptLog::default(), drop: [at].into() };
        store.keep_logs(&[(at, drop((5, hash(6))))].into()).unwrap();
        assert_eq!(store.kept_log(&at.0, 0).unwrap().checkpoints.len(), 1);
        store.keep_logs(&[(at, drop((5, hash(5))))].into()).unwrap();
        let left = store.kept_log(&at.0, 0).unwrap();
        assert_eq!((left.checkpoints.len(), left.nodes.len(), left.headers.len()), (0, 1, 1));
    }

    #[test]
    fn what_is_too_large_changes_nothing() {
        let (_dir, mut store) = new_store();
        let mut large = kept(5);
        large.checkpoints.insert((6, hash(6)), vec![0; CHECKPOINT_MAX]);
        store.keep_logs(&[((party(1), 0), change(large.clone()))].into()).unwrap();
        assert_eq!(store.kept_log(&party(1), 0).unwrap(), large);
        large.checkpoints.insert((6, hash(6)), vec![0; CHECKPOINT_MAX + 1]);
        let mut odd = KeptLog::default();
        odd.headers.insert((1, RecordId(hash(1))), vec![0; SIGNED_HEADER - 1]);
        for bad in [large, odd] {
            let refused = store.keep_logs(&[((party(2), 0), change(bad))].into()).unwrap_err();
            assert!(matches!(refused, StoreError::TooLarge { .. }));
            assert_eq!(store.kept_log(&party(2), 0).unwrap(), KeptLog::default());
        }
    }

    #[test]
    fn entries_that_nobody_wrote_are_told() {
        let (_dir, mut store) = new_store();
        store.keep_logs(&[((party(1), 0), change(kept(5)))].into()).unwrap();
        let front = |which| [&party_key(&party(1), 0)[..], &[which]].concat();
        let odd: [(Vec<u8>, Vec<u8>); 5] = [
            ([&front(FORK)[..], &[0; 32], &[0, 1]].concat(), vec![0; 5]),
            (front(9), vec![0; 3]),
            ([&front(NODE)[..], &[1], &[0; 8]].concat(), vec![0; 31]),
            ([&front(HEADER)[..], &[0; 40]].concat(), vec![0; 271]),
            ([&front(CHECKPOINT)[..], &[0; 40], &[0, 1]].concat(), vec![0; 5]),
        ];
        for (key, value) in odd {
            let mut changes = Changes::default();
            changes.put(Tree::Logs, &key[..], value);
            store.commit(changes, 0).unwrap();
            assert!(matches!(faults(&store)[..], [IndexFault::LogUnreadable { .. }]), "{key:?}");
            assert!(store.kept_log(&party(1), 0).is_err());
            let mut changes = Changes::default();
            changes.remove(Tree::Logs, &key[..]);
            store.commit(changes, 0).unwrap();
        }
        assert_eq!(faults(&store), []);
    }
}
