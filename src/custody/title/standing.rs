//! Receipts one by one: what keeps each from standing beside the others.
//!
//! No record says which of too many receipts stands. A reader may take those that their custodian registered first; the
//! order is then that of its chain, which nobody can change afterwards. Days that are claimed play no part, and between two
//! chains there is no order. Spec: docs/formats/kinds/receipts.md.

use std::collections::HashSet;

use super::claims::{Claim, alone, counted, outstanding, over_goods};
use super::goods_of;
use super::holding::Holder;
use super::owners::Owners;
use super::rights::Rights;
use super::transfers::Transfers;
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::dealings::Title;
use crate::model::finding::Weight;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Whether an order decides between receipts that cannot all be true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// None does.
    Open,
    /// In each custodian's chain the earlier stands.
    FirstRegistered,
}

/// A receipt that is in force on the day.
#[derive(Clone, Debug)]
pub struct Receipt<'g> {
    /// The record that gives it out.
    pub record: &'g Record,
    /// Its number, as far as it is shown.
    pub number: Option<&'g Maybe<Option<String>>>,
    /// What keeps it from standing; nothing where it stands.
    pub against: Vec<Against>,
}

/// What keeps a receipt from standing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Against {
    /// `Fail` where earlier ones leave too little for it, else what leaves it open.
    pub weight: Weight,
    /// What is so: lower case, no full stop.
    pub message: String,
    /// The records that show it.
    pub records: Vec<RecordId>,
    /// What record or act would resolve it.
    pub resolve: String,
}

/// Returns each receipt over a lot, or over one that it is the same goods as, that is in force on the day `as_of`.
pub fn receipts<'g>(graph: &'g Graph, lot: &LotRef, as_of: Day, order: Order) -> Vec<Receipt<'g>> {
    let transfers = Transfers::of(graph);
    let goods = goods_of(graph, lot);
    let has_receipt = |lot: &LotRef| transfers.over(lot).any(|(one, _)| one.title.title == Title::Receipt);
    if !goods.iter().any(has_receipt) {
        return Vec::new();
    }
    let rights = Rights::new(&transfers);
    let owners = Owners::new(&transfers, &rights, None);
    let forked = forked(graph);
    let outstanding = outstanding(&transfers, &owners, &rights, as_of);
    let is_own = |claim: &Claim<'_>| claim.is_receipt && goods.contains(&claim.lot);
    let mut receipts: Vec<Receipt<'g>> = Vec::new();
    for claim in outstanding.iter().filter(|claim| is_own(claim)) {
        if receipts.iter().any(|one| one.record.id == claim.record.id) {
            continue;
        }
        let number = transfers.get(&claim.record.id).map(|one| &one.title.number);
        let against = alone(&transfers, claim).map(|finding| Against {
            weight: finding.weight,
            message: finding.message,
            records: finding.records,
            resolve: finding.resolve,
        });
        receipts.push(Receipt { record: claim.record, number, against: against.into_iter().collect() });
    }
    for (lot, claims) in over_goods(graph, outstanding).iter().filter(|(lot, _)| goods.contains(lot)) {
        let group = Group { transfers: &transfers, lot, counted: counted(claims), order, forked: &forked };
        for at in (0..group.counted.len()).filter(|at| is_own(group.counted[*at].0)) {
            let id = group.counted[at].0.record.id;
            let Some(receipt) = receipts.iter_mut().find(|one| one.record.id == id) else { continue };
            // What is missing of the chain may be the end of another receipt as well.
            let is_sure = receipt.against.is_empty();
            receipt.against.extend(group.against(at, is_sure));
        }
    }
    receipts
}

/// Returns the parties that signed two records for one place of their chains.
fn forked(graph: &Graph) -> HashSet<PartyId> {
    let mut places = HashSet::new();
    let records = graph.records().iter();
    records.filter(|one| !places.insert((one.author, one.epoch, one.seq))).map(|one| one.author).collect()
}

/// All claims over one lot, with what each adds.
struct Group<'a, 'g> {
    transfers: &'a Transfers<'g>,
    lot: &'a LotRef,
    counted: Vec<(&'a Claim<'g>, u128)>,
    order: Order,
    forked: &'a HashSet<PartyId>,
}

/// How two claims stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Earlier,
    Later,
    /// Of two chains, or of one that was forked.
    NoOrder,
}

impl Group<'_, '_> {
    /// Returns what the other claims say against one of them.
    fn against(&self, at: usize, is_sure: bool) -> Vec<Against> {
        let (own, adds) = self.counted[at];
        if adds == 0 {
            return Vec::new();
        }
        let graph = self.transfers.graph;
        let open = |weight, message: String, resolve: &str| {
            vec![Against { weight, message, records: vec![own.record.id], resolve: resolve.to_owned() }]
        };
        let (what, name) = (names::record(graph, own.record), names::lot(graph, self.lot));
        let Some(lot) = graph.lot(self.lot) else {
            let message = format!("{what} cannot be held against lot {name}, whose record is not held");
            return open(Weight::Unknown, message, "import the record of the lot");
        };
        let Some(mass) = lot.mass() else {
            let message = format!("{what} cannot be held against lot {name}, whose mass is withheld");
            return open(Weight::Withheld, message, "ask the lot's author to show its mass");
        };
        let mut found: Vec<Against> = self.beyond(at, mass, is_sure).into_iter().collect();
        found.extend(self.overlap(at, is_sure));
        found
    }

    /// Whether the lot is too small for a claim and those that stand before it.
    fn beyond(&self, at: usize, mass: Mass, is_sure: bool) -> Option<Against> {
        let (own, adds) = self.counted[at];
        let graph = self.transfers.graph;
        let sum = |turn: Turn| -> u128 {
            let others = (0..self.counted.len()).filter(|other| *other != at);
            others.filter(|other| self.turn(*other, at) == turn).map(|other| self.counted[other].1).sum()
        };
        let (before, apart) = (sum(Turn::Earlier), sum(Turn::NoOrder));
        let holds = u128::from(mass.mg());
        let what = format!(
            "{} over {} of lot {}",
            names::record(graph, own.record),
            names::mass(adds),
            names::lot(graph, self.lot)
        );
        match self.order {
            Order::Open => {
                let all = before + apart + adds + sum(Turn::Later);
                (all > holds).then(|| self.open(at, format!(
                    "{what} is one of {} that sum to {}, and it holds {mass}: which of them stand no record says",
                    names::count(self.counted.len(), "claim"),
                    names::mass(all),
                )))
            }
            Order::FirstRegistered if before + adds > holds => {
                let message = format!(
                    "{what}: claims registered before it take {} of the {mass} that the lot holds, so {} are left for it",
                    names::mass(before),
                    names::mass(holds.saturating_sub(before)),
                );
                let earlier = (0..self.counted.len()).filter(|other| self.turn(*other, at) == Turn::Earlier);
                Some(self.later(at, &earlier.collect::<Vec<_>>(), message, is_sure))
            }
            Order::FirstRegistered => (before + adds + apart > holds).then(|| self.open(at, format!(
                "{what}: there is room for it after those before it in its chain, and claims by others to {} have no order to it",
                names::mass(apart),
            ))),
        }
    }

    /// Looks for a claim to a part of the same stretch that stands before this one.
    fn overlap(&self, at: usize, is_sure: bool) -> Option<Against> {
        let (own, _) = self.counted[at];
        let from = own.from.filter(|_| own.lot == *self.lot)?;
        let shares = |other: usize| {
            let (claim, adds) = self.counted[other];
            let begins = claim.from.filter(|_| other != at && adds > 0 && claim.lot == *self.lot);
            begins.is_some_and(|begins| {
                u128::from(begins.mg()) < own.end(from) && u128::from(from.mg()) < claim.end(begins)
            })
        };
        let same: Vec<usize> = (0..self.counted.len()).filter(|other| shares(*other)).collect();
        let graph = self.transfers.graph;
        let what = names::record(graph, own.record);
        let one_of = |turn: Turn| same.iter().copied().find(|other| self.turn(*other, at) == turn);
        let other = |at: usize| names::record(graph, self.counted[at].0.record);
        match self.order {
            Order::Open => same.first().map(|first| {
                self.open(
                    at,
                    format!(
                        "{what} and {} claim one stretch: which of them stands no record says",
                        other(*first)
                    ),
                )
            }),
            Order::FirstRegistered => {
                if let Some(first) = one_of(Turn::Earlier) {
                    let message = format!("{what} claims a stretch that {} claimed before it", other(first));
                    return Some(self.later(at, &[first], message, is_sure));
                }
                one_of(Turn::NoOrder).map(|first| {
                    self.open(at, format!("{what} and {} claim one stretch, and have no order", other(first)))
                })
            }
        }
    }

    /// Returns how one claim stands to another: by the place in their author's chain.
    fn turn(&self, one: usize, other: usize) -> Turn {
        let (first, second) = (self.counted[one].0.record, self.counted[other].0.record);
        let place = |record: &Record| (record.epoch, record.seq);
        if first.id == second.id {
            return if one < other { Turn::Earlier } else { Turn::Later };
        }
        if first.author != second.author || self.forked.contains(&first.author) {
            return Turn::NoOrder;
        }
        if place(first) < place(second) { Turn::Earlier } else { Turn::Later }
    }

    fn open(&self, at: usize, message: String) -> Against {
        let resolve = match self.order {
            Order::Open => {
                "ask the custodian and the other holders, or choose in the case file that the first stands"
            }
            Order::FirstRegistered => "ask the custodian and the other holders",
        };
        let records = vec![self.counted[at].0.record.id];
        Against { weight: Weight::Unknown, message, records, resolve: resolve.to_owned() }
    }

    /// Returns what earlier claims say against one. They may have been released by holders of whose chains not all is
    /// held: then it is open.
    fn later(&self, at: usize, earlier: &[usize], mut message: String, is_sure: bool) -> Against {
        let graph = self.transfers.graph;
        let mut resolve =
            "the holders of earlier ones release them, or the custodian makes it good".to_owned();
        let mut weight = if is_sure { Weight::Fail } else { Weight::Unknown };
        let may_be_released =
            earlier.iter().map(|one| &self.counted[*one].0.holder).find(|holder| match holder {
                Holder::Party(party) => !self.transfers.is_whole(party),
                Holder::Outside(_) | Holder::Later => false,
                Holder::Several | Holder::Withheld | Holder::NotHeld => true,
            });
        if let Some(holder) = may_be_released {
            let who = holder.words(graph);
            message
                .push_str(&format!("; one of them may have been released by {}", who.trim_end_matches(',')));
            resolve = "import the whole chains of the holders of earlier ones".to_owned();
            weight = Weight::Unknown;
        }
        let shown = earlier.iter().take(15).map(|one| self.counted[*one].0.record.id);
        let mut records: Vec<RecordId> = shown.collect();
        records.dedup();
        records.push(self.counted[at].0.record.id);
        Against { weight, message, records, resolve }
    }
}

#[cfg(test)]
mod tests;
