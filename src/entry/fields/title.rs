//! Fields of events about other people's material.

use super::parts::receiver;
use crate::entry::draft::{Draft, LimitDraft, TitledDraft};
use crate::entry::error::{EntryError, missing};
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

/// Reads `transfer_title` and `cede_facility`.
pub(super) fn fields(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.to = receiver(table, "to")?;
    draft.from = table.text("from")?;
    if draft.kind == Kind::CedeFacility {
        draft.facility = table.text("facility")?;
        return Ok(());
    }
    draft.title.title = table.text("title")?;
    draft.title.lots = table.each("lots", titled)?;
    draft.number = table.text("number")?;
    draft.until = table.text("until")?;
    draft.target = table.text("target")?;
    Ok(())
}

fn titled(tree: &Tree, path: &str) -> Result<TitledDraft, EntryError> {
    if let Tree::Text(lot) = tree {
        return Ok(TitledDraft { lot: lot.clone(), ..TitledDraft::default() });
    }
    let table = Table::new(tree, path, "a lot that a title is over")?;
    let Some(lot) = table.text("lot")? else {
        return Err(missing(&table.path("lot"), "\"NDPR-1\""));
    };
    let titled = TitledDraft { lot, mass: table.text("mass")?, from: table.text("from")? };
    table.finish()?;
    Ok(titled)
}

/// Reads the limit of an accreditation.
pub(super) fn limit(table: &Table) -> Result<Option<LimitDraft>, EntryError> {
    let Some(tree) = table.value("limit") else { return Ok(None) };
    let path = table.path("limit");
    let table = Table::new(tree, &path, "a limit")?;
    let limit = LimitDraft { mass: table.text("mass")?, per: table.text("per")? };
    table.finish()?;
    Ok(Some(limit))
}
