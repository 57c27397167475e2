//! Balances as a plant metallurgist prints them: opening, in, out, losses, closing, unaccounted, uncertainty.
//!
//! One column an element, no more digits than the uncertainty allows; JSON has the exact ends.

use std::collections::BTreeMap;

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::balance::account::Closed;
use crate::balance::sides::{Outcome, Sides, Sum, why_open};
use crate::balance::step::{ElementRow, RowVerdict, StepBalance};
use crate::custody::graph::Graph;
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::digits;
use crate::model::element::Element;
use crate::model::formula::Formula;
use crate::model::interval::{Interval, Share, WHOLE};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

/// The columns that one element takes.
const COLUMN: usize = 30;

/// The balance of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceScreen {
    /// `facility`, `account` or `lot`.
    what: &'static str,
    /// The facility, of a facility or account.
    facility: Option<Called<RecordId>>,
    /// The circuit, of an account.
    circuit: Option<String>,
    /// The period asked for; null for everything that is held.
    period: Option<Period>,
    spans: Vec<Span>,
    /// Charges and draws that no close counts.
    open_records: usize,
    /// The lot asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<Called<LotRef>>,
    /// The balance of the event that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<StepBalance>,
    /// What that event is called, and what each row of it says.
    #[serde(skip)]
    step_words: (String, Vec<String>),
}

/// One period.
#[derive(Clone, Debug, Serialize)]
struct Span {
    /// First and last day; null where that is withheld.
    period: Option<Period>,
    /// The close, of a closed period of an account.
    close: Option<RecordId>,
    /// Place of the close in its chain.
    #[serde(skip)]
    seq: u64,
    /// Whether it is the sum over several closed periods.
    running: bool,
    elements: Vec<Line>,
}

/// One element.
#[derive(Clone, Debug, Serialize)]
struct Line {
    element: Element,
    opening: Interval,
    #[serde(rename = "in")]
    input: Interval,
    out: Interval,
    lost: Interval,
    closing: Interval,
    /// What is left over; null where nothing bounds it.
    unaccounted: Option<Difference>,
    /// The same in percent of what there was.
    percent: Option<Percent>,
    /// Half the width of what is left over.
    uncertainty: Option<Mass>,
    /// `gain`, `unaccounted` or `not_tested`.
    shows: &'static str,
    /// Why it is not tested, or what leaves a gain open.
    why: Option<&'static str>,
    #[serde(skip)]
    ends: Option<(i128, i128)>,
    #[serde(skip)]
    share: Option<Share>,
    #[serde(skip)]
    outcome: Outcome,
}

/// A difference of two masses, which may lie below nothing.
#[derive(Clone, Debug, Serialize)]
struct Difference {
    least: String,
    most: String,
}

/// A share between two ends.
#[derive(Clone, Debug, Serialize)]
struct Percent {
    least: String,
    most: String,
}

impl BalanceScreen {
    /// Returns the screen of a facility over a period, or over everything that is held without one.
    pub fn of_plant(
        known: &Known,
        facility: &RecordId,
        period: Option<Period>,
        held: Option<Period>,
        elements: &BTreeMap<Element, Sides>,
    ) -> Self {
        let span =
            Span { period: period.or(held), close: None, seq: 0, running: false, elements: lines(elements) };
        Self {
            facility: Some(known.facility(facility)),
            period,
            spans: vec![span],
            ..Self::empty("facility")
        }
    }

    /// Returns the screen of closed periods of a circuit, with the running sum up to the last of them.
    pub fn of_account(
        known: &Known,
        (facility, circuit): (&RecordId, &str),
        period: Option<Period>,
        (all, shown): (&[Closed<'_>], &[usize]),
        open_records: usize,
    ) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for closed in shown.iter().map(|number| &all[*number]) {
            spans.push(Span {
                period: closed.period,
                close: Some(closed.close.id),
                seq: closed.close.seq,
                running: false,
                elements: lines(&closed.elements),
            });
        }
        if let Some(last) = shown.last().filter(|last| all[**last].running.from < **last) {
            let sum = &all[*last].running;
            let first = all[sum.from].period;
            let period =
                first.zip(all[*last].period).map(|(first, last)| Period { last: last.last, ..first });
            let elements = lines(&sum.elements);
            spans.push(Span { period, close: None, seq: 0, running: true, elements });
        }
        Self {
            facility: Some(known.facility(facility)),
            circuit: Some(circuit.to_owned()),
            period,
            spans,
            open_records,
            ..Self::empty("account")
        }
    }

    /// Returns the screen of a lot: the balance of the event that made it.
    pub fn of_lot(known: &Known, graph: &Graph, lot: &LotRef, step: StepBalance) -> Self {
        let rows = step.rows.iter().map(|row| shown(graph, row)).collect();
        Self {
            lot: Some(known.lot(lot)),
            step_words: (known.record(&step.record), rows),
            step: Some(step),
            ..Self::empty("lot")
        }
    }

    fn empty(what: &'static str) -> Self {
        Self {
            what,
            facility: None,
            circuit: None,
            period: None,
            spans: Vec::new(),
            open_records: 0,
            lot: None,
            step: None,
            step_words: (String::new(), Vec::new()),
        }
    }
}

fn lines(elements: &BTreeMap<Element, Sides>) -> Vec<Line> {
    elements.iter().map(|(element, sides)| Line::new(*element, sides)).collect()
}

impl Line {
    fn new(element: Element, sides: &Sides) -> Self {
        let mass = |sum: &Sum| sum.mass;
        let outcome = sides.outcome();
        let (shows, why) = match outcome {
            Outcome::Gain { is_sure: true, .. } => ("gain", None),
            Outcome::Gain { is_sure: false, .. } => {
                ("gain", Some("what nobody looked at may hold it as an impurity"))
            }
            Outcome::Missing(_) => ("unaccounted", None),
            Outcome::NotTested { is_odd: false } => ("not_tested", Some("within its own uncertainty")),
            Outcome::NotTested { is_odd: true } => {
                ("not_tested", Some("within its own uncertainty, if all errs the same way"))
            }
            Outcome::Open(known) => ("not_tested", Some(why_open(known))),
        };
        let ends = sides.unaccounted();
        let available = ends.and_then(|(least, most)| {
            let part = Interval { low: u128::try_from(least).ok()?, high: u128::try_from(most).ok()? };
            sides.share_of_available(part)
        });
        let percent = |ends: u128| {
            let text = digits::percent(Share { low: ends, high: ends });
            text.trim_end_matches(" %").to_owned() + " %"
        };
        Self {
            element,
            opening: mass(&sides.opening),
            input: mass(&sides.input),
            out: mass(&sides.out),
            lost: mass(&sides.lost),
            closing: mass(&sides.closing),
            unaccounted: ends
                .map(|(least, most)| Difference { least: signed(least, false), most: signed(most, true) }),
            percent: available.map(|share| Percent { least: percent(share.low), most: percent(share.high) }),
            uncertainty: sides
                .uncertainty()
                .map(|half| Interval { low: 0, high: half }.most().unwrap_or_default()),
            shows,
            why,
            ends,
            share: available,
            outcome,
        }
    }

    /// Returns the cells of its column, from its symbol down.
    fn column(&self) -> Vec<String> {
        let empty = |of: Interval| if of == Interval::ZERO { "-".to_owned() } else { digits::mass(of) };
        let sides = [self.opening, self.input, self.out, self.lost, self.closing];
        let mut cells = vec![self.element.to_string()];
        cells.extend(sides.map(empty));
        let is_open = matches!(self.outcome, Outcome::Open(_));
        let ends = self.ends.filter(|_| !is_open);
        cells.push(ends.map_or_else(|| "-".to_owned(), |(least, most)| digits::difference(least, most)));
        cells.push(self.share.filter(|_| !is_open).map_or_else(String::new, digits::percent));
        cells.push(ends.map_or_else(String::new, |(least, most)| {
            digits::uncertainty((most - least).unsigned_abs().div_ceil(2))
        }));
        cells.push(match self.outcome {
            Outcome::Gain { least, .. } => format!("at least {} too much", digits::least(least)),
            Outcome::Missing(_) => "unaccounted".to_owned(),
            Outcome::NotTested { .. } | Outcome::Open(_) => "not tested".to_owned(),
        });
        cells
    }
}

/// Returns a difference in kilograms, rounded up or down to the milligram.
fn signed(value: i128, up: bool) -> String {
    let whole = i128::try_from(WHOLE).unwrap_or(i128::MAX);
    let mg = value.div_euclid(whole) + i128::from(up && value.rem_euclid(whole) > 0);
    let text = Mass::from_mg(u64::try_from(mg.unsigned_abs()).unwrap_or(u64::MAX)).to_exact();
    if mg < 0 { format!("-{text}") } else { text }
}

impl Screen for BalanceScreen {
    const NAME: &'static str = "balance";

    fn write(&self, page: &mut Page) {
        if let (Some(lot), Some(step)) = (&self.lot, &self.step) {
            page.heading(&format!("Balance of {}, made by {}", lot.text(page.style()), self.step_words.0));
            self.write_step(page, step);
        }
        let place = self.facility.as_ref().map(|one| one.text(page.style())).unwrap_or_default();
        match &self.circuit {
            _ if self.step.is_some() => {}
            Some(circuit) => page.heading(&format!("Balance of circuit {circuit} at {place}")),
            None => page.heading(&format!("Balance of {place}")),
        }
        for span in &self.spans {
            page.blank();
            let days = span
                .period
                .map_or_else(|| "a period that is withheld".to_owned(), |period| period.to_string());
            page.line(
                2,
                &match (span.running, span.close, self.period) {
                    (true, ..) => format!("{days}, running sum"),
                    (_, Some(_), _) => format!("{days}, closed by record {}", span.seq),
                    (_, None, Some(_)) => days,
                    (_, None, None) => format!("{days}, everything that is held"),
                },
            );
            span.write(page);
        }
        if self.open_records > 0 {
            let records = if self.open_records == 1 { "record is" } else { "records are" };
            page.blank();
            page.line(2, &format!("{} {records} in no closed period, and not balanced", self.open_records));
        }
        page.blank();
        page.line(2, "A span within its own uncertainty is not tested; nothing here is called balanced.");
    }
}

impl BalanceScreen {
    fn write_step(&self, page: &mut Page, step: &StepBalance) {
        const NAMES: [&str; 7] = ["", "in", "added", "out", "measured losses", "unaccounted", "shows"];
        page.blank();
        let words = &self.step_words.1;
        let columns: Vec<Vec<String>> =
            step.rows.iter().zip(words).map(|(row, words)| cells(row, words)).collect();
        table(page, &NAMES, &columns);
        for (row, words) in step.rows.iter().zip(words) {
            if let RowVerdict::NotTested(_) = row.verdict {
                page.line(4, &format!("{}: {words}", row.what));
            }
        }
    }
}

fn cells(row: &ElementRow, words: &str) -> Vec<String> {
    let mass = |of: Interval| if of == Interval::ZERO { "-".to_owned() } else { digits::mass(of) };
    let mut cells = vec![match row.counted {
        Formula::Element => row.what.to_string(),
        counted => format!("{} as {counted}", row.what),
    }];
    cells.extend([row.went_in, row.added, row.came_out, row.lost_measured].map(mass));
    cells.push(match row.verdict {
        RowVerdict::NotTested(_) => "-".to_owned(),
        _ => digits::mass(row.unaccounted),
    });
    cells.push(match row.verdict {
        RowVerdict::NotTested(_) => "not tested".to_owned(),
        _ => words.to_owned(),
    });
    cells
}

/// Returns what a row of a step shows, in a few words.
fn shown(graph: &Graph, row: &ElementRow) -> String {
    match &row.verdict {
        RowVerdict::Balanced => "no more out than in".to_owned(),
        RowVerdict::NotTested(why) => why.say(graph),
        RowVerdict::Tension => "odd, if each measurement errs apart".to_owned(),
        RowVerdict::AboveBand(_) => "more than has been seen".to_owned(),
        RowVerdict::BelowBand => "less than has been seen".to_owned(),
        RowVerdict::FromNothing => "from nothing that is said to hold it".to_owned(),
        RowVerdict::Gain => "more out than in".to_owned(),
    }
}

/// Adds a table of named rows and one column an element, as many at once as the page is wide.
fn table(page: &mut Page, names: &[&str], columns: &[Vec<String>]) {
    let at_once = (page.style().width.saturating_sub(22) / COLUMN).max(1);
    for chunk in columns.chunks(at_once) {
        let row = |(at, name): (usize, &&str)| {
            let cells = chunk.iter().map(|column| column[at].clone());
            std::iter::once((*name).to_owned()).chain(cells).collect::<Vec<String>>()
        };
        let rows: Vec<Vec<String>> = names.iter().enumerate().map(row).collect();
        let mut leans = vec![Lean::Left];
        leans.resize(chunk.len() + 1, Lean::Right);
        page.table(4, &leans, &rows);
    }
}

impl Span {
    fn write(&self, page: &mut Page) {
        if self.elements.is_empty() {
            page.line(4, "nobody determined an element in what came in or went out");
            return;
        }
        const NAMES: [&str; 10] = [
            "",
            "opening",
            "in",
            "out",
            "measured losses",
            "closing",
            "unaccounted",
            "of what there was",
            "uncertainty",
            "shows",
        ];
        let columns: Vec<Vec<String>> = self.elements.iter().map(Line::column).collect();
        table(page, &NAMES, &columns);
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for line in &self.elements {
            if let Some(why) = line.why {
                reasons.entry(why).or_default().push(line.element.to_string());
            }
        }
        for (why, elements) in reasons {
            page.line(4, &format!("{}: {why}", elements.join(", ")));
        }
    }
}
