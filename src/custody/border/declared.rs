//! Two declarations about the same goods.

use std::collections::BTreeSet;

use super::{Borders, Declared};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found, shown_some};
use crate::custody::scale::{self, Gap};
use crate::model::dealings::BorderSide;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::hs::Agreement;
use crate::model::lotref::LotRef;

/// Returns what declarations about the same goods say differently; each is held against the first export, else the
/// first there is.
pub(super) fn findings(graph: &Graph, borders: &Borders<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut compared: BTreeSet<(usize, usize)> = BTreeSet::new();
    for about in borders.by_goods.values() {
        let is_export = |at: &&usize| borders.all[**at].said.side == BorderSide::Export;
        let first = *about.iter().find(is_export).unwrap_or(&about[0]);
        for other in about.iter().filter(|other| **other != first) {
            if compared.insert((first, *other)) {
                findings.extend(of_pair(graph, &borders.all[first], &borders.all[*other], about.len() == 2));
            }
        }
    }
    findings
}

fn of_pair(graph: &Graph, one: &Declared<'_>, other: &Declared<'_>, only_two: bool) -> Vec<Finding> {
    let mut lots: Vec<LotRef> = one.said.lots.clone();
    lots.extend(other.said.lots.iter().filter(|lot| !one.said.lots.contains(lot)));
    let sides = format!(
        "{} to {} of lot {}, declared by {} and by {}",
        one.said.from,
        one.said.to,
        names::lot(graph, &one.said.lots[0]),
        names::party(graph, &one.record.author),
        names::party(graph, &other.record.author)
    );
    let said = |weight, what: String| {
        let resolve =
            "both sides hold their papers side by side, and the one that erred withdraws its record";
        let message = format!("{what} ({sides})");
        found(FindingCode::BorderMismatch, weight, &[one.record, other.record], &lots, message, resolve)
    };
    let mut findings = Vec::new();
    if one.goods == other.goods
        && let (Some(here), Some(there)) = (shown_some(&one.said.mass), shown_some(&other.said.mass))
    {
        let (here_mg, there_mg) = (u128::from(here.mg()), u128::from(there.mg()));
        let weight = match scale::gap(here_mg, there_mg) {
            Gap::Within => None,
            Gap::Warn => Some(Weight::Warning),
            Gap::Fail => Some(Weight::Fail),
        };
        let apart = names::percent(here_mg.abs_diff(there_mg), here_mg);
        findings.extend(
            weight.map(|weight| said(weight, format!("{here} and {there} are declared, {apart} apart"))),
        );
    }
    let (here, there) = (one.said.hs, other.said.hs);
    let weight = match here.agreement(&there) {
        Agreement::Same => None,
        Agreement::SameHeading => Some(Weight::Warning),
        Agreement::Different => Some(Weight::Fail),
    };
    findings
        .extend(weight.map(|weight| said(weight, format!("{here} and {there} are declared as what it is"))));
    if one.said.origin != other.said.origin {
        let what = format!("{} and {} are declared as its origin", one.said.origin, other.said.origin);
        findings.push(said(Weight::Unknown, what));
    }
    // Of several borders in a row each has its own countries; of two sides of one they are the same.
    let is_one_border = one.said.side == BorderSide::Export && other.said.side == BorderSide::Import;
    let goes_on = one.said.to == other.said.from;
    let differ = (one.said.from, one.said.to) != (other.said.from, other.said.to);
    if only_two && is_one_border && differ && !goes_on {
        let way = |one: &Declared<'_>| format!("{} to {}", one.said.from, one.said.to);
        let what = format!("it left as going from {} and came in as from {}", way(one), way(other));
        findings.push(said(Weight::Warning, what));
    }
    findings
}
