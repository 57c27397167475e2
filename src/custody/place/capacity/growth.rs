//! Growth: a site that wins more than twice as much in a calendar year as in the one before.
//!
//! It is a sign that goods of elsewhere may be booked there, and decides nothing: a mine may grow. Low output is no fault.

use std::collections::BTreeMap;

use super::limits::span;
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::dealings::Span;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// How many times as much as the year before goes without a word: MB-06 `growth_factor` 2.0.
const FACTOR: u128 = 2;

/// What a site won in one year, in milligrams, with the records that say so.
type Year<'g> = (u128, Vec<&'g Record>);

/// Returns the years in which a site won more than twice as much as in the year before, in which it won something.
pub(super) fn findings(graph: &Graph) -> Vec<Finding> {
    let mut won: BTreeMap<(RecordId, i32), Year<'_>> = BTreeMap::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::Extract(extract) = &record.event.body else { continue };
        let (Maybe::Shown(facility), Maybe::Shown(period)) = (&extract.at.facility, &extract.at.period)
        else {
            continue;
        };
        let (first, last) = (span(period.first, Span::Year), span(period.last, Span::Year));
        if first != last {
            continue;
        }
        let mass: u128 =
            graph::outputs(record).filter_map(|(_, lot)| lot.mass()).map(|m| u128::from(m.mg())).sum();
        let year = won.entry((*facility, last)).or_default();
        year.0 += mass;
        year.1.push(record);
    }
    let mut findings = Vec::new();
    for ((facility, year), (sum, records)) in &won {
        let Some((before, earlier)) = won.get(&(*facility, year - 1)).filter(|(before, _)| *before > 0)
        else {
            continue;
        };
        if *sum <= before * FACTOR {
            continue;
        }
        let message = format!(
            "{} won {} in {year}, more than {FACTOR} times the {} of the year before",
            names::facility(graph, facility),
            names::mass(*sum),
            names::mass(*before)
        );
        let resolve = "show what grew: a visit, a new pit, an authority's figure; it decides nothing";
        let lots: Vec<LotRef> =
            records.iter().flat_map(|record| graph::outputs(record)).map(|(lot, _)| lot).collect();
        let shown_by: Vec<&Record> = records.iter().chain(earlier).copied().collect();
        findings.push(found(FindingCode::OverCapacity, Weight::Note, &shown_by, &lots, message, resolve));
    }
    findings
}
