//! The balance of one event: for each element, whether more came out than can have gone in.
//!
//! A loss by difference is the test statistic and no evidence. What is not determined on the way in can hold anything,
//! so nothing can fail there; what is not determined on the way out is taken for nothing. Spec: docs/balance.md, "One
//! event".

use std::collections::BTreeSet;

use serde::Serialize;

use super::content::{Contents, Known};
use super::group::Group;
use super::recovery::{self, Recovery};
use super::terms::{self, Moved, Sides, Term};
use crate::custody::graph::{self, Graph};
use crate::custody::names;
use crate::hash::RecordId;
use crate::model::confidence::Confidence;
use crate::model::element::ElementSet;
use crate::model::formula::Formula;
use crate::model::interval::Interval;
use crate::model::lot::{Component, Determined};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// The balance of one event.
#[derive(Clone, Debug, Serialize)]
pub struct StepBalance {
    /// The record.
    pub record: RecordId,
    /// One for each element, or group of elements, that is determined on either side.
    pub rows: Vec<ElementRow>,
}

/// The balance of one event in one element, or in several whose sum was determined.
#[derive(Clone, Debug, Serialize)]
pub struct ElementRow {
    /// Which elements.
    pub what: ElementSet,
    /// As what masses are counted: the elements themselves, or the sum of their oxides.
    pub counted: Formula,
    /// In stretches of lots.
    pub went_in: Interval,
    /// In what joined without having been a lot.
    pub added: Interval,
    /// In the lots that were made.
    pub came_out: Interval,
    /// In losses that are measured or estimated. A loss by difference is not among them.
    pub lost_measured: Interval,
    /// What went in and was added, less what came out and is known to be lost.
    pub unaccounted: Interval,
    /// What that means.
    pub verdict: RowVerdict,
}

/// What the balance of one event in one element means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowVerdict {
    /// Both sides are determined, and no more came out than went in.
    Balanced,
    /// It cannot be told.
    NotTested(Why),
    /// More came out than went in, within the sum of all uncertainties but beyond what they come to if each errs apart.
    Tension,
    /// More of what went in became product than has been seen.
    AboveBand(Confidence),
    /// More is missing than has been seen, and nobody has measured where it went.
    BelowBand,
    /// It comes out, and nothing that went in is said to hold any.
    FromNothing,
    /// More came out than can have gone in.
    Gain,
}

/// Why a balance in an element cannot be told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A list of the record is withheld: its inputs, additions or losses.
    ListWithheld(&'static str),
    /// The composition or mass of a lot is withheld.
    Withheld(LotRef),
    /// The record of an input is not held.
    NotHeld(LotRef),
    /// Nobody has determined it in a lot.
    NotDetermined(LotRef),
    /// Only the sum of it and others is determined in a lot.
    OnlyInGroup(LotRef),
    /// Nobody has determined it in what was added.
    Addition,
    /// Nobody has determined it in anything that came out.
    Output,
}

impl Why {
    /// Returns the reason as a reader understands it: lower case, no full stop.
    pub fn say(&self, graph: &Graph) -> String {
        let lot = |lot: &LotRef| names::lot(graph, lot);
        match self {
            Self::ListWithheld(what) => format!("withheld: its author keeps its {what}"),
            Self::Withheld(one) => format!("withheld: what lot {} holds", lot(one)),
            Self::NotHeld(one) => format!("the record of lot {} is not held", lot(one)),
            Self::NotDetermined(one) => format!("not determined in lot {}", lot(one)),
            Self::OnlyInGroup(one) => format!("in lot {} only the sum with others is determined", lot(one)),
            Self::Addition => "not determined in what was added".to_owned(),
            Self::Output => "not determined in what came out".to_owned(),
        }
    }

    /// Whether it is a matter of what is kept from the reader.
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::ListWithheld(_) | Self::Withheld(_))
    }
}

/// Returns the balance of a record in every element that is determined on either side; `None` for a record of a kind in
/// which elements are not balanced, or where nothing is determined.
pub fn of_record(contents: &Contents<'_>, record: &Record) -> Option<StepBalance> {
    let moved = terms::moved(record)?;
    let mut asked = determined(contents, &moved, graph::outputs(record).map(|(lot, _)| lot));
    asked.extend(determined(contents, &moved, graph::inputs(record).iter().map(|input| input.lot)));
    let asked = merged(asked);
    let rows: Vec<ElementRow> = asked
        .into_iter()
        .map(|(set, counted)| Row::new(contents, record, &moved, set, counted).row)
        .collect();
    (!rows.is_empty()).then_some(StepBalance { record: record.id, rows })
}

/// Returns the rows of a record that can say anything of it: of what is determined on the way out.
pub(super) fn tested(contents: &Contents<'_>, record: &Record) -> Vec<Row> {
    let Some(moved) = terms::moved(record) else { return Vec::new() };
    let asked = determined(contents, &moved, graph::outputs(record).map(|(lot, _)| lot));
    let asked = merged(asked);
    asked.into_iter().map(|(set, counted)| Row::new(contents, record, &moved, set, counted)).collect()
}

/// One row, with the terms it was made of.
pub(super) struct Row {
    /// What it says.
    pub row: ElementRow,
    /// What it is the sum of.
    pub sides: Sides,
    /// What its steps have been seen to recover.
    pub recovery: Recovery,
}

impl Row {
    fn new(
        contents: &Contents<'_>,
        record: &Record,
        moved: &Moved<'_>,
        what: ElementSet,
        counted: Formula,
    ) -> Self {
        let group = Group::new(contents, what.clone(), counted);
        let sides = Sides::of(&group, contents, record, moved);
        let sum = |terms: &[Term]| terms.iter().map(|one| one.amount).sum::<Interval>();
        let open_if = |what: &str, sum: Interval| match sides.withheld.contains(&what) {
            true => sum.plus(Interval::OPEN),
            false => sum,
        };
        let went_in = open_if("inputs", sum(&sides.inputs));
        let added = open_if("additions", sum(&sides.added));
        let came_out = sum(&sides.outputs);
        let lost_measured = open_if("losses", sum(&sides.lost));
        let unaccounted = went_in.plus(added).minus(came_out.plus(lost_measured));
        let recovery = recovery::of(contents.bands(), record, &what);
        let verdict = verdict(&sides, went_in.plus(added), came_out.plus(lost_measured), &recovery);
        let row = ElementRow { what, counted, went_in, added, came_out, lost_measured, unaccounted, verdict };
        Self { row, sides, recovery }
    }
}

fn verdict(sides: &Sides, all_in: Interval, all_out: Interval, recovery: &Recovery) -> RowVerdict {
    let terms_in = || sides.inputs.iter().chain(&sides.added);
    let least_out = sides.least_out();
    if least_out > sides.most_in() {
        let is_said = terms_in().any(|one| one.known != Known::NotNamed);
        return if is_said { RowVerdict::Gain } else { RowVerdict::FromNothing };
    }
    if let Some(why) = untested(sides) {
        return RowVerdict::NotTested(why);
    }
    let middle = |one: &[Term], other: &[Term]| -> Option<u128> {
        one.iter().chain(other).map(|one| one.middle).sum()
    };
    let (went_in, came_out) = (middle(&sides.inputs, &sides.added), middle(&sides.outputs, &sides.lost));
    if let (Some(went_in), Some(came_out)) = (went_in, came_out)
        && came_out.saturating_sub(went_in) > sides.in_quadrature()
    {
        return RowVerdict::Tension;
    }
    recovery.judge(sides, all_in, all_out).unwrap_or(RowVerdict::Balanced)
}

/// Returns why nothing can be told, if so: first what is kept back, then what is not held, then what nobody looked for.
fn untested(sides: &Sides) -> Option<Why> {
    if let Some(what) = sides.withheld.first() {
        return Some(Why::ListWithheld(what));
    }
    let mut whys: Vec<(u8, Why)> = Vec::new();
    // Traces of what no code names.
    let is_trace = sides.inputs.iter().chain(&sides.added).all(|one| one.known == Known::NotNamed);
    let first = sides.inputs.iter().find_map(|one| one.lot).filter(|_| is_trace);
    whys.extend(first.map(|lot| (2, Why::NotDetermined(lot))));
    for one in sides.inputs.iter().chain(&sides.outputs) {
        let Some(lot) = one.lot else { continue };
        match one.known {
            Known::Withheld => whys.push((0, Why::Withheld(lot))),
            _ if one.amount.is_open() => whys.push((0, Why::Withheld(lot))),
            Known::NotHeld => whys.push((1, Why::NotHeld(lot))),
            Known::NotDetermined => whys.push((2, Why::NotDetermined(lot))),
            _ => {}
        }
    }
    whys.extend(sides.added.iter().any(|one| !one.is_bounded()).then_some((3, Why::Addition)));
    // A sum bounds each of its members from above, which is enough on the way in, and says nothing on the way out.
    let in_group = sides.outputs.iter().find(|one| one.known == Known::Group).and_then(|one| one.lot);
    whys.extend(in_group.map(|lot| (4, Why::OnlyInGroup(lot))));
    let nothing_said = !sides.outputs.iter().any(Term::is_determined);
    whys.extend(nothing_said.then_some((5, Why::Output)));
    whys.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, why)| why)
}

/// Returns what is determined in some lots and in the losses and additions of a record, each with its formula.
fn determined(
    contents: &Contents<'_>,
    moved: &Moved<'_>,
    lots: impl Iterator<Item = LotRef>,
) -> Vec<(ElementSet, Formula)> {
    let mut found: BTreeSet<(ElementSet, bool)> = BTreeSet::new();
    let mut add = |line: &Component| {
        if line.value != Determined::NotDetermined {
            found.insert((line.elements.clone(), line.basis == Formula::Reo));
        }
    };
    for lot in lots {
        contents.lines(&lot).iter().for_each(|held| add(held.line));
    }
    if let MaybeList::Shown(losses) = moved.losses {
        losses.iter().flat_map(|one| &one.composition).for_each(add);
    }
    let formula = |is_reo: bool| if is_reo { Formula::Reo } else { Formula::Element };
    found.into_iter().map(|(set, is_reo)| (set, formula(is_reo))).collect()
}

/// Returns each set once, ascending; a sum is counted in oxides where any line states it so.
fn merged(mut asked: Vec<(ElementSet, Formula)>) -> Vec<(ElementSet, Formula)> {
    let of = |formula: &Formula| *formula != Formula::Reo;
    asked.sort_by(|one, other| (&one.0, of(&one.1)).cmp(&(&other.0, of(&other.1))));
    asked.dedup_by(|one, other| one.0 == other.0);
    for (set, formula) in &mut asked {
        if set.single().is_some() {
            *formula = Formula::Element;
        }
    }
    asked
}
