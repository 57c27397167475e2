//! Reading a table field by field, so that what is left over can be named as misspelt.

use std::cell::RefCell;

use super::error::EntryError;
use super::tree::Tree;
use crate::model::nearest::nearest;

/// A table of a file, at its path, with the names asked for so far.
pub struct Table<'a> {
    fields: &'a [(String, Tree)],
    path: String,
    /// What the table describes, for messages: `` `transform` ``.
    what: &'a str,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// Returns a reader over `tree`, which stands at `path` and describes `what`.
    ///
    /// # Errors
    /// [`EntryError`] if it is no table.
    pub fn new(tree: &'a Tree, path: &str, what: &'a str) -> Result<Self, EntryError> {
        match tree {
            Tree::Table(fields) => {
                Ok(Self { fields, path: path.to_owned(), what, known: RefCell::new(Vec::new()) })
            }
            other => Err(EntryError::new(path, format!("{what} is a table, not {}", other.what()), None)),
        }
    }

    /// Returns the path of the field `name`.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    /// Returns the value of the field `name`, which is known from now on.
    pub fn value(&self, name: &'static str) -> Option<&'a Tree> {
        self.known.borrow_mut().push(name);
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value).filter(|value| **value != Tree::Nothing)
    }

    /// Returns the text `name`.
    ///
    /// # Errors
    /// [`EntryError`] for anything but a text; a bare number is told to take a unit.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, EntryError> {
        self.value(name).map(|value| self.as_text(value, &self.path(name))).transpose()
    }

    /// Returns `true` or `false` under `name`.
    ///
    /// # Errors
    /// [`EntryError`] for anything else.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, EntryError> {
        match self.value(name) {
            None => Ok(None),
            Some(Tree::Flag(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.wrong(name, other, "true or false")),
        }
    }

    /// Returns the whole number `name`.
    ///
    /// # Errors
    /// [`EntryError`] for anything but a whole number from 0.
    pub fn whole(&self, name: &'static str) -> Result<Option<u64>, EntryError> {
        match self.value(name) {
            None => Ok(None),
            Some(Tree::Whole(whole)) if *whole >= 0 => Ok(Some(whole.unsigned_abs())),
            Some(other) => Err(self.wrong(name, other, "a whole number")),
        }
    }

    /// Returns the texts of the list `name`; none where it is absent.
    ///
    /// # Errors
    /// [`EntryError`] for anything but a list of texts.
    pub fn texts(&self, name: &'static str) -> Result<Vec<String>, EntryError> {
        self.each(name, |value, path| self.as_text(value, path))
    }

    /// Returns what `read` makes of each entry of the list `name`; nothing where it is absent.
    ///
    /// # Errors
    /// [`EntryError`] for anything but a list, or that of `read`.
    pub fn each<T>(
        &self,
        name: &'static str,
        read: impl Fn(&'a Tree, &str) -> Result<T, EntryError>,
    ) -> Result<Vec<T>, EntryError> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Tree::List(entries)) => {
                let path = self.path(name);
                let numbered = entries.iter().enumerate();
                numbered.map(|(index, entry)| read(entry, &format!("{path}/{index}"))).collect()
            }
            Some(other) => Err(self.wrong(name, other, "a list in `[ ]`")),
        }
    }

    /// Checks that every field of the table was asked for.
    ///
    /// # Errors
    /// [`EntryError`] for the first that was not, with the nearest that exists.
    pub fn finish(self) -> Result<(), EntryError> {
        let known = self.known.borrow();
        let Some((unknown, _)) = self.fields.iter().find(|(field, _)| !known.contains(&field.as_str()))
        else {
            return Ok(());
        };
        let hint = match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its fields are {}", known.join(", ")),
        };
        Err(EntryError::new(self.path(unknown), format!("{} has no such field", self.what), Some(hint)))
    }

    fn as_text(&self, value: &Tree, path: &str) -> Result<String, EntryError> {
        match value {
            Tree::Text(text) => Ok(text.clone()),
            Tree::Whole(_) | Tree::Number(_) => Err(EntryError::new(
                path,
                "a bare number says too little here",
                Some(
                    "write a text in quotes; quantities take a unit, such as \"12.5 t\" or \"29.4 %\"".into(),
                ),
            )),
            other => {
                Err(EntryError::new(path, format!("it is {}, where a text belongs", other.what()), None))
            }
        }
    }

    fn wrong(&self, name: &str, found: &Tree, wanted: &str) -> EntryError {
        EntryError::new(self.path(name), format!("it is {}, where {wanted} belongs", found.what()), None)
    }
}
