//! Fractions: parts per billion inside, percent and ppm as people write them.

use std::fmt;
use std::str::FromStr;

use super::amount::{Amount, AmountError, AmountFault, Unit, text_serde};

/// A share in parts per billion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Fraction(u32);

const UNITS: &[Unit] =
    &[Unit { name: "%", digits: 7 }, Unit { name: "ppm", digits: 3 }, Unit { name: "ppb", digits: 0 }];

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(1_000_000_000);

    /// Returns a share of `ppb` parts per billion.
    pub const fn from_ppb(ppb: u32) -> Self {
        Self(ppb)
    }

    /// Returns the parts per billion.
    pub const fn ppb(self) -> u32 {
        self.0
    }
}

impl FromStr for Fraction {
    type Err = AmountError;

    /// Reads `29.4 %`, `850 ppm` or `12 ppb`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let amount = Amount { what: "share", units: UNITS, example: "29.4 % or 850 ppm" };
        let ppb = amount.read(text)?;
        u32::try_from(ppb).map(Self).map_err(|_| amount.fault(text, AmountFault::TooLarge))
    }
}

impl fmt::Display for Fraction {
    /// Writes percent, as short as is exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000_000, self.0 % 10_000_000);
        let text = if part == 0 {
            format!("{whole} %")
        } else {
            format!("{whole}.{} %", format!("{part:07}").trim_end_matches('0'))
        };
        f.pad(&text)
    }
}

text_serde!(Fraction, |share: &Fraction| share.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_and_write() {
        assert_eq!("29.4 %".parse::<Fraction>().unwrap().ppb(), 294_000_000);
        assert_eq!("850 ppm".parse::<Fraction>().unwrap().ppb(), 850_000);
        assert_eq!("100%".parse::<Fraction>().unwrap(), Fraction::ONE);
        assert_eq!(Fraction::from_ppb(304_500_000).to_string(), "30.45 %");
        for text in ["29.4", "430 %", "0.00000001 %", "29,4 %"] {
            assert!(text.parse::<Fraction>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn text_reads_back(ppb: u32) {
            let share = Fraction::from_ppb(ppb);
            proptest::prop_assert_eq!(share.to_string().parse::<Fraction>().unwrap(), share);
        }
    }
}
