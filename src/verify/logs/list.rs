//! Whether every control record below a checkpoint is held.
//!
//! Spec: docs/formats/capsule.md, "Whole control list".

use std::collections::{HashMap, HashSet};

use super::{ControlList, Good, Held, HeldLog, about, fault, line_of};
use crate::chain::{Line, Link};
use crate::hash::{PartyId, RecordId};
use crate::log::part::{Cosignature, LogPart};
use crate::log::tree::leaf_hash;
use crate::model::finding::{FindingCode, Weight};

/// Walks the control list below a checkpoint; `cosignatures` are those of every file that has it.
pub(super) fn listed(good: &Good, cosignatures: Vec<Cosignature>, held: &Held<'_>) -> HeldLog {
    let part = LogPart { cosignatures, ..good.part.clone() };
    let (party, epoch, size) = (part.checkpoint.party, part.checkpoint.epoch, part.checkpoint.size);
    let links = held.links.get(&(party, epoch)).map_or(&[][..], Vec::as_slice);
    // Another header that claims the same place tells nothing of this log.
    let leaf = size.checked_sub(1).and_then(|index| good.known.leaf(index));
    let is_last = |link: &&Link| link.seq + 1 == size && Some(leaf_hash(link.id.as_bytes())) == leaf;
    let last = links.iter().find(is_last).copied();
    let is_whole = last.is_some_and(|last| {
        let walk = walk_home(&last, party, held);
        // One that is beside the walk was passed over by a lie, and whoever lies once may have left out more.
        let is_beside = |link: &&Link| link.is_control && link.seq < size;
        walk.is_some_and(|walk| links.iter().filter(is_beside).all(|link| walk.contains(&link.id)))
    });
    let control = if is_whole { ControlList::Whole } else { ControlList::Open };
    HeldLog { part, last, control }
}

/// Returns the control records from a header back to the start of the chain, if all of them are held whole.
fn walk_home(last: &Link, party: PartyId, held: &Held<'_>) -> Option<HashSet<RecordId>> {
    let of_party = held.links.range((party, 0)..=(party, u16::MAX)).flat_map(|(_, links)| links);
    let by_id: HashMap<RecordId, &Link> = of_party.map(|link| (link.id, link)).collect();
    let (mut next, mut below) = match last.is_control {
        true => (last.id, last.seq.saturating_add(1)),
        false => (last.control, last.seq),
    };
    let mut walk = HashSet::new();
    loop {
        let link = by_id.get(&next).filter(|link| held.whole.contains(&link.id))?;
        // What is no control record, or stands higher, is named by a lie, and hides what lies between.
        if !link.is_control || link.seq >= below {
            return None;
        }
        walk.insert(link.id);
        if link.seq == 0 {
            return Some(walk);
        }
        (next, below) = (link.control, link.seq);
    }
}

/// Says that a control list is open; where it is whole, a gap below the checkpoint hides no amendment.
pub(super) fn tell(log: &HeldLog, lines: &mut [Line]) {
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
