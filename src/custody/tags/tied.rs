//! Parties that are not apart: one and the same, or tied by what one of them says of the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::Body;

/// The ties that held records declare.
pub(super) struct Ties {
    of: BTreeMap<PartyId, Vec<(PartyId, RecordId, Period)>>,
}

impl Ties {
    pub(super) fn new(graph: &Graph) -> Self {
        let mut of: BTreeMap<PartyId, Vec<(PartyId, RecordId, Period)>> = BTreeMap::new();
        for record in graph.records() {
            let Body::Appoint(appoint) = &record.event.body else { continue };
            if graph.withdrawn(&record.id).is_none() {
                of.entry(record.author).or_default().push((appoint.party, record.id, appoint.valid));
                of.entry(appoint.party).or_default().push((record.author, record.id, appoint.valid));
            }
        }
        Self { of }
    }

    /// Returns the records that tie two parties on some day of `on`; none where they are one and the same.
    pub(super) fn between(&self, one: &PartyId, other: &PartyId, on: &Period) -> Option<Vec<RecordId>> {
        let mut reached = BTreeSet::from([*one]);
        let mut queue = VecDeque::from([(*one, Vec::new())]);
        while let Some((here, way)) = queue.pop_front() {
            if here == *other {
                return Some(way);
            }
            for (next, record, valid) in self.of.get(&here).into_iter().flatten() {
                if valid.first <= on.last && on.first <= valid.last && reached.insert(*next) {
                    let mut way = way.clone();
                    way.push(*record);
                    queue.push_back((*next, way));
                }
            }
        }
        None
    }
}
