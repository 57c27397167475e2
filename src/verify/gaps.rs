//! What would close the gaps behind verdicts: each act once, with the rules that wait for it.
//!
//! Three states are told apart: kept from this reader, not established by what is held, and out of the scope of what one
//! lot can show. Spec: docs/verification.md, "Gaps".

use serde::Serialize;

use crate::hash::PartyId;
use crate::model::verdict::Verdict;
use crate::rules::{ReasonCode, RuleVerdict};

/// Why something is not established.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GapState {
    /// It is kept from this reader.
    Withheld,
    /// Nothing that is held says it.
    Unknown,
    /// It takes the whole chain of somebody, or everything the reader received.
    OutOfScope,
}

/// One act that would close gaps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GapLine {
    /// Why it is open.
    pub state: GapState,
    /// What would close it.
    pub resolve: String,
    /// Rules that wait for it, as `PACK RULE`, in the order of the report.
    pub rules: Vec<String>,
    /// Authors of the records that leave it open, who can be asked; ascending.
    pub parties: Vec<PartyId>,
}

/// Returns each act that would close gaps of `rules`, what is kept back first, then by how many rules wait for it.
///
/// What contradicts a rule is no gap, and has none.
pub(super) fn of_rules(
    rules: &[RuleVerdict],
    author: impl Fn(&crate::hash::RecordId) -> Option<PartyId>,
) -> Vec<GapLine> {
    let mut lines: Vec<GapLine> = Vec::new();
    for rule in rules {
        for reason in &rule.reasons {
            let state = match (reason.verdict, reason.code) {
                (Verdict::Withheld, _) => GapState::Withheld,
                (Verdict::Unknown, ReasonCode::WholeChainNeeded | ReasonCode::PortfolioNeeded) => {
                    GapState::OutOfScope
                }
                (Verdict::Unknown, _) => GapState::Unknown,
                _ => continue,
            };
            let Some(resolve) = &reason.resolve else { continue };
            let at = lines.iter().position(|line| line.state == state && line.resolve == *resolve);
            let at = at.unwrap_or_else(|| {
                let resolve = resolve.clone();
                lines.push(GapLine { state, resolve, rules: Vec::new(), parties: Vec::new() });
                lines.len() - 1
            });
            let name = format!("{} {}", rule.pack, rule.rule);
            if !lines[at].rules.contains(&name) {
                lines[at].rules.push(name);
            }
            lines[at].parties.extend(reason.records.iter().filter_map(&author));
        }
    }
    for line in &mut lines {
        line.parties.sort_unstable();
        line.parties.dedup();
    }
    lines.sort_by_key(|line| (line.state, std::cmp::Reverse(line.rules.len())));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{RecordId, sha256};
    use crate::rules::Reason;
    use crate::rules::pack::{Confidence, PackStatus, Scope, Severity};

    fn record(number: u8) -> RecordId {
        RecordId::from_bytes([number; 32])
    }

    fn party(number: u8) -> PartyId {
        PartyId::from_bytes([number; 32])
    }

    fn because(verdict: Verdict, code: ReasonCode, resolve: Option<&str>, records: &[u8]) -> Reason {
        Reason {
            code,
            verdict,
            elements: Vec::new(),
            text: "something is so".to_owned(),
            records: records.iter().map(|number| record(*number)).collect(),
            resolve: resolve.map(str::to_owned),
        }
    }

    fn rule(name: &str, reasons: Vec<Reason>) -> RuleVerdict {
        RuleVerdict {
            pack: "small".to_owned(),
            pack_version: "1".to_owned(),
            pack_hash: sha256(&[b"small"]),
            pack_status: PackStatus::Draft,
            confidence: Confidence::Low,
            reviewer: "none".to_owned(),
            rule: name.to_owned(),
            title: "something".to_owned(),
            clause: "1".to_owned(),
            scope: Scope::Ancestry,
            severity: Severity::Decide,
            as_of: "2026-06-01".parse().unwrap(),
            verdict: reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Pass),
            reasons,
            notes: Vec::new(),
            attested_by: Vec::new(),
            help: "ask".to_owned(),
            trust_hash: None,
            case_hash: None,
            waiver: None,
            exception: None,
            reading: None,
        }
    }

    /// Author of each record is the party of the same number; record 9 is not held.
    fn gaps(rules: &[RuleVerdict]) -> Vec<GapLine> {
        of_rules(rules, |id| (1..9).find(|number| record(*number) == *id).map(party))
    }

    #[test]
    fn what_is_kept_back_what_nothing_says_and_what_takes_a_whole_chain_are_told_apart_in_this_order() {
        use ReasonCode::*;
        let lines = gaps(&[rule(
            "A-1",
            vec![
                because(Verdict::Unknown, WholeChainNeeded, Some("get the chain"), &[1]),
                because(Verdict::Unknown, PortfolioNeeded, Some("get the receipts"), &[1]),
                because(Verdict::Unknown, MissingNode, Some("record the step"), &[1]),
                because(Verdict::Withheld, PlaceWithheld, Some("ask for the place"), &[1]),
            ],
        )]);
        let told: Vec<(GapState, &str)> =
            lines.iter().map(|line| (line.state, line.resolve.as_str())).collect();
        assert_eq!(
            told,
            [
                (GapState::Withheld, "ask for the place"),
                (GapState::Unknown, "record the step"),
                (GapState::OutOfScope, "get the chain"),
                (GapState::OutOfScope, "get the receipts"),
            ]
        );
    }

    #[test]
    fn what_contradicts_a_rule_is_no_gap_and_neither_is_what_nothing_resolves() {
        let fails = because(Verdict::Fail, ReasonCode::BarredTouch, Some("no record can"), &[1]);
        let open = because(Verdict::Unknown, ReasonCode::MissingNode, None, &[1]);
        assert_eq!(gaps(&[rule("A-1", vec![fails, open]), rule("A-2", vec![])]), []);
    }

    #[test]
    fn one_act_is_told_once_with_each_rule_that_waits_and_each_party_to_ask() {
        let wait =
            |records: &[u8]| because(Verdict::Unknown, ReasonCode::MissingNode, Some("record it"), records);
        let other = because(Verdict::Unknown, ReasonCode::WeakEvidence, Some("sign it"), &[3]);
        let kept = because(Verdict::Withheld, ReasonCode::PlaceWithheld, Some("record it"), &[4]);
        let lines = gaps(&[
            rule("A-1", vec![other, kept]),
            rule("A-2", vec![wait(&[2, 9]), wait(&[1])]),
            rule("A-3", vec![wait(&[2])]),
        ]);
        // The same words for what is kept back and for what nothing says are two acts.
        let told: Vec<(GapState, &str, Vec<&str>)> = lines
            .iter()
            .map(|line| (line.state, line.resolve.as_str(), line.rules.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            told,
            [
                (GapState::Withheld, "record it", vec!["small A-1"]),
                (GapState::Unknown, "record it", vec!["small A-2", "small A-3"]),
                (GapState::Unknown, "sign it", vec!["small A-1"]),
            ]
        );
        assert_eq!(lines[1].parties, [party(1), party(2)]);
        assert_eq!(lines[2].parties, [party(3)]);
    }
}
