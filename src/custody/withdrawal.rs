//! Withdrawals: what rests on a record that its author has taken back.
//!
//! Taking back frees the stretches a record used only while nobody else builds on it: once another party's
//! record consumes what came of it, or covers it by a checkpoint it has seen, they stay used. A withdrawal
//! itself cannot be taken back. Spec: docs/custody.md, "Withdrawals".

use std::collections::HashSet;

use super::accounts::Feed;
use super::amend::left;
use super::ancestry;
use super::graph::{self, Graph};
use super::names::{self, found};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// How long after signing a record its author may take it back without a stain: a day.
const UNDO_MS: u64 = 86_400_000;

/// Returns what every withdrawal means for the lots and parties that rest on it.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (target, by) in graph.withdrawals() {
        findings.extend(resting_lots(graph, target, by));
        findings.extend(in_use(graph, target, by));
    }
    findings.extend(graph.records().iter().filter_map(|record| without_effect(graph, record)));
    findings
}

/// Whether `record` is withdrawn and nobody else builds on it, so that what it used can be used again.
pub fn frees_stretches(graph: &Graph, record: &Record) -> bool {
    graph.withdrawn(&record.id).is_some()
        && !graph.seen_by_others(record)
        && others_resting_on(graph, record).is_empty()
}

/// Returns the first records of other parties downstream of `record`, ascending by id.
pub fn others_resting_on(graph: &Graph, record: &Record) -> Vec<RecordId> {
    let lots = made_by(graph, record, &mut HashSet::new());
    left::resting(graph, record, lots, None)
}

/// Returns the records that their author took back within a day, before anything rested on them.
///
/// Such a slip is no stain: what else is found about the record alone is not held against anybody. Only events
/// that use, make, weigh or hand over are meant; what others cite by its id (a stay, a licence) is not.
pub fn undone(graph: &Graph) -> HashSet<RecordId> {
    let slips = graph.withdrawals().into_iter().filter(|(target, by)| is_undone(graph, target, by));
    slips.map(|(target, _)| target.id).collect()
}

/// Returns the findings of all checks without those that rest on a record that was only a slip.
pub fn without_slips(graph: &Graph, mut findings: Vec<Finding>) -> Vec<Finding> {
    let undone = undone(graph);
    if !undone.is_empty() {
        let is_void = |finding: &Finding| finding.records.iter().any(|record| undone.contains(record));
        findings.retain(|finding| finding.code == FindingCode::Withdrawn || !is_void(finding));
    }
    findings
}

fn is_undone(graph: &Graph, target: &Record, by: &Record) -> bool {
    let body = &target.event.body;
    let is_work = body.at().is_some() || body.inputs().is_some() || matches!(body, Body::Assay(_));
    let within = by.signed_at.ms().checked_sub(target.signed_at.ms()).is_some_and(|ms| ms <= UNDO_MS);
    let rests = graph::outputs(target).any(|(lot, _)| {
        let standing = |one: &graph::Use| graph.withdrawn(&one.record).is_none();
        graph.uses(&lot).iter().any(standing)
    });
    is_work && within && !rests && frees_stretches(graph, target)
}

/// Returns the lots that a record creates or, of a charge, those of the draws that it can be in.
pub(super) fn made_by(graph: &Graph, record: &Record, ranges: &mut HashSet<Feed>) -> Vec<LotRef> {
    let mut made: Vec<LotRef> = graph::outputs(record).map(|(lot, _)| lot).collect();
    if let (Body::Charge(_), Some(at)) = (&record.event.body, graph.position(&record.id)) {
        let draws = graph.accounts().draws_of(at, ranges);
        made.extend(draws.iter().flat_map(|at| graph::outputs(&graph.records()[*at])).map(|(lot, _)| lot));
    }
    made
}

fn resting_lots(graph: &Graph, target: &Record, by: &Record) -> Option<Finding> {
    let made: Vec<LotRef> = graph::outputs(target).map(|(lot, _)| lot).collect();
    if made.is_empty() {
        return None;
    }
    let downstream = ancestry::downstream(graph, &made).lots;
    let what = names::record(graph, target);
    let message = match downstream.len() - made.len() {
        0 => format!("{what} is withdrawn by record {}", by.seq),
        further => format!(
            "{what} is withdrawn by record {}; {} made of it rest on it",
            by.seq,
            names::count(further, "further lot")
        ),
    };
    let resolve = "the author records what really happened; those who built on it withdraw or replace theirs";
    let weight = if is_undone(graph, target, by) { Weight::Note } else { Weight::Fail };
    Some(found(FindingCode::Withdrawn, weight, &[target, by], &downstream, message, resolve))
}

fn in_use(graph: &Graph, target: &Record, by: &Record) -> Option<Finding> {
    let others = others_resting_on(graph, target);
    let was_seen = graph.seen_by_others(target) && !target.event.body.outputs().is_empty();
    if others.is_empty() && !was_seen {
        return None;
    }
    let lots: Vec<LotRef> = graph::outputs(target).map(|(lot, _)| lot).collect();
    let message = match others.len() {
        0 => format!(
            "{} is withdrawn after another party had seen it; what it used stays used",
            names::record(graph, target)
        ),
        number => format!(
            "{} is withdrawn, but {} of other parties rest on it; what it used stays used",
            names::record(graph, target),
            names::count(number, "record")
        ),
    };
    let noted: Vec<&Record> = graph.acknowledgements(&by.id).collect();
    let message = match noted.is_empty() {
        true => message,
        false => {
            let mut who: Vec<String> = noted.iter().map(|one| names::party(graph, &one.author)).collect();
            who.sort();
            who.dedup();
            format!("{message}; acknowledged by {}", who.join(", "))
        }
    };
    let resolve = "the parties that rest on it agree and record what really happened";
    let mut finding =
        found(FindingCode::WithdrawnInUse, Weight::Warning, &[target, by], &lots, message, resolve);
    finding.records.extend(others);
    finding.records.extend(noted.iter().map(|one| one.id));
    Some(finding)
}

/// Looks at whether a withdrawal takes back a record that is not its author's.
fn without_effect(graph: &Graph, record: &Record) -> Option<Finding> {
    let Body::Withdraw(withdraw) = &record.event.body else { return None };
    let target = graph.record(&withdraw.target)?;
    let why = match target.event.body {
        Body::Withdraw(_) => "a withdrawal cannot be taken back",
        Body::Correct(_) => "a correction cannot be taken back, only followed by another",
        _ if target.author == record.author => return None,
        _ => "only its author can take it back",
    };
    let message =
        format!("{} has no effect on {}: {why}", names::record(graph, record), names::record(graph, target));
    let resolve = "nothing needs to be done";
    let mut finding = found(FindingCode::Withdrawn, Weight::Note, &[record], &[], message, resolve);
    finding.records.push(target.id);
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::hash::Hash;
    use crate::model::event::SeenCheckpoint;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::evidence::WithdrawReason::EntryError;

    /// Ore mined, split by its miner, one part handed over; returns the mine's record and the lots.
    fn split() -> (World, RecordId, LotRef, LotRef) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let parts = vec![lot("ore", 60), lot("ore", 40)];
        let split = world.repack("mine", Discrete, vec![take(out(mined, 0), 0, 100)], parts);
        let received = world.hand_over("mine", "plant", out(split, 0));
        (world, mined, out(split, 1), received)
    }

    fn codes(world: &World) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    #[test]
    fn every_lot_that_rests_on_a_withdrawn_record_is_named_and_no_other() {
        let (mut world, mined, kept, received) = split();
        let innocent = world.extract("mine", vec![lot("ore", 5)]);
        assert_eq!(codes(&world), vec![]);
        let by = world.withdraw("mine", mined, EntryError);
        let found = findings(&world.graph());
        assert_eq!((found[0].code, found[0].weight), (FindingCode::Withdrawn, Weight::Fail));
        assert_eq!(found[0].records, vec![mined, by]);
        assert!([out(mined, 0), kept, received].iter().all(|lot| found[0].lots.contains(lot)));
        assert!(!found[0].lots.contains(&out(innocent, 0)));
        assert_eq!((found[1].code, found[1].weight), (FindingCode::WithdrawnInUse, Weight::Warning));
        assert_eq!(found[1].records, vec![mined, by, received.record]);
        assert_eq!(found[1].parties, vec![world.party("mine")]);
    }

    #[test]
    fn a_record_nobody_else_builds_on_is_withdrawn_without_a_warning() {
        let (mut world, _, kept, _) = split();
        let own = world.repack("mine", Discrete, vec![take(kept, 0, 40)], vec![lot("ore", 40)]);
        let by = world.withdraw("mine", own, EntryError);
        assert_eq!(codes(&world), vec![(FindingCode::Withdrawn, Weight::Note)]);
        let mut late = world.clone();
        late.change(by, |record| record.signed_at = "2026-01-06T12:00:00Z".parse().unwrap());
        assert_eq!(codes(&late), vec![(FindingCode::Withdrawn, Weight::Note)]);
        late.change(by, |record| record.signed_at = "2026-01-06T12:00:00.001Z".parse().unwrap());
        assert_eq!(codes(&late), vec![(FindingCode::Withdrawn, Weight::Fail)]);
        let graph = world.graph();
        assert!(frees_stretches(&graph, graph.record(&own).unwrap()));
    }

    #[test]
    fn a_record_covered_by_a_checkpoint_that_another_saw_keeps_its_stretches() {
        for (size, frees) in [(4, true), (5, false)] {
            let mut world = World::new();
            let mined = world.extract("mine", vec![lot("ore", 100)]);
            world.repack("mine", Discrete, vec![take(out(mined, 0), 0, 1)], vec![lot("ore", 1)]);
            let used = world.repack("mine", Discrete, vec![take(out(mined, 0), 1, 1)], vec![lot("ore", 1)]);
            assert_eq!(world.records.last().unwrap().seq, 4);
            world.withdraw("mine", used, EntryError);
            let party = world.party("mine");
            let seen =
                SeenCheckpoint { party, epoch: 0, size, root: Hash::ZERO, key: [0; 32], signature: [0; 64] };
            let other = world.extract("plant", vec![lot("ore", 1)]);
            world.change(other, |record| record.event.seen.push(seen));
            let graph = world.graph();
            assert_eq!(frees_stretches(&graph, graph.record(&used).unwrap()), frees, "size {size}");
        }
    }

    #[test]
    fn only_the_author_withdraws_and_a_withdrawal_stays() {
        let (mut world, mined, ..) = split();
        let foreign = world.withdraw("plant", mined, EntryError);
        assert_eq!(codes(&world), vec![(FindingCode::Withdrawn, Weight::Note)]);
        assert!(world.graph().withdrawn(&mined).is_none());
        world.withdraw("plant", foreign, EntryError);
        assert_eq!(codes(&world), vec![(FindingCode::Withdrawn, Weight::Note); 2]);
    }

    #[test]
    fn evidence_that_is_withdrawn_leaves_lots_alone() {
        let (mut world, ..) = split();
        let place = world.place("buyer");
        world.withdraw("buyer", place, EntryError);
        assert_eq!(codes(&world), vec![]);
    }
}
