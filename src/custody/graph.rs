//! The custody graph: records joined by the lots they create and consume.
//!
//! It holds whatever was opened, also records that contradict each other; the checks beside it say so.
//! A lot is output *n* of record *r*, so an edge is an input of a later record. Spec: docs/custody.md.

mod join;

use std::collections::{BTreeMap, HashMap};

use super::accounts::{Accounts, Order, Ring};
use super::amend::left;
use super::amend::rings;
use super::amend::statements::{Amended, Misfit, Statements};
use super::attested::Attested;
use crate::custody::assembly::parts::PartTables;
use crate::hash::quick::QuickMap;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Receiver};
use crate::model::facility::DeclareFacility;
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::Establish;
use crate::model::record::Record;
use crate::model::time::Timestamp;

/// One consumption of a stretch of a lot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// The record that consumes.
    pub record: RecordId,
    /// Index of the input in that record.
    pub input: usize,
    /// Where the stretch begins, on the scale of the lot's creator.
    pub from: Mass,
    /// How long it is.
    pub mass: Mass,
    /// Whether nothing of the lot is left after it.
    pub empties: bool,
}

/// Who may consume a lot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consumer {
    /// Its author or, in transit, the named receiver.
    Party(PartyId),
    /// Nobody in the ledger: it left for someone outside, or for a receiver to be named later.
    Nobody,
    /// The receiver is withheld from this reader.
    Withheld,
    /// The record that created it is not held, or has no such output.
    Unknown,
}

/// The records that are held, joined by lots.
///
/// Records stand in one order whatever order they came in: sources first, else by party, epoch and seq.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    records: Vec<Record>,
    positions: QuickMap<RecordId, usize>,
    /// For each record where its inputs begin in `creators`.
    first_input: Vec<usize>,
    /// For each input the position of the record that created its lot, where that is held.
    creators: Vec<Option<usize>>,
    /// For each record the number of outputs before it: with the index of an output, the lot's number.
    first_output: Vec<usize>,
    /// For each lot by its number where its uses begin in `uses`; one more at the end.
    first_use: Vec<usize>,
    uses: Vec<Use>,
    /// Uses of lots that are not held.
    dangling: HashMap<LotRef, Vec<Use>>,
    parties: HashMap<PartyId, usize>,
    withdrawals: HashMap<RecordId, usize>,
    /// For each `host` record those that end it, by whomever.
    ends: HashMap<RecordId, Vec<usize>>,
    /// For each lot the records that assign it, by whomever.
    assigned: HashMap<LotRef, Vec<usize>>,
    labels: HashMap<String, Vec<LotRef>>,
    /// For each unlabelled lot of a handover the nearest labelled lot it was made of.
    labelled_as: HashMap<LotRef, LotRef>,
    /// What assemblies and disassemblies say of their parts.
    pub(super) parts: PartTables,
    accounts: Accounts,
    /// Assays, and measures that state a composition, by the lot they are about and what that was handed over as.
    results: HashMap<LotRef, Vec<usize>>,
    /// Lots about which there are results, by what they were before handovers.
    analysed_later: HashMap<LotRef, Vec<LotRef>>,
    /// Positions of records that tie parties to each other.
    appointments: Vec<usize>,
    seen: HashMap<(PartyId, u16), Vec<Seen>>,
    amended: Amended,
    /// Positions of the records that acknowledge a record.
    acknowledgements: HashMap<RecordId, Vec<usize>>,
    /// Stretches of statements that another stands in the place of.
    replaced: HashMap<LotRef, Vec<Use>>,
    /// Those of them that are not free, since other parties' records rest on them.
    kept: HashMap<LotRef, Vec<Use>>,
    rings: Vec<Vec<RecordId>>,
    /// The last header held of each party's chain, where it is not that of a record held.
    chain_ends: BTreeMap<PartyId, ChainEnd>,
    /// What is attested of lots whose way records leave open.
    pub(super) attested: BTreeMap<LotRef, Attested>,
}

/// The last that is known of a chain: a signed header whose record is not held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainEnd {
    /// Which epoch.
    pub epoch: u16,
    /// Position.
    pub seq: u64,
    /// The latest control record: itself, or the one that it names.
    pub control: RecordId,
    /// Claimed time.
    pub signed_at: Timestamp,
}

/// That a party has seen another's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Position of the record that says so.
    pub(super) by: usize,
    /// How many records the log had.
    pub(super) size: u64,
}

impl Graph {
    /// Joins `records`, in any order; the same record twice counts once.
    ///
    /// A corrected record states what its latest correction states; see [`Graph::restated`] for the others.
    pub fn build(mut records: Vec<Record>) -> Self {
        let amended = Amended::gather(&records);
        amended.restate(&mut records, &HashMap::new());
        Self::join(records, amended, &HashMap::new())
    }

    /// Returns the same records, those in `choice` with the statement of that number; 0 is the first.
    pub fn restated(&self, choice: &HashMap<RecordId, usize>) -> Self {
        let mut records = self.records.clone();
        self.amended.restate(&mut records, choice);
        let chain_ends = self.chain_ends.clone();
        let restated = Self { chain_ends, ..Self::join(records, self.amended.clone(), choice) };
        match self.attested.is_empty() {
            true => restated,
            false => restated.with_attested(self.attested.values().cloned().collect()),
        }
    }

    /// Returns the graph of the same records, whose chains go on to these ends.
    pub fn with_chain_ends(self, chain_ends: BTreeMap<PartyId, ChainEnd>) -> Self {
        Self { chain_ends, ..self }
    }

    /// Returns the last header held of each party, where it is not that of a record held.
    pub fn chain_ends(&self) -> &BTreeMap<PartyId, ChainEnd> {
        &self.chain_ends
    }

    pub(super) fn number_at(&self, position: usize, index: u32) -> Option<usize> {
        self.lot_number(&self.records[position], position, index)
    }

    /// Returns the number of output `index` of a record, if it has so many.
    fn lot_number(&self, record: &Record, position: usize, index: u32) -> Option<usize> {
        let has_it = (index as usize) < record.event.body.outputs().len();
        has_it.then(|| self.first_output[position] + index as usize)
    }

    /// Returns every record, sources first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Returns the accounts of circuits that have no lots inside.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Returns the record with this id, if it is held.
    pub fn record(&self, id: &RecordId) -> Option<&Record> {
        self.positions.get(id).map(|position| &self.records[*position])
    }

    /// Returns where a record stands in [`Graph::records`].
    pub fn position(&self, id: &RecordId) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// Returns the position of the record that created the lot of an input, if it is held.
    ///
    /// `position` is that of the consuming record, `input` the index of an input it shows.
    pub(crate) fn creator_position(&self, position: usize, input: usize) -> Option<usize> {
        self.creators[self.first_input[position] + input]
    }

    /// Returns a lot, if its record is held and has such an output.
    pub fn lot(&self, lot: &LotRef) -> Option<&Lot> {
        self.creator(lot)?.event.body.outputs().get(lot.index as usize)
    }

    /// Returns the record that a lot reference names, if it is held; it may lack such an output.
    pub fn creator(&self, lot: &LotRef) -> Option<&Record> {
        self.record(&lot.record)
    }

    /// Returns the stretches of a lot that held records consume, by where they begin.
    pub fn uses(&self, lot: &LotRef) -> &[Use] {
        let position = self.position(&lot.record);
        match position.and_then(|at| self.lot_number(&self.records[at], at, lot.index)) {
            Some(number) => &self.uses[self.first_use[number]..self.first_use[number + 1]],
            None => self.dangling.get(lot).map(Vec::as_slice).unwrap_or_default(),
        }
    }

    /// Returns every lot that some held record consumes: those held sources first, then the others.
    pub fn used_lots(&self) -> Vec<LotRef> {
        let mut lots: Vec<LotRef> = Vec::new();
        for (position, record) in self.records.iter().enumerate() {
            let numbers = self.first_output[position]..self.first_output[position + 1];
            let used = numbers
                .zip(0u32..)
                .filter(|(number, _)| self.first_use[*number] < self.first_use[number + 1]);
            lots.extend(used.map(|(_, index)| LotRef { record: record.id, index }));
        }
        let mut dangling: Vec<LotRef> = self.dangling.keys().copied().collect();
        dangling.sort_unstable();
        lots.extend(dangling);
        lots
    }

    /// Returns the declaration of a facility, if it is held.
    pub fn facility(&self, id: &RecordId) -> Option<(&Record, &DeclareFacility)> {
        let record = self.record(id)?;
        match &record.event.body {
            Body::DeclareFacility(facility) => Some((record, facility)),
            _ => None,
        }
    }

    /// Returns what a party says of itself, if the start of its chain is held.
    pub fn party(&self, id: &PartyId) -> Option<(&Record, &Establish)> {
        let record = &self.records[*self.parties.get(id)?];
        match &record.event.body {
            Body::Establish(establish) => Some((record, establish)),
            _ => None,
        }
    }

    /// Returns the record by which the author took `id` back. A withdrawal itself cannot be taken back.
    pub fn withdrawn(&self, id: &RecordId) -> Option<&Record> {
        let by = &self.records[*self.withdrawals.get(id)?];
        can_be_withdrawn(&self.record(id)?.event.body).then_some(by)
    }

    /// Returns the targets of every effective withdrawal, with the record that takes each back.
    pub fn withdrawals(&self) -> Vec<(&Record, &Record)> {
        let mut pairs: Vec<_> = self
            .withdrawals
            .iter()
            .map(|(target, by)| (&self.records[self.positions[target]], &self.records[*by]))
            .filter(|(target, _)| can_be_withdrawn(&target.event.body))
            .collect();
        pairs.sort_by_key(|(target, _)| target.id);
        pairs
    }

    /// Whether another party's record covers `record` by a checkpoint it has seen.
    pub fn seen_by_others(&self, record: &Record) -> bool {
        let seen = self.seen.get(&(record.author, record.epoch));
        seen.is_some_and(|seen| seen.iter().any(|seen| seen.size > record.seq))
    }

    /// Returns what other parties have seen of the log that `record` stands in.
    pub fn seen_of(&self, record: &Record) -> impl Iterator<Item = (&Record, u64)> {
        let seen = self.seen.get(&(record.author, record.epoch)).into_iter().flatten();
        seen.map(|seen| (&self.records[seen.by], seen.size))
    }

    /// Returns all that a corrected record has stated; none for a record that was not corrected.
    pub fn statements(&self, id: &RecordId) -> Option<&Statements> {
        self.amended.statements.get(id)
    }

    /// Returns every corrected record, sources first.
    pub fn corrected(&self) -> Vec<&Record> {
        let mut corrected: Vec<usize> =
            self.amended.statements.keys().filter_map(|id| self.position(id)).collect();
        corrected.sort_unstable();
        corrected.into_iter().map(|position| &self.records[position]).collect()
    }

    /// Returns the corrections that have no effect, with the reason.
    pub fn void_corrections(&self) -> &[(RecordId, Misfit)] {
        &self.amended.void
    }

    /// Returns the records by which other parties have taken note of `id`, sources first.
    pub fn acknowledgements(&self, id: &RecordId) -> impl Iterator<Item = &Record> {
        let author = self.record(id).map(|record| record.author);
        let by = self.acknowledgements.get(id).into_iter().flatten().map(|at| &self.records[*at]);
        by.filter(move |by| Some(by.author) != author && self.withdrawn(&by.id).is_none())
    }

    /// Returns stretches of a lot that statements named which others stand in the place of.
    pub fn replaced_uses(&self, lot: &LotRef) -> &[Use] {
        self.replaced.get(lot).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns those of them that stay used, since other parties' records rest on what came of them.
    pub fn kept_uses(&self, lot: &LotRef) -> &[Use] {
        self.kept.get(lot).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the lots of which a replaced statement keeps a stretch, ascending.
    pub fn kept_lots(&self) -> Vec<LotRef> {
        let mut lots: Vec<LotRef> = self.kept.keys().copied().collect();
        lots.sort_unstable();
        lots
    }

    /// Returns the records that are made of each other, one group for each ring, sources first.
    pub fn rings(&self) -> &[Vec<RecordId>] {
        &self.rings
    }

    /// Returns the records that tie parties to each other.
    pub fn appointments(&self) -> impl Iterator<Item = &Record> {
        self.appointments.iter().map(|position| &self.records[*position])
    }

    /// Whether any assay, or measure with a composition, is held.
    pub fn has_results(&self) -> bool {
        !self.results.is_empty()
    }

    /// Returns the assays and measures of composition about a lot, or about what it was handed over as before.
    pub fn results(&self, lot: &LotRef) -> impl Iterator<Item = &Record> {
        self.results.get(lot).into_iter().flatten().map(|position| &self.records[*position])
    }

    /// Returns the lots with results of their own that this lot, or a part of it, was handed over as later.
    pub fn analysed_later(&self, lot: &LotRef) -> &[LotRef] {
        self.analysed_later.get(lot).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the lots that [`Graph::results`] has something about, sources first, then those not held.
    pub fn lots_with_results(&self) -> Vec<LotRef> {
        let mut lots: Vec<LotRef> = self.results.keys().copied().collect();
        lots.sort_by_cached_key(|lot| (self.position(&lot.record).unwrap_or(usize::MAX), *lot));
        lots
    }

    /// Returns the lots that bear this label themselves, sources first.
    pub fn by_label(&self, label: &str) -> Vec<LotRef> {
        self.labels.get(label).cloned().unwrap_or_default()
    }

    /// Returns the label of a lot, or the nearest one shown on the lots it was handed over as.
    pub fn label(&self, lot: &LotRef) -> Option<String> {
        self.lot(self.labelled_as.get(lot).unwrap_or(lot))?.label().map(str::to_owned)
    }

    /// Returns who may consume a lot.
    ///
    /// INVARIANT (one consumer): a lot is consumed by its author or, in transit, by the named receiver.
    pub fn rightful_consumer(&self, lot: &LotRef) -> Consumer {
        let Some(creator) = self.creator(lot) else { return Consumer::Unknown };
        if creator.event.body.outputs().len() <= lot.index as usize {
            return Consumer::Unknown;
        }
        match creator.event.body.receiver() {
            None => Consumer::Party(creator.author),
            Some(Maybe::Shown(Receiver::Later)) => match self.assignments(lot).first() {
                None => Consumer::Nobody,
                Some((_, to)) => consumer_named(to),
            },
            Some(to) => consumer_named(to),
        }
    }

    /// Returns the sender's assignments of a lot that left for a receiver to be named later, in the order of its
    /// chain, each with whom it names. One that was taken back counts where the party it names relied on it.
    pub fn assignments(&self, lot: &LotRef) -> Vec<(&Record, &Maybe<Receiver>)> {
        let Some(sender) = self.creator(lot).map(|record| record.author) else { return Vec::new() };
        let records = self.assigned.get(lot).into_iter().flatten().map(|at| &self.records[*at]);
        let relied = |party: &PartyId| {
            self.uses(lot)
                .iter()
                .any(|one| self.record(&one.record).is_some_and(|user| user.author == *party))
        };
        let mut assignments: Vec<_> = records
            .filter(|record| record.author == sender)
            .filter_map(|record| match &record.event.body {
                Body::Assign(assign) => Some((record, &assign.receiver)),
                _ => None,
            })
            .filter(|(record, to)| {
                self.withdrawn(&record.id).is_none()
                    || matches!(to, Maybe::Shown(Receiver::Party(party)) if relied(party))
            })
            .collect();
        assignments.sort_by_key(|(record, _)| (record.epoch, record.seq, record.id));
        assignments
    }

    /// Returns the first day without the stay that a `host` record gives, if its author ended it.
    pub fn stay_ended(&self, host: &Record) -> Option<Day> {
        let ends = self.ends.get(&host.id)?.iter().map(|at| &self.records[*at]);
        let mine = ends.filter(|end| end.author == host.author && self.withdrawn(&end.id).is_none());
        mine.filter_map(|end| match &end.event.body {
            Body::EndHost(status) => {
                Some(crate::custody::place::host::end_day(status.from, end.signed_at.day()))
            }
            _ => None,
        })
        .min()
    }

    /// Whether a lot is on its way: its record names, or withholds, a receiver.
    pub fn in_transit(&self, lot: &LotRef) -> bool {
        self.creator(lot).is_some_and(|record| record.event.body.receiver().is_some())
    }
}

fn consumer_named(to: &Maybe<Receiver>) -> Consumer {
    match to {
        Maybe::Withheld => Consumer::Withheld,
        Maybe::Shown(Receiver::Party(party)) => Consumer::Party(*party),
        Maybe::Shown(Receiver::Outside(_) | Receiver::Later) => Consumer::Nobody,
    }
}

/// Returns the stretches a record consumes; none where they are withheld.
pub fn inputs(record: &Record) -> &[Input] {
    record.event.body.inputs().and_then(MaybeList::shown).unwrap_or_default()
}

/// Returns the lots that a disassembly says it recovered; none for any other record.
pub fn recovered_parts(record: &Record) -> impl Iterator<Item = LotRef> {
    let recovered = match &record.event.body {
        Body::Disassemble(disassemble) => disassemble.recovered.shown().unwrap_or_default(),
        _ => &[],
    };
    recovered.iter().map(|one| one.part)
}

/// Returns the number of inputs a record withholds, or `None` where it shows them or has none.
pub fn withheld_inputs(record: &Record) -> Option<u64> {
    match record.event.body.inputs() {
        Some(MaybeList::Withheld(count)) if *count > 0 => Some(*count),
        _ => None,
    }
}

/// Returns the lots a record creates, each with its reference.
pub fn outputs(record: &Record) -> impl Iterator<Item = (LotRef, &Lot)> {
    let id = record.id;
    record
        .event
        .body
        .outputs()
        .iter()
        .zip(0u32..)
        .map(move |(lot, index)| (LotRef { record: id, index }, lot))
}

/// Returns the reference of an output of a record, if it has so many.
pub fn output(record: &Record, index: usize) -> Option<LotRef> {
    let lot = LotRef { record: record.id, index: u32::try_from(index).ok()? };
    (index < record.event.body.outputs().len()).then_some(lot)
}

/// Whether a record of this kind can be taken back: not a withdrawal, nor a correction, which is corrected anew.
pub fn can_be_withdrawn(body: &Body) -> bool {
    !matches!(body, Body::Withdraw(_) | Body::Correct(_))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::Discrete;

    #[test]
    fn records_stand_after_their_sources_in_whatever_order_they_came() {
        let mut world = World::new();
        let ore = out(world.extract("plant", vec![lot("ore", 10)]), 0);
        let received = world.hand_over("plant", "mine", ore);
        world.repack("mine", Discrete, vec![take(received, 0, 10)], vec![lot("ore", 10)]);
        let ids = |records: Vec<Record>| -> Vec<RecordId> {
            Graph::build(records).records().iter().map(|record| record.id).collect()
        };
        let order = ids(world.records.clone());
        let at = |id: RecordId| order.iter().position(|one| *one == id);
        assert!(at(ore.record) < at(received.record));
        let mut turned = world.records.clone();
        turned.reverse();
        turned.extend(world.records.clone());
        assert_eq!(ids(turned), order);
    }

    #[test]
    fn a_label_is_found_on_its_own_lot_and_followed_by_those_it_was_handed_over_as() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![named("ORE-1", "ore", 10), lot("ore", 10)]), 0);
        let received = world.hand_over("mine", "plant", ore);
        let packed = world.repack("plant", Discrete, vec![take(received, 0, 10)], vec![lot("ore", 10)]);
        let graph = world.graph();
        assert_eq!(graph.by_label("ORE-1"), vec![ore]);
        assert_eq!(graph.label(&received).as_deref(), Some("ORE-1"));
        assert_eq!(graph.label(&out(packed, 0)), None);
        assert_eq!(graph.label(&out(ore.record, 1)), None);
    }

    #[test]
    fn the_consumer_of_a_lot_that_is_not_held_is_unknown() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 10)]);
        let graph = world.graph();
        assert_eq!(graph.rightful_consumer(&out(mined, 0)), Consumer::Party(world.party("mine")));
        assert_eq!(graph.rightful_consumer(&out(mined, 1)), Consumer::Unknown);
        assert_eq!(graph.rightful_consumer(&out(RecordId::ZERO, 0)), Consumer::Unknown);
    }
}
