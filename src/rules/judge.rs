//! Judging a lot by a pack: each rule on its own, on one day.

use std::collections::{BTreeMap, BTreeSet};

use super::as_of::AsOf;
use super::attested;
use super::day::JudgedDay;
use super::facts::Facts;
use super::kind::{Asked, Outcome, Predicate, exception};
use super::pack::{Applies, Pack, Rule, Scope, WithoutClass};
use super::reading::reading;
use super::thing::{self, Reach, Thing};
use super::timeline::{self, Timeline};
use super::told::{Side, told};
use super::verdict::{Reason, ReasonCode, RuleVerdict};
use crate::balance::bands::Bands;
use crate::custody::assembly::Later;
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::time::Timestamp;
use crate::model::verdict::Verdict;
use crate::trust::Trust;

/// What a lot is judged on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Everything that is held.
    pub graph: &'a Graph,
    /// The lot.
    pub lot: LotRef,
    /// The day that decides which text applies and how old a status is, and the buyer's facts.
    pub as_of: AsOf<'a>,
    /// The claimed time of the last record held of each party; see [`last_claimed`].
    pub claimed: &'a BTreeMap<PartyId, Timestamp>,
    /// Whom the reader believes.
    pub trust: &'a Trust,
    /// Constants and bands that shares are computed with.
    pub bands: &'a Bands,
    /// What was done to the lot after it went into something as a part; none where it is judged alone.
    pub later: Option<&'a Later>,
    /// The thing that the lot is judged in: the one it is a part of, or is; none where it is judged alone.
    pub thing: Option<&'a Thing<'a>>,
    /// What is found about the lot's custody whatever any pack says; its balance is among it.
    pub findings: &'a [Finding],
}

/// Returns the claimed time of the last record held of each party, or of a later header.
pub fn last_claimed(graph: &Graph) -> BTreeMap<PartyId, Timestamp> {
    let mut last: BTreeMap<PartyId, ((u16, u64), Timestamp)> = BTreeMap::new();
    for record in graph.records() {
        let at = ((record.epoch, record.seq), record.signed_at);
        let known = last.entry(record.author).or_insert(at);
        *known = at.max(*known);
    }
    for (party, end) in graph.chain_ends() {
        let at = ((end.epoch, end.seq), end.signed_at);
        let known = last.entry(*party).or_insert(at);
        *known = at.max(*known);
    }
    last.into_iter().map(|(party, (_, time))| (party, time)).collect()
}

/// Judges a lot by every rule of a pack, in the order of the pack.
///
/// `disabled` reasons are left out, for tests that show that each code matters; it is empty otherwise.
pub fn judge(pack: &Pack, input: &Input<'_>, disabled: &BTreeSet<ReasonCode>) -> Vec<RuleVerdict> {
    judge_facts(pack, input, &Facts::new(input), input.as_of.of(pack), disabled)
}

pub(super) fn judge_facts(
    pack: &Pack,
    input: &Input<'_>,
    facts: &Facts<'_>,
    as_of: Day,
    disabled: &BTreeSet<ReasonCode>,
) -> Vec<RuleVerdict> {
    pack.file.rules.iter().map(|rule| of_rule(pack, rule, input, facts, as_of, disabled)).collect()
}

fn of_rule(
    pack: &Pack,
    rule: &Rule,
    input: &Input<'_>,
    facts: &Facts<'_>,
    as_of: Day,
    disabled: &BTreeSet<ReasonCode>,
) -> RuleVerdict {
    let outcome = outcome(pack, rule, facts, as_of, reading(pack, rule, facts.case));
    told(pack, rule, Side::of(input, pack, as_of), as_of, outcome, disabled, Some(facts))
}

/// Judges by `packs` on every day of a timeline something that `outcome_of` answers for instead of a lot.
pub(super) fn timeline_by(
    packs: &[Pack],
    input: &Input<'_>,
    disabled: &BTreeSet<ReasonCode>,
    outcome_of: impl Fn(&Pack, &Rule) -> Outcome,
) -> Timeline {
    let one = |pack: &Pack, rule: &Rule, as_of: Day| {
        let outcome = not_in_force(pack, rule, as_of).unwrap_or_else(|| outcome_of(pack, rule).settled());
        // Waivers name lots; what stands in for one has none.
        told(pack, rule, Side::of(input, pack, as_of), as_of, outcome, disabled, None)
    };
    timeline::of(packs, input.as_of, |as_of| {
        let of_pack =
            |pack: &&Pack| pack.file.rules.iter().map(|rule| one(pack, rule, as_of)).collect::<Vec<_>>();
        packs.iter().flat_map(|pack| of_pack(&pack)).collect()
    })
}

/// Whether a rule's text holds on a day.
pub(super) fn in_force(pack: &Pack, rule: &Rule, as_of: Day) -> bool {
    not_in_force(pack, rule, as_of).is_none()
}

pub(super) fn not_in_force(pack: &Pack, rule: &Rule, as_of: Day) -> Option<Outcome> {
    let (from, to) = pack.effective(rule);
    if let Some(from) = from.filter(|from| as_of < *from) {
        return Some(Outcome::not_applicable(format!("this text applies from {from}")));
    }
    if let Some(to) = to.filter(|to| *to < as_of) {
        return Some(Outcome::not_applicable(format!("this text applied up to {to}")));
    }
    None
}

/// Judges a lot by one rule under one reading, as far as its text holds on that day and is about the lot.
pub(super) fn outcome(
    pack: &Pack,
    rule: &Rule,
    facts: &Facts<'_>,
    as_of: Day,
    reading: Option<&str>,
) -> Outcome {
    if let Some(outcome) = not_in_force(pack, rule, as_of) {
        return outcome;
    }
    let Some(lot) = facts.graph.lot(&facts.lot) else {
        let text = format!("lot {} is not held", names::lot(facts.graph, &facts.lot));
        return open(
            ReasonCode::LotNotHeld,
            text,
            "import the chain that holds this lot's record".to_owned(),
        );
    };
    let reach = facts.thing.and_then(|thing| thing.reach(rule));
    if let Some(Reach::Under(told)) = reach {
        return Outcome::not_applicable(told);
    }
    match rule.applies_to(&lot.material) {
        Applies::Yes => {}
        Applies::No => return Outcome::not_applicable(format!("the rule is not about `{}`", lot.material)),
        // What may not even be about the lot excepts it from nothing.
        Applies::Open if is_unclaimed_exception(facts, pack, rule) => {
            return Outcome::not_applicable(format!("the rule may not be about `{}`", lot.material));
        }
        Applies::Open => {
            let text = format!("the code `{}` does not tell whether the rule applies", lot.material);
            return open(
                ReasonCode::MaterialOpen,
                text,
                "record the lot under its full material code".to_owned(),
            );
        }
    }
    let class = facts.case.and_then(|case| case.file.item_class);
    if !rule.item_classes.is_empty() {
        match class {
            Some(class) if !rule.item_classes.contains(&class) => {
                return Outcome::not_applicable(format!(
                    "the rule is not about end items of class `{class}`"
                ));
            }
            None if rule.without_class == WithoutClass::NotApplicable => {
                return Outcome::not_applicable("no case file says of which class the end item is");
            }
            _ => {}
        }
    }
    if rule.scope == Scope::Portfolio {
        // What one lot went through says nothing about a period, for or against.
        return open(
            ReasonCode::PortfolioNeeded,
            "needs all receipts of the reader in the period".to_owned(),
            "judge it over the reader's own ledger".to_owned(),
        );
    }
    let mut outcome = judged_once(&Asked { facts, pack, rule, reading, day: &JudgedDay::new(as_of) });
    attested::expire(facts, as_of, &mut outcome);
    if !rule.item_classes.is_empty() && class.is_none() {
        // INVARIANT (no accusation on missing evidence): the rule may not be about this end item.
        for reason in outcome.reasons.iter_mut().filter(|reason| reason.verdict == Verdict::Fail) {
            reason.verdict = Verdict::Unknown;
            reason.text.push_str("; whether the rule is about this end item is not known");
            reason.resolve = Some("give `item_class` in the case file".to_owned());
        }
    }
    thing::held_back(reach, &mut outcome);
    outcome
}

fn is_unclaimed_exception(facts: &Facts<'_>, pack: &Pack, rule: &Rule) -> bool {
    matches!(rule.check, Predicate::Exception(_)) && !exception::is_claimed(facts, pack, rule)
}

/// Judges a lot by a rule that is in force and about it; by one that does not look at the day, once for all days.
fn judged_once(asked: &Asked<'_, '_>) -> Outcome {
    asked.facts.once(asked, || {
        let kind = asked.rule.check.kind();
        let mut outcome = kind.judge(asked);
        if let Some(what) = kind.untold() {
            attested::hold(asked, what, &mut outcome);
        }
        if !outcome.not_applicable {
            outcome.reasons.extend(out_of_scope(asked.rule.scope, asked.facts));
        }
        outcome.settled()
    })
}

/// Returns the parties whose whole chain the reader would have to hold and does not.
fn out_of_scope(scope: Scope, facts: &Facts<'_>) -> Vec<Reason> {
    if scope != Scope::WholeChain {
        return Vec::new();
    }
    let behind = facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id));
    let parties: BTreeSet<PartyId> = behind.map(|record| record.author).collect();
    let incomplete = parties.into_iter().filter(|party| !is_whole(facts.graph, party));
    incomplete.map(|party| whole_chain_needed(facts.graph, &party)).collect()
}

/// Returns the reason that records of a party are missing where a rule needs all of them.
pub(super) fn whole_chain_needed(graph: &Graph, party: &PartyId) -> Reason {
    let name = names::party(graph, party);
    Reason {
        code: ReasonCode::WholeChainNeeded,
        verdict: Verdict::Unknown,
        elements: Vec::new(),
        text: format!("needs the whole chain of {name}"),
        records: Vec::new(),
        resolve: Some(format!("import the whole chain of {name}")),
    }
}

/// Whether every record of a party up to its last one is held. A later one can always be missing.
pub(super) fn is_whole(graph: &Graph, party: &PartyId) -> bool {
    let seqs: BTreeSet<u64> =
        graph.records().iter().filter(|record| record.author == *party).map(|record| record.seq).collect();
    seqs.last().is_some_and(|last| last.checked_add(1) == Some(seqs.len() as u64))
}

fn open(code: ReasonCode, text: String, resolve: String) -> Outcome {
    let reason = Reason {
        code,
        verdict: Verdict::Unknown,
        elements: Vec::new(),
        text,
        records: Vec::new(),
        resolve: Some(resolve),
    };
    Outcome::because(reason)
}

#[cfg(test)]
mod tests;
