//! The kinds of question a rule can ask. A new kind is one file beside this one and one line in each list here.

pub mod account;
pub mod accumulate;
pub mod band;
pub mod capability;
pub mod document;
pub mod exception;
pub mod forbid_touch;
pub mod graph;
pub mod min_stage_before_border;
pub mod needs;
pub mod ownership;
pub mod receipts;
pub mod require_nodes;
pub mod share;
pub mod time;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::account::Account;
use self::accumulate::Accumulate;
use self::band::Band;
use self::capability::Capable;
use self::document::Document;
use self::exception::Exception;
use self::forbid_touch::ForbidTouch;
use self::graph::GraphCheck;
use self::min_stage_before_border::MinStageBeforeBorder;
use self::ownership::Ownership;
use self::receipts::Receipts;
use self::require_nodes::RequireNodes;
use self::share::Share;
use self::time::Time;
use super::facts::Facts;
use super::pack::{Pack, PackFault, PackFile, Rule, Use};
use super::portfolio::Over;
use super::say;
use super::told::capped;
use super::verdict::{Limit, Reason, ReasonCode, gathered};
use crate::custody::touch::{Grade, Presence, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::place::Place;
use crate::rules::day::JudgedDay;

/// What a rule looks at, with its parameters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// No element may have gone through some stages in some countries.
    ForbidTouch(ForbidTouch),
    /// The country of each node must be known, or the node not be passed.
    RequireNodes(RequireNodes),
    /// Operators must hold an accreditation, or their certificates must cover what they did.
    Document(Document),
    /// So much may be imported in a year before a duty begins.
    Accumulate(Accumulate),
    /// At least so much of some elements must have gone through some stages in some countries.
    Share(Share),
    /// When other rules of the pack let go.
    Exception(Exception),
    /// The records behind the lot must hang together.
    Graph(GraphCheck),
    /// Masses, contents and speeds must lie within bounds.
    Band(Band),
    /// What goes out of an account must be covered by what came in.
    Account(Account),
    /// Events must be entered soon, and seen by others in time.
    Time(Time),
    /// Goods that left a country must have come as far there as it asks, with the papers it asks for.
    MinStageBeforeBorder(MinStageBeforeBorder),
    /// Nobody behind the lot may belong to somebody listed.
    Ownership(Ownership),
    /// Each receipt over the lot must stand beside the others.
    Receipts(Receipts),
    /// Steps must stand where somebody is known to do them, and no country may yield more than is known.
    Capability(Capable),
}

/// One kind of question.
pub(super) trait Kind {
    /// Returns its name in packs.
    fn name(&self) -> &'static str;

    /// Checks what a single field cannot tell; `field` is the path of its table. Lists it names are checked besides.
    fn check(&self, _pack: &PackFile, _field: &str) -> Result<(), PackFault> {
        Ok(())
    }

    /// Returns the lists and tables of the pack that it names.
    fn uses(&self) -> Vec<Use<'_>> {
        Vec::new()
    }

    /// Returns the readings of the rule's setting under which parts of it count, each with the field that names it.
    fn readings(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    /// Returns the other rules of the pack that it names, each with the field that names it.
    fn names_rules(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    /// Returns the elements it looks at; `None` where it looks at who did what and not at elements.
    fn elements(&self, _pack: &Pack) -> Option<Vec<Element>> {
        None
    }

    /// Returns what it asks that attestations do not tell, so that it passes over no lot for whose records one stands in;
    /// none where it asks through which steps and places elements went, and for nothing else.
    fn untold(&self) -> Option<&'static str> {
        Some("who did it, on which papers, and how it was weighed and handed over")
    }

    /// Judges a lot.
    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome;

    /// Judges everything that was received in a period; `None` where it asks about single lots only.
    fn judge_portfolio(&self, _asked: &AskedOver<'_, '_>) -> Option<Outcome> {
        None
    }

    /// Returns the steps behind the lot that it looks at, sources first, and what it makes of each; none where it
    /// looks at something else.
    fn matched(&self, _: &Asked<'_, '_>) -> Vec<Matched> {
        Vec::new()
    }
}

/// A step that a rule looks at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Matched {
    /// The element that went through it.
    pub element: Element,
    /// Stage, process, place and day.
    pub step: String,
    /// What the rule makes of it: lower case, no full stop.
    pub counts: &'static str,
    /// How surely the lot went through it.
    pub presence: Presence,
    /// On what evidence.
    pub grade: Grade,
    /// The place, where it is known; with the facility, or for a step on paper without one.
    #[serde(skip)]
    pub(super) place: Option<(Option<RecordId>, Place)>,
    /// The record that says so.
    pub record: RecordId,
}

impl Matched {
    /// Describes a step that counts.
    fn new(asked: &Asked<'_, '_>, element: Element, touch: &Touch, counts: &'static str) -> Self {
        let place = match &touch.place {
            TouchPlace::At { facility, place } => Some((*facility, *place)),
            TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => None,
        };
        Self {
            element,
            step: say::step(asked.facts.graph, touch),
            counts,
            presence: touch.presence,
            grade: touch.grade,
            place,
            record: touch.record,
        }
    }
}

/// One lot, one rule and one day.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a, 'f> {
    /// The lot and what is behind it.
    pub(super) facts: &'a Facts<'f>,
    /// The pack that the rule stands in.
    pub(super) pack: &'a Pack,
    /// The rule.
    pub(super) rule: &'a Rule,
    /// The reading of the rule's setting that is judged by.
    pub(super) reading: Option<&'a str>,
    /// The day that decides which text applies and how old a status is.
    pub(super) day: &'a JudgedDay,
}

impl Asked<'_, '_> {
    /// Returns the day judged for; what is found differs by it from then on.
    pub(super) fn as_of(&self) -> Day {
        self.day.get()
    }
}

/// Everything received in a period, one rule and one day.
#[derive(Clone, Copy)]
pub(super) struct AskedOver<'a, 'f> {
    /// What was received.
    pub(super) over: &'a Over<'f>,
    /// The pack that the rule stands in.
    pub(super) pack: &'a Pack,
    /// The rule.
    pub(super) rule: &'a Rule,
    /// The day that decides which text applies.
    pub(super) as_of: Day,
}

/// What a predicate found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Outcome {
    /// Why the rule does not pass; none means that it does.
    pub(super) reasons: Vec<Reason>,
    /// What to know besides.
    pub(super) notes: Vec<String>,
    /// How many further reasons of each code were not told, for the element that has most.
    pub(super) left_out: BTreeMap<ReasonCode, usize>,
    /// The rule does not reach the lot.
    pub(super) not_applicable: bool,
}

impl Outcome {
    /// Notes how many reasons were not told.
    pub(super) fn leave_out(&mut self, limit: &Limit) {
        self.leave_out_most(limit.left_out());
    }

    /// Adds what was found of one more side of the same rule.
    pub(super) fn add(&mut self, other: Self) {
        self.reasons.extend(other.reasons);
        self.notes.extend(other.notes);
        self.leave_out_most(other.left_out);
    }

    fn leave_out_most(&mut self, counts: impl IntoIterator<Item = (ReasonCode, usize)>) {
        for (code, count) in counts {
            let most = self.left_out.entry(code).or_default();
            *most = count.max(*most);
        }
    }

    /// Joins reasons that differ in their elements alone, worst first, and keeps the first of each code.
    pub(super) fn settled(mut self) -> Self {
        (self.reasons, self.left_out) = capped(gathered(self.reasons), self.left_out);
        self
    }

    /// Returns the outcome of a rule that does not reach the lot, and why.
    pub(super) fn not_applicable(note: impl Into<String>) -> Self {
        Self { notes: vec![note.into()], not_applicable: true, ..Self::default() }
    }

    /// Returns the outcome of a rule with one reason.
    pub(super) fn because(reason: Reason) -> Self {
        Self { reasons: vec![reason], ..Self::default() }
    }
}

impl Predicate {
    /// Returns the kind with its parameters.
    pub(super) fn kind(&self) -> &dyn Kind {
        match self {
            Self::ForbidTouch(one) => one,
            Self::RequireNodes(one) => one,
            Self::Document(one) => one,
            Self::Accumulate(one) => one,
            Self::Share(one) => one,
            Self::Exception(one) => one,
            Self::Graph(one) => one,
            Self::Band(one) => one,
            Self::Account(one) => one,
            Self::Time(one) => one,
            Self::MinStageBeforeBorder(one) => one,
            Self::Ownership(one) => one,
            Self::Receipts(one) => one,
            Self::Capability(one) => one,
        }
    }

    /// Returns its name in packs.
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }
}
