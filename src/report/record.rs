//! One record, whole: its place in its chain and everything it states.

use serde::Serialize;

use super::known::{Called, Known, Short};
use super::lots::owner_words;
use super::page::{Page, Style};
use super::screen::Screen;
use crate::custody::title::Owner;
use crate::entry::Tree;
use crate::hash::{Hash, PartyId};
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::text;

/// A record as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordScreen {
    author: Called<PartyId>,
    record: Record,
    /// Whose the lots are that it created, where records say more than who made them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<OwnedLot>,
    /// What was said about it later, by its author or others, in the order of arrival.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    later: Vec<Record>,
    #[serde(skip)]
    known: Known,
}

/// A lot, and whose it is today.
#[derive(Clone, Debug, Serialize)]
struct OwnedLot {
    lot: Called<LotRef>,
    owner: String,
}

impl RecordScreen {
    /// Returns the screen of a record; `known` gives names to what it refers to.
    pub fn new(record: Record, known: Known) -> Self {
        Self { author: known.party(&record.author), record, owners: Vec::new(), later: Vec::new(), known }
    }

    /// Adds whose the lots are that the record created.
    pub fn with_owners(mut self, owners: Vec<(LotRef, Owner)>) -> Self {
        let owned = |(lot, owner): (LotRef, Owner)| OwnedLot {
            lot: self.known.lot(&lot),
            owner: owner_words(&owner, &self.known),
        };
        self.owners = owners.into_iter().map(owned).collect();
        self
    }

    /// Returns it with what was said about the record later.
    pub fn with_later(self, later: Vec<Record>) -> Self {
        Self { later, ..self }
    }

    /// Writes what was said later: of a correction the whole statement that stands in the place of the one above.
    fn later(&self, page: &mut Page) {
        for one in &self.later {
            let by = self.known.party(&one.author).text(page.style());
            let kind = words(crate::model::coded::Coded::name(one.kind()));
            page.heading(&format!(
                "{kind} by {by}, record {}, signed at {} (claimed)",
                one.seq, one.signed_at
            ));
            let tree: Tree =
                text::from_json(&text::to_json(&one.event.body)).expect("JSON written here reads back");
            let Tree::Table(fields) = &tree else { continue };
            for (name, value) in fields.iter().filter(|(name, _)| name != "kind" && name != "target") {
                field(page, &self.known, 2, name, value);
            }
        }
    }
}

impl Screen for RecordScreen {
    const NAME: &'static str = "record";

    fn write(&self, page: &mut Page) {
        let record = &self.record;
        let style = page.style();
        let id = if style.ids { record.id.whole_form() } else { record.id.short_form() };
        page.heading(&format!("{} {}", words(crate::model::coded::Coded::name(record.kind())), id));
        page.line(
            2,
            &format!("record {} of {}, epoch {}", record.seq, self.author.text(style), record.epoch),
        );
        page.line(2, &format!("signed at {} (claimed)", record.signed_at));
        if let Some(who) = super::chain::attested_by(record, &self.known) {
            page.line(2, &format!("attested by {who}, recorded by {}", self.author.text(style)));
        }
        // Reading our own JSON back gives every field of every kind a place without a word of code for it.
        let tree: Tree =
            text::from_json(&text::to_json(&record.event)).expect("JSON written here reads back");
        if let Tree::Table(fields) = &tree {
            let body = fields.iter().find(|(name, _)| name == "body").map(|(_, body)| body);
            if let Some(Tree::Table(body)) = body {
                for (name, value) in body.iter().filter(|(name, _)| name != "kind") {
                    field(page, &self.known, 2, name, value);
                }
            }
            for (name, value) in fields.iter().filter(|(name, _)| name != "body") {
                field(page, &self.known, 2, name, value);
            }
        }
        for one in &self.owners {
            page.line(2, &format!("{} is owned by {}", one.lot.text(style), one.owner));
        }
        if !record.withheld.is_empty() {
            page.line(2, &format!("withheld from this reader: {}", record.withheld.join(", ")));
        }
        self.later(page);
    }
}

/// Writes one field, and those inside it two columns deeper.
fn field(page: &mut Page, known: &Known, indent: usize, name: &str, value: &Tree) {
    match value {
        Tree::Nothing => {}
        Tree::List(entries) if entries.is_empty() => {}
        Tree::List(entries) if entries.iter().all(|entry| plain(known, page.style(), entry).is_some()) => {
            let texts: Vec<String> =
                entries.iter().filter_map(|entry| plain(known, page.style(), entry)).collect();
            page.line(indent, &format!("{}: {}", words(name), texts.join(", ")));
        }
        Tree::List(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                field(page, known, indent, &format!("{} {}", words(name), index), entry);
            }
        }
        Tree::Table(fields) => {
            page.line(indent, &format!("{}:", words(name)));
            for (name, value) in fields {
                field(page, known, indent + 2, name, value);
            }
        }
        value => {
            let text = plain(known, page.style(), value).unwrap_or_default();
            page.line(indent, &format!("{}: {text}", words(name)));
        }
    }
}

/// Returns the text of a value without parts, names instead of ids.
fn plain(known: &Known, style: Style, value: &Tree) -> Option<String> {
    match value {
        Tree::Flag(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        Tree::Whole(number) => Some(number.to_string()),
        Tree::Number(text) => Some(text.clone()),
        Tree::Text(text) => Some(match known.any(text) {
            Some(name) if style.ids => format!("{name} [{text}]"),
            Some(name) => name.to_owned(),
            None if style.ids => text.clone(),
            None => shortened(text),
        }),
        Tree::Nothing | Tree::List(_) | Tree::Table(_) => None,
    }
}

fn shortened(text: &str) -> String {
    if let Ok(lot) = text.parse::<LotRef>() {
        return lot.short();
    }
    Hash::from_hex(text).map_or_else(|| text.to_owned(), |hash| hash.to_hex()[..16].to_owned())
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
