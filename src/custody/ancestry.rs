//! Ancestry: every lot and record that a lot is made of, or that is made of it.
//!
//! Walks with a stack of its own: depth costs heap and nothing else. Linear in what is found.

use std::collections::HashSet;

use super::accounts::Feed;
use super::assembly::Assembly;
use super::graph::{self, Graph};
use super::withdrawal;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// What lies on one side of some lots, the lots themselves included.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ancestry {
    /// Records that are held, sources first.
    pub records: Vec<RecordId>,
    /// Lots that are held, sources first.
    pub lots: Vec<LotRef>,
    /// Lots whose record is not held, or lacks such an output; ascending.
    pub missing: Vec<LotRef>,
    /// Records among these whose inputs are withheld, sources first.
    pub withheld: Vec<RecordId>,
}

/// Returns everything that `lots` are made of, themselves included.
///
/// Of a handover only the input that the output is made of counts, of an assembly the parts of that output, of a
/// part recovered the part that went in and what was done to it inside; of other records all inputs.
pub fn upstream(graph: &Graph, lots: &[LotRef]) -> Ancestry {
    let mut found = Found::default();
    let mut stack = lots.to_vec();
    while let Some(lot) = stack.pop() {
        if !found.lot(graph, lot) {
            continue;
        }
        let Some(record) = graph.creator(&lot) else { continue };
        found.records.insert(record.id);
        let inputs = graph::inputs(record);
        for one in graph.recovered(&lot) {
            stack.push(one.part);
            let things: Vec<LotRef> = inputs.iter().map(|input| input.lot).collect();
            // What it was built into on the way counts, and not the other parts of that.
            found.passed.extend(Assembly::way(graph, &things, one.part).passed_by(&one.part));
        }
        let apart = graph.position(&record.id).is_some_and(|at| graph.counts_apart(at, lot.index));
        if apart || found.whole.insert(record.id) {
            stack.extend(graph.inputs_of(&lot).map(|at| inputs[at].lot));
            if let Body::Draw(_) = record.event.body {
                stack.extend(found.account(graph, record));
            }
        }
    }
    found.sorted(graph)
}

/// Returns everything that is made of `lots`, themselves included, with the records that consume them.
pub fn downstream(graph: &Graph, lots: &[LotRef]) -> Ancestry {
    let mut found = Found::default();
    let mut stack = lots.to_vec();
    while let Some(lot) = stack.pop() {
        if !found.lot(graph, lot) {
            continue;
        }
        // Said of a part even where what was taken apart withholds its own parts.
        stack.extend(graph.came_out_as(&lot));
        for one in graph.uses(&lot) {
            let Some(record) = graph.record(&one.record) else { continue };
            let first_time = found.records.insert(record.id);
            // Of records that tell their inputs apart each use leads somewhere else.
            if graph.tells_inputs_apart(record) || first_time {
                stack.extend(graph.outputs_of(record, one.input).filter_map(|at| graph::output(record, at)));
                stack.extend(found.drawn(graph, record));
            }
        }
    }
    found.sorted(graph)
}

#[derive(Default)]
struct Found {
    records: HashSet<RecordId>,
    lots: HashSet<LotRef>,
    missing: HashSet<LotRef>,
    /// Records of which all inputs were followed.
    whole: HashSet<RecordId>,
    /// Lots of which one part alone lies on the way.
    passed: HashSet<LotRef>,
    /// Ranges of charges that were followed.
    ranges: HashSet<Feed>,
}

impl Found {
    /// Notes a lot; returns whether it is held and new.
    fn lot(&mut self, graph: &Graph, lot: LotRef) -> bool {
        if graph.lot(&lot).is_none() {
            self.missing.insert(lot);
            return false;
        }
        self.lots.insert(lot)
    }

    /// Notes the charges that can be in a draw and the closes behind it; returns the lots that were charged.
    fn account(&mut self, graph: &Graph, draw: &Record) -> Vec<LotRef> {
        let (accounts, mut lots) = (graph.accounts(), Vec::new());
        let Some(position) = graph.position(&draw.id) else { return lots };
        let mut stack: Vec<Feed> = accounts.feeds(position).iter().map(|one| one.feed).collect();
        while let Some(feed) = stack.pop() {
            match feed {
                Feed::Charge(at) => {
                    let charge = &graph.records()[at];
                    if !withdrawal::frees_stretches(graph, charge) && self.records.insert(charge.id) {
                        lots.extend(graph::inputs(charge).iter().map(|input| input.lot));
                    }
                }
                range if self.ranges.insert(range) => {
                    stack.extend(accounts.parts(range).into_iter().flatten());
                }
                _ => {}
            }
        }
        let closes = accounts.of(position).map(|account| account.closes_behind(graph, draw));
        self.records.extend(closes.into_iter().flatten().map(|close| close.id));
        lots
    }

    /// Returns the lots of the draws that a charge can be in, if the record is one.
    fn drawn(&mut self, graph: &Graph, charge: &Record) -> Vec<LotRef> {
        let (Body::Charge(_), Some(at)) = (&charge.event.body, graph.position(&charge.id)) else {
            return Vec::new();
        };
        if withdrawal::frees_stretches(graph, charge) {
            return Vec::new();
        }
        let draws = graph.accounts().draws_of(at, &mut self.ranges);
        let records = draws.into_iter().map(|at| &graph.records()[at]);
        records.flat_map(graph::outputs).map(|(lot, _)| lot).collect()
    }

    fn sorted(mut self, graph: &Graph) -> Ancestry {
        self.lots.extend(self.passed);
        self.records.extend(self.lots.iter().map(|lot| lot.record));
        let mut records: Vec<RecordId> = self.records.into_iter().collect();
        records.sort_by_cached_key(|id| graph.position(id));
        let mut lots: Vec<LotRef> = self.lots.into_iter().collect();
        lots.sort_by_cached_key(|lot| (graph.position(&lot.record), lot.index));
        let mut missing: Vec<LotRef> = self.missing.into_iter().collect();
        missing.sort_unstable();
        let is_withheld =
            |id: &&RecordId| graph.record(id).is_some_and(|one| graph::withheld_inputs(one).is_some());
        let withheld = records.iter().filter(is_withheld).copied().collect();
        Ancestry { records, lots, missing, withheld }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::DisposeHow;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::maybe::MaybeList;

    #[test]
    fn a_handover_of_two_lots_keeps_their_ancestries_apart() {
        let mut world = World::new();
        let ores = [0, 1].map(|_| out(world.extract("mine", vec![lot("ore", 10)]), 0));
        let sent = world.dispatch("mine", "plant", ores.map(|ore| take(ore, 0, 10)).to_vec());
        let graph = world.graph();
        let second = upstream(&graph, &[out(sent, 1)]);
        assert_eq!(second.records, vec![ores[1].record, sent]);
        assert_eq!(second.lots, vec![ores[1], out(sent, 1)]);
        assert_eq!(downstream(&graph, &[ores[0]]).lots, vec![ores[0], out(sent, 0)]);
    }

    #[test]
    fn both_sides_of_a_diamond_are_listed_once_sources_first() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
        let halves =
            world.repack("mine", Discrete, vec![take(ore, 0, 10)], vec![lot("ore", 5), lot("ore", 5)]);
        let inputs = vec![take(out(halves, 0), 0, 5), take(out(halves, 1), 0, 5)];
        let whole = world.repack("mine", Discrete, inputs, vec![lot("ore", 10)]);
        let graph = world.graph();
        let up = upstream(&graph, &[out(whole, 0)]);
        assert_eq!(up.records, vec![ore.record, halves, whole]);
        assert_eq!(up.lots, vec![ore, out(halves, 0), out(halves, 1), out(whole, 0)]);
        assert_eq!(downstream(&graph, &[ore]), up);
    }

    #[test]
    fn missing_inputs_withheld_ones_and_ends_are_named() {
        let mut world = World::new();
        let unknown = out(RecordId::from_bytes([7; 32]), 3);
        let packed = world.repack("mine", Discrete, vec![take(unknown, 0, 10)], vec![lot("ore", 10)]);
        let gone = world.dispose("mine", DisposeHow::Waste, vec![take(out(packed, 0), 0, 10)]);
        let graph = world.graph();
        assert_eq!(upstream(&graph, &[out(packed, 0)]).missing, vec![unknown]);
        assert_eq!(downstream(&graph, &[out(packed, 0)]).records, vec![packed, gone]);
        world.change(packed, |record| {
            if let Body::Repack(repack) = &mut record.event.body {
                repack.inputs = MaybeList::Withheld(1);
            }
        });
        let up = upstream(&world.graph(), &[out(packed, 0)]);
        assert_eq!((up.withheld, up.missing), (vec![packed], vec![]));
    }
}
