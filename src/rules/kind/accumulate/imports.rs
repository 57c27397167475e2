//! What a party imported in a year: what it declared, and what it may have imported without a declaration on record.

use std::collections::HashSet;

use super::Sum;
use crate::balance::content::Contents;
use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::dealings::BorderSide;
use crate::model::event::{Body, DeclareBorder};
use crate::model::hs::HsCode;
use crate::model::interval::{Interval, WHOLE};
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::maybe::Maybe;
use crate::model::place::{Country, Place};
use crate::origin::portfolio::{Counts, Portfolio};
use crate::rules::kind::AskedOver;
use crate::rules::pack::Threshold;

/// The imports of a year.
pub(super) struct Imports<'a, 'g> {
    contents: &'a Contents<'g>,
    all: Vec<Import>,
}

/// Goods that came in under one customs code.
struct Import {
    record: RecordId,
    lots: Vec<LotRef>,
    code: Option<HsCode>,
    mass: Interval,
    /// Whether they surely were imported in the year.
    is_sure: bool,
}

/// Whether goods fall under a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Falls {
    No,
    Perhaps,
    Surely,
}

impl<'a, 'g> Imports<'a, 'g> {
    /// Gathers the imports of the party of a portfolio in a calendar year.
    pub(super) fn of(asked: &AskedOver<'a, 'g>, into: &[Place], year: Period) -> Self {
        let (graph, contents) = (asked.over.graph(), asked.over.contents());
        let party = asked.over.portfolio().party;
        let is_inside = |country: &Country| into.iter().any(|place| place.country == *country);
        let mut declared: HashSet<LotRef> = HashSet::new();
        let mut all = Vec::new();
        for record in graph.records() {
            let Body::DeclareBorder(said) = &record.event.body else { continue };
            let is_import = said.side == BorderSide::Import && is_inside(&said.to);
            if !is_import || graph.withdrawn(&record.id).is_some() {
                continue;
            }
            declared.extend(said.lots.iter().map(|lot| first(graph, *lot)));
            let is_sure = match &said.period {
                Maybe::Shown(days) if days.last < year.first || year.last < days.first => continue,
                Maybe::Shown(days) => year.covers(days),
                Maybe::Withheld => false,
            };
            // From one member to another is no import.
            if record.author == party && !is_inside(&said.from) {
                let (lots, mass) = (said.lots.clone(), declared_mass(contents, said));
                all.push(Import { record: record.id, lots, code: Some(said.hs), mass, is_sure });
            }
        }
        for receipt in Portfolio::of(graph, party, year).receipts {
            let came_from = came_from(graph, &receipt.lot);
            let is_told = declared.contains(&first(graph, receipt.lot)) || receipt.counts == Counts::CameBack;
            if is_told || came_from.is_some_and(|from| is_inside(&from)) {
                continue;
            }
            let code = graph.lot(&receipt.lot).and_then(|lot| lot.hs);
            let (lots, mass) = (vec![receipt.lot], contents.mass(&receipt.lot));
            all.push(Import { record: receipt.record, lots, code, mass, is_sure: false });
        }
        Self { contents, all }
    }

    /// Adds up what falls under a row.
    pub(super) fn under(&self, row: &Threshold) -> Sum {
        let mut sum = Sum { mass: Interval::ZERO, lots: Vec::new(), records: Vec::new() };
        for import in &self.all {
            let falls = self.falls(import, row);
            if falls == Falls::No {
                continue;
            }
            let low = if import.is_sure && falls == Falls::Surely { import.mass.low } else { 0 };
            sum.mass = sum.mass.plus(Interval { low, high: import.mass.high });
            sum.lots.extend(&import.lots);
            if !sum.records.contains(&import.record) {
                sum.records.push(import.record);
            }
        }
        sum
    }

    fn falls(&self, import: &Import, row: &Threshold) -> Falls {
        let by_code = match &import.code {
            Some(code) if code.digits().starts_with(row.code.digits()) => Falls::Surely,
            Some(code) if row.code.digits().starts_with(code.digits()) => Falls::Perhaps,
            Some(_) => Falls::No,
            None => Falls::Perhaps,
        };
        if by_code == Falls::No {
            return Falls::No;
        }
        let parts = import.lots.iter().map(|lot| self.part(lot, row, import.code.is_some()));
        let (least, most) =
            parts.fold((Falls::Surely, Falls::No), |(least, most), part| (least.min(part), most.max(part)));
        // Of several lots under one mass some may be meant and others not.
        if most == Falls::No {
            Falls::No
        } else {
            by_code.min(if least == Falls::No { Falls::Perhaps } else { least })
        }
    }

    /// Whether a lot is of the part of the code that is meant.
    fn part(&self, lot: &LotRef, row: &Threshold, has_code: bool) -> Falls {
        let element = match row.element {
            _ if has_code && !row.ex => return Falls::Surely,
            Some(element) => element,
            None => return Falls::Perhaps,
        };
        let carries =
            self.contents.graph().lot(lot).map_or(Carries::Possible, |lot| lot.material.carries(element));
        let held = self.contents.of(lot, element).share;
        let carries = match carries {
            Carries::No => return Falls::No,
            Carries::Possible if held.high == 0 => return Falls::No,
            Carries::Possible if held.low == 0 => Falls::Perhaps,
            _ => Falls::Surely,
        };
        let ppb = |share: crate::model::fraction::Fraction| u128::from(share.ppb()) * WHOLE;
        let below = row.below.map_or(Falls::Surely, |below| match ppb(below) {
            at if held.high < at => Falls::Surely,
            at if held.low < at => Falls::Perhaps,
            _ => Falls::No,
        });
        let from = row.from_share.map_or(Falls::Surely, |from| match ppb(from) {
            at if held.low >= at => Falls::Surely,
            at if held.high >= at => Falls::Perhaps,
            _ => Falls::No,
        });
        carries.min(below).min(from)
    }
}

/// Returns the mass of a declaration: as declared, else that of its lots.
fn declared_mass(contents: &Contents<'_>, said: &DeclareBorder) -> Interval {
    match said.mass {
        Maybe::Shown(Some(mass)) => Interval::exact(mass),
        _ => said.lots.iter().map(|lot| contents.mass(lot)).sum(),
    }
}

/// Returns the lot that became this one by handovers.
pub(super) fn first(graph: &Graph, lot: LotRef) -> LotRef {
    let mut at = lot;
    // A ring of handovers, which only a correction can make, would not end.
    for _ in 0..=graph.records().len() {
        let record = graph.creator(&at).filter(|record| record.event.body.is_pairwise());
        let input = record.and_then(|record| graph::inputs(record).get(at.index as usize));
        match input {
            Some(input) => at = input.lot,
            None => break,
        }
    }
    at
}

/// Returns the country that a lot received came from, where that is told.
fn came_from(graph: &Graph, lot: &LotRef) -> Option<Country> {
    let record = graph.creator(lot)?;
    match &record.event.body {
        Body::Intake(one) => Some(one.supplier.shown()?.place?.country),
        _ => {
            let sent = graph.creator(&graph::inputs(record).get(lot.index as usize)?.lot)?;
            let facility = sent.event.body.at()?.facility.shown()?;
            Some(graph.facility(facility)?.1.place.country)
        }
    }
}
