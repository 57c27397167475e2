//! Facilities: where work is done.

use serde::Serialize;

use super::day::Day;
use super::mass::Mass;
use super::maybe::Maybe;
use super::party::{Identifier, Outsider};
use super::place::Place;
use super::stage::Stage;
use crate::hash::PartyId;

/// A place of work, declared by its operator or, so marked, by another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclareFacility {
    /// Who runs it.
    pub operator: Operator,
    /// What it is called. Private item `name`.
    pub name: Maybe<String>,
    /// Country, and region where one is given.
    pub place: Place,
    /// Latitude and longitude in millionths of a degree, if given.
    pub coordinates: Option<(i32, i32)>,
    /// Postal address. Private item `address`.
    pub address: Maybe<Option<String>>,
    /// What is done there, at least one.
    pub stages: Vec<Capability>,
    /// Whether an audit scheme treats it as the smelter or refiner (`P45`).
    pub choke_point: bool,
    /// Numbers in registers. Private item `identifiers`.
    pub identifiers: Maybe<Vec<Identifier>>,
    /// First and last day of its life, where known.
    pub opened: Option<Day>,
    /// Last day of its life, where known.
    pub closed: Option<Day>,
}

/// Who runs a declared facility.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The author of the declaration.
    Author,
    /// A party that keeps a chain, declared here by another.
    Party(PartyId),
    /// Someone who keeps no chain. Private item `operator`.
    Outside(Maybe<Outsider>),
}

/// A stage done at a facility, with its nameplate capacity if stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Capability {
    /// The stage.
    pub stage: Stage,
    /// Mass of product a year at nameplate, if stated.
    pub capacity_per_year: Option<Mass>,
}
