//! Rules about assemblies: each part is asked, and the assembly has the worst answer.
//!
//! The code of a motor names no magnet, so a rule about magnets would never reach it. Its parts do.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{self, Input};
use super::kind::Outcome;
use super::pack::{Applies, Pack, Rule};
use super::thing::Reach;
use super::timeline::{Timeline, TimelinePoint};
use super::told;
use super::verdict::{Reason, ReasonCode, RuleVerdict, gathered};
use crate::custody::touch::carried_by;
use crate::model::element::Element;
use crate::model::lot::Addition;
use crate::model::material::Carries;
use crate::model::verdict::Verdict;

/// Returns what the rules say of something that joined an assembly without having been a lot.
///
/// A rule that is about its material cannot tell where it is from. `reason` says so of each element asked about.
pub fn timeline_of_addition(
    packs: &[Pack],
    input: &Input<'_>,
    addition: &Addition,
    disabled: &BTreeSet<ReasonCode>,
) -> Timeline {
    judge::timeline_by(packs, input, disabled, |pack, rule| {
        if let Some(under) = under(input, rule) {
            return under;
        }
        let holds = |element: &Element| {
            carried_by(&addition.material, &addition.composition, *element) != Carries::No
        };
        let elements: Vec<Element> =
            match (rule.applies_to(&addition.material), rule.check.kind().elements(pack)) {
                (Applies::No, _) | (_, None) => Vec::new(),
                (_, Some(elements)) => elements.into_iter().filter(holds).collect(),
            };
        if elements.is_empty() {
            return Outcome::not_applicable(format!("the rule is not about `{}`", addition.material));
        }
        let reason = Reason {
            code: ReasonCode::OpenAddition,
            verdict: Verdict::Unknown,
            elements,
            text: format!("`{}` joined without having been a lot", addition.material),
            records: Vec::new(),
            resolve: Some(
                "take the material in with `intake` and its papers, and use it as an input".to_owned(),
            ),
        };
        Outcome::because(reason)
    })
}

/// Returns what the rules say of something that is withheld: it may be what any of them is about.
pub fn timeline_of_withheld(
    packs: &[Pack],
    input: &Input<'_>,
    text: &str,
    disabled: &BTreeSet<ReasonCode>,
) -> Timeline {
    judge::timeline_by(packs, input, disabled, |_, rule| {
        if let Some(under) = under(input, rule) {
            return under;
        }
        let reason = Reason {
            code: ReasonCode::InputsWithheld,
            verdict: Verdict::Withheld,
            elements: Vec::new(),
            text: text.to_owned(),
            records: Vec::new(),
            resolve: Some("ask the author to show the items `in` and `add`".to_owned()),
        };
        Outcome::because(reason)
    })
}

/// Returns that a rule does not reach a thing, where there surely is too little of what it is about in it.
fn under(input: &Input<'_>, rule: &Rule) -> Option<Outcome> {
    match input.thing?.reach(rule)? {
        Reach::Under(told) => Some(Outcome::not_applicable(told)),
        Reach::Over(_) | Reach::Open { .. } => None,
    }
}

/// What the rules say of one part.
pub struct PartVerdicts<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Whether it surely is in the assembly.
    pub is_sure: bool,
    /// What the rules say of it by day.
    pub timeline: &'a Timeline,
}

/// Returns what the verdict on a part means for a thing that need not hold it.
///
/// INVARIANT (no accusation on missing evidence): what fails somewhere else does not fail here.
pub fn perhaps(verdict: Verdict) -> Verdict {
    if verdict == Verdict::Fail { Verdict::Unknown } else { verdict }
}

/// Joins what the rules say of an assembly itself with what they say of each of its parts, by name.
///
/// All timelines are of the same packs and days.
pub fn rolled_up(own: Timeline, parts: &[PartVerdicts<'_>]) -> Timeline {
    let points = own.points.into_iter().enumerate().map(|(day, point)| {
        let of_day: Vec<(&PartVerdicts<'_>, &[RuleVerdict])> = parts
            .iter()
            .filter_map(|part| Some((part, part.timeline.points.get(day)?.rules.as_slice())))
            .collect();
        let rules: Vec<RuleVerdict> = point
            .rules
            .into_iter()
            .enumerate()
            .map(|(at, own)| {
                let of_rule = of_day.iter().filter_map(|(part, rules)| Some((*part, rules.get(at)?)));
                rolled_up_rule(own, of_rule.collect())
            })
            .collect();
        let verdict = Verdict::worst(rules.iter().map(|rule| rule.verdict));
        TimelinePoint { rules, verdict, ..point }
    });
    Timeline { points: points.collect() }
}

fn rolled_up_rule(mut own: RuleVerdict, parts: Vec<(&PartVerdicts<'_>, &RuleVerdict)>) -> RuleVerdict {
    let here = |part: &PartVerdicts<'_>, verdict| if part.is_sure { verdict } else { perhaps(verdict) };
    let reached: Vec<(&PartVerdicts<'_>, &RuleVerdict)> =
        parts.into_iter().filter(|(_, rule)| rule.verdict != Verdict::NotApplicable).collect();
    let Some((_, worst)) = reached.iter().max_by_key(|(part, rule)| here(part, rule.verdict)) else {
        return own;
    };
    if own.verdict == Verdict::NotApplicable {
        // That the rule is not about a rotor says nothing once it is about its magnets.
        own.notes.clone_from(&worst.notes);
    }
    own.verdict =
        Verdict::worst(reached.iter().map(|(part, rule)| here(part, rule.verdict)).chain([own.verdict]));
    for (part, rule) in reached {
        own.reasons.extend(rule.reasons.iter().map(|reason| of_part(part, reason)));
    }
    let (reasons, left_out) = told::capped(gathered(std::mem::take(&mut own.reasons)), BTreeMap::default());
    own.reasons = reasons;
    own.notes.extend(told::notes_of(left_out));
    own
}

/// Returns a reason as it stands for the whole: which part it is about, and what it means if that is not surely in it.
fn of_part(part: &PartVerdicts<'_>, reason: &Reason) -> Reason {
    let (name, text) = (part.name, &reason.text);
    if part.is_sure {
        return Reason { text: format!("part `{name}`: {text}"), ..reason.clone() };
    }
    let code = match reason.code {
        ReasonCode::BarredTouch => ReasonCode::PossibleBarredTouch,
        ReasonCode::ListedEntity => ReasonCode::PossibleListedEntity,
        other => other,
    };
    let text = format!("part `{name}`, if it is in this lot: {text}");
    Reason { code, verdict: perhaps(reason.verdict), text, ..reason.clone() }
}
