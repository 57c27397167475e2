//! Expectations: a question put to the verifier, the answer expected, and the values it rests on.

use serde::Serialize;

use super::file::{needed, read_day, required};
use crate::custody::touch::{Grade, Presence, Touch, TouchPlace};
use crate::entry::{EntryError, Table, Tree};
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::finding::{FindingCode, Weight};
use crate::model::fraction::Fraction;
use crate::model::place::Place;
use crate::model::stage::{Stage, Step};
use crate::model::verdict::Verdict;

/// A question and the answer expected.
#[derive(Clone, PartialEq, Debug)]
pub struct Expectation {
    /// What is asked.
    pub ask: Ask,
    /// The day judged for; the scenario's `today` where none is stated.
    pub as_of: Option<Day>,
    /// The day by whose end the records were signed that are looked at; all where none is stated.
    pub known_at: Option<Day>,
    /// The answer: a verdict, `present` or `absent`, a presence, a share, or nothing for lists of lots.
    pub answer: String,
    /// Lots that the answer names, by label.
    pub lots: Vec<String>,
    /// Countries and regions that the answer names.
    pub places: Vec<String>,
    /// Codes that must be among the reasons given.
    pub reasons: Vec<String>,
    /// Values on which the answer rests.
    pub rests_on: Vec<RestsOn>,
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// The verdict of a rule, a pack, `integrity`, `custody` or `all` about a lot.
    Verdict {
        /// The lot, by label; none asks about everything handed over.
        lot: Option<String>,
        /// `integrity`, `custody`, `all`, the id of a pack, or `PACK/RULE`.
        rule: String,
        /// The part of that lot, by label, where one part is asked about.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<String>,
    },
    /// The verdict of a rule, or of a pack, about everything that a party received in a period.
    Portfolio {
        /// The party, by alias.
        portfolio: String,
        /// The period.
        period: Period,
        /// The id of a pack, of a rule, or `PACK/RULE`.
        rule: String,
    },
    /// Whether a finding is there.
    Finding {
        /// Its code.
        finding: FindingCode,
        /// What it means for the verdict, if that is asked.
        weight: Option<Weight>,
        /// Events that must be among those that show it, by id.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        shown_by: Vec<String>,
    },
    /// How surely an element of a lot went through a step.
    Touch {
        /// The lot, by label.
        lot: String,
        /// The element.
        of: Element,
        /// The stage.
        stage: Stage,
        /// The step, where the process is asked for as well.
        step: Option<Step>,
        /// Where, if that is asked.
        place: Option<Place>,
        /// The grade of evidence, if that is asked.
        grade: Option<Grade>,
    },
    /// How much of an element of a lot went through a step.
    Share {
        /// The lot, by label.
        lot: String,
        /// The element.
        of: Element,
        /// Through what; any step at all where nothing is said.
        share_of: ShareOf,
    },
    /// Where an element of a lot passed a node of the disclosure table.
    Node {
        /// The lot, by label.
        lot: String,
        /// The element.
        of: Element,
        /// The node, by the name a pack gives it.
        node: String,
        /// The part of that lot, by label, where one part is asked about.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<String>,
    },
    /// How much of an element of a lot stands although its custody does not.
    Established {
        /// The lot, by label.
        lot: String,
        /// The element.
        of: Element,
    },
    /// The lots downstream of a record.
    Affected {
        /// Id of the event.
        affected_by: String,
    },
}

/// The touches of which a share is asked.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
pub struct ShareOf {
    /// The stage, if that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The step, where the process is asked for as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Where, if that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The grade of evidence, if that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
}

/// A value on which an answer rests, and the answer it would have given otherwise.
#[derive(Clone, PartialEq, Debug)]
pub struct RestsOn {
    /// Path of the value, or of an event as a whole.
    pub value: String,
    /// The last value at which the answer stays; none where values have no order.
    pub holds: Option<Tree>,
    /// The value at which it changes; none where it is taken away.
    pub becomes: Option<Tree>,
    /// The answer then.
    pub then: String,
}

/// What may be said of a node as a whole.
const STATES: [&str; 4] = ["known", "not passed on this route", "unknown", "withheld"];

impl Expectation {
    pub(super) fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "an expectation")?;
        let lot = table.text("lot")?;
        let part = table.text("part")?;
        let verdict = word::<Verdict>(&table, "verdict")?;
        let finding = word::<FindingCode>(&table, "finding")?;
        let rule = table.text("rule")?;
        let touch = table.text("touch")?;
        let affected_by = table.text("affected_by")?;
        let node = table.text("node")?;
        let state = table.text("state")?;
        let established = table.text("established")?;
        let portfolio = table.text("portfolio")?;
        let period = word::<Period>(&table, "period")?;
        let places = table.texts("places")?;
        let weight = table.text("weight")?.map(|text| weight(&table.path("weight"), &text)).transpose()?;
        let presence = table.text("presence")?;
        let of = word::<Element>(&table, "of")?;
        let place = word::<Place>(&table, "place")?;
        let grade = table.text("grade")?.map(|text| grade(&table.path("grade"), &text)).transpose()?;
        let absent = table.flag("absent")?.unwrap_or(false);
        let as_of = read_day(&table.path("as_of"), table.text("as_of")?)?;
        let known_at = read_day(&table.path("known_at"), table.text("known_at")?)?;
        let lots = table.texts("lots")?;
        let shown_by = table.texts("shown_by")?;
        let share_of = table.value("share_of").map(|tree| ShareOf::from_tree(tree, &table.path("share_of")));
        let share_of = share_of.transpose()?;
        let figures = figures(&table)?;
        let reasons = table.texts("reasons")?;
        let rests_on = table.each("rests_on", RestsOn::from_tree)?;
        table.finish()?;

        let (ask, answer) = if let Some(finding) = finding {
            (Ask::Finding { finding, weight, shown_by }, if absent { "absent" } else { "present" }.to_owned())
        } else if let Some(affected_by) = affected_by {
            (Ask::Affected { affected_by }, String::new())
        } else if let Some(established) = established {
            let at = |name: &str| format!("{path}/{name}");
            let lot = lot.ok_or_else(|| needed(&at("lot"), "the label of a lot"))?;
            let of = of.ok_or_else(|| needed(&at("of"), "of = \"Nd\""))?;
            (Ask::Established { lot, of }, established)
        } else if share_of.is_some() || !figures.is_empty() {
            let at = |name: &str| format!("{path}/{name}");
            let lot = lot.ok_or_else(|| needed(&at("lot"), "the label of a lot"))?;
            let of = of.ok_or_else(|| needed(&at("of"), "of = \"Nd\""))?;
            if figures.is_empty() {
                return Err(needed(&at("most"), "most = \"35.6 %\""));
            }
            (Ask::Share { lot, of, share_of: share_of.unwrap_or_default() }, figures)
        } else if let Some(node) = node {
            let at = |name: &str| format!("{path}/{name}");
            let lot = lot.ok_or_else(|| needed(&at("lot"), "the label of a lot"))?;
            let of = of.ok_or_else(|| needed(&at("of"), "of = \"Nd\""))?;
            let state = state.unwrap_or_else(|| "known".to_owned());
            if !STATES.contains(&state.as_str()) {
                let problem = format!("`{state}` is no state of a node");
                return Err(EntryError::new(
                    at("state"),
                    problem,
                    Some(format!("it is {}", STATES.join(", "))),
                ));
            }
            (Ask::Node { lot, of, node, part }, state)
        } else if let Some(touch) = touch {
            let at = |name: &str| format!("{path}/{name}");
            let (stage, step) = stage_or_step(&at("touch"), &touch)?;
            let lot = lot.ok_or_else(|| needed(&at("lot"), "the label of a lot"))?;
            let of = of.ok_or_else(|| needed(&at("of"), "of = \"Nd\""))?;
            let presence = presence.ok_or_else(|| needed(&at("presence"), "presence = \"certain\""))?;
            if !["certain", "possible", "none"].contains(&presence.as_str()) {
                let hint = "it is certain, possible or none".to_owned();
                return Err(EntryError::new(
                    at("presence"),
                    format!("`{presence}` is no presence"),
                    Some(hint),
                ));
            }
            (Ask::Touch { lot, of, stage, step, place, grade }, presence)
        } else if let Some(portfolio) = portfolio {
            let at = |name: &str| format!("{path}/{name}");
            let period =
                period.ok_or_else(|| needed(&at("period"), "period = \"2026-01-01..2026-12-31\""))?;
            let rule = rule.ok_or_else(|| needed(&at("rule"), "rule = \"PACK/RULE\""))?;
            let verdict = verdict.ok_or_else(|| needed(&at("verdict"), "verdict = \"pass\""))?;
            (Ask::Portfolio { portfolio, period, rule }, verdict.to_string())
        } else {
            let verdict = verdict.ok_or_else(|| {
                let hint =
                    "write `verdict`, `finding`, `touch`, `share_of`, `node`, `established`, `portfolio` or `affected_by`"
                        .to_owned();
                EntryError::new(path, "the expectation asks nothing", Some(hint))
            })?;
            (Ask::Verdict { lot, rule: rule.unwrap_or_else(|| "all".to_owned()), part }, verdict.to_string())
        };
        Ok(Self { ask, as_of, known_at, answer, lots, places, reasons, rests_on })
    }

    /// Whether `other` asks the same question.
    pub fn asks_like(&self, other: &Self) -> bool {
        self.ask == other.ask
            && self.as_of == other.as_of
            && self.known_at == other.known_at
            // Findings of one code are told apart by the lots they are about.
            && (!matches!(self.ask, Ask::Finding { .. }) || self.lots == other.lots)
    }
}

impl ShareOf {
    fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "what a share is of")?;
        let stage = table.text("stage")?;
        let (stage, step) = match stage.map(|text| stage_or_step(&table.path("stage"), &text)).transpose()? {
            Some((stage, step)) => (Some(stage), step),
            None => (None, None),
        };
        let grade = table.text("grade")?.map(|text| grade(&table.path("grade"), &text)).transpose()?;
        let share_of = Self { stage, step, place: word::<Place>(&table, "place")?, grade };
        table.finish()?;
        Ok(share_of)
    }

    /// Whether a touch is one of those meant.
    pub(super) fn picks(&self, touch: &Touch) -> bool {
        let there = match (&touch.place, &self.place) {
            (_, None) => true,
            (TouchPlace::At { place: found, .. }, Some(wanted)) => {
                found.country == wanted.country
                    && (wanted.subdivision.is_none() || found.subdivision == wanted.subdivision)
            }
            _ => false,
        };
        self.stage.is_none_or(|stage| touch.step.stage == stage)
            && self.step.is_none_or(|step| touch.step == step)
            && self.grade.is_none_or(|grade| touch.grade == grade)
            && there
    }
}

/// Figures that can be asked of a share, in the order in which an answer names them.
pub(super) const FIGURES: [&str; 4] = ["least", "most", "average", "unknown"];

/// Returns the figures expected of a share as one text: `least 0.0 %, most 35.6 %`.
fn figures(table: &Table) -> Result<String, EntryError> {
    let mut parts = Vec::new();
    for name in FIGURES {
        let Some(text) = table.text(name)? else { continue };
        if name == "average" && text == "none" {
            parts.push("average none".to_owned());
            continue;
        }
        let share: Fraction = crate::entry::read_text(&table.path(name), &text)?;
        parts.push(format!("{name} {}", tenths(u128::from(share.ppb()) / 1_000_000)));
    }
    Ok(parts.join(", "))
}

/// Returns tenths of a percent as people write them.
pub(super) fn tenths(tenths: u128) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}

impl RestsOn {
    fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "a value that an answer rests on")?;
        let rests_on = Self {
            value: required(&table, "value", "value = \"sinter/at\"")?,
            holds: table.value("holds").cloned(),
            becomes: table.value("becomes").cloned(),
            then: required(&table, "then", "then = \"fail\"")?,
        };
        table.finish()?;
        Ok(rests_on)
    }
}

fn word<T: std::str::FromStr<Err: crate::entry::Hinted>>(
    table: &Table,
    name: &'static str,
) -> Result<Option<T>, EntryError> {
    table.text(name)?.map(|text| crate::entry::read_text(&table.path(name), &text)).transpose()
}

fn stage_or_step(field: &str, text: &str) -> Result<(Stage, Option<Step>), EntryError> {
    if text.contains(' ') {
        let step: Step = crate::entry::read_text(field, text)?;
        return Ok((step.stage, Some(step)));
    }
    Ok((crate::entry::read_text(field, text)?, None))
}

fn weight(field: &str, text: &str) -> Result<Weight, EntryError> {
    match text {
        "note" => Ok(Weight::Note),
        "warning" => Ok(Weight::Warning),
        "unknown" => Ok(Weight::Unknown),
        "withheld" => Ok(Weight::Withheld),
        "fail" => Ok(Weight::Fail),
        other => {
            let hint = "it is note, warning, unknown, withheld or fail".to_owned();
            Err(EntryError::new(field, format!("`{other}` is no weight of a finding"), Some(hint)))
        }
    }
}

fn grade(field: &str, text: &str) -> Result<Grade, EntryError> {
    match text {
        "signed" => Ok(Grade::Signed),
        "transcribed" => Ok(Grade::Transcribed),
        "stated" => Ok(Grade::Stated),
        "unknown" => Ok(Grade::Unknown),
        other => {
            let hint = "it is signed, transcribed, stated or unknown".to_owned();
            Err(EntryError::new(field, format!("`{other}` is no grade of evidence"), Some(hint)))
        }
    }
}

/// Returns how people write a presence.
pub(super) fn presence_word(presence: Option<Presence>) -> &'static str {
    match presence {
        None => "none",
        Some(Presence::Possible) => "possible",
        Some(Presence::Certain) => "certain",
    }
}
