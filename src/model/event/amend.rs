//! Second thoughts: later records that change how an earlier one is read. Nothing is ever edited.

use serde::Serialize;

use super::Body;
use super::evidence::Subject;
use crate::hash::RecordId;
use crate::model::dealings::{CorrectReason, DisputeReason, Outcome};
use crate::model::maybe::Maybe;

/// Puts another statement in the place of an own record's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Correct {
    /// The record corrected; never itself a correction.
    pub target: RecordId,
    /// Why.
    pub reason: CorrectReason,
    /// What the record states from here on.
    pub replacement: Replacement,
}

/// A party says that a record, lot or party is not what it is said to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dispute {
    /// What it is about.
    pub about: Subject,
    /// What is disputed.
    pub reason: DisputeReason,
    /// What the author says instead. Private item `claim`.
    pub claim: Maybe<Option<String>>,
}

/// Ends a dispute.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Resolve {
    /// The `dispute` record.
    pub target: RecordId,
    /// How it ended.
    pub outcome: Outcome,
    /// On what terms. Private item `terms`.
    pub terms: Maybe<Option<String>>,
}

/// A party that rests on a record has taken note of a correction, withdrawal or double use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Acknowledge {
    /// The correction, withdrawal or other record taken note of.
    pub target: RecordId,
}

/// The statement that stands in an earlier one's place: a body of the same kind, never a control kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Replacement(pub Box<Body>);
