//! `capability`: each step stands in a country where somebody is known to do it, and no country yields more than is known.
//!
//! That a list knows no plant in a country says little, unless whoever wrote it says that it is complete, and why.
//! A yield is judged by what one party alone states: where only several together state too much, which of them does is
//! not known. Spec: docs/formats/kinds/capability.md.

pub(super) mod yields;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Asked, Kind, Outcome};
use crate::custody::names;
use crate::custody::touch::{Grade, Presence, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::interval::Interval;
use crate::model::place::Country;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::pack::{Capability, Pack, PackFault, PackFile, Table, Use};
use crate::rules::verdict::{Limit, Reason, ReasonCode};
use crate::rules::{implied, open, say};

/// Parameters of `capability`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capable {
    /// Table of what is known.
    pub capabilities: String,
    /// List of elements that are looked at.
    pub elements: String,
    /// Stages that are looked at.
    pub stages: Vec<Stage>,
    /// Why the table holds every country where this is done; left out where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<String>,
    /// List of countries that raw material of a neighbour is known to have come through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<String>,
}

impl Kind for Capable {
    fn name(&self) -> &'static str {
        "capability"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        if self.stages.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.stages") });
        }
        match &self.complete {
            Some(why) if why.trim().is_empty() => {
                Err(PackFault::Empty { field: format!("{field}.complete") })
            }
            _ => Ok(()),
        }
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let table = Use::new("capabilities", Table::Capabilities, &self.capabilities);
        let elements = Use::new("elements", Table::Elements, &self.elements);
        let neighbours = self.neighbours.iter().map(|list| Use::new("neighbours", Table::Countries, list));
        [table, elements].into_iter().chain(neighbours).collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        Some(pack.element_list(&self.elements).to_vec())
    }

    fn untold(&self) -> Option<&'static str> {
        Some("how much came out of each country in a year")
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let (facts, pack) = (asked.facts, asked.pack);
        let rows = pack.capability_rows(&self.capabilities);
        let mut outcome = Outcome::default();
        let mut looked_at = false;
        let mut steps: BTreeSet<RecordId> = BTreeSet::new();
        for element in pack.element_list(&self.elements).iter().filter(|element| facts.holds(**element)) {
            looked_at = true;
            let mut limit = Limit::default();
            let path = facts.path(*element);
            for touch in path.touches.iter().filter(|touch| self.stages.contains(&touch.step.stage)) {
                if open::unplaced_code(touch).is_some_and(|code| limit.admits(code)) {
                    outcome.reasons.push(open::unplaced_reason(facts, *element, touch));
                }
                let TouchPlace::At { place, .. } = &touch.place else { continue };
                steps.insert(touch.record);
                let found = self.of_place(facts, rows, touch, place.country, *element);
                outcome.reasons.extend(found.filter(|reason| limit.admits(reason.code)));
                let listed = self.neighbours.iter().flat_map(|list| pack.places(list));
                if touch.step.stage == Stage::P10 && listed.clone().any(|one| one.covers(*place)) {
                    let step = say::step(facts.graph, touch);
                    outcome.notes.push(format!(
                        "{step}: goods of a neighbour are known to have come through this country"
                    ));
                }
            }
            for gap in path.gaps.iter().filter(|gap| open::may_lie_behind(facts, gap, &self.stages)) {
                if limit.admits(open::gap_code(gap)) {
                    outcome.reasons.push(open::gap_reason(facts, *element, gap));
                }
            }
            let mut missing = implied::missing(facts, &path, true);
            missing.retain(|missing| missing.stages.iter().all(|stage| self.stages.contains(stage)));
            for of_lot in missing.chunk_by(|one, next| one.lot == next.lot) {
                if limit.admits(open::missing_code(&of_lot[0])) {
                    outcome.reasons.push(open::missing_reason(facts, *element, of_lot));
                }
            }
            outcome.leave_out(&limit);
        }
        if !looked_at {
            return Outcome::not_applicable("the lot holds none of the elements in scope");
        }
        for row in rows.iter().filter(|row| row.yearly.is_some()) {
            outcome.reasons.extend(self.of_yield(facts, row, &steps));
        }
        outcome.notes.sort();
        outcome.notes.dedup();
        outcome
    }
}

impl Capable {
    /// Returns what is odd about the country of a step.
    fn of_place(
        &self,
        facts: &Facts<'_>,
        rows: &[Capability],
        touch: &Touch,
        country: Country,
        element: Element,
    ) -> Option<Reason> {
        let stage = touch.step.stage;
        let known = || rows.iter().filter(|row| row.country == country && row.stages.contains(&stage));
        if known().any(|row| row.status.works()) {
            return None;
        }
        let what = match known().next() {
            Some(row) => format!("what is known there is `{}`, {}", row.name, row.status),
            None => format!("no place that does {stage} is known in {country}"),
        };
        let is_sure = touch.presence == Presence::Certain && touch.grade != Grade::Unknown;
        let (code, verdict, text) = match &self.complete {
            Some(why) if is_sure => {
                (ReasonCode::NoCapacity, Verdict::Fail, format!("{what}, and the list is complete: {why}"))
            }
            Some(why) => (
                ReasonCode::NoKnownPlant,
                Verdict::Unknown,
                format!("{what}, and the list is complete: {why}; the lot may not be of it"),
            ),
            None => (ReasonCode::NoKnownPlant, Verdict::Unknown, format!("{what}; the list is not complete")),
        };
        Some(Reason {
            code,
            verdict,
            elements: vec![element],
            text: format!("{}: {text}", say::step(facts.graph, touch)),
            records: vec![touch.record],
            resolve: Some(
                "show the plant: its permit, a visit, or a source that a pack of your own can name"
                    .to_owned(),
            ),
        })
    }

    /// Returns the years in which more is stated than the country yields, where a step behind the lot is in one of them.
    fn of_yield(&self, facts: &Facts<'_>, row: &Capability, steps: &BTreeSet<RecordId>) -> Vec<Reason> {
        let Some(yearly) = row.yearly else { return Vec::new() };
        let most = Interval::exact(yearly);
        let mut reasons = Vec::new();
        for (year, stated) in yields::years(facts, row) {
            let all = stated.by_party.values();
            let sum = stated.sum();
            let is_behind = |one: &yields::Stated| one.records.iter().any(|record| steps.contains(record));
            let own = stated.by_party.iter().filter(|(_, one)| is_behind(one));
            let beyond: Vec<_> = own.clone().filter(|(_, one)| one.mass.exceeds(most)).collect();
            let told = |who: String, mass: Interval| {
                let stages: Vec<String> = row.stages.iter().map(Stage::to_string).collect();
                format!(
                    "{who} {} of {} at {} in {} in {year}, which yields {yearly} a year ({}, {})",
                    mass.least(),
                    row.materials.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "),
                    stages.join(", "),
                    row.country,
                    row.name,
                    row.source,
                )
            };
            let resolve = "show where the rest came from, or a better figure of what the country yields";
            for (party, one) in &beyond {
                let who = format!("{} states", names::party(facts.graph, party));
                let sure = one.records.iter().any(|record| facts.surely_through(record));
                let mut text = told(who, one.mass);
                if !sure {
                    text.push_str("; the lot may not be of it");
                }
                reasons.push(Reason {
                    code: ReasonCode::OverYield,
                    verdict: if sure { Verdict::Fail } else { Verdict::Unknown },
                    elements: Vec::new(),
                    text,
                    records: one.records.iter().take(16).copied().collect(),
                    resolve: Some(resolve.to_owned()),
                });
            }
            if beyond.is_empty() && own.clone().next().is_some() && sum.exceeds(most) {
                let who = format!("{} parties state together", stated.by_party.len());
                reasons.push(Reason {
                    code: ReasonCode::OverYield,
                    verdict: Verdict::Unknown,
                    elements: Vec::new(),
                    text: format!("{}; which of them states too much is not known", told(who, sum)),
                    records: all.flat_map(|one| one.records.iter().copied()).take(16).collect(),
                    resolve: Some(resolve.to_owned()),
                });
            }
        }
        reasons
    }
}

#[cfg(test)]
mod tests;
