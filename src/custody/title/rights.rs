//! What became of each receipt and pledge: who has it now, and how much of it was released.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::holding::Holder;
use super::passed::finding;
use super::transfers::{Transfer, Transfers};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::dealings::Title;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;

/// A receipt or pledge as it stands.
pub(super) struct Right {
    /// Who has it.
    pub holder: Holder,
    /// Every party that has it or had it.
    ever: Vec<PartyId>,
    /// How much of each lot was released, in milligrams.
    pub released: HashMap<LotRef, u128>,
}

impl Right {
    fn new(holder: Holder) -> Self {
        let mut right = Self { holder: Holder::Later, ever: Vec::new(), released: HashMap::new() };
        right.pass(holder);
        right
    }

    fn pass(&mut self, to: Holder) {
        if let Holder::Party(party) = &to {
            self.ever.push(*party);
        }
        self.holder = to;
    }

    fn was_with(&self, party: &PartyId) -> bool {
        self.ever.contains(party)
    }
}

/// Every receipt and pledge, and what could not be done with them.
pub(super) struct Rights {
    rights: HashMap<RecordId, Right>,
    /// Endorsements, releases and pledges of receipts without effect: the record, what it names, and why it has none.
    refused: Vec<(RecordId, Fault)>,
}

/// Why an endorsement, a release or a pledge of a receipt has no effect.
enum Fault {
    /// What it names is not held.
    NotHeld(RecordId),
    /// What it names is no receipt, or for a release no pledge either.
    WrongKind,
    /// Somebody else has it.
    Holder(Holder),
    /// An endorsement is over other goods than the receipt.
    OtherGoods,
    /// More is released than was left.
    Released,
}

impl Rights {
    /// Follows every receipt and pledge to where it is now.
    pub fn new(transfers: &Transfers<'_>) -> Self {
        let mut all = Self { rights: HashMap::new(), refused: Vec::new() };
        let mut endorsed: HashMap<RecordId, BTreeMap<PartyId, VecDeque<Transfer<'_>>>> = HashMap::new();
        let mut releases: Vec<(RecordId, Transfer<'_>)> = Vec::new();
        for one in transfers.standing() {
            match one.title.title {
                Title::Receipt | Title::Pledge => {
                    let right = Right::new(Holder::of(&one.title.to));
                    all.rights.insert(one.record.id, right);
                }
                Title::Endorse | Title::Release => match root(transfers, &one) {
                    Err(fault) => all.refused.push((one.record.id, fault)),
                    Ok(of) if one.title.title == Title::Release => releases.push((of.record.id, one)),
                    Ok(of) if of.title.title != Title::Receipt => {
                        all.refused.push((one.record.id, Fault::WrongKind));
                    }
                    Ok(of) if !same_goods(&of, &one) => all.refused.push((one.record.id, Fault::OtherGoods)),
                    Ok(of) => {
                        let by = endorsed.entry(of.record.id).or_default();
                        by.entry(one.record.author).or_default().push_back(one);
                    }
                },
                Title::Sale => {}
            }
        }
        for (receipt, mut waiting) in endorsed {
            let Some(right) = all.rights.get_mut(&receipt) else { continue };
            while let Holder::Party(holder) = right.holder
                && let Some(next) = waiting.get_mut(&holder).and_then(VecDeque::pop_front)
            {
                right.pass(Holder::of(&next.title.to));
            }
            let left = waiting.into_values().flatten();
            all.refused.extend(left.map(|one| (one.record.id, Fault::Holder(right.holder.clone()))));
        }
        for (of, one) in releases {
            let Some(claim) = transfers.get(&of) else { continue };
            let Some(right) = all.rights.get_mut(&of) else { continue };
            // Who gave the right ends it alone only where its holder keeps no ledger and cannot sign.
            let may = match &right.holder {
                Holder::Party(holder) => *holder == one.record.author,
                Holder::Outside(_) | Holder::Later => claim.record.author == one.record.author,
                _ => false,
            };
            if !may {
                all.refused.push((one.record.id, Fault::Holder(right.holder.clone())));
            } else if !release(right, &claim, &one) {
                all.refused.push((one.record.id, Fault::Released));
            }
        }
        all.refuse_pledges(transfers);
        all.refused.sort_by_key(|(record, _)| *record);
        all
    }

    /// A pledge of a receipt, or behind another pledge, is made by one who has or gave that one.
    fn refuse_pledges(&mut self, transfers: &Transfers<'_>) {
        let within =
            transfers.standing().filter(|one| one.title.title == Title::Pledge && one.title.target.is_some());
        for one in within {
            let fault = match root(transfers, &one) {
                Err(fault) => fault,
                Ok(of) => match self.rights.get(&of.record.id) {
                    Some(right)
                        if of.record.author == one.record.author || right.was_with(&one.record.author) =>
                    {
                        continue;
                    }
                    Some(right) => Fault::Holder(right.holder.clone()),
                    None => Fault::WrongKind,
                },
            };
            self.refused.push((one.record.id, fault));
        }
    }

    /// Whether a pledge, endorsement or release has no effect.
    pub fn is_refused(&self, record: &RecordId) -> bool {
        self.refused.binary_search_by_key(record, |(one, _)| *one).is_ok()
    }

    /// Whether a party has, or had, a receipt over a lot.
    pub fn had_receipt(&self, transfers: &Transfers<'_>, party: &PartyId, lot: &LotRef) -> bool {
        transfers.over(lot).any(|(one, _)| {
            one.title.title == Title::Receipt
                && self.rights.get(&one.record.id).is_some_and(|right| right.was_with(party))
        })
    }

    /// Returns what became of a receipt or pledge that stands.
    pub fn get(&self, record: &RecordId) -> Option<&Right> {
        self.rights.get(record)
    }
}

/// Counts a release; `false` where more is released than was left.
fn release(right: &mut Right, claim: &Transfer<'_>, one: &Transfer<'_>) -> bool {
    let of = |lot: &LotRef| -> u128 {
        let parts = claim.titled().iter().filter(|titled| titled.lot == *lot);
        parts.map(|titled| u128::from(titled.mass.mg())).sum()
    };
    let mut fits = true;
    // Where it withholds how much, it is read as releasing all: that accuses nobody.
    let all = claim.titled();
    let titled = if one.title.titled.is_withheld() { all } else { one.titled() };
    for titled in titled {
        let released = right.released.entry(titled.lot).or_default();
        let more = released.saturating_add(u128::from(titled.mass.mg()));
        fits &= more <= of(&titled.lot);
        *released = more.min(of(&titled.lot));
    }
    fits
}

/// Returns the receipt or pledge that an endorsement or release goes back to.
fn root<'g>(transfers: &Transfers<'g>, one: &Transfer<'_>) -> Result<Transfer<'g>, Fault> {
    let mut target = one.title.target.ok_or(Fault::WrongKind)?;
    for _ in 0..=transfers.all().len() {
        let Some(of) = transfers.get(&target) else {
            let is_held = transfers.graph.record(&target).is_some();
            return Err(if is_held { Fault::WrongKind } else { Fault::NotHeld(target) });
        };
        match of.title.title {
            Title::Endorse => target = of.title.target.ok_or(Fault::WrongKind)?,
            _ if of.is_claim() => return Ok(of),
            _ => return Err(Fault::WrongKind),
        }
    }
    Err(Fault::WrongKind)
}

/// Whether an endorsement is over what the receipt is over, as far as both show it.
fn same_goods(receipt: &Transfer<'_>, endorsement: &Transfer<'_>) -> bool {
    match (&receipt.title.titled, &endorsement.title.titled) {
        (MaybeList::Shown(of), MaybeList::Shown(passed)) => of == passed,
        _ => true,
    }
}

/// Returns every endorsement and release without effect.
pub(super) fn findings(transfers: &Transfers<'_>, rights: &Rights) -> Vec<Finding> {
    let graph = transfers.graph;
    let mut findings = Vec::new();
    for (record, fault) in &rights.refused {
        let Some(one) = transfers.get(record) else { continue };
        let lots: Vec<LotRef> = one.titled().iter().map(|titled| titled.lot).collect();
        let (what, word) = match one.title.title {
            Title::Endorse => ("receipt", "passes on"),
            Title::Pledge => ("receipt or pledge", "pledges"),
            _ => ("receipt or pledge", "releases"),
        };
        let of = one.title.target.and_then(|target| graph.record(&target));
        let name = match (&of, one.title.target) {
            (Some(of), _) => names::record(graph, of),
            (None, Some(target)) => format!("record `{}`", target.short()),
            (None, None) => "nothing".to_owned(),
        };
        let (weight, why) = match fault {
            Fault::NotHeld(missing) if Some(*missing) == one.title.target => {
                (Weight::Unknown, "which is not held".to_owned())
            }
            Fault::NotHeld(missing) => {
                (Weight::Unknown, format!("which rests on record `{}`, not held", missing.short()))
            }
            Fault::WrongKind => (Weight::Fail, format!("which is no {what}")),
            Fault::OtherGoods => (Weight::Fail, "which is over other goods or another mass".to_owned()),
            Fault::Released => (Weight::Warning, "of which less was left to release".to_owned()),
            Fault::Holder(holder) => {
                let weight = match holder {
                    Holder::Party(_) => Weight::Fail,
                    Holder::Withheld => Weight::Withheld,
                    // Someone outside may have passed it on by paper.
                    _ => Weight::Unknown,
                };
                (weight, format!("which is held by {}", holder.words(graph).trim_end_matches(',')))
            }
        };
        let message = format!("{} {word} {name}, {why}", names::record(graph, one.record));
        let mut records = vec![one.record];
        records.extend(of);
        let resolve =
            "withdraw the record; only the holder of a receipt or pledge passes it on or releases it";
        let mut made = match lots.first() {
            Some(lot) => finding(weight, &records, lot, message, resolve),
            None => found(FindingCode::TitleNotHeld, weight, &records, &[], message, resolve),
        };
        made.lots = lots;
        made.parties = vec![one.record.author];
        findings.push(made);
    }
    findings
}
