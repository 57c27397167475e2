//! Every check of custody, in one stable order.

use super::amend::correction;
use super::assembly::{mass, recovered, sum};
use super::dates::entry_dates;
use super::graph::Graph;
use super::handover::{assignments, call_back, moved, pairs, seals};
use super::place::{declared_twice, opening, succession};
use super::reweigh::{count, unweighed};
use super::{
    accounts, assay, behalf, border, claims, consumer, dates, handover, physical_mass, place, recycled,
    registry_number, reweigh, stretches, tags, ties, title, withdrawal,
};
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::finding::Finding;

/// Returns all findings about what is held, judged on the day `as_of`.
///
/// The order depends on the records alone: check by check, within each sources first.
pub fn findings(graph: &Graph, as_of: Day) -> Vec<Finding> {
    let mut findings = stretches::findings(graph);
    findings.extend(consumer::findings(graph));
    findings.extend(pairs::findings(graph));
    findings.extend(place::findings(graph));
    findings.extend(handover::findings(graph, as_of));
    findings.extend(physical_mass::findings(graph));
    findings.extend(mass::findings(graph));
    findings.extend(sum::findings(graph));
    findings.extend(recovered::findings(graph));
    findings.extend(reweigh::findings(graph));
    findings.extend(accounts::findings::findings(graph));
    findings.extend(withdrawal::findings(graph));
    findings.extend(correction::findings(graph));
    findings.extend(registry_number::findings(graph));
    findings.extend(dates::findings(graph));
    findings.extend(opening::findings(graph));
    findings.extend(moved::findings(graph));
    findings.extend(recycled::findings(graph));
    findings.extend(call_back::findings(graph));
    findings.extend(tags::findings(graph));
    findings.extend(seals::findings(graph));
    findings.extend(border::findings(graph));
    findings.extend(assignments::findings(graph));
    findings.extend(behalf::findings(graph));
    findings.extend(entry_dates::findings(graph, as_of));
    findings.extend(succession::findings(graph));
    findings.extend(declared_twice::findings(graph));
    findings.extend(title::findings(graph, as_of));
    findings.extend(count::findings(graph));
    findings.extend(unweighed::findings(graph));
    findings.extend(assay::findings(graph));
    findings.extend(ties::findings(graph));
    findings.extend(claims::findings(graph));
    withdrawal::without_slips(graph, findings)
}

/// Returns the findings that name `record`, judged on the day `as_of`: what admitting it would bring.
///
/// Handing over a graph of the record and what it touches (inputs, their other consumers, facility,
/// dispatch) is enough; nothing else is looked at.
pub fn findings_of(graph: &Graph, record: &RecordId, as_of: Day) -> Vec<Finding> {
    findings(graph, as_of).into_iter().filter(|finding| finding.records.contains(record)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::Mixing::{Discrete, Homogenised};

    fn as_of() -> Day {
        "2026-02-01".parse().unwrap()
    }

    fn innocent() -> World {
        let mut world = World::new();
        let mined = world.extract("mine", vec![named("ORE", "ore", 100)]);
        let ore = world.hand_over("mine", "works", out(mined, 0));
        let made = world.transform(
            "works",
            "P40 extract_solvent",
            Homogenised,
            vec![take(ore, 0, 100)],
            vec![lot("oxide.Nd", 5)],
        );
        world.hand_over("works", "buyer", out(made, 0));
        world
    }

    #[test]
    fn an_honest_chain_has_no_finding() {
        assert_eq!(findings(&innocent().graph(), as_of()), vec![]);
    }

    #[test]
    fn findings_do_not_depend_on_the_order_of_records_or_on_unrelated_ones() {
        let mut world = innocent();
        let ore = out(world.records.iter().find(|one| !one.event.body.outputs().is_empty()).unwrap().id, 0);
        let wrong = world.repack("buyer", Discrete, vec![take(ore, 0, 200)], vec![lot("ore", 300)]);
        let before = findings(&world.graph(), as_of());
        assert!(before.len() >= 3);
        assert_eq!(findings_of(&world.graph(), &wrong, as_of()), before);
        world.records.reverse();
        assert_eq!(findings(&world.graph(), as_of()), before);
        world.establish("stranger", "US");
        world.extract("stranger", vec![lot("ore", 5)]);
        assert_eq!(findings(&world.graph(), as_of()), before);
    }

    #[test]
    fn a_deep_chain_is_checked_and_traced_without_overflow() {
        let mut world = World::new();
        let mut last = out(world.extract("plant", vec![lot("ore", 1)]), 0);
        for _ in 0..100_000 {
            last = out(world.repack("plant", Discrete, vec![take(last, 0, 1)], vec![lot("ore", 1)]), 0);
        }
        let graph = world.graph();
        assert_eq!(findings(&graph, as_of()), vec![]);
        assert_eq!(super::super::ancestry::upstream(&graph, &[last]).lots.len(), 100_001);
        let lines = super::super::trace::trace(&graph, &last, super::super::trace::Way::Up, None);
        assert_eq!(lines.last().map(|line| line.depth), Some(100_000));
    }
}
