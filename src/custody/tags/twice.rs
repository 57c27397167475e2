//! A tag handed out twice, or put on two packages or lots.
//!
//! One party that does either contradicts itself. Where two hand out the same number, one of them is not of the scheme,
//! and which one no record says: anybody could write such a record about a tag of another. A tag that a stranger to
//! lot and tag says it used elsewhere stays open for the same reason.

use std::collections::BTreeMap;

use super::{Register, named};
use crate::custody::graph::{self, Consumer, Graph};
use crate::custody::names::{self, found};
use crate::model::event::AppliedTag;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut findings = issued(graph, register);
    findings.extend(applied(graph, register));
    findings
}

fn issued(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut pairs: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    for ((_, tag), issues) in &register.issued {
        for other in &issues[1..] {
            pairs.entry((issues[0], *other)).or_default().push(tag);
        }
    }
    let finding = |((one, other), mut tags): ((usize, usize), Vec<&str>)| {
        tags.sort_unstable();
        let (first, second) = (&register.issues[one], &register.issues[other]);
        let by_one = first.record.author == second.record.author;
        let message = format!(
            "{} of `{}` were issued twice, by {} and {}",
            named(&tags),
            first.said.scheme,
            names::record(graph, first.record),
            names::record(graph, second.record)
        );
        let mut lots: Vec<LotRef> = Vec::new();
        for tag in &tags {
            let key = (first.said.scheme.as_str(), *tag);
            for (used, _) in register.applied.get(&key).into_iter().flatten() {
                let lot = register.uses[*used].said.lot;
                if !lots.contains(&lot) {
                    lots.push(lot);
                }
            }
        }
        let (weight, resolve) = match by_one {
            true => (Weight::Fail, "the issuer withdraws the record that is wrong"),
            false => (Weight::Unknown, "ask the scheme which of the two hands out its tags"),
        };
        found(FindingCode::TagTwice, weight, &[first.record, second.record], &lots, message, resolve)
    };
    pairs.into_iter().map(finding).collect()
}

fn applied(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut pairs: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    for ((_, tag), uses) in &register.applied {
        let (first, at) = uses[0];
        for (other, other_at) in &uses[1..] {
            if !same_thing(graph, register, (first, at), (*other, *other_at)) {
                pairs.entry((first, *other)).or_default().push(tag);
            }
        }
    }
    let finding = |((one, other), mut tags): ((usize, usize), Vec<&str>)| {
        tags.sort_unstable();
        let (first, second) = (&register.uses[one], &register.uses[other]);
        let where_to = |lot: &LotRef| names::lot(graph, lot);
        let both = [one, other];
        let stands = both.iter().all(|used| has_standing(graph, register, *used, &tags))
            || is_one_author(register, both);
        let message = format!(
            "{} of `{}` were applied twice, to lot {} by {} and to lot {} by {}{}",
            named(&tags),
            first.said.scheme,
            where_to(&first.said.lot),
            names::record(graph, first.record),
            where_to(&second.said.lot),
            names::record(graph, second.record),
            if stands { "" } else { ", of whom one neither held the lot nor issued the tags" }
        );
        let mut lots = vec![first.said.lot];
        lots.extend(Some(second.said.lot).filter(|lot| *lot != first.said.lot));
        let weight = if stands { Weight::Fail } else { Weight::Unknown };
        let resolve = "whoever read a number wrongly withdraws that record";
        found(FindingCode::TagTwice, weight, &[first.record, second.record], &lots, message, resolve)
    };
    pairs.into_iter().map(finding).collect()
}

fn is_one_author(register: &Register<'_>, [one, other]: [usize; 2]) -> bool {
    register.uses[one].record.author == register.uses[other].record.author
}

/// Whether two uses of a tag are one and the same package, said again of the same goods after a handover.
fn same_thing(graph: &Graph, register: &Register<'_>, one: (usize, usize), other: (usize, usize)) -> bool {
    let tag = |(used, at): (usize, usize)| -> &AppliedTag {
        &register.uses[used].said.tags.shown().expect("its tags were read")[at]
    };
    let (package, second) = (&tag(one).package, &tag(other).package);
    // Naming the package in one of two statements contradicts nothing in the other.
    let same_package = package.is_none() || second.is_none() || package == second;
    one.0 != other.0
        && same_package
        && first_held(graph, register.uses[one.0].said.lot)
            == first_held(graph, register.uses[other.0].said.lot)
}

/// Returns the lot that was handed over as this one, as far back as handovers go.
pub(super) fn first_held(graph: &Graph, mut lot: LotRef) -> LotRef {
    while let Some(record) = graph.creator(&lot).filter(|record| record.event.body.is_pairwise()) {
        let Some(input) = graph::inputs(record).get(lot.index as usize) else { break };
        lot = input.lot;
    }
    lot
}

/// Whether the author of a use has something to do with the lot, or with the tags.
fn has_standing(graph: &Graph, register: &Register<'_>, used: usize, tags: &[&str]) -> bool {
    let put = &register.uses[used];
    let author = put.record.author;
    let made = graph.creator(&put.said.lot).is_some_and(|creator| creator.author == author);
    let holds = graph.rightful_consumer(&put.said.lot) == Consumer::Party(author);
    let key = (put.said.scheme.as_str(), tags[0]);
    let mut issues = register.issued.get(&key).into_iter().flatten();
    made || holds || issues.any(|issue| register.issues[*issue].record.author == author)
}
