//! Why a rule came to its verdict: what it looked at, and the smallest change of facts that would turn it.
//!
//! Nothing here is guessed: each change is made to a copy of what is held, and the rule judges again. What a change
//! of places or of the day does not turn needs evidence; which, the reasons say. Spec: docs/explain.md.

use serde::Serialize;

use super::attested;
use super::examine::Examined;
use super::reader::Reader;
use super::report::{Request, report};
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::nearest::nearest;
use crate::model::place::Place;
use crate::model::verdict::Verdict;
use crate::rules::explain::{Grounds, Site, countries_to_try, grounds};
use crate::rules::{self, AsOf, Input, Pack, Rule, RuleVerdict, last_claimed};

/// The most places that are put elsewhere to see what it turns.
const MAX_SITES: usize = 24;

/// Why a rule came to its verdict about a lot.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// What it says.
    pub verdict: RuleVerdict,
    /// What it looked at.
    pub grounds: Grounds,
    /// Changes of one fact, or of as few together as turn it, each judged again.
    pub turns: Vec<Turn>,
    /// How many places were put elsewhere, one by one, to find them.
    pub tried: usize,
    /// How many further places were not tried.
    pub not_tried: usize,
}

/// A change of facts that turns a verdict.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Turn {
    /// What would be otherwise, all of it together.
    pub change: Vec<String>,
    /// What the rule then says.
    pub verdict: Verdict,
}

/// Why a rule cannot be explained.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExplainError {
    /// No pack asked has such a rule.
    #[error("no rule of the packs asked is called `{given}`")]
    UnknownRule {
        /// What was written.
        given: String,
        /// The nearest rule, if one is near.
        nearest: Option<String>,
    },
    /// Several packs have a rule of this name.
    #[error("`{given}` is a rule of {}", .packs.join(" and of "))]
    Several {
        /// What was written.
        given: String,
        /// The packs.
        packs: Vec<String>,
    },
}

impl ExplainError {
    /// Returns what to try instead.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownRule { nearest: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::UnknownRule { .. } => "name its pack with `--pack`; `rules list` shows them all".to_owned(),
            Self::Several { given, packs } => format!("write `{}/{given}`", packs[0]),
        }
    }
}

/// Finds a rule by its name, or as `PACK/RULE`.
///
/// # Errors
/// [`ExplainError`] where none or several are called so.
pub fn find<'p>(packs: &'p [Pack], given: &str) -> Result<(&'p Pack, &'p Rule), ExplainError> {
    let all = packs.iter().flat_map(|pack| pack.file.rules.iter().map(move |rule| (pack, rule)));
    let is_it = |(pack, rule): &(&Pack, &Rule)| {
        rule.id == given || given.split_once('/') == Some((&pack.file.id, &rule.id))
    };
    let found: Vec<(&Pack, &Rule)> = all.clone().filter(is_it).collect();
    match found[..] {
        [one] => Ok(one),
        [] => {
            let near = nearest(given, all.map(|(_, rule)| rule.id.as_str())).map(str::to_owned);
            Err(ExplainError::UnknownRule { given: given.to_owned(), nearest: near })
        }
        _ => {
            let packs = found.iter().map(|(pack, _)| pack.file.id.clone()).collect();
            Err(ExplainError::Several { given: given.to_owned(), packs })
        }
    }
}

/// Explains what a rule of the reader's packs says of a lot.
///
/// # Errors
/// [`ExplainError`] where no rule, or more than one, is called `rule`.
pub fn explain(
    examined: &Examined,
    request: &Request,
    reader: &Reader,
    lot: &LotRef,
    rule: &str,
) -> Result<Explained, ExplainError> {
    let (pack, rule) = find(&reader.packs, rule)?;
    let reader = Reader { packs: vec![pack.clone()], ..reader.clone() };
    let report = report(examined, &Request { lots: vec![*lot], ..request.clone() }, &reader);
    let judged = &report.lots[0];
    let said = |rules: &[RuleVerdict]| rules.iter().find(|one| one.rule == rule.id).cloned();
    let verdict = said(&judged.rules).expect("a rule of the pack has a verdict");
    let seen = attested::seen_by(examined, &reader, report.as_of);
    let graph: &Graph = &seen;
    let question = Question {
        graph,
        reader: &reader,
        pack,
        rule,
        lot: *lot,
        as_of: AsOf { day: report.as_of, is_asked: request.as_of.is_some(), case: reader.case.as_ref() },
        findings: &judged.findings,
        now: verdict.verdict,
    };
    let on = |day: Day| {
        let point = judged.timeline.points.iter().find(|point| point.as_of == day)?;
        said(&point.rules).map(|said| said.verdict)
    };
    let days = judged.timeline.points.iter().map(|point| point.as_of);
    let other = |day: &Day| on(*day).is_some_and(|other| other != verdict.verdict);
    let before = days.clone().filter(|day| *day < verdict.as_of).filter(other).max();
    let after = days.filter(|day| verdict.as_of < *day).find(other);
    let mut turns: Vec<Turn> = [before, after]
        .into_iter()
        .flatten()
        .filter_map(|day| Some(Turn { change: vec![format!("judged for {day}")], verdict: on(day)? }))
        .collect();
    let grounds = question.ask(graph, |input| grounds(pack, rule, input, verdict.as_of));
    let sites = grounds.sites();
    turns.extend(question.turns(&sites[..sites.len().min(MAX_SITES)]));
    Ok(Explained {
        verdict,
        grounds,
        turns,
        tried: sites.len().min(MAX_SITES),
        not_tried: sites.len().saturating_sub(MAX_SITES),
    })
}

/// One rule about one lot, to be judged again with other facts.
struct Question<'a> {
    graph: &'a Graph,
    reader: &'a Reader,
    pack: &'a Pack,
    rule: &'a Rule,
    lot: LotRef,
    as_of: AsOf<'a>,
    findings: &'a [Finding],
    now: Verdict,
}

impl Question<'_> {
    fn ask<T>(&self, graph: &Graph, of: impl FnOnce(&Input<'_>) -> T) -> T {
        let claimed = last_claimed(graph);
        of(&Input {
            graph,
            lot: self.lot,
            as_of: self.as_of,
            claimed: &claimed,
            trust: &self.reader.trust,
            bands: &self.reader.bands,
            later: None,
            thing: None,
            findings: self.findings,
        })
    }

    /// Returns changes of places that turn the verdict: of one alone, or else of as few as do.
    fn turns(&self, sites: &[Site]) -> Vec<Turn> {
        let (listed, outside) = countries_to_try(self.pack, self.rule);
        let mut turns = Vec::new();
        for site in sites {
            for place in listed.iter().chain(&outside) {
                let verdict = self.verdict_with(std::slice::from_ref(site), place);
                // From what is open a change to what is barred tells nothing new.
                let tells = verdict != self.now && (self.now == Verdict::Pass || verdict < self.now);
                if tells && verdict != Verdict::NotApplicable {
                    turns.push(Turn { change: vec![self.words(site, place)], verdict });
                }
            }
        }
        if turns.is_empty() && self.now > Verdict::Pass {
            turns.extend(listed.iter().chain(&outside).find_map(|place| self.together(sites, place)));
        }
        turns
    }

    /// Returns the change of several places to `place` that turns the verdict, if one does, with none that is idle.
    fn together(&self, sites: &[Site], place: &Place) -> Option<Turn> {
        let verdict = self.verdict_with(sites, place);
        if verdict >= self.now || verdict == Verdict::NotApplicable {
            return None;
        }
        let mut needed = sites.to_vec();
        let mut at = 0;
        while at < needed.len() {
            let mut less = needed.clone();
            less.remove(at);
            match self.verdict_with(&less, place) == verdict {
                true => needed = less,
                false => at += 1,
            }
        }
        Some(Turn { change: needed.iter().map(|site| self.words(site, place)).collect(), verdict })
    }

    /// Judges again with these sites in `place`.
    fn verdict_with(&self, sites: &[Site], place: &Place) -> Verdict {
        let mut records = self.graph.records().to_vec();
        for site in sites {
            for record in &mut records {
                match (site, &mut record.event.body) {
                    (Site::Facility(id), Body::DeclareFacility(declared)) if record.id == *id => {
                        declared.place = *place;
                    }
                    (Site::Stated { record: id, place: stated }, Body::Intake(intake))
                        if record.id == *id =>
                    {
                        put(&mut intake.touches, stated, place);
                    }
                    (Site::Stated { record: id, place: stated }, Body::OpeningStock(stock))
                        if record.id == *id =>
                    {
                        put(&mut stock.touches, stated, place);
                    }
                    _ => {}
                }
            }
        }
        let graph = Graph::build(records).with_attested(self.graph.attested().cloned().collect());
        let verdicts = self.ask(&graph, |input| rules::judge(self.pack, input, &Default::default()));
        let said = verdicts.into_iter().find(|one| one.rule == self.rule.id);
        said.expect("a rule of the pack has a verdict").verdict
    }

    fn words(&self, site: &Site, place: &Place) -> String {
        let graph = self.graph;
        match site {
            Site::Facility(id) => format!("{} were in {place}", names::facility(graph, id)),
            Site::Stated { record, place: stated } => {
                let by = graph.record(record).map(|record| names::record(graph, record)).unwrap_or_default();
                format!("the place in {stated} that {by} states were in {place}")
            }
        }
    }
}

fn put(touches: &mut [crate::model::event::DeclaredTouch], stated: &Place, place: &Place) {
    for touch in touches.iter_mut().filter(|touch| touch.place == *stated) {
        touch.place = *place;
    }
}

#[cfg(test)]
mod tests;
