//! Through which processes each lot has gone, as far as records tell: one pass over all of them, sources first.

use std::collections::{BTreeSet, HashMap};

use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::record::Record;
use crate::model::stage::{Process, Step};

/// What the lots of a record have gone through, whichever way they came.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Way {
    /// Processes, those of the record included.
    pub passed: BTreeSet<Process>,
    /// Whether it was coated, or had a coating added, since it was sintered if it was.
    pub is_coated: bool,
    /// Whether it may have been coated where the way is not told.
    pub may_be_coated: bool,
    /// Whether part of the way is not told: papers, old stock, what is withheld or not held, a circuit.
    pub is_open: bool,
}

/// The ways of the lots of every record.
#[derive(Debug, Default)]
pub struct Ways {
    of: HashMap<RecordId, usize>,
    // There are few, however many lots went them.
    all: Vec<Way>,
    unknown: Way,
}

impl Ways {
    /// Returns the ways of a graph.
    pub fn new(graph: &Graph) -> Self {
        let unknown = Way { is_open: true, may_be_coated: true, ..Way::default() };
        let mut ways = Self { unknown, ..Self::default() };
        let mut numbers: HashMap<Way, usize> = HashMap::new();
        for record in graph.records().iter().filter(|record| !record.event.body.outputs().is_empty()) {
            let mut is_open = graph::withheld_inputs(record).is_some();
            let mut sources: Vec<usize> = Vec::new();
            for input in graph::inputs(record) {
                match ways.of.get(&input.lot.record) {
                    Some(at) => sources.push(*at),
                    None => is_open = true,
                }
            }
            sources.sort_unstable();
            sources.dedup();
            let mut way = own(record);
            way.is_open |= is_open;
            // What is sintered here was no magnet before.
            let is_new = way.passed.contains(&Process::Sinter);
            way.may_be_coated |= is_open && !is_new;
            for source in sources.iter().map(|at| &ways.all[*at]) {
                way.passed.extend(&source.passed);
                way.is_open |= source.is_open;
                way.is_coated |= source.is_coated && !is_new;
                way.may_be_coated |= source.may_be_coated && !is_new;
            }
            let next = ways.all.len();
            let number = *numbers.entry(way.clone()).or_insert(next);
            if number == next {
                ways.all.push(way);
            }
            ways.of.insert(record.id, number);
        }
        ways
    }

    /// Returns the way of the lots of a record; one that is not held may have gone through anything.
    pub fn of(&self, record: &RecordId) -> &Way {
        self.of.get(record).map_or(&self.unknown, |at| &self.all[*at])
    }
}

fn own(record: &Record) -> Way {
    let mut way = Way::default();
    let mut touched: Vec<Step> = Vec::new();
    match &record.event.body {
        Body::Transform(one) => {
            touched.extend(&one.steps);
            let added = one.additions.shown().unwrap_or_default();
            way.is_coated = added.iter().any(|one| one.material.form() == "coating");
        }
        Body::Assemble(one) => touched.extend(&one.steps),
        Body::Disassemble(one) => touched.extend(&one.steps),
        Body::Extract(one) => touched.extend(&one.steps),
        Body::Draw(one) => {
            touched.extend(&one.steps);
            way.is_open = true;
        }
        Body::OpeningStock(one) => {
            touched.extend(one.touches.iter().map(|touch| touch.step));
            way.is_open = true;
        }
        Body::Intake(one) => {
            touched.extend(one.touches.iter().map(|touch| touch.step));
            way.is_open = true;
        }
        Body::Collect(_) => way.is_open = true,
        _ => {}
    }
    way.may_be_coated = way.is_open;
    way.is_coated |= touched.iter().any(|step| step.process == Process::Coat);
    way.passed = touched.into_iter().map(|step| step.process).collect();
    way
}
