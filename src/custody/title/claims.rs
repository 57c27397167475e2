//! Claims over one lot that cannot all be true: more receipts and pledges than goods, or two for one stretch.
//!
//! Which of them is the right one no record says: the set contradicts itself, and each single one is open. There
//! is no silent winner. Spec: docs/custody.md, "Titles"; the pattern is F6 and case-E3 of the domain's list.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::holding::{Holder, end};
use super::owners::Owners;
use super::rights::Rights;
use super::transfers::{Transfer, Transfers};
use super::{goods_of, same_goods};
use crate::custody::graph::{Consumer, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::dealings::Title;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// A receipt or pledge over a part of a lot, as it stands on the day.
#[derive(Clone)]
pub(super) struct Claim<'g> {
    pub record: &'g Record,
    /// The lot it names.
    pub lot: LotRef,
    /// Where its stretch begins, if it is set apart.
    pub from: Option<Mass>,
    /// What is not released, in milligrams.
    pub left: u128,
    pub is_receipt: bool,
    target: Option<RecordId>,
    pub holder: Holder,
}

impl Claim<'_> {
    /// Returns where a stretch that begins at `from` ends, in milligrams.
    pub fn end(&self, from: Mass) -> u128 {
        end(from, Mass::from_mg(u64::try_from(self.left).unwrap_or(u64::MAX)))
    }
}

/// Returns claims that contradict each other, those taken back by their authors alone, and receipts that cannot be
/// judged without more of their issuers' chains.
pub(super) fn findings(
    transfers: &Transfers<'_>,
    owners: &Owners<'_>,
    rights: &Rights,
    as_of: Day,
) -> Vec<Finding> {
    let graph = transfers.graph;
    let outstanding = outstanding(transfers, owners, rights, as_of);
    let mut findings: Vec<Finding> = outstanding.iter().filter_map(|claim| alone(transfers, claim)).collect();
    findings.extend(taken_back(transfers));
    let mut contested: BTreeMap<(RecordId, LotRef), Finding> = BTreeMap::new();
    for (lot, claims) in over_goods(graph, outstanding) {
        too_many(graph, &lot, &claims, &mut findings, &mut contested);
        overlapping(graph, &lot, &claims, &mut findings, &mut contested);
    }
    findings.extend(contested.into_values());
    findings
}

/// Returns the receipts and pledges that are in force on the day, lot by lot, as far as their authors could give them.
pub(super) fn outstanding<'g>(
    transfers: &Transfers<'g>,
    owners: &Owners<'_>,
    rights: &Rights,
    as_of: Day,
) -> Vec<Claim<'g>> {
    let graph = transfers.graph;
    let refused: HashSet<RecordId> = owners.refused.iter().map(|one| one.record).collect();
    let mut claims = Vec::new();
    for one in transfers.standing().filter(Transfer::is_claim) {
        let Some(right) = rights.get(&one.record.id) else { continue };
        let outstanding = one.title.from <= as_of && one.title.until.is_none_or(|until| as_of <= until);
        // What its author had no right to give binds nobody else.
        if !outstanding || refused.contains(&one.record.id) || rights.is_refused(&one.record.id) {
            continue;
        }
        let mut released = right.released.clone();
        for titled in one.titled() {
            let gone = released.entry(titled.lot).or_default();
            let taken = (*gone).min(u128::from(titled.mass.mg()));
            *gone -= taken;
            let left = u128::from(titled.mass.mg()) - taken;
            let is_receipt = one.title.title == Title::Receipt;
            if left == 0 || (is_receipt && !is_custodian(graph, &titled.lot, one.record)) {
                continue;
            }
            claims.push(Claim {
                record: one.record,
                lot: titled.lot,
                from: titled.from.filter(|_| taken == 0),
                left,
                is_receipt,
                target: one.title.target,
                holder: right.holder.clone(),
            });
        }
    }
    claims
}

/// Returns for each lot the claims over it and over what is the same goods later on.
pub(super) fn over_goods<'g>(graph: &'g Graph, claims: Vec<Claim<'g>>) -> Vec<(LotRef, Vec<Claim<'g>>)> {
    let mut of_lots: BTreeMap<LotRef, Vec<Claim<'g>>> = BTreeMap::new();
    for claim in claims {
        of_lots.entry(claim.lot).or_default().push(claim);
    }
    with_later(graph, of_lots)
}

/// Whether a record's author has the goods of a lot: only then its receipt counts against others.
fn is_custodian(graph: &Graph, lot: &LotRef, record: &Record) -> bool {
    graph.creator(lot).is_none_or(|creator| creator.author == record.author)
        || graph.rightful_consumer(lot) == Consumer::Party(record.author)
}

/// Adds to each lot's claims those over lots that are the same goods later on: what was handed over or repacked is
/// still there only once.
fn with_later<'g>(
    graph: &'g Graph,
    of_lots: BTreeMap<LotRef, Vec<Claim<'g>>>,
) -> Vec<(LotRef, Vec<Claim<'g>>)> {
    // For each lot walked through, the nearest one before it that has claims.
    let mut before: HashMap<LotRef, Option<LotRef>> = HashMap::new();
    for lot in of_lots.keys() {
        let mut way = vec![*lot];
        let mut at = same_goods(graph, lot);
        let nearest = loop {
            let Some(here) = at else { break None };
            if of_lots.contains_key(&here) {
                break Some(here);
            }
            if let Some(known) = before.get(&here) {
                break *known;
            }
            if way.len() > graph.records().len() {
                break None;
            }
            way.push(here);
            at = same_goods(graph, &here);
        };
        before.extend(way.into_iter().map(|lot| (lot, nearest)));
    }
    let mut lots: Vec<(LotRef, Vec<Claim<'_>>)> = of_lots.into_iter().collect();
    // Later lots first, so that what they pass back has everything.
    lots.sort_by_cached_key(|(lot, _)| std::cmp::Reverse((graph.position(&lot.record), *lot)));
    let places: HashMap<LotRef, usize> = lots.iter().enumerate().map(|(at, (lot, _))| (*lot, at)).collect();
    for at in 0..lots.len() {
        let Some(earlier) = before.get(&lots[at].0).copied().flatten() else { continue };
        let mut passed = lots[at].1.clone();
        // A stretch lies elsewhere on another lot's scale.
        passed.iter_mut().for_each(|claim| claim.from = None);
        lots[places[&earlier]].1.extend(passed);
    }
    lots.reverse();
    lots
}

/// Returns the claims with what each adds to the sum. A claim within another, one that names it as its target or a
/// pledge by the holder of a receipt, adds only what goes beyond that one.
pub(super) fn counted<'c, 'g>(claims: &'c [Claim<'g>]) -> Vec<(&'c Claim<'g>, u128)> {
    let mut cover: HashMap<RecordId, u128> = HashMap::new();
    for claim in claims {
        *cover.entry(claim.record.id).or_default() += claim.left;
    }
    let mut counted = Vec::with_capacity(claims.len());
    for claim in claims {
        let mut rest = claim.left;
        let mut within = |id: &RecordId| {
            if let Some(room) = cover.get_mut(id).filter(|_| *id != claim.record.id) {
                let part = rest.min(*room);
                *room -= part;
                rest -= part;
            }
        };
        if let Some(target) = &claim.target {
            within(target);
        } else if !claim.is_receipt {
            let own = Holder::Party(claim.record.author);
            claims
                .iter()
                .filter(|other| other.is_receipt && other.holder == own)
                .for_each(|other| within(&other.record.id));
        }
        counted.push((claim, rest));
    }
    counted
}

fn too_many(
    graph: &Graph,
    lot: &LotRef,
    claims: &[Claim<'_>],
    findings: &mut Vec<Finding>,
    contested: &mut BTreeMap<(RecordId, LotRef), Finding>,
) {
    let mut counted = counted(claims);
    counted.retain(|(_, adds)| *adds > 0);
    let Some(creator) = graph.creator(lot).filter(|_| counted.len() > 1) else { return };
    let Some(value) = graph.lot(lot) else { return };
    let name = names::lot(graph, lot);
    let records = |counted: &[(&Claim<'_>, u128)]| -> Vec<RecordId> {
        let mut ids: Vec<RecordId> = counted.iter().map(|(claim, _)| claim.record.id).collect();
        ids.dedup();
        ids
    };
    let Some(mass) = value.mass() else {
        let message = format!(
            "the mass of lot {name} is withheld, so {} over it cannot be compared with it",
            names::count(counted.len(), "claim")
        );
        let resolve = "ask the lot's author to show its mass";
        let mut made =
            found(FindingCode::DoubleClaim, Weight::Withheld, &[creator], &[*lot], message, resolve);
        made.records.extend(records(&counted));
        findings.push(made);
        return;
    };
    let sum: u128 = counted.iter().map(|(_, adds)| adds).sum();
    if sum <= u128::from(mass.mg()) {
        return;
    }
    let mut sizes: Vec<u128> = counted.iter().map(|(_, adds)| *adds).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let mut least = 0;
    let mut reached = 0u128;
    while reached <= u128::from(mass.mg()) {
        reached += sizes[least];
        least += 1;
    }
    let same = sizes.first() == sizes.last();
    let holders = holders(graph, counted.iter().map(|(claim, _)| *claim));
    let message = format!(
        "{} over lot {name} sum to {}, and it holds {mass}: they cannot all be true; {} {least} of them {} more already; held by {holders}",
        names::count(counted.len(), "claim"),
        names::mass(sum),
        if same { "any" } else { "the largest" },
        if least == 1 { "is" } else { "are" },
    );
    let resolve = "the custodian says which stand; the holders of the others release them or go to court";
    let mut made = found(FindingCode::DoubleClaim, Weight::Fail, &[], &[*lot], message, resolve);
    made.records = records(&counted);
    counted.iter().for_each(|(claim, _)| {
        if !made.parties.contains(&claim.record.author) {
            made.parties.push(claim.record.author);
        }
    });
    findings.push(made);
    let why = format!("{} that cannot all be true", names::count(counted.len(), "claim"));
    counted.iter().for_each(|(claim, _)| contest(graph, claim, lot, &why, &holders, contested));
}

fn overlapping(
    graph: &Graph,
    lot: &LotRef,
    claims: &[Claim<'_>],
    findings: &mut Vec<Finding>,
    contested: &mut BTreeMap<(RecordId, LotRef), Finding>,
) {
    // What lies within another claim is meant to overlap it.
    let alone = counted(claims).into_iter().filter(|(claim, adds)| *adds > 0 && claim.lot == *lot);
    let mut apart: Vec<(&Claim<'_>, Mass)> =
        alone.filter_map(|(claim, _)| Some((claim, claim.from?))).collect();
    apart.sort_by_key(|(claim, from)| (*from, claim.record.id));
    let mut furthest: Option<(&Claim<'_>, Mass)> = None;
    for (claim, from) in apart {
        let end_here = claim.end(from);
        if let Some((before, began)) =
            furthest.filter(|(before, began)| u128::from(from.mg()) < before.end(*began))
        {
            let both = holders(graph, [before, claim].into_iter());
            let message = format!(
                "{} of lot {} are claimed twice: {} is over {began} to {}, {} is over {from} to {}: they cannot both be true; held by {both}",
                names::mass(before.end(began).min(end_here) - u128::from(from.mg())),
                names::lot(graph, lot),
                names::record(graph, before.record),
                names::mass(before.end(began)),
                names::record(graph, claim.record),
                names::mass(end_here),
            );
            let resolve =
                "the custodian says which stands; the holder of the other releases it or goes to court";
            let records = [before.record, claim.record];
            findings.push(found(FindingCode::DoubleClaim, Weight::Fail, &records, &[*lot], message, resolve));
            for one in [before, claim] {
                contest(graph, one, lot, "2 claims to one stretch", &both, contested);
            }
        }
        if furthest.is_none_or(|(before, began)| before.end(began) < end_here) {
            furthest = Some((claim, from));
        }
    }
}

fn contest(
    graph: &Graph,
    claim: &Claim<'_>,
    lot: &LotRef,
    why: &str,
    holders: &str,
    contested: &mut BTreeMap<(RecordId, LotRef), Finding>,
) {
    let message = format!(
        "{} over lot {}, held by {}, is one of {why}; held by {holders}",
        names::record(graph, claim.record),
        names::lot(graph, &claim.lot),
        claim.holder.words(graph).trim_end_matches(','),
    );
    let resolve = "ask the custodian and the other holders; no record says which of them stands";
    let records = [claim.record];
    let made =
        || found(FindingCode::ClaimContested, Weight::Unknown, &records, &[claim.lot], message, resolve);
    contested.entry((claim.record.id, *lot)).or_insert_with(made);
}

fn holders<'c, 'g: 'c>(graph: &Graph, claims: impl Iterator<Item = &'c Claim<'g>>) -> String {
    let mut names: Vec<String> =
        claims.map(|claim| claim.holder.words(graph).trim_end_matches(',').to_owned()).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

/// Looks at a receipt by itself: whether others over the same goods could be missing, by its issuer or by who had them
/// before.
pub(super) fn alone(transfers: &Transfers<'_>, claim: &Claim<'_>) -> Option<Finding> {
    let graph = transfers.graph;
    if !claim.is_receipt {
        return None;
    }
    let mut custodians = vec![claim.record.author];
    for lot in goods_of(graph, &claim.lot) {
        let before = graph.creator(&lot).map(|creator| creator.author);
        custodians.extend(before.filter(|before| !custodians.contains(before)));
    }
    let what = names::record(graph, claim.record);
    let lot = names::lot(graph, &claim.lot);
    let (weight, message, resolve) =
        if let Some(party) = custodians.iter().find(|party| !transfers.is_whole(party)) {
            let message = format!(
                "{what} over lot {lot} may not be the only receipt: it needs the whole chain of {}",
                names::party(graph, party)
            );
            (Weight::Unknown, message, "import the whole chain of that party")
        } else {
            let party = custodians.iter().find(|party| transfers.hidden(party) > 0)?;
            let message = format!(
                "{what} over lot {lot} may not be the only receipt: {} withholds the goods of {}",
                names::party(graph, party),
                names::count(transfers.hidden(party), "transfer")
            );
            (Weight::Withheld, message, "ask that party to show the item `title` of its transfers")
        };
    Some(found(FindingCode::NeedsWholeChain, weight, &[claim.record], &[claim.lot], message, resolve))
}

/// Looks at sales, receipts and pledges that their authors have taken back without a word of those who have them.
fn taken_back(transfers: &Transfers<'_>) -> Vec<Finding> {
    let graph = transfers.graph;
    let acknowledged: HashSet<(RecordId, crate::hash::PartyId)> = graph
        .records()
        .iter()
        .filter_map(|record| match &record.event.body {
            Body::Acknowledge(acknowledge) => Some((acknowledge.target, record.author)),
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for one in transfers.all() {
        let Some(by) = graph.withdrawn(&one.record.id) else { continue };
        let Holder::Party(holder) = Holder::of(&one.title.to) else { continue };
        let agreed = [by.id, one.record.id].iter().any(|id| acknowledged.contains(&(*id, holder)));
        if holder == one.record.author || agreed || one.title.title == Title::Release {
            continue;
        }
        let lots: Vec<LotRef> = one.titled().iter().map(|titled| titled.lot).collect();
        let message = format!(
            "{} in favour of {} is withdrawn by its author alone, and no record of that party agrees",
            names::record(graph, one.record),
            names::party(graph, &holder)
        );
        let resolve = "the party in whose favour it was acknowledges the withdrawal, or disputes it";
        findings.push(found(
            FindingCode::ClaimContested,
            Weight::Unknown,
            &[one.record, by],
            &lots,
            message,
            resolve,
        ));
    }
    findings
}
