//! Facilities: where work is done.

use serde::Serialize;

use super::day::Day;
use super::dealings::CircuitMethod;
use super::mass::Mass;
use super::maybe::Maybe;
use super::party::{Identifier, Outsider};
use super::place::Place;
use super::stage::Stage;
use crate::hash::{PartyId, RecordId};

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
    /// Circuits that have no lots inside.
    pub circuits: Vec<Circuit>,
    /// The `cede_facility` record by which its operator before gave it up.
    pub succeeds: Option<RecordId>,
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

/// A circuit of a continuous plant, declared before its periods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Circuit {
    /// What it is called, at most 64 bytes.
    pub name: String,
    /// Stages that what passes it goes through.
    pub stages: Vec<Stage>,
    /// How shares of its outputs are stated.
    pub method: CircuitMethod,
    /// Days after which nothing of a charge is left in it.
    pub window_days: u16,
    /// Least days that a charge stays in it.
    pub least_days: u16,
}
