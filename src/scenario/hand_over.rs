//! What the reader is given: every record, or some parties' chains left out and some items withheld.

use super::world::World;
use crate::entry::{EntryError, Table, Tree};
use crate::record::SealedRecord;
use crate::verify::Piece;

/// What of a world the reader is given.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct HandOver {
    /// Aliases of parties whose chains are not handed over.
    pub without: Vec<String>,
    /// Private items that are withheld.
    pub withhold: Vec<Withheld>,
}

/// Private items that one party keeps from the reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Withheld {
    /// Alias of the party.
    pub by: String,
    /// The event, or every record of the party where none is named.
    pub event: Option<String>,
    /// Paths of items; `*` stands for any index, a lone `*` for all items.
    pub items: Vec<String>,
}

impl HandOver {
    pub(super) fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "what is handed over")?;
        let hand_over =
            Self { without: table.texts("without")?, withhold: table.each("withhold", Withheld::from_tree)? };
        table.finish()?;
        Ok(hand_over)
    }

    /// Returns the pieces that the reader is given of `world`, in the order of signing.
    pub fn pieces(&self, world: &World) -> Vec<Piece> {
        let given =
            world.signed.iter().filter(|signed| !signed.is_lost && !self.without.contains(&signed.by));
        given
            .map(|signed| Piece {
                bytes: signed.bytes.clone(),
                shown: signed
                    .items
                    .iter()
                    .filter(|item| !self.withholds(&signed.by, &signed.name, &signed.bytes, item.index))
                    .cloned()
                    .collect(),
                source: signed.name.clone(),
            })
            .collect()
    }

    fn withholds(&self, by: &str, name: &str, bytes: &[u8], index: u32) -> bool {
        let rules = self
            .withhold
            .iter()
            .filter(|one| one.by == by && one.event.as_deref().is_none_or(|event| event == name));
        let mut rules = rules.peekable();
        if rules.peek().is_none() {
            return false;
        }
        let Ok(record) = SealedRecord::parse(bytes) else { return false };
        let Some(entry) = record.directory().get(index as usize) else { return false };
        rules.any(|rule| {
            rule.items.iter().any(|pattern| pattern == "*" || crate::entry::path_matches(pattern, &entry.key))
        })
    }
}

impl Withheld {
    fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "a withholding")?;
        let by = super::file::required(&table, "by", "the alias of a party")?;
        let withheld = Self { by, event: table.text("event")?, items: table.texts("items")? };
        if withheld.items.is_empty() {
            return Err(super::file::needed(&table.path("items"), "[\"in\"]"));
        }
        table.finish()?;
        Ok(withheld)
    }
}
