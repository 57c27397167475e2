//! Lists of entities: persons and firms by name and number, as of a day.
//!
//! A list may be incomplete and even empty: then it can show that somebody is listed, never that nobody is.
//! Spec: docs/formats/rule-pack.md, "Entities".

use serde::{Deserialize, Serialize};

use super::{PackFault, filled};
use crate::model::day::Day;
use crate::model::party::Identifier;
use crate::model::place::Country;

/// A list of entities.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityList {
    /// The day of the list that it follows.
    pub date: Day,
    /// Where that list is published.
    pub source: String,
    /// How many names that list has, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names_on_list: Option<u32>,
    /// Whether every name of that list stands here.
    pub complete: bool,
    /// The entries that stand here.
    #[serde(rename = "entry", default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entity>,
}

/// One entry of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Its name as listed.
    pub name: String,
    /// Its other names as listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Its country, where listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Numbers in registers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

impl EntityList {
    /// Returns how many of the names of the published list stand here, in words.
    pub(in crate::rules) fn coverage(&self) -> String {
        match self.names_on_list {
            Some(all) => format!("{} of {all} names", self.entries.len()),
            None => match self.entries.len() {
                1 => "1 name".to_owned(),
                count => format!("{count} names"),
            },
        }
    }

    /// Returns its day, how complete it is, and its names.
    pub(super) fn written(&self) -> String {
        let names: Vec<String> = self.entries.iter().map(|entry| format!("`{}`", entry.name)).collect();
        let whole = if self.complete { "complete" } else { "not complete" };
        format!("{} of {} ({whole}) {}", self.coverage(), self.date, names.join(" ")).trim_end().to_owned()
    }

    /// Checks what single fields cannot tell; `field` is the path of the list.
    pub(super) fn check(&self, field: &str) -> Result<(), PackFault> {
        filled(&format!("{field}.source"), &self.source)?;
        for (at, entry) in self.entries.iter().enumerate() {
            filled(&format!("{field}.entry[{at}].name"), &entry.name)?;
            for alias in &entry.aliases {
                filled(&format!("{field}.entry[{at}].aliases"), alias)?;
            }
            for identifier in &entry.identifiers {
                let numbers = format!("{field}.entry[{at}].identifiers");
                filled(&numbers, &identifier.scheme)?;
                filled(&numbers, &identifier.number)?;
            }
            if self.entries[..at].iter().any(|other| other.name == entry.name) {
                return Err(PackFault::Value {
                    field: format!("{field}.entry[{at}].name"),
                    problem: format!("`{}` stands on the list twice", entry.name),
                    hint: "give each entry once, with its other names under `aliases`".to_owned(),
                });
            }
        }
        let here = self.entries.len();
        let fault = |problem: String, hint: &str| {
            let field = format!("{field}.complete");
            Err(PackFault::Value { field, problem, hint: hint.to_owned() })
        };
        match self.names_on_list.map(|all| all as usize) {
            _ if self.complete && here == 0 => {
                fault("a list without entries is not complete".to_owned(), "say `complete = false`")
            }
            Some(all) if self.complete && here != all => fault(
                format!("{here} of {all} names stand here, which is not all of them"),
                "say `complete = false`, or give every name",
            ),
            Some(all) if !self.complete && here >= all => fault(
                format!("all {all} names stand here"),
                "say `complete = true`, or correct `names_on_list`",
            ),
            _ => Ok(()),
        }
    }
}
