//! The records and checkpoints that an attestation rests on, as two roots.
//!
//! Which records these are is said in docs/formats/record.md, "`attest`": whoever holds them comes to the same root.

use crate::custody::ancestry;
use crate::custody::graph::Graph;
use crate::hash::Hash;
use crate::log::tree::{Tree, leaf_hash};
use crate::model::event::AttestedSet;
use crate::model::lotref::LotRef;
use crate::verify::examine::Examined;
use crate::verify::relevance::Basis;

/// Returns the set of the records behind a lot, and that of the checkpoints of the chains they stand in.
pub(super) fn behind(examined: &Examined, lot: &LotRef) -> (AttestedSet, AttestedSet) {
    let basis = basis(&examined.graph, lot);
    let checkpoints = basis.lines(examined).filter_map(|line| examined.log(line.party, line.epoch));
    let logs = checkpoints.map(|log| {
        let checkpoint = &log.part.checkpoint;
        let mut member = checkpoint.party.as_bytes().to_vec();
        member.extend(checkpoint.epoch.to_be_bytes());
        member.extend(checkpoint.size.to_be_bytes());
        member.extend(checkpoint.root.0);
        member
    });
    (records_of(&examined.graph, &basis), set(logs.collect()))
}

/// Returns the set of the records behind a lot, as whoever attests it on these records states it.
pub(in crate::verify) fn records(graph: &Graph, lot: &LotRef) -> AttestedSet {
    records_of(graph, &basis(graph, lot))
}

fn basis(graph: &Graph, lot: &LotRef) -> Basis {
    Basis::new(graph, &ancestry::upstream(graph, &[*lot]))
}

fn records_of(graph: &Graph, basis: &Basis) -> AttestedSet {
    let held = graph.records().iter().filter(|record| basis.has_record(&record.id));
    set(held.map(|record| record.id.as_bytes().to_vec()).collect())
}

/// Returns how many members there are and the root over them, ascending and each once.
fn set(mut members: Vec<Vec<u8>>) -> AttestedSet {
    members.sort_unstable();
    members.dedup();
    let leaves: Vec<Hash> = members.iter().map(|member| leaf_hash(member)).collect();
    let count = u32::try_from(leaves.len()).expect("fewer records are held than 2^32");
    AttestedSet { count, root: Tree::new(leaves).root() }
}
