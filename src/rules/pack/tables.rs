//! Lists and tables of a pack: which kinds there are, which rules name which, and where each is from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{EntityList, PackFault, PackFile, Rule, Threshold};
use crate::model::day::Day;
use crate::model::nearest::nearest;
use crate::text;

/// What a rule says instead of a list where it is about every element that a lot can hold.
pub(in crate::rules) const ALL_ELEMENTS: &str = "all";

/// A kind of list or table that rules name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Countries and regions.
    Countries,
    /// Elements.
    Elements,
    /// What countries ask of goods that leave them.
    Borders,
    /// Readings of a text.
    Settings,
    /// Persons and firms.
    Entities,
    /// Masses from which on something applies.
    Thresholds,
    /// What is known to be done in countries.
    Capabilities,
}

/// Where a list or table is from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The day of the text it follows.
    pub date: Day,
    /// That text.
    pub source: String,
}

/// A list or table that no rule names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unused {
    /// What kind it is.
    pub table: Table,
    /// What it is called.
    pub name: String,
}

/// That a rule names a list or table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::rules) struct Use<'a> {
    /// The field that names it, inside the rule's check.
    pub(super) field: String,
    pub(super) table: Table,
    pub(super) name: &'a str,
}

impl<'a> Use<'a> {
    /// Says that `field` of a check names `name`.
    pub(in crate::rules) fn new(field: impl Into<String>, table: Table, name: &'a str) -> Self {
        Self { field: field.into(), table, name }
    }

    /// Returns what kind of list it is.
    pub(in crate::rules) fn table(&self) -> Table {
        self.table
    }

    /// Returns what it is called.
    pub(in crate::rules) fn name(&self) -> &'a str {
        self.name
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Countries => "countries",
            Self::Elements => "elements",
            Self::Borders => "borders",
            Self::Settings => "settings",
            Self::Entities => "entities",
            Self::Thresholds => "thresholds",
            Self::Capabilities => "capabilities",
        })
    }
}

impl Table {
    /// Returns how a list called `name` is written.
    pub(super) fn example(self, name: &str) -> String {
        match self {
            Self::Countries => format!("add `{name} = [\"CN\"]` under `[countries]`"),
            Self::Elements => format!("add `{name} = [\"Nd\"]` under `[elements]`"),
            Self::Settings => format!("add `[settings.{name}]` with `choices`, `default` and `about`"),
            Self::Entities => {
                format!("add a table `[entities.{name}]` with `date`, `source`, `complete` and its entries")
            }
            Self::Borders | Self::Capabilities | Self::Thresholds => {
                format!("add rows under `[[{self}.{name}]]`")
            }
        }
    }
}

fn in_words<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn in_rows<T: Serialize>(rows: &[T]) -> String {
    rows.iter().map(text::to_json_line).collect::<Vec<_>>().join("\n")
}

impl Rule {
    /// Returns the tables that it names outside its check.
    pub(in crate::rules) fn uses(&self) -> impl Iterator<Item = Use<'_>> {
        self.setting.iter().map(|name| Use::new("setting", Table::Settings, name))
    }
}

impl PackFile {
    /// Returns a list or table as it is written in the pack, without its header.
    pub(in crate::rules) fn written(&self, one: &Use<'_>) -> String {
        let list = match one.table {
            Table::Countries => self.countries.get(one.name).map(|list| in_words(list)),
            Table::Elements if one.name == ALL_ELEMENTS => {
                Some("every element that the lot can hold".to_owned())
            }
            Table::Elements => self.elements.get(one.name).map(|list| in_words(list)),
            Table::Borders => self.borders.get(one.name).map(|rows| in_rows(rows)),
            Table::Settings => self.settings.get(one.name).map(|one| in_words(&one.choices)),
            Table::Entities => self.entities.get(one.name).map(EntityList::written),
            Table::Thresholds => self.thresholds.get(one.name).map(|rows| {
                let row = |row: &Threshold| format!("{} {}", row.code, row.limit);
                rows.iter().map(row).collect::<Vec<_>>().join(", ")
            }),
            Table::Capabilities => self.capabilities.get(one.name).map(|rows| in_rows(rows)),
        };
        list.unwrap_or_default()
    }

    /// Returns every list and table, with its number of entries.
    ///
    /// A list of entities that says it is not complete may have none.
    fn tables(&self) -> Vec<(Table, &str, usize)> {
        let countries =
            self.countries.iter().map(|(name, list)| (Table::Countries, name.as_str(), list.len()));
        let elements = self.elements.iter().map(|(name, list)| (Table::Elements, name.as_str(), list.len()));
        let borders = self.borders.iter().map(|(name, rows)| (Table::Borders, name.as_str(), rows.len()));
        let settings = self.settings.iter();
        let settings = settings.map(|(name, one)| (Table::Settings, name.as_str(), one.choices.len()));
        let entities = self.entities.keys().map(|name| (Table::Entities, name.as_str(), 1));
        let thresholds =
            self.thresholds.iter().map(|(name, rows)| (Table::Thresholds, name.as_str(), rows.len()));
        let capable =
            self.capabilities.iter().map(|(name, rows)| (Table::Capabilities, name.as_str(), rows.len()));
        countries
            .chain(elements)
            .chain(borders)
            .chain(settings)
            .chain(entities)
            .chain(thresholds)
            .chain(capable)
            .collect()
    }

    /// Checks each list of entities, and that no list takes the word for every element.
    pub(super) fn check_lists(&self) -> Result<(), PackFault> {
        for (name, list) in &self.entities {
            list.check(&format!("entities.{name}"))?;
        }
        match self.elements.contains_key(ALL_ELEMENTS) {
            true => Err(PackFault::Value {
                field: format!("elements.{ALL_ELEMENTS}"),
                problem: format!("`{ALL_ELEMENTS}` is every element that the lot can hold"),
                hint: "give the list another name".to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// Checks that there is a list or table for each name in `uses`, and that it holds something.
    pub(super) fn needs(&self, field: &str, uses: &[Use<'_>]) -> Result<(), PackFault> {
        let tables = self.tables();
        for one in uses {
            let of_kind = || tables.iter().filter(|(table, ..)| *table == one.table);
            if one.table == Table::Elements && one.name == ALL_ELEMENTS {
                continue;
            }
            match of_kind().find(|(_, name, _)| *name == one.name) {
                Some((_, _, 0)) => {
                    return Err(PackFault::Empty { field: format!("{}.{}", one.table, one.name) });
                }
                Some(_) => {}
                None => {
                    return Err(PackFault::UnknownList {
                        field: format!("{field}.{}", one.field),
                        given: one.name.to_owned(),
                        table: one.table,
                        nearest: nearest(one.name, of_kind().map(|(_, name, _)| *name)).map(str::to_owned),
                        known: of_kind().map(|(_, name, _)| (*name).to_owned()).collect(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Checks that each entry of `[versions]` is about a list or table.
    pub(super) fn check_versions(&self) -> Result<(), PackFault> {
        let tables = self.tables();
        for (name, version) in &self.versions {
            let field = format!("versions.{name}");
            if !tables.iter().any(|(_, known, _)| known == name) {
                let near = nearest(name, tables.iter().map(|(_, known, _)| *known));
                return Err(PackFault::Value {
                    field,
                    problem: "no list or table has this name".to_owned(),
                    hint: near.map_or_else(
                        || "name a list or table of this pack".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ),
                });
            }
            super::filled(&format!("{field}.source"), &version.source)?;
        }
        Ok(())
    }

    /// Returns the lists and tables that no rule names.
    pub(super) fn unused(&self) -> Vec<Unused> {
        let of_checks = self.rules.iter().flat_map(|rule| rule.check.kind().uses());
        let used: BTreeSet<(Table, &str)> = of_checks
            .chain(self.rules.iter().flat_map(Rule::uses))
            .map(|one| (one.table, one.name))
            .collect();
        let unused = self.tables().into_iter().filter(|(table, name, _)| !used.contains(&(*table, *name)));
        unused.map(|(table, name, _)| Unused { table, name: name.to_owned() }).collect()
    }
}
