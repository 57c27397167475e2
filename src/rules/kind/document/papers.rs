//! Papers that goods need where they began in some countries or passed them.
//!
//! Whether they did is judged as a ban is, by places; that they may have, asks for the papers too. A paper that is
//! missing is `unknown`; what it says is not tested. Spec: docs/formats/kinds/document.md, "Papers for goods".

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::Document;
use super::held::{Cover, Held, Papers, Topic};
use crate::custody::names;
use crate::custody::place as own_place;
use crate::custody::touch::{ElementPath, Grade, Touch, TouchPlace};
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::evidence::DocumentKind;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::place::Place;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::implied;
use crate::rules::kind::{Asked, Outcome};
use crate::rules::open;
use crate::rules::pack::{Pack, PackFault, filled};
use crate::rules::say;
use crate::rules::verdict::ReasonCode;

/// Goods that papers are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// List of elements that the goods hold; `all` for whatever they hold.
    pub elements: String,
    /// Stages by which the goods began, or that count as having been in a country.
    pub stages: Vec<Stage>,
    /// List of countries and regions; where none is named any place counts, since it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<String>,
    /// Whether places that goods passed or were kept at count too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transit: bool,
    /// What was done before this day does not count, if a signature or paper says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Kinds of papers of which collected material needs one instead; none: collection is no beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recycled_by: Vec<DocumentKind>,
}

/// One thing that papers must show.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is, in words.
    pub what: String,
    /// Kinds of papers of which one is enough.
    pub kinds: Vec<DocumentKind>,
    /// Steps of which each needs one; none listed: one about anything behind the lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
}

pub(super) fn check(rule: &Document, field: &str) -> Result<(), PackFault> {
    let empty = |what: &str| Err(PackFault::Empty { field: format!("{field}.{what}") });
    let Some(when) = &rule.when else { return empty("when") };
    if when.stages.is_empty() {
        return empty("when.stages");
    }
    if rule.evidence.is_empty() && when.recycled_by.is_empty() {
        return empty("evidence");
    }
    for (at, one) in rule.evidence.iter().enumerate() {
        filled(&format!("{field}.evidence[{at}].what"), &one.what)?;
        if one.kinds.is_empty() {
            return empty(&format!("evidence[{at}].kinds"));
        }
    }
    Ok(())
}

pub(super) fn judge(rule: &Document, asked: &Asked<'_, '_>) -> Outcome {
    let facts = asked.facts;
    let when = rule.when.as_ref().expect("reading the pack checks that it is there");
    let places = when.countries.as_ref().map(|name| asked.pack.places(name));
    let elements: Vec<Element> = match when.is_about_all() {
        true => facts.all_elements(),
        false => asked.pack.element_list(&when.elements).to_vec(),
    };
    let elements: Vec<Element> = elements.into_iter().filter(|one| facts.holds(*one)).collect();
    if elements.is_empty() {
        return Outcome::not_applicable("the lot holds none of the elements in scope");
    }
    let mut judged = Judged {
        when,
        asked,
        places,
        papers: Papers::new(facts, asked.day, rule.max_age_days(facts)),
        told: Told::default(),
        why: None,
    };
    let paths: Vec<_> = elements.iter().map(|one| facts.path(*one)).collect();
    for path in &paths {
        judged.origins(path);
    }
    if when.transit {
        judged.transit();
    }
    if judged.why.is_some() {
        for one in &rule.evidence {
            judged.evidence(one, paths.iter().map(|path| &**path));
        }
    }
    let Judged { told, why, .. } = judged;
    let mut outcome = told.done();
    outcome.notes.push(match why {
        Some(why) => format!("papers are asked for: {why}"),
        None => "no place that asks for papers is told".to_owned(),
    });
    outcome.notes.sort();
    outcome.notes.dedup();
    outcome
}

impl When {
    /// Returns the elements in scope, whatever a lot holds.
    pub(super) fn in_scope(&self, pack: &Pack) -> Vec<Element> {
        match self.is_about_all() {
            true => (1..=118).filter_map(Element::from_number).collect(),
            false => pack.element_list(&self.elements).to_vec(),
        }
    }

    fn is_about_all(&self) -> bool {
        self.elements == crate::rules::pack::ALL_ELEMENTS
    }
}

struct Judged<'a, 'f> {
    when: &'a When,
    asked: &'a Asked<'a, 'f>,
    places: Option<&'a [Place]>,
    papers: Papers<'a, 'f>,
    told: Told,
    /// The first place that asks for papers.
    why: Option<String>,
}

impl<'a, 'f> Judged<'a, 'f> {
    fn facts(&self) -> &'a Facts<'f> {
        self.asked.facts
    }

    /// Looks at where an element began, and at what keeps that open.
    fn origins(&mut self, path: &ElementPath) {
        let facts = self.facts();
        let recycles = !self.when.recycled_by.is_empty();
        for touch in &path.touches {
            if recycles && touch.step.stage == Stage::R10 {
                self.recycled(touch);
            }
            if self.when.stages.contains(&touch.step.stage) && !self.is_exempt(touch) {
                self.place_of(path.element, touch);
            }
        }
        for gap in path.gaps.iter().filter(|gap| {
            !matches!(gap.why, crate::custody::touch::GapWhy::UndeclaredPast { .. })
                && open::may_lie_behind(facts, gap, &self.when.stages)
        }) {
            self.told.push(open::gap_reason(facts, path.element, gap));
        }
        let mut missing = implied::missing(facts, path, recycles);
        missing.retain(|missing| missing.stages.iter().any(|stage| self.when.stages.contains(stage)));
        for of_lot in missing.chunk_by(|one, next| one.lot == next.lot) {
            self.told.push(open::missing_reason(facts, path.element, of_lot));
        }
    }

    fn place_of(&mut self, element: Element, touch: &Touch) {
        let facts = self.facts();
        let what = say::step(facts.graph, touch);
        let TouchPlace::At { place, .. } = &touch.place else {
            self.told.push(open::unplaced_reason(facts, element, touch));
            return;
        };
        let (asks, region_open) = self.asks(place);
        if asks {
            self.why.get_or_insert(what);
        } else if region_open {
            let text = format!(
                "{what}: papers are asked for in a region of that country, and the region is not stated"
            );
            let resolve = "declare the facility with its region";
            self.told.because(ReasonCode::RegionOpen, Verdict::Unknown, text, vec![touch.record], resolve);
        } else if touch.grade > Grade::Transcribed {
            let text = format!("{what}: {}", say::grade(touch.grade));
            let resolve = "get a paper that names the place, and give its SHA-256 with the declared step";
            self.told.because(ReasonCode::WeakEvidence, Verdict::Unknown, text, vec![touch.record], resolve);
        }
    }

    /// Whether a place asks for papers; else whether it may, by a region that is not stated.
    fn asks(&self, place: &Place) -> (bool, bool) {
        let Some(places) = self.places else { return (true, false) };
        let here = || places.iter().filter(|one| one.country == place.country);
        let asks = here().any(|one| one.subdivision.is_none() || one.subdivision == place.subdivision);
        (asks, !asks && place.subdivision.is_none() && here().next().is_some())
    }

    /// Whether a step was done before the day from which papers are asked for, on more than somebody's word.
    fn is_exempt(&mut self, touch: &Touch) -> bool {
        let (Some(from), Maybe::Shown(Some(period))) = (self.when.from, &touch.period) else { return false };
        let is_old = period.last < from && touch.grade <= Grade::Transcribed;
        if is_old {
            let what = say::step(self.facts().graph, touch);
            self.told
                .outcome
                .notes
                .push(format!("{what}: before {from}, from which on papers are asked for"));
        }
        is_old
    }

    /// Asks for the proof that collected material is recycled.
    fn recycled(&mut self, touch: &Touch) {
        let facts = self.facts();
        let topic = self.topic(touch);
        let kinds = &self.when.recycled_by;
        let cover = Cover::Step(touch.step.stage, days(touch));
        if self.papers.held(kinds, &topic, cover) != Held::Good {
            let what = say::step(facts.graph, touch);
            let text = format!("{what}: that it is recycled is on no paper held ({})", words(kinds));
            let resolve = "register the paper by its hash, or list it as accepted";
            self.told.because(ReasonCode::PaperMissing, Verdict::Unknown, text, vec![touch.record], resolve);
        }
    }

    /// Looks at where goods were kept and what they passed.
    fn transit(&mut self) {
        let facts = self.facts();
        for record in facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id)) {
            let mut here: Vec<Place> = Vec::new();
            if let Some(at) = record.event.body.at()
                && let Maybe::Shown(id) = &at.facility
                && let Some((_, facility)) = facts.graph.facility(id)
            {
                here.push(facility.place);
            }
            if let Body::Dispatch(dispatch) = &record.event.body {
                match &dispatch.stops {
                    Maybe::Shown(stops) => here.extend(stops.iter().map(|stop| stop.place)),
                    Maybe::Withheld => {
                        let by = names::party(facts.graph, &record.author);
                        let text =
                            format!("{by} withholds the route of {}", names::record(facts.graph, record));
                        let resolve = format!("ask {by} to show the item `route`");
                        self.told.because(
                            ReasonCode::PlaceWithheld,
                            Verdict::Withheld,
                            text,
                            vec![record.id],
                            &resolve,
                        );
                    }
                }
            }
            for place in here {
                if self.why.is_none() && self.asks(&place).0 {
                    self.why = Some(format!("passed {place}, {}", names::record(facts.graph, record)));
                }
            }
        }
    }

    fn evidence<'p>(&mut self, one: &Evidence, paths: impl Iterator<Item = &'p ElementPath>) {
        let facts = self.facts();
        if one.stages.is_empty() {
            let topic = self.everything();
            let held = self.papers.held(&one.kinds, &topic, Cover::Goods);
            if let Held::Invalid(paper, records) = &held {
                let text = format!("{}: {paper} does not hold on the day of what it is about", one.what);
                let resolve = "find a paper that holds on that day";
                let records = records.iter().copied().collect();
                self.told.because(ReasonCode::PaperInvalid, Verdict::Unknown, text, records, resolve);
            } else if held != Held::Good {
                let text = format!("{} on no paper held ({})", one.what, words(&one.kinds));
                let resolve = "register the paper by its hash about the lot, or list it as accepted";
                self.told.because(ReasonCode::PaperMissing, Verdict::Unknown, text, Vec::new(), resolve);
            }
            return;
        }
        let mut seen = HashSet::new();
        for path in paths {
            for touch in path.touches.iter().filter(|touch| one.stages.contains(&touch.step.stage)) {
                let key = (touch.record, touch.step.stage, format!("{:?}", touch.place));
                if self.is_exempt(touch) || !seen.insert(key) {
                    continue;
                }
                let topic = self.topic(touch);
                let cover = Cover::Step(touch.step.stage, days(touch));
                let held = self.papers.held(&one.kinds, &topic, cover);
                let what = say::step(facts.graph, touch);
                let resolve = "register the paper by its hash about the step, its lot or the place, or list it as accepted";
                match held {
                    Held::Good => {}
                    Held::None => {
                        let text = format!("{what}: {} on no paper held ({})", one.what, words(&one.kinds));
                        self.told.because(
                            ReasonCode::PaperMissing,
                            Verdict::Unknown,
                            text,
                            vec![touch.record],
                            resolve,
                        );
                    }
                    Held::Invalid(paper, records) => {
                        let is_sure = facts.surely_through(&touch.record);
                        let verdict = if is_sure { Verdict::Fail } else { Verdict::Unknown };
                        let text = format!("{what}: {}: {paper} does not hold on every day of it", one.what);
                        let records = [touch.record].into_iter().chain(records).collect();
                        let resolve = "find a paper that held on every day of it";
                        self.told.because(ReasonCode::PaperInvalid, verdict, text, records, resolve);
                    }
                }
            }
        }
    }

    /// Returns what a paper about a step can be about: the record, its lots, the place and who did it.
    fn topic(&self, touch: &Touch) -> Topic<'f> {
        let facts = self.facts();
        let mut topic = Topic::default();
        topic.records.insert(touch.record);
        let Some(record) = facts.graph.record(&touch.record) else { return topic };
        let outputs = record.event.body.outputs().len() as u32;
        topic.lots.extend((0..outputs).map(|index| LotRef { record: record.id, index }));
        if let TouchPlace::At { facility: Some(id), .. } = &touch.place {
            topic.records.insert(*id);
            if let Some((declaration, facility)) = facts.graph.facility(id) {
                topic.parties.extend(own_place::operator(declaration.author, facility));
            }
        } else {
            for declared in record.event.body.declared_touches() {
                if let Maybe::Shown(Some(maker)) = &declared.maker
                    && touch.maker.as_ref() == Some(&maker.name)
                {
                    topic.names.insert(&maker.name);
                }
            }
        }
        topic
    }

    /// Returns everything behind the lot.
    fn everything(&self) -> Topic<'f> {
        let facts = self.facts();
        let behind = facts.ancestry();
        let records = behind.records.iter().filter_map(|id| facts.graph.record(id));
        let parties = records.map(|record| record.author).collect();
        Topic {
            records: behind.records.iter().copied().collect(),
            lots: behind.lots.iter().copied().collect(),
            parties,
            names: BTreeSet::new(),
        }
    }
}

fn days(touch: &Touch) -> Option<Period> {
    touch.period.shown().copied().flatten()
}

fn words(kinds: &[DocumentKind]) -> String {
    kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
