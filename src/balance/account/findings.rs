//! What the periods of circuits contradict, do not account for, and leave untested.
//!
//! Spec: docs/balance.md, "Accounts and periods"; MB-02 and MB-05 of the domain's rules.

use super::super::content::{Contents, Known};
use super::super::meaning::{self, Exceeded};
use super::super::reasons;
use super::super::sides::{Outcome, Sides, why_open};
use super::{Closed, periods};
use crate::custody::accounts::Account;
use crate::custody::{graph, names};
use crate::hash::{PartyId, RecordId};
use crate::model::digits;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns what the periods of every circuit show, circuit by circuit.
pub fn findings(contents: &Contents<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for account in contents.graph().accounts().list() {
        let periods = periods(contents, account);
        let judging = Judging { contents, account, periods: &periods };
        for number in 0..periods.len() {
            judging.gains(number, &mut findings);
            findings.extend(judging.unaccounted(number));
            findings.extend(judging.withheld(number));
        }
        findings.extend(judging.untested());
    }
    findings
}

struct Judging<'a, 'g> {
    contents: &'a Contents<'g>,
    account: &'a Account,
    periods: &'a [Closed<'g>],
}

impl<'g> Judging<'_, 'g> {
    /// Names each element of which a period, or the sum up to it, holds more than there was.
    fn gains(&self, number: usize, findings: &mut Vec<Finding>) {
        let closed = &self.periods[number];
        for (element, sides) in &closed.elements {
            let weight = match sides.outcome() {
                Outcome::Gain { is_sure, .. } => self.gain_weight(*element, is_sure, closed.is_incomplete),
                Outcome::NotTested { is_odd: true } => meaning::of_tension(),
                _ => {
                    findings.extend(self.running_gain(number, *element));
                    continue;
                }
            };
            findings.push(self.gain(weight, *element, sides, number..=number));
        }
    }

    /// Names a gain of the running sum, once, where no period of it shows one by itself.
    fn running_gain(&self, number: usize, element: Element) -> Option<Finding> {
        let sum = &self.periods[number].running;
        let Outcome::Gain { is_sure, .. } = sum.elements.get(&element)?.outcome() else { return None };
        let shows = |sides: Option<&Sides>| matches!(sides.map(Sides::outcome), Some(Outcome::Gain { .. }));
        let earlier = &self.periods[sum.from..number];
        if earlier
            .iter()
            .any(|one| shows(one.elements.get(&element)) || shows(one.running.elements.get(&element)))
        {
            return None;
        }
        let weight = self.gain_weight(element, is_sure, sum.is_incomplete);
        Some(self.gain(weight, element, sum.elements.get(&element)?, sum.from..=number))
    }

    fn gain(
        &self,
        weight: Weight,
        element: Element,
        sides: &Sides,
        numbers: std::ops::RangeInclusive<usize>,
    ) -> Finding {
        let least = match sides.outcome() {
            Outcome::Gain { least, .. } => format!("at least {} more than there was", digits::least(least)),
            _ => "more than all uncertainties together explain if each errs apart from the others".to_owned(),
        };
        let message = format!(
            "{}, {}: {element} drawn {}, measured as lost {} and left {}, of {} at first and {} charged: {least}",
            self.circuit(),
            self.days(&numbers),
            digits::mass(sides.out.mass),
            digits::mass(sides.lost.mass),
            digits::mass(sides.closing.mass),
            digits::mass(sides.opening.mass),
            digits::mass(sides.input.mass),
        );
        let reasons = self.reasons(&numbers, element, sides.slack());
        let resolve = match weight {
            Weight::Unknown => "an assay of what was charged, and every record that the close counts",
            _ => "the charge that is missing, or an assay or weighing of what was charged, drawn or left",
        };
        let mut finding = self.found(FindingCode::AccountGain, weight, numbers, message, resolve);
        if !reasons.is_empty() {
            finding.records = reasons;
        }
        finding
    }

    /// Returns records of some periods that cannot all be true, of which none can be spared.
    ///
    /// Without a close nothing says what was in process, and without a charge anything may have been charged; of small
    /// draws some can be spared. None where it is odd and no contradiction.
    fn reasons(
        &self,
        numbers: &std::ops::RangeInclusive<usize>,
        element: Element,
        slack: u128,
    ) -> Vec<RecordId> {
        let mut weights: Vec<reasons::Rests> = Vec::new();
        for closed in &self.periods[numbers.clone()] {
            weights.push((u128::MAX, vec![closed.close.id]));
            for record in &closed.records {
                let lots = graph::outputs(record).map(|(lot, _)| self.contents.in_lot(&lot, element).low);
                let weight = match record.event.body {
                    Body::Draw(_) => lots.fold(0, u128::saturating_add),
                    _ => u128::MAX,
                };
                weights.push((weight, vec![record.id]));
            }
        }
        if slack == 0 { Vec::new() } else { reasons::irreducible(slack, &weights) }
    }

    /// Returns what a gain means: with something that nobody looked at, or that is not held, it is open.
    fn gain_weight(&self, element: Element, is_sure: bool, is_incomplete: bool) -> Weight {
        let confidence = self.contents.bands().confidence_in(element);
        match is_sure && !is_incomplete {
            true => meaning::of_excess(Exceeded::Conservation(confidence)),
            false => Weight::Unknown,
        }
    }

    /// Names what a period surely does not account for, with the running sum.
    fn unaccounted(&self, number: usize) -> Option<Finding> {
        let closed = &self.periods[number];
        let mut parts: Vec<String> = Vec::new();
        for (element, sides) in &closed.elements {
            let Outcome::Missing(part) = sides.outcome() else { continue };
            let share = sides.share_of_available(part).map(|share| format!(", {}", digits::percent(share)));
            let mut text = format!("{element} {}{}", digits::mass(part), share.unwrap_or_default());
            let sum = closed.running.elements.get(element).filter(|_| closed.running.from < number);
            if let Some(Outcome::Missing(part)) = sum.map(Sides::outcome) {
                text.push_str(&format!(" (running sum {})", digits::mass(part)));
            }
            parts.push(text);
        }
        if parts.is_empty() {
            return None;
        }
        let message = format!(
            "{}, {}: unaccounted {}",
            self.circuit(),
            self.days(&(number..=number)),
            parts.join("; ")
        );
        let resolve = "measured losses and tails; nothing has to be shown for a lot to be what it is";
        let weight = meaning::of_shortfall();
        Some(self.found(FindingCode::AccountUnaccounted, weight, number..=number, message, resolve))
    }

    /// Names the elements of a period that cannot be tested since something of it is kept from the reader.
    fn withheld(&self, number: usize) -> Option<Finding> {
        let closed = &self.periods[number];
        let is_hidden = |sides: &Sides| sides.outcome() == Outcome::Open(Known::Withheld);
        let hidden = closed.elements.iter().filter(|(_, sides)| is_hidden(sides));
        let names: Vec<String> = hidden.map(|(element, _)| element.to_string()).collect();
        let what = match names.is_empty() {
            false => format!("{} cannot be", names.join(", ")),
            true if closed.elements.is_empty() && self.withholds_assays(closed) => {
                "no element can be".to_owned()
            }
            true => return None,
        };
        let message = format!(
            "{}, {}: {what} balanced: masses, stock, losses or assays are withheld",
            self.circuit(),
            self.days(&(number..=number)),
        );
        let resolve = "ask the operator to show masses, stock, losses and assays of the circuit";
        Some(self.found(FindingCode::PeriodUntested, Weight::Withheld, number..=number, message, resolve))
    }

    /// Whether the composition of something drawn in a period is withheld.
    fn withholds_assays(&self, closed: &Closed<'_>) -> bool {
        let graph = self.contents.graph();
        closed.drawn().iter().any(|lot| graph.lot(lot).is_some_and(|lot| lot.composition.is_withheld()))
    }

    /// Names the elements that no period of the circuit tests, and why.
    fn untested(&self) -> Option<Finding> {
        let last = self.periods.len().checked_sub(1)?;
        let mut within: Vec<String> = Vec::new();
        let mut open: Vec<(Known, Element)> = Vec::new();
        for element in self.periods[last].elements.keys() {
            let outcomes = self.periods.iter().filter_map(|one| Some((one.elements.get(element)?, one)));
            let mut least: Option<u128> = None;
            let mut worst: Option<Known> = None;
            for (sides, _) in outcomes {
                match sides.outcome() {
                    Outcome::NotTested { .. } => least = least.max(sides.uncertainty()),
                    Outcome::Open(Known::Withheld) | Outcome::Gain { .. } | Outcome::Missing(_) => {}
                    Outcome::Open(known) => worst = worst.max(Some(known)),
                }
            }
            match (worst, least) {
                (Some(known), _) => open.push((known, *element)),
                (None, Some(width)) => within.push(format!("{element} ({})", digits::uncertainty(width))),
                (None, None) => {}
            }
        }
        let mut parts: Vec<String> = Vec::new();
        if !within.is_empty() {
            parts.push(format!("{} within the uncertainty of a period", within.join(", ")));
        }
        for known in [Known::Group, Known::NotDetermined, Known::NotHeld] {
            let names: Vec<String> = open
                .iter()
                .filter(|(why, _)| *why == known)
                .map(|(_, element)| element.to_string())
                .collect();
            if !names.is_empty() {
                parts.push(format!("{}: {}", names.join(", "), why_open(known)));
            }
        }
        let is_hidden = |one: &Closed<'_>| self.withholds_assays(one);
        if self.periods[last].elements.is_empty() && !self.periods.iter().any(is_hidden) {
            parts.push("nobody determined an element in what went through it".to_owned());
        }
        if parts.is_empty() {
            return None;
        }
        let message =
            format!("{}, {}: not tested: {}", self.circuit(), self.days(&(0..=last)), parts.join("; "));
        let resolve = "assays of charges, draws and stock in process, with their uncertainty";
        Some(self.found(FindingCode::PeriodUntested, Weight::Note, 0..=last, message, resolve))
    }

    fn circuit(&self) -> String {
        let facility = names::facility(self.contents.graph(), &self.account.facility);
        format!("circuit `{}` of {facility}", self.account.circuit)
    }

    fn days(&self, numbers: &std::ops::RangeInclusive<usize>) -> String {
        let [first, last] = [*numbers.start(), *numbers.end()].map(|number| self.periods[number].period);
        match (first, last) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{}..{}", first.first, last.last),
            _ => "a period that is withheld".to_owned(),
        }
    }

    fn found(
        &self,
        code: FindingCode,
        weight: Weight,
        numbers: std::ops::RangeInclusive<usize>,
        message: String,
        resolve: &str,
    ) -> Finding {
        let spans = &self.periods[numbers];
        let mut records: Vec<&Record> = spans.iter().map(|one| one.close).collect();
        records.extend(spans.iter().flat_map(|one| &one.records));
        let lots: Vec<LotRef> = spans.iter().flat_map(Closed::drawn).collect();
        let mut parties: Vec<PartyId> = Vec::new();
        for record in &records {
            if !parties.contains(&record.author) {
                parties.push(record.author);
            }
        }
        let records: Vec<RecordId> = records.iter().map(|record| record.id).collect();
        Finding { code, weight, records, lots, parties, message, resolve: resolve.to_owned() }
    }
}
