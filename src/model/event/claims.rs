//! Mass-balance claim accounts, apart from any physical flow.

use serde::Serialize;

use super::handover::Receiver;
use crate::hash::RecordId;
use crate::model::day::{Day, Period};
use crate::model::element::ElementSet;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

/// A period of a mass-balance claim account is closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CloseAccount {
    /// Which account.
    pub account: ClaimAccount,
    /// First and last day.
    pub period: Period,
    /// The close of the period before, if there is one.
    pub previous: Option<RecordId>,
    /// What part of a credit may be claimed again after processing.
    pub factor: Fraction,
    /// Credits carried over. Private item `opening`.
    pub opening: Maybe<Vec<Credit>>,
    /// Credits that came in. Private item `credit`, whole.
    pub credits: MaybeList<Credit>,
    /// What may still be claimed at the end. Private item `closing`.
    pub closing: Maybe<Mass>,
}

/// A mass-balance claim account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClaimAccount {
    /// The facility, by the record that declared it.
    pub facility: RecordId,
    /// Scheme, at most 64 bytes.
    pub scheme: String,
    /// What is claimed, such as `recycled.post_consumer`.
    pub characteristic: String,
    /// Of which elements the mass counts.
    pub elements: ElementSet,
}

/// Mass that brings a claim into an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Credit {
    /// Day from which on it counts.
    pub day: Day,
    /// The lot that brought it, if one is named.
    pub lot: Option<LotRef>,
    /// Mass of the elements.
    pub mass: Mass,
    /// Last day on which it may be used, if it expires.
    pub expires: Option<Day>,
}

/// A claim is used up for somebody, once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RetireClaim {
    /// From which account.
    pub account: ClaimAccount,
    /// Serial number of the claim.
    pub serial: String,
    /// Mass of the elements claimed.
    pub mass: Mass,
    /// Day on which it is used.
    pub day: Day,
    /// When what is claimed was made, if stated.
    pub vintage: Option<Period>,
    /// The lot it is given with, if any.
    pub lot: Option<LotRef>,
    /// For whom. Private item `beneficiary`.
    pub beneficiary: Maybe<Option<Receiver>>,
}
