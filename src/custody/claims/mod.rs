//! Mass-balance claim accounts: credits in, claims out, never below zero in the order of days.
//!
//! An account is that of one keeper, facility, scheme, characteristic and set of elements; nothing passes between
//! two of them. It speaks of what may be claimed and not of what is where: bans look at the material, never here.
//! Spec: docs/custody.md, "Claim accounts". Source: rule MB-07.

mod account;
pub mod balance;
mod credit;
mod twice;

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::element::ElementSet;
use crate::model::event::{Body, ClaimAccount, CloseAccount, RetireClaim};
use crate::model::finding::Finding;
use crate::model::record::Record;

/// What tells one account from another.
type Key<'g> = (PartyId, RecordId, &'g str, &'g str, &'g ElementSet);

/// One account with all that is held of it, in the order of its keeper's chain.
struct Account<'g> {
    keeper: PartyId,
    of: &'g ClaimAccount,
    closes: Vec<(&'g Record, &'g CloseAccount)>,
    claims: Vec<(&'g Record, &'g RetireClaim)>,
}

/// Returns everything that does not add up in claim accounts.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let accounts = accounts(graph);
    if accounts.is_empty() {
        return Vec::new();
    }
    let (valued, mut findings) = credit::value_all(graph, &accounts);
    for account in &accounts {
        findings.extend(account::findings(graph, account, &valued));
    }
    findings.extend(twice::findings(graph, &accounts));
    findings
}

fn accounts(graph: &Graph) -> Vec<Account<'_>> {
    let mut accounts: BTreeMap<Key<'_>, Account<'_>> = BTreeMap::new();
    for record in graph.records() {
        let of = match &record.event.body {
            Body::CloseAccount(close) => &close.account,
            Body::RetireClaim(claim) => &claim.account,
            _ => continue,
        };
        if graph.withdrawn(&record.id).is_some() {
            continue;
        }
        let key = (record.author, of.facility, &*of.scheme, &*of.characteristic, &of.elements);
        let account = accounts.entry(key).or_insert_with(|| Account {
            keeper: record.author,
            of,
            closes: Vec::new(),
            claims: Vec::new(),
        });
        match &record.event.body {
            Body::CloseAccount(close) => account.closes.push((record, close)),
            Body::RetireClaim(claim) => account.claims.push((record, claim)),
            _ => {}
        }
    }
    let mut accounts: Vec<Account<'_>> = accounts.into_values().collect();
    for account in &mut accounts {
        account.closes.sort_by_key(|(record, _)| (record.epoch, record.seq));
        account.claims.sort_by_key(|(record, _)| (record.epoch, record.seq));
    }
    accounts
}

/// Returns what an account is called in findings.
fn named(account: &ClaimAccount) -> String {
    format!("{} of {}, {}", account.characteristic, account.elements, account.scheme)
}

/// Whether every record of a party from its first to its last one held is held once. A later one can be missing.
fn is_whole(graph: &Graph, party: &PartyId) -> bool {
    let mut places = BTreeSet::new();
    for record in graph.records().iter().filter(|record| record.author == *party) {
        if record.epoch != 0 || !places.insert(record.seq) {
            return false;
        }
    }
    places.last().is_some_and(|last| places.len() as u64 == last + 1)
}

#[cfg(test)]
mod tests;
