//! Inspections: somebody went and looked, and found it so or otherwise.
//!
//! Anyone may say that something is not so; it leaves the lot open. It fails it only where the reader believes the
//! inspector as an authority. Spec: docs/custody.md, "Inspections".

use std::collections::BTreeSet;

use super::graph::Graph;
use super::names::{self, found, shown_some};
use super::scale::{self, Gap};
use crate::hash::PartyId;
use crate::model::dealings::InspectOutcome;
use crate::model::event::{Body, Inspect, Subject};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns what every inspection says; `believed` are inspectors whom the reader takes for authorities.
pub fn findings(graph: &Graph, believed: &BTreeSet<PartyId>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        if let Body::Inspect(inspect) = &record.event.body
            && graph.withdrawn(&record.id).is_none()
        {
            let is_believed = believed.contains(&record.author);
            findings.push(of_outcome(graph, record, inspect, is_believed));
            findings.extend(of_quantity(graph, record, inspect, is_believed));
        }
    }
    findings
}

fn of_outcome(graph: &Graph, record: &Record, inspect: &Inspect, is_believed: bool) -> Finding {
    let what = subject(graph, &inspect.about);
    let said = shown_some(&inspect.summary).map(|text| format!(": {text}")).unwrap_or_default();
    let (code, weight, words, resolve) = match inspect.outcome {
        InspectOutcome::Confirmed => {
            (FindingCode::InspectionConfirms, Weight::Note, "finds as stated", "nothing needs to be done")
        }
        InspectOutcome::Contradicted | InspectOutcome::Partly => {
            let weight = match (inspect.outcome, is_believed) {
                (InspectOutcome::Contradicted, true) => Weight::Fail,
                (InspectOutcome::Contradicted, false) | (_, true) => Weight::Unknown,
                (_, false) => Weight::Warning,
            };
            let words = match inspect.outcome {
                InspectOutcome::Contradicted => "does not find as stated",
                _ => "finds as stated only in part",
            };
            (FindingCode::InspectedOtherwise, weight, words, OTHERWISE)
        }
        InspectOutcome::NoAccess => {
            let weight = if is_believed { Weight::Unknown } else { Weight::Warning };
            (FindingCode::InspectionRefused, weight, "was not let in to see", "let the inspector in")
        }
    };
    let message = format!("{} {words} {what}{said}", names::record(graph, record));
    about(graph, record, inspect, found(code, weight, &[record], &[], message, resolve))
}

const OTHERWISE: &str = "the author of what was inspected corrects it, or the inspector withdraws";

/// Compares what an inspector weighed of a lot of which nothing was used, as a weighing of the holder's is.
fn of_quantity(graph: &Graph, record: &Record, inspect: &Inspect, is_believed: bool) -> Option<Finding> {
    let Subject::Lot(lot) = inspect.about else { return None };
    let weighed = shown_some(&inspect.quantity)?;
    let created = graph.lot(&lot)?.quantity.shown()?;
    let footing = scale::footing(&[created, weighed])?;
    let stated = scale::scaled(created.mass, created, footing);
    let seen = scale::scaled(weighed.mass, weighed, footing);
    let allowance = scale::uncertain(created.mass, created.uncertainty)
        .saturating_add(scale::uncertain(weighed.mass, weighed.uncertainty));
    if !graph.uses(&lot).is_empty() || stated.abs_diff(seen) <= allowance {
        return None;
    }
    let weight = match (scale::gap(stated, seen), is_believed) {
        (Gap::Fail, true) => Weight::Fail,
        (Gap::Fail, false) => Weight::Unknown,
        (Gap::Warn, _) => Weight::Warning,
        (Gap::Within, _) => Weight::Note,
    };
    let message = format!(
        "{} weighs {} of lot {}, which states {}: {} {}",
        names::record(graph, record),
        names::mass(scale::to_mg(seen)),
        names::lot(graph, &lot),
        names::mass(scale::to_mg(stated)),
        names::percent(scale::to_mg(stated.abs_diff(seen)), scale::to_mg(stated)),
        if seen < stated { "less" } else { "more" },
    );
    let code = FindingCode::InspectedOtherwise;
    Some(about(graph, record, inspect, found(code, weight, &[record], &[], message, OTHERWISE)))
}

/// Names what a finding is about, so that it bears on lots behind which that stands.
fn about(graph: &Graph, record: &Record, inspect: &Inspect, mut finding: Finding) -> Finding {
    let (stated_by, lots): (Option<&Record>, Vec<LotRef>) = match inspect.about {
        Subject::Lot(lot) => (graph.creator(&lot), vec![lot]),
        Subject::Record(record) => (graph.record(&record), Vec::new()),
        Subject::Party(party) => (graph.party(&party).map(|(record, _)| record), Vec::new()),
    };
    finding.lots = lots;
    finding.records.extend(stated_by.map(|one| one.id));
    finding.parties = vec![stated_by.map_or(record.author, |one| one.author)];
    finding
}

fn subject(graph: &Graph, about: &Subject) -> String {
    match about {
        Subject::Lot(lot) => format!("lot {}", names::lot(graph, lot)),
        Subject::Record(id) => match graph.facility(id) {
            Some(_) => format!("facility {}", names::facility(graph, id)),
            None => match graph.record(id) {
                Some(record) => names::record(graph, record),
                None => format!("record `{}`", id.short()),
            },
        },
        Subject::Party(party) => names::party(graph, party),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::lot::Quantity;
    use crate::model::mass::Mass;
    use crate::model::maybe::Maybe;
    use FindingCode::{InspectedOtherwise, InspectionConfirms, InspectionRefused};

    fn world() -> (World, LotRef) {
        let mut world = World::new();
        let taken = world.intake("plant", vec![named("W1", "metal.Nd", 6000)], vec![]);
        (world, out(taken, 0))
    }

    fn inspect(world: &mut World, about: Subject, outcome: InspectOutcome, weighed: Option<u64>) {
        let quantity = weighed.map(|mg| Quantity::of(Mass::from_mg(mg)));
        let body = Inspect {
            about,
            period: Maybe::Shown("2026-01-06".parse().unwrap()),
            scheme: None,
            outcome,
            quantity: Maybe::Shown(quantity),
            report: None,
            summary: Maybe::Shown(None),
        };
        world.record("buyer", Body::Inspect(body));
    }

    fn found(world: &World, believed: bool) -> Vec<(FindingCode, Weight)> {
        let believed = believed.then(|| world.party("buyer")).into_iter().collect();
        findings(&world.graph(), &believed).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    #[test]
    fn only_an_inspector_the_reader_believes_fails_a_lot() {
        for (outcome, by_anyone, believed) in [
            (InspectOutcome::Confirmed, Weight::Note, Weight::Note),
            (InspectOutcome::Partly, Weight::Warning, Weight::Unknown),
            (InspectOutcome::Contradicted, Weight::Unknown, Weight::Fail),
            (InspectOutcome::NoAccess, Weight::Warning, Weight::Unknown),
        ] {
            let (mut world, lot) = world();
            inspect(&mut world, Subject::Lot(lot), outcome, None);
            assert_eq!(found(&world, false)[0].1, by_anyone);
            assert_eq!(found(&world, true)[0].1, believed);
        }
    }

    #[test]
    fn what_an_inspector_weighs_is_compared_like_a_weighing() {
        for (mg, expected) in [
            (6_000_000_000, None),
            (5_970_000_000, Some(Weight::Note)),
            (5_880_000_000, Some(Weight::Warning)),
            (5_879_999_999, Some(Weight::Fail)),
        ] {
            let (mut world, lot) = world();
            inspect(&mut world, Subject::Lot(lot), InspectOutcome::Confirmed, Some(mg));
            let all = found(&world, true);
            assert_eq!(all[0], (InspectionConfirms, Weight::Note));
            assert_eq!(all.get(1).copied(), expected.map(|weight| (InspectedOtherwise, weight)), "{mg}");
        }
    }

    #[test]
    fn a_facility_that_is_not_as_stated_names_its_declaration() {
        let (mut world, _) = world();
        let place = world.place("plant");
        inspect(&mut world, Subject::Record(place), InspectOutcome::NoAccess, None);
        let all = findings(&world.graph(), &BTreeSet::new());
        assert_eq!((all[0].code, all[0].lots.len()), (InspectionRefused, 0));
        assert!(all[0].records.contains(&place));
        assert_eq!(all[0].parties, [world.party("plant")]);
    }
}
