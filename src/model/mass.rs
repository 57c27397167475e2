//! Masses: milligrams inside, tonnes to milligrams as people write them. No floating point.

use std::fmt;
use std::str::FromStr;

use super::amount::{Amount, AmountError, Unit};

/// A mass in milligrams.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Mass(u64);

const UNITS: &[Unit] = &[
    Unit { name: "t", digits: 9 },
    Unit { name: "kg", digits: 6 },
    Unit { name: "g", digits: 3 },
    Unit { name: "mg", digits: 0 },
];

impl Mass {
    /// No mass.
    pub const ZERO: Self = Self(0);

    /// Returns a mass of `mg` milligrams.
    pub const fn from_mg(mg: u64) -> Self {
        Self(mg)
    }

    /// Returns the milligrams.
    pub const fn mg(self) -> u64 {
        self.0
    }

    /// Returns the sum, or `None` beyond 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns the difference, or `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Returns the difference, or zero below zero.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the difference either way round.
    pub fn abs_diff(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }

    /// Returns the shortest text that reads back exactly, in kilograms: `1250 kg`, `0.38 kg`.
    pub fn to_exact(self) -> String {
        let (whole, part) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if part == 0 {
            return format!("{whole} kg");
        }
        let digits = format!("{part:06}");
        format!("{whole}.{} kg", digits.trim_end_matches('0'))
    }
}

impl FromStr for Mass {
    type Err = AmountError;

    /// Reads `12.5 t`, `1250 kg`, `1 250 kg`, `380 g` or `5 mg`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Amount { what: "mass", units: UNITS, example: "12.5 t, 1250 kg or 380 g" }.read(text).map(Self)
    }
}

impl fmt::Display for Mass {
    /// Writes kilograms with three decimals and grouped thousands, grams below one kilogram.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part, unit) = if self.0 >= 1_000_000 {
            (self.0 / 1_000_000, (self.0 % 1_000_000 + 500) / 1000, "kg")
        } else {
            (self.0 / 1000, self.0 % 1000, "g")
        };
        let (whole, part) = if part == 1000 { (whole + 1, 0) } else { (whole, part) };
        f.pad(&format!("{}.{part:03} {unit}", grouped(whole)))
    }
}

/// Returns a whole number with a space between each three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

super::amount::text_serde!(Mass, |mass: &Mass| mass.to_exact());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_read_as_people_write_them() {
        for (text, mg) in [
            ("12.5 t", 12_500_000_000),
            ("1250 kg", 1_250_000_000),
            ("1 250kg", 1_250_000_000),
            ("380 g", 380_000),
            ("0.000001 kg", 1),
            ("5 mg", 5),
        ] {
            assert_eq!(text.parse::<Mass>().unwrap().mg(), mg, "{text}");
        }
    }

    #[test]
    fn what_is_ambiguous_or_impossible_is_refused() {
        for text in
            ["12.5", "1,250 kg", "-3 kg", "1 kgs", "0.0000001 kg", "18446744073710 kg", "", "kg", "1.2.3 kg"]
        {
            assert!(text.parse::<Mass>().is_err(), "{text}");
        }
        let error = "12.5".parse::<Mass>().unwrap_err();
        assert_eq!(
            error.hint().as_deref(),
            Some("write a unit behind the number, such as 12.5 t, 1250 kg or 380 g")
        );
    }

    #[test]
    fn the_largest_mass_reads_and_one_more_milligram_does_not() {
        assert_eq!("18446744073709551615 mg".parse::<Mass>().unwrap().mg(), u64::MAX);
        assert!("18446744073709551616 mg".parse::<Mass>().is_err());
    }

    #[test]
    fn text_forms() {
        let mass = Mass::from_mg(1_250_380_000);
        assert_eq!(mass.to_string(), "1 250.380 kg");
        assert_eq!(mass.to_exact(), "1250.38 kg");
        assert_eq!(Mass::from_mg(380_500).to_string(), "380.500 g");
        assert_eq!(Mass::from_mg(999_999_999).to_string(), "1 000.000 kg");
    }

    proptest::proptest! {
        #[test]
        fn exact_text_reads_back(mg: u64) {
            let mass = Mass::from_mg(mg);
            proptest::prop_assert_eq!(mass.to_exact().parse::<Mass>().unwrap(), mass);
        }
    }
}
