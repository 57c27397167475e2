//! Two checkpoints of one log, or a checkpoint and the records, that no one history has.

use std::collections::HashSet;

use super::{Held, OfLog, about, fault, line_of};
use crate::chain::{ChainFault, Line};
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::checkpoint::LogId;
use crate::log::fork::{ForkEvidence, LogFork};
use crate::log::known::KnownNodes;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::verify::evidence::ForkPiece;

/// Contradictions between parts that are told of one log, by their sizes.
const MOST: usize = 16;

/// Looks for two parts, or a part and the records, that no one history has.
pub(super) fn check(
    of: &OfLog,
    held: &Held<'_>,
    lines: &mut [Line],
    (forks, findings): (&mut Vec<LogFork>, &mut Vec<Finding>),
) {
    let OfLog { log, parts, records } = of;
    let log = *log;
    let mut told = HashSet::new();
    for (at, one) in parts.iter().enumerate() {
        for other in &parts[at + 1..] {
            let (one, other) = (one.seen(), other.seen());
            let (Some(why), true) = (one.contradicts(&other), told.len() < MOST) else { continue };
            let sizes = [one.checkpoint.size, other.checkpoint.size];
            if told.insert(sizes) {
                let proof = one.proof(&other, |evidence| proven(log.0, evidence, held));
                fault(lines, log, two_logs(log.0, why.says(sizes), Vec::new()), findings);
                forks.extend(proof);
            }
        }
    }
    for one in parts {
        let size = one.part.checkpoint.size;
        if records.root(size).is_some_and(|root| root != one.part.checkpoint.root) {
            let says = format!("the first {size} records held are not those of its checkpoint of that size");
            fault(lines, log, two_logs(log.0, says, Vec::new()), findings);
        }
        let is_other = |index: &u64| *index < size && records.leaf(*index) != one.known.leaf(*index);
        if let Some(index) = one.known.leaves().filter(|index| records.leaf(*index).is_some()).find(is_other)
        {
            let says =
                format!("record {index} as it is held is not that of its checkpoint of {size} records");
            fault(lines, log, two_logs(log.0, says, Vec::new()), findings);
        }
    }
}

/// Returns the two checkpoints that a proof is about, the smaller first; what else it holds shows the same.
fn of_two(fork: &LogFork) -> Option<(LogId, [(u64, Hash); 2])> {
    let said = fork.judge().ok()?;
    let mut two = said.checkpoints.each_ref().map(|one| (one.size(), *one.root()));
    two.sort_unstable();
    Some((said.log, two))
}

/// Returns the leaves of a chain at whose position one record is held.
pub(super) fn of_chain(log: (PartyId, u16), held: &Held<'_>) -> KnownNodes {
    let mut links: Vec<(u64, RecordId)> =
        held.links.get(&log).into_iter().flatten().map(|link| (link.seq, link.id)).collect();
    links.sort_unstable();
    links.dedup();
    let single: Vec<(u64, RecordId)> = links
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|same| same.len() == 1)
        .map(|same| same[0])
        .collect();
    let mut known = KnownNodes::of_records(&single);
    known.join();
    known
}

/// Says what the proofs that were handed over show, of logs of which it is not said anyway.
pub(super) fn kept(
    pieces: Vec<ForkPiece>,
    held: &Held<'_>,
    lines: &mut [Line],
    (forks, findings): (&mut Vec<LogFork>, &mut Vec<Finding>),
) {
    for ForkPiece { fork, source } in pieces {
        let statement = match fork.judge() {
            Ok(statement) => statement,
            Err(error) => {
                let (code, resolve) = (FindingCode::LogBroken, "an undamaged copy of the file");
                let message = format!("{source} is not used: {error}");
                fault(
                    lines,
                    (fork.party(), 0),
                    about(fork.party(), code, Weight::Fail, message, resolve),
                    findings,
                );
                continue;
            }
        };
        let log = (statement.log.party, statement.log.epoch);
        let is_same = |one: &LogFork| of_two(one) == of_two(&fork);
        if held.keys.get(&log.0).is_none_or(|key| key.to_bytes() != fork.key) || forks.iter().any(is_same) {
            continue;
        }
        let is_fork = |fault: &ChainFault| fault.finding.code == FindingCode::LogFork;
        if !line_of(lines, log).is_some_and(|line| line.faults.iter().any(is_fork)) {
            fault(lines, log, two_logs(log.0, statement.says, Vec::new()), findings);
        }
        forks.push(fork);
    }
}

/// Returns the proof that a party signed two logs, if it holds when judged by itself.
pub(super) fn proven(party: PartyId, evidence: ForkEvidence, held: &Held<'_>) -> Option<LogFork> {
    let key = held.keys.get(&party)?;
    let recovery = held.records.iter().find_map(|record| match &record.event.body {
        Body::Establish(establish) if record.author == party => Some(establish.recovery_commitment),
        _ => None,
    })?;
    LogFork::of(key, recovery, evidence).ok()
}

/// Returns the finding that a party signed two logs.
pub(super) fn two_logs(party: PartyId, message: String, records: Vec<RecordId>) -> Finding {
    let resolve = "the party's own account of which history it stands by";
    Finding { records, ..about(party, FindingCode::LogFork, Weight::Fail, message, resolve) }
}
