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
