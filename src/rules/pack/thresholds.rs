//! Tables of thresholds: from which mass on something applies to what falls under a customs code.

use serde::{Deserialize, Serialize};

use super::{PackFault, PackFile, check};
use crate::model::coded::coded;
use crate::model::confidence::Confidence;
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::fraction::Fraction;
use crate::model::hs::HsCode;
use crate::model::mass::Mass;

coded! {
    /// Over how long masses are added up.
    Per, "span of a threshold" {
        /// A calendar year.
        Year = 1 "year",
    }
}

/// One row: a customs code, perhaps only some of what falls under it, and a mass.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Customs code; with everything that begins with it.
    pub code: HsCode,
    /// What it is about, in words.
    pub goods: String,
    /// What the goods hold; it tells goods of which no code is on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<Element>,
    /// Only some of what falls under the code is meant: what holds the element.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ex: bool,
    /// Only what holds less of the element than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Fraction>,
    /// Only what holds at least so much of the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_share: Option<Fraction>,
    /// The mass that may not be exceeded.
    pub limit: Mass,
    /// Over how long.
    pub per: Per,
    /// How well the row was read.
    pub confidence: Confidence,
    /// First as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Day>,
    /// Last as-of day, where it is not that of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Day>,
}

impl Threshold {
    /// Whether the row holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.effective_from.is_none_or(|from| from <= day) && self.effective_to.is_none_or(|to| day <= to)
    }

    /// Whether both are about the same goods on some day.
    fn overlaps(&self, other: &Self) -> bool {
        let same = (self.code, self.element, self.below, self.from_share)
            == (other.code, other.element, other.below, other.from_share);
        let ends = [self.effective_to, other.effective_to];
        let from = self.effective_from.max(other.effective_from);
        let to = ends.into_iter().flatten().min();
        same && !matches!((from, to), (Some(from), Some(to)) if to < from)
    }
}

impl PackFile {
    /// Checks that each row says something, and that no two are about the same goods on one day.
    pub(super) fn check_thresholds(&self) -> Result<(), PackFault> {
        for (name, rows) in &self.thresholds {
            for (at, row) in rows.iter().enumerate() {
                let field = format!("thresholds.{name}[{at}]");
                check::filled(&format!("{field}.goods"), &row.goods)?;
                check::in_order(&format!("{field}.effective_to"), row.effective_from, row.effective_to)?;
                let wrong = |part: &str, problem: String, hint: &str| {
                    Err(PackFault::Value { field: format!("{field}.{part}"), problem, hint: hint.to_owned() })
                };
                if row.ex && row.element.is_none() {
                    return wrong("ex", "nothing says which part is meant".to_owned(), "write `element`");
                }
                if (row.below.is_some() || row.from_share.is_some()) && !row.ex {
                    return wrong("below", "a share of all goods".to_owned(), "write `ex = true` beside it");
                }
                if let Some(other) = rows[..at].iter().position(|other| row.overlaps(other)) {
                    let problem = format!("row {other} is about `{}` on the same days too", row.code);
                    return wrong("code", problem, "end one row before the other begins, or leave one out");
                }
            }
        }
        Ok(())
    }
}
