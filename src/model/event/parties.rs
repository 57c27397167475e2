//! What authorities and certifiers say of parties and facilities.

use serde::Serialize;

use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::{HostPurpose, Span, Tie};
use crate::model::evidence::Role;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::stage::Stage;

/// An authority lets a party act in a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Accredit {
    /// Who may act: the operator, where a facility is named.
    pub subject: PartyId,
    /// Where, if only there.
    pub facility: Option<RecordId>,
    /// As what.
    pub role: Role,
    /// First and last day it holds.
    pub valid: Period,
    /// Which scheme or law, at most 64 bytes.
    pub scheme: String,
    /// Number in the authority's register. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// Stages it covers; none listed means every stage of the role.
    pub stages: Vec<Stage>,
    /// Materials it covers; none listed means all.
    pub materials: Vec<Material>,
    /// The most that may be won or made, if the authority sets a limit.
    pub limit: Option<Limit>,
}

/// A certificate about a party or one of its facilities.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Certify {
    /// Whom it is about: the operator, where a facility is named.
    pub subject: PartyId,
    /// Which facility, if only that one.
    pub facility: Option<RecordId>,
    /// Which scheme, at most 64 bytes.
    pub scheme: String,
    /// Number of the certificate. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// First and last day it holds.
    pub valid: Period,
    /// Stages it covers; none listed means all of the facility.
    pub stages: Vec<Stage>,
    /// Materials it covers; none listed means all.
    pub materials: Vec<Material>,
    /// Mass it covers over its validity, if limited. Private item `volume`.
    pub volume: Maybe<Option<Mass>>,
}

/// The end, or for a certificate the suspension, of a status given earlier by the same author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EndStatus {
    /// The `accredit` or `certify` record.
    pub target: RecordId,
    /// First day without the status.
    pub from: Day,
    /// Last day without it, where it comes back (suspension only).
    pub until: Option<Day>,
    /// Why, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}

/// The operator of a facility lets another party work or store there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Host {
    /// Who may work there.
    pub guest: PartyId,
    /// The author's facility.
    pub facility: RecordId,
    /// What for.
    pub purpose: HostPurpose,
    /// Stages the guest may do; none means storing and handing over only.
    pub stages: Vec<Stage>,
    /// First and last day.
    pub valid: Period,
}

/// One party's tie to another: a second writing desk, a parent, an agent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Appoint {
    /// The other party.
    pub party: PartyId,
    /// What the other party is to the author.
    pub tie: Tie,
    /// Part of the capital held, if stated.
    pub share: Option<Fraction>,
    /// First and last day.
    pub valid: Period,
}

/// An authority lets a rule go for certain items, materials and dates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Waive {
    /// Which rule or clause, at most 128 bytes.
    pub rule: String,
    /// Whose material, if only one party's.
    pub subject: Option<PartyId>,
    /// Which lots; none listed means any.
    pub lots: Vec<LotRef>,
    /// Which part numbers; none listed means any.
    pub part_numbers: Vec<String>,
    /// Which materials; none listed means any.
    pub materials: Vec<Material>,
    /// First and last day it holds.
    pub valid: Period,
    /// Number of the paper. Private item `number`.
    pub number: Maybe<Option<String>>,
}

/// The most that may be won or made in a span of time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Limit {
    /// The most.
    pub mass: Mass,
    /// In which span.
    pub per: Span,
}
