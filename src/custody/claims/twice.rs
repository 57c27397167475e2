//! One serial number used up twice: whoever holds both records holds the proof, in one account or in two.

use std::collections::BTreeMap;

use super::super::graph::Graph;
use super::super::names::{self, found};
use super::Account;
use crate::model::event::RetireClaim;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

pub(super) fn findings(graph: &Graph, accounts: &[Account<'_>]) -> Vec<Finding> {
    let mut by_serial: BTreeMap<(&str, &str), Vec<(&Record, &RetireClaim)>> = BTreeMap::new();
    for (record, claim) in accounts.iter().flat_map(|account| &account.claims) {
        by_serial.entry((&claim.account.scheme, &claim.serial)).or_default().push((record, claim));
    }
    by_serial.into_iter().filter_map(|(serial, claims)| of_serial(graph, serial, &claims)).collect()
}

fn of_serial(
    graph: &Graph,
    (scheme, serial): (&str, &str),
    claims: &[(&Record, &RetireClaim)],
) -> Option<Finding> {
    if claims.len() < 2 {
        return None;
    }
    let told: Vec<String> = claims.iter().map(|(record, _)| names::record(graph, record)).collect();
    let message =
        format!("claim `{serial}` of {scheme} is used up {} times: by {}", claims.len(), told.join(", "));
    let mut records: Vec<&Record> = claims.iter().map(|(record, _)| *record).collect();
    let lots: Vec<LotRef> = claims.iter().filter_map(|(_, claim)| claim.lot).collect();
    records.extend(lots.iter().filter_map(|lot| graph.creator(lot)));
    let resolve = "all but one of the claims are withdrawn; none of them counts until then";
    let mut finding = found(FindingCode::ClaimTwice, Weight::Fail, &records, &lots, message, resolve);
    finding.parties = Vec::new();
    for (record, _) in claims {
        if !finding.parties.contains(&record.author) {
            finding.parties.push(record.author);
        }
    }
    Some(finding)
}
