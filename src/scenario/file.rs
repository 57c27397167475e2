//! A scenario file as values: who, where, what happened in order, and what is expected.

use super::damage::Damage;
use super::error::ScenarioError;
use super::expect::Expectation;
use super::hand_over::HandOver;
use super::variant::Variant;
use crate::entry::{self, Draft, EntryError, Table, Tree};
use crate::model::coded::Coded;
use crate::model::day::Day;
use crate::model::kind::Kind;
use crate::model::profile::Profile;
use crate::model::time::Timestamp;

/// First field of every scenario file.
pub const FORMAT: &str = "lodemark/scenario@1";

/// One world, with the expectations of its base.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// What it is called; its keys are made from this.
    pub title: String,
    /// What it is about, in a few sentences.
    pub about: Option<String>,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// Which of its values are filled in, since no source gives them.
    pub filled_in: Vec<String>,
    /// When the first record is signed.
    pub start: Timestamp,
    /// The day on which the reader asks; that of the last record where it is not stated.
    pub today: Option<Day>,
    /// Who keeps a chain.
    pub parties: Vec<Member>,
    /// Where work is done.
    pub facilities: Vec<Step>,
    /// What happened, in order of signing.
    pub events: Vec<Step>,
    /// Whom the reader believes, as in a trust file, with aliases for parties and facilities.
    pub trust: Option<Tree>,
    /// The reader's own facts, as in a case file.
    pub case: Option<Tree>,
    /// Packs that the program comes with and that are asked besides those of the default, by id.
    pub named_packs: Vec<String>,
    /// Rule packs of its own, besides those.
    pub packs: Vec<Tree>,
    /// Recoveries of single plants that the reader accepts, as in a bands file, with aliases for facilities.
    pub sites: Vec<Tree>,
    /// What of it the reader is given.
    pub hand_over: HandOver,
    /// What goes wrong with records on the way.
    pub damage: Vec<Damage>,
    /// What the verifier must say.
    pub expectations: Vec<Expectation>,
    /// What changes when values do.
    pub variants: Vec<Variant>,
}

/// Someone who keeps a chain.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Short name used in this file.
    pub alias: String,
    /// What is private by default.
    pub profile: Profile,
    /// When it opens its chain, if that is stated.
    pub signed_at: Option<Timestamp>,
    /// What it says of itself.
    pub draft: Draft,
}

/// One event, or the declaration of a facility.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Name by which the file refers to it: an event's id, a facility's alias.
    pub id: String,
    /// Alias of its author.
    pub by: String,
    /// When it is signed, if that is stated.
    pub signed_at: Option<Timestamp>,
    /// What happened.
    pub draft: Draft,
    /// Aliases of parties whose checkpoints its author has seen, as they were just before.
    pub seen: Vec<String>,
    /// The same as it is written.
    pub tree: Tree,
}

impl Scenario {
    /// Reads a scenario from TOML.
    ///
    /// # Errors
    /// [`ScenarioError`] for the first value that cannot be read.
    pub fn from_toml(text: &str) -> Result<Self, ScenarioError> {
        Self::from_tree(&crate::text::from_toml(text)?)
    }

    /// Reads a scenario from the values of its file.
    ///
    /// # Errors
    /// [`ScenarioError`] for the first value that cannot be read.
    pub fn from_tree(tree: &Tree) -> Result<Self, ScenarioError> {
        let file = |error: EntryError| ScenarioError::field("", error);
        let table = Table::new(tree, "", "a scenario").map_err(file)?;
        let format = table.text("format").map_err(file)?;
        if format.as_deref() != Some(FORMAT) {
            let problem = format!("`{}` is not a format read here", format.unwrap_or_default());
            let hint = format!("begin the file with format = \"{FORMAT}\"");
            return Err(file(EntryError::new("format", problem, Some(hint))));
        }
        let title = required(&table, "title", "title = \"From pit to magnet\"").map_err(file)?;
        let start = time(&table, "start").map_err(file)?;
        let start = start.ok_or_else(|| needed("start", "start = 2026-01-05T08:00:00Z")).map_err(file)?;
        let scenario = Self {
            title,
            about: table.text("about").map_err(file)?,
            sources: table.texts("sources").map_err(file)?,
            filled_in: table.texts("filled_in").map_err(file)?,
            start,
            today: table.text("today").and_then(|day| read_day("today", day)).map_err(file)?,
            parties: each(&table, "party", "alias", member)?,
            facilities: each(&table, "facility", "alias", facility)?,
            events: each(&table, "event", "id", step)?,
            trust: table.value("trust").map(|tree| a_table(tree, "trust")).transpose().map_err(file)?,
            case: table.value("case").map(|tree| a_table(tree, "case")).transpose().map_err(file)?,
            named_packs: table.texts("packs").map_err(file)?,
            packs: table.each("pack", a_table).map_err(file)?,
            sites: table.each("site", a_table).map_err(file)?,
            hand_over: match table.value("hand_over") {
                Some(tree) => HandOver::from_tree(tree, "hand_over").map_err(file)?,
                None => HandOver::default(),
            },
            damage: table.each("damage", Damage::from_tree).map_err(file)?,
            expectations: table.each("expect", Expectation::from_tree).map_err(file)?,
            variants: table.each("variant", Variant::from_tree).map_err(file)?,
        };
        table.finish().map_err(file)?;
        Ok(scenario)
    }
}

/// Returns a value that another room reads, if it is a table at all.
fn a_table(tree: &Tree, path: &str) -> Result<Tree, EntryError> {
    match tree {
        Tree::Table(_) => Ok(tree.clone()),
        other => Err(EntryError::new(path, format!("it is {}, where a table belongs", other.what()), None)),
    }
}

/// Reads each table of a list, naming it by its alias or id in errors.
fn each<T>(
    table: &Table,
    list: &'static str,
    name: &'static str,
    read: impl Fn(Tree, String) -> Result<T, EntryError>,
) -> Result<Vec<T>, ScenarioError> {
    let file = |error: EntryError| ScenarioError::field("", error);
    let trees = table.each(list, |tree, path| Ok((tree.clone(), path.to_owned()))).map_err(file)?;
    let mut names: Vec<String> = Vec::with_capacity(trees.len());
    let mut values = Vec::with_capacity(trees.len());
    for (mut tree, path) in trees {
        let given = match tree.take(name) {
            Some(Tree::Text(given)) => given,
            Some(other) => {
                let problem = format!("it is {}, where a text belongs", other.what());
                return Err(file(EntryError::new(format!("{path}/{name}"), problem, None)));
            }
            // Only what is referred to needs a name.
            None if list == "event" => format!("event {}", values.len() + 1),
            None => return Err(file(needed(&format!("{path}/{name}"), "a short name"))),
        };
        if names.contains(&given) || given.contains('/') {
            let why = if given.contains('/') { "holds a `/`" } else { "is the name of two" };
            return Err(file(EntryError::new(format!("{path}/{name}"), format!("`{given}` {why}"), None)));
        }
        let place = format!("{list} `{given}`: ");
        values.push(read(tree, given.clone()).map_err(|error| ScenarioError::field(place, error))?);
        names.push(given);
    }
    Ok(values)
}

fn member(mut tree: Tree, alias: String) -> Result<Member, EntryError> {
    let profile = taken_text(&mut tree, "profile")?;
    let profile = match profile.as_deref() {
        None => Profile::Commercial,
        Some(word) => Profile::from_name(word)
            .map_err(|error| EntryError::new("profile", error.to_string(), error.hint()))?,
    };
    let signed_at = taken_time(&mut tree)?;
    Ok(Member { alias, profile, signed_at, draft: entry::draft(&of_kind(tree, Kind::Establish)?)? })
}

fn facility(mut tree: Tree, id: String) -> Result<Step, EntryError> {
    let by = taken_text(&mut tree, "by")?.ok_or_else(|| needed("by", "the alias of its operator"))?;
    let signed_at = taken_time(&mut tree)?;
    let tree = of_kind(tree, Kind::DeclareFacility)?;
    Ok(Step { id, by, signed_at, draft: entry::draft(&tree)?, seen: Vec::new(), tree })
}

pub(super) fn step(mut tree: Tree, id: String) -> Result<Step, EntryError> {
    let by = taken_text(&mut tree, "by")?.ok_or_else(|| needed("by", "the alias of its author"))?;
    let signed_at = taken_time(&mut tree)?;
    let seen = taken_texts(&mut tree, "seen")?;
    Ok(Step { id, by, signed_at, draft: entry::draft(&tree)?, seen, tree })
}

/// Puts the kind into a table that does not name it, because its place in the file does.
fn of_kind(mut tree: Tree, kind: Kind) -> Result<Tree, EntryError> {
    if tree.get("kind").is_some() {
        return Err(EntryError::new("kind", format!("it is `{kind}` by its place in the file"), None));
    }
    if let Tree::Table(fields) = &mut tree {
        fields.insert(0, ("kind".to_owned(), Tree::Text(kind.name().to_owned())));
    }
    Ok(tree)
}

fn taken_text(tree: &mut Tree, name: &str) -> Result<Option<String>, EntryError> {
    match tree.take(name) {
        None | Some(Tree::Nothing) => Ok(None),
        Some(Tree::Text(text)) => Ok(Some(text)),
        Some(other) => {
            Err(EntryError::new(name, format!("it is {}, where a text belongs", other.what()), None))
        }
    }
}

fn taken_texts(tree: &mut Tree, name: &str) -> Result<Vec<String>, EntryError> {
    let wrong = |other: &Tree| {
        EntryError::new(name, format!("it is {}, where a list of texts belongs", other.what()), None)
    };
    match tree.take(name) {
        None | Some(Tree::Nothing) => Ok(Vec::new()),
        Some(Tree::List(list)) => list
            .into_iter()
            .map(|one| match one {
                Tree::Text(text) => Ok(text),
                other => Err(wrong(&other)),
            })
            .collect(),
        Some(other) => Err(wrong(&other)),
    }
}

fn taken_time(tree: &mut Tree) -> Result<Option<Timestamp>, EntryError> {
    taken_text(tree, "signed_at")?.map(|text| read_time("signed_at", &text)).transpose()
}

pub(super) fn time(table: &Table, name: &'static str) -> Result<Option<Timestamp>, EntryError> {
    table.text(name)?.map(|text| read_time(&table.path(name), &text)).transpose()
}

fn read_time(field: &str, text: &str) -> Result<Timestamp, EntryError> {
    text.parse().map_err(|error: crate::model::time::TimeError| {
        EntryError::new(field, error.to_string(), error.hint())
    })
}

pub(super) fn read_day(field: &str, text: Option<String>) -> Result<Option<Day>, EntryError> {
    let read = |text: String| {
        text.parse().map_err(|error: crate::model::day::DayError| {
            EntryError::new(field, error.to_string(), error.hint())
        })
    };
    text.map(read).transpose()
}

pub(super) fn required(table: &Table, name: &'static str, example: &str) -> Result<String, EntryError> {
    table.text(name)?.ok_or_else(|| needed(&table.path(name), example))
}

pub(super) fn needed(field: &str, example: &str) -> EntryError {
    EntryError::new(field, "it is missing", Some(format!("write it, such as {example}")))
}
