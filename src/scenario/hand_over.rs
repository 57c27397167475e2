//! What the reader is given: every record, or some parties' chains left out and some items withheld.

use std::collections::BTreeSet;

use super::error::ScenarioError;
use super::logs::LogGiven;
use super::world::World;
use crate::entry::{EntryError, NameError, Table, Tree, path_matches};
use crate::record::{SEAL_LEN, SealedRecord};
use crate::verify::{Evidence, HeaderPiece, Piece};

/// What of a world the reader is given.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct HandOver {
    /// Aliases of parties whose chains are not handed over.
    pub without: Vec<String>,
    /// Private items that are withheld.
    pub withhold: Vec<Withheld>,
    /// Whether the whole log of each party comes with its records, as in a capsule.
    pub logs: bool,
    /// Logs that come with the records, in place of those that would.
    pub log: Vec<LogGiven>,
    /// Names of records that are handed over as headers alone.
    pub headers: Vec<String>,
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
        let hand_over = Self {
            without: table.texts("without")?,
            withhold: table.each("withhold", Withheld::from_tree)?,
            logs: table.flag("logs")?.unwrap_or(false),
            log: table.each("log", LogGiven::from_tree)?,
            headers: table.texts("headers")?,
        };
        table.finish()?;
        Ok(hand_over)
    }

    /// Returns the pieces that the reader is given of `world`, in the order of signing.
    ///
    /// # Errors
    /// [`ScenarioError`] for a party or event that is not there, or an item that none of its records has: it
    /// would be withheld in name only.
    pub fn pieces(&self, world: &World) -> Result<Vec<Piece>, ScenarioError> {
        self.check(world).map_err(|error| ScenarioError::field("", error))?;
        let given =
            world.signed.iter().filter(|signed| !signed.is_lost && !self.without.contains(&signed.by));
        let given = given
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
            .collect();
        Ok(given)
    }

    /// Returns all that the reader is given of `world`: its pieces, those of `headers` as such, and logs.
    ///
    /// # Errors
    /// Those of [`HandOver::pieces`], and for a log that the party does not have.
    pub fn evidence(&self, world: &World) -> Result<Evidence, ScenarioError> {
        let mut evidence: Evidence = self.pieces(world)?.into();
        let is_header = |piece: &Piece| self.headers.contains(&piece.source);
        let (headers, pieces) = evidence.pieces.into_iter().partition(is_header);
        evidence.pieces = pieces;
        let header = |piece: Piece| HeaderPiece {
            bytes: piece.bytes[..SEAL_LEN.min(piece.bytes.len())].to_vec(),
            source: piece.source,
        };
        evidence.headers = headers.into_iter().map(header).collect();
        let given: BTreeSet<String> = evidence.pieces.iter().map(|piece| piece.source.clone()).collect();
        let headers: BTreeSet<String> = evidence.headers.iter().map(|piece| piece.source.clone()).collect();
        let is_given = |name: &str| given.contains(name) || headers.contains(name);
        let stated = |alias: &str| self.log.iter().any(|one| one.of == alias);
        let others = world.parties().map(|(alias, _)| alias);
        let others = others
            .filter(|alias| self.logs && !stated(alias) && !self.without.iter().any(|one| one == alias));
        let whole: Vec<LogGiven> = others.map(LogGiven::whole).collect();
        for (index, log) in self.log.iter().chain(&whole).enumerate() {
            let none = || {
                let problem = format!("`{}` has no such log", log.of);
                ScenarioError::field("", EntryError::new(format!("hand_over/log/{index}"), problem, None))
            };
            let (piece, header) = log.piece(world, is_given).ok_or_else(none)?;
            evidence.logs.push(piece);
            if !given.contains(&header.source) {
                evidence.headers.push(header);
            }
        }
        Ok(evidence)
    }

    fn check(&self, world: &World) -> Result<(), EntryError> {
        let party = |field: String, alias: &str| match world.party(alias) {
            Some(_) => Ok(()),
            None => Err(unknown(field, "party", alias, world.parties().map(|(alias, _)| alias))),
        };
        for (index, alias) in self.without.iter().enumerate() {
            party(format!("hand_over/without/{index}"), alias)?;
        }
        for (index, name) in self.headers.iter().enumerate() {
            if !world.signed.iter().any(|signed| signed.name == *name) {
                let known = world.signed.iter().map(|signed| signed.name.as_str());
                return Err(unknown(format!("hand_over/headers/{index}"), "record", name, known));
            }
        }
        for (index, one) in self.withhold.iter().enumerate() {
            let field = format!("hand_over/withhold/{index}");
            party(format!("{field}/by"), &one.by)?;
            let of_party = || world.signed.iter().filter(|signed| signed.by == one.by);
            let meant = || of_party().filter(|signed| one.is_about(&signed.by, &signed.name));
            if meant().next().is_none() {
                let name = one.event.as_deref().unwrap_or_default();
                let known = of_party().map(|signed| signed.name.as_str());
                return Err(unknown(format!("{field}/event"), "event of that party", name, known));
            }
            let records: Vec<SealedRecord> =
                meant().filter_map(|signed| SealedRecord::parse(&signed.bytes).ok()).collect();
            // A record that is damaged or of an unknown kind does not tell its items.
            if records.len() < meant().count() {
                continue;
            }
            let entries = records.iter().flat_map(|record| record.directory());
            let keys: BTreeSet<&str> = entries.map(|entry| entry.key.as_str()).collect();
            let none = |pattern: &&String| !keys.iter().any(|key| matches(pattern, key));
            if let Some(pattern) = one.items.iter().find(none) {
                let field = format!("{field}/items");
                return Err(unknown(field, "private item of it", pattern, keys.into_iter()));
            }
        }
        Ok(())
    }

    fn withholds(&self, by: &str, name: &str, bytes: &[u8], index: u32) -> bool {
        let rules = self.withhold.iter().filter(|one| one.is_about(by, name));
        let mut rules = rules.peekable();
        if rules.peek().is_none() {
            return false;
        }
        let Ok(record) = SealedRecord::parse(bytes) else { return false };
        let Some(entry) = record.directory().get(index as usize) else { return false };
        rules.any(|rule| rule.items.iter().any(|pattern| matches(pattern, &entry.key)))
    }
}

impl Withheld {
    fn is_about(&self, by: &str, name: &str) -> bool {
        self.by == by && self.event.as_deref().is_none_or(|event| event == name)
    }

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

/// Whether a pattern stands for the item with this key.
fn matches(pattern: &str, key: &str) -> bool {
    pattern == "*" || path_matches(pattern, key)
}

fn unknown<'n>(
    field: String,
    what: &'static str,
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> EntryError {
    let error = NameError::unknown(what, name, known);
    EntryError::new(field, error.to_string(), error.hint())
}
