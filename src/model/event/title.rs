//! What passes apart from custody: ownership, pledges, receipts, facilities.

use serde::Serialize;

use super::handover::Receiver;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::dealings::Title;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

/// Ownership, pledge or a warehouse receipt passes; custody does not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TransferTitle {
    /// What passes.
    pub title: Title,
    /// Of which lots, and how much. Private item `title`, whole.
    pub titled: MaybeList<Titled>,
    /// To whom. Private item `to`.
    pub to: Maybe<Receiver>,
    /// Number of the contract, pledge or receipt. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// First day it holds.
    pub from: Day,
    /// Last day it holds, where it ends.
    pub until: Option<Day>,
    /// The earlier transfer it ends or passes on.
    pub target: Option<RecordId>,
}

/// How much of a lot a title is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Titled {
    /// The lot.
    pub lot: LotRef,
    /// Where the stretch begins, if it is set apart; none for an undivided part of the whole.
    pub from: Option<Mass>,
    /// How much, on the scale of the lot's creator.
    pub mass: Mass,
}

/// The operator gives a facility up to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CedeFacility {
    /// The facility, by the record that declared it.
    pub facility: RecordId,
    /// Who takes it over.
    pub to: Receiver,
    /// First day under the new operator.
    pub from: Day,
}
