//! Whether an issuer's chain, as held, can hide that a status ended.
//!
//! Withdrawals and suspensions are control records, and every later record names the latest control record
//! before it. From the last record held, or a later header of the chain, that list is walked back to the paper itself.

use crate::hash::RecordId;
use crate::model::record::Record;
use crate::rules::facts::Facts;

/// Returns the first control record after `paper` in its chain that is named and not held.
pub(in crate::rules) fn missing_control(facts: &Facts<'_>, paper: &Record) -> Option<RecordId> {
    let last = facts.last_record(&paper.author)?;
    let end = facts.graph.chain_ends().get(&paper.author);
    let end = end.filter(|end| (end.epoch, end.seq) > (last.epoch, last.seq));
    let (mut control, seq) = end.map_or((last.control, last.seq), |end| (end.control, end.seq));
    // Each step goes down in seq, so it ends; a control record that names a later one is an error of its own. The end
    // of a chain may itself be a control record.
    let mut below = end.map_or(seq, |_| seq.saturating_add(1));
    while !control.is_zero() {
        let Some(record) = facts.graph.record(&control) else { return Some(control) };
        if record.seq <= paper.seq || record.seq >= below {
            return None;
        }
        below = record.seq;
        control = record.control;
    }
    None
}
