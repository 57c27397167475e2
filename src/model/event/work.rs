//! What is done with lots that are held: changed, packed, measured, disposed of.

use serde::Serialize;

use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::evidence::{DisposeHow, Mixing};
use crate::model::lot::{Addition, Component, Input, Loss, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::stage::Step;

/// Where and when work was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct At {
    /// The facility, by the record that declared it. Private item `facility`.
    pub facility: Maybe<RecordId>,
    /// First and last day in the facility's place. Private item `period`.
    pub period: Maybe<Period>,
    /// The operator's `host` record, where the facility is not the author's own.
    pub host: Option<RecordId>,
}

/// Material changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Transform {
    /// Where and when.
    pub at: At,
    /// Stages and processes, in order, at least one.
    pub steps: Vec<Step>,
    /// Whether the inputs became one pool.
    pub mixing: Mixing,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What joined without having been a lot. Private item `add`, whole.
    pub additions: MaybeList<Addition>,
    /// What came out.
    pub outputs: Vec<Lot>,
    /// What left without becoming a lot. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
}

/// Only the parcels change: split, blend, package.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Repack {
    /// Where and when.
    pub at: At,
    /// Whether the inputs were blended into one pool or stay apart.
    pub mixing: Mixing,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What came out.
    pub outputs: Vec<Lot>,
    /// What was spilt. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
}

/// The holder's own re-weighing, re-assay or stocktake: adds a fact, replaces none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Measure {
    /// Where and when.
    pub at: At,
    /// Which lot.
    pub lot: LotRef,
    /// What the scale and count say of what is left. Private item `mass`.
    pub quantity: Maybe<Option<Quantity>>,
    /// What the assay says. Private item `composition`.
    pub composition: Maybe<Vec<Component>>,
}

/// Material leaves for good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dispose {
    /// Where and when.
    pub at: At,
    /// What became of it.
    pub how: DisposeHow,
    /// What left. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// Why or where to, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}
