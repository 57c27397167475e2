//! The ways a lot enters the ledger: from the ground, from old stock, from a supplier on its papers.

use serde::Serialize;

use super::work::At;
use crate::hash::Hash;
use crate::model::day::Period;
use crate::model::element::ElementSet;
use crate::model::evidence::{Assessment, Assessor};
use crate::model::lot::Lot;
use crate::model::maybe::Maybe;
use crate::model::party::Outsider;
use crate::model::place::Place;
use crate::model::stage::Step;

/// Material leaves the ground.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Extract {
    /// Where and when.
    pub at: At,
    /// How it was won; P10, and what follows in one go.
    pub steps: Vec<Step>,
    /// Name of the deposit. Private item `deposit`.
    pub deposit: Maybe<Option<String>>,
    /// Number of the licence. Private item `licence`.
    pub licence: Maybe<Option<String>>,
    /// What came out.
    pub outputs: Vec<Lot>,
}

/// Stock held before the ledger began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpeningStock {
    /// Where, and the day of stocktaking.
    pub at: At,
    /// What was there.
    pub outputs: Vec<Lot>,
    /// What is declared of its past; the rest is unknown.
    pub touches: Vec<DeclaredTouch>,
}

/// Material from a supplier who keeps no ledger, on its papers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Intake {
    /// Where and when it was taken in.
    pub at: At,
    /// Who supplied it. Private item `supplier`.
    pub supplier: Maybe<Outsider>,
    /// What was taken in, weighed by the author.
    pub outputs: Vec<Lot>,
    /// What the papers say of its past; the rest is unknown.
    pub touches: Vec<DeclaredTouch>,
}

/// A statement that elements of an output went through a stage somewhere, before this ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclaredTouch {
    /// Index of the output it is about.
    pub output: u32,
    /// Which elements.
    pub elements: ElementSet,
    /// What was done.
    pub step: Step,
    /// Where.
    pub place: Place,
    /// When, if stated.
    pub period: Option<Period>,
    /// Who did it, if stated. Private item `touch/N/maker`.
    pub maker: Maybe<Option<Outsider>>,
    /// Who assessed the statement (UNTP code).
    pub assessor: Assessor,
    /// How it was assessed (UNTP code).
    pub assessment: Assessment,
    /// SHA-256 of the paper that says so; without one it is stated only.
    pub document: Option<Hash>,
}

/// Waste or end-of-life goods are collected for recycling.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Collect {
    /// Where and when.
    pub at: At,
    /// How; R10, and what follows in one go.
    pub steps: Vec<Step>,
    /// Who gave it up, if known. Private item `supplier`.
    pub supplier: Maybe<Option<Outsider>>,
    /// Number of the collection receipt or waste shipment document. Private item `receipt`.
    pub receipt: Maybe<Option<String>>,
    /// What was collected.
    pub outputs: Vec<Lot>,
}
