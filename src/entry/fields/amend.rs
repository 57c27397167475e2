//! Fields of `correct`, `dispute`, `resolve` and `acknowledge`.

use crate::entry::draft::Draft;
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

pub(super) fn amend(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    if draft.kind == Kind::Dispute {
        draft.amend.about = table.text("about")?;
        draft.reason = table.text("reason")?;
        draft.amend.claim = table.text("claim")?;
        return Ok(());
    }
    draft.target = table.text("target")?;
    match draft.kind {
        Kind::Correct => {
            draft.reason = table.text("reason")?;
            draft.amend.with = table.value("with").map(statement).transpose()?.map(Box::new);
            draft.amend.change = changes(table)?;
        }
        Kind::Resolve => {
            draft.amend.outcome = table.text("outcome")?;
            draft.amend.terms = table.text("terms")?;
        }
        _ => {}
    }
    Ok(())
}

/// Reads the whole statement that stands in the place of another.
fn statement(tree: &Tree) -> Result<Draft, EntryError> {
    let draft = super::draft(tree).map_err(inside)?;
    let beside = [
        ("facts", !draft.facts.is_empty()),
        ("documents", !draft.documents.is_empty()),
        ("note", draft.note.is_some()),
        ("private", !draft.private.is_empty()),
        ("show", !draft.show.is_empty()),
    ];
    match beside.into_iter().find(|(_, is_there)| *is_there) {
        Some((field, _)) => {
            let hint = format!("write `{field}` beside `with`: it is the correction's own");
            let problem = "a statement that stands in another's place has no such field";
            Err(EntryError::new(format!("with/{field}"), problem, Some(hint)))
        }
        None => Ok(draft),
    }
}

/// Says of an error in a statement that it is inside `with`.
pub(in crate::entry) fn inside(mut error: EntryError) -> EntryError {
    error.field = if error.field.is_empty() { "with".to_owned() } else { format!("with/{}", error.field) };
    error
}

fn changes(table: &Table) -> Result<Vec<(String, Tree)>, EntryError> {
    match table.value("change") {
        None => Ok(Vec::new()),
        Some(Tree::Table(changes)) => Ok(changes.clone()),
        Some(other) => {
            let hint = "write { \"out/0/mass\" = \"430 kg\" }".to_owned();
            let problem = format!("it is {}, where a table belongs", other.what());
            Err(EntryError::new(table.path("change"), problem, Some(hint)))
        }
    }
}
