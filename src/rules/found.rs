//! What the program finds by itself about a lot's custody and balance, as reasons of a rule.
//!
//! The checks are fixed and stand in every report; a rule that names some of them gives their findings its own verdict.
//! Which codes belong to which word of a pack stands beside the words. Spec: docs/formats/kinds/graph.md, "Findings".

use super::facts::Facts;
use super::kind::Outcome;
use super::verdict::{Limit, Reason, ReasonCode};
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::verdict::Verdict;

/// What leaves the ancestry itself open, so that a check of all of it cannot pass.
pub(super) const GAPS: &[FindingCode] = &[FindingCode::MissingInput, FindingCode::InputsWithheld];

/// Collects reasons, of which no more of one code are told than a verdict lists.
#[derive(Default)]
pub(super) struct Told {
    pub(super) outcome: Outcome,
    limit: Limit,
}

impl Told {
    /// Adds a reason.
    pub(super) fn push(&mut self, reason: Reason) {
        if self.limit.admits(reason.code) {
            self.outcome.reasons.push(reason);
        }
    }

    /// Adds a reason with this code, about the lot as a whole.
    pub(super) fn because(
        &mut self,
        code: ReasonCode,
        verdict: Verdict,
        text: String,
        records: Vec<RecordId>,
        resolve: &str,
    ) {
        let resolve = Some(resolve.to_owned());
        self.push(Reason { code, verdict, elements: Vec::new(), text, records, resolve });
    }

    /// Adds what one finding means: a reason by its weight, a note where it decides nothing.
    pub(super) fn finding(&mut self, finding: &Finding) {
        let text = format!("{}: {}", finding.code.name().replace('_', " "), finding.message);
        let (code, verdict) = match finding.weight {
            Weight::Fail => (ReasonCode::RecordsContradict, Verdict::Fail),
            Weight::Withheld => (ReasonCode::CheckWithheld, Verdict::Withheld),
            Weight::Unknown => (ReasonCode::CheckOpen, Verdict::Unknown),
            Weight::Warning | Weight::Note => {
                self.outcome.notes.push(text);
                return;
            }
        };
        self.because(code, verdict, text, finding.records.clone(), &finding.resolve);
    }

    /// Adds what all findings about the lot that `wanted` picks mean; returns whether there are any.
    pub(super) fn findings(&mut self, facts: &Facts<'_>, wanted: impl Fn(&Finding) -> bool) -> bool {
        let mut any = false;
        for finding in facts.findings.iter().filter(|finding| wanted(finding)) {
            any = true;
            self.finding(finding);
        }
        any
    }

    /// Returns the outcome of a rule that reaches the lot.
    pub(super) fn done(mut self) -> Outcome {
        self.outcome.leave_out(&self.limit);
        self.outcome
    }
}
