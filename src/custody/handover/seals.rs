//! Seals: what the sender put on against what the receiver found.
//!
//! A receiver's list is its own statement; a receipt that says nothing of seals says nothing of them. Opening by an
//! authority on the way explains a seal that is gone, a stop in a free zone makes it a contradiction: there goods can
//! be changed without a border being crossed. Spec: docs/custody.md, "Seals"; rules COC-05, COC-06.

use std::collections::BTreeSet;

use crate::custody::border::Borders;
use crate::custody::graph::{self, Graph, Use};
use crate::custody::names::{self, found};
use crate::custody::withdrawal;
use crate::model::dealings::StopKind;
use crate::model::event::{Body, Stop};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns seals that the two sides of a handover state differently, or one side does not state.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut sealed = graph.records().iter().filter(|record| is_sealed(record)).peekable();
    if sealed.peek().is_none() {
        return Vec::new();
    }
    let borders = Borders::new(graph);
    let lots = sealed.flat_map(|record| graph::outputs(record).map(move |(lot, sent)| (record, lot, sent)));
    lots.filter_map(|(record, lot, sent)| of_lot(graph, &borders, record, lot, sent)).collect()
}

fn is_sealed(record: &Record) -> bool {
    matches!(record.event.body, Body::Dispatch(_))
        && record.event.body.outputs().iter().any(|lot| lot.seals.is_some())
}

fn of_lot(graph: &Graph, borders: &Borders<'_>, sender: &Record, lot: LotRef, sent: &Lot) -> Option<Finding> {
    let seals = sent.seals.as_ref().filter(|seals| seals.shown().is_none_or(|seals| !seals.is_empty()))?;
    let receipts: Vec<(&Use, &Record)> = graph
        .uses(&lot)
        .iter()
        .filter_map(|one| Some((one, graph.record(&one.record)?)))
        .filter(|(_, record)| matches!(record.event.body, Body::Receive(_)))
        .filter(|(_, record)| !withdrawal::frees_stretches(graph, record))
        .collect();
    let (_, first) = receipts.first()?;
    let mut records = vec![sender];
    records.extend(receipts.iter().map(|(_, record)| *record));
    let mut lots = vec![lot];
    lots.extend(receipts.iter().filter_map(|(one, record)| graph::output(record, one.input)));
    let name = names::lot(graph, &lot);
    let receiver = names::party(graph, &first.author);
    let finding = |weight, message: String, resolve: &str| {
        Some(found(FindingCode::SealMismatch, weight, &records, &lots, message, resolve))
    };
    let stated: Vec<&Maybe<Vec<String>>> = receipts
        .iter()
        .filter_map(|(one, record)| record.event.body.outputs().get(one.input)?.seals.as_ref())
        .collect();
    if stated.is_empty() {
        let message = match seals.shown() {
            Some(seals) => {
                format!("lot {name} left under {}, and {receiver} says nothing of seals", list(seals))
            }
            None => format!("lot {name} left under seals, and {receiver} says nothing of them"),
        };
        return finding(
            Weight::Unknown,
            message,
            "the receiver says which seals were on it, or that there were none",
        );
    }
    let (Some(seals), true) = (seals.shown(), stated.iter().all(|seals| !seals.is_withheld())) else {
        let message =
            format!("the seals of lot {name} are withheld on one side, so the two cannot be compared");
        return finding(Weight::Withheld, message, "ask both sides to show the numbers of the seals");
    };
    let put_on: BTreeSet<&str> = seals.iter().map(String::as_str).collect();
    let arrived: BTreeSet<&str> =
        stated.iter().filter_map(|seals| seals.shown()).flatten().map(String::as_str).collect();
    // What has not arrived yet may bear the seals that are not found yet.
    let is_all = receipts.iter().any(|(one, _)| one.empties)
        || sent.mass().is_some_and(|mass| {
            receipts.iter().map(|(one, _)| u128::from(one.mass.mg())).sum::<u128>() >= u128::from(mass.mg())
        });
    let gone: Vec<&str> = put_on.difference(&arrived).copied().filter(|_| is_all).collect();
    let new: Vec<&str> = arrived.difference(&put_on).copied().collect();
    let also = if new.is_empty() { String::new() } else { format!("; it found {} instead", list(&new)) };
    if gone.is_empty() {
        let message =
            format!("lot {name} arrived at {receiver} with {} that the sender did not put on", list(&new));
        return (!new.is_empty())
            .then(|| finding(Weight::Warning, message, "whoever put them on says so"))
            .flatten();
    }
    let (weight, where_to, resolve) = explained(graph, borders, sender, &lot);
    let message = format!(
        "lot {name} left under {}, and {receiver} did not find {}{also}{where_to}",
        list(seals),
        list(&gone)
    );
    finding(weight, message, resolve)
}

/// Returns what a seal that is gone means on this way.
fn explained(
    graph: &Graph,
    borders: &Borders<'_>,
    sender: &Record,
    lot: &LotRef,
) -> (Weight, String, &'static str) {
    let Body::Dispatch(dispatch) = &sender.event.body else { unreachable!("only dispatches put seals on") };
    let declared = borders.stops(graph, lot);
    let stops: Vec<&Stop> = dispatch.stops.shown().into_iter().flatten().chain(declared).collect();
    let at = |kind: StopKind| stops.iter().find(|stop| stop.what == kind);
    if let Some(zone) = at(StopKind::FreeZone) {
        let resolve = "who opened it in the free zone, and what was done there, by whoever runs it";
        return (Weight::Fail, format!(", with a stop in a free zone in {}", zone.place), resolve);
    }
    if let Some(opened) = at(StopKind::Inspection) {
        let resolve = "the authority's paper about the opening and the new seal";
        return (
            Weight::Warning,
            format!("; an authority in {} opened it, as stated", opened.place),
            resolve,
        );
    }
    let resolve = "the receiver looks again; who opened it says so";
    match dispatch.stops.is_withheld() {
        true => (Weight::Withheld, "; the stops on the way are withheld".to_owned(), "ask for the route"),
        false => (Weight::Unknown, String::new(), resolve),
    }
}

fn list<T: AsRef<str>>(seals: &[T]) -> String {
    let numbers: Vec<String> = seals.iter().map(|seal| format!("`{}`", seal.as_ref())).collect();
    let noun = if seals.len() == 1 { "seal" } else { "seals" };
    format!("{noun} {}", numbers.join(", "))
}
