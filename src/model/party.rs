//! Parties: who keeps a chain.

use serde::{Deserialize, Serialize};

use super::evidence::Role;
use super::maybe::Maybe;
use super::place::{Country, Place};

/// A number in a register: LEI, CAGE, EIN, GLN, CID...
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// Which register, in lower-case letters, at most 16 bytes.
    pub scheme: String,
    /// The number as registered, at most 64 bytes.
    pub number: String,
}

/// What a party says of itself when it opens its chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Establish {
    /// The key entry that opens the chain; filled in by sealing.
    pub recovery_commitment: crate::hash::Hash,
    /// Legal name. Private item `name`.
    pub name: Maybe<String>,
    /// Country of registration.
    pub country: Country,
    /// What it does, ascending.
    pub roles: Vec<Role>,
    /// Numbers in registers. Private item `identifiers`.
    pub identifiers: Maybe<Vec<Identifier>>,
    /// Postal address. Private item `address`.
    pub address: Maybe<Option<String>>,
}

/// Someone outside the ledger, by name: a supplier, a carrier, a buyer who keeps no chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outsider {
    /// Name, at most 256 bytes.
    pub name: String,
    /// Where it is.
    pub place: Option<Place>,
    /// Numbers in registers.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
}
