//! What an auditor who had the records says of a lot, for those who do not get them; and what a party saw of logs.
//!
//! Spec: docs/formats/record.md, "`attest`" and "`witness`".

use serde::Serialize;

use crate::hash::Hash;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::party::Outsider;
use crate::model::place::Place;
use crate::model::stage::{Process, Stage, Step};
use crate::model::verdict::Verdict;

/// Facts about one lot, computed by its author from records that a reader may never get.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Attest {
    /// The lot.
    pub lot: LotRef,
    /// Day that the author judged for.
    pub as_of: Day,
    /// Last day for which it may be relied on.
    pub valid_until: Day,
    /// What the author found of bytes, chains and custody: nothing else rests on it unless this is `pass`.
    pub custody: Verdict,
    /// What is said of each element, ascending.
    pub elements: Vec<AttestedElement>,
    /// Steps that elements went through, ascending by element.
    pub touches: Vec<AttestedTouch>,
    /// Verdicts of rules as the author got them. They are shown; nothing rests on them.
    pub verdicts: Vec<AttestedVerdict>,
    /// The records it rests on, by their ids.
    pub records: AttestedSet,
    /// The checkpoints it rests on.
    pub logs: AttestedSet,
    /// SHA-256 of the bands that masses were judged by.
    pub bands: Hash,
    /// SHA-256 of the author's trust file; none without one.
    pub trust: Option<Hash>,
}

/// What is attested of one element of a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AttestedElement {
    /// The element.
    pub element: Element,
    /// How much of it the lot holds. Private item `element/N/mass`.
    pub mass: Maybe<Option<AttestedMass>>,
    /// The most of it of which nothing is known.
    pub unknown: Fraction,
    /// What must have been done to it, and is not told of all of it where: what rules about places look for besides
    /// what is known.
    pub unplaced: Vec<Unplaced>,
    /// The weakest evidence on its way.
    pub grade: Grade,
}

/// Something that must have been done to an element, judged by the forms of the lot and of what it was made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unplaced {
    /// Stages of which one would do, ascending.
    pub stages: Vec<Stage>,
    /// The process that alone would do, where not every one of the stages does.
    pub process: Option<Process>,
    /// It was done before the material was collected for recycling, and does not matter where that is its beginning.
    pub recycled: bool,
}

/// A mass between two ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct AttestedMass {
    /// The least, rounded down.
    pub least: Mass,
    /// The most, rounded up.
    pub most: Mass,
}

/// A step that an element of the lot went through, with the share of the element that did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AttestedTouch {
    /// The element.
    pub element: Element,
    /// Stage and process.
    pub step: Step,
    /// Where; none where the author was not shown it.
    pub place: Option<Place>,
    /// On what evidence.
    pub grade: Grade,
    /// How surely the lot went through it.
    pub presence: Presence,
    /// The least share of the element that did, rounded down.
    pub least: Fraction,
    /// The most, rounded up.
    pub most: Fraction,
    /// From the first day to the last on which it was done; none where some day is not known.
    pub period: Option<Period>,
    /// Who did it, where the author knows. Private item `touch/N/maker`.
    pub maker: Maybe<Option<Outsider>>,
}

/// A verdict of a rule, as the author of an attestation got it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AttestedVerdict {
    /// Id of the pack.
    pub pack: String,
    /// Hash of the pack.
    pub pack_hash: Hash,
    /// Id of the rule.
    pub rule: String,
    /// The verdict.
    pub verdict: Verdict,
}

/// A set of things that are not shown, so that whoever has them can tell whether they are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct AttestedSet {
    /// How many there are.
    pub count: u32,
    /// Root of the tree over them, ascending (docs/formats/log.md, "The tree").
    pub root: Hash,
}

/// Its author saw the checkpoints in `seen`, and found that each log goes on from what it saw of it before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Witness {
    /// For each checkpoint in `seen` the size from which its log was found to go on; 0 for one seen for the first time.
    pub from: Vec<u64>,
}
