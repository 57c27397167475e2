//! Readings: of a text that can be read in several ways, which counts, and what another would come to.
//!
//! Spec: docs/formats/rule-pack.md, "`[settings.NAME]`".

use std::collections::BTreeSet;

use super::facts::Facts;
use super::judge::outcome;
use super::pack::{Pack, Rule};
use super::told::of_outcome;
use super::verdict::ReasonCode;
use crate::model::day::Day;
use crate::model::verdict::Verdict;
use crate::trust::Case;

/// Returns the reading that a rule is judged by: the one that the case file chooses, or the pack's own.
pub(super) fn reading<'a>(pack: &'a Pack, rule: &Rule, case: Option<&Case>) -> Option<&'a str> {
    let setting = pack.setting(rule)?;
    let chosen = case.and_then(|case| case.file.settings.get(rule.setting.as_ref()?));
    let known = chosen.and_then(|chosen| setting.choices.iter().find(|choice| *choice == chosen));
    Some(known.unwrap_or(&setting.default))
}

/// Says by which reading a rule was judged, and what it would come to by another.
pub(super) fn about(
    pack: &Pack,
    rule: &Rule,
    as_of: Day,
    verdict: Verdict,
    disabled: &BTreeSet<ReasonCode>,
    facts: Option<&Facts<'_>>,
) -> Vec<String> {
    let (Some(setting), Some(name)) = (pack.setting(rule), &rule.setting) else { return Vec::new() };
    let case = facts.and_then(|facts| facts.case);
    let read = reading(pack, rule, case).unwrap_or(&setting.default);
    let by = match case.and_then(|case| case.file.settings.get(name)) {
        Some(chosen) if chosen == read => "as the case file chooses".to_owned(),
        Some(other) => format!("since the pack has no choice `{other}`"),
        None => "as the pack does where nobody chooses".to_owned(),
    };
    let mut notes = vec![format!("judged under `{name}` = `{read}`, {by}; {}", setting.about)];
    for other in setting.choices.iter().filter(|choice| *choice != read) {
        let Some(facts) = facts else { continue };
        let mut outcome = outcome(pack, rule, facts, as_of, Some(other));
        outcome.reasons.retain(|reason| !disabled.contains(&reason.code));
        let otherwise = of_outcome(rule, &outcome);
        if otherwise != verdict {
            notes.push(format!("under `{other}` it would be `{otherwise}`"));
        }
    }
    // Of a rule that reaches the lot under no reading there is nothing to say.
    if verdict == Verdict::NotApplicable && notes.len() == 1 {
        notes.clear();
    }
    notes
}
