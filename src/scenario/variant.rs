//! Variants: the same world with a value changed, an event dropped or added.
//!
//! Changes are made to the values of the file before it is read. A path begins with the id of an event, the
//! alias of a facility or party, or a field of the file itself: `sinter/at`, `case/delivery`.

use super::error::ScenarioError;
use super::expect::Expectation;
use super::file::{needed, required};
use crate::entry::{EntryError, Table, Tree};

/// A named change, and what is then expected.
#[derive(Clone, PartialEq, Debug)]
pub struct Variant {
    /// Short name.
    pub name: String,
    /// What changes, in a sentence.
    pub title: Option<String>,
    /// Name of the variant that this one changes further; none for the base.
    pub of: Option<String>,
    /// Values put in place of others.
    pub change: Vec<(String, Tree)>,
    /// Values taken away.
    pub remove: Vec<String>,
    /// Events that do not happen.
    pub drop: Vec<String>,
    /// Events that happen as well, each with the name of the one it follows.
    pub add: Vec<(Option<String>, Tree)>,
    /// Whether what the base expects is not asked again.
    pub only: bool,
    /// What the verifier must say; the base's other expectations hold unchanged, unless `only`.
    pub expectations: Vec<Expectation>,
}

impl Variant {
    pub(super) fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "a variant")?;
        let change = match table.value("change") {
            None => Vec::new(),
            Some(Tree::Table(fields)) => fields.clone(),
            Some(other) => {
                let hint = "write { \"sinter/at\" = \"other shop\" }".to_owned();
                let problem = format!("it is {}, where a table belongs", other.what());
                return Err(EntryError::new(table.path("change"), problem, Some(hint)));
            }
        };
        let variant = Self {
            name: required(&table, "name", "name = \"b\"")?,
            title: table.text("title")?,
            of: table.text("of")?,
            change,
            remove: table.texts("remove")?,
            drop: table.texts("drop")?,
            add: table.each("add", |tree, path| {
                let mut tree = tree.clone();
                match tree.take("after") {
                    None => Ok((None, tree)),
                    Some(Tree::Text(after)) => Ok((Some(after), tree)),
                    Some(_) => Err(needed(&format!("{path}/after"), "the id of an event")),
                }
            })?,
            only: table.flag("only")?.unwrap_or(false),
            expectations: table.each("expect", Expectation::from_tree)?,
        };
        table.finish()?;
        Ok(variant)
    }

    /// Returns the file's values as this variant has them.
    ///
    /// # Errors
    /// [`ScenarioError`] for a path or event that is not there.
    pub fn apply(&self, base: &Tree) -> Result<Tree, ScenarioError> {
        let mut tree = base.clone();
        let fault = |error: EntryError| ScenarioError::field("", error).in_variant(&self.name);
        for (path, value) in &self.change {
            put(&mut tree, path, value.clone()).map_err(fault)?;
        }
        for path in &self.remove {
            put(&mut tree, path, Tree::Nothing).map_err(fault)?;
        }
        for id in &self.drop {
            put(&mut tree, id, Tree::Nothing).map_err(fault)?;
        }
        for (after, event) in &self.add {
            insert(&mut tree, after.as_deref(), event.clone()).map_err(fault)?;
        }
        Ok(tree)
    }
}

/// Puts a value at a path that begins with a name; `Nothing` takes the value, event, facility or party away.
pub(super) fn put(tree: &mut Tree, path: &str, value: Tree) -> Result<(), EntryError> {
    let (name, rest) = match path.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let place = place_of(tree, name);
    let whole = match (place, rest) {
        (Some(place), Some(rest)) => format!("{place}/{rest}"),
        (Some(place), None) => place,
        (None, _) => path.to_owned(),
    };
    tree.put(&whole, value).map_err(|error| {
        let hint =
            "a path begins with the id of an event, the alias of a facility or party, or a field of the file";
        EntryError::new(path, format!("it leads nowhere: there is no `{}`", error.part), Some(hint.into()))
    })
}

/// Returns the value at a path that begins with a name.
pub(super) fn get<'a>(tree: &'a Tree, path: &str) -> Option<&'a Tree> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let place = place_of(tree, name).unwrap_or_else(|| name.to_owned());
    if rest.is_empty() { tree.at(&place) } else { tree.at(&format!("{place}/{rest}")) }
}

fn place_of(tree: &Tree, name: &str) -> Option<String> {
    for (list, field) in [("event", "id"), ("facility", "alias"), ("party", "alias")] {
        let Some(Tree::List(entries)) = tree.get(list) else { continue };
        if let Some(at) = entries.iter().position(|entry| entry.text(field) == Some(name)) {
            return Some(format!("{list}/{at}"));
        }
    }
    None
}

/// Puts an event behind another, or behind all.
fn insert(tree: &mut Tree, after: Option<&str>, event: Tree) -> Result<(), EntryError> {
    let Tree::Table(fields) = tree else { return Ok(()) };
    if !fields.iter().any(|(name, _)| name == "event") {
        fields.push(("event".to_owned(), Tree::List(Vec::new())));
    }
    let events = fields.iter_mut().find(|(name, _)| name == "event").map(|(_, events)| events);
    let Some(Tree::List(events)) = events else { return Ok(()) };
    let at = match after {
        None => events.len(),
        Some(id) => match events.iter().position(|event| event.text("id") == Some(id)) {
            Some(at) => at + 1,
            None => {
                let ids = events.iter().filter_map(|event| event.text("id"));
                let unknown = crate::entry::NameError::unknown("event", id, ids);
                return Err(EntryError::new("add/after", unknown.to_string(), unknown.hint()));
            }
        },
    };
    events.insert(at, event);
    Ok(())
}
