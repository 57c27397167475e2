//! Numbers of pieces.

use std::fmt;
use std::str::FromStr;

use super::amount::{Amount, AmountError, Unit, text_serde};

/// A number of pieces.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Pieces(pub u64);

const UNITS: &[Unit] =
    &[Unit { name: "pieces", digits: 0 }, Unit { name: "piece", digits: 0 }, Unit { name: "pcs", digits: 0 }];

impl FromStr for Pieces {
    type Err = AmountError;

    /// Reads `400 pieces`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Amount { what: "number of pieces", units: UNITS, example: "400 pieces" }.read(text).map(Self)
    }
}

impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} piece{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

text_serde!(Pieces, |pieces: &Pieces| pieces.to_string());
