//! The way of a lot as a tree, upstream or downstream.
//!
//! A lot stands above what it is made of. Where there is only one such thing, it stands in the same column,
//! so that a long chain without branches does not run off the page.

use serde::Serialize;

use super::known::{Called, Known};
use super::lots::owner_words;
use super::page::{Page, Style};
use super::screen::Screen;
use crate::custody::graph::{Consumer, Graph};
use crate::custody::names;
use crate::custody::title::{self, Owner};
use crate::custody::trace::{self, Way, What};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Stop};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::place::Place;
use crate::model::record::Record;

/// The way of a lot.
#[derive(Clone, Debug, Serialize)]
pub struct TraceScreen {
    /// The lot asked for.
    pub lot: Called<LotRef>,
    /// Which way it goes.
    pub way: Way,
    /// Lines, parents before children.
    pub lines: Vec<TraceLine>,
}

/// One line of the way.
#[derive(Clone, Debug, Serialize)]
pub struct TraceLine {
    /// Distance from the lot asked for.
    pub depth: usize,
    /// Whether it is the last child of its parent.
    pub is_last: bool,
    /// How much of the upper lot the lower one took, where that is shown.
    pub took: Option<Mass>,
    /// What stands here: lot, again, missing, withheld, circuit or ended.
    pub what: &'static str,
    /// The lot, where one stands here.
    pub lot: Option<Called<LotRef>>,
    /// The record behind it, where it is held.
    pub record: Option<RecordId>,
    /// What was done, where and when, and by whom.
    pub done: Option<Done>,
    /// What else there is to say.
    pub note: Option<String>,
}

/// What the record behind a line says was done.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// Kind of the record.
    pub kind: Kind,
    /// Stages and processes.
    pub steps: Vec<String>,
    /// Material of the lot.
    pub material: Option<String>,
    /// Mass of the lot, where it is shown.
    pub mass: Option<Mass>,
    /// By whom it was recorded.
    pub by: Called<PartyId>,
    /// Who attests it, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<String>,
    /// Facility, where it is shown.
    pub facility: Option<Called<RecordId>>,
    /// Where that is, where its declaration is held.
    pub place: Option<Place>,
    /// When, where that is shown.
    pub period: Option<String>,
    /// Stops on the way of what was sent, where they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<String>,
    /// Whose it is today, where records say more than who made it and it is not the holder's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl TraceScreen {
    /// Returns the way of `lot`, at most `max_depth` deep if that is given.
    pub fn new(graph: &Graph, known: &Known, lot: &LotRef, way: Way, max_depth: Option<usize>) -> Self {
        let lines = trace::trace(graph, lot, way, max_depth);
        let lines = lines.iter().map(|one| line(graph, known, one)).collect();
        Self { lot: known.lot(lot), way, lines }
    }
}

impl TraceScreen {
    /// Adds whose each lot is on the day `today`, where that is not who holds it.
    pub fn with_owners(mut self, graph: &Graph, known: &Known, today: Day) -> Self {
        let lots: Vec<LotRef> = self.lines.iter().filter_map(|line| Some(line.lot.as_ref()?.id)).collect();
        let mut owners = title::owners(graph, &lots, today).into_iter().zip(&lots);
        for line in self.lines.iter_mut().filter(|line| line.lot.is_some()) {
            let Some((owner, lot)) = owners.next() else { break };
            let Some(owner) = owner.filter(|owner| !is_holder(graph, lot, owner)) else { continue };
            if let Some(done) = &mut line.done {
                done.owner = Some(owner_words(&owner, known));
            }
        }
        self
    }
}

/// Whether an owner is who has the lot.
fn is_holder(graph: &Graph, lot: &LotRef, owner: &Owner) -> bool {
    matches!((graph.rightful_consumer(lot), owner), (Consumer::Party(holder), Owner::Party(owner)) if holder == *owner)
}

fn line(graph: &Graph, known: &Known, line: &trace::Line) -> TraceLine {
    let mut out = TraceLine {
        depth: line.depth,
        is_last: line.is_last,
        took: line.took,
        what: "lot",
        lot: None,
        record: None,
        done: None,
        note: None,
    };
    let called = |lot: &LotRef, label: &Option<String>| match label {
        Some(label) => Called { id: *lot, name: Some(label.clone()) },
        None => known.lot(lot),
    };
    match &line.what {
        What::Lot { lot, label, is_cut, .. } => {
            out.lot = Some(called(lot, label));
            if let Some(record) = graph.creator(lot) {
                out.record = Some(record.id);
                out.done = Some(done(graph, known, record, Some(lot)));
            }
            out.note = is_cut.then(|| "more lies behind it".to_owned());
        }
        What::Again { lot, label, beside } => {
            out.what = "again";
            out.lot = Some(called(lot, label));
            out.note = Some(match beside {
                Some(beside) => format!("as for {}", known.lot(beside).text(Style::default())),
                None => "shown above".to_owned(),
            });
        }
        What::Missing { lot } => {
            out.what = "missing";
            out.lot = Some(known.lot(lot));
            out.note = Some("its record is not held".to_owned());
        }
        What::Withheld { record, count, by } => {
            out.what = "withheld";
            out.record = Some(*record);
            let by = known.party(by).text(Style::default());
            out.note = Some(match count {
                1 => format!("1 input, withheld by {by}"),
                count => format!("{count} inputs, withheld by {by}"),
            });
        }
        What::Circuit { record, circuit, count, again, is_cut } => {
            out.what = "circuit";
            out.record = Some(*record);
            let of = match graph.record(record).map(|record| &record.event.body) {
                Some(Body::Draw(_)) => "charge",
                _ => "draw",
            };
            let mut note = format!("circuit {circuit}, {} that can be in it", names::count(*count, of));
            if of == "draw" {
                note =
                    format!("into circuit {circuit}, {} that can hold some of it", names::count(*count, of));
            }
            if *again > 0 {
                note.push_str(&format!(", {again} of them shown above"));
            }
            if *is_cut {
                note.push_str(", more lies behind it");
            }
            out.note = Some(note);
        }
        What::Ended { record, .. } => {
            out.what = "ended";
            out.record = Some(*record);
            out.done = graph.record(record).map(|record| done(graph, known, record, None));
        }
    }
    out
}

fn done(graph: &Graph, known: &Known, record: &Record, lot: Option<&LotRef>) -> Done {
    let body = &record.event.body;
    let steps = body.steps();
    let facility = body.at().and_then(|at| at.facility.shown());
    let place = facility.and_then(|id| graph.facility(id)).map(|(_, declared)| declared.place);
    let output = lot.and_then(|lot| graph.lot(lot));
    Done {
        kind: record.kind(),
        steps: steps.iter().map(ToString::to_string).collect(),
        material: output.map(|lot| lot.material.to_string()),
        mass: output.and_then(crate::model::lot::Lot::mass),
        by: known.party(&record.author),
        attested_by: super::chain::attested_by(record, known),
        facility: facility.map(|id| known.facility(id)),
        place,
        period: body.at().and_then(|at| at.period.shown()).map(ToString::to_string),
        stops: match body {
            Body::Dispatch(dispatch) => dispatch.stops.shown().into_iter().flatten().map(stop).collect(),
            _ => Vec::new(),
        },
        owner: None,
    }
}

/// Returns a stop in words: where, what happens there, and if known when.
fn stop(stop: &Stop) -> String {
    let what = stop.what.to_string().replace('_', " ");
    let when = stop.period.map_or_else(String::new, |period| format!(" {period}"));
    format!("{} ({what}{when})", stop.place)
}

impl Screen for TraceScreen {
    const NAME: &'static str = "trace";

    fn write(&self, page: &mut Page) {
        let name = self.lot.text(page.style());
        page.heading(&match self.way {
            Way::Up => format!("What {name} is made of; each line is made of what stands under it"),
            Way::Down => format!("What became of {name}; each line went into what stands under it"),
        });
        self.write_tree(page);
    }
}

impl TraceScreen {
    /// Writes the tree without a heading. A receipt and the dispatch under it are one line.
    pub fn write_tree(&self, page: &mut Page) {
        // Rules to draw under open levels, each with its depth. An only child shares its parent's column and
        // has none, so that a chain of any depth costs no more than its branches.
        let mut rules: Vec<(usize, &str)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            while rules.last().is_some_and(|(depth, _)| *depth >= line.depth) {
                rules.pop();
            }
            let is_only = line.is_last && self.opens(at, line.depth);
            let branch = match (line.depth, is_only, line.is_last) {
                (0, _, _) | (_, true, _) => "",
                (_, false, true) => "└─ ",
                (_, false, false) => "├─ ",
            };
            let before: String = rules.iter().map(|(_, rule)| *rule).collect();
            let below = match branch {
                "├─ " => "│  ",
                "└─ " => "   ",
                _ => "",
            };
            if !below.is_empty() {
                rules.push((line.depth, below));
            }
            if self.is_sending(at) {
                continue;
            }
            let sent = self.lines.get(at + 1).filter(|_| self.is_sending(at + 1));
            let text = words(line, sent, self.way, page.style());
            page.hanging(&format!("  {before}{branch}"), &format!("  {before}{below}    "), &text);
        }
    }

    /// Whether the line at `at` is the dispatch of what the line above it received.
    fn is_sending(&self, at: usize) -> bool {
        let kind = |at: usize| self.lines.get(at).and_then(|line| line.done.as_ref()).map(|done| done.kind);
        let (Some(line), true) = (self.lines.get(at), self.way == Way::Up && at > 0) else { return false };
        kind(at) == Some(Kind::Dispatch)
            && kind(at - 1) == Some(Kind::Receive)
            && self.lines[at - 1].depth + 1 == line.depth
            && line.is_last
    }

    /// Whether the line at `at` follows its parent at once, so that it is the first child.
    fn opens(&self, at: usize, depth: usize) -> bool {
        at > 0 && self.lines[at - 1].depth + 1 == depth
    }
}

fn words(line: &TraceLine, sent: Option<&TraceLine>, way: Way, style: Style) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(done) = &line.done {
        parts.extend(done.mass.map(|mass| mass.to_string()));
        parts.extend(done.material.clone());
        parts.push(match (sent.and_then(|sent| sent.done.as_ref()), done.steps.is_empty()) {
            (Some(sent), _) => {
                let mass = sent.mass.filter(|mass| Some(*mass) != done.mass);
                let mass = mass.map_or_else(String::new, |mass| format!(", who sent {mass}"));
                format!("received from {}{mass}", sent.by.text(style))
            }
            (None, true) => done.kind.to_string().replace('_', " "),
            (None, false) => done.steps.join(", "),
        });
        parts.push(match &done.attested_by {
            Some(who) => format!("attested by {who}, recorded by {}", done.by.text(style)),
            None => done.by.text(style),
        });
        parts.extend(done.place.as_ref().map(ToString::to_string));
        parts.extend(done.period.clone());
        let route = sent.and_then(|sent| sent.done.as_ref()).unwrap_or(done);
        if !route.stops.is_empty() {
            parts.push(format!("by way of {}", route.stops.join(", ")));
        }
        parts.extend(done.owner.as_ref().map(|owner| format!("owned by {owner}")));
    }
    let whole = line.done.as_ref().and_then(|done| done.mass);
    let took = line.took.filter(|took| Some(*took) != whole);
    parts.extend(took.map(|took| match way {
        Way::Up => format!("{took} of it used"),
        Way::Down => format!("took {took} of the one above"),
    }));
    parts.extend(line.note.clone());
    match &line.lot {
        Some(lot) if parts.is_empty() => lot.text(style),
        Some(lot) => format!("{}: {}", lot.text(style), parts.join(", ")),
        None => parts.join(", "),
    }
}
