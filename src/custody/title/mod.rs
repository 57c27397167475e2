//! Titles: who owns a lot, and which receipts and pledges stand over it, apart from who holds it.
//!
//! A lot is its owner's: the one its record states, else the custodian who made it; a handover or repack changes
//! nothing about that, a sale does. Receipts and pledges give rights over a lot and leave the owner. Nothing here
//! says what a contract means or which court is right: only which signed statements cannot all be true. Spec:
//! docs/custody.md, "Titles".

mod claims;
mod holding;
mod owners;
mod passed;
mod rights;
mod standing;
mod transfers;

pub use holding::Holder;
pub use owners::{Owner, owner_of, owners};
pub use standing::{Against, Order, Receipt, receipts};

use self::owners::Owners;
use self::rights::Rights;
use self::transfers::Transfers;
use super::graph::Graph;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns every title passed by one who does not hold it, and every claim that contradicts another on the day
/// `as_of`.
pub fn findings(graph: &Graph, as_of: Day) -> Vec<Finding> {
    if !has_titles(graph) {
        return Vec::new();
    }
    of(&Transfers::of(graph), as_of)
}

/// Returns the records by which title passed and that still count, in the order of the graph.
pub fn standing(graph: &Graph) -> Vec<&Record> {
    if !has_titles(graph) {
        return Vec::new();
    }
    Transfers::of(graph).standing().map(|transfer| transfer.record).collect()
}

fn of(transfers: &Transfers<'_>, as_of: Day) -> Vec<Finding> {
    let rights = Rights::new(transfers);
    let owners = Owners::new(transfers, &rights, None);
    let mut findings = passed::findings(transfers, &owners, &rights);
    findings.extend(rights::findings(transfers, &rights));
    findings.extend(claims::findings(transfers, &owners, &rights, as_of));
    findings
}

/// Returns what a record that is not sealed yet would bring, where everything about its goods is at hand.
///
/// Chains need not be held whole: who keeps the ledger knows what it holds. Other findings are left out.
pub fn findings_of(graph: &Graph, record: &RecordId, as_of: Day) -> Vec<Finding> {
    let transfers = Transfers::all_at_hand(graph);
    let mut findings = of(&transfers, as_of);
    findings.retain(|finding| finding.records.contains(record));
    findings
}

/// Whether anything here says whose goods are, other than who made them.
fn has_titles(graph: &Graph) -> bool {
    graph.records().iter().any(|record| {
        matches!(record.event.body, Body::TransferTitle(_))
            || record.event.body.outputs().iter().any(|lot| lot.owner != Maybe::Shown(None))
    })
}

/// Returns the lot that `lot` is the same goods as, one handover or repack earlier, with the number of the input.
///
/// A repack of several lots has no single one before it.
pub(super) fn same_goods(graph: &Graph, lot: &LotRef) -> Option<LotRef> {
    let record = graph.creator(lot)?;
    let inputs = super::graph::inputs(record);
    match &record.event.body {
        body if body.is_pairwise() => inputs.get(lot.index as usize).map(|input| input.lot),
        Body::Repack(_) | Body::Disassemble(_) if inputs.len() == 1 => Some(inputs[0].lot),
        _ => None,
    }
}

/// Returns `lot` and every lot it is the same goods as, back to where they were made.
pub fn goods_of(graph: &Graph, lot: &LotRef) -> Vec<LotRef> {
    let mut goods = vec![*lot];
    let mut at = *lot;
    while let Some(before) = same_goods(graph, &at) {
        // A ring, which hashes rule out, would be longer than all that is held.
        if goods.len() > graph.records().len() {
            break;
        }
        goods.push(before);
        at = before;
    }
    goods
}

/// Returns the transfers over a lot or one it is the same goods as, and those that end or pass them on.
pub fn records_about(graph: &Graph, lot: &LotRef) -> Vec<RecordId> {
    let transfers = Transfers::of(graph);
    let mut found = Vec::new();
    for lot in goods_of(graph, lot) {
        for (transfer, _) in transfers.over(&lot) {
            found.push(transfer.record.id);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
