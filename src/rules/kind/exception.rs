//! `exception`: when other rules of its pack let go.
//!
//! All its conditions have to hold, by the case file, the records or accepted papers. One that is refuted refuses the
//! exception; one that nothing establishes leaves it open. An exception never holds on what is not known.
//! Spec: docs/formats/kinds/exception.md.

mod answer;
mod case_facts;
mod condition;
mod met;
mod paper;
mod steps;

use serde::{Deserialize, Serialize};

pub(in crate::rules) use self::answer::{Answer, ask, is_claimed, longest_waiver};
use self::answer::{Resolved, word};
use self::condition::Ask;
pub use self::condition::Condition;
use self::met::{Met, State};
use super::{Asked, Kind, Matched, Outcome, Predicate};
use crate::model::verdict::Verdict;
use crate::rules::pack::{PackFault, PackFile, Table, Use};
use crate::rules::verdict::{Reason, ReasonCode};

/// Parameters of `exception`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The rules of the pack that it lets go, by id.
    pub rules: Vec<String>,
    /// Where it stands.
    pub stands_in: StandsIn,
    /// The clause that has to be in the contract, or out of it, where it stands in one of the two only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// What has to hold, each of it.
    #[serde(rename = "condition")]
    pub conditions: Vec<Condition>,
}

/// Where an exception stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandsIn {
    /// In the section that tells an agency when to put the clause into a contract, and not in the clause.
    Section,
    /// In the clause, and not in the section.
    Clause,
    /// In both.
    Both,
}

impl Kind for Exception {
    fn name(&self) -> &'static str {
        "exception"
    }

    fn check(&self, file: &PackFile, field: &str) -> Result<(), PackFault> {
        if self.rules.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.rules") });
        }
        if self.conditions.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.condition") });
        }
        for (at, name) in self.rules.iter().enumerate() {
            let named = file.rules.iter().find(|rule| rule.id == *name);
            if named.is_some_and(|rule| matches!(rule.check, Predicate::Exception(_))) {
                return Err(PackFault::Value {
                    field: format!("{field}.rules[{at}]"),
                    problem: format!("`{name}` is an exception itself"),
                    hint: "name the rules that it lets go".to_owned(),
                });
            }
        }
        if (self.stands_in == StandsIn::Both) != self.clause.is_none() {
            return Err(PackFault::Value {
                field: format!("{field}.clause"),
                problem: "an exception names the clause if it stands in the section or the clause alone"
                    .to_owned(),
                hint: "give `clause = \"252.225-7052\"`, or leave it out where `stands_in` is `both`"
                    .to_owned(),
            });
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            condition.check(&format!("{field}.condition[{at}]"))?;
        }
        Ok(())
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        for (at, condition) in self.conditions.iter().enumerate() {
            let field = |name: &str| format!("condition[{at}].asks.{name}");
            match &condition.asks {
                Ask::Recycled { elements } => {
                    uses.push(Use::new(field("recycled.elements"), Table::Elements, elements));
                }
                Ask::DoneIn(done) => {
                    uses.push(Use::new(field("done_in.countries"), Table::Countries, &done.countries));
                    uses.push(Use::new(field("done_in.elements"), Table::Elements, &done.elements));
                }
                _ => {}
            }
        }
        uses
    }

    fn readings(&self) -> Vec<(String, &str)> {
        let rows = self.conditions.iter().enumerate();
        rows.filter_map(|(at, row)| Some((format!("condition[{at}].when"), row.when.as_deref()?))).collect()
    }

    fn names_rules(&self) -> Vec<(String, &str)> {
        let rules = self.rules.iter().enumerate();
        rules.map(|(at, rule)| (format!("rules[{at}]"), rule.as_str())).collect()
    }

    fn matched(&self, asked: &Asked<'_, '_>) -> Vec<Matched> {
        let asks = self.conditions.iter().map(|condition| &condition.asks);
        asks.flat_map(|asks| match asks {
            Ask::DoneIn(done) => steps::looked_at(asked, done),
            _ => Vec::new(),
        })
        .collect()
    }

    fn untold(&self) -> Option<&'static str> {
        None
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let resolved = self.resolve(asked);
        let id = &asked.rule.id;
        if resolved.state == State::Holds {
            return Outcome { notes: vec![format!("{id} holds: {}", resolved.told())], ..Outcome::default() };
        }
        if !is_claimed(asked.facts, asked.pack, asked.rule) {
            return Outcome::not_applicable(format!("{id} {}: {}", word(resolved.state), resolved.told()));
        }
        let reason = |met: Met| {
            let (code, verdict) = match (met.state, met.is_withheld) {
                (State::Refused, _) => (ReasonCode::ExceptionRefused, Verdict::Fail),
                (_, true) => (ReasonCode::ExceptionOpen, Verdict::Withheld),
                (_, false) => (ReasonCode::ExceptionOpen, Verdict::Unknown),
            };
            let resolve = met.resolve.unwrap_or_else(|| "do not claim it for this item".to_owned());
            Reason {
                code,
                verdict,
                elements: Vec::new(),
                text: format!("exception {id} claimed but {}", met.text),
                records: met.records,
                resolve: Some(resolve),
            }
        };
        Outcome { reasons: resolved.why.into_iter().map(reason).collect(), ..Outcome::default() }
    }
}

impl Exception {
    /// Asks the conditions in turn, up to the first that is refuted.
    fn resolve(&self, asked: &Asked<'_, '_>) -> Resolved {
        let mut all: Vec<Met> = Vec::new();
        let mut is_asked = false;
        for met in self.stands(asked).into_iter().chain(self.conditions.iter().flat_map(|condition| {
            let met = condition.met(asked);
            is_asked |= met.is_some();
            met
        })) {
            let is_over = met.state == State::Refused;
            all.push(met);
            if is_over {
                break;
            }
        }
        let state = all.iter().map(|met| met.state).max().unwrap_or(State::Refused);
        if state != State::Refused && !is_asked {
            let text = "none of its conditions is about this material and day";
            return Resolved { state: State::Refused, why: vec![Met::refused(text)] };
        }
        all.retain(|met| met.state == state);
        Resolved { state, why: all }
    }

    /// Returns what it means that the exception stands in the section or the clause alone.
    fn stands(&self, asked: &Asked<'_, '_>) -> Option<Met> {
        let clause = self.clause.as_ref()?;
        let has = asked.facts.case.and_then(|case| case.file.has_clause(clause));
        Some(match (self.stands_in, has) {
            (StandsIn::Both, _) => return None,
            (_, None) => Met::open(
                format!("the case file does not tell whether `{clause}` is in the contract"),
                "give `clause` in the case file, or `none`",
            ),
            (StandsIn::Section, Some(false)) | (StandsIn::Clause, Some(true)) => {
                Met::holds(match self.stands_in {
                    StandsIn::Section => {
                        format!("it stands in the section, and `{clause}` is not in the contract")
                    }
                    _ => format!("it stands in `{clause}`, which is in the contract"),
                })
            }
            (StandsIn::Section, Some(true)) => paper::of_contracting_officer(asked, clause),
            (StandsIn::Clause, Some(false)) => {
                Met::refused(format!("it stands in `{clause}` only, which is not in the contract"))
            }
        })
    }
}

#[cfg(test)]
mod tests;
