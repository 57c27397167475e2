//! What attestations that stand in for records behind a lot do not tell.
//!
//! They tell through which steps and places its elements went. A rule that asks for more, such as who did it, on which papers or how
//! it was handed over, passes over nothing that it was not shown. Spec: docs/verification.md, "Attestations".

use super::facts::Facts;
use super::kind::{Asked, Outcome};
use super::verdict::{Reason, ReasonCode};
use crate::custody::attested::Attested;
use crate::custody::names;
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::verdict::Verdict;

/// Holds a rule open that asks for `what`, where attestations stand in for records behind the lot.
///
/// What it found against the lot or open stays as it is.
pub(super) fn hold(asked: &Asked<'_, '_>, what: &str, outcome: &mut Outcome) {
    if Verdict::worst(outcome.reasons.iter().map(|reason| reason.verdict)) >= Verdict::Unknown {
        return;
    }
    let reasons: Vec<Reason> = behind(asked.facts).map(|one| untold(asked.facts, one, what)).collect();
    if !reasons.is_empty() {
        outcome.not_applicable = false;
        outcome.reasons.extend(reasons);
    }
}

/// Holds a rule open on days for which an attestation behind the lot may no longer be relied on.
pub(super) fn expire(facts: &Facts<'_>, as_of: Day, outcome: &mut Outcome) {
    if outcome.not_applicable {
        return;
    }
    for one in behind(facts).filter(|one| one.until < as_of) {
        let lot = names::lot(facts.graph, &one.lot);
        // Nothing rests on it any more, neither for the lot nor against it.
        let rests = |reason: &&mut Reason| reason.records.iter().any(|record| one.records.contains(record));
        for reason in outcome.reasons.iter_mut().filter(rests) {
            reason.verdict = reason.verdict.min(Verdict::Unknown);
        }
        outcome.reasons.push(Reason {
            code: ReasonCode::NotAttested,
            verdict: Verdict::Unknown,
            elements: Vec::new(),
            text: format!(
                "what {} attests of {lot} may be relied on up to {}",
                by(facts, &one.by),
                one.until
            ),
            records: one.records.clone(),
            resolve: Some(format!("get a newer attestation of {lot}, or the records behind it")),
        });
    }
    outcome.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.verdict));
}

/// Returns the attestations that stand in for records behind the lot, ascending by the lots they are about.
pub(super) fn behind<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Attested> {
    facts.graph.attested().filter(|one| facts.is_behind(&one.lot))
}

/// Returns who attests what the lot rests on, ascending.
pub(super) fn parties(facts: &Facts<'_>) -> Vec<PartyId> {
    let mut parties: Vec<PartyId> = behind(facts).flat_map(|one| one.by.iter().copied()).collect();
    parties.sort_unstable();
    parties.dedup();
    parties
}

/// Returns the reason that an attestation does not tell `what`.
pub(super) fn untold(facts: &Facts<'_>, one: &Attested, what: &str) -> Reason {
    let lot = names::lot(facts.graph, &one.lot);
    let by = by(facts, &one.by);
    Reason {
        code: ReasonCode::NotAttested,
        verdict: Verdict::Withheld,
        elements: Vec::new(),
        text: format!("{by} attests through which steps {lot} went, and not {what}"),
        records: one.records.clone(),
        resolve: Some(format!("get the records behind {lot}")),
    }
}

/// Names parties, with commas between.
fn by(facts: &Facts<'_>, parties: &[PartyId]) -> String {
    let names: Vec<String> = parties.iter().map(|party| names::party(facts.graph, party)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
