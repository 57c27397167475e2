//! How a place stands to a list of places that are barred, or of those that are allowed.

use serde::{Deserialize, Serialize};

use crate::model::place::Place;

/// What it means that a place is outside the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// It is allowed: the list says what is barred.
    #[default]
    Allowed,
    /// It is barred: the list says what is allowed.
    Barred,
    /// Nobody here knows: the list says what is allowed, and is not complete.
    Open,
}

impl Outside {
    pub(super) fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// How a place stands to a list of barred ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    Outside,
    /// A region of the country is barred, and the region is not stated.
    RegionOpen,
    /// Outside a list of what is allowed that is not complete.
    ListOpen,
    Barred,
}

impl Outside {
    /// Returns how a place stands to a list of which this is what lies outside.
    pub(super) fn fit(self, listed: &[Place], place: &Place) -> Fit {
        match (self, place_fit(listed, place)) {
            (Self::Allowed, fit) => fit,
            (_, Fit::RegionOpen) => Fit::RegionOpen,
            (_, Fit::Barred | Fit::ListOpen) => Fit::Outside,
            (Self::Barred, Fit::Outside) => Fit::Barred,
            (Self::Open, Fit::Outside) => Fit::ListOpen,
        }
    }
}

/// Returns how a place stands to a list, as if the list said what is barred.
pub(super) fn place_fit(barred: &[Place], place: &Place) -> Fit {
    let mut fit = Fit::Outside;
    for one in barred.iter().filter(|one| one.country == place.country) {
        match (&one.subdivision, &place.subdivision) {
            (None, _) => return Fit::Barred,
            (Some(barred), Some(stated)) if barred == stated => return Fit::Barred,
            (Some(_), None) => fit = Fit::RegionOpen,
            _ => {}
        }
    }
    fit
}
