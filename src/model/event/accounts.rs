//! Circuits and tank farms: lots go in, lots come out, and a period is closed with what is in process.

use serde::Serialize;

use super::work::At;
use crate::hash::RecordId;
use crate::model::lot::{Addition, Component, Input, Loss, Lot, Quantity};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::stage::Step;

/// Lots go into a circuit that has no lots inside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Charge {
    /// Where and when.
    pub at: At,
    /// Which circuit of the facility, by its name.
    pub circuit: String,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What joined without having been a lot. Private item `add`, whole.
    pub additions: MaybeList<Addition>,
}

/// Lots come out of a circuit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Draw {
    /// Where and when.
    pub at: At,
    /// Which circuit of the facility, by its name.
    pub circuit: String,
    /// Stages and processes passed inside, in order.
    pub steps: Vec<Step>,
    /// What came out.
    pub outputs: Vec<Lot>,
}

/// A period of a circuit is closed with what was measured to be in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClosePeriod {
    /// Where and when.
    pub at: At,
    /// Which circuit of the facility, by its name.
    pub circuit: String,
    /// The close of the period before, if there is one.
    pub previous: Option<RecordId>,
    /// What was in process when the period began; none for an empty circuit. Private item `opening`.
    pub opening: Maybe<Option<Stock>>,
    /// What was in process when it ended; none for an empty circuit. Private item `closing`.
    pub closing: Maybe<Option<Stock>>,
    /// What left without becoming a lot. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
    /// The `charge` and `draw` records counted. Private item `covers`, whole.
    pub covers: MaybeList<RecordId>,
}

/// What is in process in a circuit: its mass with uncertainty, and what it holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stock {
    /// How much, with uncertainty and basis.
    pub quantity: Quantity,
    /// What it holds; what is absent is not determined.
    pub composition: Vec<Component>,
}
