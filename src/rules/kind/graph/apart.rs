//! `apart`: who attests something about the goods is apart from who made them and from who has them.
//!
//! A tie that either side declares counts against it. That no tie is declared shows nothing: only the reader's trust
//! file vouches for an attester. What a party says of its own goods calls nobody independent and is not looked at.
//! Spec: docs/formats/kinds/graph.md, "apart".

use std::collections::BTreeSet;

use crate::custody::consumer;
use crate::custody::names;
use crate::custody::ties::Ties;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::{Body, Subject};
use crate::model::evidence::AssayPurpose;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Something attested about a record behind the lot.
struct Attested<'a> {
    by: &'a Record,
    /// What was done that it is about.
    about: RecordId,
    /// Who did that.
    doer: PartyId,
}

/// Whether anybody attests anything about what is behind the lot.
pub(super) fn reaches(facts: &Facts<'_>) -> bool {
    !attested(facts).is_empty()
}

/// Tells of each attester who is tied to the doer or to a holder, or of whom nobody knows that it is apart.
pub(super) fn judge(facts: &Facts<'_>, told: &mut Told) {
    let graph = facts.graph;
    let ties = Ties::new(graph);
    let holders: BTreeSet<PartyId> = consumer::had(graph, &facts.lot).into_iter().collect();
    for one in attested(facts) {
        let (attester, on) = (one.by.author, Period::day(one.by.signed_at.day()));
        let who = names::record(graph, one.by);
        // The doer first: the words are about whoever is tied, and nobody is told twice.
        let others =
            [one.doer].into_iter().chain(holders.iter().copied().filter(|holder| *holder != one.doer));
        let tied = others.into_iter().find_map(|other| Some((other, ties.between(&attester, &other, &on)?)));
        if let Some((other, way)) = tied {
            let is_sure = facts.surely_through(&one.about);
            let why = match other == attester {
                true => format!("{who} is about what its author itself did or has"),
                false => format!("{who}: its author is tied to {}", names::party(graph, &other)),
            };
            let perhaps = if is_sure { "" } else { "; the lot may not be of that" };
            told.because(
                ReasonCode::TiedAttester,
                if is_sure { Verdict::Fail } else { Verdict::Unknown },
                format!("{why}{perhaps}"),
                [one.by.id].into_iter().chain(way).collect(),
                "let somebody attest it who is apart from both",
            );
        } else if facts.trust.authority(&attester).next().is_none() {
            told.because(
                ReasonCode::IndependenceOpen,
                Verdict::Unknown,
                format!("{who}: no tie of its author is declared, and the trust file does not vouch for it"),
                vec![one.by.id],
                "find out whose it is, and name it in the trust file if it is apart",
            );
        }
    }
}

/// Returns what others attest about records behind the lot, in the order of what is held.
fn attested<'a>(facts: &Facts<'a>) -> Vec<Attested<'a>> {
    let graph = facts.graph;
    let behind: BTreeSet<RecordId> = facts.ancestry().records.iter().copied().collect();
    // Work at a place stands for whatever is attested about the place.
    let at = |place: &RecordId| {
        facts
            .records_behind()
            .find(|record| record.event.body.at().is_some_and(|at| at.facility.shown() == Some(place)))
    };
    let of_subject = |subject: &Subject| match subject {
        Subject::Lot(lot) => facts.is_behind(lot).then_some(lot.record),
        Subject::Record(id) if behind.contains(id) => Some(*id),
        Subject::Record(id) => at(id).map(|record| record.id),
        Subject::Party(party) => facts.records_behind().find(|one| one.author == *party).map(|one| one.id),
    };
    let mut all = Vec::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let about = match &record.event.body {
            Body::Assay(assay) => match assay.purpose {
                AssayPurpose::Independent | AssayPurpose::Umpire => of_subject(&Subject::Lot(assay.lot)),
                _ => None,
            },
            Body::IssueTags(tags) => of_subject(&Subject::Record(tags.pit)),
            Body::Inspect(inspect) => of_subject(&inspect.about),
            Body::Certify(certify) => of_subject(&match certify.facility {
                Some(facility) => Subject::Record(facility),
                None => Subject::Party(certify.subject),
            }),
            _ => None,
        };
        let Some(about) = about else { continue };
        let Some(doer) = graph.record(&about).map(|record| record.author) else { continue };
        all.push(Attested { by: record, about, doer });
    }
    all
}
