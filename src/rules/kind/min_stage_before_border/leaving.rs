//! How lots behind the one asked for left countries: from where, on which days, and what tells.
//!
//! A lot leaves a country where something is done with it in another. Without a customs declaration the day lies
//! anywhere between the first day on which it could have set out and the last on which it was at the other place.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::ways::{Declarations, moved, on_papers, setting_out};
use super::window::Window;
use crate::custody::graph::{self, Graph};
use crate::custody::{names, withdrawal};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, DeclaredTouch};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::place::Country;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::rules::facts::Facts;

/// Where something is, as far as this reader is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Where {
    /// At a facility in a country.
    At(Country, RecordId),
    /// Its author withholds the facility.
    Withheld(PartyId),
    /// The declaration of this facility is not held.
    NotHeld(RecordId),
    /// The record is of no place.
    Nowhere,
}

/// How it is known that a lot left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// It was in one country, and then in another.
    Moved,
    /// It was declared for export.
    Declared,
    /// Papers tell that it came from there.
    Papers,
    /// It was to pass on its way.
    Passing,
    /// It is on its way to someone in another country.
    OnItsWay,
    /// Where it was, or where it went, is not told.
    Hidden,
}

/// One lot that left a country, or may have.
#[derive(Clone, Debug)]
pub(super) struct Leaving<'g> {
    /// The lot, as it was when it left.
    pub(super) lot: LotRef,
    /// The country; none where it is not told.
    pub(super) from: Option<Country>,
    /// Where it went, where that is told.
    pub(super) to: Option<Country>,
    pub(super) days: Window,
    pub(super) how: How,
    /// What keeps a place from being known, for [`How::Hidden`].
    pub(super) hidden: Option<Where>,
    /// Facility that it left, and the party that sent it.
    pub(super) facility: Option<RecordId>,
    pub(super) sender: PartyId,
    /// The same goods: as sent, in transit, and as received.
    pub(super) goods: Vec<LotRef>,
    /// Records that show it.
    pub(super) records: Vec<&'g Record>,
    /// Steps on papers, where those tell.
    pub(super) touches: Vec<&'g DeclaredTouch>,
}

/// Everything that left a country behind a lot, by the record that took it in elsewhere and the lot that it took.
pub(super) struct Leavings<'g> {
    pub(super) all: Vec<Leaving<'g>>,
    by_use: HashMap<(RecordId, LotRef), Vec<usize>>,
    by_entry: HashMap<LotRef, Vec<usize>>,
    /// What becomes of the lot asked for itself.
    pub(super) last: Vec<usize>,
}

impl<'g> Leavings<'g> {
    /// Returns none.
    pub(super) fn none() -> Self {
        Self { all: Vec::new(), by_use: HashMap::new(), by_entry: HashMap::new(), last: Vec::new() }
    }

    /// Gathers them. Linear in what is behind the lot and in the declarations that are held.
    pub(super) fn of(facts: &Facts<'g>) -> Self {
        let graph = facts.graph;
        let mut found = Self::none();
        let behind = facts.ancestry();
        let lots: HashSet<LotRef> = behind.lots.iter().copied().collect();
        let declarations = Declarations::of(graph);
        for record in behind.records.iter().filter_map(|id| graph.record(id)) {
            let here = place_of(graph, record);
            for at in used(graph, record, &lots) {
                let input = graph::inputs(record)[at].lot;
                let Some(creator) = graph.creator(&input) else { continue };
                let goods = goods(graph, record, at, creator, input);
                for one in moved(graph, &declarations, (creator, input), (record, here), &goods) {
                    found.by_use.entry((record.id, input)).or_default().push(found.all.len());
                    found.all.push(one);
                }
            }
            for (lot, _) in graph::outputs(record).filter(|(lot, _)| lots.contains(lot)) {
                for one in on_papers(record, lot, here) {
                    found.by_entry.entry(lot).or_default().push(found.all.len());
                    found.all.push(one);
                }
            }
        }
        for one in setting_out(graph, &declarations, facts.lot) {
            found.last.push(found.all.len());
            found.all.push(one);
        }
        found
    }

    /// Returns what left between the making of a lot and its use.
    pub(super) fn before_use(&self, record: RecordId, lot: LotRef) -> &[usize] {
        self.by_use.get(&(record, lot)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns what left before a lot was taken in on papers.
    pub(super) fn before_entry(&self, lot: &LotRef) -> &[usize] {
        self.by_entry.get(lot).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Returns where a record was made out; lots that are given back are where they set out from.
pub(super) fn place_of(graph: &Graph, record: &Record) -> Where {
    let Some(at) = record.event.body.at() else {
        let first = graph::inputs(record).first().and_then(|input| graph.creator(&input.lot));
        let back = first.filter(|creator| creator.event.body.at().is_some());
        return back.map_or(Where::Nowhere, |creator| place_of(graph, creator));
    };
    match &at.facility {
        Maybe::Withheld => Where::Withheld(record.author),
        Maybe::Shown(id) => match graph.facility(id) {
            Some((_, facility)) => Where::At(facility.place.country, *id),
            None => Where::NotHeld(*id),
        },
    }
}

/// Returns the inputs that went into lots behind the one asked for; of a charge all.
fn used(graph: &Graph, record: &Record, lots: &HashSet<LotRef>) -> BTreeSet<usize> {
    if let Body::Charge(_) = record.event.body {
        return match withdrawal::frees_stretches(graph, record) {
            true => BTreeSet::new(),
            false => (0..graph::inputs(record).len()).collect(),
        };
    }
    let outputs = graph::outputs(record).filter(|(lot, _)| lots.contains(lot));
    outputs.flat_map(|(lot, _)| graph.inputs_of(&lot).collect::<Vec<usize>>()).collect()
}

/// Returns the lots that an input was before it was on its way and is after.
pub(super) fn goods(
    graph: &Graph,
    record: &Record,
    at: usize,
    creator: &Record,
    input: LotRef,
) -> Vec<LotRef> {
    let mut goods = vec![input];
    if creator.event.body.is_pairwise() {
        goods.extend(graph::inputs(creator).get(input.index as usize).map(|before| before.lot));
    }
    if record.event.body.is_pairwise() {
        goods.extend(graph::output(record, at));
    }
    goods.retain(|lot| graph.lot(lot).is_some());
    goods
}

impl Leaving<'_> {
    /// Whether steps on papers were done elsewhere after the last one done in the country it left.
    pub(super) fn changed_after(&self) -> bool {
        let stages = |is_there: bool| {
            let touches = self.touches.iter();
            let there = touches.filter(move |touch| (Some(touch.place.country) == self.from) == is_there);
            there.map(|touch| touch.step.stage)
        };
        let last = stages(true).max();
        stages(false).any(|stage| stage >= Stage::R10 || Some(stage) >= last)
    }

    /// Returns "`CONC-1` (`concentrate.spodumene`) left ZW for CN between ...".
    pub(super) fn say(&self, graph: &Graph) -> String {
        let material = graph.lot(&self.lot).map(|lot| format!(" (`{}`)", lot.material)).unwrap_or_default();
        let from = self.from.map_or_else(|| "a country that is not told".to_owned(), |from| from.to_string());
        let to = self.to.map(|to| format!(" for {to}")).unwrap_or_default();
        let verb = match self.how {
            How::Moved | How::Declared => "left",
            How::Papers => "left, by its papers,",
            How::Passing => "was to pass through",
            How::OnItsWay => "is on its way out of",
            How::Hidden => "may have left",
        };
        format!("{}{material} {verb} {from}{to} {}", names::lot(graph, &self.lot), self.days)
    }

    /// Returns the ids of the records that show it, each once.
    pub(super) fn record_ids(&self) -> Vec<RecordId> {
        let mut ids: Vec<RecordId> = self.records.iter().map(|record| record.id).collect();
        ids.dedup();
        ids
    }
}
