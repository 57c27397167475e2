//! `graph`: how the records behind a lot hang together, by checks that are fixed in the program.
//!
//! What a contradiction is, no pack decides: each word stands for checks whose findings every report has. A pack adds how
//! much may have no origin, since when old stock is one, and how well a lot must be kept apart. What is not held or
//! withheld behind the lot leaves every check open. Spec: docs/formats/kinds/graph.md.

mod apart;
mod checks;
mod closed;

use serde::{Deserialize, Serialize};

pub use self::checks::Check;
use super::{Asked, Kind, Outcome};
use crate::custody::border::Borders;
use crate::custody::names;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::evidence::CustodyModel;
use crate::model::finding::{Finding, Weight};
use crate::model::fraction::Fraction;
use crate::model::maybe::Maybe;
use crate::model::verdict::Verdict;
use crate::origin::claimed;
use crate::origin::model::{Models, is_weaker};
use crate::rules::facts::Facts;
use crate::rules::found::{GAPS, Told};
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use};
use crate::rules::verdict::ReasonCode;

/// Parameters of `graph`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphCheck {
    /// What is looked at.
    pub checks: Vec<Check>,
    /// For `closed`: list of elements; none means all that its material names or that were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elements: Option<String>,
    /// For `closed`: how much of each may have no origin.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub max_unknown: Fraction,
    /// For `closed`: the last day of a stocktaking whose stock still counts as an origin; none means any day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_opening_stock: Option<Day>,
    /// For `model_lattice`: the least that the lot must be kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_model: Option<CustodyModel>,
    /// For `model_lattice`: the rule is about lots that are said to be this alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<CustodyModel>,
}

fn is_nothing(share: &Fraction) -> bool {
    *share == Fraction::ZERO
}

impl Kind for GraphCheck {
    fn name(&self) -> &'static str {
        "graph"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        if self.checks.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.checks") });
        }
        let wrong = |name: &str, problem: &str, hint: &str| {
            Err(PackFault::Value {
                field: format!("{field}.{name}"),
                problem: problem.to_owned(),
                hint: hint.to_owned(),
            })
        };
        let twice = |at: usize| self.checks[..at].contains(&self.checks[at]);
        if (0..self.checks.len()).any(twice) {
            return wrong("checks", "a check is listed twice", "list each once");
        }
        let of_closed = [
            ("elements", self.elements.is_some()),
            ("max_unknown", self.max_unknown != Fraction::ZERO),
            ("accept_opening_stock", self.accept_opening_stock.is_some()),
        ];
        if let Some((name, _)) = of_closed.iter().find(|(_, given)| *given && !self.asks(Check::Closed)) {
            return wrong(name, "it belongs to the check `closed`", "add `closed` to `checks`");
        }
        let of_models = [("min_model", self.min_model.is_some()), ("claimed", self.claimed.is_some())];
        if let Some((name, _)) = of_models.iter().find(|(_, given)| *given && !self.asks(Check::ModelLattice))
        {
            return wrong(name, "it belongs to the check `model_lattice`", "add `model_lattice` to `checks`");
        }
        if self.max_unknown >= Fraction::ONE {
            return wrong("max_unknown", "nothing could be more", "name a share below 100 %");
        }
        if self.min_model == Some(CustodyModel::BookAndClaim) {
            return wrong("min_model", "nothing is kept apart less", "name a model that needs the material");
        }
        Ok(())
    }

    fn uses(&self) -> Vec<Use<'_>> {
        self.elements.iter().map(|list| Use::new("elements", Table::Elements, list)).collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        self.elements.as_ref().map(|list| pack.element_list(list).to_vec())
    }

    fn untold(&self) -> Option<&'static str> {
        // How much of it has an origin is attested; when old stock was taken in is not.
        let is_about_origin = self.checks == [Check::Closed] && self.accept_opening_stock.is_none();
        let is_told = is_about_origin && self.min_model.is_none() && self.claimed.is_none();
        (!is_told).then_some("how it was handed over and kept")
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        if let Some(claimed) = self.claimed
            && facts.graph.lot(&facts.lot).and_then(|lot| lot.custody_model) != Some(claimed)
        {
            let note = format!("the lot is not said to be {}", claimed::said(claimed));
            return Outcome::not_applicable(note);
        }
        let codes: Vec<_> = self.checks.iter().flat_map(|check| check.codes()).collect();
        let mut told = Told::default();
        let of_labels = Check::ModelLattice.codes();
        // Where a model is asked for, the lot is held against that, and what else is called what decides nothing.
        let is_aside = |finding: &Finding| self.min_model.is_some() && of_labels.contains(&finding.code);
        let found = told.findings(facts, |finding| codes.contains(&&finding.code) && !is_aside(finding));
        let reaches = |check: &Check| match check {
            Check::ModelLattice => self.min_model.is_some() || check.reaches(facts),
            Check::Closed => self.closed_reaches(asked),
            _ => check.reaches(facts),
        };
        if !found && !self.checks.iter().any(reaches) {
            return Outcome::not_applicable("the lot has nothing of the kind behind it");
        }
        // The ways of elements say more exactly how much such a gap leaves open.
        if self.checks != [Check::Closed] {
            told.findings(facts, |finding| GAPS.contains(&finding.code));
        }
        if self.asks(Check::Closed) {
            self.judge_closed(asked, &mut told);
        }
        if self.asks(Check::Places) {
            hidden_days(facts, &mut told);
        }
        if self.asks(Check::Apart) {
            apart::judge(facts, &mut told);
        }
        if self.asks(Check::Route) {
            one_sided(facts, &mut told);
        }
        if let Some(least) = self.min_model {
            least_model(facts, least, &mut told);
        }
        told.done()
    }
}

impl GraphCheck {
    fn asks(&self, check: Check) -> bool {
        self.checks.contains(&check)
    }
}

/// Days that are kept back leave open whether a lot was where it was worked on.
fn hidden_days(facts: &Facts<'_>, told: &mut Told) {
    for record in facts.records_behind() {
        if !record.event.body.at().is_some_and(|at| matches!(at.period, Maybe::Withheld)) {
            continue;
        }
        let text = format!("{} withholds when it was", names::record(facts.graph, record));
        let resolve = "ask the author to show the item `period`";
        told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, vec![record.id], resolve);
    }
}

/// What was declared on one side of a border alone cannot be held against the other.
fn one_sided(facts: &Facts<'_>, told: &mut Told) {
    for record in Borders::new(facts.graph).one_sided(facts.graph, &facts.ancestry().lots) {
        let Body::DeclareBorder(said) = &record.event.body else { continue };
        let text = format!(
            "{} from {} to {} is declared as {} on one side, and what the other was told is not held",
            names::record(facts.graph, record),
            said.from,
            said.to,
            said.hs,
        );
        let resolve = "import the declaration to the customs of the other side";
        told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, vec![record.id], resolve);
    }
}

/// Holds the lot against a custody model: what it is said to be, and what the records show of it.
fn least_model(facts: &Facts<'_>, least: CustodyModel, told: &mut Told) {
    let graph = facts.graph;
    let name = names::lot(graph, &facts.lot);
    let asked = claimed::said(least);
    let claim = graph.lot(&facts.lot).and_then(|lot| lot.custody_model);
    if let Some(claim) = claim.filter(|claim| is_weaker(*claim, least)) {
        let text = format!("{name} is said to be {}; {asked} is asked for", claimed::said(claim));
        let records = vec![facts.lot.record];
        told.because(
            ReasonCode::ModelTooWeak,
            Verdict::Fail,
            text,
            records,
            "no record can; ask for another lot",
        );
        return;
    }
    let Some(shown) = Models::new(graph).of(&facts.lot) else { return };
    let Some((weight, why, resolve)) = claimed::not_that_strong(graph, least, shown) else {
        if claim.is_none() {
            told.outcome.notes.push(format!(
                "{name} is not said to be kept in any way; the records show {}",
                claimed::said(shown.model)
            ));
        }
        return;
    };
    let verdict = if weight == Weight::Fail { Verdict::Fail } else { Verdict::Unknown };
    let records = shown.by.into_iter().chain([facts.lot.record]).collect();
    told.because(
        ReasonCode::ModelTooWeak,
        verdict,
        format!("{asked} is asked for, but {why}"),
        records,
        resolve,
    );
}

#[cfg(test)]
mod tests;
