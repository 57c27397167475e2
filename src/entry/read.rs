//! Reading a file of events.

use super::draft::Draft;
use super::error::EntryError;
use super::fields;
use super::tree::Tree;

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// TOML: one `[[event]]` an event.
    Toml,
    /// JSON: a list of events, an object with an `event` list, or one event.
    Json,
}

/// Reads a file of events, in order.
///
/// # Errors
/// [`EntryError`] for a text that is not of this format, or the first event that cannot be read.
pub fn read(text: &str, format: Format) -> Result<Vec<Draft>, EntryError> {
    let trees = events(tree(text, format)?)?;
    let numbered = trees.iter().enumerate();
    numbered.map(|(index, tree)| fields::draft(tree).map_err(|error| error.in_event(index + 1))).collect()
}

/// Returns the tables of a file of events: the list `event`, a bare list, or the file as one event.
///
/// # Errors
/// [`EntryError`] for a file that holds neither.
pub fn events(tree: Tree) -> Result<Vec<Tree>, EntryError> {
    let none = || {
        let hint = "begin each event with a line `[[event]]` and a line `kind = ...`".to_owned();
        EntryError::new("", "the file holds no event", Some(hint))
    };
    let list = match tree {
        Tree::List(events) => events,
        Tree::Table(ref fields) if fields.iter().any(|(name, _)| name == "kind") => vec![tree],
        Tree::Table(mut fields) => {
            if let Some((other, _)) = fields.iter().find(|(name, _)| name != "event" && name != "format") {
                let problem = format!("`{other}` has no place beside the events of a file");
                return Err(EntryError::new(other.clone(), problem, none().hint));
            }
            let at = fields.iter().position(|(name, _)| name == "event").ok_or_else(none)?;
            match fields.swap_remove(at).1 {
                Tree::List(events) => events,
                event => vec![event],
            }
        }
        _ => return Err(none()),
    };
    if list.is_empty() { Err(none()) } else { Ok(list) }
}

fn tree(text: &str, format: Format) -> Result<Tree, EntryError> {
    let read = match format {
        Format::Toml => crate::text::from_toml(text),
        Format::Json => crate::text::from_json(text),
    };
    read.map_err(|error| EntryError::new("", error.to_string(), error.hint()))
}
