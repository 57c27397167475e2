//! When somebody else first saw each record: a record of theirs rests on it, or covers it by a checkpoint.

use std::collections::HashMap;

use crate::custody::graph;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::rules::facts::Facts;

/// Who signed at what time, by which record.
type Sight = (Timestamp, PartyId, RecordId);

/// The two earliest sights of a record, by different parties.
#[derive(Clone, Copy, Default)]
struct Earliest([Option<Sight>; 2]);

impl Earliest {
    fn add(&mut self, sight: Sight) {
        let [first, second] = &mut self.0;
        match first {
            Some(known) if known.1 == sight.1 => *known = sight.min(*known),
            Some(known) if sight.0 < known.0 => {
                *second = first.take();
                *first = Some(sight);
            }
            Some(_) => match second {
                Some(known) if *known <= sight => {}
                _ => *second = Some(sight),
            },
            None => *first = Some(sight),
        }
    }

    fn by_other(&self, than: &PartyId) -> Option<Sight> {
        self.0.iter().flatten().find(|sight| sight.1 != *than).copied()
    }
}

/// When others first saw the records behind a lot.
pub(super) struct Sights(HashMap<RecordId, Earliest>);

impl Sights {
    /// Gathers them: linear in what is held, since whoever says something about a lot has seen its record.
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let graph = facts.graph;
        let mut seen: HashMap<RecordId, Earliest> = HashMap::new();
        // Sinks first: what saw a record saw all that it rests on.
        for record in graph.records().iter().rev() {
            let own = (record.signed_at, record.author, record.id);
            let mut all = seen.get(&record.id).copied().unwrap_or_default();
            for (by, size) in graph.seen_of(record) {
                if size > record.seq {
                    all.add((by.signed_at, by.author, by.id));
                }
            }
            seen.insert(record.id, all);
            let handed_on: Vec<Sight> = all.0.into_iter().flatten().chain([own]).collect();
            for lot in rests_on(record) {
                let before = seen.entry(lot.record).or_default();
                handed_on.iter().for_each(|sight| before.add(*sight));
            }
        }
        Self(seen)
    }

    /// Returns the day on which another than its author first saw a record, as that claims, and by which record.
    pub(super) fn first(&self, record: &Record) -> Option<(Day, RecordId)> {
        let (time, _, by) = self.0.get(&record.id)?.by_other(&record.author)?;
        Some((time.day(), by))
    }
}

/// Returns the lots that a record names by the hashes of their records.
fn rests_on(record: &Record) -> Vec<LotRef> {
    let mut lots: Vec<LotRef> = graph::inputs(record).iter().map(|input| input.lot).collect();
    match &record.event.body {
        Body::DeclareBorder(said) => lots.extend(&said.lots),
        Body::Assay(assay) => lots.push(assay.lot),
        Body::ApplyTags(tags) => lots.push(tags.lot),
        Body::Measure(measure) => lots.push(measure.lot),
        _ => {}
    }
    lots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(at: u64) -> Timestamp {
        Timestamp::from_ms(1_767_225_600_000 + at).unwrap()
    }

    fn sight(at: u64, by: u8) -> Sight {
        let hash = crate::hash::sha256(&[&[by]]);
        (time(at), PartyId(hash), RecordId(hash))
    }

    #[test]
    fn the_earliest_sight_by_another_is_kept_whatever_order_they_come_in() {
        let all = [sight(3, 1), sight(1, 2), sight(2, 2), sight(2, 3), sight(1, 1)];
        let orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [3, 1, 4, 0, 2]];
        for order in orders {
            let mut earliest = Earliest::default();
            order.iter().for_each(|at| earliest.add(all[*at]));
            let of = |than: u8| earliest.by_other(&sight(0, than).1).unwrap().0;
            assert_eq!(of(1), time(1), "{order:?}");
            assert_eq!(of(2), time(1), "{order:?}");
            assert_eq!(of(3), time(1), "{order:?}");
        }
    }
}
