//! `[[capabilities.NAME]]`: plants and deposits that are known, country by country.

use serde::{Deserialize, Serialize};

use super::{PackFault, PackFile, filled};
use crate::model::coded::coded;
use crate::model::confidence::Confidence;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::place::Country;
use crate::model::stage::Stage;

coded! {
    /// How far a plant is.
    PlantStatus, "status of a plant" {
        /// It works.
        Op = 1 "op",
        /// It works, and not yet at its full rate.
        Ramp = 2 "ramp",
        /// It is being started.
        Commissioning = 3 "commissioning",
        /// A pilot works.
        Pilot = 4 "pilot",
        /// It is being built.
        Build = 5 "build",
        /// It is permitted.
        Permitted = 6 "permitted",
        /// It is planned.
        Plan = 7 "plan",
        /// A memorandum speaks of it.
        Memorandum = 8 "memorandum",
        /// Whether it will be is in doubt.
        Doubt = 9 "doubt",
        /// It is suspended.
        Susp = 10 "susp",
    }
}

impl PlantStatus {
    /// Whether anything can come out of it.
    pub(in crate::rules) fn works(self) -> bool {
        matches!(self, Self::Op | Self::Ramp | Self::Commissioning | Self::Pilot)
    }
}

/// Something that is known to be done in a country.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// The country.
    pub country: Country,
    /// What it is called.
    pub name: String,
    /// Stages that are done there.
    pub stages: Vec<Stage>,
    /// How far it is.
    pub status: PlantStatus,
    /// As of when, as the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The most that comes out of the whole country in a calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly: Option<Mass>,
    /// Materials that `yearly` counts, each with everything that begins with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// Who says so.
    pub source: String,
    /// How good that is.
    pub confidence: Confidence,
}

impl PackFile {
    /// Checks that each row names a stage, and materials where it names a mass.
    pub(super) fn check_capabilities(&self) -> Result<(), PackFault> {
        for (name, rows) in &self.capabilities {
            for (at, row) in rows.iter().enumerate() {
                let field = format!("capabilities.{name}[{at}]");
                filled(&format!("{field}.name"), &row.name)?;
                filled(&format!("{field}.source"), &row.source)?;
                if row.stages.is_empty() {
                    return Err(PackFault::Empty { field: format!("{field}.stages") });
                }
                if row.yearly.is_some() == row.materials.is_empty() {
                    return Err(PackFault::Value {
                        field: format!("{field}.yearly"),
                        problem: "a mass counts some materials, and materials are counted as a mass"
                            .to_owned(),
                        hint: "give both `yearly` and `materials`, or neither".to_owned(),
                    });
                }
            }
        }
        Ok(())
    }
}
