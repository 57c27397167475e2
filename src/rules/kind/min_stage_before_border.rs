//! `min_stage_before_border`: what producer states ask of goods that leave them, on the days on which they left.
//!
//! Judged of every lot behind the one asked for. That a paper is missing accuses nobody; a lot that left in a form
//! that may not leave, on a paper that had run out, or after a quota was used up, does.
//! Spec: docs/formats/kinds/min_stage_before_border.md.

mod exports;
mod leaving;
mod passed;
mod permit;
mod quota;
mod value;
mod ways;
mod weigh;
mod window;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use self::exports::Export;
use self::leaving::Leavings;
use self::passed::{Pass, Sure};
use self::window::Window;
use super::{Asked, Kind, Outcome};
use crate::custody::{graph, names};
use crate::model::day::Day;
use crate::model::event::{Body, RegisterDocument};
use crate::model::lotref::LotRef;
use crate::model::place::Country;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::pack::{BorderRow, Table, Use};
use crate::rules::verdict::{Limit, Reason, ReasonCode};

/// Parameters of `min_stage_before_border`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinStageBeforeBorder {
    /// Table of what countries ask.
    pub borders: String,
}

/// One row, asked of one lot.
struct Query<'f, 'g> {
    facts: &'f Facts<'g>,
    row: &'f BorderRow,
    /// Papers that are registered.
    papers: &'f [(&'g Record, &'g RegisterDocument)],
    /// Everything that left any country, once it is asked for.
    exports: &'f OnceCell<Vec<Export<'g>>>,
    /// How surely each lot was mined in the country of the row, once that is asked for.
    mined: OnceCell<HashMap<LotRef, Sure>>,
}

impl<'g> Query<'_, 'g> {
    fn exports(&self) -> &[Export<'g>] {
        self.exports.get_or_init(|| exports::all(self.facts.graph))
    }

    fn mined(&self, lot: &LotRef) -> Sure {
        self.mined.get_or_init(|| exports::mined(self)).get(lot).copied().unwrap_or(Sure::Maybe)
    }
}

impl Kind for MinStageBeforeBorder {
    fn name(&self) -> &'static str {
        "min_stage_before_border"
    }

    fn uses(&self) -> Vec<Use<'_>> {
        vec![Use::new("borders", Table::Borders, &self.borders)]
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let rows = asked.pack.border_rows(&self.borders);
        let holds_one = |row: &&BorderRow| {
            row.elements.is_empty() || row.elements.iter().any(|element| facts.holds(*element))
        };
        let rows: Vec<&BorderRow> = rows.iter().filter(holds_one).collect();
        if rows.is_empty() {
            return Outcome::not_applicable("the lot holds none of the elements in scope");
        }
        let leavings = Leavings::of(facts);
        let papers = permit::registered(facts);
        let exports = OnceCell::new();
        let mut outcome = Outcome::default();
        let mut limit = Limit::default();
        let mut is_reached = false;
        for row in &rows {
            let touches_it = |one: &leaving::Leaving<'_>| one.from.is_none_or(|from| from == row.country);
            if !leavings.all.iter().any(touches_it) {
                continue;
            }
            let query = Query { facts, row, papers: &papers, exports: &exports, mined: OnceCell::new() };
            let (found, broke) = Pass::run(&query, &leavings);
            for weighed in found {
                is_reached = true;
                outcome.notes.extend(weighed.notes);
                for mut reason in weighed.reasons {
                    if reason.verdict == Verdict::Fail && broke != Sure::Yes {
                        reason.verdict = Verdict::Unknown;
                        reason.text.push_str("; the lot may not be made of it");
                    }
                    if limit.admits(reason.code) {
                        outcome.reasons.push(reason);
                    }
                }
            }
            if !outcome.reasons.is_empty() {
                let text =
                    row.note.iter().map(|note| format!("{}: {note} ({})", row.country, row.confidence));
                outcome.notes.extend(text);
            }
        }
        let first: Option<Option<Day>> = rows.iter().map(|row| row.first()).min();
        gaps(facts, first.flatten(), &mut limit, &mut outcome);
        outcome.leave_out(&limit);
        outcome.notes.sort();
        outcome.notes.dedup();
        if !is_reached && outcome.reasons.is_empty() {
            let countries: BTreeSet<Country> = rows.iter().map(|row| row.country).collect();
            let countries: Vec<String> = countries.iter().map(Country::to_string).collect();
            outcome.not_applicable = true;
            outcome.notes.push(format!("nothing behind the lot left {}", countries.join(", ")));
        }
        outcome
    }
}

/// Whether something done at `stage` has come as far as `least`.
///
/// Dissolving scrap gives compounds, as separation does; other stages of recycling begin anew.
fn is_stage_reached(stage: Stage, least: Stage) -> bool {
    match stage {
        Stage::R40 => least <= Stage::P40,
        stage => least <= stage && stage < Stage::R10,
    }
}

/// Adds what keeps it from being known whether something behind the lot left a country; before `first` no row held.
fn gaps(facts: &Facts<'_>, first: Option<Day>, limit: &mut Limit, outcome: &mut Outcome) {
    let graph = facts.graph;
    let matters = |days: &Window| !matches!((first, days.last), (Some(first), Some(last)) if last < first);
    let mut add = |code, verdict, text: String, records: Vec<_>, resolve: String| {
        if limit.admits(code) {
            outcome.reasons.push(Reason {
                code,
                verdict,
                elements: Vec::new(),
                text,
                records,
                resolve: Some(resolve),
            });
        }
    };
    let behind = facts.ancestry();
    let lots: HashSet<LotRef> = behind.lots.iter().copied().collect();
    for record in behind.records.iter().filter_map(|id| graph.record(id)) {
        let days = Window::of(record);
        if !matters(&days) {
            continue;
        }
        let ids = vec![record.id];
        if graph::withheld_inputs(record).is_some() {
            let what = names::record(graph, record);
            let text = format!("{what} withholds its inputs, so what countries they left is not known");
            let resolve = format!("ask {} to show the item `in`", names::party(graph, &record.author));
            add(ReasonCode::InputsWithheld, Verdict::Withheld, text, ids.clone(), resolve);
        }
        for input in
            graph::inputs(record).iter().filter(|input| behind.missing.binary_search(&input.lot).is_ok())
        {
            let text = format!(
                "what is behind {} is not held, so what countries it left is not known",
                names::lot(graph, &input.lot)
            );
            let resolve = "import the chain that holds this lot's record".to_owned();
            add(ReasonCode::MissingInput, Verdict::Unknown, text, ids.clone(), resolve);
        }
        if let Body::Intake(_) | Body::OpeningStock(_) = record.event.body {
            for (lot, _) in graph::outputs(record).filter(|(lot, _)| lots.contains(lot)) {
                let touches = record.event.body.declared_touches();
                let is_entry = |stage: Stage| matches!(stage, Stage::P10 | Stage::R10);
                if touches.iter().any(|touch| touch.output == lot.index && is_entry(touch.step.stage)) {
                    continue;
                }
                let text = format!(
                    "{} was taken in, and in which country it was mined is not declared",
                    names::lot(graph, &lot)
                );
                let resolve = "get the supplier's papers and record the steps they name".to_owned();
                add(ReasonCode::MissingNode, Verdict::Unknown, text, ids.clone(), resolve);
            }
        }
    }
}

#[cfg(test)]
mod tests;
