//! Packs: one law or standard as a TOML file, read with every word checked.
//!
//! Spec: docs/formats/rule-pack.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use crate::hash::{Hash, sha256};
use crate::model::coded::coded;
pub use crate::model::confidence::Confidence;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::material::Material;
use crate::model::nearest::nearest;
use crate::model::place::Place;
use crate::text::{self, TextError};

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
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
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
    /// First as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Day>,
    /// Last as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Day>,
    /// What to do when it does not pass.
    pub help: String,
    /// What a reader of its verdict must know.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What is looked at.
    pub check: Predicate,
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

/// Why a pack cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The text does not hold a pack.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It says that it is something else.
    #[error("`format` is `{found}`, expected `{FORMAT}`")]
    Format {
        /// What it says.
        found: String,
    },
    /// A name is empty, too long or holds other characters than it may.
    #[error("`{field}` is `{found}`, which is no name of this kind")]
    Name {
        /// Which field.
        field: String,
        /// What was written.
        found: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Two rules have one name.
    #[error("two rules are called `{id}`")]
    SameRule {
        /// The name.
        id: String,
    },
    /// A field that must say something is empty.
    #[error("`{field}` is empty")]
    Empty {
        /// Which field.
        field: String,
    },
    /// A rule names a list that the pack does not have.
    #[error("`{field}` names the list `{given}`, which the pack does not have")]
    UnknownList {
        /// Which field.
        field: String,
        /// What was written.
        given: String,
        /// The table that lists of this kind stand in.
        table: &'static str,
        /// The nearest list, if one is near.
        nearest: Option<String>,
    },
    /// A text ends before it begins.
    #[error("`{field}` ends on {to}, before it begins on {from}")]
    EndsFirst {
        /// Which text.
        field: String,
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
}

impl PackError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(error) => error.hint(),
            Self::Format { .. } => Some(format!("begin the file with `format = \"{FORMAT}\"`")),
            Self::Name { allowed, .. } => Some(format!("write {allowed}")),
            Self::SameRule { .. } => Some("give each rule a name of its own".to_owned()),
            Self::Empty { .. } => Some("fill it in, or leave the line out where that is allowed".to_owned()),
            Self::UnknownList { nearest: Some(name), .. } => Some(format!("did you mean `{name}`?")),
            Self::UnknownList { table, given, .. } => {
                Some(format!("add `{given} = [...]` under `[{table}]`"))
            }
            Self::EndsFirst { .. } => Some("swap the two days".to_owned()),
        }
    }
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] naming the field that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, PackError> {
        let file: PackFile = text::from_toml(text)?;
        file.check()?;
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

    /// Returns the places of a list that a rule of this pack names.
    pub(super) fn places(&self, list: &str) -> &[Place] {
        self.file.countries.get(list).map(Vec::as_slice).unwrap_or_default()
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
        if self.materials.is_empty() {
            return Applies::Yes;
        }
        let begins = |long: &Material, short: &Material| {
            let rest = long.as_str().strip_prefix(short.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if self.materials.iter().any(|listed| begins(material, listed)) {
            Applies::Yes
        } else if self.materials.iter().any(|listed| begins(listed, material)) {
            Applies::Open
        } else {
            Applies::No
        }
    }
}

impl PackFile {
    fn check(&self) -> Result<(), PackError> {
        if self.format != FORMAT {
            return Err(PackError::Format { found: self.format.clone() });
        }
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        name("id", &self.id, lower, "1 to 64 lower-case letters, digits or `-`")?;
        for (field, text) in [
            ("version", &self.version),
            ("title", &self.title),
            ("jurisdiction", &self.jurisdiction),
            ("reviewer", &self.reviewer),
        ] {
            filled(field, text)?;
        }
        if self.legal_refs.is_empty() {
            return Err(PackError::Empty { field: "legal_ref".to_owned() });
        }
        if self.rules.is_empty() {
            return Err(PackError::Empty { field: "rule".to_owned() });
        }
        in_order("the pack", self.effective_from, self.effective_to)?;
        for (at, rule) in self.rules.iter().enumerate() {
            let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
            name(&format!("rule[{at}].id"), &rule.id, upper, "1 to 64 upper-case letters, digits or `-`")?;
            if self.rules[..at].iter().any(|other| other.id == rule.id) {
                return Err(PackError::SameRule { id: rule.id.clone() });
            }
            filled(&format!("rule[{at}].title"), &rule.title)?;
            filled(&format!("rule[{at}].clause"), &rule.clause)?;
            filled(&format!("rule[{at}].help"), &rule.help)?;
            in_order(&format!("rule[{at}]"), rule.effective_from, rule.effective_to)?;
            rule.check.check(self, &format!("rule[{at}].check"))?;
        }
        Ok(())
    }

    /// Checks that the pack has a list of countries called `given`.
    pub(super) fn needs_countries(&self, field: &str, given: &str) -> Result<(), PackError> {
        known(field, given, "countries", self.countries.keys(), self.countries.get(given).map(Vec::len))
    }

    /// Checks that the pack has a list of elements called `given`.
    pub(super) fn needs_elements(&self, field: &str, given: &str) -> Result<(), PackError> {
        known(field, given, "elements", self.elements.keys(), self.elements.get(given).map(Vec::len))
    }
}

fn known<'a>(
    field: &str,
    given: &str,
    table: &'static str,
    mut names: impl Iterator<Item = &'a String>,
    length: Option<usize>,
) -> Result<(), PackError> {
    match length {
        Some(0) => Err(PackError::Empty { field: format!("{table}.{given}") }),
        Some(_) => Ok(()),
        None => Err(PackError::UnknownList {
            field: field.to_owned(),
            given: given.to_owned(),
            table,
            nearest: nearest(given, names.by_ref().map(String::as_str)).map(str::to_owned),
        }),
    }
}

fn name(field: &str, found: &str, fits: impl Fn(u8) -> bool, allowed: &'static str) -> Result<(), PackError> {
    if (1..=64).contains(&found.len()) && found.bytes().all(fits) {
        return Ok(());
    }
    Err(PackError::Name { field: field.to_owned(), found: found.to_owned(), allowed })
}

pub(super) fn filled(field: &str, text: &str) -> Result<(), PackError> {
    if text.trim().is_empty() { Err(PackError::Empty { field: field.to_owned() }) } else { Ok(()) }
}

fn in_order(field: &str, from: Option<Day>, to: Option<Day>) -> Result<(), PackError> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => {
            Err(PackError::EndsFirst { field: field.to_owned(), from, to })
        }
        _ => Ok(()),
    }
}

/// Texts of the packs that come with the program, with their ids.
const EMBEDDED: &[(&str, &str)] = &[
    ("us-dfars-7052-magnets", include_str!("packs/us-dfars-7052-magnets.toml")),
    ("us-ndaa-857-nodes", include_str!("packs/us-ndaa-857-nodes.toml")),
    ("gov-base", include_str!("packs/gov-base.toml")),
];

/// Returns the packs that come with the program.
pub fn embedded() -> Vec<Pack> {
    let read = |(_, text): &(&str, &str)| Pack::from_toml(text).expect("a test reads every embedded pack");
    EMBEDDED.iter().map(read).collect()
}

/// Returns the text of the embedded pack with this id, as a start for one's own.
pub fn embedded_text(id: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
format = "lodemark/pack@1"
id = "small"
version = "1"
title = "A small pack"
jurisdiction = "none"
status = "draft"
as_of_kind = "event"
confidence = "unverified"
reviewer = "none"

[[legal_ref]]
ref = "none"
checked = "2026-11-23"

[countries]
covered = ["CN"]

[elements]
named = ["Nd"]

[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
materials = ["magnet.NdFeB"]
help = "ask"

[rule.check.forbid_touch]
countries = "covered"
stages = ["P60"]

[[rule.check.forbid_touch.elements]]
list = "named"
least = "transcribed"
"#;

    fn changed(from: &str, to: &str) -> PackError {
        assert!(SMALL.contains(from), "{from}");
        Pack::from_toml(&SMALL.replace(from, to)).unwrap_err()
    }

    #[test]
    fn every_embedded_pack_reads_and_has_the_id_it_is_listed_under() {
        for ((id, text), pack) in EMBEDDED.iter().zip(embedded()) {
            assert_eq!(pack.file.id, *id);
            assert_eq!(pack.hash, sha256(&[text.as_bytes()]));
            assert_eq!(pack.file.reviewer, "none", "a person's name stands there only after a review");
        }
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_line_and_the_nearest_one() {
        let error = changed("stages = [\"P60\"]", "stage = [\"P60\"]");
        assert!(error.to_string().contains("rule[0].check.forbid_touch.stage"), "{error}");
        assert_eq!(error.hint().as_deref(), Some("did you mean `stages`?"));
    }

    #[test]
    fn misspelt_words_get_the_nearest_right_one() {
        for (from, to, hint) in [
            ("status = \"draft\"", "status = \"enactd\"", "did you mean `enacted`?"),
            ("scope = \"ancestry\"", "scope = \"ancestri\"", "did you mean `ancestry`?"),
            ("named = [\"Nd\"]", "named = [\"neodymium\"]", "did you mean `Nd`?"),
            ("magnet.NdFeB", "magnet.NdFBe", "did you mean `NdFeB`?"),
            ("rule.check.forbid_touch]", "rule.check.forbid_tuch]", "did you mean `forbid_touch`?"),
            ("least = \"transcribed\"", "least = \"transcibed\"", "did you mean `transcribed`?"),
            ("countries = \"covered\"", "countries = \"coverd\"", "did you mean `covered`?"),
            ("list = \"named\"", "list = \"name\"", "did you mean `named`?"),
        ] {
            let text = SMALL.replace(from, to);
            let text = match to.contains("forbid_tuch") {
                true => text.replace("[[rule.check.forbid_touch", "[[rule.check.forbid_tuch"),
                false => text,
            };
            let error = Pack::from_toml(&text).unwrap_err();
            assert_eq!(error.hint().as_deref(), Some(hint), "{to}: {error}");
        }
    }

    #[test]
    fn a_pack_without_texts_rules_or_names_is_refused() {
        assert!(matches!(changed("id = \"small\"", "id = \"Small pack\""), PackError::Name { .. }));
        assert!(matches!(changed("covered = [\"CN\"]", "covered = []"), PackError::Empty { .. }));
        assert!(matches!(changed("title = \"something\"", "title = \" \""), PackError::Empty { .. }));
        assert!(matches!(
            changed(
                "help = \"ask\"",
                "help = \"ask\"\neffective_from = \"2027-01-01\"\neffective_to = \"2026-12-31\""
            ),
            PackError::EndsFirst { .. }
        ));
        let twice = SMALL.to_owned()
            + SMALL.split_once("[[rule]]").map(|(_, rule)| ["[[rule]]", rule].concat()).unwrap().as_str();
        assert!(matches!(Pack::from_toml(&twice).unwrap_err(), PackError::SameRule { .. }));
    }

    #[test]
    fn a_rule_is_about_what_begins_with_a_listed_material() {
        let pack = Pack::from_toml(SMALL).unwrap();
        let rule = pack.rule("A-1").unwrap();
        let applies = |code: &str| rule.applies_to(&Material::from_code(code).unwrap());
        assert_eq!(applies("magnet.NdFeB"), Applies::Yes);
        assert_eq!(applies("magnet.NdFeB.sintered"), Applies::Yes);
        assert_eq!(applies("magnet"), Applies::Open);
        assert_eq!(applies("magnet.NdFeBx"), Applies::No);
        assert_eq!(applies("alloy.NdFeB"), Applies::No);
    }

    #[test]
    fn every_byte_of_a_pack_is_in_its_hash() {
        let pack = Pack::from_toml(SMALL).unwrap();
        let spaced = Pack::from_toml(&format!("{SMALL}\n")).unwrap();
        assert_eq!(pack.file, spaced.file);
        assert_ne!(pack.hash, spaced.hash);
    }

    #[test]
    fn the_page_about_packs_begins_with_a_pack_that_reads_and_lists_every_reason_code() {
        use crate::model::coded::Coded;
        let page = include_str!("../../docs/formats/rule-pack.md");
        let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        assert_eq!(Pack::from_toml(example).unwrap().file.id, "example-magnets");
        for code in crate::rules::ReasonCode::ALL {
            assert!(page.contains(&format!("`{code}`")), "{code} is not on the page");
        }
    }
}
