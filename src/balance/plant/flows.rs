//! What crosses the bounds of each facility, and which lots stand in it: one pass over all records.
//!
//! A lot is where the record that made it happened; one in transit is nowhere. What is used elsewhere than it was has
//! moved without a record, and counts as gone from there and come here. Strangers cannot put anything into a plant or
//! take anything out: only its operator and the guests it hosts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Flow, Plant, Stand, What};
use crate::balance::account::additions;
use crate::balance::content::Contents;
use crate::custody::accounts::state;
use crate::custody::graph::{self, Graph};
use crate::custody::place::{self, Standing};
use crate::custody::withdrawal;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::lot::{Loss, Lot};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;

/// Returns every facility at which something held happened, by the record that declares it.
pub fn plants<'g>(contents: &Contents<'g>) -> BTreeMap<RecordId, Plant<'g>> {
    let graph = contents.graph();
    let gathering = Gathering::new(graph);
    let mut plants: BTreeMap<RecordId, Plant<'g>> = BTreeMap::new();
    for (position, record) in graph.records().iter().enumerate() {
        if !gathering.gone[position] {
            gathering.add(&mut plants, position, record);
        }
    }
    for account in graph.accounts().list() {
        if let Some(plant) = plants.get_mut(&account.facility) {
            plant.circuits.push(account);
        }
    }
    for plant in plants.values_mut() {
        plant.flows.sort_by_key(|flow| (flow.day, graph.position(&flow.record.id)));
        plant.elements = elements(contents, plant);
    }
    plants
}

fn elements(contents: &Contents<'_>, plant: &Plant<'_>) -> BTreeSet<crate::model::element::Element> {
    let mut lots: BTreeSet<LotRef> = BTreeSet::new();
    for flow in &plant.flows {
        match flow.what {
            What::Lot(lot) => _ = lots.insert(lot),
            What::Brought(input) | What::Out(input) => _ = lots.insert(input.lot),
            _ => {}
        }
    }
    lots.iter().flat_map(|lot| contents.determined_itself(lot)).collect()
}

struct Gathering<'g> {
    graph: &'g Graph,
    /// Where each record happened, as far as its author may say so.
    places: Vec<Option<RecordId>>,
    /// Records that were taken back and on which nothing of others rests.
    gone: Vec<bool>,
}

impl<'g> Gathering<'g> {
    fn new(graph: &'g Graph) -> Self {
        let place = |record: &Record| {
            let at = record.event.body.at()?;
            let is_there = matches!(
                place::standing(graph, record, at),
                Standing::Own | Standing::Hosted(_) | Standing::DeclaredForOther
            );
            at.facility.shown().copied().filter(|_| is_there)
        };
        let gone = |record: &Record| {
            graph.withdrawn(&record.id).is_some() && withdrawal::frees_stretches(graph, record)
        };
        Self {
            graph,
            places: graph.records().iter().map(place).collect(),
            gone: graph.records().iter().map(gone).collect(),
        }
    }

    /// Returns where a lot stands; none on its way, at a place that is not shown, or where it is not held.
    fn place_of(&self, lot: &LotRef) -> Option<RecordId> {
        let position = self.graph.position(&lot.record)?;
        let is_there = !self.graph.in_transit(lot) && self.graph.lot(lot).is_some();
        self.places[position].filter(|_| is_there && !self.gone[position])
    }

    fn add(&self, plants: &mut BTreeMap<RecordId, Plant<'g>>, position: usize, record: &'g Record) {
        let body = &record.event.body;
        let here = self.places[position];
        let day = state::period(record).map(|period| period.last);
        let leaves = matches!(body, Body::Dispatch(_) | Body::Dispose(_));
        let works = matches!(
            body,
            Body::Transform(_)
                | Body::Repack(_)
                | Body::Assemble(_)
                | Body::Disassemble(_)
                | Body::Charge(_)
                | Body::Draw(_)
        );
        let flow = |what| Flow { day, record, what, is_perhaps: false };
        for input in graph::inputs(record) {
            let from = self.place_of(&input.lot);
            if let Some(from) = from.filter(|from| leaves || (works && here != Some(*from))) {
                let is_perhaps = !leaves && here.is_none();
                at(plants, from).flows.push(Flow { is_perhaps, ..flow(What::Out(*input)) });
            }
            if let Some(here) = here.filter(|here| works && from != Some(*here)) {
                at(plants, here).flows.push(flow(What::Brought(*input)));
            }
        }
        let Some(here) = here else { return };
        let enters = matches!(
            body,
            Body::Extract(_) | Body::Collect(_) | Body::Intake(_) | Body::OpeningStock(_) | Body::Receive(_)
        );
        if !(enters || leaves || works || state::close_of(record).is_some()) {
            return;
        }
        let plant = at(plants, here);
        plant.is_worked |= works;
        if graph::withheld_inputs(record).is_some() && (leaves || works) {
            plant.hides_inputs = true;
            plant.flows.push(flow(if leaves { What::HiddenOut } else { What::HiddenInputs }));
        }
        if !matches!(additions(record), MaybeList::Shown(list) if list.is_empty()) {
            plant.flows.push(flow(What::Additions));
        }
        match losses(body) {
            Some(MaybeList::Withheld(count)) if *count > 0 => plant.flows.push(flow(What::HiddenLosses)),
            Some(MaybeList::Shown(losses)) => {
                plant.flows.extend(losses.iter().zip(1000..).map(|(loss, at)| flow(What::Lost(loss, at))));
            }
            _ => {}
        }
        for (lot, value) in graph::outputs(record) {
            if enters {
                plant.flows.push(flow(What::Lot(lot)));
            }
            if enters || works {
                plant.stands.push(self.stand(lot, value, day));
            }
        }
    }

    fn stand(&self, lot: LotRef, value: &Lot, made: Option<Day>) -> Stand {
        let uses = self.graph.uses(&lot).iter();
        let uses = uses.filter_map(|one| {
            let position = self.graph.position(&one.record)?;
            let day = state::period(&self.graph.records()[position]).map(|period| period.last);
            (!self.gone[position]).then_some((day, one.mass))
        });
        Stand { lot, mass: value.mass(), made, uses: uses.collect() }
    }
}

fn at<'p, 'g>(plants: &'p mut BTreeMap<RecordId, Plant<'g>>, facility: RecordId) -> &'p mut Plant<'g> {
    plants.entry(facility).or_insert_with(|| Plant {
        facility,
        flows: Vec::new(),
        stands: Vec::new(),
        circuits: Vec::new(),
        elements: BTreeSet::new(),
        is_worked: false,
        hides_inputs: false,
    })
}

fn losses(body: &Body) -> Option<&MaybeList<Loss>> {
    match body {
        Body::Transform(transform) => Some(&transform.losses),
        Body::Repack(repack) => Some(&repack.losses),
        Body::Disassemble(disassemble) => Some(&disassemble.losses),
        Body::ClosePeriod(close) => Some(&close.losses),
        _ => None,
    }
}
