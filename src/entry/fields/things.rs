//! Tables of assemblies and disassemblies.

use crate::entry::draft::{PartDraft, RecoveredDraft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;

pub(super) fn part(tree: &Tree, path: &str) -> Result<PartDraft, EntryError> {
    let table = Table::new(tree, path, "a part")?;
    let part = PartDraft {
        of: table.text("of")?,
        into: table.text("into")?,
        mass: table.text("mass")?,
        pieces: table.text("pieces")?,
    };
    table.finish()?;
    Ok(part)
}

pub(super) fn recovered(tree: &Tree, path: &str) -> Result<RecoveredDraft, EntryError> {
    let table = Table::new(tree, path, "a part recovered")?;
    let recovered = RecoveredDraft { lot: table.text("lot")?, was: table.text("was")? };
    table.finish()?;
    Ok(recovered)
}
