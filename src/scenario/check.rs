//! Holding the verifier's answers against what a scenario expects.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::expect::{Ask, Expectation, presence_word};
use super::share;
use super::world::World;
use crate::custody::amend::affected;
use crate::custody::graph::Graph;
use crate::custody::touch;
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::rules::{Over, PortfolioInput, Reason, ReasonCode, RuleVerdict, last_claimed};
use crate::verify::{self, Examined, Reader, Report, Request};

/// One expectation, and what came out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Checked {
    /// What was asked.
    #[serde(flatten)]
    pub ask: Ask,
    /// The day judged for.
    pub as_of: Day,
    /// The day by whose end the records were signed that were looked at, as their authors claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Day>,
    /// The answer expected.
    pub expected: Answer,
    /// The answer that came out.
    pub found: Answer,
    /// Whether both are the same.
    pub holds: bool,
    /// Why it came out so: findings and reasons, heaviest first.
    pub why: Vec<String>,
}

/// An answer to a question.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Answer {
    /// A verdict, `present` or `absent`, or a presence; nothing where lots are asked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Lots by label, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<String>,
    /// Countries and regions, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Codes of findings and reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// What is left out of the verifier's answers, so that a test sees whether anything rests on it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Without {
    /// Codes of findings.
    pub findings: BTreeSet<FindingCode>,
    /// Codes of reasons that rules give.
    pub reasons: BTreeSet<ReasonCode>,
    /// Kinds whose records the verifier reads as if they said nothing.
    pub kinds: BTreeSet<Kind>,
}

/// The day judged for, and the day by whose end the records were signed that are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct When {
    as_of: Option<Day>,
    known_at: Option<Day>,
}

/// Everything questions are answered from.
pub struct Desk<'a> {
    world: &'a World,
    examined: &'a Examined,
    /// What could be known by the end of some days.
    earlier: Option<&'a BTreeMap<Day, Examined>>,
    reader: &'a Reader,
    today: Day,
    without: &'a Without,
    reports: HashMap<(Option<LotRef>, When), Report>,
}

impl<'a> Desk<'a> {
    /// Returns the desk of a `reader` of what was examined, who asks on the day `today`.
    pub fn new(
        world: &'a World,
        examined: &'a Examined,
        reader: &'a Reader,
        today: Day,
        without: &'a Without,
    ) -> Self {
        Self { world, examined, earlier: None, reader, today, without, reports: HashMap::new() }
    }

    /// Returns it with what could be known by the end of some days.
    pub fn with_earlier(self, earlier: &'a BTreeMap<Day, Examined>) -> Self {
        Self { earlier: Some(earlier), ..self }
    }

    /// Answers the question of `expectation` and holds it against what it expects.
    pub fn check(&mut self, expectation: &Expectation) -> Checked {
        let when = When { as_of: expectation.as_of, known_at: expectation.known_at };
        let expected = Answer {
            answer: expectation.answer.clone(),
            lots: sorted(expectation.lots.clone()),
            places: sorted(expectation.places.clone()),
            reasons: sorted(expectation.reasons.clone()),
        };
        let (found, why) = match &expectation.ask {
            Ask::Verdict { lot, rule, part } => {
                self.verdict((lot.as_deref(), part.as_deref()), rule, when, &expected)
            }
            Ask::Finding { finding, weight, shown_by } => {
                self.finding(*finding, *weight, shown_by, when, &expected)
            }
            Ask::Touch { .. } => self.touch(&expectation.ask, when),
            Ask::Share { lot, of, share_of } => share::of(
                (self.world, &self.examined_at(when).graph, self.reader),
                (lot, *of),
                share_of,
                &expectation.answer,
            ),
            Ask::Node { lot, of, node, part } => {
                self.node((lot, part.as_deref()), *of, node, when, &expected)
            }
            Ask::Established { lot, of } => self.established(lot, *of, when),
            Ask::Affected { affected_by } => self.affected(affected_by, when),
            Ask::Portfolio { portfolio, period, rule } => {
                self.portfolio((portfolio, *period), rule, when, &expected)
            }
        };
        let delivery = || self.reader.case.as_ref().and_then(|case| case.file.delivery);
        let today = when.known_at.map_or(self.today, |day| day.min(self.today));
        let as_of = match &expectation.ask {
            Ask::Portfolio { period, .. } => when.as_of.unwrap_or(period.last.min(today)),
            _ => when.as_of.or_else(delivery).unwrap_or(today),
        };
        let (ask, known_at) = (expectation.ask.clone(), when.known_at);
        Checked { ask, as_of, known_at, holds: found == expected, expected, found, why }
    }

    fn established(&mut self, lot: &str, of: Element, when: When) -> (Answer, Vec<String>) {
        let Some(reference) = self.world.lot(lot) else {
            return nothing(format!("no lot of the scenario is called `{lot}`"));
        };
        let report = self.report(Some(reference), when);
        let lot = report.lots.first();
        let stands = lot.and_then(|lot| lot.established.iter().find(|one| one.element == of));
        let answer = match lot {
            Some(lot) if lot.custody <= Verdict::Pass => 100,
            _ => stands.map_or(0, |one| one.share.ppb() / 10_000_000),
        };
        let why = lot.iter().flat_map(|lot| &lot.findings).map(|finding| finding.message.clone()).collect();
        (Answer { answer: format!("{answer} %"), ..Answer::default() }, why)
    }

    fn verdict(
        &mut self,
        (lot, part): (Option<&str>, Option<&str>),
        rule: &str,
        when: When,
        expected: &Answer,
    ) -> (Answer, Vec<String>) {
        let reference = match lot.map(|lot| self.world.lot(lot).ok_or(lot)) {
            Some(Err(lot)) => return nothing(format!("no lot of the scenario is called `{lot}`")),
            Some(Ok(reference)) => Some(reference),
            None => None,
        };
        let world = self.world;
        let report = self.report(reference, when);
        let asked = match (report.lots.first(), part) {
            (Some(lot), Some(part)) => {
                match lot.parts.iter().find(|one| one.label.as_deref() == Some(part)) {
                    Some(part) => {
                        Some((part.verdict, part.integrity, part.custody, &part.rules, &part.findings))
                    }
                    None => return nothing(format!("the lot has no part called `{part}`")),
                }
            }
            (Some(lot), None) => Some((lot.verdict, lot.integrity, lot.custody, &lot.rules, &lot.findings)),
            (None, _) => None,
        };
        let of_rules = asked.map(|lot| rules_called(lot.3, rule)).unwrap_or_default();
        let (verdict, findings): (Verdict, Vec<&Finding>) = match (asked, rule) {
            (None, "all") => (report.verdict, report.findings.iter().collect()),
            (Some((verdict, .., findings)), "all") => (verdict, findings.iter().collect()),
            (Some((_, integrity, .., findings)), "integrity") => (integrity, findings.iter().collect()),
            (Some((_, _, custody, _, findings)), "custody") => (custody, findings.iter().collect()),
            _ if of_rules.is_empty() => return nothing(format!("nothing here is called `{rule}`")),
            _ => (Verdict::worst(of_rules.iter().map(|one| one.verdict)), Vec::new()),
        };
        let found = findings.iter().filter(|one| one.weight >= Weight::Unknown);
        let mut codes: BTreeSet<String> = found.map(|one| one.code.name().to_owned()).collect();
        let reasons: Vec<&Reason> = of_rules.iter().flat_map(|one| &one.reasons).collect();
        codes.extend(reasons.iter().map(|one| one.code.name().to_owned()));
        let mut why: Vec<String> = findings.iter().map(|one| said(world, one)).collect();
        why.extend(reasons.iter().map(|one| reasoned(world, one)));
        // Only reasons that were asked for count; others may stand beside them.
        let reasons = expected.reasons.iter().filter(|code| codes.contains(*code)).cloned().collect();
        (Answer { answer: verdict.to_string(), reasons, ..Answer::default() }, why)
    }

    fn portfolio(
        &self,
        (alias, period): (&str, Period),
        rule: &str,
        when: When,
        expected: &Answer,
    ) -> (Answer, Vec<String>) {
        let Some(party) = self.world.party(alias) else {
            return nothing(format!("no party of the scenario is called `{alias}`"));
        };
        let graph = &self.examined_at(when).graph;
        let today = when.known_at.map_or(self.today, |day| day.min(self.today));
        let input = PortfolioInput {
            graph,
            party,
            period,
            as_of: when.as_of.unwrap_or(period.last.min(today)),
            claimed: &last_claimed(graph),
            trust: &self.reader.trust,
            bands: &self.reader.bands,
        };
        let verdicts = Over::new(&input).judge(&self.reader.packs, &self.without.reasons);
        let of_rules = rules_called(&verdicts, rule);
        if of_rules.is_empty() {
            return nothing(format!("no rule about portfolios here is called `{rule}`"));
        }
        let verdict = Verdict::worst(of_rules.iter().map(|one| one.verdict));
        let all: Vec<&Reason> = of_rules.iter().flat_map(|one| &one.reasons).collect();
        let codes: BTreeSet<&str> = all.iter().map(|one| one.code.name()).collect();
        let notes = of_rules.iter().flat_map(|one| &one.notes).map(|note| format!("note: {note}"));
        let why = all.iter().map(|one| reasoned(self.world, one)).chain(notes).collect();
        let reasons = expected.reasons.iter().filter(|code| codes.contains(code.as_str())).cloned().collect();
        (Answer { answer: verdict.to_string(), reasons, ..Answer::default() }, why)
    }

    fn node(
        &mut self,
        (lot, part): (&str, Option<&str>),
        of: Element,
        node: &str,
        when: When,
        expected: &Answer,
    ) -> (Answer, Vec<String>) {
        let Some(reference) = self.world.lot(lot) else {
            return nothing(format!("no lot of the scenario is called `{lot}`"));
        };
        let world = self.world;
        let table = match self.report(Some(reference), when).lots.first() {
            Some(lot) => match part {
                None => &lot.nodes,
                Some(part) => match lot.parts.iter().find(|one| one.label.as_deref() == Some(part)) {
                    Some(part) => &part.nodes,
                    None => return nothing(format!("the lot has no part called `{part}`")),
                },
            },
            None => return nothing("no lot was judged".to_owned()),
        };
        let row = table.rows.iter().find(|row| row.node.name == node);
        let cell = row.and_then(|row| row.cells.iter().find(|cell| cell.element == of));
        let Some(cell) = cell else {
            let names: Vec<&str> = table.rows.iter().map(|row| row.node.name.as_str()).collect();
            return nothing(format!(
                "the table has no {of} under `{node}`; its nodes are {}",
                names.join(", ")
            ));
        };
        let places = cell.places.iter().map(|place| place.place.to_string()).collect();
        let codes: BTreeSet<&str> = cell.open.iter().map(|open| open.code.name()).collect();
        let reasons = expected.reasons.iter().filter(|code| codes.contains(code.as_str())).cloned().collect();
        let why = cell.open.iter().map(|open| reasoned(world, open)).collect();
        let answer =
            Answer { answer: cell.state.to_string(), places: sorted(places), reasons, ..Answer::default() };
        (answer, why)
    }

    fn finding(
        &mut self,
        code: FindingCode,
        weight: Option<Weight>,
        shown_by: &[String],
        when: When,
        expected: &Answer,
    ) -> (Answer, Vec<String>) {
        let world = self.world;
        let mut records: Vec<RecordId> = Vec::new();
        for event in shown_by {
            match world.record(event) {
                Some(signed) => records.push(signed.id),
                None => return nothing(format!("no event of the scenario is called `{event}`")),
            }
        }
        let mut wanted: Vec<LotRef> = Vec::new();
        for lot in &expected.lots {
            match world.lot(lot) {
                Some(reference) => wanted.push(reference),
                // Nothing is found about a lot that nobody made: that is no absence.
                None => return nothing(format!("no lot of the scenario is called `{lot}`")),
            }
        }
        let report = self.report(None, when);
        let of_code: Vec<&Finding> = report.findings.iter().filter(|one| one.code == code).collect();
        let is_meant = |one: &&&Finding| {
            weight.is_none_or(|weight| weight == one.weight)
                && wanted.iter().all(|lot| about(world, one, *lot))
                && records.iter().all(|record| one.records.contains(record))
        };
        let meant = of_code.iter().find(is_meant);
        let answer = if meant.is_some() { "present" } else { "absent" };
        let shown = if of_code.is_empty() { report.findings.iter().collect() } else { of_code.clone() };
        let why = shown.into_iter().map(|one| said(world, one)).collect();
        (Answer { answer: answer.to_owned(), lots: expected.lots.clone(), ..Answer::default() }, why)
    }

    fn touch(&self, ask: &Ask, when: When) -> (Answer, Vec<String>) {
        let Ask::Touch { lot, of, stage, step, place, grade } = ask else {
            return nothing("nothing is asked".to_owned());
        };
        let Some(reference) = self.world.lot(lot) else {
            return nothing(format!("no lot of the scenario is called `{lot}`"));
        };
        let graph = &self.examined_at(when).graph;
        let is_meant = |touch: &touch::Touch| {
            let there = match (&touch.place, place) {
                (_, None) => true,
                (touch::TouchPlace::At { place: found, .. }, Some(wanted)) => {
                    found.country == wanted.country
                        && (wanted.subdivision.is_none() || found.subdivision == wanted.subdivision)
                }
                _ => false,
            };
            touch.step.stage == *stage
                && step.is_none_or(|step| touch.step == step)
                && grade.is_none_or(|grade| touch.grade == grade)
                && there
        };
        let presence = touch::joint_presence(graph, &reference, *of, is_meant);
        let path = touch::paths(graph, &reference, &[*of]);
        let why = path.iter().flat_map(|path| &path.touches).map(|touch| {
            let place = match &touch.place {
                touch::TouchPlace::At { place, .. } => place.to_string(),
                touch::TouchPlace::Withheld { .. } => "place withheld".to_owned(),
                touch::TouchPlace::NotHeld { .. } => "place not held".to_owned(),
            };
            let presence = presence_word(Some(touch.presence));
            let record = self.world.name_of(&touch.record).unwrap_or("a record");
            format!("{} {place}: {presence}, by `{record}`", touch.step)
        });
        let answer = presence_word(presence).to_owned();
        (Answer { answer, ..Answer::default() }, why.collect())
    }

    fn affected(&self, event: &str, when: When) -> (Answer, Vec<String>) {
        let Some(signed) = self.world.record(event) else {
            return nothing(format!("no event of the scenario is called `{event}`"));
        };
        let graph = &self.examined_at(when).graph;
        let affected = affected::by(graph, &signed.id);
        let names = affected.iter().map(|one| self.lot_name(graph, &one.lot)).collect::<BTreeSet<String>>();
        let why = vec![format!("{} lots rest on it", names.len())];
        (Answer { lots: names.into_iter().collect(), ..Answer::default() }, why)
    }

    fn lot_name(&self, graph: &Graph, lot: &LotRef) -> String {
        let label = graph.label(lot);
        label.unwrap_or_else(|| {
            let event = self.world.name_of(&lot.record).unwrap_or("a record");
            format!("{event}:{}", lot.index)
        })
    }

    /// Returns what could be known by the end of the day asked for.
    fn examined_at(&self, when: When) -> &'a Examined {
        when.known_at.and_then(|day| self.earlier?.get(&day)).unwrap_or(self.examined)
    }

    fn report(&mut self, lot: Option<LotRef>, when: When) -> &Report {
        let request = Request {
            lots: lot.into_iter().collect(),
            as_of: when.as_of,
            today: self.today,
            known_at: when.known_at,
            without: self.without.findings.clone(),
            without_reasons: self.without.reasons.clone(),
        };
        let (examined, reader) = (self.examined_at(when), self.reader);
        self.reports.entry((lot, when)).or_insert_with(|| verify::report(examined, &request, reader))
    }
}

/// Returns the verdicts of a pack, or of the rules with this id, `PACK/RULE` or `RULE`.
fn rules_called<'r>(rules: &'r [RuleVerdict], name: &str) -> Vec<&'r RuleVerdict> {
    let called = |one: &&RuleVerdict| {
        one.pack == name || one.rule == name || name.split_once('/') == Some((&one.pack, &one.rule))
    };
    rules.iter().filter(called).collect()
}

pub(super) fn nothing(why: String) -> (Answer, Vec<String>) {
    (Answer { answer: "nothing".to_owned(), ..Answer::default() }, vec![why])
}

/// Whether a finding is about a lot: names it, or a lot it was handed over as under the same label.
fn about(world: &World, finding: &Finding, lot: LotRef) -> bool {
    finding.lots.contains(&lot)
        || finding
            .lots
            .iter()
            .any(|other| world.label(other).is_some() && world.label(other) == world.label(&lot))
}

/// Returns a finding as one line, with the events that show it.
fn said(world: &World, finding: &Finding) -> String {
    let name = |id: &RecordId| world.name_of(id).map(|name| format!("`{name}`"));
    let names: Vec<String> = finding.records.iter().filter_map(name).collect();
    let weight = match finding.weight {
        Weight::Note => "note",
        Weight::Warning => "warning",
        Weight::Unknown => "unknown",
        Weight::Withheld => "withheld",
        Weight::Fail => "fail",
    };
    let shown = if names.is_empty() { String::new() } else { format!(" (shown by {})", names.join(", ")) };
    format!("{weight} [{}]: {}{shown}", finding.code, finding.message)
}

/// Returns a rule's reason as one line.
fn reasoned(world: &World, reason: &Reason) -> String {
    let names: Vec<String> =
        reason.records.iter().filter_map(|id| world.name_of(id).map(|name| format!("`{name}`"))).collect();
    let elements: Vec<&str> = reason.elements.iter().map(|element| element.symbol()).collect();
    let of = if elements.is_empty() { String::new() } else { format!("{}: ", elements.join(", ")) };
    let shown = if names.is_empty() { String::new() } else { format!(" (shown by {})", names.join(", ")) };
    format!("{} [{}]: {of}{}{shown}", reason.verdict, reason.code, reason.text)
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts.dedup();
    texts
}
