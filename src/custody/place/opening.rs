//! Work at a facility before it was opened or after it was closed.
//!
//! Both days are the operator's own statements about one place, so no day is left to clocks. Work that lies only in
//! part outside is a warning: the part inside may be all of it. Spec: docs/custody.md, "Dates along a chain".

use std::collections::HashSet;

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns every event at a facility on days on which that was not open.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let has_life = |record: &&Record| matches!(&record.event.body, Body::DeclareFacility(one) if one.opened.is_some() || one.closed.is_some());
    let with_life: HashSet<RecordId> =
        graph.records().iter().filter(has_life).map(|record| record.id).collect();
    if with_life.is_empty() {
        return Vec::new();
    }
    let there = |record: &&Record| {
        let facility = record.event.body.at().and_then(|at| at.facility.shown());
        facility.is_some_and(|facility| with_life.contains(facility))
    };
    graph.records().iter().filter(there).filter_map(|record| of_record(graph, record)).collect()
}

fn of_record(graph: &Graph, record: &Record) -> Option<Finding> {
    let at = record.event.body.at()?;
    let (id, period) = (at.facility.shown()?, at.period.shown()?);
    let (declaration, facility) = graph.facility(id)?;
    if graph.withdrawn(&record.id).is_some() {
        return None;
    }
    let early = facility.opened.filter(|opened| period.first < *opened);
    let late = facility.closed.filter(|closed| *closed < period.last);
    let (said, is_whole) = match (early, late) {
        (Some(opened), _) => (format!("which was opened on {opened}"), period.last < opened),
        (None, Some(closed)) => (format!("which was closed on {closed}"), closed < period.first),
        (None, None) => return None,
    };
    let weight = if is_whole { Weight::Fail } else { Weight::Warning };
    let message =
        format!("{} was at {} on {period}, {said}", names::record(graph, record), names::facility(graph, id));
    let lots: Vec<LotRef> = graph::inputs(record)
        .iter()
        .map(|input| input.lot)
        .chain(graph::outputs(record).map(|(lot, _)| lot))
        .collect();
    let resolve = "the right day of the event, or a declaration of the facility with the right days";
    Some(found(FindingCode::FacilityNotOpen, weight, &[record, declaration], &lots, message, resolve))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::maybe::Maybe;

    fn weight(opened: Option<&str>, closed: Option<&str>, on: &str) -> Option<Weight> {
        let mut world = World::new();
        let place = world.place("mine");
        world.change(place, |record| {
            let Body::DeclareFacility(facility) = &mut record.event.body else { unreachable!() };
            facility.opened = opened.map(|day| day.parse().unwrap());
            facility.closed = closed.map(|day| day.parse().unwrap());
        });
        let dug = world.extract("mine", vec![lot("ore", 10)]);
        world.change(dug, |record| {
            let Body::Extract(extract) = &mut record.event.body else { unreachable!() };
            extract.at.period = Maybe::Shown(on.parse().unwrap());
        });
        findings(&world.graph()).first().map(|finding| finding.weight)
    }

    #[test]
    fn the_first_and_last_day_are_days_of_its_life() {
        let life = (Some("2026-01-10"), Some("2026-06-30"));
        for (on, expected) in [
            ("2026-01-10..2026-06-30", None),
            ("2026-01-09..2026-01-10", Some(Weight::Warning)),
            ("2026-01-08..2026-01-09", Some(Weight::Fail)),
            ("2026-06-30..2026-07-01", Some(Weight::Warning)),
            ("2026-07-01", Some(Weight::Fail)),
        ] {
            assert_eq!(weight(life.0, life.1, on), expected, "{on}");
        }
        assert_eq!(weight(None, None, "1950-01-01"), None);
    }
}
