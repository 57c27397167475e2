//! Declarations at borders: what two sides told their customs of the same goods, and what the goods say themselves.
//!
//! The same goods are lots that became each other by handovers of the whole. All declarations about them are held
//! against the first. Spec: docs/custody.md, "Borders"; rules COC-01, COC-05, INT-05.

mod declared;
mod goods;
mod route;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::dealings::BorderSide;
use crate::model::event::{Body, DeclareBorder, Stop};
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::place::Country;
use crate::model::record::Record;

/// Returns what is declared at borders otherwise than elsewhere.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let borders = Borders::new(graph);
    let mut findings = declared::findings(graph, &borders);
    for one in &borders.all {
        findings.extend(goods::findings(graph, &borders, one));
        findings.extend(route::findings(graph, one));
    }
    findings
}

/// A declaration, with the goods it is about.
struct Declared<'g> {
    record: &'g Record,
    said: &'g DeclareBorder,
    /// The first lots that the declared ones were handed over as, whole.
    goods: BTreeSet<LotRef>,
}

/// Every declaration that is held and was not withdrawn.
pub struct Borders<'g> {
    all: Vec<Declared<'g>>,
    by_goods: BTreeMap<LotRef, Vec<usize>>,
    assays: HashMap<LotRef, Vec<&'g Record>>,
}

impl<'g> Borders<'g> {
    /// Gathers them.
    pub fn new(graph: &'g Graph) -> Self {
        let mut borders = Self { all: Vec::new(), by_goods: BTreeMap::new(), assays: HashMap::new() };
        for record in graph.records() {
            let said = match &record.event.body {
                Body::DeclareBorder(said) if graph.withdrawn(&record.id).is_none() => said,
                Body::Assay(assay) if graph.withdrawn(&record.id).is_none() => {
                    borders.assays.entry(assay.lot).or_default().push(record);
                    continue;
                }
                _ => continue,
            };
            let goods: BTreeSet<LotRef> = said.lots.iter().map(|lot| first_whole(graph, *lot)).collect();
            for lot in &goods {
                borders.by_goods.entry(*lot).or_default().push(borders.all.len());
            }
            borders.all.push(Declared { record, said, goods });
        }
        borders
    }

    /// Returns the assays of a lot.
    fn assays_of(&self, lot: &LotRef) -> impl Iterator<Item = &'g Record> {
        self.assays.get(lot).into_iter().flatten().copied()
    }

    /// Whether anything is declared of the goods that some lots are.
    pub fn is_about_any(&self, graph: &Graph, lots: &[LotRef]) -> bool {
        !self.all.is_empty() && lots.iter().any(|lot| self.by_goods.contains_key(&first_whole(graph, *lot)))
    }

    /// Returns the declarations of goods that some lots are and that were received, to which nothing is declared on the
    /// other side of that border.
    pub fn one_sided(&self, graph: &Graph, lots: &[LotRef]) -> Vec<&'g Record> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let is_received = |lot: &&LotRef| {
            graph.creator(lot).is_some_and(|record| matches!(record.event.body, Body::Receive(_)))
        };
        let received: BTreeSet<LotRef> =
            lots.iter().filter(is_received).map(|lot| first_whole(graph, *lot)).collect();
        let has_other = |one: &Declared<'_>, goods: &LotRef| {
            let other = match one.said.side {
                BorderSide::Export => BorderSide::Import,
                BorderSide::Import => BorderSide::Export,
                BorderSide::Transit => return true,
            };
            self.by_goods[goods].iter().any(|at| self.all[*at].said.side == other)
        };
        let is_open = |one: &&Declared<'_>| {
            one.goods.iter().any(|goods| received.contains(goods) && !has_other(one, goods))
        };
        self.all.iter().filter(is_open).map(|one| one.record).collect()
    }

    /// Returns the countries that are declared as the origin of the goods that a lot is, each with the records that say so.
    pub fn origins(&self, graph: &Graph, lot: &LotRef) -> BTreeMap<Country, Vec<RecordId>> {
        let about = self.by_goods.get(&first_whole(graph, *lot)).into_iter().flatten();
        let mut origins: BTreeMap<Country, Vec<RecordId>> = BTreeMap::new();
        for one in about.map(|at| &self.all[*at]) {
            origins.entry(one.said.origin).or_default().push(one.record.id);
        }
        origins
    }

    /// Returns the stops declared of the goods that a lot is.
    pub fn stops(&self, graph: &Graph, lot: &LotRef) -> impl Iterator<Item = &'g Stop> {
        let about = self.by_goods.get(&first_whole(graph, *lot)).into_iter().flatten();
        about.flat_map(|at| self.all[*at].said.stops.shown().into_iter().flatten())
    }
}

/// Returns the lot that became this one by handovers, as far back as each took the whole of the one before.
fn first_whole(graph: &Graph, mut lot: LotRef) -> LotRef {
    while let Some(before) = taken_whole(graph, &lot) {
        lot = before;
    }
    lot
}

/// Returns the lot that a lot of a handover was made of, if it is all of it.
fn taken_whole(graph: &Graph, lot: &LotRef) -> Option<LotRef> {
    let record = graph.creator(lot).filter(|record| record.event.body.is_pairwise())?;
    let input = graph::inputs(record).get(lot.index as usize)?;
    let whole = graph.lot(&input.lot)?.mass()?;
    (input.from == Mass::ZERO && input.mass == whole).then_some(input.lot)
}

/// Returns the dispatch that sends a lot on its way: the one that it is in transit by, came by, or left by whole.
fn dispatch_of<'g>(graph: &'g Graph, lot: &LotRef) -> Option<&'g Record> {
    let sends = |record: &&Record| matches!(record.event.body, Body::Dispatch(_));
    let creator = graph.creator(lot)?;
    if sends(&creator) {
        return Some(creator);
    }
    if let Body::Receive(_) = &creator.event.body {
        let input = graph::inputs(creator).get(lot.index as usize)?;
        return graph.creator(&input.lot).filter(sends);
    }
    let [one] = graph.uses(lot) else { return None };
    let whole = graph.lot(lot)?.mass()?;
    graph.record(&one.record).filter(sends).filter(|_| one.from == Mass::ZERO && one.mass == whole)
}
