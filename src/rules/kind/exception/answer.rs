//! What the exceptions of a pack make of a rule that does not pass.

use super::Exception;
use super::condition::Ask;
use super::met::{Met, State};
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::rules::day::JudgedDay;
use crate::rules::facts::Facts;
use crate::rules::judge::in_force;
use crate::rules::kind::{Asked, Predicate};
use crate::rules::pack::{Applies, Pack, Rule};
use crate::rules::waiver::is_called;

/// How an exception stands for a lot on a day, and why: what refuses it, else what is open, else what it holds on.
pub(super) struct Resolved {
    pub(super) state: State,
    pub(super) why: Vec<Met>,
}

impl Resolved {
    /// Returns the reasons in one line.
    pub(super) fn told(&self) -> String {
        self.why.iter().map(|met| met.text.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// What the exceptions of a pack make of a rule that does not pass.
#[derive(Debug, Default)]
pub(in crate::rules) struct Answer {
    /// The exception that lets it go.
    pub(in crate::rules) by: Option<String>,
    /// The record that the exception rests on.
    pub(in crate::rules) record: Option<RecordId>,
    /// Why, and why not the others.
    pub(in crate::rules) notes: Vec<String>,
}

/// Asks the exceptions of the pack that let go of `rule`, for a lot that it does not pass.
///
/// `reading_of` gives the reading by which an exception is judged.
pub(in crate::rules) fn ask<'a>(
    facts: &Facts<'_>,
    pack: &'a Pack,
    rule: &Rule,
    as_of: Day,
    reading_of: impl Fn(&'a Rule) -> Option<&'a str>,
) -> Answer {
    let mut answer = Answer::default();
    let mut not_asked: Vec<&str> = Vec::new();
    for (other, exception) in over(pack, rule) {
        let lot = facts.graph.lot(&facts.lot);
        let is_about = lot.is_some_and(|lot| other.applies_to(&lot.material) == Applies::Yes);
        if !is_about || !in_force(pack, other, as_of) {
            continue;
        }
        let day = JudgedDay::new(as_of);
        let asked = Asked { facts, pack, rule: other, reading: reading_of(other), day: &day };
        let resolved = exception.resolve(&asked);
        let told = resolved.told();
        match resolved.state {
            State::Holds => {
                answer.by = Some(other.id.clone());
                answer.record = resolved.why.iter().find_map(|met| met.by);
                answer.notes =
                    vec![format!("excepted by {} ({}): {told}; the reasons stand", other.id, other.clause)];
                return answer;
            }
            State::Open if facts.case.is_none() => not_asked.push(&other.id),
            state => {
                let otherwise = exception.otherwise(&asked, state);
                answer.notes.push(format!("{} {}: {told}{otherwise}", other.id, word(state)));
            }
        }
    }
    if !not_asked.is_empty() {
        answer
            .notes
            .push(format!("exceptions that nobody can judge without a case file: {}", not_asked.join(", ")));
    }
    answer
}

impl Exception {
    /// Says under which other readings of its setting the exception would come to something else.
    fn otherwise(&self, asked: &Asked<'_, '_>, state: State) -> String {
        let Some(setting) = asked.pack.setting(asked.rule) else { return String::new() };
        let others = setting.choices.iter().filter(|choice| Some(choice.as_str()) != asked.reading);
        let differs = |choice: &String| {
            let resolved = self.resolve(&Asked { reading: Some(choice), ..*asked });
            (resolved.state != state).then(|| format!("; read as `{choice}` it {}", word(resolved.state)))
        };
        others.filter_map(differs).collect()
    }
}

/// Returns the exceptions of a pack that let go of a rule.
fn over<'a>(pack: &'a Pack, rule: &Rule) -> impl Iterator<Item = (&'a Rule, &'a Exception)> {
    pack.file.rules.iter().filter_map(move |other| match &other.check {
        Predicate::Exception(exception) if exception.rules.contains(&rule.id) => Some((other, exception)),
        _ => None,
    })
}

/// Returns for how many months a waiver of a rule may hold, by the exceptions of the pack that ask for one.
pub(in crate::rules) fn longest_waiver(pack: &Pack, rule: &Rule) -> Option<u16> {
    let conditions = over(pack, rule).flat_map(|(_, exception)| &exception.conditions);
    let months = conditions.filter_map(|condition| match &condition.asks {
        Ask::Paper(paper) => paper.most_months,
        _ => None,
    });
    months.min()
}

/// Whether the reader's case file claims the exception.
pub(in crate::rules) fn is_claimed(facts: &Facts<'_>, pack: &Pack, rule: &Rule) -> bool {
    let claimed = facts.case.map(|case| case.file.exceptions.as_slice()).unwrap_or_default();
    claimed.iter().any(|named| is_called(named, pack, rule))
}

pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Holds => "holds",
        State::Open => "is open",
        State::Refused => "is refused",
    }
}
