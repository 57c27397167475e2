//! Dates along a chain: a step that ended before what it used was there.
//!
//! Days are those of the place of each event. Between two places whose offsets from UTC are not both stated, one
//! day is left to the clocks; where both are stated, the minutes decide. Withheld periods say nothing.
//! Spec: docs/custody.md, "Dates along a chain"; domain source: rule COC-04.

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
    graph.records().iter().flat_map(|record| of_record(graph, record)).collect()
}

fn of_record(graph: &Graph, record: &Record) -> Vec<Finding> {
    let Some(period) = period(record) else { return Vec::new() };
    if graph.withdrawn(&record.id).is_some() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut compared: Vec<RecordId> = Vec::new();
    for lot in used(record) {
        let Some(creator) = graph.creator(&lot).filter(|creator| !compared.contains(&creator.id)) else {
            continue;
        };
        compared.push(creator.id);
        if graph.withdrawn(&creator.id).is_some() {
            continue;
        }
        let Some((was_there, weight)) =
            self::period(creator).and_then(|was_there| Some((was_there, contradiction(period, was_there)?)))
        else {
            continue;
        };
        findings.push(finding(graph, record, period, &lot, creator, was_there, weight));
    }
    findings
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

/// Returns the lots that had to be there: those consumed, weighed, analysed or tagged.
fn used(record: &Record) -> Vec<LotRef> {
    match &record.event.body {
        Body::Measure(measure) => vec![measure.lot],
        Body::Assay(assay) => vec![assay.lot],
        Body::ApplyTags(tags) => vec![tags.lot],
        _ => graph::inputs(record).iter().map(|input| input.lot).collect(),
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
