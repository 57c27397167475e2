//! Probing a scenario: does each answer rest on the values it names, and on those alone?
//!
//! A named value is moved to its boundary, where the answer must stay, and across it, where the stated other
//! answer must come out. A few values that nothing names are changed too, and nothing may change with them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::check::Without;
use super::error::ScenarioError;
use super::expect::{Ask, Expectation};
use super::file::Scenario;
use super::run::{BASE, PreparedWorld, VariantReport, resolve};
use super::variant::{get, put};
use crate::entry::Tree;
use crate::model::time::Timestamp;

/// Word for *the same answer with other lots or places*, which is all that can be said of it beforehand.
const OTHER: &str = "other";
/// How many values that nothing names are changed.
const UNLISTED: usize = 5;
/// Texts that no verdict may rest on: names, numbers and remarks.
const REMARKS: [&str; 12] = [
    "name",
    "deposit",
    "licence",
    "note",
    "grade",
    "heat",
    "part_number",
    "sample",
    "address",
    "carrier",
    "form",
    "about",
];

/// What came out when values were changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProbeReport {
    /// Each named value, moved to its boundary and across it.
    pub crossings: Vec<Crossing>,
    /// Each value that nothing names, and the expectations that changed with it.
    pub unlisted: Vec<Unlisted>,
    /// Expectations that name no value and differ in nothing from the base.
    pub unfounded: Vec<String>,
}

/// One named value on one side of its boundary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Crossing {
    /// The variant.
    pub variant: String,
    /// What was asked.
    #[serde(flatten)]
    pub ask: Ask,
    /// The value's path.
    pub value: String,
    /// Whether it was moved across the boundary, or up to it.
    pub across: bool,
    /// The answer that should come out.
    pub expected: String,
    /// The answer that came out.
    pub found: String,
    /// Whether it is the one that should.
    pub holds: bool,
    /// Why it came out so.
    pub why: Vec<String>,
}

/// One value that nothing names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unlisted {
    /// Its path.
    pub value: String,
    /// Questions whose answer changed with it; none may.
    pub changed: Vec<String>,
}

/// Moves each value that an expectation of `text` rests on, and a few others.
///
/// # Errors
/// [`ScenarioError`] where the file, or the file with a value moved, cannot be read or sealed.
pub fn probe(text: &str) -> Result<ProbeReport, ScenarioError> {
    let tree: Tree = crate::text::from_toml(text)?;
    let base = Scenario::from_tree(&tree)?;
    let mut report = ProbeReport { crossings: Vec::new(), unlisted: Vec::new(), unfounded: Vec::new() };
    for expectation in &base.expectations {
        if expectation.rests_on.is_empty() {
            report.unfounded.push(format!("{BASE}: {:?}", expectation.ask));
        }
        cross(BASE, &tree, expectation, &mut report)?;
    }
    for variant in &base.variants {
        let (changed, _) = resolve(&base, &tree, &variant.name)?;
        let (_, before) = resolve(&base, &tree, variant.of.as_deref().unwrap_or(BASE))?;
        for expectation in &variant.expectations {
            // A variant that turns an answer is itself the other side of a boundary.
            let turned = before.iter().find(|old| old.asks_like(expectation));
            let turns = turned.is_some_and(|old| {
                (&old.answer, &old.lots, &old.places)
                    != (&expectation.answer, &expectation.lots, &expectation.places)
            });
            if expectation.rests_on.is_empty() && !turns {
                report.unfounded.push(format!("{}: {:?}", variant.name, expectation.ask));
            }
            cross(&variant.name, &changed, expectation, &mut report)
                .map_err(|error| error.in_variant(&variant.name))?;
        }
    }
    report.unlisted = unlisted(&tree, &base)?;
    Ok(report)
}

fn cross(
    variant: &str,
    tree: &Tree,
    expectation: &Expectation,
    report: &mut ProbeReport,
) -> Result<(), ScenarioError> {
    for rests_on in &expectation.rests_on {
        let here = rests_on.holds.as_ref().map(|value| (false, value.clone(), expectation.answer.as_str()));
        let there = (true, rests_on.becomes.clone().unwrap_or(Tree::Nothing), rests_on.then.as_str());
        for (across, value, expected) in here.into_iter().chain([there]) {
            let mut moved = tree.clone();
            put_deep(&mut moved, &rests_on.value, value).map_err(|error| {
                ScenarioError::field(format!("`rests_on` of {:?}: ", expectation.ask), error)
            })?;
            let place = format!("with `{}` changed: ", rests_on.value);
            let scenario = Scenario::from_tree(&moved).map_err(|error| error.within(&place))?;
            let asked = Expectation { reasons: Vec::new(), ..expectation.clone() };
            let run = ask(&scenario, variant, vec![asked]).map_err(|error| error.within(&place))?;
            let checked = &run.checked[0];
            let same = checked.found.lots == checked.expected.lots
                && checked.found.places == checked.expected.places;
            let found = match checked.found.answer.as_str() {
                answer if same || answer != expectation.answer => answer.to_owned(),
                _ => OTHER.to_owned(),
            };
            report.crossings.push(Crossing {
                variant: variant.to_owned(),
                ask: expectation.ask.clone(),
                value: rests_on.value.clone(),
                across,
                expected: expected.to_owned(),
                holds: found == expected,
                found,
                why: checked.why.clone(),
            });
        }
    }
    Ok(())
}

fn ask(
    scenario: &Scenario,
    name: &str,
    expectations: Vec<Expectation>,
) -> Result<VariantReport, ScenarioError> {
    Ok(PreparedWorld::new(scenario, name, None, expectations)?.check(&Without::default()))
}

/// Puts a value at a path of which the last lists and tables may not be there yet.
fn put_deep(tree: &mut Tree, path: &str, value: Tree) -> Result<(), crate::entry::EntryError> {
    let mut missing = Vec::new();
    let mut reach = Some(path);
    while let Some(here) = reach.filter(|here| get(tree, here).is_none()) {
        let (parent, last) = match here.rsplit_once('/') {
            Some((parent, last)) => (Some(parent), last),
            None => (None, here),
        };
        missing.push(last);
        reach = parent;
    }
    // The outermost part that is missing takes the rest as one value.
    let Some(outermost) = missing.pop() else { return put(tree, path, value) };
    let whole = missing.into_iter().fold(value, |inner, part| match part.parse::<usize>() {
        Ok(_) => Tree::List(vec![inner]),
        Err(_) => Tree::Table(vec![(part.to_owned(), inner)]),
    });
    let parent = reach.map(|reach| format!("{reach}/")).unwrap_or_default();
    put(tree, &format!("{parent}{outermost}"), whole)
}

/// Changes a few values that no expectation and no variant names.
fn unlisted(tree: &Tree, base: &Scenario) -> Result<Vec<Unlisted>, ScenarioError> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let variants = base.variants.iter().flat_map(|variant| &variant.expectations);
    for expectation in base.expectations.iter().chain(variants) {
        named.extend(expectation.rests_on.iter().map(|one| one.value.as_str()));
    }
    for variant in &base.variants {
        named.extend(variant.change.iter().map(|(path, _)| path.as_str()));
        named.extend(variant.remove.iter().map(String::as_str));
    }
    // Another title gives every party another key; another start another time for every record.
    let mut candidates = vec![
        ("title".to_owned(), Tree::Text(format!("{} 2", base.title))),
        ("start".to_owned(), Tree::Text(a_minute_later(base.start).to_string())),
    ];
    for (list, field) in [("party", "alias"), ("facility", "alias"), ("event", "id")] {
        let Some(Tree::List(entries)) = tree.get(list) else { continue };
        for entry in entries {
            if let Some(name) = entry.text(field) {
                remarks(entry, name, &mut candidates);
            }
        }
    }
    candidates.retain(|(path, _)| !named.contains(path.as_str()));
    let chosen = of_many_kinds(candidates);
    let before = ask(base, BASE, base.expectations.clone())?;
    let mut probed = Vec::new();
    for (path, value) in chosen {
        let mut moved = tree.clone();
        put(&mut moved, &path, value).map_err(|error| ScenarioError::field(format!("`{path}`: "), error))?;
        let scenario = Scenario::from_tree(&moved)?;
        let after = ask(&scenario, BASE, base.expectations.clone())?;
        let pairs = before.checked.iter().zip(&after.checked);
        let changed =
            pairs.filter(|(old, new)| old.found != new.found).map(|(old, _)| format!("{:?}", old.ask));
        probed.push(Unlisted { value: path, changed: changed.collect() });
    }
    Ok(probed)
}

/// Picks a few values, of as many different fields as there are.
fn of_many_kinds(mut candidates: Vec<(String, Tree)>) -> Vec<(String, Tree)> {
    let mut chosen: Vec<(String, Tree)> = Vec::with_capacity(UNLISTED);
    let mut fields: BTreeSet<String> = BTreeSet::new();
    // Each round takes the first of every field, the ones further on in the next round.
    while chosen.len() < UNLISTED && !candidates.is_empty() {
        fields.clear();
        candidates.retain(|(path, value)| {
            let field = path.rsplit('/').next().unwrap_or(path);
            let is_new = chosen.len() < UNLISTED && fields.insert(field.to_owned());
            if is_new {
                chosen.push((path.clone(), value.clone()));
            }
            !is_new
        });
    }
    chosen
}

fn a_minute_later(time: Timestamp) -> Timestamp {
    Timestamp::from_ms(time.ms() + 60_000).unwrap_or(time)
}

/// Collects values that no verdict may rest on, with their paths and what they are changed to.
fn remarks(tree: &Tree, path: &str, found: &mut Vec<(String, Tree)>) {
    let Tree::Table(fields) = tree else { return };
    for (name, value) in fields {
        let at = format!("{path}/{name}");
        match value {
            Tree::Text(text) if REMARKS.contains(&name.as_str()) => {
                found.push((at, Tree::Text(format!("{text} 2"))));
            }
            Tree::Text(_) if name == "coordinates" => found.push((at, Tree::Text("1, 1".to_owned()))),
            Tree::Text(_) if name == "hs" => found.push((at, Tree::Text("2530.90".to_owned()))),
            Tree::List(entries) if name == "out" => {
                for (index, entry) in entries.iter().enumerate() {
                    remarks(entry, &format!("{at}/{index}"), found);
                }
            }
            _ => {}
        }
    }
}
