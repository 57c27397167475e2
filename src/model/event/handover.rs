//! The two-sided handover: dispatched by one party, received or refused by another.

use serde::Serialize;

use super::work::At;
use crate::hash::{Hash, PartyId};
use crate::model::day::{Day, Period};
use crate::model::dealings::{ReleaseReason, StopKind};
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::Outsider;
use crate::model::place::Place;

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
    /// Stops on the way as planned. Private item `route`.
    pub stops: Maybe<Vec<Stop>>,
    /// Hash of the claim code on the paper, where the receiver is named later.
    pub claim: Option<Hash>,
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

/// A place that goods pass on their way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stop {
    /// Where.
    pub place: Place,
    /// What happens there.
    pub what: StopKind,
    /// When, if known.
    pub period: Option<Period>,
}

/// The sender names the receiver of lots that left for one to be named later.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Assign {
    /// Lots in transit that the author dispatched to a receiver to be named later.
    pub lots: Vec<LotRef>,
    /// Who may take them over. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// The code the claimant showed. Private item `claim`.
    pub claim: Maybe<Option<String>>,
}

/// Lots in transit that never came, or were not claimed, are given back to their sender.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Release {
    /// When. Private item `period`.
    pub period: Maybe<Period>,
    /// Why.
    pub why: ReleaseReason,
    /// The party that dispatched them. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// Stretches of lots in transit, on the sender's scale. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// The lots in transit back, one for each input, of equal mass.
    pub outputs: Vec<Lot>,
}

/// The sender asks for lots in transit back; it consumes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RequestReturn {
    /// Lots in transit that the author dispatched.
    pub lots: Vec<LotRef>,
    /// Day from which on they should not be taken over.
    pub from: Day,
    /// Why, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}
