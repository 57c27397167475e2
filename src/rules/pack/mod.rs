//! Packs: one law or standard as a TOML file, read with every word checked.
//!
//! Spec: docs/formats/rule-pack.md.

mod borders;
mod capabilities;
mod check;
mod embedded;
mod entities;
mod fault;
mod tables;
mod thresholds;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::borders::{Amounts, BorderRow, MinSpec};
pub use self::capabilities::{Capability, PlantStatus};
pub(super) use self::check::filled;
pub use self::embedded::{by_default, embedded, embedded_text, named};
pub use self::entities::{Entity, EntityList};
pub use self::fault::{PackError, PackFault};
pub(super) use self::tables::{ALL_ELEMENTS, Use};
pub use self::tables::{Table, Unused, Version};
pub use self::thresholds::{Per, Threshold};
use super::kind::Predicate;
use crate::hash::{Hash, sha256};
use crate::model::coded::coded;
pub use crate::model::confidence::Confidence;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::place::Place;
use crate::text;
use crate::trust::case::ItemClass;

/// First field of every pack.
pub const FORMAT: &str = "lodemark/pack@1";

coded! {
    /// Where a text stands on its way into and out of law.
    PackStatus, "status of a pack" {
        /// Being written.
        Draft = 1 "draft",
        /// Before a legislature or agency.
        Proposed = 2 "proposed",
        /// In force, or to be from a known day.
        Enacted = 3 "enacted",
        /// Enacted, and not applied for now.
        Suspended = 4 "suspended",
        /// No longer law.
        Repealed = 5 "repealed",
        /// Sources differ on whether it is law.
        Contested = 6 "contested",
    }
}

coded! {
    /// Which day decides which text applies.
    AsOfKind, "kind of as-of date" {
        /// Delivery to the final customer.
        Delivery = 1 "delivery",
        /// Import.
        Import = 2 "import",
        /// Placing on the market.
        PlacingOnMarket = 3 "placing_on_market",
        /// Sale.
        Sale = 4 "sale",
        /// Export.
        Export = 5 "export",
        /// The day of the event itself.
        Event = 6 "event",
    }
}

coded! {
    /// What a reader must hold for a rule to be decided.
    Scope, "scope" {
        /// The record alone.
        Record = 1 "record",
        /// Everything behind the lot.
        Ancestry = 2 "ancestry",
        /// All records of every party behind the lot.
        WholeChain = 3 "whole_chain",
        /// All receipts of the reader in a period.
        Portfolio = 4 "portfolio",
    }
}

coded! {
    /// What it means that a rule is not met.
    Severity, "severity" {
        /// Its verdict counts.
        Decide = 1 "decide",
        /// It is told, and decides nothing: the text binds somebody else, or is only aimed at.
        Inform = 2 "inform",
    }
}

impl Severity {
    /// Whether the verdict counts.
    pub fn decides(&self) -> bool {
        *self == Self::Decide
    }

    /// What a rule has that states none.
    fn usual() -> Self {
        Self::Decide
    }
}

/// A pack whose every word and list was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pack {
    /// SHA-256 of the file.
    pub hash: Hash,
    /// What it says.
    #[serde(flatten)]
    pub file: PackFile,
}

/// A pack as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Always [`FORMAT`].
    pub format: String,
    /// Name for commands and verdicts: lower-case letters, digits and `-`.
    pub id: String,
    /// Version of this pack, not of the law.
    pub version: String,
    /// What it is, in a line.
    pub title: String,
    /// Whose law: a country, `EU`, or `none` for a standard.
    pub jurisdiction: String,
    /// Where the text stands.
    pub status: PackStatus,
    /// First as-of day of the text, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Day>,
    /// Last as-of day of the text, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Day>,
    /// Which day counts.
    pub as_of_kind: AsOfKind,
    /// How well the text was read.
    pub confidence: Confidence,
    /// The person who has reviewed the pack; `none` until one has.
    pub reviewer: String,
    /// Whether it is asked where the reader names no packs.
    #[serde(default)]
    pub by_default: bool,
    /// From which days on nobody here knows where the text stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsettled: Vec<Unsettled>,
    /// What a reader of a verdict must know.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The texts it follows.
    #[serde(rename = "legal_ref")]
    pub legal_refs: Vec<LegalRef>,
    /// Lists of countries and regions, by name.
    #[serde(default)]
    pub countries: BTreeMap<String, Vec<Place>>,
    /// Lists of elements, by name.
    #[serde(default)]
    pub elements: BTreeMap<String, Vec<Element>>,
    /// What countries ask of goods that leave them, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub borders: BTreeMap<String, Vec<BorderRow>>,
    /// Readings of a text of which the reader may choose one, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Setting>,
    /// Lists of persons and firms, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, EntityList>,
    /// Masses from which on something applies, by name of the table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: BTreeMap<String, Vec<Threshold>>,
    /// What is known to be done in countries, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub capabilities: BTreeMap<String, Vec<Capability>>,
    /// Where lists and tables are from, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, Version>,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// A day from which on nobody here knows where a text stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsettled {
    /// First as-of day that is not settled.
    pub from: Day,
    /// What is not known, such as `unverified-after-2026-11-10`.
    pub note: String,
}

/// Readings of a text, of which one is judged by.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The readings, by a word each.
    pub choices: Vec<String>,
    /// The one that counts where the reader's case file chooses none.
    pub default: String,
    /// What they differ in.
    pub about: String,
}

/// A text that a pack follows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalRef {
    /// How it is cited.
    #[serde(rename = "ref")]
    pub cite: String,
    /// Date of the text that was read, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_date: Option<Day>,
    /// Day on which it was looked up.
    pub checked: Day,
    /// What in the pack rests on it, where several texts say several things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// One rule of a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name inside the pack: upper-case letters, digits and `-`.
    pub id: String,
    /// The problem it looks for, in a line.
    pub title: String,
    /// Clause of the text.
    pub clause: String,
    /// What a reader must hold.
    pub scope: Scope,
    /// Materials it applies to, each with everything that begins with it; none listed means all.
    #[serde(default)]
    pub materials: Vec<Material>,
    /// In a thing made of parts it applies above so much of those materials in each piece; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts_over: Option<Mass>,
    /// Classes of end items that it is about; none listed means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item_classes: Vec<ItemClass>,
    /// What it means that the case file does not give the class.
    #[serde(default)]
    pub without_class: WithoutClass,
    /// First as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Day>,
    /// Last as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Day>,
    /// The rule of this pack whose text this one takes the place of; their days may not overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// What it means that it is not met.
    #[serde(default = "Severity::usual", skip_serializing_if = "Severity::decides")]
    pub severity: Severity,
    /// The setting whose reading it is judged by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// What to do when it does not pass.
    pub help: String,
    /// What a reader of its verdict must know.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What is looked at.
    pub check: Predicate,
}

/// What it means that nobody says of which class an end item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutClass {
    /// The rule is asked, and comes to no worse than `unknown`.
    #[default]
    Open,
    /// The rule is not asked.
    NotApplicable,
}

/// Whether a rule is about a material.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applies {
    /// It is.
    Yes,
    /// The code says too little to tell.
    Open,
    /// It is not.
    No,
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] naming the field that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, PackError> {
        Self::checked_from_toml(text).map_err(|mut errors| errors.remove(0))
    }

    /// Reads a pack, and says of every rule what is wrong with it.
    ///
    /// # Errors
    /// What is wrong, in the order of the file's fields: where the text holds no pack, the first fault alone; else
    /// the first of the pack as a whole and the first of each rule. Never empty.
    pub fn checked_from_toml(text: &str) -> Result<Self, Vec<PackError>> {
        let file: PackFile = text::from_toml(text).map_err(|error| vec![error.into()])?;
        let faults = file.faults();
        if !faults.is_empty() {
            return Err(faults.into_iter().map(|fault| PackError::at(text, fault)).collect());
        }
        Ok(Self { hash: sha256(&[text.as_bytes()]), file })
    }

    /// Returns the rule with this name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.file.rules.iter().find(|rule| rule.id == id)
    }

    /// Returns the days on which `rule` applies: the overlap of its own text and the pack's.
    pub fn effective(&self, rule: &Rule) -> (Option<Day>, Option<Day>) {
        let from = self.file.effective_from.max(rule.effective_from);
        let ends = [self.file.effective_to, rule.effective_to];
        (from, ends.into_iter().flatten().min())
    }

    /// Returns the day on which the newest of its texts was looked up.
    pub fn checked(&self) -> Day {
        let days = self.file.legal_refs.iter().map(|text| text.checked);
        days.max().expect("a pack names at least one text")
    }

    /// Returns the lists and tables that none of its rules names.
    pub fn unused(&self) -> Vec<Unused> {
        self.file.unused()
    }

    /// Returns the setting that a rule is judged by.
    pub(super) fn setting(&self, rule: &Rule) -> Option<&Setting> {
        self.file.settings.get(rule.setting.as_ref()?)
    }

    /// Returns the places of a list that a rule of this pack names.
    pub(super) fn places(&self, list: &str) -> &[Place] {
        self.file.countries.get(list).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the rows of a table that a rule of this pack names.
    pub(super) fn border_rows(&self, table: &str) -> &[BorderRow] {
        self.file.borders.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the list of entities that a rule of this pack names.
    pub(super) fn entity_list(&self, list: &str) -> &EntityList {
        self.file.entities.get(list).expect("reading the pack checks that every list is there")
    }

    /// Returns the rows of a table of thresholds that a rule of this pack names.
    pub(super) fn threshold_rows(&self, table: &str) -> &[Threshold] {
        self.file.thresholds.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the rows of a table of what is known, which a rule of this pack names.
    pub(super) fn capability_rows(&self, table: &str) -> &[Capability] {
        self.file.capabilities.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the elements of a list that a rule of this pack names.
    pub(super) fn element_list(&self, list: &str) -> &[Element] {
        self.file.elements.get(list).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Rule {
    /// Returns whether it is about lots of `material`.
    ///
    /// A listed `magnet.NdFeB` is about `magnet.NdFeB.sintered` too; a lot called only `magnet` leaves it open.
    pub fn applies_to(&self, material: &Material) -> Applies {
        applies(&self.materials, material)
    }
}

/// Returns whether `materials` are about `material`, each with everything that begins with it; none listed means all.
pub(super) fn applies(materials: &[Material], material: &Material) -> Applies {
    if materials.is_empty() {
        return Applies::Yes;
    }
    if materials.iter().any(|listed| begins(material, listed)) {
        Applies::Yes
    } else if materials.iter().any(|listed| begins(listed, material)) {
        Applies::Open
    } else {
        Applies::No
    }
}

/// Whether a code is another, or goes on after it.
pub(super) fn begins(long: &Material, short: &Material) -> bool {
    let rest = long.as_str().strip_prefix(short.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests;
