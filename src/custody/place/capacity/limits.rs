//! Limits on what may be won or made: who sets each, about whom, where, on which days.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Accepted;
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::day::Day;
use crate::model::dealings::Span;
use crate::model::event::{Body, Limit};
use crate::model::evidence::Role;
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// Who sets a limit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Source<'g> {
    /// A party that accredits.
    Authority(PartyId),
    /// Whoever issued a paper.
    Paper(&'g str),
}

impl Source<'_> {
    /// Returns what it is called, in backticks.
    pub fn name(&self, graph: &Graph) -> String {
        match self {
            Self::Authority(party) => names::party(graph, party),
            Self::Paper(issuer) => format!("`{issuer}`"),
        }
    }
}

/// What a limit is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Scope<'g> {
    /// Whoever wins or makes; none where a paper names the place alone.
    pub subject: Option<PartyId>,
    /// Where; none for all places of the subject.
    pub facility: Option<RecordId>,
    /// In which role, if one is named.
    pub role: Option<Role>,
    /// At which stages; none listed means those of the role.
    pub stages: &'g [Stage],
    /// Of which materials; none listed means all.
    pub materials: &'g [Material],
}

/// One limit, with the days it holds.
pub(super) struct Permit<'g> {
    /// The record that sets it; none for a paper.
    pub record: Option<&'g Record>,
    number: Option<&'g str>,
    /// How much.
    pub limit: &'g Limit,
    /// Permits of one series take each other's place; those of different ones add up.
    series: usize,
    first: Day,
    last: Day,
}

/// Limits of one source on one party in one role at one place for the same things: they add up.
pub(super) struct Permits<'g> {
    /// Who sets them.
    pub source: Source<'g>,
    /// What they are about.
    pub scope: Scope<'g>,
    /// In which spans of time they are counted.
    pub per: Span,
    /// Each.
    pub list: Vec<Permit<'g>>,
    /// Whether the reader believes all of them.
    pub is_believed: bool,
}

/// Returns the limits that are held, and those of papers, together those that add up.
///
/// A later one with the same number, or like the earlier without one, takes its place from its first day on;
/// other numbers, and numbers withheld, are further permits. Read so, nobody is held to less than was allowed.
pub(super) fn all<'g>(graph: &'g Graph, accepted: &'g Accepted) -> Vec<Permits<'g>> {
    let ends = ends(graph);
    let mut groups: BTreeMap<Vec<u8>, Permits<'g>> = BTreeMap::new();
    let mut issued: Vec<&Record> = graph.records().iter().collect();
    issued.retain(|record| matches!(&record.event.body, Body::Accredit(one) if one.limit.is_some()));
    issued.retain(|record| graph.withdrawn(&record.id).is_none());
    issued.sort_by_key(|record| (record.author, record.epoch, record.seq, record.id));
    for record in issued {
        let Body::Accredit(accredit) = &record.event.body else { continue };
        let Some(limit) = &accredit.limit else { continue };
        let scope = Scope {
            subject: Some(accredit.subject),
            facility: accredit.facility,
            role: Some(accredit.role),
            stages: &accredit.stages,
            materials: &accredit.materials,
        };
        let last = ends.get(&record.id).map_or(accredit.valid.last, |end| accredit.valid.last.min(*end));
        let number = match &accredit.number {
            Maybe::Withheld => None,
            Maybe::Shown(number) => Some(number.as_deref().unwrap_or_default()),
        };
        let (series, first) = (0, accredit.valid.first);
        let permit = Permit { record: Some(record), number, limit, series, first, last };
        let source = Source::Authority(record.author);
        let is_believed = accepted.records.contains(&record.id);
        add(&mut groups, source, scope, &accredit.scheme, permit, is_believed);
    }
    for paper in &accepted.papers {
        let scope = Scope {
            subject: paper.party,
            facility: paper.facility,
            role: paper.role,
            stages: &paper.stages,
            materials: &paper.materials,
        };
        let (least, most) = (Day::from_ymd(1900, 1, 1), Day::from_ymd(2199, 12, 31));
        let valid = paper.valid.map(|valid| (valid.first, valid.last)).or(least.zip(most));
        let Some((first, last)) = valid else { continue };
        let number = Some(paper.number.as_str());
        let permit = Permit { record: None, number, limit: &paper.limit, series: 0, first, last };
        add(&mut groups, Source::Paper(&paper.issuer), scope, "", permit, true);
    }
    groups.into_values().filter(|permits| !permits.list.is_empty()).collect()
}

fn add<'g>(
    groups: &mut BTreeMap<Vec<u8>, Permits<'g>>,
    source: Source<'g>,
    scope: Scope<'g>,
    scheme: &str,
    mut permit: Permit<'g>,
    is_believed: bool,
) {
    let per = permit.limit.per;
    let group = groups.entry(key(source, scope, scheme, per)).or_insert_with(|| Permits {
        source,
        scope,
        per,
        list: Vec::new(),
        is_believed: true,
    });
    group.is_believed &= is_believed;
    permit.series = group.list.iter().map(|before| before.series + 1).max().unwrap_or(0);
    for before in &mut group.list {
        let replaced = permit.number.is_some() && before.number == permit.number;
        if replaced {
            permit.series = before.series;
        }
        if replaced && before.first <= permit.last {
            before.last = before.last.min(permit.first.plus_days(-1));
        }
    }
    group.list.push(permit);
    group.list.retain(|permit| permit.first <= permit.last);
}

/// Returns what two limits have in common that add up.
fn key(source: Source<'_>, scope: Scope<'_>, scheme: &str, per: Span) -> Vec<u8> {
    let mut key = Vec::new();
    match source {
        Source::Authority(party) => key.extend(party.0.0),
        Source::Paper(issuer) => key.extend(issuer.bytes()),
    }
    key.push(0);
    key.extend(scope.subject.map_or([0; 32], |subject| subject.0.0));
    key.extend(scope.facility.map_or([0; 32], |facility| facility.0.0));
    key.extend(scope.role.map_or(0, Coded::code).to_be_bytes());
    key.extend(per.code().to_be_bytes());
    key.extend(scope.stages.iter().flat_map(|stage| stage.code().to_be_bytes()));
    key.push(0);
    let mut materials: Vec<&str> = scope.materials.iter().map(Material::as_str).collect();
    materials.sort_unstable();
    key.extend(materials.join("/").bytes());
    key.push(0);
    key.extend(scheme.bytes());
    key
}

/// Returns the last day on which each withdrawn accreditation held.
fn ends(graph: &Graph) -> HashMap<RecordId, Day> {
    let mut ends = HashMap::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::WithdrawAccreditation(end) = &record.event.body else { continue };
        let is_own = graph.record(&end.target).is_some_and(|target| target.author == record.author);
        if is_own {
            let last = end.from.plus_days(-1);
            let known = ends.entry(end.target).or_insert(last);
            *known = last.min(*known);
        }
    }
    ends
}

impl Permits<'_> {
    /// Returns the first and last day on which one of them holds.
    pub fn days(&self) -> (Day, Day) {
        let first = self.list.iter().map(|permit| permit.first).min();
        let last = self.list.iter().map(|permit| permit.last).max();
        first.zip(last).expect("a group has at least one limit")
    }

    /// Returns the most that may have been made in the spans `first..=last` up to a day, in milligrams.
    ///
    /// A limit that took the place of another within a span counts from its first day on; of the two the greater holds.
    pub fn allowed(&self, first: i32, last: i32, day: Day) -> u128 {
        let series: HashSet<usize> = self.list.iter().map(|permit| permit.series).collect();
        let mut sum = 0;
        for at in first..=last {
            for of in &series {
                let holds = |permit: &&Permit<'_>| {
                    permit.series == *of
                        && permit.first <= day
                        && (span(permit.first, self.per)..=span(permit.last, self.per)).contains(&at)
                };
                let limits = self.list.iter().filter(holds).map(|permit| u128::from(permit.limit.mass.mg()));
                sum += limits.max().unwrap_or(0);
            }
        }
        sum
    }
}

/// Returns the number of the span that a day lies in.
pub(crate) fn span(day: Day, per: Span) -> i32 {
    let (year, month) = day.year_month();
    let months = i32::from(year) * 12 + i32::from(month) - 1;
    match per {
        Span::Month => months,
        Span::Quarter => months.div_euclid(3),
        Span::Year => i32::from(year),
    }
}
