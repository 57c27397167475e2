//! Groups: TREO, NdPr, SEG+ are sums, so their members cannot hold more than the group, nor all of them less.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::Graph;
use super::super::names;
use super::super::ties::Ties;
use super::conflict::conflict;
use super::range::{Counts, Range, percent};
use super::{Rank, Statement, statements};
use crate::model::element::{Element, ElementSet};
use crate::model::finding::{Finding, Weight};
use crate::model::formula::Formula;
use crate::model::lot::Component;
use crate::model::lotref::LotRef;

/// What holds of one set of elements.
struct Holding<'a, 'g> {
    by: &'a Statement<'g>,
    line: &'g Component,
    range: Range,
}

/// Returns the sums that do not fit, among what holds for a lot.
pub(super) fn of_lot(graph: &Graph, ties: &Ties<'_>, lot: &LotRef) -> Vec<Finding> {
    let all = statements(graph, ties, lot);
    let holding = holding(&all);
    let groups = holding.iter().filter(|(elements, _)| elements.single().is_none());
    groups.filter_map(|(elements, group)| of_group(graph, lot, &holding, elements, group)).collect()
}

/// Returns for each set of elements what the highest rank says, the first of several.
fn holding<'a, 'g>(all: &'a [Statement<'g>]) -> BTreeMap<&'g ElementSet, Holding<'a, 'g>> {
    let mut holding: BTreeMap<&ElementSet, Holding<'_, '_>> = BTreeMap::new();
    for by in all {
        for line in by.components {
            let Some(range) = Range::of(line) else { continue };
            let here = holding.get(&line.elements);
            if here.is_none_or(|known| known.by.rank < by.rank) {
                holding.insert(&line.elements, Holding { by, line, range });
            }
        }
    }
    holding
}

fn of_group(
    graph: &Graph,
    lot: &LotRef,
    holding: &BTreeMap<&ElementSet, Holding<'_, '_>>,
    elements: &ElementSet,
    group: &Holding<'_, '_>,
) -> Option<Finding> {
    let mut members: Vec<&Holding<'_, '_>> = Vec::new();
    let mut covered: BTreeSet<Element> = BTreeSet::new();
    // Single elements first: a smaller group counts only where none of its own was looked for alone.
    let mut inside: Vec<(&&ElementSet, &Holding<'_, '_>)> = holding
        .iter()
        .filter(|(set, _)| **set != elements && set.iter().all(|one| elements.contains(one)))
        .collect();
    inside.sort_by_key(|(set, _)| set.iter().count());
    let (mut low, mut high) = (0u128, 0u128);
    for (set, member) in inside {
        let Some(range) = as_group_counts(member, group) else { continue };
        if set.iter().any(|one| covered.contains(&one)) {
            continue;
        }
        covered.extend(set.iter());
        low += range.low;
        high += range.high;
        members.push(member);
    }
    let is_whole = elements.iter().all(|one| covered.contains(&one));
    let (word, sum) = if low > group.range.high {
        ("more", low)
    } else if is_whole && high < group.range.low {
        ("less", high)
    } else {
        return None;
    };
    let tells = |by: &Statement<'_>| by.direct && by.rank != Rank::Declared;
    if !tells(group.by) && !members.iter().any(|member| tells(member.by)) {
        return None;
    }
    let (weight, end) = weigh(group, &members);
    let message = format!(
        "{elements} of lot {}: its members add up to {} {}, {word} than the {} of {} ({}) allows{end}",
        names::lot(graph, lot),
        if word == "more" { "at least" } else { "at most" },
        percent(sum),
        elements,
        names::record(graph, group.by.record),
        group.by.rank.word(),
    );
    let mut records = vec![group.by.record];
    records.extend(members.iter().map(|member| member.by.record));
    let resolve = "have group and members analysed together, and record the `assay`";
    Some(conflict(graph, lot, weight, message, resolve, &records))
}

/// A sum fails a declaration only where one side alone was declared and the other can accuse.
fn weigh(group: &Holding<'_, '_>, members: &[&Holding<'_, '_>]) -> (Weight, &'static str) {
    let declared = |one: &Holding<'_, '_>| one.by.rank == Rank::Declared;
    let accuses = |one: &Holding<'_, '_>| one.by.can_accuse;
    let by_group = accuses(group) && members.iter().all(|member| declared(member));
    let by_members = declared(group) && members.iter().all(|member| accuses(member));
    match by_group || by_members {
        true => (Weight::Fail, ""),
        false => (Weight::Unknown, "; which of them is wrong is open"),
    }
}

/// Returns what a member allows, counted as its group is.
fn as_group_counts(member: &Holding<'_, '_>, group: &Holding<'_, '_>) -> Option<Range> {
    if member.range.counts == group.range.counts {
        return Some(member.range);
    }
    let element = member.line.elements.single()?;
    match group.range.counts {
        Counts::Formula(Formula::Reo) => member.range.as_traded_oxide(element, member.line.basis),
        _ => None,
    }
}
