//! US dollars: cents inside, as people write them.

use std::fmt;
use std::str::FromStr;

use super::amount::{Amount, AmountError, Unit, text_serde};
use super::mass::grouped;

/// An amount of US dollars, in cents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Dollars(u64);

const UNITS: &[Unit] = &[Unit { name: "USD", digits: 2 }];

impl Dollars {
    /// Returns the cents.
    pub const fn cents(self) -> u64 {
        self.0
    }
}

impl FromStr for Dollars {
    type Err = AmountError;

    /// Reads `350 000 USD` or `12.50 USD`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Amount { what: "price", units: UNITS, example: "350 000 USD" }.read(text).map(Self)
    }
}

impl fmt::Display for Dollars {
    /// Writes whole dollars with grouped thousands, and cents where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = grouped(self.0 / 100);
        match self.0 % 100 {
            0 => f.pad(&format!("{whole} USD")),
            cents => f.pad(&format!("{whole}.{cents:02} USD")),
        }
    }
}

text_serde!(Dollars, |dollars: &Dollars| dollars.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_read_and_write_and_need_their_unit() {
        assert_eq!("350 000 USD".parse::<Dollars>().unwrap().cents(), 35_000_000);
        for text in ["12.50 USD", "350 000 USD", "0 USD"] {
            assert_eq!(text.parse::<Dollars>().unwrap().to_string().parse(), text.parse::<Dollars>());
        }
        for text in ["350000", "350000 EUR", "1.234 USD", "-1 USD"] {
            assert!(text.parse::<Dollars>().is_err(), "{text}");
        }
    }
}
