//! Stages and processes: where in its making a material stands, and how a step was done.
//!
//! The order of stages is partial: machining, coating and magnetising may come in any order, and
//! magnetising may follow assembly. `P45` is a property of a facility, not a step, and has no number here.

use super::coded::{Coded, coded};

coded! {
    /// A stage of making a material from the ground up (`P..`) or from waste (`R..`).
    Stage, "stage" {
        /// Ore, clay, brine or sand leaves the ground.
        P10 = 10 "P10",
        /// Physical upgrading to a concentrate.
        P20 = 20 "P20",
        /// Cracking and leaching to a mixed or intermediate compound.
        P30 = 30 "P30",
        /// Separation into individual or paired oxides or salts.
        P40 = 40 "P40",
        /// Reduction to metal or metal powder.
        P50 = 50 "P50",
        /// Melting to alloy, mill product.
        P60 = 60 "P60",
        /// Powder, pressing, sintering.
        P70 = 70 "P70",
        /// Bonded magnets, a variant of P70.
        P75 = 75 "P75",
        /// Machining, coating, diffusing.
        P80 = 80 "P80",
        /// Magnetisation.
        P85 = 85 "P85",
        /// Assembly into a component or product.
        P90 = 90 "P90",
        /// Waste or end-of-life goods collected.
        R10 = 1010 "R10",
        /// Magnets or scrap taken out and sorted.
        R20 = 1020 "R20",
        /// Scrap to powder without chemical separation.
        R30 = 1030 "R30",
        /// Dissolution back to compounds.
        R40 = 1040 "R40",
    }
}

impl Stage {
    /// Returns what happens at this stage, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::P10 => "extraction",
            Self::P20 => "beneficiation",
            Self::P30 => "cracking and leaching",
            Self::P40 => "separation",
            Self::P50 => "reduction to metal",
            Self::P60 => "alloying",
            Self::P70 => "powder, press, sinter",
            Self::P75 => "bonding",
            Self::P80 => "machining and coating",
            Self::P85 => "magnetisation",
            Self::P90 => "assembly",
            Self::R10 => "collection",
            Self::R20 => "disassembly and sorting",
            Self::R30 => "short-loop milling",
            Self::R40 => "hydrometallurgical recycling",
        }
    }
}

coded! {
    /// How a step was done. A process that is not listed is written `other`, beside its stage.
    Process, "process" {
        /// A process without a word of its own.
        Other = 1 "other",
        /// Ore or clay won.
        Mine = 2 "mine",
        /// Leaching in the ground (P10 to P30 in one).
        LeachInsitu = 3 "leach_insitu",
        /// Brine pumped.
        BrinePump = 4 "brine_pump",
        /// Crushing.
        Crush = 10 "crush",
        /// Sorting.
        Sort = 11 "sort",
        /// Flotation.
        Float = 12 "float",
        /// Gravity separation.
        Gravity = 13 "gravity",
        /// Magnetic separation.
        MagneticSep = 14 "magnetic_sep",
        /// Roasting that leaves cerium behind.
        RoastRejectCe = 15 "roast_reject_ce",
        /// Acid bake or caustic cracking.
        Crack = 20 "crack",
        /// Leaching.
        Leach = 21 "leach",
        /// Precipitation.
        Precipitate = 22 "precipitate",
        /// Solvent extraction.
        ExtractSolvent = 30 "extract_solvent",
        /// Ion exchange.
        IonExchange = 31 "ion_exchange",
        /// Calcining to oxide.
        Calcine = 32 "calcine",
        /// Oxide to fluoride.
        Fluorinate = 33 "fluorinate",
        /// Smelting.
        Smelt = 40 "smelt",
        /// Electrorefining.
        Electrorefine = 41 "electrorefine",
        /// Fused-salt electrolysis.
        Electrolyse = 50 "electrolyse",
        /// Calciothermic reduction.
        Calciothermic = 51 "calciothermic",
        /// Reduction and distillation.
        ReductionDistillation = 52 "reduction_distillation",
        /// Reduction with hydrogen.
        HydrogenReduce = 53 "hydrogen_reduce",
        /// Reduction with sodium.
        SodiumReduce = 54 "sodium_reduce",
        /// Oxide straight to alloy powder (P50 and P60 in one).
        ReductionDiffusion = 55 "reduction_diffusion",
        /// Melt to powder.
        Atomise = 56 "atomise",
        /// Iron from the blast furnace.
        BlastFurnace = 57 "blast_furnace",
        /// Reduction with carbon.
        Carbothermic = 58 "carbothermic",
        /// Melting to alloy.
        Melt = 60 "melt",
        /// Strip casting.
        StripCast = 61 "strip_cast",
        /// Melt spinning.
        MeltSpin = 62 "melt_spin",
        /// Consolidation of powder not from a melt.
        Consolidate = 63 "consolidate",
        /// Casting.
        Cast = 64 "cast",
        /// Hydrogen decrepitation.
        Decrepitate = 70 "decrepitate",
        /// Milling.
        Mill = 71 "mill",
        /// Pressing.
        Press = 72 "press",
        /// Sintering.
        Sinter = 73 "sinter",
        /// Binder added.
        Bond = 75 "bond",
        /// Cutting and grinding.
        Machine = 80 "machine",
        /// Coating: mass is gained.
        Coat = 81 "coat",
        /// Grain-boundary diffusion: terbium or dysprosium is added.
        Diffuse = 82 "diffuse",
        /// Magnetising.
        Magnetise = 85 "magnetise",
        /// Parts put together.
        Assemble = 90 "assemble",
        /// Waste or end-of-life goods collected.
        Collect = 100 "collect",
        /// Taking apart.
        Dismantle = 101 "dismantle",
        /// Shredding.
        Shred = 102 "shred",
        /// Dissolution back to compounds.
        Hydromet = 103 "hydromet",
    }
}

impl Process {
    /// Whether the process conserves total mass: nothing is taken up from or lost to air, acid or coating.
    ///
    /// Source: docs/custody.md, "Total mass".
    pub fn conserves_mass(self) -> bool {
        matches!(
            self,
            Self::Crush
                | Self::Sort
                | Self::Float
                | Self::Gravity
                | Self::MagneticSep
                | Self::Press
                | Self::Machine
                | Self::Atomise
                | Self::Magnetise
                | Self::Assemble
                | Self::Dismantle
                | Self::Shred
        )
    }
}

/// A stage together with the process that did it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Step {
    /// Where in the making.
    pub stage: Stage,
    /// How.
    pub process: Process,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.stage.name(), self.process.name())
    }
}

impl serde::Serialize for Step {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A step that people wrote wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The stage or the process is not in its list.
    #[error(transparent)]
    Word(#[from] super::coded::UnknownWord),
    /// There is no process after the stage.
    #[error("`{0}` names no process")]
    NoProcess(String),
}

impl StepError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Word(word) => word.hint(),
            Self::NoProcess(_) => Some("write a stage and a process, such as `P60 strip_cast`".into()),
        }
    }
}

impl std::str::FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        let mut words = text.split_whitespace();
        let stage = Stage::from_name(words.next().unwrap_or_default())?;
        let process = words.next().ok_or_else(|| StepError::NoProcess(text.to_owned()))?;
        match words.next() {
            Some(_) => Err(StepError::NoProcess(text.to_owned())),
            None => Ok(Self { stage, process: Process::from_name(process)? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_reads_back() {
        let step: Step = "P60 strip_cast".parse().unwrap();
        assert_eq!(step, Step { stage: Stage::P60, process: Process::StripCast });
        assert_eq!(step.to_string(), "P60 strip_cast");
    }

    #[test]
    fn misspelt_process_gets_the_nearest_one_as_hint() {
        let error = "P60 strip_cats".parse::<Step>().unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `strip_cast`?"));
    }

    #[test]
    fn numbers_of_stages_and_processes_are_unique() {
        fn unique<T: Coded>() {
            let mut codes: Vec<u16> = T::ALL.iter().map(|word| word.code()).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), T::ALL.len());
        }
        unique::<Stage>();
        unique::<Process>();
    }
}
