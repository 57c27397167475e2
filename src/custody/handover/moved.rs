//! Lots that are worked on elsewhere than where they were, without a record of the way.
//!
//! One party may run several places, and carrying a lot from one to the other is no handover. A `repack` at the new
//! place, or a dispatch to oneself, records it. Within a country this is a note, across a border a warning: nothing
//! contradicts, but nobody says how it got there. Spec: docs/custody.md, "Dates along a chain"; rule COC-04.

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::place::Place;
use crate::model::record::Record;

/// Returns every event at one place that uses a lot last recorded at another place of the same party.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let numbered = graph.records().iter().enumerate();
    numbered.filter_map(|(position, record)| of_record(graph, position, record)).collect()
}

fn of_record(graph: &Graph, position: usize, record: &Record) -> Option<Finding> {
    let works = matches!(
        record.event.body,
        Body::Transform(_) | Body::Charge(_) | Body::Assemble(_) | Body::Disassemble(_) | Body::Dispatch(_)
    );
    let here = *facility(record).filter(|_| works)?;
    let mut moved: Vec<LotRef> = Vec::new();
    let mut from: Option<(&Record, RecordId, Place)> = None;
    for (at, input) in graph::inputs(record).iter().enumerate() {
        let Some(creator) = graph.creator_position(position, at).map(|at| &graph.records()[at]) else {
            continue;
        };
        let is_held = creator.author == record.author && creator.event.body.receiver().is_none();
        let Some(there) = facility(creator).filter(|there| is_held && **there != here) else { continue };
        let (Some(place), Some(other)) = (place(graph, &here), place(graph, there)) else { continue };
        // The farthest move decides, the others are named with it.
        if from.is_none_or(|(_, _, before)| before.country == place.country && other.country != place.country)
        {
            from = Some((creator, *there, other));
        }
        moved.push(input.lot);
    }
    if graph.withdrawn(&record.id).is_some() {
        return None;
    }
    let (creator, there, other) = from?;
    let place = place(graph, &here)?;
    let lot = moved.iter().find(|lot| lot.record == creator.id).unwrap_or(&moved[0]);
    let message = format!(
        "{} was at {} ({place}) and uses lot {}{}, which was last at {} ({other}); nothing records the way",
        names::record(graph, record),
        names::facility(graph, &here),
        names::lot(graph, lot),
        match moved.len() {
            1 => String::new(),
            more => format!(" and {}", names::count(more - 1, "other lot")),
        },
        names::facility(graph, &there),
    );
    let weight = if place.country == other.country { Weight::Note } else { Weight::Warning };
    moved.extend(graph::outputs(record).map(|(output, _)| output));
    let resolve = "dispatch it to yourself and receive it there, or `repack` it at the new place";
    Some(found(FindingCode::MovedUnrecorded, weight, &[record, creator], &moved, message, resolve))
}

/// Returns the facility of an event, if that is shown.
fn facility(record: &Record) -> Option<&RecordId> {
    record.event.body.at()?.facility.shown()
}

/// Returns where a facility is, if its declaration is held.
fn place(graph: &Graph, facility: &RecordId) -> Option<Place> {
    Some(graph.facility(facility)?.1.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::evidence::Mixing::{Discrete, Homogenised};
    use crate::model::facility::Operator;
    use crate::model::maybe::Maybe;

    /// `mine` cracks ore, which it dug in AU, at a further place of its own.
    fn cracked_in(country: &str, repacked: bool) -> Vec<Weight> {
        let mut world = World::new();
        let mut ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
        let mill = world.declare("mine", country, Operator::Author);
        let at_the_mill = |record: &mut Record| match &mut record.event.body {
            Body::Repack(repack) => repack.at.facility = Maybe::Shown(mill),
            Body::Transform(transform) => transform.at.facility = Maybe::Shown(mill),
            _ => unreachable!(),
        };
        if repacked {
            ore = out(world.repack("mine", Discrete, vec![take(ore, 0, 10)], vec![lot("ore", 10)]), 0);
            world.change(ore.record, at_the_mill);
        }
        let step =
            world.transform("mine", "P30 crack", Homogenised, vec![take(ore, 0, 10)], vec![lot("ore", 9)]);
        world.change(step, at_the_mill);
        findings(&world.graph()).iter().map(|finding| finding.weight).collect()
    }

    #[test]
    fn a_move_within_a_country_is_a_note_and_across_a_border_a_warning() {
        assert_eq!(cracked_in("AU", false), [Weight::Note]);
        assert_eq!(cracked_in("JP", false), [Weight::Warning]);
        assert_eq!(cracked_in("JP", true), []);
    }

    #[test]
    fn what_was_received_where_it_is_used_did_not_move() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
        let received = world.hand_over("mine", "plant", ore);
        world.transform("plant", "P30 crack", Homogenised, vec![take(received, 0, 10)], vec![lot("ore", 9)]);
        assert_eq!(findings(&world.graph()), vec![]);
    }
}
