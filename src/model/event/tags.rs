//! Tags on packages and declarations at borders: what agents and customs papers say of lots.

use serde::Serialize;

use super::handover::Stop;
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::dealings::BorderSide;
use crate::model::hs::HsCode;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::place::{Country, Place};

/// An agent hands out tags for the output of one place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IssueTags {
    /// The facility whose output the tags are for.
    pub pit: RecordId,
    /// Where they were handed out.
    pub place: Place,
    /// The same in millionths of a degree, if known.
    pub coordinates: Option<(i32, i32)>,
    /// When. Private item `period`.
    pub period: Maybe<Period>,
    /// Of which scheme, at most 64 bytes.
    pub scheme: String,
    /// First and last day on which they may be put on.
    pub valid: Period,
    /// Their numbers. Private item `tags`, whole.
    pub tags: MaybeList<String>,
}

/// Tags are put on the packages of a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ApplyTags {
    /// The lot.
    pub lot: LotRef,
    /// Where.
    pub place: Place,
    /// The same in millionths of a degree, if known.
    pub coordinates: Option<(i32, i32)>,
    /// When. Private item `period`.
    pub period: Maybe<Period>,
    /// Of which scheme, at most 64 bytes.
    pub scheme: String,
    /// Which tag on which package. Private item `tags`, whole.
    pub tags: MaybeList<AppliedTag>,
}

/// A tag on a package.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AppliedTag {
    /// Number of the tag.
    pub tag: String,
    /// The package, by the name it has in the lot.
    pub package: Option<String>,
    /// What the package holds, as weighed for the tag.
    pub mass: Option<Mass>,
}

/// Lots are declared to customs on one side of a border.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclareBorder {
    /// The lots, in transit or held.
    pub lots: Vec<LotRef>,
    /// Leaving, entering or passing.
    pub side: BorderSide,
    /// Country left.
    pub from: Country,
    /// Country entered.
    pub to: Country,
    /// Country of origin as declared.
    pub origin: Country,
    /// Customs code as declared.
    pub hs: HsCode,
    /// Net mass of all of them as declared. Private item `mass`.
    pub mass: Maybe<Option<Mass>>,
    /// Number of the declaration. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// When. Private item `period`.
    pub period: Maybe<Period>,
    /// Stops on the way as declared. Private item `route`.
    pub stops: Maybe<Vec<Stop>>,
}
