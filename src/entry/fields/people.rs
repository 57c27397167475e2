//! Fields that every event takes: for whom it is recorded, and why it was entered late.

use super::parts::receiver;
use crate::entry::draft::{BehalfDraft, PeopleDraft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;

pub(super) fn people(table: &Table) -> Result<PeopleDraft, EntryError> {
    let behalf = table.value("behalf").map(|tree| {
        let inner = Table::new(tree, &table.path("behalf"), "who attests")?;
        let behalf = BehalfDraft {
            who: receiver(&inner, "who")?,
            document: inner.text("document")?,
            on: inner.text("on")?,
        };
        inner.finish()?;
        Ok(behalf)
    });
    Ok(PeopleDraft { behalf: behalf.transpose()?, late: table.text("late")? })
}
