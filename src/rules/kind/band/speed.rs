//! How fast a lot must have come from where it was to where it was next.
//!
//! Days are all that events state, so a lot may have left when the first of its days began and arrived when the last of
//! them ended; where not both sides state the offset of their clocks a whole day is left to these. Only what is
//! impossible even so is said to be.

use std::collections::BTreeSet;

use crate::custody::{graph, names};
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::distance;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

const DAY_MINUTES: i64 = 1_440;
/// Half the earth around, in metres: nothing is farther.
const FARTHEST_M: u64 = 20_015_115;

/// Tells which ways were too far for their time; returns whether there was any way.
pub(super) fn judge(facts: &Facts<'_>, max_kmh: u32, told: &mut Told) -> bool {
    let graph = facts.graph;
    let mut reaches = false;
    for record in facts.records_behind() {
        let mut named: BTreeSet<RecordId> = BTreeSet::new();
        for input in graph::inputs(record) {
            let Some(from) = graph.creator(&input.lot) else { continue };
            if facts.is_behind(&input.lot) && named.insert(from.id) {
                reaches |= way(facts, from, record, max_kmh, told);
            }
        }
    }
    reaches
}

/// Looks at the way from one event to the next; returns whether it leads from one place to another.
fn way(facts: &Facts<'_>, from: &Record, to: &Record, max_kmh: u32, told: &mut Told) -> bool {
    let graph = facts.graph;
    let (Some(left), Some(came)) = (from.event.body.at(), to.event.body.at()) else { return false };
    let names = || {
        let place = |id: &Maybe<RecordId>| match id {
            Maybe::Shown(id) => names::facility(graph, id),
            Maybe::Withheld => "a place that is withheld".to_owned(),
        };
        format!("from {} to {}", place(&left.facility), place(&came.facility))
    };
    let records = vec![from.id, to.id];
    let (Maybe::Shown(here), Maybe::Shown(there)) = (&left.facility, &came.facility) else {
        let text = format!("{}: how far it is, is withheld", names());
        let resolve = "ask the author to show the item `facility`";
        told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, records, resolve);
        return true;
    };
    if here == there {
        return false;
    }
    let (Maybe::Shown(start), Maybe::Shown(end)) = (&left.period, &came.period) else {
        let text = format!("{}: how long it took, is withheld", names());
        let resolve = "ask the author to show the item `period`";
        told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, records, resolve);
        return true;
    };
    let minutes = minutes(start, end);
    // Metres that can be made in that time at the greatest speed.
    let reach = minutes.max(0) as u128 * u128::from(max_kmh) * 1_000 / 60;
    let at = |id: &RecordId| graph.facility(id).and_then(|(_, facility)| facility.coordinates);
    match at(here).zip(at(there)) {
        Some((one, other)) => {
            let metres = distance::metres(one, other);
            if u128::from(metres) > reach {
                let text = format!(
                    "{}, {} km in at most {}.{} h, {start} to {end} (limit {max_kmh} km/h)",
                    names(),
                    metres / 1_000,
                    minutes.max(0) / 60,
                    minutes.max(0) % 60 / 6,
                );
                let resolve =
                    "whoever wrote the wrong day or place withdraws that record and states the right one";
                told.because(ReasonCode::OutsideBand, Verdict::Fail, text, records, resolve);
            }
        }
        None if u128::from(FARTHEST_M) > reach => {
            let text = format!("{}: how far it is, is not stated", names());
            let resolve = "the operators declare where the facilities lie, with coordinates";
            told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, records, resolve);
        }
        // Anywhere on earth could be reached in that time.
        None => {}
    }
    true
}

/// Returns the most minutes between two events.
fn minutes(start: &Period, end: &Period) -> i64 {
    let days = i64::from(end.last.days_since(start.first)) + 1;
    let clocks = match (start.offset, end.offset) {
        (Some(start), Some(end)) => i64::from(start.minutes()) - i64::from(end.minutes()),
        _ => DAY_MINUTES,
    };
    days * DAY_MINUTES + clocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(start: &str, end: &str) -> i64 {
        minutes(&start.parse().unwrap(), &end.parse().unwrap())
    }

    #[test]
    fn the_longest_time_that_two_periods_allow() {
        assert_eq!(between("2026-03-01", "2026-03-01"), 2 * DAY_MINUTES);
        assert_eq!(between("2026-03-01..2026-03-03", "2026-03-03..2026-03-04"), 5 * DAY_MINUTES);
        // A day in Honolulu begins five hours before the same day ends in Tokyo, and 43 hours the other way round.
        assert_eq!(between("2026-03-01 -10:00", "2026-03-01 +09:00"), 5 * 60);
        assert_eq!(between("2026-03-01 +09:00", "2026-03-01 -10:00"), 43 * 60);
        assert_eq!(between("2026-03-01 +09:00", "2026-03-01"), 2 * DAY_MINUTES);
    }

    #[test]
    fn nothing_is_farther_than_half_around() {
        assert_eq!(distance::metres((0, 0), (0, 180_000_000)), FARTHEST_M);
    }
}
