//! Things made of things: parts are put together, taken apart, and keep their identity.

use serde::Serialize;

use super::work::At;
use crate::model::lot::{Addition, Input, Loss, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;
use crate::model::stage::Step;

/// Parts are put together and keep their identity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Assemble {
    /// Where and when.
    pub at: At,
    /// Stages and processes, in order, at least one.
    pub steps: Vec<Step>,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// Which input went into which output. Private item `part`, whole.
    pub parts: MaybeList<Part>,
    /// Glue, screws, solder: what joined without having been a lot. Private item `add`, whole.
    pub additions: MaybeList<Addition>,
    /// The assemblies.
    pub outputs: Vec<Lot>,
}

/// A portion of an input that went into one assembly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Part {
    /// Index of the input.
    pub input: u32,
    /// Index of the output.
    pub output: u32,
    /// How much of the input.
    pub mass: Mass,
    /// How many pieces, if counted.
    pub pieces: Option<u64>,
}

/// An assembly is taken apart; the parts are those that went in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Disassemble {
    /// Where and when.
    pub at: At,
    /// Stages and processes, in order, at least one.
    pub steps: Vec<Step>,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// Which part each output was. Private item `part`, whole.
    pub recovered: MaybeList<Recovered>,
    /// What came out.
    pub outputs: Vec<Lot>,
    /// What left without becoming a lot. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
}

/// An output of a disassembly that is a part put in earlier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Recovered {
    /// Index of the output.
    pub output: u32,
    /// The lot that went into the assembly as this part.
    pub part: LotRef,
}
