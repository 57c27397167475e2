//! What corrections bring: lots that rest on a corrected record, rings, stretches past a lower mass, and
//! corrections that have no effect.
//!
//! Spec: docs/custody.md, "Corrections".

use std::collections::BTreeSet;

use super::difference;
use super::left::{self, Standing};
use super::statements::Misfit;
use super::subject;
use crate::custody::ancestry;
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// The most statements of one record that are judged apart. A record corrected more often without anyone taking note
/// is not judged at all.
pub const MOST_STATEMENTS: usize = 8;

/// Returns what holds of corrections whomever the reader believes.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings: Vec<Finding> = graph.rings().iter().map(|ring| ring_found(graph, ring)).collect();
    findings.extend(graph.void_corrections().iter().filter_map(|(by, misfit)| void(graph, by, *misfit)));
    findings
}

/// Returns one finding for each corrected record: what changed, who rests on it and whether they have taken note.
pub fn standings(graph: &Graph, authorities: &BTreeSet<PartyId>) -> Vec<Finding> {
    let of = |record: &Record| {
        let standing = left::standing(graph, &record.id, authorities)?;
        Some(corrected(graph, record, &standing))
    };
    graph.corrected().into_iter().filter_map(of).collect()
}

fn corrected(graph: &Graph, target: &Record, standing: &Standing) -> Finding {
    let statements = graph.statements(&target.id).expect("only corrected records have a standing");
    let from = standing.settled.min(standing.last - 1);
    let changes = difference::between(graph, statements.signed(from), statements.signed(standing.last));
    let last = &statements.corrections[standing.last - 1];
    let what = names::record(graph, target);
    let changes = match changes.is_empty() {
        true => "nothing is stated otherwise".to_owned(),
        false => changes.join("; "),
    };
    let said = format!("{what} was corrected by record {}: {changes}", last.place.1);
    let many = standing.last - standing.settled > MOST_STATEMENTS;
    let (weight, message, resolve) = if many {
        let message = format!("{said}; it was corrected too often to judge every statement");
        (Weight::Unknown, message, "the parties that rest on it acknowledge its last correction")
    } else if standing.is_open() {
        let mut who: Vec<String> = standing.waiting.iter().map(|party| names::party(graph, party)).collect();
        who.sort();
        let message = format!(
            "{said}; it had left its author, and {} did not acknowledge it: the worse of both statements counts",
            who.join(", ")
        );
        (Weight::Warning, message, "the parties that rest on it, or an authority you believe, acknowledge it")
    } else if standing.left_by.is_empty() {
        (Weight::Note, format!("{said}; it had not left its author"), "nothing needs to be done")
    } else {
        (Weight::Note, format!("{said}; it was acknowledged"), "nothing needs to be done")
    };
    let lots = subject::of_record(graph, target);
    let mut finding = found(FindingCode::Corrected, weight, &[target], &lots, message, resolve);
    finding.records.push(last.record);
    finding.records.extend(&standing.left_by);
    finding
}

fn ring_found(graph: &Graph, ring: &[RecordId]) -> Finding {
    let records: Vec<&Record> = ring.iter().filter_map(|id| graph.record(id)).collect();
    let made: Vec<LotRef> =
        records.iter().flat_map(|record| graph::outputs(record).map(|(lot, _)| lot)).collect();
    let lots = ancestry::downstream(graph, &made).lots;
    let message = match records[..] {
        [one] => format!("{} is corrected to be made of its own lots", names::record(graph, one)),
        _ => {
            let names: Vec<String> = records.iter().map(|record| names::record(graph, record)).collect();
            format!("corrected, these records are made of each other's lots: {}", names.join(", "))
        }
    };
    let resolve = "the author corrects its record anew, naming what really went in";
    found(FindingCode::CorrectedCycle, Weight::Fail, &records, &lots, message, resolve)
}

/// A correction of an own record that cannot stand contradicts what it is about; one of another's says nothing.
fn void(graph: &Graph, by: &RecordId, misfit: Misfit) -> Option<Finding> {
    let record = graph.record(by)?;
    let Body::Correct(correct) = &record.event.body else { return None };
    let target = graph.record(&correct.target)?;
    let weight = match misfit {
        Misfit::OtherAuthor | Misfit::Control => Weight::Note,
        Misfit::OtherKind | Misfit::OtherReceiver | Misfit::FewerOutputs => Weight::Unknown,
    };
    let message = format!(
        "{} has no effect on {}: it {}",
        names::record(graph, record),
        names::record(graph, target),
        misfit.words()
    );
    let resolve = match weight {
        Weight::Note => "nothing needs to be done",
        _ => "the author withdraws the record, or corrects it within these bounds",
    };
    let lots = subject::of_record(graph, target);
    let mut finding = found(FindingCode::CorrectionVoid, weight, &[target], &lots, message, resolve);
    finding.records.push(record.id);
    Some(finding)
}

/// Returns the greatest mass that an earlier statement gave a lot, and the place of the last correction, if its
/// record was corrected.
pub fn stated_before(graph: &Graph, lot: &LotRef) -> Option<(Mass, (u16, u64))> {
    let statements = graph.statements(&lot.record)?;
    let bodies = (0..statements.count()).map(|number| statements.signed(number));
    let masses = bodies.filter_map(|body| body.outputs().get(lot.index as usize)?.mass());
    Some((masses.max()?, statements.corrections.last()?.place))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::*;
    use super::super::super::{check, trace, walk};
    use super::*;
    use crate::model::evidence::Mixing::Discrete;

    fn codes(world: &World) -> Vec<(FindingCode, Weight)> {
        let graph = world.graph();
        let mut found = check::findings(&graph, "2026-02-01".parse().unwrap());
        found.extend(standings(&graph, &BTreeSet::new()));
        found.iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    /// Ore mined, split, and the first half packed again.
    fn packed() -> (World, RecordId, RecordId) {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let halves = vec![lot("ore", 50), lot("ore", 50)];
        let split = world.repack("mine", Discrete, vec![take(out(mined, 0), 0, 100)], halves);
        let again = world.repack("mine", Discrete, vec![take(out(split, 0), 0, 50)], vec![lot("ore", 50)]);
        (world, split, again)
    }

    #[test]
    fn a_correction_that_makes_a_ring_is_found_and_every_walk_ends() {
        let (mut world, split, again) = packed();
        assert_eq!(codes(&world), vec![]);
        world.correct_inputs("mine", split, vec![take(out(again, 0), 0, 50)]);
        let found = codes(&world);
        assert!(found.contains(&(FindingCode::CorrectedCycle, Weight::Fail)), "{found:?}");
        let graph = world.graph();
        let target = out(again, 0);
        assert_eq!(ancestry::upstream(&graph, &[target]).records.len(), 2);
        assert!(ancestry::downstream(&graph, &[target]).lots.len() >= 2);
        for way in [trace::Way::Up, trace::Way::Down] {
            assert!(trace::trace(&graph, &target, way, None).len() < 10);
        }
        let walk = walk::Walk::new(&graph, &target, "Fe".parse().unwrap());
        drop(walk);
    }

    #[test]
    fn a_record_made_of_its_own_lot_is_a_ring_of_one() {
        let (mut world, split, _) = packed();
        world.correct_inputs("mine", split, vec![take(out(split, 1), 0, 50)]);
        let found = codes(&world);
        assert!(found.contains(&(FindingCode::CorrectedCycle, Weight::Fail)), "{found:?}");
    }

    #[test]
    fn what_is_made_of_a_ring_stands_behind_it() {
        let (mut world, split, again) = packed();
        let last = world.repack("mine", Discrete, vec![take(out(split, 1), 0, 50)], vec![lot("ore", 50)]);
        world.correct_inputs("mine", split, vec![take(out(again, 0), 0, 50)]);
        let graph = world.graph();
        assert_eq!(graph.rings().len(), 1);
        assert!(graph.position(&last) > graph.position(&split));
    }

    #[test]
    fn a_lower_mass_leaves_stretches_valid_and_is_a_warning_until_the_author_uses_more() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 90)]);
        world.receive("plant", vec![take(out(sent, 0), 0, 90)], &[]);
        world.correct_mass("mine", mined, 0, 90);
        assert_eq!(codes(&world), vec![(FindingCode::Corrected, Weight::Warning)]);
        world.correct_mass("mine", mined, 0, 80);
        let below = (FindingCode::CorrectedBelowUse, Weight::Warning);
        assert!(codes(&world).contains(&below));
        world.repack("mine", Discrete, vec![take(out(mined, 0), 90, 10)], vec![lot("ore", 10)]);
        let found = codes(&world);
        assert!(
            found.contains(&(FindingCode::BeyondLot, Weight::Fail)) && found.contains(&below),
            "{found:?}"
        );
    }

    #[test]
    fn a_correction_of_anothers_record_is_a_note_and_one_that_cannot_stand_leaves_it_open() {
        let (mut world, split, _) = packed();
        let body = world.body(split);
        world.correct("plant", split, body.clone());
        assert_eq!(codes(&world), vec![(FindingCode::CorrectionVoid, Weight::Note)]);
        let mut fewer = body;
        drop(fewer.outputs_mut().unwrap().pop());
        world.correct("mine", split, fewer);
        assert!(codes(&world).contains(&(FindingCode::CorrectionVoid, Weight::Unknown)));
    }

    #[test]
    fn a_record_corrected_over_and_over_without_anyone_taking_note_is_not_judged() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 100)]);
        let sent = world.dispatch("mine", "plant", vec![take(out(mined, 0), 0, 50)]);
        world.receive("plant", vec![take(out(sent, 0), 0, 50)], &[]);
        for mass in 0..MOST_STATEMENTS as u64 {
            world.correct_mass("mine", mined, 0, 99 - mass);
        }
        assert_eq!(codes(&world), vec![(FindingCode::Corrected, Weight::Warning)]);
        let last = world.correct_mass("mine", mined, 0, 70);
        assert_eq!(codes(&world), vec![(FindingCode::Corrected, Weight::Unknown)]);
        world.acknowledge("plant", last);
        assert_eq!(codes(&world), vec![(FindingCode::Corrected, Weight::Note)]);
    }
}
