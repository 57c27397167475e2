//! Own place: whether the author of an event may say that it happened at that facility.
//!
//! INVARIANT (own place): the facility was declared by the author, or the body cites the operator's `host`
//! record. What is declared for a plant whose operator keeps no ledger is never signed by the doer.
//! `host` records cannot be judged yet: citing one is *unknown*. Spec: docs/custody.md, "Own place".

use super::graph::Graph;
use super::names::{self, found};
use super::touch::{Grade, TouchPlace};
use crate::hash::RecordId;
use crate::model::event::At;
use crate::model::facility::Operator;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// How an author stands to the facility that its event names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Declared by the author as its own.
    Own,
    /// Declared by the author for an operator who keeps no ledger.
    DeclaredForOther,
    /// Declared by another party, or for one that keeps a ledger; a `host` record is cited.
    Hosted(RecordId),
    /// Declared by another party, and no `host` record is cited.
    DeclaredByOther,
    /// Declared by the author for a party that keeps a ledger, and no `host` record is cited.
    RunByOther,
    /// Declared by the author, who has withdrawn the declaration.
    TakenBack,
    /// The record named declares no facility.
    NoFacility,
    /// The declaration is not held.
    NotHeld(RecordId),
    /// The facility is withheld.
    Withheld,
}

/// Returns how the author of `record` stands to the facility of `at`.
pub fn standing(graph: &Graph, record: &Record, at: &At) -> Standing {
    let Maybe::Shown(id) = &at.facility else { return Standing::Withheld };
    let Some((declaration, facility)) = graph.facility(id) else {
        return if graph.record(id).is_some() { Standing::NoFacility } else { Standing::NotHeld(*id) };
    };
    let by_author = declaration.author == record.author;
    let standing = match &facility.operator {
        Operator::Author if by_author => Standing::Own,
        Operator::Party(operator) if by_author && *operator == record.author => Standing::Own,
        Operator::Outside(_) if by_author => Standing::DeclaredForOther,
        _ => match at.host {
            Some(host) => Standing::Hosted(host),
            None if by_author => Standing::RunByOther,
            None => Standing::DeclaredByOther,
        },
    };
    if graph.withdrawn(id).is_some() && by_author { Standing::TakenBack } else { standing }
}

/// Returns where work of `record` was done, and on what grade of evidence that stands.
///
/// At the author's own facility it is signed by the doer. At a plant the author declared for someone
/// outside the ledger it is transcribed if the event names documents, else stated.
pub fn of_work(graph: &Graph, record: &Record, at: &At) -> (TouchPlace, Grade) {
    let place = match &at.facility {
        Maybe::Withheld => TouchPlace::Withheld { by: record.author },
        Maybe::Shown(id) => match graph.facility(id) {
            Some((_, facility)) => TouchPlace::At { facility: Some(*id), place: facility.place },
            None => TouchPlace::NotHeld { facility: *id },
        },
    };
    let documents = record.event.documents.as_ref().and_then(Maybe::shown);
    let grade = match standing(graph, record, at) {
        Standing::Own => Grade::Signed,
        Standing::DeclaredForOther if documents.is_some_and(|hashes| !hashes.is_empty()) => {
            Grade::Transcribed
        }
        Standing::DeclaredForOther => Grade::Stated,
        _ => Grade::Unknown,
    };
    (place, grade)
}

/// Returns every place where an event is not at its author's own facility.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().filter_map(|record| of_record(graph, record)).collect()
}

/// Returns what is wrong with the place of one record.
pub fn of_record(graph: &Graph, record: &Record) -> Option<Finding> {
    let at = record.event.body.at()?;
    let standing = standing(graph, record, at);
    if matches!(standing, Standing::Own | Standing::DeclaredForOther) {
        return None;
    }
    let what = names::record(graph, record);
    let name = at.facility.shown().map(|id| names::facility(graph, id)).unwrap_or_default();
    let declaration = at.facility.shown().and_then(|id| graph.record(id));
    let (code, weight, message, resolve) = match standing {
        Standing::Own | Standing::DeclaredForOther => return None,
        Standing::DeclaredByOther => (
            FindingCode::ForeignFacility,
            Weight::Fail,
            format!(
                "{what} is at {name}, which {} declared, and cites no record of the operator that allows it",
                declaration.map(|one| names::party(graph, &one.author)).unwrap_or_default()
            ),
            "record it at a facility of the author's own, or cite the operator's `host` record",
        ),
        Standing::RunByOther => (
            FindingCode::ForeignFacility,
            Weight::Fail,
            format!("{what} is at {name}, which its author declared as run by another party of the ledger"),
            "let the operator record the work, or cite the operator's `host` record",
        ),
        Standing::NoFacility => (
            FindingCode::ForeignFacility,
            Weight::Fail,
            format!("{what} names {name} as its facility, but that record declares none"),
            "name the record that declares the facility",
        ),
        Standing::Hosted(host) => (
            FindingCode::FacilityNotHeld,
            Weight::Unknown,
            format!(
                "{what} is at {name} as a guest, on `host` record `{}` that cannot be judged",
                host.short()
            ),
            "let the operator record the work; `host` records cannot be judged yet",
        ),
        Standing::TakenBack => (
            FindingCode::FacilityNotHeld,
            Weight::Unknown,
            format!("{what} is at {name}, whose declaration its author has withdrawn"),
            "declare the facility again and record the event there",
        ),
        Standing::NotHeld(id) => (
            FindingCode::FacilityNotHeld,
            Weight::Unknown,
            format!("{what} is at facility `{}`, whose declaration is not held", id.short()),
            "import the author's chain with the `declare_facility` record",
        ),
        Standing::Withheld => (
            FindingCode::FacilityNotHeld,
            Weight::Withheld,
            format!("{what} withholds its facility"),
            "ask the author to show the item `facility`",
        ),
    };
    let mut shown_by = vec![record];
    shown_by.extend(declaration);
    let lots: Vec<_> = super::graph::outputs(record).map(|(lot, _)| lot).collect();
    let mut finding = found(code, weight, &shown_by, &lots, message, resolve);
    finding.parties = vec![record.author];
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::model::evidence::WithdrawReason;

    /// Mines ore at `facility`, with `host` cited, and returns what is found.
    fn mined_at(
        world: &mut World,
        facility: Maybe<RecordId>,
        host: Option<RecordId>,
    ) -> Vec<(FindingCode, Weight)> {
        let mined = world.extract("mine", vec![lot("ore", 1)]);
        world.change(mined, |record| {
            if let crate::model::event::Body::Extract(extract) = &mut record.event.body {
                extract.at.facility = facility;
                extract.at.host = host;
            }
        });
        findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    const FOREIGN: (FindingCode, Weight) = (FindingCode::ForeignFacility, Weight::Fail);
    const OPEN: (FindingCode, Weight) = (FindingCode::FacilityNotHeld, Weight::Unknown);

    #[test]
    fn the_own_facility_and_one_declared_for_an_outsider_are_no_finding() {
        let mut world = World::new();
        let own = world.place("mine");
        assert_eq!(mined_at(&mut world, Maybe::Shown(own), None), vec![]);
        let toll = world.declare("mine", "VN", Operator::Outside(Maybe::Withheld));
        assert_eq!(mined_at(&mut world, Maybe::Shown(toll), None), vec![]);
    }

    #[test]
    fn a_facility_that_another_declared_is_foreign_without_a_host() {
        let mut world = World::new();
        let theirs = Maybe::Shown(world.place("plant"));
        assert_eq!(mined_at(&mut world.clone(), theirs, None), vec![FOREIGN]);
        assert_eq!(mined_at(&mut world, theirs, Some(RecordId::ZERO)), vec![OPEN]);
    }

    #[test]
    fn a_copied_declaration_does_not_make_anothers_plant_ones_own() {
        let mut world = World::new();
        let copied = world.declare("mine", "JP", Operator::Party(world.party("plant")));
        assert_eq!(mined_at(&mut world.clone(), Maybe::Shown(copied), None), vec![FOREIGN]);
        let for_me = world.declare("plant", "AU", Operator::Party(world.party("mine")));
        assert_eq!(mined_at(&mut world, Maybe::Shown(for_me), None), vec![FOREIGN]);
    }

    #[test]
    fn a_record_that_is_no_facility_a_missing_one_and_a_withheld_one_are_told_apart() {
        let mut world = World::new();
        let no_facility = Maybe::Shown(world.records[0].id);
        assert_eq!(mined_at(&mut world.clone(), no_facility, None), vec![FOREIGN]);
        let missing = Maybe::Shown(RecordId::from_bytes([7; 32]));
        assert_eq!(mined_at(&mut world.clone(), missing, None), vec![OPEN]);
        let withheld = (FindingCode::FacilityNotHeld, Weight::Withheld);
        assert_eq!(mined_at(&mut world, Maybe::Withheld, None), vec![withheld]);
    }

    #[test]
    fn a_facility_that_was_taken_back_no_longer_says_where() {
        let mut world = World::new();
        let own = world.place("mine");
        world.withdraw("mine", own, WithdrawReason::EntryError);
        assert_eq!(mined_at(&mut world, Maybe::Shown(own), None), vec![OPEN]);
    }
}
