//! Facilities that change hands: given up by one operator, taken over by another from one day on.
//!
//! The new operator declares the facility anew and names the `cede_facility` record it rests on. What authorities
//! said of the old declaration stays with it: a status names the facility *and* the operator. Spec:
//! docs/custody.md, "Facilities that change hands".

use std::collections::HashMap;

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, CedeFacility, Receiver};
use crate::model::facility::{DeclareFacility, Operator};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Returns work by operators who had given the facility up, and declarations that succeed nothing given to them.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut ceded: HashMap<RecordId, (&Record, &CedeFacility)> = HashMap::new();
    let mut findings = Vec::new();
    for record in graph.records() {
        match &record.event.body {
            Body::CedeFacility(cede) if graph.withdrawn(&record.id).is_none() => {
                findings.extend(without_effect(graph, record, cede));
                if runs(graph, &cede.facility) == Some(record.author) {
                    // Given up twice, the earlier day is the one after which it is no longer its own.
                    let first = ceded.entry(cede.facility).or_insert((record, cede));
                    if cede.from < first.1.from {
                        *first = (record, cede);
                    }
                }
            }
            Body::DeclareFacility(facility) => findings.extend(wrong(graph, record, facility)),
            _ => {}
        }
    }
    if !ceded.is_empty() {
        findings.extend(graph.records().iter().filter_map(|record| worked_after(graph, record, &ceded)));
    }
    findings
}

/// Returns the party of the ledger that declared a facility as its own.
pub fn runs(graph: &Graph, facility: &RecordId) -> Option<PartyId> {
    let (declaration, facility) = graph.facility(facility)?;
    match &facility.operator {
        Operator::Author => Some(declaration.author),
        Operator::Party(party) if *party == declaration.author => Some(*party),
        _ => None,
    }
}

/// Returns the facility that this one rightly succeeds, one step back.
pub fn before(graph: &Graph, facility: &RecordId) -> Option<RecordId> {
    let (declaration, declared) = graph.facility(facility)?;
    let cede = graph.record(&declared.succeeds?)?;
    match &cede.event.body {
        Body::CedeFacility(body) if is_given(graph, cede, body, &declaration.author) => Some(body.facility),
        _ => None,
    }
}

/// Whether a record gives a facility to a party, by the one that runs it.
fn is_given(graph: &Graph, record: &Record, cede: &CedeFacility, to: &PartyId) -> bool {
    cede.to == Receiver::Party(*to)
        && runs(graph, &cede.facility) == Some(record.author)
        && graph.withdrawn(&record.id).is_none()
}

fn worked_after(
    graph: &Graph,
    record: &Record,
    ceded: &HashMap<RecordId, (&Record, &CedeFacility)>,
) -> Option<Finding> {
    let at = record.event.body.at()?;
    let facility = at.facility.shown()?;
    let (by, cede) = ceded.get(facility)?;
    if record.author != by.author {
        return None;
    }
    let what = names::record(graph, record);
    let name = names::facility(graph, facility);
    let lots: Vec<_> = graph::outputs(record).map(|(lot, _)| lot).collect();
    let (weight, message, resolve) = match &at.period {
        Maybe::Withheld => (
            Weight::Withheld,
            format!(
                "{what} is at {name}, which its author gave up from {} on, and withholds when",
                cede.from
            ),
            "ask the author to show the item `period`",
        ),
        Maybe::Shown(period) if period.last >= cede.from => (
            Weight::Fail,
            format!(
                "{what} is at {name} until {}, which its author gave up from {} on",
                period.last, cede.from
            ),
            "the new operator records the work, or lets the old one work there as a guest with `host`",
        ),
        Maybe::Shown(_) => return None,
    };
    let mut made = found(FindingCode::WorkedAfterCeding, weight, &[record, by], &lots, message, resolve);
    made.records.push(*facility);
    Some(made)
}

/// Looks at a declaration that succeeds something.
fn wrong(graph: &Graph, record: &Record, facility: &DeclareFacility) -> Option<Finding> {
    let succeeds = facility.succeeds?;
    let name = names::facility(graph, &record.id);
    let Some(cede) = graph.record(&succeeds) else {
        let message = format!("facility {name} succeeds by record `{}`, which is not held", succeeds.short());
        let resolve = "import the chain of the operator before";
        let code = FindingCode::WrongSuccession;
        return Some(found(code, Weight::Unknown, &[record], &[], message, resolve));
    };
    let why = match &cede.event.body {
        Body::CedeFacility(_) if graph.withdrawn(&cede.id).is_some() => "which was withdrawn".to_owned(),
        Body::CedeFacility(body) => match graph.facility(&body.facility) {
            _ if body.to != Receiver::Party(record.author) => {
                format!("which gives {} to somebody else", names::facility(graph, &body.facility))
            }
            None if graph.record(&body.facility).is_none() => {
                let message = format!(
                    "facility {name} succeeds `{}`, whose declaration is not held",
                    body.facility.short()
                );
                let resolve = "import the chain of the operator before";
                let code = FindingCode::WrongSuccession;
                return Some(found(code, Weight::Unknown, &[record, cede], &[], message, resolve));
            }
            _ if runs(graph, &body.facility) != Some(cede.author) => {
                format!(
                    "in which {} gives up a facility that is not its own",
                    names::party(graph, &cede.author)
                )
            }
            _ => return None,
        },
        _ => "which gives up no facility".to_owned(),
    };
    let message = format!("facility {name} succeeds by {}, {why}", names::record(graph, cede));
    let resolve = "declare the facility without `succeeds`, or let its operator cede it to this party";
    let mut made = found(FindingCode::WrongSuccession, Weight::Fail, &[record, cede], &[], message, resolve);
    made.parties = vec![record.author];
    Some(made)
}

/// Looks at a record that gives up what is not its author's: it has no effect.
fn without_effect(graph: &Graph, record: &Record, cede: &CedeFacility) -> Option<Finding> {
    graph.facility(&cede.facility)?;
    if runs(graph, &cede.facility) == Some(record.author) {
        return None;
    }
    let message = format!(
        "{} gives up {}, which is not its author's: it has no effect",
        names::record(graph, record),
        names::facility(graph, &cede.facility)
    );
    let code = FindingCode::WrongSuccession;
    Some(found(code, Weight::Note, &[record], &[], message, "nothing needs to be done"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;

    fn cede(world: &mut World, by: &str, to: &str, from: &str) -> RecordId {
        let body = CedeFacility {
            facility: world.place("plant"),
            to: Receiver::Party(world.party(to)),
            from: from.parse().unwrap(),
        };
        world.record(by, Body::CedeFacility(body))
    }

    fn weights(world: &World) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    #[test]
    fn the_day_before_is_the_old_operators_and_the_day_itself_is_not() {
        for (from, expected) in
            [("2026-01-06", vec![]), ("2026-01-05", vec![(FindingCode::WorkedAfterCeding, Weight::Fail)])]
        {
            let mut world = World::new();
            world.extract("plant", vec![lot("ore", 1)]);
            cede(&mut world, "plant", "works", from);
            assert_eq!(weights(&world), expected, "{from}");
        }
    }

    #[test]
    fn a_stranger_gives_up_nothing() {
        let mut world = World::new();
        world.extract("plant", vec![lot("ore", 1)]);
        cede(&mut world, "works", "buyer", "2026-01-01");
        assert_eq!(weights(&world), vec![(FindingCode::WrongSuccession, Weight::Note)]);
    }

    #[test]
    fn only_what_was_given_to_the_author_is_succeeded() {
        let mut world = World::new();
        let given = cede(&mut world, "plant", "works", "2026-02-01");
        let stranger = world.declare("buyer", "JP", Operator::Author);
        let rightful = world.declare("works", "JP", Operator::Author);
        for id in [stranger, rightful] {
            world.change(id, |record| {
                if let Body::DeclareFacility(facility) = &mut record.event.body {
                    facility.succeeds = Some(given);
                }
            });
        }
        assert_eq!(weights(&world), vec![(FindingCode::WrongSuccession, Weight::Fail)]);
        assert_eq!(before(&world.graph(), &rightful), Some(world.place("plant")));
        assert_eq!(before(&world.graph(), &stranger), None);
        world.records.retain(|record| record.id != given);
        assert_eq!(weights(&world), vec![(FindingCode::WrongSuccession, Weight::Unknown); 2]);
    }
}
