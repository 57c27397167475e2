//! `ownership`: who is behind the lot does not belong, over others if need be, to listed owners or barred countries.
//!
//! Shares are bounds: what is not known may belong to anybody. `fail` needs the least share over a threshold,
//! `pass` the most share under it. Spec: docs/formats/kinds/ownership.md.

mod judged;
mod owners;
mod shares;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::judged::Judged;
use self::owners::Owners;
use super::{Asked, Kind, Outcome};
use crate::model::evidence::DocumentKind;
use crate::model::fraction::Fraction;
use crate::rules::found::Told;
use crate::rules::listed::Listed;
use crate::rules::open;
use crate::rules::pack::{PackFault, PackFile, Table, Use};
use crate::rules::people::Part;

/// Parameters of `ownership`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ownership {
    /// List of entities whose shares count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// List of countries: whoever is of one counts too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<String>,
    /// How much one of them may not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one: Option<Threshold>,
    /// How much all of them together may not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Threshold>,
    /// How much of the debt they may not hold together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt: Option<Threshold>,
    /// Whether a right of one of them to name officers, or a contract that gives it control, is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub control: bool,
    /// How much of an owner makes that owner count as one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controlled: Option<Threshold>,
    /// How much of the owners must be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosed: Option<Fraction>,
    /// Kinds of accepted papers of which one must say that there is no debt or control that no row tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certified_by: Vec<DocumentKind>,
    /// How old a row of the trust file or a screening may be, in days; the reader's trust file may ask for less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
}

/// A share that is too much: `{ at_least = "25 %" }` or `{ more_than = "50 %" }`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Threshold {
    /// That much, or more.
    AtLeast(Fraction),
    /// More than that.
    MoreThan(Fraction),
}

impl Threshold {
    /// Whether a share in parts per billion is too much.
    fn is_reached(self, ppb: u64) -> bool {
        match self {
            Self::AtLeast(limit) => ppb >= u64::from(limit.ppb()),
            Self::MoreThan(limit) => ppb > u64::from(limit.ppb()),
        }
    }
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::AtLeast(limit) => format!("at least {limit}"),
            Self::MoreThan(limit) => format!("more than {limit}"),
        };
        f.pad(&text)
    }
}

impl Kind for Ownership {
    fn name(&self) -> &'static str {
        "ownership"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        let fault = |what: &str, problem: &str, hint: &str| {
            let field = format!("{field}.{what}");
            Err(PackFault::Value { field, problem: problem.to_owned(), hint: hint.to_owned() })
        };
        if self.list.is_none() && self.countries.is_none() {
            return fault("list", "nobody's share counts", "name a list under `list` or `countries`");
        }
        if self.one.is_none() && self.together.is_none() {
            return fault(
                "together",
                "no share is too much",
                "give `one` or `together`, such as { at_least = \"50 %\" }",
            );
        }
        for (what, limit) in [
            ("one", self.one),
            ("together", self.together),
            ("debt", self.debt),
            ("controlled", self.controlled),
        ] {
            let is_empty = match limit {
                Some(Threshold::AtLeast(limit)) => limit == Fraction::ZERO || limit > Fraction::ONE,
                Some(Threshold::MoreThan(limit)) => limit >= Fraction::ONE,
                None => false,
            };
            if is_empty {
                return fault(
                    what,
                    "every share is too much, or none",
                    "write a share between 0 % and 100 %",
                );
            }
        }
        if self.disclosed.is_some_and(|share| share == Fraction::ZERO || share > Fraction::ONE) {
            return fault(
                "disclosed",
                "nothing has to be known, or more than there is",
                "write a share up to 100 %",
            );
        }
        let asks_for_more = self.debt.is_some() || self.control;
        match (asks_for_more, self.certified_by.is_empty()) {
            (true, true) => fault(
                "certified_by",
                "nothing could show that there is no other debt or control",
                "name kinds of papers, such as [\"supplier_pfe_certification\"]",
            ),
            (false, false) => fault(
                "certified_by",
                "there is neither debt nor control to certify",
                "give `debt` or `control`, or leave the line out",
            ),
            _ => Ok(()),
        }
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let list = self.list.iter().map(|name| Use::new("list", Table::Entities, name));
        list.chain(self.countries.iter().map(|name| Use::new("countries", Table::Countries, name))).collect()
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let readers = facts.trust.max_status_age_days;
        let max_age_days = self.max_age_days.map_or(readers, |days| days.min(readers));
        let owners = Owners::new(facts, asked.day, max_age_days);
        let listed = self.list.as_ref().map(|name| Listed::new(name, asked.pack.entity_list(name)));
        let covered = self.countries.as_ref().map(|name| asked.pack.places(name)).unwrap_or_default();
        let mut judged =
            Judged { rule: self, asked, owners, listed, covered, max_age_days, told: Told::default() };
        let mut told: BTreeSet<String> = BTreeSet::new();
        for person in facts.people(&[]).iter() {
            if person.part != Part::Attested && told.insert(person.who.key()) {
                judged.of_person(person);
            }
        }
        for reason in open::ancestry(facts, "who made it") {
            judged.told.push(reason);
        }
        judged.related_hand_overs();
        let Judged { told, listed, .. } = judged;
        let mut outcome = told.done();
        if let Some(listed) = listed {
            let list = listed.list;
            let whole = if list.complete { "complete" } else { "not complete" };
            outcome.notes.push(format!(
                "list `{}` of {}, {} here ({whole})",
                listed.name,
                list.date,
                list.coverage()
            ));
        }
        outcome.notes.sort();
        outcome.notes.dedup();
        outcome
    }
}

#[cfg(test)]
mod tests;
