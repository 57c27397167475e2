//! Own place: whether the author of an event may say that it happened at that facility.
//!
//! INVARIANT (own place): the facility was declared by the author, or the body cites the operator's `host`
//! record, which covers the event (see `host`). What is declared for a plant whose operator keeps no ledger, and
//! what is recorded for another, is never signed by the doer. Spec: docs/custody.md, "Own place".

pub mod capacity;
pub mod declared_twice;
pub mod host;
pub mod opening;
pub mod succession;

use self::host::Gap;
use super::graph::{self, Graph};
use super::names::{self, found};
use super::touch::{Grade, TouchPlace};
use crate::hash::{PartyId, RecordId};
use crate::model::dealings::HostPurpose;
use crate::model::event::{At, Behalf, Body, Host, Receiver};
use crate::model::facility::{DeclareFacility, Operator};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// How an author stands to the facility that its event names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Declared by the author as its own.
    Own,
    /// Declared by the author for an operator who keeps no ledger.
    DeclaredForOther,
    /// Another party's, whose `host` record covers the event.
    Hosted(RecordId),
    /// Another party's; a `host` record is cited that does not cover the event.
    NotCovered(RecordId, Gap),
    /// Another party's; the record cited as `host` lets nobody in anywhere.
    NoHost(RecordId),
    /// Another party's; the `host` record cited is not held.
    HostNotHeld(RecordId),
    /// Another party's, who has withdrawn the `host` record cited.
    HostTakenBack(RecordId),
    /// Another party's; when the event was is withheld, so nothing tells whether the `host` record covers it.
    TimeWithheld(RecordId),
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
            Some(host) => hosted(graph, record, at, (*id, operator(declaration.author, facility)), host),
            None if by_author => Standing::RunByOther,
            None => Standing::DeclaredByOther,
        },
    };
    if graph.withdrawn(id).is_some() && by_author { Standing::TakenBack } else { standing }
}

/// Returns the party of the ledger that runs a facility; none where its operator keeps no ledger.
pub fn operator(declared_by: PartyId, facility: &DeclareFacility) -> Option<PartyId> {
    match &facility.operator {
        Operator::Author => Some(declared_by),
        Operator::Party(party) => Some(*party),
        Operator::Outside(_) => None,
    }
}

/// Looks at whether the `host` record cited lets the author of `record` do that at a facility of another's.
fn hosted(
    graph: &Graph,
    record: &Record,
    at: &At,
    (facility, operator): (RecordId, Option<PartyId>),
    cited: RecordId,
) -> Standing {
    let Some(found) = graph.record(&cited) else { return Standing::HostNotHeld(cited) };
    let Body::Host(host) = &found.event.body else { return Standing::NoHost(cited) };
    if graph.withdrawn(&cited).is_some() {
        return Standing::HostTakenBack(cited);
    }
    let Maybe::Shown(period) = at.period else { return Standing::TimeWithheld(cited) };
    let stay = host::Stay { guest: record.author, facility, operator, body: &record.event.body, period };
    let held = host::Held { author: found.author, host, ended: graph.stay_ended(found) };
    match host::gap(&stay, &held) {
        None => Standing::Hosted(cited),
        Some(gap) => Standing::NotCovered(cited, gap),
    }
}

/// Returns where work of `record` was done, and on what grade of evidence that stands.
///
/// At the author's own facility it is signed by the doer, and so it is where the author is a guest that works
/// there itself. A toll customer is not the doer: what it records stands on the operator's `host` record as on
/// a paper. At a plant the author declared for someone outside the ledger, work is transcribed if the event
/// names documents, else stated; so is whatever was recorded for another.
pub fn of_work(graph: &Graph, record: &Record, at: &At) -> (TouchPlace, Grade) {
    let place = match &at.facility {
        Maybe::Withheld => TouchPlace::Withheld { by: record.author },
        Maybe::Shown(id) => match graph.facility(id) {
            Some((_, facility)) => TouchPlace::At { facility: Some(*id), place: facility.place },
            None => TouchPlace::NotHeld { facility: *id },
        },
    };
    let documents = record.event.documents.as_ref().and_then(Maybe::shown);
    let attested = behalf(record).and_then(Maybe::shown).is_some();
    let on_paper = match attested || documents.is_some_and(|hashes| !hashes.is_empty()) {
        true => Grade::Transcribed,
        false => Grade::Stated,
    };
    let grade = match standing(graph, record, at) {
        Standing::Hosted(host) if is_tolling(graph, &host) => Grade::Transcribed,
        Standing::Own | Standing::Hosted(_) => Grade::Signed,
        Standing::DeclaredForOther => return (place, on_paper),
        _ => return (place, Grade::Unknown),
    };
    (place, if behalf(record).is_some() { on_paper } else { grade })
}

/// Returns for whom a record was made, where that is not its author.
pub fn behalf(record: &Record) -> Option<&Maybe<Behalf>> {
    let own = |behalf: &Maybe<Behalf>| matches!(behalf, Maybe::Shown(Behalf { who: Receiver::Party(who), .. }) if *who == record.author);
    record.event.behalf.as_ref().filter(|behalf| !own(behalf))
}

fn is_tolling(graph: &Graph, host: &RecordId) -> bool {
    let host = graph.record(host).map(|record| &record.event.body);
    matches!(host, Some(Body::Host(Host { purpose: HostPurpose::Tolling, .. })))
}

/// Returns every place where an event is not at its author's own facility.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    graph.records().iter().filter_map(|record| of_record(graph, record)).collect()
}

/// Returns what is wrong with the place of one record.
pub fn of_record(graph: &Graph, record: &Record) -> Option<Finding> {
    let at = record.event.body.at()?;
    let standing = standing(graph, record, at);
    let what = names::record(graph, record);
    let name = at.facility.shown().map(|id| names::facility(graph, id)).unwrap_or_default();
    let declaration = at.facility.shown().and_then(|id| graph.record(id));
    let cited = |id: &RecordId| {
        graph.record(id).map_or_else(|| format!("`{}`", id.short()), |one| names::record(graph, one))
    };
    let (code, weight, message, resolve) = match &standing {
        Standing::Own | Standing::DeclaredForOther | Standing::Hosted(_) => return None,
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
        Standing::NotCovered(host, gap) => (
            FindingCode::HostDoesNotCover,
            Weight::Fail,
            format!("{what} is at {name} as a guest and cites {}, but {gap}", cited(host)),
            "cite the operator's `host` record that covers it, or let the operator record the work",
        ),
        Standing::NoHost(host) => (
            FindingCode::HostDoesNotCover,
            Weight::Fail,
            format!("{what} is at {name} as a guest and cites {}, which is no `host` record", cited(host)),
            "cite the operator's `host` record that covers it, or let the operator record the work",
        ),
        Standing::HostNotHeld(host) => (
            FindingCode::FacilityNotHeld,
            Weight::Unknown,
            format!("{what} is at {name} as a guest, and the `host` record {} is not held", cited(host)),
            "import the operator's chain with the `host` record",
        ),
        Standing::HostTakenBack(host) => (
            FindingCode::FacilityNotHeld,
            Weight::Unknown,
            format!("{what} is at {name} as a guest on {}, which the operator has withdrawn", cited(host)),
            "let the operator record whether its guest worked there",
        ),
        Standing::TimeWithheld(host) => (
            FindingCode::FacilityNotHeld,
            Weight::Withheld,
            format!("{what} is at {name} as a guest on {} and withholds when that was", cited(host)),
            "ask the author to show the item `period`",
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
    let mut lots: Vec<_> = graph::outputs(record).map(|(lot, _)| lot).collect();
    if lots.is_empty() {
        lots.extend(graph::inputs(record).iter().map(|input| input.lot));
    }
    // A stranger's event about no lot says nothing of those who really work at the facility.
    if !lots.is_empty() {
        shown_by.extend(declaration);
        shown_by.extend(at.host.and_then(|host| graph.record(&host)));
    }
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

    /// Lets `mine` work at the plant of `plant` in January.
    fn let_in(world: &mut World, purpose: HostPurpose) -> RecordId {
        let host = Host {
            guest: world.party("mine"),
            facility: world.place("plant"),
            purpose,
            stages: vec![crate::model::stage::Stage::P10],
            valid: "2026-01-01..2026-01-31".parse().unwrap(),
        };
        world.record("plant", Body::Host(host))
    }

    #[test]
    fn a_guest_works_in_anothers_plant_while_it_is_let_in() {
        let mut world = World::new();
        let theirs = Maybe::Shown(world.place("plant"));
        let host = let_in(&mut world, HostPurpose::Tenancy);
        assert_eq!(mined_at(&mut world.clone(), theirs, Some(host)), vec![]);
        let not_covered = (FindingCode::HostDoesNotCover, Weight::Fail);
        let no_host = world.records[0].id;
        assert_eq!(mined_at(&mut world.clone(), theirs, Some(no_host)), vec![not_covered]);
        let mut ended = world.clone();
        let end = crate::model::event::EndStatus {
            target: host,
            from: "2026-01-05".parse().unwrap(),
            until: None,
            reason: Maybe::Shown(None),
        };
        let by_another = ended.record("buyer", Body::EndHost(end.clone()));
        assert_eq!(mined_at(&mut ended.clone(), theirs, Some(host)), vec![], "{by_another}");
        ended.record("plant", Body::EndHost(end));
        assert_eq!(mined_at(&mut ended, theirs, Some(host)), vec![not_covered]);
        world.withdraw("plant", host, WithdrawReason::EntryError);
        assert_eq!(mined_at(&mut world, theirs, Some(host)), vec![OPEN]);
    }

    #[test]
    fn a_tenant_is_the_doer_and_a_toll_customer_is_not() {
        for (purpose, grade) in
            [(HostPurpose::Tenancy, Grade::Signed), (HostPurpose::Tolling, Grade::Transcribed)]
        {
            let mut world = World::new();
            let theirs = Maybe::Shown(world.place("plant"));
            let host = let_in(&mut world, purpose);
            mined_at(&mut world, theirs, Some(host));
            let graph = world.graph();
            let record = graph.record(&world.records.last().unwrap().id).unwrap();
            assert_eq!(of_work(&graph, record, record.event.body.at().unwrap()).1, grade);
        }
    }

    #[test]
    fn what_is_recorded_for_another_is_never_signed_by_the_doer() {
        let mut world = World::new();
        let mined = world.extract("mine", vec![lot("ore", 1)]);
        let graded = |world: &World| {
            let graph = world.graph();
            let record = graph.record(&mined).unwrap();
            of_work(&graph, record, record.event.body.at().unwrap()).1
        };
        assert_eq!(graded(&world), Grade::Signed);
        for (who, grade) in [
            (Receiver::Outside(outsider("Digger")), Grade::Transcribed),
            (Receiver::Party(world.party("plant")), Grade::Transcribed),
            (Receiver::Party(world.party("mine")), Grade::Signed),
        ] {
            let behalf = Behalf { who, document: crate::hash::Hash::ZERO, day: None };
            world.change(mined, |record| record.event.behalf = Some(Maybe::Shown(behalf)));
            assert_eq!(graded(&world), grade);
        }
        world.change(mined, |record| record.event.behalf = Some(Maybe::Withheld));
        assert_eq!(graded(&world), Grade::Stated);
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
