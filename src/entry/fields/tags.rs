//! Fields of events about tags and borders.

use crate::entry::draft::{Draft, TagDraft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

/// Reads the fields of `issue_tags`, `apply_tags` and `declare_border`.
pub(super) fn tags(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.on = table.text("on")?;
    if draft.kind == Kind::DeclareBorder {
        return border(draft, table);
    }
    draft.place = table.text("place")?;
    draft.coordinates = table.text("coordinates")?;
    draft.scheme = table.text("scheme")?;
    if draft.kind == Kind::IssueTags {
        draft.tags.pit = table.text("pit")?;
        draft.valid = table.text("valid")?;
    } else {
        draft.lot = table.text("lot")?;
    }
    let with_package = draft.kind == Kind::ApplyTags;
    draft.tags.tags = table.each("tags", |value, path| tag(value, path, with_package))?;
    Ok(())
}

/// Reads the stops of a route, each such as `AE-DU free_zone 2026-11-10..2026-11-12`.
pub(super) fn stops(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.tags.stops = table.texts("stops")?;
    Ok(())
}

fn border(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.tags.lots = table.texts("lots")?;
    draft.tags.side = table.text("side")?;
    draft.tags.leaving = table.text("from")?;
    draft.tags.entering = table.text("to")?;
    draft.tags.origin = table.text("origin")?;
    draft.tags.hs = table.text("hs")?;
    draft.tags.mass = table.text("mass")?;
    draft.number = table.text("number")?;
    stops(draft, table)
}

fn tag(tree: &Tree, path: &str, with_package: bool) -> Result<TagDraft, EntryError> {
    match tree {
        Tree::Table(_) if with_package => {
            let table = Table::new(tree, path, "a tag")?;
            let tag = TagDraft {
                tag: table.text("tag")?,
                package: table.text("package")?,
                mass: table.text("mass")?,
            };
            table.finish()?;
            Ok(tag)
        }
        Tree::Text(text) => Ok(TagDraft { tag: Some(text.clone()), ..TagDraft::default() }),
        other => {
            let problem = format!("it is {}, where the number of a tag belongs", other.what());
            let hint = match with_package {
                true => "write \"RW-0001\" or { tag = \"RW-0001\", package = \"bag 1\", mass = \"50 kg\" }",
                false => "write \"RW-0001\" or \"RW-0001..RW-0040\"",
            };
            Err(EntryError::new(path, problem, Some(hint.into())))
        }
    }
}

/// Reads the numbers of seals; an empty list says that there were none, no list says nothing.
pub(super) fn seals(table: &Table) -> Result<Option<Vec<String>>, EntryError> {
    let seals = table.texts("seals")?;
    Ok(table.value("seals").map(|_| seals))
}
