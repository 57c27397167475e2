//! `band`: masses, contents and speeds lie within bounds.
//!
//! What both sides of a handover weighed and how fast a lot moved are held against the pack's own bounds. What elements
//! weigh against each other is the balance's own, with bands that no pack changes; a rule gives its findings a verdict, and
//! leaves open what nobody determined. Spec: docs/formats/kinds/band.md.

mod handover;
mod papers;
mod speed;
pub(super) mod tested;

use serde::{Deserialize, Serialize};

use super::{Asked, Kind, Outcome};
use crate::model::fact::FactCode;
use crate::model::finding::FindingCode;
use crate::model::fraction::Fraction;
use crate::rules::found::{GAPS, Told};
use crate::rules::pack::{PackFault, PackFile};

/// Parameters of `band`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// What is measured.
    pub quantity: Quantity,
    /// For `handover_mass` and `fact_ratio`: above this share a difference is noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<Fraction>,
    /// For the same: above this share the rule fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail: Option<Fraction>,
    /// For `transit_speed`: the most kilometres an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_speed_kmh: Option<u32>,
    /// For `fact_ratio`: code of the fact that is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<FactCode>,
    /// For `fact_ratio`: code of the fact it is compared with, of which the bounds are shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<FactCode>,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// What a receiver weighed against what was dispatched.
    HandoverMass,
    /// How fast a lot came from one place to the next.
    TransitSpeed,
    /// Mass out of a physical step against mass in; lots weighed again.
    StepMass,
    /// Each element out of a step against the element in.
    ElementRecovery,
    /// What a lot holds against what its material can.
    Composition,
    /// Rare earths made against those in the feed.
    Feed,
    /// Two facts about one lot.
    FactRatio,
}

impl Quantity {
    /// Returns the findings that belong to it.
    fn codes(self) -> &'static [FindingCode] {
        use FindingCode as F;
        match self {
            Self::HandoverMass | Self::TransitSpeed | Self::FactRatio => &[],
            Self::StepMass => {
                &[F::MassGain, F::MassMissing, F::MassUntested, F::Reweighed, F::Miscount, F::NeverWeighed]
            }
            Self::ElementRecovery => &[
                F::ElementGain,
                F::ElementFromNothing,
                F::ElementTension,
                F::RecoveryExceeded,
                F::Unaccounted,
                F::LossExceedsInput,
                F::NoBasis,
            ],
            Self::Composition => &[
                F::ImpossibleShare,
                F::CompositionUnclosed,
                F::UnusualShare,
                F::AssayConflict,
                F::AssayWithheld,
                F::AssaySuperseded,
            ],
            Self::Feed => &[F::FeedImpossible, F::FeedUnusual],
        }
    }
}

impl Kind for Band {
    fn name(&self) -> &'static str {
        "band"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        let wrong = |name: &str, problem: String, hint: &str| {
            let (field, hint) = (format!("{field}.{name}"), hint.to_owned());
            Err(PackFault::Value { field, problem, hint })
        };
        let is_facts = self.quantity == Quantity::FactRatio;
        let is_speed = self.quantity == Quantity::TransitSpeed;
        let has_bounds = is_facts || self.quantity == Quantity::HandoverMass;
        for (name, is_given, belongs) in [
            ("over", self.over.is_some(), is_facts),
            ("under", self.under.is_some(), is_facts),
            ("warn", self.warn.is_some(), has_bounds),
            ("fail", self.fail.is_some(), has_bounds),
            ("max_speed_kmh", self.max_speed_kmh.is_some(), is_speed),
        ] {
            match (is_given, belongs) {
                (true, false) => {
                    return wrong(name, "it is none of this quantity".to_owned(), "leave it out");
                }
                (false, true) => return Err(PackFault::Empty { field: format!("{field}.{name}") }),
                _ => {}
            }
        }
        if self.fail.is_some_and(|fail| fail >= Fraction::ONE) {
            return wrong(
                "fail",
                "nothing could be missing that much".to_owned(),
                "name a share below 100 %",
            );
        }
        if let (Some(warn), Some(fail)) = (self.warn, self.fail)
            && warn > fail
        {
            let problem = format!("{warn} is above `fail`, {fail}");
            return wrong("warn", problem, "warn at or below what fails");
        }
        if is_facts && self.over == self.under {
            return wrong("under", "it is the same fact".to_owned(), "name the other fact");
        }
        if self.max_speed_kmh == Some(0) {
            return wrong("max_speed_kmh", "nothing could move".to_owned(), "name a speed above 0");
        }
        Ok(())
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let mut told = Told::default();
        let codes = self.quantity.codes();
        let mut reaches = told.findings(facts, |finding| codes.contains(&finding.code));
        let bounds = || self.warn.zip(self.fail).expect("the pack was checked");
        reaches |= match self.quantity {
            Quantity::HandoverMass => handover::judge(facts, bounds(), &mut told),
            Quantity::FactRatio => {
                let codes = self.over.as_ref().zip(self.under.as_ref());
                papers::judge(facts, codes.expect("the pack was checked"), bounds(), &mut told)
            }
            Quantity::TransitSpeed => {
                speed::judge(facts, self.max_speed_kmh.expect("the pack was checked"), &mut told)
            }
            Quantity::StepMass => tested::has_physical_step(facts),
            Quantity::ElementRecovery => tested::recovery(facts, &mut told),
            Quantity::Composition => tested::composition(facts, &mut told),
            Quantity::Feed => tested::feed(facts, &mut told),
        };
        if !reaches {
            return Outcome::not_applicable("the lot has nothing of the kind behind it");
        }
        told.findings(facts, |finding| GAPS.contains(&finding.code));
        told.done()
    }
}

#[cfg(test)]
mod tests;
