//! What a rule looked at: its parameters, its lists, and each step that counts with what the rule makes of it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::day::JudgedDay;
use super::facts::Facts;
use super::judge::Input;
use super::kind::{Asked, Matched};
use super::pack::{Pack, Rule};
use super::reading::reading;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::place::{Country, Place};

/// The most steps that an explanation lists.
const MAX_STEPS: usize = 200;

/// Countries to try as one that no list names; the first that none does is taken.
const ELSEWHERE: [&str; 6] = ["NO", "CH", "NZ", "UY", "IS", "SG"];

/// What a rule looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Grounds {
    /// The kind of question.
    pub kind: &'static str,
    /// Its parameters, as they stand in the pack.
    pub parameters: String,
    /// Each list or table that it names: kind, name, entries.
    pub lists: Vec<ListLine>,
    /// The steps that count, sources first.
    pub steps: Vec<Matched>,
    /// How many further ones are not told.
    pub left_out: usize,
}

/// A list or table that a rule names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ListLine {
    /// Where it stands in the pack, such as `countries.covered`.
    pub name: String,
    /// Its entries, as they are written.
    pub entries: String,
    /// The day of the text it follows, and that text; none where the pack does not say.
    pub version: Option<String>,
}

/// A place that a rule looked at: of a facility, or as a record states it for a step on papers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Site {
    /// A declared facility.
    Facility(RecordId),
    /// A place that a record states.
    Stated {
        /// The record.
        record: RecordId,
        /// The place.
        place: Place,
    },
}

/// Returns what `rule` looks at when it judges the lot of `input` for the day `as_of`.
pub fn grounds(pack: &Pack, rule: &Rule, input: &Input<'_>, as_of: Day) -> Grounds {
    let facts = Facts::new(input);
    let kind = rule.check.kind();
    let mut lists: Vec<ListLine> = Vec::new();
    for one in kind.uses().into_iter().chain(rule.uses()) {
        let name = format!("{}.{}", one.table(), one.name());
        if lists.iter().all(|known| known.name != name) {
            let version = pack.file.versions.get(one.name());
            lists.push(ListLine {
                name,
                entries: pack.file.written(&one),
                version: version.map(|version| format!("{}, {}", version.date, version.source)),
            });
        }
    }
    let reading = reading(pack, rule, input.as_of.case);
    let mut steps = kind.matched(&Asked { facts: &facts, pack, rule, reading, day: &JudgedDay::new(as_of) });
    let left_out = steps.len().saturating_sub(MAX_STEPS);
    steps.truncate(MAX_STEPS);
    Grounds { kind: kind.name(), parameters: crate::text::to_toml(&rule.check), lists, steps, left_out }
}

impl Grounds {
    /// Returns the places of its steps, each once, in the order of the steps.
    pub fn sites(&self) -> Vec<Site> {
        let mut seen = BTreeSet::new();
        let site = |step: &Matched| match &step.place {
            Some((Some(facility), _)) => Some(Site::Facility(*facility)),
            Some((None, place)) => Some(Site::Stated { record: step.record, place: *place }),
            None => None,
        };
        self.steps.iter().filter_map(site).filter(|site| seen.insert(site.clone())).collect()
    }
}

/// Returns a country that each list of countries of the rule names, and one that no list of the pack names.
pub fn countries_to_try(pack: &Pack, rule: &Rule) -> (Vec<Place>, Option<Place>) {
    let kind = rule.check.kind();
    let uses = kind.uses();
    let named: Vec<Place> =
        uses.iter().filter_map(|one| pack.file.countries.get(one.name())?.first().copied()).collect();
    let is_listed =
        |country: &Country| pack.file.countries.values().flatten().any(|place| place.country == *country);
    let outside = ELSEWHERE.iter().filter_map(|code| Country::from_code(code)).find(|one| !is_listed(one));
    (named, outside.map(|country| Place { country, subdivision: None }))
}
