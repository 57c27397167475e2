//! What a walk can reach: nodes, what they are made of, and which lots hold the element.

use super::Edge;
use super::attested::attested_way;
use crate::custody::accounts::{Fed, Feed};
use crate::custody::assay;
use crate::custody::assembly::parts::Indices;
use crate::custody::graph::{self, Graph};
use crate::custody::withdrawal;
use crate::hash::quick::QuickMap;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};

/// Position of a record in the graph, and the output where outputs count apart.
///
/// A range of charges stands at the position of its last charge, which has no outputs, by its number.
pub(crate) type Key = (usize, Option<u32>);

/// Tells which lots hold the element, asking each material code once.
pub(super) struct Carrier<'g> {
    pub(super) element: Element,
    pub(super) by_code: QuickMap<&'g Material, Carries>,
}

impl<'g> Carrier<'g> {
    pub(super) fn carries(&mut self, graph: &Graph, at: &LotRef, lot: &'g Lot) -> Carries {
        let element = self.element;
        let by_code = *self.by_code.entry(&lot.material).or_insert_with(|| lot.material.carries(element));
        assay::holds(graph, at, lot, by_code, element)
    }
}

/// An input that a node is made of.
pub(super) struct Made<'g> {
    pub(super) lot: LotRef,
    /// Which input it is, or that it is a part recovered.
    pub(super) edge: Edge,
    /// The lot's node and statement, where it is held.
    pub(super) held: Option<(Key, &'g Lot)>,
}

/// Returns what the node `key` is made of; of all inputs where outputs do not count apart.
///
/// A part recovered is made of the part that had gone in, and of nothing else that was taken apart.
pub(super) fn made_of(graph: &Graph, key: Key) -> impl Iterator<Item = Made<'_>> {
    let record = &graph.records()[key.0];
    let inputs = graph::inputs(record);
    let used = match key.1 {
        None if never_was(graph, key) => Indices::Range(0..0),
        Some(_) if range_of(graph, key).is_some() => Indices::Range(0..0),
        None => Indices::Range(0..inputs.len()),
        Some(index) => graph.inputs_at(key.0, index),
    };
    let used = used.map(move |at| {
        let lot = inputs[at].lot;
        let held = graph.creator_position(key.0, at).and_then(|creator| key_at(graph, creator, lot.index));
        Made { lot, edge: Edge::Input(at), held }
    });
    let recovered = match key.1 {
        None => &[],
        Some(index) => graph.recovered(&LotRef { record: record.id, index }),
    };
    used.chain(recovered.iter().map(|one| {
        let creator = graph.position(&one.part.record);
        let held = creator.and_then(|creator| key_at(graph, creator, one.part.index));
        Made { lot: one.part, edge: Edge::Recovered(one.part), held }
    }))
}

/// Returns the node of a charge or a range of charges.
pub(super) fn key_of(graph: &Graph, feed: Feed) -> Key {
    let last = graph.accounts().last_of(feed);
    match feed {
        Feed::Charge(position) => (position, None),
        // A range has a lower number than the ranges in it and may end with the same charge, and stands after them.
        Feed::Pool(range) => (last, Some(u32::MAX - 2 * range)),
        Feed::Any(range) => (last, Some(u32::MAX - (2 * range + 1))),
    }
}

/// Returns the range of charges that a node stands for, if for one.
pub(super) fn range_of(graph: &Graph, key: Key) -> Option<Feed> {
    let number = key.1.filter(|_| matches!(graph.records()[key.0].event.body, Body::Charge(_)))?;
    let number = u32::MAX - number;
    Some(if number.is_multiple_of(2) { Feed::Pool(number / 2) } else { Feed::Any(number / 2) })
}

/// Returns what can be in a draw, or the two halves of a range of charges; nothing for other nodes.
pub(super) fn fed_by(graph: &Graph, key: Key) -> Vec<Fed> {
    let accounts = graph.accounts();
    if accounts.is_empty() {
        return Vec::new();
    }
    match range_of(graph, key).and_then(|range| accounts.parts(range)) {
        Some(parts) => parts.map(|feed| Fed { feed, is_sure: true }).to_vec(),
        None => accounts.feeds(key.0).to_vec(),
    }
}

/// Whether a node is a charge that its author took back before anyone built on it: it never was.
pub(super) fn never_was(graph: &Graph, key: Key) -> bool {
    let record = &graph.records()[key.0];
    matches!(record.event.body, Body::Charge(_)) && withdrawal::frees_stretches(graph, record)
}

/// Returns the node that output `index` of the record at `position` belongs to, and the output.
pub(super) fn key_at(graph: &Graph, position: usize, index: u32) -> Option<(Key, &Lot)> {
    let lot = graph.records()[position].event.body.outputs().get(index as usize)?;
    let apart = graph.counts_apart(position, index);
    Some(((position, apart.then_some(index)), lot))
}

/// Returns `target` and every node upstream of it that can hold the element, sources first, each with the
/// first lot through which it counts.
pub(super) fn reached<'g>(
    graph: &'g Graph,
    target: Key,
    lot: LotRef,
    carrier: &mut Carrier<'g>,
) -> Vec<(Key, LotRef)> {
    let mut reached: QuickMap<Key, LotRef> = QuickMap::from_iter([(target, lot)]);
    let mut stack = vec![target];
    while let Some(key) = stack.pop() {
        if attested_way(graph, key, carrier.element).is_some() {
            continue;
        }
        for Made { lot, held, .. } in made_of(graph, key) {
            let Some((from, stated)) = held else { continue };
            if carrier.carries(graph, &lot, stated) == Carries::No {
                continue;
            }
            let through = reached.entry(from).or_insert_with(|| {
                stack.push(from);
                lot
            });
            *through = lot.min(*through);
        }
        for one in fed_by(graph, key) {
            let from = key_of(graph, one.feed);
            reached.entry(from).or_insert_with(|| {
                stack.push(from);
                lot
            });
        }
    }
    let mut keys: Vec<Key> = reached.keys().copied().collect();
    keys.sort_unstable();
    // What goes into a draw has no lot of its own: it counts through the first lot of the first draw.
    let mut through: QuickMap<Key, LotRef> = QuickMap::default();
    for key in keys.iter().rev() {
        let own = through.get(key).copied().unwrap_or(reached[key]);
        reached.insert(*key, own);
        if attested_way(graph, *key, carrier.element).is_some() {
            continue;
        }
        for one in fed_by(graph, *key) {
            let first = through.entry(key_of(graph, one.feed)).or_insert(own);
            *first = own.min(*first);
        }
    }
    keys.into_iter().map(|key| (key, reached[&key])).collect()
}
