//! What is stated to have come out of a country in a year, beside what it is known to yield.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::touch::{Grade, TouchPlace};
use crate::custody::{graph, place};
use crate::hash::{PartyId, RecordId};
use crate::model::interval::Interval;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::rules::facts::Facts;
use crate::rules::pack::{Applies, Capability, applies};

/// What each party states to have put out in a year by one row.
#[derive(Default)]
pub(super) struct Year {
    pub(super) by_party: BTreeMap<PartyId, Stated>,
}

/// A sum, with the records that state it.
pub(super) struct Stated {
    pub(super) mass: Interval,
    pub(super) records: Vec<RecordId>,
}

impl Year {
    /// Returns what all parties state together.
    pub(super) fn sum(&self) -> Interval {
        self.by_party.values().map(|one| one.mass).fold(Interval::ZERO, Interval::plus)
    }
}

/// Returns what is stated of a row, year by year.
pub(super) fn years(facts: &Facts<'_>, row: &Capability) -> BTreeMap<i16, Year> {
    let mut years: BTreeMap<i16, Year> = BTreeMap::new();
    for record in facts.graph.records().iter().filter(|record| facts.graph.withdrawn(&record.id).is_none()) {
        let Some((year, mass)) = stated(facts, row, record) else { continue };
        let by_party = &mut years.entry(year).or_default().by_party;
        let sum = by_party
            .entry(record.author)
            .or_insert_with(|| Stated { mass: Interval::ZERO, records: Vec::new() });
        sum.mass = sum.mass.plus(mass);
        sum.records.push(record.id);
    }
    years
}

/// Returns the records of all years in which surely more is stated of a row than it yields, whoever states it: which
/// of the goods are real, none of them shows.
pub(in crate::rules::kind) fn overrun(facts: &Facts<'_>, rows: &[Capability]) -> BTreeSet<RecordId> {
    let mut records = BTreeSet::new();
    for row in rows {
        let Some(yearly) = row.yearly else { continue };
        let beyond =
            years(facts, row).into_values().filter(|year| year.sum().exceeds(Interval::exact(yearly)));
        records.extend(beyond.flat_map(|year| year.by_party.into_values()).flat_map(|one| one.records));
    }
    records
}

/// Returns the year in which all of a record's output counts for a row, and how much that is.
fn stated(facts: &Facts<'_>, row: &Capability, record: &Record) -> Option<(i16, Interval)> {
    let body = &record.event.body;
    let at = body.at()?;
    if !body.steps().iter().any(|step| row.stages.contains(&step.stage)) {
        return None;
    }
    match place::of_work(facts.graph, record, at) {
        (TouchPlace::At { place, .. }, grade) if place.country == row.country && grade != Grade::Unknown => {}
        _ => return None,
    }
    let Maybe::Shown(period) = at.period else { return None };
    let year = period.first.year_month().0;
    if period.last.year_month().0 != year {
        return None;
    }
    let counted = graph::outputs(record)
        .filter(|(_, lot)| applies(&row.materials, &lot.material) == Applies::Yes)
        .map(|(lot, _)| facts.contents().mass(&lot))
        .filter(|mass| !mass.is_open());
    Some((year, counted.fold(Interval::ZERO, Interval::plus)))
}
