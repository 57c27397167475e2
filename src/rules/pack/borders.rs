//! `[[borders.NAME]]`: what producer states ask of goods that leave them, country by country.

use serde::{Deserialize, Serialize};

use super::{PackFault, PackFile, begins};
use crate::model::confidence::Confidence;
use crate::model::day::Day;
use crate::model::element::{Element, ElementSet};
use crate::model::evidence::DocumentKind;
use crate::model::formula::Formula;
use crate::model::fraction::Fraction;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::place::Country;
use crate::model::stage::Stage;

/// What one country asks of some materials that leave it, on some days.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BorderRow {
    /// The country.
    pub country: Country,
    /// Materials it is about, each with everything that begins with it; none listed means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// Elements of which the goods must hold one; none listed means whatever they hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Element>,
    /// Whether it reaches goods that were mined elsewhere.
    #[serde(default)]
    pub transit: bool,
    /// These materials may not leave at all.
    #[serde(default)]
    pub barred: bool,
    /// The stage that must have been passed in the country, or a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_stage: Option<Stage>,
    /// The least share that must be in the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_spec: Option<MinSpec>,
    /// The least share of the export value that must have been added in the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_value_added: Option<Fraction>,
    /// What it asks besides, where the sources do not say how much; never more than `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_unknown: Option<String>,
    /// Papers of which each is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<DocumentKind>,
    /// Papers of which one lifts `barred` and `min_stage`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<DocumentKind>,
    /// The most that may leave on all days of the row together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Mass>,
    /// Papers that say how much may leave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capped: Vec<DocumentKind>,
    /// What the quota, and the amounts on papers, count; left out where that is not in the sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amounts_of: Option<Amounts>,
    /// First day on which it may hold, where that is not known to the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_unclear: Option<Day>,
    /// First day on which it surely holds; left out where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// What to know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How well the text was read.
    pub confidence: Confidence,
}

/// What an amount that may leave is one of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amounts {
    /// Goods as they are.
    Goods,
    /// What the goods hold of the elements of the row.
    Elements,
}

/// The least share of something that goods must hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinSpec {
    /// Of which elements, as an analysis sums them.
    pub of: ElementSet,
    /// What the share counts.
    #[serde(rename = "as")]
    pub basis: Formula,
    /// How much is enough.
    pub least: Fraction,
}

impl BorderRow {
    /// Returns the first day on which it may hold; none where it may have always held.
    pub(in crate::rules) fn first(&self) -> Option<Day> {
        self.from_unclear.or(self.from)
    }

    /// Whether it can reach one lot on one day that the other reaches too.
    fn overlaps(&self, other: &Self) -> bool {
        let either = |one: &Material, two: &Material| begins(one, two) || begins(two, one);
        let materials = self.materials.is_empty()
            || other.materials.is_empty()
            || self.materials.iter().any(|one| other.materials.iter().any(|two| either(one, two)));
        let elements = self.elements.is_empty()
            || other.elements.is_empty()
            || self.elements.iter().any(|one| other.elements.contains(one));
        let ends_before = |one: &Self, two: &Self| match (one.to, two.first()) {
            (Some(to), Some(from)) => to < from,
            _ => false,
        };
        self.country == other.country
            && materials
            && elements
            && !ends_before(self, other)
            && !ends_before(other, self)
    }

    fn check(&self, field: &str) -> Result<(), PackFault> {
        let value = |name: &str, problem: &str, hint: &str| {
            let field = format!("{field}.{name}");
            Err(PackFault::Value { field, problem: problem.to_owned(), hint: hint.to_owned() })
        };
        let asks = self.barred
            || self.min_stage.is_some()
            || self.min_spec.is_some()
            || self.min_value_added.is_some()
            || self.asks_unknown.is_some()
            || self.quota.is_some()
            || !self.permits.is_empty();
        if !asks {
            return value(
                "country",
                "the row asks nothing",
                "add `barred`, `min_stage`, `min_spec`, `min_value_added`, `asks_unknown`, `quota` or `permits`",
            );
        }
        if self.materials.is_empty() && self.elements.is_empty() {
            return value("country", "the row is about everything", "list `materials` or `elements`");
        }
        if !self.unless.is_empty() && !self.barred && self.min_stage.is_none() {
            return value("unless", "there is nothing that the paper lifts", "add `barred` or `min_stage`");
        }
        if self.barred && self.min_stage.is_some() {
            return value("min_stage", "what may not leave at all has no least stage", "keep one of the two");
        }
        if self.min_stage.is_some_and(|stage| stage <= Stage::P10 || stage > Stage::P60) {
            return value(
                "min_stage",
                "a least stage is one of P20 to P60",
                "stages after P60 have no order",
            );
        }
        if self.quota.is_some() && (self.first().is_none() || self.to.is_none()) {
            return value("quota", "nothing says in which days it counts", "add `from` and `to`");
        }
        if self.capped.iter().any(|kind| !self.permits.contains(kind) && !self.unless.contains(kind)) {
            return value(
                "capped",
                "the row does not ask for such a paper",
                "list it under `permits` or `unless`",
            );
        }
        if self.elements.is_empty() && self.amounts_of != Some(Amounts::Goods) {
            let counts = self.quota.is_some() || !self.capped.is_empty() || self.amounts_of.is_some();
            if counts {
                return value(
                    "amounts_of",
                    "no element is listed",
                    "list `elements`, or write `amounts_of = \"goods\"`",
                );
            }
        }
        let days = [self.from_unclear, self.from, self.to];
        let days: Vec<Day> = days.into_iter().flatten().collect();
        if let Some(pair) = days.windows(2).find(|pair| pair[1] < pair[0]) {
            return Err(PackFault::EndsFirst { field: format!("{field}.to"), from: pair[0], to: pair[1] });
        }
        if self.from_unclear.is_some() && self.from_unclear == self.from {
            return value("from_unclear", "the day is known", "leave `from_unclear` out");
        }
        Ok(())
    }
}

impl PackFile {
    /// Checks each row, and that no two say something of one lot on one day.
    pub(super) fn check_borders(&self) -> Result<(), PackFault> {
        for (name, rows) in &self.borders {
            for (at, row) in rows.iter().enumerate() {
                let field = format!("borders.{name}[{at}]");
                row.check(&field)?;
                if let Some(other) = rows[..at].iter().position(|other| other.overlaps(row)) {
                    return Err(PackFault::Overlap {
                        field: format!("{field}.from"),
                        rule: format!("borders.{name}[{at}]"),
                        other: format!("borders.{name}[{other}]"),
                    });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
