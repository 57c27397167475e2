//! What was handed over of logs: whether it holds, whether the control list below it is whole, and whether two
//! checkpoints of one log contradict each other.
//!
//! Spec: docs/formats/capsule.md, "Proof" and "Whole control list"; docs/verification.md, "Logs".

mod cover;
mod forks;
mod list;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::evidence::{CheckpointPiece, ForkPiece, LogPiece};
use crate::chain::{ChainFault, Line, Link};
use crate::hash::{PartyId, RecordId};
use crate::log::contradiction::Seen;
use crate::log::fork::LogFork;
use crate::log::known::KnownNodes;
use crate::log::note::Note;
use crate::log::part::{Cosignature, LogPart, PartError};
use crate::model::event::SeenCheckpoint;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::record::Record;
use crate::sign::PublicKey;
use seen::Sights;

/// A part of a log that holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldLog {
    /// Checkpoint, nodes, and the cosignatures of all files that have the checkpoint, several by one witness among them.
    /// Whether a witness is believed is the reader's to say.
    pub part: LogPart,
    /// The header of the last record below the checkpoint, where it is held.
    pub last: Option<Link>,
    /// Whether every control record below the checkpoint is held.
    pub control: ControlList,
}

impl HeldLog {
    /// Returns whose log it is, and of which epoch.
    pub fn id(&self) -> (PartyId, u16) {
        (self.part.checkpoint.party, self.part.checkpoint.epoch)
    }
}

/// Whether every control record of a chain is held, from its last leaf back to its start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlList {
    /// All of them, as whole records.
    Whole,
    /// Not all: what the party amended is not known.
    Open,
}

/// What the records of a file establish before its logs are looked at.
pub(super) struct Held<'a> {
    /// Keys that may sign logs.
    pub keys: &'a HashMap<PartyId, PublicKey>,
    /// Every header whose signature holds.
    pub links: &'a BTreeMap<(PartyId, u16), Vec<Link>>,
    /// Records that opened.
    pub records: &'a [Record],
    /// Their ids.
    pub whole: &'a HashSet<RecordId>,
}

/// What became of the logs.
pub(super) struct Judged {
    /// The greatest checkpoint of each log that holds.
    pub logs: Vec<HeldLog>,
    /// Proofs that a party signed two logs.
    pub forks: Vec<LogFork>,
    /// Findings about logs of chains of which nothing is held.
    pub findings: Vec<Finding>,
}

/// A part that holds, with all that it lets know of the tree.
struct Good {
    part: LogPart,
    note: Note,
    known: KnownNodes,
}

impl Good {
    fn seen(&self) -> Seen<'_> {
        Seen { checkpoint: &self.part.checkpoint, note: &self.note, known: Some(&self.known) }
    }
}

/// What is held of one log.
struct OfLog {
    log: (PartyId, u16),
    /// The parts that hold, by size.
    parts: Vec<Good>,
    /// The records at whose position one record is held.
    records: KnownNodes,
}

/// What is wrong with something that is not used.
type Objection = (FindingCode, Weight, String);

/// Judges what was handed over of logs; what is wrong becomes a fault of the chain.
pub(super) fn judge(
    parts: Vec<LogPiece>,
    alone: &[CheckpointPiece],
    kept: Vec<ForkPiece>,
    held: &Held<'_>,
    lines: &mut [Line],
) -> Judged {
    let mut judged = Judged { logs: Vec::new(), forks: Vec::new(), findings: Vec::new() };
    let mut good: BTreeMap<(PartyId, u16), Vec<Good>> = BTreeMap::new();
    let mut refuse = |checkpoint: &SeenCheckpoint, source: &str, (code, weight, why): Objection| {
        let message = format!("{source} is not used: {why}");
        let resolve = "an undamaged copy of the file, or another from the party itself";
        let finding = about(checkpoint.party, code, weight, message, resolve);
        fault(lines, (checkpoint.party, checkpoint.epoch), finding, &mut judged.findings);
    };
    for piece in parts {
        let (checkpoint, source) = (piece.part.checkpoint.clone(), piece.source.clone());
        match sound(piece, held) {
            Ok(one) => good.entry((checkpoint.party, checkpoint.epoch)).or_default().push(one),
            Err(objection) => refuse(&checkpoint, &source, objection),
        }
    }
    let mut sights = Sights::of_records(held);
    for piece in alone {
        if let Err(objection) = sights.take(piece, held) {
            refuse(&piece.checkpoint, &piece.source, objection);
        }
    }
    let logs: BTreeSet<(PartyId, u16)> = good.keys().copied().chain(sights.logs()).collect();
    for log in logs {
        let mut parts = good.remove(&log).unwrap_or_default();
        parts.sort_by_key(|one| (one.part.checkpoint.size, one.part.cosignatures.len()));
        let of = OfLog { log, parts, records: forks::of_chain(log, held) };
        let found = (&mut judged.forks, &mut judged.findings);
        forks::check(&of, held, lines, found);
        let mut size = line_of(lines, log).map_or(0, |line| line.last_seq.saturating_add(1));
        if let Some(greatest) = of.parts.last() {
            let one = list::listed(greatest, cosignatures(greatest, &of.parts), held);
            list::tell(&one, lines);
            size = size.max(greatest.part.checkpoint.size);
            judged.logs.push(one);
        }
        sights.check(&of, size, held, lines, &mut judged.forks);
    }
    cover::tell(&judged.logs, held.records, lines);
    forks::kept(kept, held, lines, (&mut judged.forks, &mut judged.findings));
    judged
}

/// Returns what others signed below a checkpoint, in whichever of the parts: each holds or does not by itself.
fn cosignatures(of: &Good, parts: &[Good]) -> Vec<Cosignature> {
    let at = |one: &Good| (one.part.checkpoint.size, one.part.checkpoint.root);
    let same = parts.iter().filter(|one| at(one) == at(of));
    let all: BTreeSet<&Cosignature> = same.flat_map(|one| &one.part.cosignatures).collect();
    all.into_iter().cloned().collect()
}

/// Checks key, signature and proof.
fn sound(piece: LogPiece, held: &Held<'_>) -> Result<Good, Objection> {
    let broken = |why: String| (FindingCode::LogBroken, Weight::Fail, why);
    let note = piece.part.note().map_err(|error| broken(error.to_string()))?;
    has_key(&piece.part.checkpoint, held)?;
    piece.part.check(&piece.records).map_err(|error: PartError| broken(error.to_string()))?;
    let known =
        KnownNodes::of_part(&piece.part, &piece.records).map_err(|error| broken(error.to_string()))?;
    Ok(Good { part: piece.part, note, known })
}

/// Whether a checkpoint is signed with the key that the party gave its log.
fn has_key(checkpoint: &SeenCheckpoint, held: &Held<'_>) -> Result<(), Objection> {
    let Some(key) = held.keys.get(&checkpoint.party) else {
        let why = "no key of this party that may sign its log is held".to_owned();
        return Err((FindingCode::UnknownKey, Weight::Unknown, why));
    };
    match key.to_bytes() == checkpoint.key {
        true => Ok(()),
        false => {
            let why = "its checkpoint is signed with a key that is not the party's".to_owned();
            Err((FindingCode::LogBroken, Weight::Fail, why))
        }
    }
}

fn about(party: PartyId, code: FindingCode, weight: Weight, message: String, resolve: &str) -> Finding {
    Finding {
        code,
        weight,
        records: Vec::new(),
        lots: Vec::new(),
        parties: vec![party],
        message,
        resolve: resolve.to_owned(),
    }
}

/// Returns a chain among those held, which stand in the order of party and epoch.
fn line_of(lines: &mut [Line], log: (PartyId, u16)) -> Option<&mut Line> {
    let at = lines.binary_search_by_key(&log, |line| (line.party, line.epoch)).ok()?;
    lines.get_mut(at)
}

/// Lays a finding on the chain it is about, from its start on; where nothing is held of it, `otherwise`.
fn fault(lines: &mut [Line], log: (PartyId, u16), finding: Finding, otherwise: &mut Vec<Finding>) {
    match line_of(lines, log) {
        Some(line) => line.faults.push(ChainFault { from_seq: 0, finding }),
        None => otherwise.push(finding),
    }
}
