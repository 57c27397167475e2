//! `share`: at least so much of some elements went through some stages in some places.
//!
//! Judged by the bounds of the origin engine: `pass` if the least is enough, `fail` if it cannot be so much whatever
//! the records leave open, else `unknown` with what is established. An average decides nothing. Spec:
//! docs/formats/kinds/share.md.

mod charged;
mod declared;
mod over;
mod params;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::capability::yields;
use super::needs::Least;
use super::{Asked, AskedOver, Kind, Matched, Outcome};
use crate::custody::touch::{GapWhy, Presence, Touch, TouchPlace};
use crate::custody::{graph, names};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::fact::FactCode;
use crate::model::fraction::Fraction;
use crate::model::interval::{self, Interval, ONE, WHOLE};
use crate::model::lotref::LotRef;
use crate::model::place::Place;
use crate::model::stage::{Process, Stage};
use crate::model::verdict::Verdict;
use crate::origin::heel::heel_in;
use crate::origin::traced::{Leaf, LeafKind};
use crate::rules::facts::Facts;
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use};
use crate::rules::portfolio::Recycled;
use crate::rules::say::{self, share_down as down, share_up as up};
use crate::rules::verdict::{Reason, ReasonCode};

/// Parameters of `share`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// List of countries and regions in which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<String>,
    /// It counts in the country that is declared at a border as the lot's origin.
    #[serde(default, skip_serializing_if = "is_false")]
    pub declared: bool,
    /// Table of what countries yield: steps of a year in which more is stated are not established.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yields: Option<String>,
    /// Each country is looked at by itself.
    #[serde(default, skip_serializing_if = "is_false")]
    pub any_one_country: bool,
    /// List of countries that are not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<String>,
    /// What was collected counts, wherever it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recycled: Option<Recycled>,
    /// Stages that count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Processes that count whatever their stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Process>,
    /// Each stage is judged by itself, of what passed it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub each_stage: bool,
    /// It is a share of what was mined in the same places.
    #[serde(default, skip_serializing_if = "is_false")]
    pub mined_there: bool,
    /// List of elements.
    pub elements: String,
    /// The least share that is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Fraction>,
    /// The greatest share that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Fraction>,
    /// Code of the fact by which a lot declares its share, without the element's symbol behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<FactCode>,
    /// Of what it is a share.
    #[serde(default)]
    pub basis: Basis,
    /// Weakest evidence that counts towards what is established.
    #[serde(default)]
    pub evidence: Least,
    /// How much of the heel of a campaign is forgiven, in millionths of the lot.
    #[serde(default)]
    pub heel_ppm: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
fn is_false(value: &bool) -> bool {
    !value
}

/// Of what mass a share is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Of the mass of each element in the lot.
    #[default]
    EachElement,
    /// Of the mass of all of them in the lot together.
    ElementsTogether,
    /// Of the rare-earth oxides that were charged, whatever of them came out.
    TreoCharged,
}

/// What the steps of rounding in two bounds can add up to.
const ROUNDING: u128 = 1_000;

/// Where it counts.
struct Where {
    /// As it is told.
    name: String,
    places: Vec<Place>,
    /// The declarations that name it.
    said_by: Vec<RecordId>,
}

/// What is known of a share.
struct Known {
    /// At least so much, on the evidence asked for.
    least: u128,
    /// At most so much on ways that are told.
    told: u128,
    /// At most so much whatever is not told.
    most: u128,
    /// Whether some surely is of elsewhere.
    is_mixed: bool,
    /// Whether some of it may be of a source of which more is stated than it yields.
    is_overrun: bool,
    records: Vec<RecordId>,
}

impl Kind for Share {
    fn name(&self) -> &'static str {
        "share"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        self.check_params(field)
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let lists = [("countries", &self.countries), ("except", &self.except)];
        let lists = lists
            .into_iter()
            .filter_map(|(field, list)| list.as_deref().map(|name| Use::new(field, Table::Countries, name)));
        let elements = Use::new("elements", Table::Elements, &self.elements);
        let yields = self.yields.iter().map(|table| Use::new("yields", Table::Capabilities, table));
        lists.chain([elements]).chain(yields).collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        Some(pack.element_list(&self.elements).to_vec())
    }

    fn untold(&self) -> Option<&'static str> {
        if self.declared {
            return Some("what was declared of it at borders");
        }
        if self.basis == Basis::TreoCharged {
            return Some("what was charged with it");
        }
        self.yields.is_some().then_some("how much came out of each country in a year")
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let (facts, pack) = (asked.facts, asked.pack);
        let Some(least) = self.least.filter(|_| self.is_plain()) else { return self.of_lot(asked) };
        let all = pack.element_list(&self.elements);
        let held: Vec<Element> = all.iter().copied().filter(|element| facts.holds(*element)).collect();
        if held.is_empty() {
            let notes = vec!["the lot holds none of the elements in scope".to_owned()];
            return Outcome { notes, not_applicable: true, ..Outcome::default() };
        }
        let wheres = self.wheres(asked);
        if wheres.is_empty() {
            return Outcome::not_applicable("no declaration at a border names an origin of the lot");
        }
        let rows = self.yields.as_deref().map(|table| pack.capability_rows(table)).unwrap_or_default();
        let overrun = yields::overrun(facts, rows);
        let mut outcome = Outcome::default();
        for place in &wheres {
            self.judge_in(facts, (place, least), &held, &overrun, &mut outcome);
        }
        outcome
    }

    fn judge_portfolio(&self, asked: &AskedOver<'_, '_>) -> Option<Outcome> {
        Some(self.of_portfolio(asked))
    }

    fn matched(&self, asked: &Asked<'_, '_>) -> Vec<Matched> {
        let wheres = self.wheres(asked);
        let is_listed = self.countries.is_some() || self.declared;
        let places: Option<Vec<Place>> =
            is_listed.then(|| wheres.into_iter().flat_map(|one| one.places).collect());
        let mut matched = Vec::new();
        for element in asked.pack.element_list(&self.elements) {
            let path = asked.facts.path(*element);
            for touch in path.touches.iter().filter(|touch| self.is_step(touch)) {
                // Without a list every place counts: each country is looked at by itself.
                let is_here = match &places {
                    Some(places) => is_in(places, touch),
                    None => matches!(touch.place, TouchPlace::At { .. }).then_some(true),
                };
                let counts = match is_here {
                    None => "place not known",
                    Some(false) => "elsewhere",
                    Some(true) if !self.evidence.allows(touch.grade) => "on weaker evidence than counts",
                    Some(true) => "counts",
                };
                matched.push(Matched::new(asked, *element, touch, counts));
            }
        }
        matched
    }
}

impl Share {
    /// Judges the elements that the lot holds by one list of places, or one country that is declared.
    fn judge_in(
        &self,
        facts: &Facts<'_>,
        wanted: (&Where, Fraction),
        held: &[Element],
        overrun: &BTreeSet<RecordId>,
        outcome: &mut Outcome,
    ) {
        let known = |element: &Element| {
            let mut known = self.of_element(facts, &wanted.0.places, *element, overrun);
            known.records.extend(&wanted.0.said_by);
            known
        };
        match self.basis {
            Basis::EachElement => {
                for element in held {
                    self.tell(facts, (&[*element], wanted), known(element), outcome);
                }
            }
            Basis::ElementsTogether => {
                let known = together(facts, held, held.iter().map(known).collect());
                self.tell(facts, (held, wanted), known, outcome);
            }
            Basis::TreoCharged => {
                outcome.notes.push("share of TREO charged, not of what the lot holds".to_owned());
                match self.of_charged(facts, &wanted.0.places, held[0]) {
                    Some(known) => self.tell(facts, (&[], wanted), known, outcome),
                    None => outcome.reasons.push(charged::open(facts)),
                }
            }
        }
    }

    /// Returns what is known of one element of the lot.
    fn of_element(
        &self,
        facts: &Facts<'_>,
        places: &[Place],
        element: Element,
        overrun: &BTreeSet<RecordId>,
    ) -> Known {
        let traced = facts.traced(element);
        let through = traced.through(|touch| self.counts(places, touch));
        // Of what is stated beyond a yield nobody knows which goods are real, so none of it shows an origin.
        let is_real = |touch: &Touch| !overrun.contains(&touch.record);
        let sure = traced
            .share(|touch| self.counts(places, touch) && self.evidence.allows(touch.grade) && is_real(touch));
        // A step in a place that is not told may have been here, and papers may leave out steps.
        let open = traced.share(|touch| self.is_step(touch) && is_in(places, touch).is_none());
        let on_paper = |leaf: &Leaf| match leaf.what {
            // What is attested may rest on papers too.
            LeafKind::Entry { record, output: Some(index), .. }
                if facts.graph.attested_of(&LotRef { record, index }).is_some() =>
            {
                true
            }
            LeafKind::Entry { record, .. } => facts
                .graph
                .record(&record)
                .is_some_and(|record| matches!(record.event.body, Body::Intake(_) | Body::OpeningStock(_))),
            LeafKind::Gap(_) => false,
        };
        let left_out: u128 = match self.is_about_beginnings() {
            true => 0,
            false => {
                let leaves = traced.leaves(facts.contents());
                leaves.iter().filter(|leaf| on_paper(leaf)).map(|leaf| leaf.share.high).sum()
            }
        };
        let unreal = traced.share(|touch| self.is_step(touch) && !is_real(touch));
        let may_be = through.share.high + open.high + unreal.high + traced.unknown().high + left_out;
        let mut known = Known {
            least: sure.low,
            told: through.share.high,
            most: ONE.min(may_be),
            is_mixed: false,
            is_overrun: facts
                .path(element)
                .touches
                .iter()
                .any(|touch| self.is_step(touch) && !is_real(touch)),
            records: through.records,
        };
        // What began elsewhere did not begin here; other steps may be passed in several places.
        if self.is_about_beginnings() {
            let is_elsewhere =
                |touch: &Touch| self.is_step(touch) && matches!(is_in(places, touch), Some(false));
            let is_stated =
                |touch: &Touch| is_elsewhere(touch) && Least::Stated.allows(touch.grade) && is_real(touch);
            known.most = known.most.min(ONE - traced.share(is_stated).low.min(ONE));
            known.is_mixed = facts.joint_presence(element, is_stated) == Some(Presence::Certain);
        }
        known
    }

    /// Adds what a share means for the rule.
    fn tell(
        &self,
        facts: &Facts<'_>,
        (elements, (place, least)): (&[Element], (&Where, Fraction)),
        known: Known,
        outcome: &mut Outcome,
    ) {
        let asked = u128::from(least.ppb()) * WHOLE;
        let place =
            || format!("{} in {}", say::stages_and_processes(&self.stages, &self.processes), place.name);
        let reason = |code, verdict, text: String, resolve: &str| Reason {
            code,
            verdict,
            elements: elements.to_vec(),
            text,
            records: known.records.clone(),
            resolve: Some(resolve.to_owned()),
        };
        if known.least >= asked {
            outcome.notes.push(format!("established for {}: {}", down(known.least), place()));
            return;
        }
        if known.most < asked || (known.is_mixed && asked == ONE) {
            let some = if known.is_mixed { ", and some surely was not" } else { "" };
            let text =
                format!("at most {} went through {}{some}; {least} is asked for", up(known.told), place(),);
            outcome.reasons.push(reason(
                ReasonCode::TooLittle,
                Verdict::Fail,
                text,
                "no record can; claim what it is",
            ));
            return;
        }
        let heel = |element: &Element| heel_in(facts.contents(), &facts.lot, *element).map(|cap| cap.high);
        let heel = elements.iter().filter_map(heel).max();
        if let Some(heel) = heel.filter(|heel| known.least + heel + ROUNDING >= asked) {
            if heel <= u128::from(self.heel_ppm) * (ONE / 1_000_000) {
                outcome.notes.push(format!(
                    "established for {}; up to {} can be of the heel of the feed before, which the rule forgives",
                    down(known.least),
                    up(heel)
                ));
                return;
            }
            let text = format!(
                "established for {}; up to {} can be of the heel of the feed before, and {} ppm are forgiven",
                down(known.least),
                up(heel),
                self.heel_ppm
            );
            let resolve = "draw more of the transition product apart, or analyse a smaller heel";
            outcome.reasons.push(reason(ReasonCode::HeelLeft, Verdict::Unknown, text, resolve));
            return;
        }
        let mut text = format!(
            "established for {}, at most {} is told, of {}; {least} is asked for",
            down(known.least),
            up(known.told),
            place(),
        );
        if known.is_overrun {
            text.push_str("; more is stated of a source in a year than it yields, and which goods are real is not known");
        }
        let resolve = "analyse what was in process, close the period, and show what went in";
        let verdict = match elements.iter().any(|element| self.is_kept_back(facts, *element)) {
            true => Verdict::Withheld,
            false => Verdict::Unknown,
        };
        outcome.reasons.push(reason(ReasonCode::ShareOpen, verdict, text, resolve));
    }

    /// Whether something on an element's way is withheld that could tell more.
    fn is_kept_back(&self, facts: &Facts<'_>, element: Element) -> bool {
        let path = facts.path(element);
        let is_hidden =
            |touch: &Touch| self.is_step(touch) && matches!(touch.place, TouchPlace::Withheld { .. });
        path.touches.iter().any(is_hidden)
            || path.gaps.iter().any(|gap| matches!(gap.why, GapWhy::InputsWithheld { .. }))
    }

    fn is_about_beginnings(&self) -> bool {
        self.processes.is_empty() && self.stages.iter().all(|stage| matches!(stage, Stage::P10 | Stage::R10))
    }

    fn is_step(&self, touch: &Touch) -> bool {
        self.stages.contains(&touch.step.stage) || self.processes.contains(&touch.step.process)
    }

    fn counts(&self, places: &[Place], touch: &Touch) -> bool {
        self.is_step(touch) && is_in(places, touch) == Some(true)
    }
}

/// Whether a step was in one of some places; `None` where that is not told.
pub(super) fn is_in(places: &[Place], touch: &Touch) -> Option<bool> {
    let TouchPlace::At { place: found, .. } = &touch.place else { return None };
    let of_country = || places.iter().filter(|place| place.country == found.country);
    let fits = |place: &Place| place.subdivision.is_none() || place.subdivision == found.subdivision;
    if of_country().any(fits) {
        return Some(true);
    }
    // A region of the country counts, and the region is not stated.
    if found.subdivision.is_none() && of_country().next().is_some() { None } else { Some(false) }
}

/// Returns what is known of several elements together, by their masses in the lot.
fn together(facts: &Facts<'_>, elements: &[Element], known: Vec<Known>) -> Known {
    let masses: Vec<Interval> =
        elements.iter().map(|element| facts.contents().in_lot(&facts.lot, *element)).collect();
    let of = |share: fn(&Known) -> u128, is_least: bool| {
        if masses.iter().any(|mass| mass.is_open()) {
            let shares = known.iter().map(share);
            return if is_least { shares.min() } else { shares.max() }.unwrap_or(0);
        }
        let (mut part, mut rest) = (0u128, 0u128);
        for (mass, known) in masses.iter().zip(&known) {
            let share = share(known).min(ONE);
            let (of_part, of_rest) = if is_least { (mass.low, mass.high) } else { (mass.high, mass.low) };
            let exactly = |at: u128| interval::Share { low: at, high: at };
            let portion = |mass: u128, at: u128, up: bool| {
                let product = Interval { low: mass, high: mass }.times(exactly(at));
                if up { product.high } else { product.low }
            };
            part = part.saturating_add(portion(of_part, share, !is_least));
            rest = rest.saturating_add(portion(of_rest, ONE - share, is_least));
        }
        // A mean lies among what it is the mean of, however well the masses are known.
        let mean = interval::quotient(part, part.saturating_add(rest), !is_least);
        match is_least {
            true => mean.max(known.iter().map(share).min().unwrap_or(0)),
            false => mean.min(known.iter().map(share).max().unwrap_or(ONE)),
        }
    };
    let mut records: Vec<RecordId> = known.iter().flat_map(|one| one.records.iter().copied()).collect();
    records.sort_by_cached_key(|id| facts.graph.position(id));
    records.dedup();
    Known {
        least: of(|known| known.least, true),
        told: of(|known| known.told, false),
        most: of(|known| known.most, false),
        is_mixed: known.iter().any(|one| one.is_mixed),
        is_overrun: known.iter().any(|one| one.is_overrun),
        records,
    }
}

/// Returns the record by which the lot was made, handovers apart.
fn made_by(facts: &Facts<'_>) -> Option<RecordId> {
    let mut at = facts.lot;
    for _ in 0..=facts.graph.records().len() {
        let record = facts.graph.creator(&at)?;
        if !record.event.body.is_pairwise() {
            return Some(record.id);
        }
        at = graph::inputs(record).get(at.index as usize)?.lot;
    }
    None
}

#[cfg(test)]
mod tests;
