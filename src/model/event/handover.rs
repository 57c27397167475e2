//! The two-sided handover: dispatched by one party, received or refused by another.

use serde::Serialize;

use super::work::At;
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::lot::{Input, Lot};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::Outsider;

/// Who may take over a lot in transit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Someone who keeps none: the trail ends here, and that is no error.
    Outside(Outsider),
    /// To be named later by the sender; nobody may consume until then.
    Later,
}

/// Lots leave for a receiver. Output N is the lot in transit made of input N, on the sender's scale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dispatch {
    /// Where from and when.
    pub at: At,
    /// Who may take them over. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// What was sent. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// The lots in transit, one for each input, of equal mass.
    pub outputs: Vec<Lot>,
    /// Who carries them. Private item `carrier`.
    pub carrier: Maybe<Option<Outsider>>,
    /// Day by which they should have arrived, if agreed.
    pub due: Option<Day>,
}

/// Lots in transit are taken over. Output N is made of input N, on the receiver's own scale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Receive {
    /// Where and when.
    pub at: At,
    /// Stretches of lots in transit, on the sender's scale; `empties` is final. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What arrived, weighed by the receiver, one for each input.
    pub outputs: Vec<Lot>,
}

/// Lots in transit go back. Output N is the lot in transit to the sender made of input N.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refuse {
    /// Where and when.
    pub at: At,
    /// The party that dispatched them. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// Stretches of lots in transit, on the sender's scale. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// The lots in transit back, one for each input, of equal mass.
    pub outputs: Vec<Lot>,
    /// Why, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}
