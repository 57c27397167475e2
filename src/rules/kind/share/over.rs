//! Shares over many lots, or over one, each bound of which counts: by single countries, by stage, by class.

use super::*;
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::model::fact::{FactUnit, FactValue};
use crate::model::place::Country;
use crate::rules::implied::Makes;
use crate::rules::portfolio::{self, Counting, GroupShare, Holding, Passed};

/// Where shares are worked out.
struct Room<'r, 'g> {
    graph: &'g Graph,
    contents: &'r Contents<'g>,
    makes: &'r Makes,
    pack: &'r Pack,
}

impl Share {
    /// Judges a lot as a portfolio of its own.
    pub(super) fn of_lot(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        if let (Some(code), Some(class)) = (&self.claim, self.recycled) {
            return self.of_claim(asked, code, class);
        }
        let room =
            Room { graph: facts.graph, contents: facts.contents(), makes: &facts.makes, pack: asked.pack };
        let holdings = |element: Element| {
            let mass = facts.contents().in_lot(&facts.lot, element);
            let holds = facts.holds(element) && mass.high > 0;
            // What a lot may hold is asked of it; of a year's receipts it is only where some is known to.
            let holding = || Holding::new(facts, facts.traced(element), mass, 0).taken_to_be_there();
            holds.then(holding).into_iter().collect()
        };
        let outcome = self.of_holdings(&room, holdings);
        outcome.unwrap_or_else(|| Outcome::not_applicable("the lot holds none of the elements in scope"))
    }

    /// Judges what was received in a period.
    pub(super) fn of_portfolio(&self, asked: &AskedOver<'_, '_>) -> Outcome {
        let over = asked.over;
        if self.claim.is_some() {
            return Outcome::not_applicable("a claim is made of a lot, not of a period");
        }
        let room =
            Room { graph: over.graph(), contents: over.contents(), makes: over.makes(), pack: asked.pack };
        let outcome = self.of_holdings(&room, |element| over.holdings(Some(asked.rule), element));
        outcome.unwrap_or_else(|| Outcome::not_applicable("nothing received holds an element in scope"))
    }

    /// Judges what a lot declares of its recycled share, element by element.
    fn of_claim(&self, asked: &Asked<'_, '_>, code: &FactCode, class: portfolio::Recycled) -> Outcome {
        let facts = asked.facts;
        let declared = facts.graph.lot(&facts.lot).map(|lot| lot.facts.as_slice()).unwrap_or_default();
        let mut outcome = Outcome::default();
        let mut is_held = false;
        for element in asked.pack.element_list(&self.elements) {
            let mass = facts.contents().in_lot(&facts.lot, *element);
            if !facts.holds(*element) || mass.high == 0 {
                continue;
            }
            let holding = Holding::new(facts, facts.traced(*element), mass, 0);
            let wanted = format!("{}.{}", code.as_str(), element.symbol().to_lowercase());
            let claim = declared.iter().find(|fact| fact.code.as_str() == wanted);
            if claim.is_none() && !holding.is_there {
                continue;
            }
            is_held = true;
            let holdings = [holding.taken_to_be_there()];
            let share = portfolio::of_class(facts.contents(), &holdings, class, self.evidence);
            let records = vec![facts.lot.record];
            let found = |verdict, code, text: String, resolve: &str| Reason {
                code,
                verdict,
                elements: vec![*element],
                text,
                records: records.clone(),
                resolve: Some(resolve.to_owned()),
            };
            let claim = match claim.map(|fact| (&fact.value, fact.unit)) {
                Some((FactValue::Number(ppb), FactUnit::Ppb)) if (0..=1_000_000_000).contains(ppb) => {
                    u128::from(ppb.unsigned_abs()) * WHOLE
                }
                _ => {
                    let text = format!("no fact `{wanted}` in ppb declares a share {}", class.words());
                    let resolve = "record the declared share as a fact on the lot";
                    outcome.reasons.push(found(Verdict::Unknown, ReasonCode::NoClaim, text, resolve));
                    continue;
                }
            };
            let backed = format!("the records back {} {}", range(share), class.words());
            let text = format!("{} is declared; {backed}", up(claim));
            if claim > share.high {
                let resolve = "no record can; declare what the records back";
                outcome.reasons.push(found(Verdict::Fail, ReasonCode::ClaimNotBacked, text, resolve));
            } else if claim > share.low {
                let resolve = "record what was collected, and what went in beside it";
                outcome.reasons.push(found(Verdict::Unknown, ReasonCode::ShareOpen, text, resolve));
            } else {
                outcome.notes.push(format!("{element}: {text}"));
            }
        }
        match is_held {
            true => outcome,
            false => Outcome::not_applicable("the lot holds none of the elements in scope"),
        }
    }

    /// Judges each element; `None` where none is held.
    fn of_holdings(
        &self,
        room: &Room<'_, '_>,
        holdings: impl Fn(Element) -> Vec<Holding>,
    ) -> Option<Outcome> {
        let mut outcome = Outcome::default();
        let (mut is_held, mut is_judged) = (false, false);
        let mut perhaps: Vec<Element> = Vec::new();
        for element in room.pack.element_list(&self.elements) {
            let holdings = holdings(*element);
            if holdings.is_empty() {
                continue;
            }
            is_held = true;
            if !holdings.iter().any(|holding| holding.is_there) {
                perhaps.push(*element);
                continue;
            }
            if let Some(class) = self.recycled {
                let share = portfolio::of_class(room.contents, &holdings, class, self.evidence);
                let found = Found {
                    element: *element,
                    of: format!("is {}", class.words()),
                    share,
                    sure: share.low,
                    is_kept_back: false,
                    records: Vec::new(),
                };
                is_judged = true;
                self.decide(found, &mut outcome);
                continue;
            }
            let sets: Vec<&[Stage]> = match self.each_stage || self.any_one_country {
                true => self.stages.iter().map(std::slice::from_ref).collect(),
                false => vec![&self.stages],
            };
            for stages in sets {
                is_judged |= self.of_stages(room, *element, stages, &holdings, &mut outcome);
            }
        }
        outcome.not_applicable = self.mined_there && !is_judged;
        if !perhaps.is_empty() {
            let text = format!("not looked at, since nobody analysed for it: {}", say::elements(&perhaps));
            outcome.notes.push(text);
            outcome.not_applicable = outcome.reasons.is_empty() && !is_judged;
        }
        is_held.then_some(outcome)
    }

    /// Judges one element at some stages; returns whether there is anything to judge.
    fn of_stages(
        &self,
        room: &Room<'_, '_>,
        element: Element,
        stages: &[Stage],
        holdings: &[Holding],
        outcome: &mut Outcome,
    ) -> bool {
        let is_each = self.each_stage || self.any_one_country;
        let asked = portfolio::Asked {
            stages,
            processes: &self.processes,
            evidence: self.evidence,
            counting: if is_each { Counting::WhatPassed } else { Counting::All },
        };
        let passed_words = say::stages_and_processes(stages, &self.processes);
        if self.any_one_country {
            let by_country = |touch: &Touch| match &touch.place {
                TouchPlace::At { place, .. } => Some(place.country),
                _ => None,
            };
            let passed = asked.over(room.graph, room.makes, holdings, by_country);
            if passed.is_passed() {
                self.of_countries(room.pack, element, &passed_words, passed, outcome);
            }
            return true;
        }
        let countries = self.countries.as_deref().unwrap_or_default();
        let places = room.pack.places(countries);
        if self.mined_there {
            return self.of_mined(room, element, &asked, holdings, outcome);
        }
        let passed = asked.over(room.graph, room.makes, holdings, |touch| is_in(places, touch));
        if is_each && !passed.is_passed() {
            outcome.notes.push(format!("{element}: nothing received passed {passed_words}"));
            return true;
        }
        let here = passed.groups.iter().find(|one| one.group);
        let found = Found {
            element,
            of: match is_each {
                true => format!("that passed {passed_words} did so in {countries}"),
                false => format!("went through {passed_words} in {countries}"),
            },
            share: here.map_or(interval::Share { low: 0, high: passed.unknown.high }, |one| one.share),
            sure: here.map_or(0, |one| one.sure),
            is_kept_back: passed.is_kept_back,
            records: here.map(|one| one.records.clone()).unwrap_or_default(),
        };
        self.decide(found, outcome);
        true
    }

    /// Decides by what was worked on in some countries, of what was mined there; returns whether any may have been.
    fn of_mined(
        &self,
        room: &Room<'_, '_>,
        element: Element,
        asked: &portfolio::Asked<'_>,
        holdings: &[Holding],
        outcome: &mut Outcome,
    ) -> bool {
        let countries = self.countries.as_deref().unwrap_or_default();
        let places = room.pack.places(countries);
        let is_there = |touch: &Touch| is_in(places, touch);
        let found = portfolio::of_mined(room.graph, room.makes, holdings, asked, is_there);
        if found.mined.high == 0 {
            outcome.notes.push(format!("{element}: nothing of it was mined in {countries}"));
            return false;
        }
        let passed = say::stages_and_processes(&self.stages, &self.processes);
        let found = Found {
            element,
            of: format!("mined in {countries} ({}) went through {passed} there", found.mined),
            share: found.share,
            sure: found.share.low,
            is_kept_back: found.is_kept_back,
            records: found.records,
        };
        self.decide(found, outcome);
        true
    }

    /// Decides by one share against the least or the most.
    fn decide(&self, found: Found, outcome: &mut Outcome) {
        let ppb = |share: Fraction| u128::from(share.ppb()) * WHOLE;
        let element = found.element;
        let told = format!("{} of {element} {}", range(found.share), found.of);
        match (self.least, self.most) {
            (Some(least), _) if found.sure >= ppb(least) => {
                outcome.notes.push(format!("established for {}: {element} {}", down(found.sure), found.of));
            }
            (Some(least), _) if found.share.high < ppb(least) => {
                let text = format!("{told}; {least} is asked for");
                outcome.reasons.push(found.reason(ReasonCode::TooLittle, Verdict::Fail, text));
            }
            (Some(least), _) => {
                let text = format!("{told}, established for {}; {least} is asked for", down(found.sure));
                outcome.reasons.push(found.open(text));
            }
            (None, Some(most)) if found.share.low > ppb(most) => {
                let text = format!("{told}; {most} is the most allowed");
                outcome.reasons.push(found.reason(ReasonCode::TooMuch, Verdict::Fail, text));
            }
            (None, Some(most)) if found.share.high > ppb(most) => {
                let text = format!("{told}; {most} is the most allowed");
                outcome.reasons.push(found.open(text));
            }
            (None, _) => outcome.notes.push(told),
        }
    }

    /// Decides by the countries of a stage, each by itself. What is unknown may all be of one more country.
    fn of_countries(
        &self,
        pack: &Pack,
        element: Element,
        stage: &str,
        passed: Passed<Country>,
        outcome: &mut Outcome,
    ) {
        let Some(most) = self.most else { return };
        let limit = u128::from(most.ppb()) * WHOLE;
        let except = self.except.as_deref().map(|list| pack.places(list)).unwrap_or_default();
        let is_looked_at =
            |one: &&GroupShare<Country>| !except.iter().any(|place| place.country == one.group);
        let groups: Vec<&GroupShare<Country>> = passed.groups.iter().filter(is_looked_at).collect();
        let found = |records: Vec<RecordId>, share| Found {
            element,
            of: String::new(),
            share,
            sure: 0,
            is_kept_back: passed.is_kept_back,
            records,
        };
        let unknown = match passed.unknown.high {
            0 => String::new(),
            high => format!("; unknown: up to {}", up(high)),
        };
        let mut is_told = false;
        for one in &groups {
            let text = format!(
                "{} supplies {} of what passed {stage}; {most} is the most allowed of one country{unknown}",
                one.group,
                range(one.share)
            );
            let found = found(one.records.clone(), one.share);
            if one.share.low > limit {
                outcome.reasons.push(found.reason(ReasonCode::TooMuch, Verdict::Fail, text));
                is_told = true;
            } else if one.share.high > limit {
                outcome.reasons.push(found.open(text));
                is_told = true;
            }
        }
        if is_told {
            return;
        }
        if passed.unknown.high > limit {
            let text = format!(
                "up to {} of what passed {stage} may be of one country; {most} is the most allowed",
                up(passed.unknown.high)
            );
            outcome.reasons.push(found(Vec::new(), passed.unknown).open(text));
            return;
        }
        let largest = groups.first().map(|one| format!("{} {}", one.group, range(one.share)));
        let largest = largest.unwrap_or_else(|| "no country that counts".to_owned());
        outcome.notes.push(format!("{element} at {stage}: largest share {largest}{unknown}"));
    }
}

/// A share that is to be decided on.
struct Found {
    element: Element,
    /// What it is a share of, in words that follow the share.
    of: String,
    share: interval::Share,
    /// At least so much, on the evidence asked for.
    sure: u128,
    is_kept_back: bool,
    records: Vec<RecordId>,
}

impl Found {
    fn reason(self, code: ReasonCode, verdict: Verdict, text: String) -> Reason {
        let resolve = match verdict {
            Verdict::Fail => "no record can; receive from elsewhere",
            _ => "get what is open on record: where it was done, of how much, and analysed for the element",
        };
        let (elements, records) = (vec![self.element], self.records);
        Reason { code, verdict, elements, text, records, resolve: Some(resolve.to_owned()) }
    }

    fn open(self, text: String) -> Reason {
        let verdict = if self.is_kept_back { Verdict::Withheld } else { Verdict::Unknown };
        self.reason(ReasonCode::ShareOpen, verdict, text)
    }
}

/// Returns both ends of a share, or one where they round to the same; what rounding alone leaves is no width.
fn range(share: interval::Share) -> String {
    let slack = ONE / 1_000_000_000;
    let (low, high) = (down((share.low + slack).min(ONE)), up(share.high.saturating_sub(slack)));
    if low == high || share.high <= share.low + slack { low } else { format!("{low} to {high}") }
}
