//! Disputes: who may hold a lot open, until when, and when an issuer says that a paper is not its own.
//!
//! Spec: docs/custody.md, "Disputes".

use std::collections::{BTreeMap, BTreeSet};

use super::{Believed, subject};
use crate::custody::ancestry;
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::dealings::{DisputeReason, Outcome};
use crate::model::event::{Body, Dispute, Resolve, Subject};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::party::{Identifier, Outsider};
use crate::model::record::Record;

/// Returns one finding for each dispute that its author did not withdraw.
pub fn findings(graph: &Graph, believed: &Believed) -> Vec<Finding> {
    let mut resolved: BTreeMap<RecordId, Vec<(&Record, &Resolve)>> = BTreeMap::new();
    for record in graph.records() {
        if let Body::Resolve(resolve) = &record.event.body {
            resolved.entry(resolve.target).or_default().push((record, resolve));
        }
    }
    let of = |record: &Record| match &record.event.body {
        Body::Dispute(dispute) if graph.withdrawn(&record.id).is_none() => {
            let ends = resolved.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            Some(one(graph, believed, record, dispute, ends))
        }
        _ => None,
    };
    graph.records().iter().filter_map(of).collect()
}

/// Whether a dispute about the record `id` holds it open: one that was upheld, or is open and by an authority or a party of
/// the chain of `lots`.
pub fn holds<'g>(graph: &'g Graph, believed: &Believed, id: &RecordId, lots: &[LotRef]) -> bool {
    let ends_of = |dispute: &RecordId| -> Vec<(&'g Record, &'g Resolve)> {
        let end = |record: &'g Record| match &record.event.body {
            Body::Resolve(resolve) if resolve.target == *dispute => Some((record, resolve)),
            _ => None,
        };
        graph.records().iter().filter_map(end).collect()
    };
    graph.records().iter().any(|record| match &record.event.body {
        Body::Dispute(dispute)
            if dispute.about == Subject::Record(*id) && graph.withdrawn(&record.id).is_none() =>
        {
            match state(&record.author, believed, &ends_of(&record.id)) {
                State::Open => has_standing(graph, believed, &record.author, lots),
                State::Upheld(_) => true,
                State::Ended(..) => false,
            }
        }
        _ => false,
    })
}

/// How far a dispute has come.
enum State<'g> {
    Open,
    Upheld(&'g Record),
    Ended(&'g Record, Outcome),
}

fn state<'g>(by: &PartyId, believed: &Believed, ends: &[(&'g Record, &Resolve)]) -> State<'g> {
    // Of each party the last word counts, and an authority's before the author's.
    let mut words: BTreeMap<PartyId, (&Record, Outcome)> = BTreeMap::new();
    for (record, resolve) in ends {
        let latest = words.entry(record.author).or_insert((record, resolve.outcome));
        if (latest.0.epoch, latest.0.seq) < (record.epoch, record.seq) {
            *latest = (record, resolve.outcome);
        }
    }
    let of_authorities =
        || words.iter().filter(|(party, _)| believed.authorities.contains(party)).map(|(_, word)| *word);
    if let Some((record, _)) = of_authorities().find(|(_, outcome)| *outcome == Outcome::Upheld) {
        return State::Upheld(record);
    }
    // That the author itself holds its dispute for right ends nothing.
    let own = words.get(by).copied().filter(|(_, outcome)| *outcome != Outcome::Upheld);
    match of_authorities().next().or(own) {
        Some((record, outcome)) => State::Ended(record, outcome),
        None => State::Open,
    }
}

fn one(
    graph: &Graph,
    believed: &Believed,
    record: &Record,
    dispute: &Dispute,
    ends: &[(&Record, &Resolve)],
) -> Finding {
    let direct = subject::lots(graph, &dispute.about);
    let lots = ancestry::downstream(graph, &direct).lots;
    let who = names::party(graph, &record.author);
    let what = about(graph, &dispute.about);
    let said = format!("{who} disputes {} of {what}", dispute.reason.name());
    let denies = denies(graph, record, dispute);
    let is_known = believed.known.contains(&record.author);
    let (code, weight, message, resolve) = match state(&record.author, believed, ends) {
        State::Upheld(by) => (
            FindingCode::Disputed,
            Weight::Fail,
            format!("{said}, and {} upheld it", names::party(graph, &by.author)),
            "the author of what is disputed withdraws or corrects it",
        ),
        State::Ended(by, outcome) => (
            FindingCode::Disputed,
            Weight::Note,
            format!("{said}; it was ended as {} by {}", outcome.name(), names::party(graph, &by.author)),
            "nothing needs to be done",
        ),
        State::Open if denies && is_known => (
            FindingCode::IssuerDenies,
            Weight::Fail,
            format!("{who}, named as the issuer of {what}, says that it is not its own"),
            "a paper that its issuer stands by, or a resolution of the dispute",
        ),
        State::Open if denies => (
            FindingCode::Disputed,
            Weight::Unknown,
            format!("{said}, and is called like the issuer named there"),
            "find out whether it is that issuer, and pin it in the trust file",
        ),
        State::Open if has_standing(graph, believed, &record.author, &direct) => (
            FindingCode::Disputed,
            Weight::Unknown,
            said,
            "its author, or an authority you believe, resolves the dispute",
        ),
        State::Open => (
            FindingCode::Disputed,
            Weight::Note,
            format!("{said}; it is no party of the lot's chain, nor an authority you believe"),
            "nothing needs to be done",
        ),
    };
    let mut shown: Vec<&Record> = vec![record];
    shown.extend(subject::record_of(graph, &dispute.about));
    shown.extend(ends.iter().map(|(by, _)| *by));
    let mut finding = found(code, weight, &shown, &lots, message, resolve);
    let makers: BTreeSet<RecordId> = direct.iter().map(|lot| lot.record).collect();
    finding.records.extend(makers.into_iter().filter(|id| !shown.iter().any(|one| one.id == *id)));
    finding
}

/// Whether a party has to do with lots: it recorded something behind or after them, or was sent one of them.
fn has_standing(graph: &Graph, believed: &Believed, party: &PartyId, lots: &[LotRef]) -> bool {
    if believed.authorities.contains(party) {
        return true;
    }
    let records = [ancestry::upstream(graph, lots).records, ancestry::downstream(graph, lots).records];
    subject::parties_of(graph, records.iter().flatten()).contains(party)
}

/// Whether the author of the dispute is named as the issuer of the paper it is about, and says it made none.
fn denies(graph: &Graph, record: &Record, dispute: &Dispute) -> bool {
    let Some((_, itself)) = graph.party(&record.author) else { return false };
    let own: &[Identifier] = itself.identifiers.shown().map(Vec::as_slice).unwrap_or_default();
    let name = itself.name.shown().map(|name| folded(name));
    let is_itself = |issuer: &Outsider| {
        name.as_ref() == Some(&folded(&issuer.name)) || issuer.identifiers.iter().any(|one| own.contains(one))
    };
    dispute.reason == DisputeReason::Authorship && issuers(graph, &dispute.about).into_iter().any(is_itself)
}

/// Returns those who are named as having issued what a subject rests on.
fn issuers<'g>(graph: &'g Graph, about: &Subject) -> Vec<&'g Outsider> {
    let Some(record) = subject::record_of(graph, about) else { return Vec::new() };
    let output = match about {
        Subject::Lot(lot) => Some(lot.index),
        _ => None,
    };
    let named: Vec<&Maybe<Option<Outsider>>> = match &record.event.body {
        Body::RegisterDocument(document) => vec![&document.issuer],
        body => {
            let touches = body.declared_touches().iter();
            touches.filter(|one| output.is_none_or(|at| at == one.output)).map(|one| &one.maker).collect()
        }
    };
    named.into_iter().filter_map(names::shown_some).collect()
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn about(graph: &Graph, about: &Subject) -> String {
    match about {
        Subject::Party(party) => names::party(graph, party),
        Subject::Lot(lot) => format!("lot {}", names::lot(graph, lot)),
        Subject::Record(id) => match graph.record(id) {
            Some(record) => {
                let made: Vec<String> =
                    graph::outputs(record).take(1).map(|(lot, _)| names::lot(graph, &lot)).collect();
                let of = made.first().map_or_else(String::new, |lot| format!(" ({lot})"));
                format!("{}{of}", names::record(graph, record))
            }
            None => format!("record `{}`", id.short()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::*;
    use super::*;

    fn world() -> (World, LotRef, LotRef) {
        let mut world = World::new();
        let mined = out(world.extract("mine", vec![lot("ore", 100)]), 0);
        let received = world.hand_over("mine", "plant", mined);
        (world, mined, received)
    }

    fn dispute(world: &mut World, by: &str, about: Subject, reason: DisputeReason) -> RecordId {
        world.record(by, Body::Dispute(Dispute { about, reason, claim: Maybe::Shown(None) }))
    }

    fn resolve(world: &mut World, by: &str, target: RecordId, outcome: Outcome) {
        world.record(by, Body::Resolve(Resolve { target, outcome, terms: Maybe::Shown(None) }));
    }

    fn believing(world: &World, authorities: &[&str], known: &[&str]) -> Believed {
        let ids = |names: &[&str]| names.iter().map(|name| world.party(name)).collect::<BTreeSet<_>>();
        let authorities = ids(authorities);
        Believed { known: ids(known).union(&authorities).copied().collect(), authorities }
    }

    fn weights(world: &World, believed: &Believed) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph(), believed).iter().map(|one| (one.code, one.weight)).collect()
    }

    #[test]
    fn a_party_of_the_chain_holds_a_lot_open_and_a_stranger_does_not() {
        for (by, weight) in [("plant", Weight::Unknown), ("mine", Weight::Unknown), ("works", Weight::Note)] {
            let (mut world, mined, received) = world();
            dispute(&mut world, by, Subject::Lot(mined), DisputeReason::Quantity);
            let nobody = believing(&world, &[], &[]);
            assert_eq!(weights(&world, &nobody), vec![(FindingCode::Disputed, weight)], "{by}");
            assert!(findings(&world.graph(), &nobody)[0].lots.contains(&received));
            let authority = believing(&world, &["works"], &[]);
            assert_eq!(weights(&world, &authority)[0].1, Weight::Unknown);
        }
    }

    #[test]
    fn it_is_open_until_its_author_or_an_authority_ends_it_and_fails_when_upheld() {
        let cases = [
            ("plant", Outcome::Settled, Weight::Note),
            ("plant", Outcome::Upheld, Weight::Unknown),
            ("mine", Outcome::Rejected, Weight::Unknown),
            ("works", Outcome::Rejected, Weight::Note),
            ("works", Outcome::Upheld, Weight::Fail),
        ];
        for (by, outcome, weight) in cases {
            let (mut world, mined, _) = world();
            let opened = dispute(&mut world, "plant", Subject::Lot(mined), DisputeReason::Quality);
            resolve(&mut world, by, opened, outcome);
            let believed = believing(&world, &["works"], &[]);
            assert_eq!(weights(&world, &believed), vec![(FindingCode::Disputed, weight)], "{by} {outcome}");
        }
    }

    #[test]
    fn a_dispute_withdrawn_by_its_author_is_none() {
        let (mut world, mined, _) = world();
        let opened = dispute(&mut world, "plant", Subject::Lot(mined), DisputeReason::Quality);
        world.withdraw("plant", opened, crate::model::evidence::WithdrawReason::Other);
        assert_eq!(weights(&world, &Believed::default()), vec![]);
    }

    #[test]
    fn an_issuer_that_the_reader_knows_denies_and_one_that_only_bears_the_name_holds_it_open() {
        let mut world = World::new();
        let touch = declared(0, &["Nd"], "P10 mine", "AU", true);
        let taken = world.intake("plant", vec![lot("oxide.Nd", 1)], vec![touch]);
        world.establish("Maker", "AU");
        world.establish("Baker", "AU");
        let twin = world.clone();
        dispute(&mut world, "Maker", Subject::Record(taken), DisputeReason::Authorship);
        let known = believing(&world, &[], &["Maker"]);
        assert_eq!(weights(&world, &known), vec![(FindingCode::IssuerDenies, Weight::Fail)]);
        let stranger = believing(&world, &[], &[]);
        assert_eq!(weights(&world, &stranger), vec![(FindingCode::Disputed, Weight::Unknown)]);
        let mut world = twin;
        dispute(&mut world, "Baker", Subject::Record(taken), DisputeReason::Authorship);
        assert_eq!(weights(&world, &known), vec![(FindingCode::Disputed, Weight::Note)]);
    }
}
