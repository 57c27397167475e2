//! Dates along a chain: a step that ended before what it used was there.
//!
//! Days are those of the place of each event. Between two places whose offsets from UTC are not both stated, one
//! day is left to the clocks; where both are stated, the minutes decide. Withheld periods say nothing.
//! Spec: docs/custody.md, "Dates along a chain"; domain source: rule COC-04.

pub mod entry_dates;

use std::collections::HashSet;

use super::graph::{self, Graph};
use super::names::{self, found};
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Days that clocks in different places may differ by, where their offsets are not both stated.
const CLOCKS_DAYS: i32 = 1;
const DAY_MINUTES: i64 = 1_440;

/// Returns every event that ended before something it used, or says something about, was there.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let records = graph.records();
    let mut findings = Vec::new();
    for (position, record) in records.iter().enumerate() {
        let Some(period) = period(record) else { continue };
        let mut named: HashSet<RecordId> = HashSet::new();
        for (at, input) in graph::inputs(record).iter().enumerate() {
            let creator = graph.creator_position(position, at).map(|at| &records[at]);
            findings.extend(of_use(graph, record, period, &input.lot, creator, &mut named));
        }
        if let Some(lot) = about(record) {
            findings.extend(of_use(graph, record, period, &lot, graph.creator(&lot), &mut named));
        }
    }
    findings
}

/// Looks at one lot that had to be there; each record that made some of them is named once.
fn of_use(
    graph: &Graph,
    record: &Record,
    here: &Period,
    lot: &LotRef,
    creator: Option<&Record>,
    named: &mut HashSet<RecordId>,
) -> Option<Finding> {
    let creator = creator?;
    let was_there = period(creator)?;
    let weight = contradiction(here, was_there)?;
    let is_withdrawn = graph.withdrawn(&record.id).is_some() || graph.withdrawn(&creator.id).is_some();
    let is_new = !is_withdrawn && named.insert(creator.id);
    is_new.then(|| finding(graph, record, here, lot, creator, was_there, weight))
}

/// Returns what it means that an event of `period` rests on something that was there from `was_there` on.
pub(super) fn contradiction(period: &Period, was_there: &Period) -> Option<Weight> {
    if let (Some(here), Some(there)) = (period.offset, was_there.offset) {
        let minutes = |days: i32, offset: i16| i64::from(days) * DAY_MINUTES - i64::from(offset);
        let ended = minutes(period.last.days() + 1, here.minutes());
        return (ended <= minutes(was_there.first.days(), there.minutes())).then_some(Weight::Fail);
    }
    match was_there.first.days_since(period.last) {
        days if days <= 0 => None,
        days if days <= CLOCKS_DAYS => Some(Weight::Warning),
        _ => Some(Weight::Fail),
    }
}

/// Returns when an event happened, if it says so and shows it.
pub(super) fn period(record: &Record) -> Option<&Period> {
    match &record.event.body {
        Body::Assay(assay) => assay.period.shown(),
        Body::ApplyTags(tags) => tags.period.shown(),
        body => body.at().map(|at| &at.period).and_then(Maybe::shown),
    }
}

/// Returns the lot that had to be there without being consumed: weighed, analysed or tagged.
fn about(record: &Record) -> Option<LotRef> {
    match &record.event.body {
        Body::Measure(measure) => Some(measure.lot),
        Body::Assay(assay) => Some(assay.lot),
        Body::ApplyTags(tags) => Some(tags.lot),
        _ => None,
    }
}

fn finding(
    graph: &Graph,
    record: &Record,
    period: &Period,
    lot: &LotRef,
    creator: &Record,
    was_there: &Period,
    weight: Weight,
) -> Finding {
    let became = match creator.event.body {
        Body::Dispatch(_) | Body::Refuse(_) | Body::Release(_) => "was sent",
        Body::Receive(_) => "was received",
        _ => "was made or taken in",
    };
    let message = format!(
        "{} ended on {}, but lot {} {became} on {} ({}){}",
        names::record(graph, record),
        period.last,
        names::lot(graph, lot),
        was_there.first,
        names::record(graph, creator),
        match weight {
            Weight::Fail => "",
            _ => ", a day that clocks in different places may differ by",
        }
    );
    let lots: Vec<LotRef> =
        std::iter::once(*lot).chain(graph::outputs(record).map(|(output, _)| output)).collect();
    let resolve = "whoever wrote the wrong day withdraws that record and states the right one";
    found(FindingCode::BeforeItsInput, weight, &[record, creator], &lots, message, resolve)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn weight(step: &str, input: &str) -> Option<Weight> {
        contradiction(&step.parse().unwrap(), &input.parse().unwrap())
    }

    #[test]
    fn one_day_is_left_to_the_clocks_and_the_second_is_a_contradiction() {
        assert_eq!(weight("2026-03-01..2026-03-05", "2026-03-05..2026-03-09"), None);
        assert_eq!(weight("2026-03-01..2026-03-04", "2026-03-05..2026-03-09"), Some(Weight::Warning));
        assert_eq!(weight("2026-03-01..2026-03-03", "2026-03-05..2026-03-09"), Some(Weight::Fail));
    }

    #[test]
    fn where_both_offsets_are_stated_the_minutes_decide() {
        // The day in Honolulu ends ten hours after midnight UTC, that in Tokyo begins nine hours before it.
        assert_eq!(weight("2026-03-04 -10:00", "2026-03-05 +09:00"), None);
        assert_eq!(weight("2026-03-04 +09:00", "2026-03-05 -10:00"), Some(Weight::Fail));
        assert_eq!(weight("2026-03-04 +00:00", "2026-03-05 +00:00"), Some(Weight::Fail));
        assert_eq!(weight("2026-03-04 +00:00", "2026-03-05 +00:01"), None);
    }

    #[test]
    fn withheld_periods_and_withdrawn_records_say_nothing() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
        let late = "2026-02-05".parse().unwrap();
        world.change(ore.record, |record| {
            let Body::Extract(extract) = &mut record.event.body else { unreachable!() };
            extract.at.period = Maybe::Shown(late);
        });
        let sent = world.dispatch("mine", "plant", vec![take(ore, 0, 10)]);
        let found = findings(&world.graph());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].weight, found[0].records.clone()), (Weight::Fail, vec![sent, ore.record]));
        let mut withheld = world.clone();
        withheld.change(sent, |record| {
            let Body::Dispatch(dispatch) = &mut record.event.body else { unreachable!() };
            dispatch.at.period = Maybe::Withheld;
        });
        assert_eq!(findings(&withheld.graph()), vec![]);
        world.withdraw("mine", sent, crate::model::evidence::WithdrawReason::EntryError);
        assert_eq!(findings(&world.graph()), vec![]);
    }
}
