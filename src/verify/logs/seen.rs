//! Checkpoints that others have seen, held against what is handed over.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Good, Held, HeldLog, about, fault, of_chain, proven, two_logs};
use crate::chain::Line;
use crate::hash::{PartyId, RecordId};
use crate::log::fork::{ForkEvidence, LogFork};
use crate::log::seen;
use crate::model::event::SeenCheckpoint;
use crate::model::finding::{Finding, FindingCode, Weight};

/// One checkpoint, and the record that says it was seen.
struct Sight<'a> {
    checkpoint: &'a SeenCheckpoint,
    record: RecordId,
    author: PartyId,
}

/// Returns the checkpoints of a log that records say were seen, each size and root once; only those that the party's own
/// key signed.
fn sights<'a>(log: (PartyId, u16), held: &Held<'a>) -> Vec<Sight<'a>> {
    let Some(key) = held.keys.get(&log.0) else { return Vec::new() };
    let mut found = BTreeMap::new();
    for record in held.records {
        for checkpoint in &record.event.seen {
            if (checkpoint.party, checkpoint.epoch) == log && checkpoint.key == key.to_bytes() {
                // One that is not signed must not stand in for one that is.
                if let Entry::Vacant(place) = found.entry((checkpoint.size, checkpoint.root))
                    && seen::note(checkpoint).is_ok()
                {
                    place.insert(Sight { checkpoint, record: record.id, author: record.author });
                }
            }
        }
    }
    found.into_values().collect()
}

/// Holds what was seen of a log against the parts of it that hold, the greatest last, and against its records.
pub(super) fn check(
    log: (PartyId, u16),
    parts: &[Good],
    held: &Held<'_>,
    lines: &mut [Line],
    forks: &mut Vec<LogFork>,
) {
    for sight in sights(log, held) {
        let Some(part) = parts.iter().find(|part| contradicts(&sight, part)) else { continue };
        fault(lines, log, contradicted(&sight), &mut Vec::new());
        let note = seen::note(sight.checkpoint).ok();
        let evidence = note.and_then(|note| match part.part.checkpoint.size == sight.checkpoint.size {
            true => Some(ForkEvidence::Roots([note, part.note.clone()])),
            false => {
                let path = part.known.prefix(sight.checkpoint.size, part.part.checkpoint.size)?;
                Some(ForkEvidence::Prefix { notes: [note, part.note.clone()], path })
            }
        });
        forks.extend(evidence.and_then(|evidence| proven(log.0, evidence, held)));
    }
}

/// Holds what was seen against the records of every chain, and says where more was seen than is held.
pub(super) fn check_without_log(held: &Held<'_>, logs: &[HeldLog], lines: &mut [Line]) {
    if held.records.iter().all(|record| record.event.seen.is_empty()) {
        return;
    }
    for at in 0..lines.len() {
        let log = (lines[at].party, lines[at].epoch);
        let sights = sights(log, held);
        if sights.is_empty() {
            continue;
        }
        let records = of_chain(log, held);
        let of_log = logs.binary_search_by_key(&log, HeldLog::id).ok();
        let size =
            of_log.map_or(0, |at| logs[at].part.checkpoint.size).max(lines[at].last_seq.saturating_add(1));
        for sight in &sights {
            let made = records.root(sight.checkpoint.size);
            let is_told = lines[at].faults.iter().any(|fault| fault.finding == contradicted(sight));
            if made.is_some_and(|made| made != sight.checkpoint.root) && !is_told {
                fault(lines, log, contradicted(sight), &mut Vec::new());
            }
        }
        let newest = sights.iter().max_by_key(|sight| sight.checkpoint.size);
        if let Some(newest) = newest.filter(|newest| newest.checkpoint.size > size) {
            fault(lines, log, newer(newest, size), &mut Vec::new());
        }
    }
}

/// Whether what was seen has another root than the part has, or than follows from it.
fn contradicts(sight: &Sight<'_>, part: &Good) -> bool {
    let (seen, held) = (sight.checkpoint, &part.part.checkpoint);
    match seen.size == held.size {
        true => seen.root != held.root,
        false => seen.size < held.size && part.known.root(seen.size).is_some_and(|made| made != seen.root),
    }
}

fn contradicted(sight: &Sight<'_>) -> Finding {
    let says = format!(
        "somebody has seen a checkpoint of {} records that is not of this chain as it is handed over",
        sight.checkpoint.size
    );
    two_logs(sight.checkpoint.party, says, vec![sight.record])
}

fn newer(sight: &Sight<'_>, size: u64) -> Finding {
    let message = format!(
        "somebody has seen {} records of this chain, and it is handed over up to {size}",
        sight.checkpoint.size
    );
    let resolve = "a newer file from this party: what it amended since is not known";
    let party = sight.checkpoint.party;
    Finding {
        records: vec![sight.record],
        parties: vec![party, sight.author],
        ..about(party, FindingCode::SeenNewer, Weight::Unknown, message, resolve)
    }
}
