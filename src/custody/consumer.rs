//! Rightful consumers: who may consume a lot, and by which kind of event.
//!
//! INVARIANT (one consumer): a lot is consumed by its author or, in transit, by the named receiver, who
//! first takes it over or sends it back. Spec: docs/custody.md, "Consumers".

use super::graph::{self, Consumer, Graph};
use super::names::{self, found};
use crate::hash::PartyId;
use crate::model::event::{Assign, Body, Receiver, Refuse, Release, RequestReturn};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns every consumption by a party, or in a way, that the lot does not allow.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().flat_map(|record| of_record(graph, record)).collect()
}

/// Returns what is wrong with one record's right to what it consumes or measures.
pub fn of_record(graph: &Graph, record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    for input in graph::inputs(record) {
        findings.extend(of_input(graph, record, input.lot));
    }
    match &record.event.body {
        Body::Refuse(Refuse { receiver, .. }) | Body::Release(Release { receiver, .. }) => {
            for input in graph::inputs(record) {
                findings.extend(sent_back(graph, record, receiver, input.lot));
            }
        }
        Body::Measure(measure) => findings.extend(of_measure(graph, record, measure.lot)),
        Body::RequestReturn(RequestReturn { lots, .. }) | Body::Assign(Assign { lots, .. }) => {
            findings.extend(lots.iter().filter_map(|lot| not_the_sender(graph, record, *lot)));
        }
        _ => {}
    }
    findings
}

fn of_input(graph: &Graph, record: &Record, lot: LotRef) -> Option<Finding> {
    let takes_over = record.event.body.takes_over();
    let consumer = graph.rightful_consumer(&lot);
    if consumer == Consumer::Party(record.author) && takes_over == graph.in_transit(&lot) {
        return None;
    }
    let what = names::record(graph, record);
    let name = names::lot(graph, &lot);
    let (weight, message, resolve) = match consumer {
        Consumer::Unknown => return None,
        Consumer::Party(party) if party != record.author => (
            Weight::Fail,
            format!("{what} consumes lot {name}, which only {} may consume", names::party(graph, &party)),
            "withdraw the record; the holder must dispatch the lot to this party first",
        ),
        Consumer::Nobody => (
            Weight::Fail,
            format!("{what} consumes lot {name}, which went to no party of the ledger"),
            "withdraw the record; the sender must dispatch the lot to this party",
        ),
        Consumer::Withheld => (
            Weight::Withheld,
            format!("{what} consumes lot {name}, whose receiver is withheld"),
            "ask the sender to show the item `receiver`",
        ),
        Consumer::Party(_) if !takes_over => (
            Weight::Fail,
            format!("{what} consumes lot {name} in transit, without having received it"),
            "record a `receive` of the lot, and use what was received",
        ),
        Consumer::Party(_) => (
            Weight::Fail,
            format!("{what} takes over lot {name}, which is not in transit"),
            "withdraw the record; the lot is already held",
        ),
    };
    Some(finding(graph, weight, record, lot, message, resolve))
}

/// Looks at whether refused goods go back to the party that dispatched them.
fn sent_back(graph: &Graph, record: &Record, to: &Maybe<Receiver>, lot: LotRef) -> Option<Finding> {
    let sender = graph.creator(&lot)?.author;
    let to = match to {
        Maybe::Withheld => return None,
        Maybe::Shown(Receiver::Party(party)) if *party == sender => return None,
        Maybe::Shown(Receiver::Party(party)) => names::party(graph, party),
        Maybe::Shown(Receiver::Outside(outsider)) => format!("`{}`, who keeps no ledger", outsider.name),
        Maybe::Shown(Receiver::Later) => "a receiver to be named later".to_owned(),
    };
    let what = names::record(graph, record);
    let (name, sender_name) = (names::lot(graph, &lot), names::party(graph, &sender));
    let message = format!("{what} sends lot {name} back to {to}, but {sender_name} dispatched it");
    let resolve = "withdraw the record and send the lot back to the party that dispatched it";
    Some(finding(graph, Weight::Fail, record, lot, message, resolve))
}

/// Looks at whether who calls a lot back, or names its receiver, is the party that dispatched it.
fn not_the_sender(graph: &Graph, record: &Record, lot: LotRef) -> Option<Finding> {
    let creator = graph.creator(&lot)?;
    let what = names::record(graph, record);
    let (name, sender) = (names::lot(graph, &lot), names::party(graph, &creator.author));
    let message = if creator.author != record.author {
        format!("{what} is about lot {name}, which {sender} sent; it has no effect")
    } else if !graph.in_transit(&lot) {
        format!("{what} is about lot {name}, which was not dispatched; it has no effect")
    } else {
        return None;
    };
    let resolve = "nothing needs to be done; only the sender of a lot in transit decides that";
    Some(finding(graph, Weight::Warning, record, lot, message, resolve))
}

fn of_measure(graph: &Graph, record: &Record, lot: LotRef) -> Option<Finding> {
    let holder = holder(graph, &lot)?;
    if holder == record.author {
        return None;
    }
    let message = format!(
        "{} is about lot {}, which {} holds; it is not compared",
        names::record(graph, record),
        names::lot(graph, &lot),
        names::party(graph, &holder)
    );
    let resolve = "let the holder measure the lot, or record an `assay`";
    Some(finding(graph, Weight::Warning, record, lot, message, resolve))
}

/// Returns the parties that had a lot, or what it was handed over as before; who may consume it first.
pub fn had(graph: &Graph, lot: &LotRef) -> Vec<PartyId> {
    let mut parties: Vec<PartyId> = holder(graph, lot).into_iter().collect();
    let mut at = Some(*lot);
    while let Some(here) = at {
        let Some(record) = graph.creator(&here) else { break };
        if !parties.contains(&record.author) {
            parties.push(record.author);
        }
        at = match record.event.body.is_pairwise() {
            true => graph::inputs(record).get(here.index as usize).map(|input| input.lot),
            false => None,
        };
        // A ring, which hashes rule out, would come back to where it began.
        at = at.filter(|next| next != lot);
    }
    parties
}

/// Returns the party that holds a lot: its author or, in transit, the named receiver.
pub fn holder(graph: &Graph, lot: &LotRef) -> Option<PartyId> {
    match graph.rightful_consumer(lot) {
        Consumer::Party(party) => Some(party),
        _ => None,
    }
}

fn finding(
    graph: &Graph,
    weight: Weight,
    record: &Record,
    lot: LotRef,
    message: String,
    resolve: &str,
) -> Finding {
    let mut records = vec![record];
    records.extend(graph.creator(&lot));
    let mut finding = found(FindingCode::WrongConsumer, weight, &records, &[lot], message, resolve);
    if weight != Weight::Withheld {
        finding.parties = vec![record.author];
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::lot::Quantity;

    fn weights(world: &World) -> Vec<Weight> {
        let found = findings(&world.graph());
        assert!(found.iter().all(|finding| finding.code == FindingCode::WrongConsumer));
        found.iter().map(|finding| finding.weight).collect()
    }

    fn mined() -> (World, LotRef) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        (world, out(mined, 0))
    }

    fn repack(world: &mut World, by: &str, used: LotRef) {
        world.repack(by, Discrete, vec![take(used, 0, 10)], vec![lot("ore", 10)]);
    }

    #[test]
    fn the_author_consumes_its_own_lot_and_nobody_else_does() {
        let (mut world, ore) = mined();
        repack(&mut world, "mine", ore);
        assert_eq!(weights(&world), vec![]);
        repack(&mut world, "plant", ore);
        let found = findings(&world.graph());
        assert_eq!(found[0].weight, Weight::Fail);
        assert_eq!(found[0].parties, vec![world.party("plant")]);
        assert!(found[0].message.contains("which only `mine` may consume"), "{}", found[0].message);
    }

    #[test]
    fn in_transit_only_the_named_receiver_takes_over() {
        let (mut world, ore) = mined();
        let sent = world.dispatch("mine", "plant", vec![take(ore, 0, 50)]);
        let transit = out(sent, 0);
        let twin = world.clone();
        world.receive("plant", vec![take(transit, 0, 50)], &[]);
        assert_eq!(weights(&world), vec![]);
        for (by, receives) in [("buyer", true), ("mine", true), ("plant", false)] {
            let mut world = twin.clone();
            match receives {
                true => drop(world.receive(by, vec![take(transit, 0, 50)], &[])),
                false => repack(&mut world, by, transit),
            }
            assert_eq!(weights(&world), vec![Weight::Fail], "{by}");
        }
    }

    #[test]
    fn a_lot_that_is_already_held_cannot_be_received() {
        let (mut world, ore) = mined();
        world.receive("mine", vec![take(ore, 0, 50)], &[]);
        assert_eq!(weights(&world), vec![Weight::Fail]);
    }

    #[test]
    fn what_went_outside_or_to_nobody_yet_is_consumed_by_no_party() {
        for receiver in [Receiver::Outside(outsider("Trader")), Receiver::Later] {
            let (mut world, ore) = mined();
            let sent = world.dispatch_to("mine", receiver, vec![take(ore, 0, 50)]);
            assert_eq!(world.graph().rightful_consumer(&out(sent, 0)), Consumer::Nobody);
            assert_eq!(weights(&world), vec![]);
            world.receive("plant", vec![take(out(sent, 0), 0, 50)], &[]);
            assert_eq!(weights(&world), vec![Weight::Fail]);
        }
    }

    #[test]
    fn a_withheld_receiver_cannot_be_judged() {
        let (mut world, ore) = mined();
        let sent = world.dispatch("mine", "plant", vec![take(ore, 0, 50)]);
        world.receive("plant", vec![take(out(sent, 0), 0, 50)], &[]);
        world.change(sent, |record| {
            if let Body::Dispatch(dispatch) = &mut record.event.body {
                dispatch.receiver = Maybe::Withheld;
            }
        });
        assert_eq!(weights(&world), vec![Weight::Withheld]);
    }

    #[test]
    fn refused_goods_go_back_to_the_party_that_sent_them() {
        for (to, expected) in [("mine", vec![]), ("buyer", vec![Weight::Fail])] {
            let (mut world, ore) = mined();
            let sent = world.dispatch("mine", "plant", vec![take(ore, 0, 50)]);
            let back = world.refuse("plant", to, vec![take(out(sent, 0), 0, 50)]);
            assert_eq!(weights(&world), expected);
            assert_eq!(world.graph().rightful_consumer(&out(back, 0)), Consumer::Party(world.party(to)));
        }
    }

    #[test]
    fn a_measure_by_someone_who_does_not_hold_the_lot_is_a_warning() {
        let (mut world, ore) = mined();
        world.measure("mine", ore, Quantity::of(kg(100)));
        assert_eq!(weights(&world), vec![]);
        world.measure("buyer", ore, Quantity::of(kg(1)));
        assert_eq!(weights(&world), vec![Weight::Warning]);
    }
}
