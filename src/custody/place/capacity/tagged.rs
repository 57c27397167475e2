//! Tagged mass: what tags of a pit stand for, against every ceiling on what the pit can yield.
//!
//! Which tag is of which pit its issue says. Each tag counts once, with the most that is said of it, in the days on
//! which it was put on. MB-06 and COC-06 of the domain's rules. Spec: docs/custody.md, "Capacity".

use std::collections::{BTreeMap, HashMap};

use super::beyond::{self, Asked, Counted, Words};
use super::limits::{self, Permits, Scope, span};
use super::{Accepted, NAMEPLATE_PERCENT, covers};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::custody::place;
use crate::hash::RecordId;
use crate::model::dealings::Span;
use crate::model::event::{ApplyTags, Body};
use crate::model::evidence::Role;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Stage;

const WORDS: Words = Words {
    code: FindingCode::TaggedOverCeiling,
    verb: "has tags put on that stand for",
    resolve: "whoever sets the ceiling raises it, or the tagger shows of which pit each tag is",
};

/// Returns tagged lots beyond the ceilings of their pits.
pub(super) fn findings(graph: &Graph, accepted: &Accepted) -> Vec<Finding> {
    let tagged = tagged(graph);
    if tagged.is_empty() {
        return Vec::new();
    }
    let asked = limits::all(graph, accepted).into_iter().map(|permits| {
        let counted = tagged.iter().filter_map(|(pit, one)| counted(graph, &permits, pit, one));
        let counted = counted.collect();
        Asked { permits, counted }
    });
    let mut findings = beyond::findings(graph, asked.collect(), &WORDS);
    findings.extend(beyond_nameplate(graph, &tagged));
    findings
}

/// What one record's tags of one pit stand for.
struct Tagged<'g> {
    record: &'g Record,
    said: &'g ApplyTags,
    mass: u128,
}

/// Returns what each record puts on of each pit, in the order of the records.
fn tagged(graph: &Graph) -> Vec<(RecordId, Tagged<'_>)> {
    let mut pits: HashMap<(&str, &str), Option<RecordId>> = HashMap::new();
    let held = || graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none());
    for record in held() {
        let Body::IssueTags(issue) = &record.event.body else { continue };
        for tag in issue.tags.shown().unwrap_or_default() {
            let pit = pits.entry((issue.scheme.as_str(), tag.as_str())).or_insert(Some(issue.pit));
            // A tag of two pits is of none: that is another finding.
            *pit = pit.filter(|pit| *pit == issue.pit);
        }
    }
    let mut best: HashMap<(&str, &str), (u64, usize)> = HashMap::new();
    let uses: Vec<(&Record, &ApplyTags)> = held()
        .filter_map(|record| match &record.event.body {
            Body::ApplyTags(said) => Some((record, said)),
            _ => None,
        })
        .collect();
    for (number, (_, said)) in uses.iter().enumerate() {
        for one in said.tags.shown().unwrap_or_default() {
            let mass = one.mass.or_else(|| package(graph, &said.lot, one.package.as_deref()?));
            let best = best.entry((said.scheme.as_str(), one.tag.as_str())).or_insert((0, number));
            if let Some(mass) = mass.filter(|mass| mass.mg() > best.0) {
                *best = (mass.mg(), number);
            }
        }
    }
    let mut sums: BTreeMap<(usize, RecordId), u128> = BTreeMap::new();
    for (tag, (mass, number)) in best {
        if let Some(Some(pit)) = pits.get(&tag) {
            *sums.entry((number, *pit)).or_default() += u128::from(mass);
        }
    }
    let of = |((number, pit), mass): ((usize, RecordId), u128)| {
        let (record, said) = uses[number];
        (pit, Tagged { record, said, mass })
    };
    sums.into_iter().filter(|(_, mass)| *mass > 0).map(of).collect()
}

fn package(graph: &Graph, lot: &LotRef, name: &str) -> Option<Mass> {
    let packages = &graph.lot(lot)?.quantity.shown()?.packages;
    packages.iter().find(|one| one.id == name).map(|one| one.net)
}

fn counted<'g>(
    graph: &Graph,
    permits: &Permits<'_>,
    pit: &RecordId,
    tagged: &Tagged<'g>,
) -> Option<Counted<'g>> {
    let period = *tagged.said.period.shown()?;
    let (first, last) = permits.days();
    let is_of = is_about(graph, &permits.scope, pit)
        && graph.lot(&tagged.said.lot).is_none_or(|lot| covers(permits.scope.materials, &lot.material))
        && first <= period.first
        && period.last <= last;
    let mass = Mass::from_mg(u64::try_from(tagged.mass).unwrap_or(u64::MAX));
    is_of.then_some(Counted { record: tagged.record, lot: tagged.said.lot, mass, period })
}

/// Whether a limit is about what is won at a pit.
fn is_about(graph: &Graph, scope: &Scope<'_>, pit: &RecordId) -> bool {
    let declared = graph.facility(pit);
    let operator = declared.and_then(|(record, facility)| place::operator(record.author, facility));
    let is_there = match scope.facility {
        Some(facility) => facility == *pit,
        None => scope.subject.is_some() && scope.subject == operator,
    };
    let wins = match scope.stages {
        [] => scope.role.is_none_or(|role| matches!(role, Role::Miner | Role::ArtisanalCooperative)),
        stages => stages.contains(&Stage::P10),
    };
    is_there && wins
}

/// Looks at what tags of a pit stand for in a year against what its own declaration says it can yield.
fn beyond_nameplate(graph: &Graph, tagged: &[(RecordId, Tagged<'_>)]) -> Vec<Finding> {
    let mut years: BTreeMap<(RecordId, i32), (u128, Vec<&Tagged<'_>>)> = BTreeMap::new();
    for (pit, one) in tagged {
        let Maybe::Shown(period) = one.said.period else { continue };
        let (first, last) = (span(period.first, Span::Year), span(period.last, Span::Year));
        if first == last {
            let year = years.entry((*pit, last)).or_default();
            year.0 += one.mass;
            year.1.push(one);
        }
    }
    let mut findings = Vec::new();
    for ((pit, year), (sum, of)) in years {
        let declared = graph.facility(&pit).map(|(_, declared)| declared);
        let stage = declared.and_then(|one| one.stages.iter().find(|one| one.stage == Stage::P10));
        let Some(plate) = stage.and_then(|one| one.capacity_per_year) else { continue };
        if sum * 100 <= u128::from(plate.mg()) * NAMEPLATE_PERCENT {
            continue;
        }
        let message = format!(
            "{} has tags put on that stand for {} in {year}, and its own declaration says {plate} a year",
            names::facility(graph, &pit),
            names::mass(sum)
        );
        let records: Vec<&Record> = of.iter().map(|one| one.record).collect();
        let lots: Vec<LotRef> = of.iter().map(|one| one.said.lot).collect();
        let resolve =
            "declare what the pit can yield; only a ceiling that the reader accepts decides anything";
        findings.push(found(FindingCode::TaggedOverCeiling, Weight::Note, &records, &lots, message, resolve));
    }
    findings
}
