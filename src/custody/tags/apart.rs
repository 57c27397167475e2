//! Tags handed out by someone who is not apart from the pit or from who holds the bags.
//!
//! Left open, not failed: nothing contradicts, but a tag is worth no more than the independence of who hands it
//! out, and these are worth what the operator's or holder's own word is. Ties are looked through. Rule GOV-03.

use std::collections::BTreeSet;

use super::tied::Ties;
use super::{Issue, Register, from_issue};
use crate::custody::graph::{Consumer, Graph};
use crate::custody::names::{self, found};
use crate::hash::PartyId;
use crate::model::day::Period;
use crate::model::event::Receiver;
use crate::model::facility::Operator;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

const RESOLVE: &str = "tags handed out by somebody apart from pit and holder";

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let ties = Ties::new(graph);
    let mut findings = Vec::new();
    for (at, issue) in register.issues.iter().enumerate() {
        let on = issue.said.period.shown().copied();
        let on = on.unwrap_or_else(|| Period::day(issue.record.signed_at.day()));
        let operator = operator(graph, issue);
        if let Some((operator, declaration)) = operator
            && let Some(way) = ties.between(&issue.record.author, &operator, &on)
        {
            let message = said(graph, issue, &operator, way.is_empty(), "works the pit they are for");
            let (records, lots) = ([issue.record, declaration], register.lots_of(at));
            let mut one =
                found(FindingCode::TaggerNotApart, Weight::Unknown, &records, &lots, message, RESOLVE);
            one.records.extend(way);
            findings.push(one);
        }
        for used in register.used_from[at].keys() {
            let put = &register.uses[*used];
            for holder in holders(graph, &put.said.lot) {
                if operator.is_some_and(|(operator, _)| operator == holder) {
                    continue;
                }
                let Some(way) = ties.between(&issue.record.author, &holder, &on) else { continue };
                let lot = names::lot(graph, &put.said.lot);
                let holds = format!("held or bought lot {lot}, which bears them");
                let message = said(graph, issue, &holder, way.is_empty(), &holds);
                let (records, lots) = ([put.record, issue.record], [put.said.lot]);
                let mut one =
                    found(FindingCode::TaggerNotApart, Weight::Unknown, &records, &lots, message, RESOLVE);
                one.records.extend(way);
                findings.push(one);
            }
        }
    }
    findings
}

fn said(graph: &Graph, issue: &Issue<'_>, other: &PartyId, is_same: bool, does: &str) -> String {
    let what = from_issue(graph, issue);
    match is_same {
        true => format!("{what} are its own word: it {does}"),
        false => format!(
            "{what} are not from somebody apart: {}, to whom it is tied, {does}",
            names::party(graph, other)
        ),
    }
}

/// Returns who works the pit that tags are for, where that is a party, with the pit's declaration.
fn operator<'g>(graph: &'g Graph, issue: &Issue<'_>) -> Option<(PartyId, &'g Record)> {
    let (declaration, pit) = graph.facility(&issue.said.pit)?;
    match &pit.operator {
        Operator::Author => Some((declaration.author, declaration)),
        Operator::Party(party) => Some((*party, declaration)),
        Operator::Outside(_) => None,
    }
}

/// Returns who made a lot, who may use it, and to whom it was sent from there.
fn holders(graph: &Graph, lot: &LotRef) -> BTreeSet<PartyId> {
    let mut parties: BTreeSet<PartyId> = graph.creator(lot).map(|record| record.author).into_iter().collect();
    if let Consumer::Party(party) = graph.rightful_consumer(lot) {
        parties.insert(party);
    }
    let sent = graph.uses(lot).iter().filter_map(|one| graph.record(&one.record)?.event.body.receiver());
    parties.extend(sent.filter_map(|receiver| match receiver.shown() {
        Some(Receiver::Party(party)) => Some(*party),
        _ => None,
    }));
    parties
}
