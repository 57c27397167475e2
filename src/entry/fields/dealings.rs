//! Fields of collections, stays in others' plants, and lots in transit that change their way.

use super::parts::{input, lot, receiver};
use crate::entry::draft::Draft;
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::model::kind::Kind;

pub(super) fn receipt(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.dealings.receipt = table.text("receipt")?;
    Ok(())
}

pub(super) fn host(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.dealings.guest = table.text("guest")?;
    draft.facility = table.text("facility")?;
    if draft.kind == Kind::EndHost {
        draft.target = table.text("target")?;
        draft.from = table.text("from")?;
        draft.reason = table.text("reason")?;
        return Ok(());
    }
    draft.purpose = table.text("purpose")?;
    draft.stages = table.texts("stages")?;
    draft.valid = table.text("valid")?;
    Ok(())
}

pub(super) fn in_transit(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    match draft.kind {
        Kind::Release => {
            draft.on = table.text("on")?;
            draft.reason = table.text("reason")?;
            draft.to = receiver(table, "to")?;
            draft.inputs = table.each("in", |value, path| input(value, path, true))?;
            draft.outputs = table.each("out", lot)?;
        }
        Kind::RequestReturn => {
            draft.dealings.lots = table.texts("lots")?;
            draft.from = table.text("from")?;
            draft.reason = table.text("reason")?;
        }
        _ => {
            draft.dealings.lots = table.texts("lots")?;
            draft.to = receiver(table, "to")?;
            draft.dealings.code = table.text("code")?;
        }
    }
    Ok(())
}
