//! What the balance of single events finds: more of an element than can have gone in, and what is out of the ordinary.
//!
//! A gain names records that cannot all be true, of which none can be spared. Where they are of several parties nobody
//! is blamed: what came out fails, and what went in is open. Spec: docs/balance.md, "One event" and "Reasons".

use std::collections::HashSet;

use super::bands::Bands;
use super::content::{Contents, Known};
use super::meaning::{self, Exceeded};
use super::reasons::{self, Rests};
use super::say;
use super::step::{self, ElementRow, Row, RowVerdict};
use super::terms::{Term, of_wet};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::confidence::Confidence;
use crate::model::element::ElementSet;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// Records listed behind the content of one input at most; beyond it a blend stands for what went into it.
const MOST_LISTED: usize = 1 << 20;

/// Returns what the balance of every event finds, event by event, sources first.
pub fn findings(contents: &Contents<'_>) -> Vec<Finding> {
    let records = contents.graph().records().iter();
    records.flat_map(|record| of_record(contents, record)).collect()
}

/// Returns what the balance of one record finds, element by element.
pub fn of_record(contents: &Contents<'_>, record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in step::tested(contents, record) {
        match row.row.verdict {
            RowVerdict::Gain => findings.extend(gain(contents, record, &row)),
            RowVerdict::FromNothing => findings.push(from_nothing(contents, record, &row)),
            RowVerdict::Tension => findings.push(tension(contents, record, &row)),
            RowVerdict::Balanced | RowVerdict::NotTested(_) => {}
            RowVerdict::AboveBand(confidence) => findings.push(above(contents, record, &row, confidence)),
            RowVerdict::BelowBand => findings.push(below(contents, record, &row)),
        }
    }
    findings
}

/// What both sides come to if every measurement is right, and how far they may be off.
struct Sums {
    went_in: u128,
    came_out: u128,
    explained: u128,
}

impl Sums {
    fn of(row: &Row) -> Self {
        let (most_in, least_out) = (row.sides.most_in(), row.sides.least_out());
        // What nobody determined counts with all that it could be on the way in, and with nothing on the way out.
        let middle_in = |one: &Term| match one.is_bounded() {
            true => one.middle.unwrap_or(one.amount.high),
            false => one.amount.high,
        };
        let middle_out = |one: &Term| match one.is_determined() {
            true => one.middle.unwrap_or(one.amount.low),
            false => one.amount.low,
        };
        let terms_in = row.sides.inputs.iter().chain(&row.sides.added);
        let went_in = terms_in.map(middle_in).fold(0, u128::saturating_add);
        let terms_out = row.sides.outputs.iter().chain(&row.sides.lost);
        let came_out = terms_out.map(middle_out).fold(0, u128::saturating_add);
        let explained = most_in.saturating_sub(went_in).saturating_add(came_out.saturating_sub(least_out));
        Self { went_in, came_out, explained }
    }

    /// Returns both sums and the difference, in words.
    fn say(&self, row: &Row) -> String {
        let what = say::elements(&row.row.what, row.row.counted);
        format!(
            "{} {what} came out and {} went in, {} more {what} than {}; all uncertainties together explain {}",
            say::mass(self.came_out),
            say::mass(self.went_in),
            say::mass(self.came_out.saturating_sub(self.went_in)),
            held(row),
            say::mass(self.explained),
        )
    }
}

/// Returns "the metal held" where all that holds it is metal, else "went in".
fn held(row: &Row) -> String {
    let holds = row.sides.inputs.iter().chain(&row.sides.added).filter(|one| one.amount.high > 0);
    let mut forms: Vec<&str> =
        holds.map(|one| one.material.as_ref().map_or("", |material| material.form())).collect();
    forms.sort_unstable();
    forms.dedup();
    match forms[..] {
        [
            form @ ("metal" | "oxide" | "alloy" | "powder" | "concentrate" | "ore" | "magnet" | "scrap"
            | "swarf"),
        ] => {
            format!("the {form} held")
        }
        _ => "what went in held".to_owned(),
    }
}

fn gain(contents: &Contents<'_>, record: &Record, row: &Row) -> Vec<Finding> {
    let graph = contents.graph();
    let is_wet = row.sides.outputs.iter().any(|one| one.is_wet && one.amount.low > 0);
    let constants = constants(contents.bands(), &row.row.what);
    let weight = of_wet(meaning::of_excess(Exceeded::Conservation(constants)), is_wet);
    let reasons = Reasons::of(contents, record, row);
    let mut message = format!("{}: {}", names::record(graph, record), Sums::of(row).say(row));
    let mut resolve = "correct the record that is wrong, or record the missing input before it".to_owned();
    if let Some(wet) = row.sides.outputs.iter().find(|one| one.is_wet && one.amount.low > 0) {
        let lot = wet.lot.map(|lot| names::lot(graph, &lot)).unwrap_or_default();
        message.push_str(&format!("; lot {lot} was weighed as it is, and how wet it was is not stated"));
        resolve = format!("state the moisture of lot {lot}, or the mass of it dried");
    }
    let outputs: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let code = FindingCode::ElementGain;
    if reasons.is_of_one_party(record) {
        let only = reasons.found(code, weight, &outputs, message, &resolve);
        return vec![Finding { parties: vec![record.author], ..only }];
    }
    // INVARIANT (nobody is blamed): which of several parties is wrong no sum can tell.
    let members = format!("{message}; which of these statements is wrong it does not show");
    let set = reasons.found(code, weight, &outputs, message, &resolve);
    let open = weight.min(Weight::Unknown);
    let open = reasons.found(code, open, &reasons.inputs, members, &resolve);
    if reasons.inputs.is_empty() { vec![set] } else { vec![set, open] }
}

fn from_nothing(contents: &Contents<'_>, record: &Record, row: &Row) -> Finding {
    let graph = contents.graph();
    let what = say::elements(&row.row.what, row.row.counted);
    let message = format!(
        "{}: {} {what} came out, and nothing that went in is said to hold any",
        names::record(graph, record),
        say::mass(Sums::of(row).came_out)
    );
    let resolve = format!("record what brought the {what}, or have it determined in what went in");
    let reasons = Reasons::of(contents, record, row);
    let outputs: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let code = FindingCode::ElementFromNothing;
    Finding {
        parties: vec![record.author],
        ..reasons.found(code, Weight::Unknown, &outputs, message, &resolve)
    }
}

fn tension(contents: &Contents<'_>, record: &Record, row: &Row) -> Finding {
    let graph = contents.graph();
    let message = format!(
        "{}: {}, and {} if each errs apart",
        names::record(graph, record),
        Sums::of(row).say(row),
        say::mass(row.sides.in_quadrature())
    );
    let resolve = format!("have {} determined more closely on both sides", row.row.what);
    let outputs: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let code = FindingCode::ElementTension;
    found(code, meaning::of_tension(), &[record], &outputs, message, &resolve)
}

fn above(contents: &Contents<'_>, record: &Record, row: &Row, confidence: Confidence) -> Finding {
    let graph = contents.graph();
    let what = say::elements(&row.row.what, row.row.counted);
    let most = row.recovery.most().map(|most| most.to_string()).unwrap_or_default();
    let went_in = Sums::of(row).went_in;
    let (exceeded, band) = match &row.recovery.site {
        Some(site) => {
            (Exceeded::SiteBand, format!("the plant declared on {} ({})", site.declared, site.source))
        }
        None => {
            let sources = row.recovery.sources.join("; ");
            (Exceeded::Band(confidence), format!("has been believed possible ({confidence}: {sources})"))
        }
    };
    let message = format!(
        "{}: of {} {what} that went in more became product than the {most} that {band}",
        names::record(graph, record),
        say::mass(went_in)
    );
    let resolve = "record what else went in, or a recovery of the plant that the reader accepts";
    let outputs: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let code = FindingCode::RecoveryExceeded;
    found(code, meaning::of_excess(exceeded), &[record], &outputs, message, resolve)
}

fn below(contents: &Contents<'_>, record: &Record, row: &Row) -> Finding {
    let graph = contents.graph();
    let what = say::elements(&row.row.what, row.row.counted);
    let sums = Sums::of(row);
    let message = format!(
        "{}: unaccounted {} {what} of the {} that went in, more than has been seen to be lost",
        names::record(graph, record),
        say::mass(sums.went_in.saturating_sub(sums.came_out)),
        say::mass(sums.went_in)
    );
    let resolve = "weigh and analyse what was lost, or record it as a lot";
    let outputs: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let code = FindingCode::Unaccounted;
    found(code, meaning::of_shortfall(), &[record], &outputs, message, resolve)
}

/// Returns how good the constants are that turn oxides of some elements into metal.
fn constants(bands: &Bands, elements: &ElementSet) -> Confidence {
    let rows = bands.file.formula.iter().filter(|row| elements.contains(row.element));
    rows.map(|row| row.confidence).max().unwrap_or(Confidence::High)
}

/// Records that cannot all be true, of which none can be spared.
struct Reasons<'g> {
    records: Vec<&'g Record>,
    /// Inputs of which the content is among what they state.
    inputs: Vec<LotRef>,
}

impl<'g> Reasons<'g> {
    fn of(contents: &Contents<'g>, record: &Record, row: &Row) -> Self {
        let graph = contents.graph();
        let slack = row.sides.least_out().saturating_sub(row.sides.most_in());
        let mut rests: Vec<Rests> = vec![(u128::MAX, vec![record.id])];
        let mut of_inputs: Vec<(LotRef, Vec<Rests>)> = Vec::new();
        for one in &row.sides.inputs {
            let Some(lot) = one.lot else { continue };
            // Without a statement of what it holds it could be anything.
            let narrows = one.whole.saturating_sub(one.amount.high.saturating_add(one.impurity));
            let mut by = stated_by(contents, &row.row, lot, narrows, one);
            // Without the record that made it, it could also be as heavy as any scale allows.
            by.push((one.not_held.saturating_sub(one.whole), vec![lot.record]));
            of_inputs.push((lot, by));
        }
        for one in &row.sides.outputs {
            rests.extend(one.by.map(|by| (one.amount.low, vec![by])));
        }
        rests.extend(of_inputs.iter().flat_map(|(_, rests)| rests.iter().cloned()));
        let kept = reasons::irreducible(slack, &rests);
        let others: HashSet<RecordId> = kept.iter().copied().filter(|id| *id != record.id).collect();
        let is_kept = |(_, rests): &&(LotRef, Vec<Rests>)| {
            rests.iter().flat_map(|(_, by)| by).any(|by| others.contains(by))
        };
        let mut inputs: Vec<LotRef> = of_inputs.iter().filter(is_kept).map(|(lot, _)| *lot).collect();
        inputs.sort_unstable();
        inputs.dedup();
        Self { records: kept.iter().filter_map(|id| graph.record(id)).collect(), inputs }
    }

    /// Returns a finding that these records show, and that blames nobody. There may be many, each once.
    fn found(
        &self,
        code: FindingCode,
        weight: Weight,
        lots: &[LotRef],
        message: String,
        resolve: &str,
    ) -> Finding {
        let records = self.records.iter().map(|record| record.id).collect();
        let (lots, resolve) = (lots.to_vec(), resolve.to_owned());
        Finding { code, weight, records, lots, parties: Vec::new(), message, resolve }
    }

    fn is_of_one_party(&self, record: &Record) -> bool {
        self.records.iter().all(|one| one.author == record.author)
    }
}

/// Returns what narrows the content of an input, part by part, each with the records it rests on: where it was told, and
/// the handovers and blends by which it came from there.
fn stated_by(
    contents: &Contents<'_>,
    row: &ElementRow,
    lot: LotRef,
    narrows: u128,
    term: &Term,
) -> Vec<Rests> {
    let graph = contents.graph();
    let mut rests: Vec<Rests> = Vec::new();
    if matches!(term.known, Known::NotHeld | Known::Withheld) {
        return rests;
    }
    let mut listed = 0;
    let mut open: Vec<(LotRef, Rests)> = vec![(lot, (narrows, Vec::new()))];
    while let Some((at, (narrows, mut by))) = open.pop() {
        let lines = contents.lines(&at);
        let about = |held: &&crate::custody::assay::HeldLine<'_>| {
            held.line.elements == row.what || held.line.elements.iter().any(|one| row.what.contains(one))
        };
        let sources = contents.sources(&at);
        let is_told = lines.iter().any(|held| about(&held)) && !is_repeated(graph, &at, &sources);
        listed += by.len() * sources.len().max(1);
        if is_told || sources.is_empty() || listed > MOST_LISTED {
            let told = by.len();
            by.extend(lines.iter().filter(about).map(|held| held.record.id));
            if by.len() == told {
                by.push(at.record);
            }
            rests.push((narrows, by));
            continue;
        }
        by.push(at.record);
        let total: u128 = sources.iter().map(|input| mg(input.mass)).sum::<u128>().max(1);
        for input in &sources {
            // Divided first: both factors may fill 64 bits and more.
            let part = narrows / total * mg(input.mass) + narrows % total * mg(input.mass) / total;
            open.push((input.lot, (part, by.clone())));
        }
    }
    rests
}

/// Whether a lot was handed over with the composition it had: then it is its maker's word, and not the receiver's.
pub(super) fn is_repeated(graph: &Graph, lot: &LotRef, sources: &[Input]) -> bool {
    let composition = |lot: &LotRef| graph.lot(lot).and_then(|lot| lot.composition.shown());
    let is_handover = graph.creator(lot).is_some_and(|record| record.event.body.is_pairwise());
    let has_results = graph.results(lot).next().is_some();
    let same = |source: &Input| composition(lot).is_some() && composition(lot) == composition(&source.lot);
    is_handover && !has_results && matches!(sources, [only] if same(only))
}

fn mg(mass: Mass) -> u128 {
    u128::from(mass.mg())
}

#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;
