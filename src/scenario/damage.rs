//! What goes wrong with records: bytes flipped on the way, records lost, histories signed twice.
//!
//! Some of it happens to a record after it was signed (`flip`, `drop`); some is done by its author while
//! signing (`fork`, `wrong_prev`, `wrong_control`, `wrong_key`, `unknown_kind`, `unknown_algorithm`).

use crate::entry::{EntryError, Table, Tree};
use crate::model::coded::coded;

coded! {
    /// What is done to a record.
    How, "kind of damage" {
        /// One bit of it changes on the way.
        Flip = 1 "flip",
        /// It is lost on the way.
        Drop = 2 "drop",
        /// Its author signs another record at the same position.
        Fork = 3 "fork",
        /// Its author names another record as the one before it.
        WrongPrev = 4 "wrong_prev",
        /// Its author leaves out its latest control record.
        WrongControl = 5 "wrong_control",
        /// It says that it is signed with a key that its chain does not show.
        WrongKey = 6 "wrong_key",
        /// It is of a kind with a number that nothing here knows.
        UnknownKind = 7 "unknown_kind",
        /// It is signed with an algorithm whose number nothing here knows.
        UnknownAlgorithm = 8 "unknown_algorithm",
    }
}

coded! {
    /// Where a bit changes.
    Part, "part of a record" {
        /// The 208 bytes of the header.
        Header = 1 "header",
        /// The 64 bytes of the signature.
        Signature = 2 "signature",
        /// The body.
        Body = 3 "body",
        /// The directory of private items.
        Directory = 4 "directory",
        /// The value of a private item.
        Value = 5 "value",
        /// The salt of a private item.
        Salt = 6 "salt",
    }
}

/// One thing that goes wrong with one record.
#[derive(Clone, PartialEq, Debug)]
pub struct Damage {
    /// Name of the record: an event's id, `party ALIAS` or a facility's alias.
    pub record: String,
    /// What is done.
    pub how: How,
    /// Where a bit changes, for `flip`.
    pub part: Part,
    /// Which byte of that part, for `flip`.
    pub byte: usize,
    /// Path of the private item, for `flip` in a value or salt.
    pub item: Option<String>,
    /// Values that differ in the other history, for `fork`.
    pub with: Vec<(String, Tree)>,
}

impl Damage {
    pub(super) fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "a damage")?;
        let word = |name: &'static str, error: crate::model::coded::UnknownWord| {
            EntryError::new(table.path(name), error.to_string(), error.hint())
        };
        let record = super::file::required(&table, "record", "the id of an event")?;
        let how = super::file::required(&table, "how", "how = \"flip\"")?;
        let how: How = how.parse().map_err(|error| word("how", error))?;
        let part = match table.text("part")? {
            Some(part) => part.parse().map_err(|error| word("part", error))?,
            None => Part::Body,
        };
        let byte = table.whole("byte")?.unwrap_or(0);
        let with = match table.value("with") {
            None => Vec::new(),
            Some(Tree::Table(fields)) => fields.clone(),
            Some(other) => {
                let problem = format!("it is {}, where a table belongs", other.what());
                return Err(EntryError::new(table.path("with"), problem, None));
            }
        };
        let item = table.text("item")?;
        if matches!(part, Part::Value | Part::Salt) && item.is_none() {
            return Err(super::file::needed(&table.path("item"), "item = \"in\""));
        }
        table.finish()?;
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        Ok(Self { record, how, part, byte, item, with })
    }
}
