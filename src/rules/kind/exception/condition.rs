//! One condition of an exception: when it is asked for, and what it asks.

use serde::{Deserialize, Serialize};

use super::met::Met;
use super::paper::Paper;
use super::steps::DoneIn;
use super::{case_facts, steps};
use crate::model::day::Day;
use crate::model::dollars::Dollars;
use crate::model::fraction::Fraction;
use crate::model::material::Material;
use crate::rules::kind::Asked;
use crate::rules::pack::PackFault;
use crate::trust::case::ItemForm;

/// One thing that has to hold, on some days, under some readings, for some materials.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// First day on which it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day on which it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Which day that is.
    #[serde(default)]
    pub day: WhichDay,
    /// It is asked for under this reading of the rule's setting only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// It is asked for of these materials only, each with everything that begins with it; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// What is asked.
    pub asks: Ask,
}

/// Which day decides whether a condition is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichDay {
    /// The day judged for.
    #[default]
    AsOf,
    /// The day of the contract, from the case file.
    Contract,
}

/// What a condition asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// A fact of the case file is so.
    Fact(CaseFact),
    /// The purchase costs no more than this.
    PriceAtMost(Dollars),
    /// Something in the end item weighs less than this part of it.
    Weight {
        /// What.
        of: Weighed,
        /// Less than this share of the end item.
        below: Fraction,
    },
    /// The end item is not delivered in one of these forms.
    NotForm(Vec<ItemForm>),
    /// All of some elements began as recycled material.
    Recycled {
        /// List of elements.
        elements: String,
    },
    /// Steps were done in some places and nowhere else.
    DoneIn(DoneIn),
    /// A paper lets this item go on this day.
    Paper(Paper),
}

/// A fact of the case file that is so or is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseFact {
    /// The end item is off-the-shelf.
    Cots,
    /// The end item is an electronic device.
    Electronic,
    /// Bought outside the United States for use there.
    OutsideUs,
}

/// What is weighed against the end item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighed {
    /// Tungsten.
    Tungsten,
    /// Everything that the text covers.
    CoveredMaterial,
}

impl Condition {
    pub(super) fn check(&self, field: &str) -> Result<(), PackFault> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Err(PackFault::EndsFirst { field: format!("{field}.to"), from, to });
        }
        match &self.asks {
            Ask::NotForm(forms) if forms.is_empty() => {
                Err(PackFault::Empty { field: format!("{field}.asks.not_form") })
            }
            Ask::DoneIn(done) if done.stages.is_empty() && done.processes.is_empty() => {
                Err(PackFault::Empty { field: format!("{field}.asks.done_in.stages") })
            }
            _ => Ok(()),
        }
    }

    /// Returns what was found; `None` where it is not asked for on this day, under this reading or of this material.
    pub(super) fn met(&self, asked: &Asked<'_, '_>) -> Option<Met> {
        if self.when.is_some() && self.when.as_deref() != asked.reading {
            return None;
        }
        let material = asked.facts.graph.lot(&asked.facts.lot).map(|lot| &lot.material);
        let begins = |listed: &Material| material.is_some_and(|material| material.begins_with(listed));
        if !self.materials.is_empty() && !self.materials.iter().any(begins) {
            return None;
        }
        if self.from.is_some() || self.to.is_some() {
            let day = match self.day {
                WhichDay::AsOf => Some(asked.as_of()),
                WhichDay::Contract => asked.facts.case.and_then(|case| case.file.contract_date),
            };
            let Some(day) = day else {
                let text = "the day of the contract decides about it, and is not known";
                return Some(Met::open(text, "give `contract_date` in the case file"));
            };
            if self.from.is_some_and(|from| day < from) || self.to.is_some_and(|to| to < day) {
                return None;
            }
        }
        Some(match &self.asks {
            Ask::Fact(fact) => case_facts::fact(asked, *fact),
            Ask::PriceAtMost(most) => case_facts::price(asked, *most),
            Ask::Weight { of, below } => case_facts::weight(asked, *of, *below),
            Ask::NotForm(forms) => case_facts::not_form(asked, forms),
            Ask::Recycled { elements } => steps::recycled(asked, elements),
            Ask::DoneIn(done) => steps::done_in(asked, done),
            Ask::Paper(paper) => paper.met(asked),
        })
    }
}
