//! Which inputs of a record went into which of its outputs, as far as the record says.
//!
//! Of a handover output N is input N. An assembly lists its parts, a disassembly what it recovered; of any other
//! record every output may be of every input. Spec: docs/custody.md, "Things made of things".

use std::collections::HashMap;
use std::ops::Range;

use crate::custody::graph::{self, Graph};
use crate::custody::recycled;
use crate::model::event::{Body, Part, Recovered};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// First part of the code of a thing that is built of parts.
const COMPONENT: &str = "component";

/// What assemblies and disassemblies say of their parts, by the position of their record.
#[derive(Clone, Debug, Default)]
pub(in crate::custody) struct PartTables {
    assembled: HashMap<usize, PartTable>,
    recovered: HashMap<usize, Vec<Recovered>>,
    /// The lots that each part is said to have come out as.
    came_out: HashMap<LotRef, Vec<LotRef>>,
    /// For each lot by its number, whether it is built of parts that keep their identity.
    holds_parts: Vec<bool>,
    /// Whether any does: most ledgers know no assembly, and nothing is looked up for them.
    any_holds_parts: bool,
}

/// Which input went into which output of one assembly.
#[derive(Clone, Debug, Default)]
struct PartTable {
    /// (output, input), ascending, each once.
    by_output: Vec<(u32, u32)>,
    /// (input, output), ascending, each once.
    by_input: Vec<(u32, u32)>,
    /// (output, index in the list of parts), ascending.
    entries: Vec<(u32, u32)>,
}

impl PartTable {
    fn new(parts: &[Part]) -> Self {
        let mut by_output: Vec<(u32, u32)> = parts.iter().map(|part| (part.output, part.input)).collect();
        let mut by_input: Vec<(u32, u32)> = parts.iter().map(|part| (part.input, part.output)).collect();
        for pairs in [&mut by_output, &mut by_input] {
            pairs.sort_unstable();
            pairs.dedup();
        }
        let mut entries: Vec<(u32, u32)> = parts.iter().map(|part| part.output).zip(0u32..).collect();
        entries.sort_unstable();
        Self { by_output, by_input, entries }
    }
}

fn beginning_with(pairs: &[(u32, u32)], first: u32) -> &[(u32, u32)] {
    let from = pairs.partition_point(|pair| pair.0 < first);
    let to = from + pairs[from..].partition_point(|pair| pair.0 == first);
    &pairs[from..to]
}

/// Indices of inputs or outputs of one record, ascending.
pub enum Indices<'g> {
    /// All of these.
    Range(Range<usize>),
    /// Those that a list of parts names.
    Listed(std::slice::Iter<'g, (u32, u32)>),
}

impl Iterator for Indices<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Range(range) => range.next(),
            Self::Listed(pairs) => pairs.next().map(|pair| pair.1 as usize),
        }
    }
}

/// Returns index `at` alone, if there are so many.
fn only(at: usize, count: usize) -> Indices<'static> {
    Indices::Range(if at < count { at..at + 1 } else { 0..0 })
}

impl PartTables {
    /// Notes what a record says of its parts.
    pub(in crate::custody) fn note(&mut self, position: usize, record: &Record) {
        match &record.event.body {
            Body::Assemble(assemble) => {
                if let MaybeList::Shown(parts) = &assemble.parts {
                    self.assembled.insert(position, PartTable::new(parts));
                }
            }
            Body::Disassemble(disassemble) => {
                let mut recovered = disassemble.recovered.shown().unwrap_or_default().to_vec();
                recovered.sort_unstable_by_key(|one| (one.output, one.part));
                recovered.dedup();
                for one in &recovered {
                    let lot = LotRef { record: record.id, index: one.output };
                    self.came_out.entry(one.part).or_default().push(lot);
                }
                self.recovered.insert(position, recovered);
            }
            _ => {}
        }
    }

    /// Notes, record by record and sources first, whether the lots of a record are built of parts.
    ///
    /// `holds` says so of lots noted before.
    pub(in crate::custody) fn note_lots(
        &mut self,
        position: usize,
        record: &Record,
        holds: impl Fn(&Self, &LotRef) -> bool,
    ) {
        let body = &record.event.body;
        let inputs = graph::inputs(record);
        let holds = |tables: &Self, lot: &LotRef| tables.any_holds_parts && holds(tables, lot);
        // Read once for all outputs: a record may have thousands of both.
        let any = match body {
            Body::Repack(_) | Body::Disassemble(_) => inputs.iter().any(|input| holds(self, &input.lot)),
            _ => false,
        };
        for (at, output) in body.outputs().iter().enumerate() {
            let is_built = match body {
                Body::Assemble(_) => true,
                body if body.is_pairwise() => inputs.get(at).is_some_and(|input| holds(self, &input.lot)),
                // What only changes its parcels stays what it is.
                Body::Repack(_) => any || is_component(output),
                // A motor that is magnetised or painted still has its parts; one that is shredded has none.
                Body::Transform(_) => is_component(output),
                Body::Disassemble(_) => match self.recovered_as(position, at) {
                    [] => any && is_component(output),
                    recovered => recovered.iter().any(|one| holds(self, &one.part)),
                },
                _ => false,
            };
            self.holds_parts.push(is_built);
            self.any_holds_parts |= is_built;
        }
    }

    fn recovered_as(&self, position: usize, output: usize) -> &[Recovered] {
        let Some(recovered) = self.recovered.get(&position) else { return &[] };
        let output = output as u64;
        let from = recovered.partition_point(|one| u64::from(one.output) < output);
        let to = from + recovered[from..].partition_point(|one| u64::from(one.output) == output);
        &recovered[from..to]
    }

    /// Whether the lot with this number is built of parts.
    pub(in crate::custody) fn holds_parts(&self, number: usize) -> bool {
        self.holds_parts.get(number).copied().unwrap_or(false)
    }
}

/// Whether the code of a lot says that it is a thing built of parts.
fn is_component(lot: &Lot) -> bool {
    lot.material.form() == COMPONENT
}

impl Graph {
    /// Whether each output of a record has a past of its own, apart from those beside it.
    pub(in crate::custody) fn counts_apart(&self, position: usize, output: u32) -> bool {
        let body = &self.records()[position].event.body;
        if self.is_attested(position, output) {
            return true;
        }
        match body {
            Body::Intake(_) | Body::OpeningStock(_) => true,
            Body::Assemble(_) => self.parts.assembled.contains_key(&position),
            Body::Disassemble(_) => !self.parts.recovered_as(position, output as usize).is_empty(),
            Body::Transform(transform) => {
                transform.outputs.get(output as usize).is_some_and(|lot| recycled::is_reclaimed(body, lot))
            }
            body => body.is_pairwise(),
        }
    }

    /// Returns the inputs that an output was made of; of a part recovered none, see [`Graph::recovered`].
    pub fn inputs_of(&self, lot: &LotRef) -> Indices<'_> {
        self.position(&lot.record).map_or(Indices::Range(0..0), |at| self.inputs_at(at, lot.index))
    }

    pub(in crate::custody) fn inputs_at(&self, position: usize, output: u32) -> Indices<'_> {
        let record = &self.records()[position];
        let inputs = graph::inputs(record).len();
        match &record.event.body {
            body if body.is_pairwise() => only(output as usize, inputs),
            Body::Assemble(_) => match self.parts.assembled.get(&position) {
                None => Indices::Range(0..inputs),
                // Where the inputs are withheld, their numbers alone say nothing.
                Some(_) if inputs == 0 => Indices::Range(0..0),
                Some(table) => Indices::Listed(beginning_with(&table.by_output, output).iter()),
            },
            Body::Disassemble(_) if self.counts_apart(position, output) => Indices::Range(0..0),
            _ => Indices::Range(0..inputs),
        }
    }

    /// Whether a record says which of its outputs each input went into.
    pub(in crate::custody) fn tells_inputs_apart(&self, record: &Record) -> bool {
        let listed = || self.position(&record.id).is_some_and(|at| self.parts.assembled.contains_key(&at));
        record.event.body.is_pairwise() || listed()
    }

    /// Returns the outputs that an input of a record went into, as far as the record says.
    pub fn outputs_of(&self, record: &Record, input: usize) -> Indices<'_> {
        let outputs = record.event.body.outputs().len();
        let position = self.position(&record.id);
        match &record.event.body {
            body if body.is_pairwise() => only(input, outputs),
            Body::Assemble(_) => match position.and_then(|at| self.parts.assembled.get(&at)) {
                None => Indices::Range(0..outputs),
                Some(table) => {
                    let input = u32::try_from(input).unwrap_or(u32::MAX);
                    Indices::Listed(beginning_with(&table.by_input, input).iter())
                }
            },
            _ => Indices::Range(0..outputs),
        }
    }

    /// Returns the entries of a list of parts that name an assembly; `None` where no list is shown.
    pub fn parts_into(&self, lot: &LotRef) -> Option<impl Iterator<Item = &Part>> {
        let position = self.position(&lot.record)?;
        let table = self.parts.assembled.get(&position)?;
        let Body::Assemble(assemble) = &self.records()[position].event.body else { return None };
        let parts = assemble.parts.shown()?;
        Some(beginning_with(&table.entries, lot.index).iter().map(|(_, at)| &parts[*at as usize]))
    }

    /// Returns which parts an output of a disassembly is said to be; none for any other lot.
    pub fn recovered(&self, lot: &LotRef) -> &[Recovered] {
        self.position(&lot.record)
            .map(|at| self.parts.recovered_as(at, lot.index as usize))
            .unwrap_or_default()
    }

    /// Returns the lots that a part is said to have come out of things as.
    pub(in crate::custody) fn came_out_as(&self, part: &LotRef) -> &[LotRef] {
        self.parts.came_out.get(part).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a lot is built of parts that keep their identity: it was assembled, or is a component.
    pub fn holds_parts(&self, lot: &LotRef) -> bool {
        let number = self.position(&lot.record).and_then(|at| self.number_at(at, lot.index));
        number.is_some_and(|number| self.parts.holds_parts(number))
    }
}
