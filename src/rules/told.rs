//! From what a rule found to its verdict: waivers and exceptions, limits on reasons and notes, and what to know besides.

use std::collections::{BTreeMap, BTreeSet};

use super::attested;
use super::facts::Facts;
use super::judge::{Input, in_force};
use super::kind::{Outcome, Predicate, exception};
use super::pack::{Pack, PackStatus, Rule};
use super::reading::{self, reading};
use super::verdict::{Limit, Reason, ReasonCode, RuleVerdict};
use super::waiver;
use crate::hash::Hash;
use crate::model::day::Day;
use crate::model::verdict::Verdict;

/// The most notes that a verdict lists.
const MAX_NOTES: usize = 100;

/// How long before the day judged for a text may have been looked up without a word about it.
const TEXT_AGE_DAYS: i32 = 365;

/// What of the reader's own stands on a verdict.
pub(super) struct Side {
    /// What to know about the day judged for.
    pub(super) note: Option<String>,
    /// SHA-256 of the trust file.
    pub(super) trust_hash: Option<Hash>,
    /// SHA-256 of the case file.
    pub(super) case_hash: Option<Hash>,
}

impl Side {
    pub(super) fn of(input: &Input<'_>, pack: &Pack, as_of: Day) -> Self {
        Self {
            note: input.as_of.note(pack, as_of),
            trust_hash: input.trust.hash,
            case_hash: input.as_of.case.map(|case| case.hash),
        }
    }
}

/// Returns the verdict of a rule, whose reasons are [settled](Outcome::settled).
///
/// `disabled` reasons are left out, for tests. Without `facts` nothing is waived or excepted, since that takes a lot.
pub(super) fn told(
    pack: &Pack,
    rule: &Rule,
    side: Side,
    as_of: Day,
    mut outcome: Outcome,
    disabled: &BTreeSet<ReasonCode>,
    facts: Option<&Facts<'_>>,
) -> RuleVerdict {
    outcome.reasons.retain(|reason| !disabled.contains(&reason.code));
    outcome.left_out.retain(|code, _| !disabled.contains(code));
    let verdict = of_outcome(rule, &outcome);
    let readings = match verdict {
        // A text that does not reach the lot under one reading may reach it under another.
        Verdict::NotApplicable if !in_force(pack, rule, as_of) => Vec::new(),
        _ => reading::about(pack, rule, as_of, verdict, disabled, facts),
    };
    let informs = verdict == Verdict::NotApplicable && !outcome.reasons.is_empty();
    // A gap that was kept from the reader is no reason to look away: only `fail` and `unknown` can be waived.
    let waiver = match (verdict, facts) {
        // A waiver that names an exception is what the exception asks for, and lets nothing go that was claimed in vain.
        _ if matches!(rule.check, Predicate::Exception(_)) => waiver::Answer::default(),
        (Verdict::Fail | Verdict::Unknown, Some(facts)) => waiver::ask(facts, pack, rule, as_of),
        _ => waiver::Answer::default(),
    };
    let exception = match (verdict, facts) {
        (Verdict::Fail | Verdict::Unknown, Some(facts)) if waiver.by.is_none() => {
            exception::ask(facts, pack, rule, as_of, |other| reading(pack, other, facts.case))
        }
        _ => exception::Answer::default(),
    };
    let is_waived = waiver.by.is_some() || exception.by.is_some();
    let verdict = if is_waived { Verdict::Waived } else { verdict };
    let mut notes = outcome.notes;
    let more = notes.len().saturating_sub(MAX_NOTES);
    notes.truncate(MAX_NOTES);
    if more > 0 {
        notes.push(format!("{more} further notes are left out"));
    }
    notes.extend(notes_of(outcome.left_out));
    notes.extend(waiver.notes);
    notes.extend(exception.notes);
    notes.extend(readings);
    if informs {
        notes.push("this rule informs only: what it finds decides nothing".to_owned());
    }
    if verdict != Verdict::NotApplicable || informs {
        notes.extend(side.note);
        notes.extend(about_text(pack, as_of));
        notes.extend(rule.notes.iter().cloned());
    }
    RuleVerdict {
        pack: pack.file.id.clone(),
        pack_version: pack.file.version.clone(),
        pack_hash: pack.hash,
        pack_status: pack.file.status,
        confidence: pack.file.confidence,
        reviewer: pack.file.reviewer.clone(),
        rule: rule.id.clone(),
        title: rule.title.clone(),
        clause: rule.clause.clone(),
        scope: rule.scope,
        severity: rule.severity,
        as_of,
        verdict,
        reasons: outcome.reasons,
        notes,
        attested_by: match (verdict, facts) {
            (Verdict::NotApplicable, _) | (_, None) => Vec::new(),
            (_, Some(facts)) => attested::parties(facts),
        },
        help: rule.help.clone(),
        trust_hash: side.trust_hash,
        case_hash: side.case_hash,
        waiver: waiver.by.or(exception.record),
        exception: exception.by,
        reading: reading(pack, rule, facts.and_then(|facts| facts.case)).map(str::to_owned),
    }
}

/// Returns the verdict that reasons lead to, waivers and exceptions apart.
pub(super) fn of_outcome(rule: &Rule, outcome: &Outcome) -> Verdict {
    let worst = Verdict::worst(outcome.reasons.iter().map(|reason| reason.verdict));
    match (outcome.not_applicable, worst) {
        (true, Verdict::NotApplicable) => Verdict::NotApplicable,
        (false, Verdict::NotApplicable) => Verdict::Pass,
        // What it found is told; whose target it is, it is not the reader's.
        (_, _) if !rule.severity.decides() => Verdict::NotApplicable,
        (_, worst) => worst,
    }
}

/// Says how many reasons of each code were left out.
pub(super) fn notes_of(left_out: BTreeMap<ReasonCode, usize>) -> impl Iterator<Item = String> {
    let note = |(code, count)| format!("at least {count} further reasons `{code}` are left out");
    left_out.into_iter().map(note)
}

/// Keeps the first reasons of each code, and counts the rest; some were left out before.
pub(super) fn capped(
    reasons: Vec<Reason>,
    mut left_out: BTreeMap<ReasonCode, usize>,
) -> (Vec<Reason>, BTreeMap<ReasonCode, usize>) {
    let mut limit = Limit::default();
    let kept = reasons.into_iter().filter(|reason| limit.admits(reason.code)).collect();
    for (code, count) in limit.left_out() {
        *left_out.entry(code).or_default() += count;
    }
    (kept, left_out)
}

/// Returns what to know about the state of a text: not law, not settled on the day, or read long before it.
fn about_text(pack: &Pack, as_of: Day) -> Vec<String> {
    let mut notes = Vec::new();
    let status = pack.file.status;
    if !matches!(status, PackStatus::Enacted) {
        notes.push(format!("the text of this pack is `{status}`"));
    }
    for unsettled in pack.file.unsettled.iter().filter(|one| one.from <= as_of) {
        notes.push(format!("not settled from {} on: {}", unsettled.from, unsettled.note));
    }
    let age = as_of.days_since(pack.checked());
    if age > TEXT_AGE_DAYS {
        notes.push(format!("the text was last looked up on {}, {age} days before {as_of}", pack.checked()));
    }
    notes
}
