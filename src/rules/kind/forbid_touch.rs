//! `forbid_touch`: no element in scope may have gone through some stages in some countries.
//!
//! Judged by physics, whatever a lot is labelled: `pass` only if no barred place is possible, nothing is open,
//! and every step that must have been done is placed on the evidence asked for. Shares play no part.
//! Spec: docs/formats/kinds/forbid_touch.md.

mod end_item;
mod entities;
mod fit;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::fit::Fit;
pub use self::fit::Outside;
use super::needs::{Barred, ElementRow, Missed};
use super::{Asked, Kind, Matched, Outcome};
use crate::custody::touch::{ElementPath, Gap, GapWhy, Grade, Presence, Touch, TouchPlace};
use crate::model::element::Element;
use crate::model::evidence::DocumentKind;
use crate::model::place::Place;
use crate::model::stage::{Process, Stage};
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::implied::Missing;
use crate::rules::open;
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use};
use crate::rules::say;
use crate::rules::verdict::{Limit, Reason, ReasonCode};

/// Parameters of `forbid_touch`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForbidTouch {
    /// List of countries and regions that are barred, or allowed, see [`Outside`]; none where entities alone are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<String>,
    /// What it means that a place is outside the list.
    #[serde(default, skip_serializing_if = "Outside::is_allowed")]
    pub outside: Outside,
    /// List of entities that may not be behind the lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<String>,
    /// Whether suppliers of listed entities are looked at too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_step_upstream: bool,
    /// Kinds of papers about the lot whose issuers may not be listed either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers_of: Vec<DocumentKind>,
    /// How old a screening against the whole list may be, in days; the reader's trust file may ask for less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screened_within_days: Option<u32>,
    /// Stages that count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Processes that count whatever their stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Process>,
    /// It is about where the end item itself was made, as the case file tells, and not about what the lot went through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub end_item: bool,
    /// Whether collection for recycling counts as the beginning of the material.
    #[serde(default)]
    pub recycled_is_origin: bool,
    /// What each element needs; an element in none of the rows is not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<ElementRow>,
}

impl Kind for ForbidTouch {
    fn name(&self) -> &'static str {
        "forbid_touch"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        // Without a list every place would be outside it.
        if self.countries.is_none() && (self.end_item || self.outside != Outside::Allowed) {
            return Err(PackFault::Empty { field: format!("{field}.countries") });
        }
        if self.end_item {
            if self.entities.is_some() {
                return Err(PackFault::Value {
                    field: format!("{field}.entities"),
                    problem: "who made the end item is no fact of the case file".to_owned(),
                    hint: "leave `entities` or `end_item` out".to_owned(),
                });
            }
            return match self.stages.is_empty() && self.processes.is_empty() && self.elements.is_empty() {
                true => Ok(()),
                false => Err(PackFault::Value {
                    field: format!("{field}.end_item"),
                    problem: "the end item is made in one place, whatever stages and elements".to_owned(),
                    hint: "give `countries` alone, or leave `end_item` out".to_owned(),
                }),
            };
        }
        if self.stages.is_empty() && self.processes.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.stages") });
        }
        if self.elements.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.elements") });
        }
        self.check_entities(field)
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let countries = self.countries.iter().map(|name| Use::new("countries", Table::Countries, name));
        let entities = self.entities.iter().map(|name| Use::new("entities", Table::Entities, name));
        let rows = self.elements.iter().enumerate();
        let rows = rows.map(|(at, row)| Use::new(format!("elements[{at}].list"), Table::Elements, &row.list));
        countries.chain(entities).chain(rows).collect()
    }

    fn readings(&self) -> Vec<(String, &str)> {
        let rows = self.elements.iter().enumerate();
        rows.filter_map(|(at, row)| Some((format!("elements[{at}].when"), row.when.as_deref()?))).collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        if self.end_item {
            return None;
        }
        let all = || (1..=118).filter_map(Element::from_number).collect::<Vec<_>>();
        let of_row = |row: &ElementRow| match row.is_about_all() {
            true => all(),
            false => pack.element_list(&row.list).to_vec(),
        };
        Some(self.elements.iter().flat_map(of_row).collect())
    }

    fn untold(&self) -> Option<&'static str> {
        // Whether anybody listed is behind it is asked of the records, and is open where these are kept back.
        let is_about_all = self.elements.iter().any(ElementRow::is_about_all);
        is_about_all.then_some("of everything that went into it")
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let (facts, pack) = (asked.facts, asked.pack);
        if self.end_item {
            return end_item::judge(asked, pack.places(self.listed()));
        }
        let mut outcome = Outcome::default();
        let mut on_paper: BTreeSet<Element> = BTreeSet::new();
        let mut looked_at = false;
        for row in
            self.elements.iter().filter(|row| row.when.is_none() || row.when.as_deref() == asked.reading)
        {
            for element in row.elements(facts, pack) {
                if !facts.holds(element) {
                    continue;
                }
                looked_at = true;
                let path = facts.path(element);
                let mut limit = Limit::default();
                let found = self.of_element(facts, pack, row, &path, &mut limit);
                outcome.leave_out(&limit);
                if row.missing == Missed::Unknown && path.touches.iter().any(|touch| self.is_on_paper(touch))
                {
                    on_paper.insert(element);
                }
                for mut reason in found {
                    if row.is_about_all() {
                        // It is about the goods, whatever they hold.
                        reason.elements.clear();
                    }
                    let is_barred = reason.code == ReasonCode::BarredTouch
                        || reason.code == ReasonCode::PossibleBarredTouch;
                    let is_note = match is_barred {
                        true => row.barred == Barred::Finding,
                        false => row.missing == Missed::Finding,
                    };
                    if is_note {
                        outcome.notes.push(format!("{element}, not decisive: {}", reason.text));
                    } else {
                        outcome.reasons.push(reason);
                    }
                }
            }
        }
        if !looked_at {
            outcome.not_applicable = true;
            outcome.notes.push("the lot holds none of the elements in scope".to_owned());
        } else if let Some(name) = &self.entities {
            self.of_entities(asked, name, &mut outcome);
        }
        if !on_paper.is_empty() {
            let on_paper: Vec<Element> = on_paper.into_iter().collect();
            outcome.notes.insert(0, format!("{} on supplier statement", say::elements(&on_paper)));
        }
        outcome
    }

    fn matched(&self, asked: &Asked<'_, '_>) -> Vec<Matched> {
        let barred = self.countries.as_ref().map(|name| asked.pack.places(name)).unwrap_or_default();
        let mut matched = Vec::new();
        for row in
            self.elements.iter().filter(|row| row.when.is_none() || row.when.as_deref() == asked.reading)
        {
            for element in row.elements(asked.facts, asked.pack) {
                let path = asked.facts.path(element);
                for touch in path.touches.iter().filter(|touch| self.counts(touch)) {
                    let counts = match (open::unplaced_code(touch), self.fit(barred, touch)) {
                        (Some(_), _) => "place not known",
                        (None, Fit::Barred) => "in a barred place",
                        (None, Fit::RegionOpen) => "region not stated",
                        (None, Fit::ListOpen) => "in a place that is not listed",
                        (None, Fit::Outside) if !row.allows(touch) => "on weaker evidence than is asked for",
                        (None, Fit::Outside) => "allowed",
                    };
                    matched.push(Matched::new(asked, element, touch, counts));
                }
            }
        }
        matched
    }
}

impl ForbidTouch {
    /// Returns the name of the list of countries; nothing where entities alone are asked about.
    fn listed(&self) -> &str {
        self.countries.as_deref().unwrap_or_default()
    }

    fn of_element(
        &self,
        facts: &Facts<'_>,
        pack: &Pack,
        row: &ElementRow,
        path: &ElementPath,
        limit: &mut Limit,
    ) -> Vec<Reason> {
        let barred = self.countries.as_ref().map(|name| pack.places(name)).unwrap_or_default();
        let mut reasons = self.barred_touches(facts, barred, path, limit);
        for touch in path.touches.iter().filter(|touch| self.counts(touch)) {
            let code = match open::unplaced_code(touch) {
                Some(code) => code,
                None => match self.fit(barred, touch) {
                    Fit::RegionOpen => ReasonCode::RegionOpen,
                    Fit::ListOpen => ReasonCode::PlaceNotListed,
                    Fit::Outside if !row.allows(touch) => ReasonCode::WeakEvidence,
                    Fit::Outside | Fit::Barred => continue,
                },
            };
            if limit.admits(code) {
                reasons.push(row.of_touch(facts, path.element, touch, code, self.listed()));
            }
        }
        for gap in path.gaps.iter().filter(|gap| self.concerns(facts, gap)) {
            if limit.admits(open::gap_code(gap)) {
                reasons.push(open::gap_reason(facts, path.element, gap));
            }
        }
        let counts = |missing: &&Missing| {
            missing.stages.iter().all(|stage| self.stages.contains(stage))
                || missing.process().is_some_and(|process| self.processes.contains(&process))
        };
        let missing = facts.missing(path.element, self.recycled_is_origin);
        let missing: Vec<Missing> = missing.iter().filter(counts).cloned().collect();
        for of_lot in missing.chunk_by(|one, next| one.lot == next.lot) {
            if limit.admits(open::missing_code(&of_lot[0])) {
                reasons.push(open::missing_reason(facts, path.element, of_lot));
            }
        }
        reasons
    }

    /// Returns the steps in barred places. Several that are each only possible can be certain together.
    fn barred_touches(
        &self,
        facts: &Facts<'_>,
        barred: &[Place],
        path: &ElementPath,
        limit: &mut Limit,
    ) -> Vec<Reason> {
        let is_barred = |touch: &Touch| self.counts(touch) && self.fit(barred, touch) == Fit::Barred;
        let is_stated = |touch: &Touch| is_barred(touch) && touch.grade != Grade::Unknown;
        if !path.touches.iter().any(is_barred) {
            return Vec::new();
        }
        let together = facts.joint_presence(path.element, is_stated);
        let mut reasons = Vec::new();
        for touch in path.touches.iter().filter(|touch| is_barred(touch)) {
            let is_certain = together == Some(Presence::Certain) && is_stated(touch);
            let code = if is_certain { ReasonCode::BarredTouch } else { ReasonCode::PossibleBarredTouch };
            if limit.admits(code) {
                reasons.push(self.barred_reason(facts, path.element, touch, is_certain));
            }
        }
        reasons
    }

    /// Whether a step that counts can lie behind a gap.
    fn concerns(&self, facts: &Facts<'_>, gap: &Gap) -> bool {
        // What is missing after an intake is told stage by stage: see `implied`.
        !matches!(gap.why, GapWhy::UndeclaredPast { .. })
            && (!self.processes.is_empty() || open::may_lie_behind(facts, gap, &self.stages))
    }

    /// Whether a step counts for the rule.
    fn counts(&self, touch: &Touch) -> bool {
        self.stages.contains(&touch.step.stage) || self.processes.contains(&touch.step.process)
    }

    /// Returns how the place of a step stands to the list; outside where the place is not known.
    fn fit(&self, listed: &[Place], touch: &Touch) -> Fit {
        let TouchPlace::At { place, .. } = &touch.place else { return Fit::Outside };
        self.outside.fit(listed, place)
    }

    /// Returns the reason that a barred place is.
    fn barred_reason(&self, facts: &Facts<'_>, element: Element, touch: &Touch, is_certain: bool) -> Reason {
        let barred = match self.outside {
            Outside::Allowed => "a barred country".to_owned(),
            Outside::Barred | Outside::Open => format!("not in `{}`", self.listed()),
        };
        let surely = match (is_certain, touch.presence) {
            (true, Presence::Certain) => "",
            (true, Presence::Possible) => "; the lot surely passed one of several such places",
            (false, Presence::Certain) => ", if it was done there",
            (false, Presence::Possible) => ", if it is part of this lot",
        };
        let (code, verdict, resolve) = match is_certain {
            true => (
                ReasonCode::BarredTouch,
                Verdict::Fail,
                "no record can; look for an exception that covers this item",
            ),
            false => (
                ReasonCode::PossibleBarredTouch,
                Verdict::Unknown,
                "show which parcels this lot is made of, or who did this step where",
            ),
        };
        Reason {
            code,
            verdict,
            elements: vec![element],
            text: format!("{}, {}: {barred}{surely}", say::step(facts.graph, touch), say::grade(touch.grade)),
            records: vec![touch.record],
            resolve: Some(resolve.to_owned()),
        }
    }

    fn is_on_paper(&self, touch: &Touch) -> bool {
        self.counts(touch) && matches!(touch.grade, Grade::Transcribed | Grade::Stated)
    }
}

#[cfg(test)]
mod tests;
