//! Which records surely stand behind a lot, whatever it holds: along whole parcels, and into pools.

use std::collections::BTreeSet;

use crate::custody::graph::{self, Graph};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns the records that lead from the lot back along whole parcels, and all of what went into one pool of
/// one material, whatever it holds.
pub(super) fn along_pools(graph: &Graph, lot: LotRef) -> BTreeSet<RecordId> {
    let mut certain = BTreeSet::new();
    let mut stack = vec![lot];
    while let Some(lot) = stack.pop() {
        let Some(record) = graph.creator(&lot) else { continue };
        let body = &record.event.body;
        let inputs = graph::inputs(record);
        if body.is_pairwise() {
            certain.insert(record.id);
            stack.extend(inputs.get(lot.index as usize).map(|input| input.lot));
            continue;
        }
        // Every output of it leads to the same inputs.
        if !certain.insert(record.id) {
            continue;
        }
        // Of several parts none alone is what the thing is.
        let single = inputs.len() == 1 && graph.recovered(&lot).is_empty();
        let mixing = match body {
            Body::Transform(transform) => Some(transform.mixing),
            Body::Repack(repack) => Some(repack.mixing),
            _ => None,
        };
        if single || mixing.is_some_and(|mixing| is_pool(record, mixing)) {
            stack.extend(inputs.iter().map(|input| input.lot));
        }
    }
    certain
}

/// Whether all that went in is in each of what came out.
fn is_pool(record: &Record, mixing: Mixing) -> bool {
    let mut materials = record.event.body.outputs().iter().map(|lot| &lot.material);
    let first = materials.next();
    mixing == Mixing::Homogenised && materials.all(|other| Some(other) == first)
}
