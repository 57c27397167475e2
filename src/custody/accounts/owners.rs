//! Shares of one circuit: who charged it, and for whom something was drawn.
//!
//! A circuit that works for several owners has one pool. How much of an element each may draw is not judged yet;
//! nothing may be drawn for one who charged nothing at all.

use std::collections::HashMap;

use super::state::Counted;
use super::{Account, days};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::withdrawal;
use crate::hash::PartyId;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns the owner of a lot that `custodian` holds: as stated, else the custodian; `None` where it is withheld.
pub fn owner(lot: &Lot, custodian: PartyId) -> Option<PartyId> {
    match lot.owner {
        Maybe::Shown(Some(owner)) => Some(owner),
        Maybe::Shown(None) => Some(custodian),
        Maybe::Withheld => None,
    }
}

/// On which day each owner's material was first charged, and what of an unknown owner.
struct Charged {
    first: HashMap<PartyId, i64>,
    has_unknown: bool,
}

fn charged(graph: &Graph, account: &Account) -> Charged {
    let mut charged = Charged { first: HashMap::new(), has_unknown: false };
    for record in account.charges.iter().map(|at| &graph.records()[*at]) {
        if withdrawal::frees_stretches(graph, record) {
            continue;
        }
        charged.has_unknown |= graph::withheld_inputs(record).is_some();
        for input in graph::inputs(record) {
            match graph.lot(&input.lot).and_then(|lot| owner(lot, record.author)) {
                Some(owner) => {
                    let first = charged.first.entry(owner).or_insert(i64::MAX);
                    *first = days(record).0.min(*first);
                }
                None => charged.has_unknown = true,
            }
        }
    }
    charged
}

pub(super) fn findings(graph: &Graph, account: &Account, findings: &mut Vec<Finding>) {
    let charged = charged(graph, account);
    for draw in account.draws.iter().map(|at| &graph.records()[*at]) {
        let last = account.window(draw).last;
        let mut told: Vec<PartyId> = Vec::new();
        for (lot, output) in graph::outputs(draw) {
            let Some(owner) = owner(output, draw.author) else { continue };
            let has_charged = charged.first.get(&owner).is_some_and(|first| *first <= last);
            if has_charged || told.contains(&owner) {
                continue;
            }
            told.push(owner);
            // Never accuse where something that is not shown may have been charged for the owner.
            let is_known = !charged.has_unknown && is_told_from_the_start(graph, account, draw);
            let weight = if is_known { Weight::Fail } else { Weight::Unknown };
            let shown = if is_known { "" } else { ", as far as is shown" };
            let mut finding = found(
                FindingCode::DrawnWithoutCharge,
                weight,
                &[draw],
                &[lot],
                format!(
                    "{} drew {} from circuit `{}` for {}, for whom nothing was charged before{shown}",
                    names::record(graph, draw),
                    names::lot(graph, &lot),
                    account.circuit,
                    names::party(graph, &owner)
                ),
                "the operator names the owner whose material was charged, or records what was charged for this one",
            );
            finding.parties.push(owner);
            findings.push(finding);
        }
    }
}

/// Whether everything that was ever in the circuit up to the close of a draw is told: it began empty, and the
/// chain of the operator is held from the declaration on.
fn is_told_from_the_start(graph: &Graph, account: &Account, draw: &Record) -> bool {
    let Counted::By(close) = account.counted(graph, draw) else { return false };
    let first = account.closed(graph).next();
    first.is_some_and(|(_, body)| body.opening == Maybe::Shown(None)) && account.is_whole(graph, close)
}
