//! What was handed over of logs: whether it holds, whether the control list below it is whole, and whether two
//! checkpoints of one log contradict each other.
//!
//! Spec: docs/formats/capsule.md, "Proof" and "Whole control list"; docs/verification.md, "Logs".

mod seen;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::evidence::LogPiece;
use crate::chain::{ChainFault, Line, Link};
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::fork::{ForkEvidence, LogFork};
use crate::log::known::KnownNodes;
use crate::log::note::Note;
use crate::log::part::{LogPart, PartError};
use crate::log::proof::LogProof;
use crate::log::tree::leaf_hash;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::record::Record;
use crate::sign::PublicKey;

/// A part of a log that holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldLog {
    /// Checkpoint, cosignatures and nodes. Whether a witness is believed is the reader's to say.
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

/// Judges what was handed over of logs; what is wrong becomes a fault of the chain.
pub(super) fn judge(pieces: Vec<LogPiece>, held: &Held<'_>, lines: &mut [Line]) -> Judged {
    let mut judged = Judged { logs: Vec::new(), forks: Vec::new(), findings: Vec::new() };
    let mut good: BTreeMap<(PartyId, u16), Vec<Good>> = BTreeMap::new();
    for piece in pieces {
        let log = (piece.part.checkpoint.party, piece.part.checkpoint.epoch);
        let source = piece.source.clone();
        match sound(piece, held) {
            Ok(one) => good.entry(log).or_default().push(one),
            Err((code, weight, why)) => {
                let message = format!("{source} is not used: {why}");
                let resolve = "an undamaged copy of the file, or another from the party itself";
                let finding = about(log.0, code, weight, message, resolve);
                fault(lines, log, finding, &mut judged.findings);
            }
        }
    }
    for (log, mut parts) in good {
        parts.sort_by_key(|one| (one.part.checkpoint.size, one.part.cosignatures.len()));
        contradictions(log, &parts, held, lines, &mut judged);
        if let Some(greatest) = parts.last() {
            let one = listed(greatest, held);
            tell_list(&one, lines);
            judged.logs.push(one);
        }
        seen::check(log, &parts, held, lines, &mut judged.forks);
    }
    seen::check_without_log(held, &judged.logs, lines);
    judged
}

type Objection = (FindingCode, Weight, String);

/// Checks key, signature and proof.
fn sound(piece: LogPiece, held: &Held<'_>) -> Result<Good, Objection> {
    let broken = |why: String| (FindingCode::LogBroken, Weight::Fail, why);
    let checkpoint = &piece.part.checkpoint;
    let note = piece.part.note().map_err(|error| broken(error.to_string()))?;
    let Some(key) = held.keys.get(&checkpoint.party) else {
        let why = "no key of this party that may sign its log is held".to_owned();
        return Err((FindingCode::UnknownKey, Weight::Unknown, why));
    };
    if key.to_bytes() != checkpoint.key {
        return Err(broken("its checkpoint is signed with a key that is not the party's".to_owned()));
    }
    piece.part.check(&piece.records).map_err(|error: PartError| broken(error.to_string()))?;
    let known =
        KnownNodes::of_part(&piece.part, &piece.records).map_err(|error| broken(error.to_string()))?;
    Ok(Good { part: piece.part, note, known })
}

/// Walks the control list below a checkpoint.
fn listed(good: &Good, held: &Held<'_>) -> HeldLog {
    let part = good.part.clone();
    let (party, epoch, size) = (part.checkpoint.party, part.checkpoint.epoch, part.checkpoint.size);
    let links = held.links.get(&(party, epoch)).map_or(&[][..], Vec::as_slice);
    // Another header that claims the same place tells nothing of this log.
    let leaf = size.checked_sub(1).and_then(|index| good.known.leaf(index));
    let is_last = |link: &&Link| link.seq + 1 == size && Some(leaf_hash(link.id.as_bytes())) == leaf;
    let last = links.iter().find(is_last).copied();
    let is_whole = last.is_some_and(|last| walks_home(&last, party, held));
    let control = if is_whole { ControlList::Whole } else { ControlList::Open };
    HeldLog { part, last, control }
}

/// Whether every control record from a header back to the start of the chain is held whole.
fn walks_home(last: &Link, party: PartyId, held: &Held<'_>) -> bool {
    let of_party = held.links.range((party, 0)..=(party, u16::MAX)).flat_map(|(_, links)| links);
    let by_id: HashMap<RecordId, &Link> = of_party.map(|link| (link.id, link)).collect();
    let (mut next, mut below) = match last.is_control {
        true => (last.id, last.seq.saturating_add(1)),
        false => (last.control, last.seq),
    };
    loop {
        let Some(link) = by_id.get(&next).filter(|link| held.whole.contains(&link.id)) else { return false };
        // What is no control record, or stands higher, is named by a lie, and hides what lies between.
        if !link.is_control || link.seq >= below {
            return false;
        }
        if link.seq == 0 {
            return true;
        }
        (next, below) = (link.control, link.seq);
    }
}

/// Says that a control list is open; where it is whole, a gap below the checkpoint hides no amendment.
fn tell_list(log: &HeldLog, lines: &mut [Line]) {
    let checkpoint = &log.part.checkpoint;
    let id = (checkpoint.party, checkpoint.epoch);
    if log.control == ControlList::Open {
        let message = format!(
            "not every control record below the checkpoint of {} records is held, so what the party amended is not known",
            checkpoint.size
        );
        let resolve = "a file that holds the whole list of control records of this party";
        let finding = about(id.0, FindingCode::ControlListOpen, Weight::Unknown, message, resolve);
        fault(lines, id, finding, &mut Vec::new());
        return;
    }
    let Some(line) = line_of(lines, id) else { return };
    for fault in &mut line.faults {
        // The last leaf is held, so that a gap lies wholly below the checkpoint or wholly above it.
        if fault.finding.code == FindingCode::MissingRecords && fault.from_seq < checkpoint.size {
            fault.finding.weight = Weight::Note;
            fault.finding.message.push_str("; it is in the log, and none of it amends anything");
            fault.finding.resolve = "nothing, unless what else was recorded matters".to_owned();
        }
    }
}

/// Looks for two parts, or a part and the records, that no one history has.
fn contradictions(
    log: (PartyId, u16),
    parts: &[Good],
    held: &Held<'_>,
    lines: &mut [Line],
    judged: &mut Judged,
) {
    let mut told = HashSet::new();
    for (at, one) in parts.iter().enumerate() {
        for other in &parts[at + 1..] {
            let (Some(why), true) = (contradiction(one, other), told.len() < 16) else { continue };
            let sizes = (one.part.checkpoint.size, other.part.checkpoint.size);
            if told.insert(sizes) {
                let proof = why.evidence(one, other).and_then(|proof| proven(log.0, proof, held));
                fault(lines, log, two_logs(log.0, why.says(sizes), Vec::new()), &mut judged.findings);
                judged.forks.extend(proof);
            }
        }
    }
    let records = of_chain(log, held);
    for one in parts {
        let size = one.part.checkpoint.size;
        if records.root(size).is_some_and(|root| root != one.part.checkpoint.root) {
            let says = format!("the first {size} records held are not those of its checkpoint of that size");
            fault(lines, log, two_logs(log.0, says, Vec::new()), &mut judged.findings);
        }
        let is_other = |index: &u64| *index < size && records.leaf(*index) != one.known.leaf(*index);
        if let Some(index) = one.known.leaves().filter(|index| records.leaf(*index).is_some()).find(is_other)
        {
            let says =
                format!("record {index} as it is held is not that of its checkpoint of {size} records");
            fault(lines, log, two_logs(log.0, says, Vec::new()), &mut judged.findings);
        }
    }
}

/// Returns the leaves of a chain at whose position one record is held.
fn of_chain(log: (PartyId, u16), held: &Held<'_>) -> KnownNodes {
    let mut links: Vec<(u64, RecordId)> =
        held.links.get(&log).into_iter().flatten().map(|link| (link.seq, link.id)).collect();
    links.sort_unstable();
    links.dedup();
    let single: Vec<(u64, RecordId)> = links
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|same| same.len() == 1)
        .map(|same| same[0])
        .collect();
    KnownNodes::of_records(&single)
}

/// How two parts contradict each other.
enum Contradiction {
    Roots,
    Leaf(u64, [Hash; 2]),
    Prefix,
}

/// Returns how two parts of one log contradict each other, as far as both show; the smaller first.
fn contradiction(one: &Good, other: &Good) -> Option<Contradiction> {
    let (small, large) = (&one.part.checkpoint, &other.part.checkpoint);
    if small.size == large.size {
        return (small.root != large.root).then_some(Contradiction::Roots);
    }
    for index in one.known.leaves() {
        if let (Some(here), Some(there)) = (one.known.leaf(index), other.known.leaf(index))
            && here != there
            && index < small.size
        {
            return Some(Contradiction::Leaf(index, [here, there]));
        }
    }
    let made = other.known.root(small.size)?;
    (made != small.root).then_some(Contradiction::Prefix)
}

impl Contradiction {
    fn says(&self, (small, large): (u64, u64)) -> String {
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

    fn evidence(&self, one: &Good, other: &Good) -> Option<ForkEvidence> {
        let notes = [one.note.clone(), other.note.clone()];
        Some(match self {
            Self::Roots => ForkEvidence::Roots(notes),
            Self::Leaf(index, leaves) => {
                let proof = |good: &Good| {
                    let path = good.known.path(*index, good.part.checkpoint.size)?;
                    LogProof::new(*index, path, good.note.clone(), Vec::new()).ok()
                };
                ForkEvidence::Leaves { leaves: *leaves, proofs: Box::new([proof(one)?, proof(other)?]) }
            }
            Self::Prefix => {
                let path = other.known.prefix(one.part.checkpoint.size, other.part.checkpoint.size)?;
                ForkEvidence::Prefix { notes, path }
            }
        })
    }
}

/// Returns the proof that a party signed two logs, if it holds when judged by itself.
fn proven(party: PartyId, evidence: ForkEvidence, held: &Held<'_>) -> Option<LogFork> {
    let key = held.keys.get(&party)?.to_bytes();
    let recovery = held.records.iter().find_map(|record| match &record.event.body {
        Body::Establish(establish) if record.author == party => Some(establish.recovery_commitment),
        _ => None,
    })?;
    let fork = LogFork { key, recovery, evidence };
    fork.judge().is_ok().then_some(fork)
}

fn two_logs(party: PartyId, message: String, records: Vec<RecordId>) -> Finding {
    let resolve = "the party's own account of which history it stands by";
    Finding { records, ..about(party, FindingCode::LogFork, Weight::Fail, message, resolve) }
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
