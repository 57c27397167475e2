//! Tables of attestations and of what a witness saw.

use super::parts::outsider;
use crate::entry::draft::{AttestedElementDraft, AttestedTouchDraft, Draft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

pub(super) fn vouch(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    if draft.kind == Kind::Witness {
        draft.vouch.of = table.texts("of")?;
        return Ok(());
    }
    draft.lot = table.text("lot")?;
    draft.vouch.as_of = table.text("as_of")?;
    draft.vouch.valid_until = table.text("valid_until")?;
    draft.vouch.packs = table.texts("packs")?;
    draft.vouch.as_found = table.flag("as_found")?;
    draft.vouch.custody = table.text("custody")?;
    draft.vouch.elements = table.each("element", element)?;
    draft.vouch.touches = table.each("touch", touch)?;
    Ok(())
}

fn element(tree: &Tree, path: &str) -> Result<AttestedElementDraft, EntryError> {
    let table = Table::new(tree, path, "an attested element")?;
    let element = AttestedElementDraft {
        of: table.text("of")?,
        least: table.text("least")?,
        most: table.text("most")?,
        unknown: table.text("unknown")?,
        grade: table.text("grade")?,
    };
    table.finish()?;
    Ok(element)
}

fn touch(tree: &Tree, path: &str) -> Result<AttestedTouchDraft, EntryError> {
    let table = Table::new(tree, path, "an attested step")?;
    let maker = table.value("maker").map(|value| outsider(value, &table.path("maker"))).transpose()?;
    let touch = AttestedTouchDraft {
        of: table.text("of")?,
        step: table.text("step")?,
        place: table.text("place")?,
        grade: table.text("grade")?,
        presence: table.text("presence")?,
        least: table.text("least")?,
        most: table.text("most")?,
        on: table.text("on")?,
        maker,
    };
    table.finish()?;
    Ok(touch)
}
