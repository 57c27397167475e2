//! Taking a capsule in: what it shows of logs is checked with its records, and kept to be shown again.
//!
//! Cuts, packs and papers are the sender's word to this reader; they are not kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::ledger::Ledger;
use crate::ledger::error::LedgerError;
use crate::ledger::held_log::{HeldCheckpoint, HeldLog, kept};
use crate::log::contradiction::Seen;
use crate::log::fork::LogFork;
use crate::log::known::KnownNodes;
use crate::log::part::{Cosignature, PartError};
use crate::log::seen;
use crate::log::shown::{self, Subtree};
use crate::log::tree::leaf_hash;
use crate::record::SignedHeader;
use crate::sign::PublicKey;
use crate::store::LogChange;
use crate::verify::{HeaderPiece, LogPiece};

/// What a capsule shows beside whole records.
pub struct Parts {
    /// Headers alone.
    pub headers: Vec<HeaderPiece>,
    /// Parts of logs.
    pub logs: Vec<LogPiece>,
}

/// Why something that a capsule shows beside records does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogRefused {
    /// Where it is in the file.
    pub source: String,
    /// What is wrong.
    pub why: String,
}

/// A log of which two checkpoints are held that no one history has. Both are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogConflict {
    /// Whose log.
    pub party: PartyId,
    /// Epoch of the chain.
    pub epoch: u16,
    /// Records that the checkpoint says to cover that came now.
    pub size: u64,
    /// The proof that anyone can judge, where what is held makes one. It is kept too.
    pub proof: Option<LogFork>,
}

/// Hashes of perfect subtrees, each with its place.
type Nodes = Vec<(Subtree, Hash)>;

/// What a checked part of a log adds.
struct News {
    part: LogPiece,
    nodes: Nodes,
    note: Vec<u8>,
}

/// Everything checked that is to be kept.
pub struct CheckedParts {
    news: Vec<News>,
    headers: Vec<(SignedHeader, Vec<u8>)>,
}

impl Ledger {
    /// Checks headers and logs; `keys` are those that the same file brings.
    ///
    /// # Errors
    /// The first thing that does not hold, or what the store says.
    pub(in crate::ledger) fn check_parts(
        &self,
        parts: Parts,
        keys: &HashMap<PartyId, PublicKey>,
    ) -> Result<Result<CheckedParts, LogRefused>, LedgerError> {
        let mut checked = CheckedParts { news: Vec::new(), headers: Vec::new() };
        for HeaderPiece { bytes, source } in parts.headers {
            let header = match SignedHeader::parse(&bytes) {
                Ok(header) => header,
                Err(error) => return Ok(Err(LogRefused { source, why: error.to_string() })),
            };
            let key = match header.header().key {
                0 => self.key_in(&header.header().party, keys)?,
                _ => None,
            };
            let why = match key.map(|key| header.verify(&key)) {
                Some(Ok(_)) => {
                    checked.headers.push((header, bytes));
                    continue;
                }
                Some(Err(error)) => error.to_string(),
                None => NO_KEY.to_owned(),
            };
            return Ok(Err(LogRefused { source, why }));
        }
        for piece in parts.logs {
            let party = piece.part.checkpoint.party;
            let why = match self.key_in(&party, keys)? {
                None => NO_KEY.to_owned(),
                Some(key) if key.to_bytes() != piece.part.checkpoint.key => {
                    "its checkpoint is signed with another key than the one that opens the chain".to_owned()
                }
                Some(_) => match news(&piece) {
                    Ok((nodes, note)) => {
                        checked.news.push(News { part: piece, nodes, note });
                        continue;
                    }
                    Err(error) => error.to_string(),
                },
            };
            return Ok(Err(LogRefused { source: piece.source, why }));
        }
        Ok(Ok(checked))
    }

    fn key_in(
        &self,
        party: &PartyId,
        keys: &HashMap<PartyId, PublicKey>,
    ) -> Result<Option<PublicKey>, LedgerError> {
        match keys.get(party) {
            Some(key) => Ok(Some(key.clone())),
            None => self.key_of(party),
        }
    }

    /// Keeps what was checked, in one write; returns the logs that contradict what was held of them.
    ///
    /// Of a log that does, the checkpoint is kept as evidence and nothing else: hashes of two histories do not go together.
    pub(in crate::ledger) fn keep_parts(
        &mut self,
        checked: CheckedParts,
    ) -> Result<Vec<LogConflict>, LedgerError> {
        let mut changes: BTreeMap<(PartyId, u16), LogChange> = BTreeMap::new();
        let mut conflicts = Vec::new();
        let mut forked: BTreeSet<(PartyId, u16)> = BTreeSet::new();
        for News { part, nodes, note } in checked.news {
            let checkpoint = &part.part.checkpoint;
            let at = (checkpoint.party, checkpoint.epoch);
            let held = self.held_log(&at.0, at.1)?;
            let place = (checkpoint.size, checkpoint.root);
            let change = changes.entry(at).or_default();
            let founding = self.founding(&at.0)?;
            let proof = founding.and_then(|(key, recovery)| fork(&held, &part, &key, recovery));
            let standing = standing(held, &part, &nodes);
            if standing.contradicts {
                let kept = proof.iter().map(|proof| proof.to_string().into_bytes());
                change.add.forks.extend(kept.map(|text| (sha256(&[&text]), text)));
                conflicts.push(LogConflict { party: at.0, epoch: at.1, size: checkpoint.size, proof });
                forked.insert(at);
            } else {
                change.add.nodes.extend(
                    nodes
                        .iter()
                        .filter_map(|(at, hash)| Some(((u8::try_from(at.level).ok()?, at.index), *hash))),
                );
                change.drop.extend(standing.covered);
            }
            if standing.is_needed {
                let note = match standing.cosigned {
                    Some(cosignatures) => with_all(&part, cosignatures).unwrap_or(note),
                    None => note,
                };
                change.add.checkpoints.insert(place, note);
            }
        }
        for (header, bytes) in checked.headers {
            let at = (header.header().party, header.header().epoch);
            if !forked.contains(&at) && self.store.find(&header.id())?.is_none() {
                changes.entry(at).or_default().add.headers.insert((header.header().seq, header.id()), bytes);
            }
        }
        self.store.keep_logs(&changes)?;
        Ok(conflicts)
    }
}

const NO_KEY: &str = "the first record of its chain, which brings the key, is neither in the file nor held";

/// Checks a part of a log against its own checkpoint; returns what can be kept of it.
fn news(piece: &LogPiece) -> Result<(Nodes, Vec<u8>), PartError> {
    let note = piece.part.note()?;
    piece.part.check(&piece.records)?;
    let seqs: Vec<u64> = piece.records.iter().map(|(seq, _)| *seq).collect();
    let needed = shown::needed(piece.part.checkpoint.size, &seqs)?;
    // Leaves are kept besides: another record may come for a place, and then only one of the two is in the log.
    let leaf = |(seq, id): &(u64, RecordId)| (Subtree { level: 0, index: *seq }, leaf_hash(id.as_bytes()));
    let leaves = piece.records.iter().map(leaf);
    let nodes = needed.into_iter().zip(piece.part.nodes.iter().copied()).chain(leaves).collect();
    Ok((nodes, kept(&note, &piece.part.checkpoint.key)))
}

/// Returns a proof that a part and a checkpoint held contradict each other, if they do and both show enough.
fn fork(held: &HeldLog, piece: &LogPiece, key: &PublicKey, recovery: Hash) -> Option<LogFork> {
    let known = KnownNodes::of_part(&piece.part, &piece.records).ok()?;
    let note = piece.part.note_with(&[]).ok()?;
    let new = Seen { checkpoint: &piece.part.checkpoint, note: &note, known: Some(&known) };
    held.checkpoints.iter().find_map(|other| {
        let note = seen::note(&other.checkpoint).ok()?;
        let old = Seen { checkpoint: &other.checkpoint, note: &note, known: Some(held.known()) };
        let (one, larger) = if old.checkpoint.size <= new.checkpoint.size { (old, new) } else { (new, old) };
        one.proof(&larger, |evidence| LogFork::of(key, recovery, evidence).ok())
    })
}

/// How a checked part of a log stands to what is held of the log.
struct Standing {
    /// No one history has both.
    contradicts: bool,
    /// Its checkpoint is to be kept: no larger one is held that is known to go on from it.
    is_needed: bool,
    /// Smaller checkpoints that it is known to go on from.
    covered: Vec<(u64, Hash)>,
    /// What others signed below the same checkpoint before.
    cosigned: Option<Vec<Cosignature>>,
}

fn standing(mut held: HeldLog, piece: &LogPiece, nodes: &[(Subtree, Hash)]) -> Standing {
    let checkpoint = &piece.part.checkpoint;
    let other_node = |(at, hash): &(Subtree, Hash)| held.subtree(*at).is_some_and(|other| other != *hash);
    let mut contradicts = nodes.iter().any(other_node);
    // A larger log that is held in full says what this one has to be.
    contradicts |= held.root(checkpoint.size).is_some_and(|root| root != checkpoint.root);
    let before = std::mem::take(&mut held.checkpoints);
    held.learn(nodes);
    let mut standing = Standing { contradicts, is_needed: true, covered: Vec::new(), cosigned: None };
    for HeldCheckpoint { checkpoint: other, cosignatures } in before {
        let is_same = other.size == checkpoint.size && other.root == checkpoint.root;
        let root = held.root(other.size).filter(|_| !contradicts);
        if is_same {
            standing.cosigned = Some(cosignatures);
        } else if other.size == checkpoint.size || root.is_some_and(|root| root != other.root) {
            standing.contradicts = true;
        } else if root.is_some() && other.size < checkpoint.size {
            standing.covered.push((other.size, other.root));
        } else if root.is_some() && held.root(checkpoint.size) == Some(checkpoint.root) {
            standing.is_needed = false;
        }
    }
    if standing.contradicts {
        (standing.is_needed, standing.covered) = (true, Vec::new());
    }
    standing
}

/// Returns the checkpoint as it is kept with signatures of others from both, those held first.
///
/// No key of a witness is known here, so that of two lines by one witness neither stands in for the other. What has no room is
/// left out.
fn with_all(piece: &LogPiece, before: Vec<Cosignature>) -> Option<Vec<u8>> {
    let mut note = piece.part.note_with(&[]).ok()?;
    for one in before.iter().chain(&piece.part.cosignatures) {
        note = one.below(note.clone()).unwrap_or(note);
    }
    Some(kept(&note, &piece.part.checkpoint.key))
}
