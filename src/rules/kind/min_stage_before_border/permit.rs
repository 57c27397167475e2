//! Papers that a country asks for when goods leave it.
//!
//! A paper counts where it is one that the reader has checked, or that an authority of the reader's signed. One that
//! had run out speaks against the goods whoever registered it; that none is held says nothing against them.

use super::leaving::Leaving;
use super::weigh::Weighed;
use super::window::Window;
use super::{Query, quota};
use crate::custody::names;
use crate::model::day::Period;
use crate::model::event::{Body, RegisterDocument, Subject};
use crate::model::evidence::DocumentKind;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::verdict::ReasonCode;
use crate::trust::AcceptedDocument;

/// What is held of a paper, best first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// A good one, in words.
    Good(String),
    /// One of which it is not told whether it held.
    Open(String),
    /// One that the reader has not checked.
    NotBelieved(String),
    /// One that did not hold.
    Invalid(String),
    /// None.
    Nothing,
}

/// Returns every paper that is registered and was not taken back.
pub(super) fn registered<'g>(facts: &Facts<'g>) -> Vec<(&'g Record, &'g RegisterDocument)> {
    let records = facts.graph.records().iter();
    let held = records.filter(|record| facts.graph.withdrawn(&record.id).is_none());
    held.filter_map(|record| match &record.event.body {
        Body::RegisterDocument(paper) => Some((record, paper)),
        _ => None,
    })
    .collect()
}

/// What is held of a paper, and its entry in the reader's list.
pub(super) type About<'f> = (Held, Option<&'f AcceptedDocument>);

/// Returns every paper of one of `kinds` about something that left.
pub(super) fn about<'f>(query: &Query<'f, '_>, one: &Leaving<'_>, kinds: &[DocumentKind]) -> Vec<About<'f>> {
    let facts = query.facts;
    let mut found: Vec<About<'f>> = Vec::new();
    for (record, paper) in query.papers.iter().filter(|(_, paper)| kinds.contains(&paper.document)) {
        let is_about = paper.about.iter().any(|subject| match subject {
            Subject::Lot(lot) => one.goods.contains(lot),
            Subject::Party(party) => *party == one.sender,
            Subject::Record(id) => Some(*id) == one.facility,
        });
        if !is_about {
            continue;
        }
        let number = match &paper.number {
            Maybe::Shown(Some(number)) => Some(number),
            _ => None,
        };
        let name =
            format!("{}{}", paper.document, number.map(|number| format!(" `{number}`")).unwrap_or_default());
        let checked = facts.trust.accepted_documents.iter().find(|accepted| {
            let entry = &accepted.entry;
            let same_number = entry.number.is_some() && entry.number.as_ref() == number;
            entry.kind == paper.document
                && (entry.sha256 == Some(paper.sha256) || (entry.sha256.is_none() && same_number))
        });
        let by_authority =
            facts.trust.authority(&record.author).next().is_some() && !facts.is_tied(record, &one.sender);
        let valid = checked.and_then(|accepted| accepted.entry.valid).or(paper.valid);
        found.push((judged(name, valid, &one.days, checked.is_some() || by_authority), checked));
    }
    for accepted in &facts.trust.accepted_documents {
        let is_about = one.facility.is_some_and(|facility| accepted.is_about(&facility, Some(&one.sender)));
        if is_about && kinds.contains(&accepted.entry.kind) {
            found.push((judged(accepted.describe(), accepted.entry.valid, &one.days, true), Some(accepted)));
        }
    }
    found
}

/// Returns the best paper of one of `kinds` about something that left.
pub(super) fn held(query: &Query<'_, '_>, one: &Leaving<'_>, kinds: &[DocumentKind]) -> Held {
    let rank = |held: &Held| match held {
        Held::Good(_) => 0,
        Held::Open(_) => 1,
        Held::NotBelieved(_) => 2,
        Held::Invalid(_) => 3,
        Held::Nothing => 4,
    };
    about(query, one, kinds).into_iter().map(|(held, _)| held).min_by_key(rank).unwrap_or(Held::Nothing)
}

fn judged(name: String, valid: Option<Period>, days: &Window, is_believed: bool) -> Held {
    let Some(valid) = valid else { return Held::Open(format!("{name} says no days on which it holds")) };
    let outside = days.first.is_some_and(|first| valid.last < first)
        || days.last.is_some_and(|last| last < valid.first);
    if outside {
        return Held::Invalid(format!("{name} held {valid}"));
    }
    let inside = matches!((days.first, days.last), (Some(first), Some(last)) if valid.first <= first && last <= valid.last);
    match (inside, is_believed) {
        (false, _) => Held::Open(format!("{name} held {valid}, and it may have left on another day")),
        (true, false) => Held::NotBelieved(format!("{name} is not one that this reader has checked")),
        (true, true) => Held::Good(name),
    }
}

/// Adds what it means that this is held; `text` says what it is asked for.
pub(super) fn told(
    query: &Query<'_, '_>,
    one: &Leaving<'_>,
    (kinds, held): (&[DocumentKind], Held),
    text: &str,
    weighed: &mut Weighed,
) {
    let sender = names::party(query.facts.graph, &one.sender);
    let resolve =
        format!("get the paper from {sender}, check it with its issuer, and list it in the trust file");
    let (key, text) = match held {
        Held::Good(paper) => {
            weighed.notes.push(format!("{}: {paper}", one.say(query.facts.graph)));
            return quota::of_papers(query, one, kinds, weighed);
        }
        Held::Open(what) => ((ReasonCode::NoPermit, Verdict::Unknown), format!("{text}; {what}")),
        Held::NotBelieved(what) => {
            ((ReasonCode::AuthorityNotBelieved, Verdict::Unknown), format!("{text}; {what}"))
        }
        Held::Invalid(what) => ((ReasonCode::PermitInvalid, Verdict::Fail), format!("{text}; {what}")),
        Held::Nothing => ((ReasonCode::NoPermit, Verdict::Unknown), format!("{text}; none is held")),
    };
    weighed.reasons.push(query.reason(one, key, text, &resolve));
}

/// Returns "export_permit or quota_allocation".
pub(super) fn words(kinds: &[DocumentKind]) -> String {
    kinds.iter().map(DocumentKind::to_string).collect::<Vec<_>>().join(" or ")
}
