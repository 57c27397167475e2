//! What rests on a record downstream, and who holds it now: for a correction, withdrawal or dispute, on the record
//! that it is about.

use std::collections::BTreeSet;

use super::subject;
use crate::custody::ancestry;
use crate::custody::consumer;
use crate::custody::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, Subject};
use crate::model::lotref::LotRef;

/// A lot that rests on a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Affected {
    /// The lot.
    pub lot: LotRef,
    /// Who holds it, or is to receive it, where that is a party and shown.
    pub holder: Option<PartyId>,
    /// Whether nothing held consumes of it: it is still there as a lot.
    pub is_present: bool,
}

/// Returns what a record is about: of a correction, withdrawal, dispute or their end the record behind it.
pub fn subject_of(graph: &Graph, record: &RecordId) -> Subject {
    let mut subject = Subject::Record(*record);
    // Each step leads to a record that was signed before, so this ends; a bound says so to those who doubt hashes.
    for _ in 0..graph.records().len() {
        let Subject::Record(id) = subject else { break };
        subject = match graph.record(&id).map(|record| &record.event.body) {
            Some(Body::Correct(correct)) => Subject::Record(correct.target),
            Some(Body::Withdraw(withdraw)) => Subject::Record(withdraw.target),
            Some(Body::Acknowledge(acknowledge)) => Subject::Record(acknowledge.target),
            Some(Body::Resolve(resolve)) => Subject::Record(resolve.target),
            Some(Body::Dispute(dispute)) => dispute.about,
            _ => break,
        };
    }
    subject
}

/// Returns every lot that rests on `record`, or on what it is about, under any of its statements; sources first.
pub fn by(graph: &Graph, record: &RecordId) -> Vec<Affected> {
    let mut found: BTreeSet<LotRef> = BTreeSet::new();
    let mut from = subject::lots(graph, &subject_of(graph, record));
    // What was made of it by one statement may have been used by another: go on until nothing is new.
    while !from.is_empty() {
        let new: Vec<LotRef> =
            ancestry::downstream(graph, &from).lots.into_iter().filter(|lot| found.insert(*lot)).collect();
        let replaced = new.iter().flat_map(|lot| graph.replaced_uses(lot));
        let made = replaced.filter_map(|one| Some((graph.record(&one.record)?, one.input)));
        from = made
            .flat_map(|(user, input)| {
                graph.outputs_of(user, input).filter_map(|at| graph::output(user, at)).collect::<Vec<_>>()
            })
            .filter(|lot| !found.contains(lot))
            .collect();
    }
    let mut lots: Vec<LotRef> = found.into_iter().collect();
    lots.sort_by_cached_key(|lot| (graph.position(&lot.record), lot.index));
    let of = |lot: LotRef| Affected {
        lot,
        holder: consumer::holder(graph, &lot),
        is_present: graph.uses(&lot).is_empty(),
    };
    lots.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::Discrete;

    #[test]
    fn a_correction_affects_all_that_is_made_of_either_statement_with_its_holders() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 60), lot("ore", 40)]);
        let packed = world.repack("mine", Discrete, vec![take(out(mined, 0), 0, 60)], vec![lot("ore", 60)]);
        let received = world.hand_over("mine", "plant", out(packed, 0));
        let correction = world.correct_inputs("mine", packed, vec![take(out(mined, 1), 0, 40)]);
        let graph = world.graph();
        let affected = by(&graph, &correction);
        assert_eq!(affected.len(), 3);
        assert_eq!(affected.iter().filter(|one| one.is_present).count(), 1);
        let last = affected.iter().find(|one| one.lot == received).unwrap();
        assert_eq!((last.holder, last.is_present), (Some(world.party("plant")), true));
        // The mine's first output went in before the correction, its second since.
        assert_eq!(by(&graph, &mined).len(), 5);
    }
}
