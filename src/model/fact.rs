//! Open facts: a code, a unit and a value, so that a new law can ask for a field nobody foresaw.

use serde::{Deserialize, Serialize};

use super::amount::text_serde;
use super::coded::coded;
use crate::hash::Hash;

coded! {
    /// Unit of a fact's number.
    FactUnit, "unit of a fact" {
        /// None.
        None = 1 "none",
        /// Milligrams.
        Milligram = 2 "mg",
        /// Parts per billion.
        Ppb = 3 "ppb",
        /// Days.
        Day = 4 "days",
        /// Pieces.
        Piece = 5 "pieces",
        /// Cents of a United States dollar.
        UsdCent = 6 "usd_cent",
        /// Cents of a euro.
        EurCent = 7 "eur_cent",
        /// Becquerel a gram.
        BqPerG = 8 "bq_per_g",
        /// Watt hours.
        WattHour = 9 "wh",
        /// Litres.
        Litre = 10 "l",
        /// Grams of carbon dioxide equivalent.
        GramCo2e = 11 "g_co2e",
    }
}

/// Code of the fact that a received lot's mass is the sender's, because the receiver did not weigh it.
///
/// One of two codes that this library judges by itself: see `custody::handover`.
pub const MASS_AS_DISPATCHED: &str = "mass.as_dispatched";

/// Code of the fact that the mass of a lot taken in is that of its papers, because nobody weighed it.
///
/// See `custody::reweigh`.
pub const MASS_AS_STATED: &str = "mass.as_stated";

/// A fact's code: `[a-z0-9_.]{1,48}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FactCode(String);

/// A text that is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no code of a fact")]
pub struct FactCodeError(String);

impl FactCodeError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some("a code has 1 to 48 lower-case letters, digits, `_` or `.`".into())
    }
}

impl FactCode {
    /// Returns the code, or `None` for a text that is none.
    pub fn from_code(code: &str) -> Option<Self> {
        let fits = (1..=48).contains(&code.len())
            && code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.'));
        fits.then(|| Self(code.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for FactCode {
    type Err = FactCodeError;

    fn from_str(text: &str) -> Result<Self, FactCodeError> {
        Self::from_code(text).ok_or_else(|| FactCodeError(text.to_owned()))
    }
}

text_serde!(FactCode, |code: &FactCode| code.0.clone());

/// The value of a fact.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// A whole number of units.
    Number(i64),
    /// A text of at most 256 bytes.
    Text(String),
    /// Thirty-two bytes.
    Hash(Hash),
}

/// A code, a unit and a value. Unknown codes are shown, never judged.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Which fact.
    pub code: FactCode,
    /// Unit of a number; `none` for texts and hashes.
    #[serde(default = "no_unit")]
    pub unit: FactUnit,
    /// The value.
    pub value: FactValue,
}

fn no_unit() -> FactUnit {
    FactUnit::None
}
