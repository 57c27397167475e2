//! Whether the checkpoint that is handed over of a log covers the dispatches that are.
//!
//! A dispatch gives a lot away. One above the checkpoint is not yet said to be in the log, so that its author could leave it out
//! of the next.

use std::collections::BTreeMap;

use super::{HeldLog, about, line_of};
use crate::chain::{ChainFault, Line};
use crate::hash::{PartyId, RecordId};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::kind::Kind;
use crate::model::record::Record;

/// Says of each log which dispatch is the first that it does not cover; it bears on what comes from there on.
pub(super) fn tell(logs: &[HeldLog], records: &[Record], lines: &mut [Line]) {
    let mut first: BTreeMap<(PartyId, u16), (u64, RecordId)> = BTreeMap::new();
    for record in records.iter().filter(|record| record.kind() == Kind::Dispatch) {
        let of = (record.author, record.epoch);
        let Ok(at) = logs.binary_search_by_key(&of, HeldLog::id) else { continue };
        if record.seq >= logs[at].part.checkpoint.size {
            let lowest = first.entry(of).or_insert((record.seq, record.id));
            *lowest = (*lowest).min((record.seq, record.id));
        }
    }
    for log in logs {
        let (id, size) = (log.id(), log.part.checkpoint.size);
        let (Some((seq, record)), Some(line)) = (first.get(&id), line_of(lines, id)) else { continue };
        let message = format!(
            "the dispatch at position {seq} stands above the checkpoint of {size} records that is handed over of this log"
        );
        let resolve =
            "a newer checkpoint of this party, as a capsule brings that was made after the dispatch";
        let finding = about(id.0, FindingCode::DispatchUncovered, Weight::Unknown, message, resolve);
        let finding = Finding { records: vec![*record], ..finding };
        line.faults.push(ChainFault { from_seq: *seq, finding });
    }
}
