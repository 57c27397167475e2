//! Intervals of mass: from the least to the most that a measured quantity can be.
//!
//! Ends are whole billionths of a milligram, rounded outward at every step, so that two intervals that do not meet
//! contradict each other whatever was rounded. No floating point. An upper end may be open: then nothing bounds it.
//! Spec: docs/balance.md, "Intervals".

use std::fmt;

use serde::{Serialize, Serializer};

use super::fraction::Fraction;
use super::mass::Mass;
use super::uncertainty::Uncertainty;

/// Billionths in a milligram, and parts per billion in a whole.
pub const WHOLE: u128 = 1_000_000_000;
/// A share of one, in which [`Share`] counts.
pub const ONE: u128 = WHOLE * WHOLE;

/// A mass between two ends, in billionths of a milligram.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Interval {
    /// The least, rounded down.
    pub low: u128,
    /// The most, rounded up; `u128::MAX` where nothing bounds it.
    pub high: u128,
}

/// A share between two ends, in units of 10^-18. Shares of a metal in its oxide may be above one the other way round.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Share {
    /// The least, rounded down.
    pub low: u128,
    /// The most, rounded up.
    pub high: u128,
}

impl Share {
    /// All of it.
    pub const ALL: Self = Self { low: ONE, high: ONE };
    /// None of it.
    pub const NONE: Self = Self { low: 0, high: 0 };
    /// Anything from none to all.
    pub const ANY: Self = Self { low: 0, high: ONE };

    /// Returns the smallest share interval that holds both.
    pub fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

impl Share {
    /// Returns the lower end in parts per billion, rounded down.
    pub fn least(self) -> Fraction {
        to_fraction(self.low / WHOLE)
    }

    /// Returns the upper end in parts per billion, rounded up.
    pub fn most(self) -> Fraction {
        to_fraction(self.high.div_ceil(WHOLE))
    }
}

fn to_fraction(ppb: u128) -> Fraction {
    Fraction::from_ppb(u32::try_from(ppb).unwrap_or(u32::MAX))
}

impl Serialize for Share {
    /// Writes `{ "least": "26.1 %", "most": "28 %" }`, rounded outward to parts per billion.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut both = s.serialize_struct("Share", 2)?;
        both.serialize_field("least", &self.least())?;
        both.serialize_field("most", &self.most())?;
        both.end()
    }
}

impl Interval {
    /// No mass.
    pub const ZERO: Self = Self { low: 0, high: 0 };
    /// Any mass at all.
    pub const OPEN: Self = Self { low: 0, high: u128::MAX };

    /// Returns an exact mass.
    pub fn exact(mass: Mass) -> Self {
        let at = u128::from(mass.mg()) * WHOLE;
        Self { low: at, high: at }
    }

    /// Returns a weighed mass with its uncertainty, scatter and bias added up.
    pub fn weighed(mass: Mass, uncertainty: Uncertainty) -> Self {
        let (at, apart) = (u128::from(mass.mg()), u128::from(uncertainty.linear_ppb()));
        // Both products are below 2^64 x 10^10.
        Self { low: at * WHOLE.saturating_sub(apart), high: at * (WHOLE + apart) }
    }

    /// Returns a share of it, rounded outward.
    pub fn times(self, share: Share) -> Self {
        Self { low: product(self.low, share.low, false), high: product(self.high, share.high, true) }
    }

    /// Returns the sum.
    pub fn plus(self, other: Self) -> Self {
        Self { low: self.low.saturating_add(other.low), high: self.high.saturating_add(other.high) }
    }

    /// Returns what is left after `other` is taken away; both ends are at least zero.
    pub fn minus(self, other: Self) -> Self {
        let high = if self.is_open() { self.high } else { self.high.saturating_sub(other.low) };
        Self { low: self.low.saturating_sub(other.high), high }
    }

    /// Returns the smallest interval that holds both.
    pub fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether nothing bounds it from above.
    pub fn is_open(self) -> bool {
        self.high == u128::MAX
    }

    /// Whether it is surely more than `other`.
    pub fn exceeds(self, other: Self) -> bool {
        self.low > other.high
    }

    /// Whether one mass lies in both.
    pub fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Returns half its width; the most there is where it is open.
    pub fn half_width(self) -> u128 {
        if self.is_open() { u128::MAX } else { (self.high - self.low).div_ceil(2) }
    }

    /// Returns the middle, rounded down; `None` where it is open.
    pub fn middle(self) -> Option<u128> {
        (!self.is_open()).then(|| self.low + (self.high - self.low) / 2)
    }

    /// Returns the lower end as a mass, rounded down.
    pub fn least(self) -> Mass {
        to_mass(self.low / WHOLE)
    }

    /// Returns the upper end as a mass, rounded up; `None` where it is open.
    pub fn most(self) -> Option<Mass> {
        (!self.is_open()).then(|| to_mass(self.high.div_ceil(WHOLE)))
    }
}

impl std::iter::Sum for Interval {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Self::plus)
    }
}

/// Returns `mass` (in billionths of a milligram) times `share` (in 10^-18), rounded up or down.
///
/// An open mass stays open unless the share is nothing.
fn product(mass: u128, share: u128, up: bool) -> u128 {
    if share == 0 || mass == 0 {
        return 0;
    }
    if mass == u128::MAX {
        return u128::MAX;
    }
    let (mg, rest) = (mass / WHOLE, mass % WHOLE);
    // Masses of lots stay far below; a sum that large keeps its bounds sound.
    let Some(of_mg) = mg.checked_mul(share) else {
        return if up { u128::MAX } else { mg / WHOLE * share };
    };
    let tail = of_mg % WHOLE * WHOLE + rest * share;
    of_mg / WHOLE + if up { tail.div_ceil(ONE) } else { tail / ONE }
}

/// Returns `part` over `whole` in 10^-18, rounded up or down; all of it where there is nothing and it is rounded up.
pub fn quotient(part: u128, whole: u128, up: bool) -> u128 {
    // In milligrams, so that 10^18 times one fits 128 bits.
    let (part, whole) = match up {
        true => (part.div_ceil(WHOLE), whole / WHOLE),
        false => (part / WHOLE, whole.div_ceil(WHOLE)),
    };
    if part >= whole {
        return if up || whole > 0 { ONE } else { 0 };
    }
    match (part.checked_mul(ONE), up) {
        (Some(scaled), true) => scaled.div_ceil(whole),
        (Some(scaled), false) => scaled / whole,
        (None, true) => ONE,
        (None, false) => 0,
    }
}

fn to_mass(mg: u128) -> Mass {
    Mass::from_mg(u64::try_from(mg).unwrap_or(u64::MAX))
}

impl fmt::Display for Interval {
    /// Writes both ends, rounded outward to the milligram: `1 000.000 kg to 1 020.000 kg`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most() {
            None => write!(f, "at least {}", self.least()),
            Some(most) if most == self.least() => write!(f, "{most}"),
            Some(most) => write!(f, "{} to {most}", self.least()),
        }
    }
}

impl Serialize for Interval {
    /// Writes `{ "least": "1000 kg", "most": "1020 kg" }`; `most` is null where nothing bounds it.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut both = s.serialize_struct("Interval", 2)?;
        both.serialize_field("least", &self.least())?;
        both.serialize_field("most", &self.most())?;
        both.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kg(kg: u64) -> Mass {
        Mass::from_mg(kg * 1_000_000)
    }

    #[test]
    fn scatter_and_bias_add_up() {
        let weighed = Interval::weighed(kg(1000), "0.1 % + 0.05 % bias".parse().unwrap());
        assert_eq!(weighed.least(), Mass::from_mg(998_500_000));
        assert_eq!(weighed.most(), Some(Mass::from_mg(1_001_500_000)));
    }

    #[test]
    fn a_third_of_a_milligram_is_rounded_outward() {
        let third = Share { low: ONE / 3, high: ONE / 3 + 1 };
        let part = Interval::exact(Mass::from_mg(1)).times(third);
        assert_eq!((part.low, part.high), (333_333_333, 333_333_334));
        assert_eq!((part.least(), part.most()), (Mass::ZERO, Some(Mass::from_mg(1))));
    }

    #[test]
    fn what_nothing_bounds_stays_open_until_its_share_is_nothing() {
        assert!(Interval::OPEN.plus(Interval::exact(kg(1))).is_open());
        assert!(Interval::OPEN.times(Share::ANY).is_open());
        assert_eq!(Interval::OPEN.times(Share::NONE), Interval::ZERO);
        assert!(Interval::OPEN.minus(Interval::exact(kg(1))).is_open());
        assert!(!Interval::exact(kg(1)).exceeds(Interval::OPEN));
    }

    #[test]
    fn two_intervals_that_touch_meet() {
        let (low, high) = (Interval { low: 1, high: 5 }, Interval { low: 5, high: 9 });
        assert!(low.meets(high) && !high.exceeds(low));
        assert!(Interval { low: 6, high: 9 }.exceeds(low));
    }

    proptest! {
        #[test]
        fn a_product_is_enclosed_and_tight(mg in any::<u64>(), ppb in 0u64..2_000_000_000, fine in 0u64..1_000_000_000) {
            // A share with fine digits; the product is exact in 10^-27 mg, which 128 bits hold for small masses.
            let share = u128::from(ppb) * WHOLE + u128::from(fine);
            let mass = u128::from(mg >> 20) * WHOLE + u128::from(fine / 7);
            let (low, high) = (product(mass, share, false), product(mass, share, true));
            prop_assert!(high - low <= 1);
            // low x 10^18 <= mass x share <= high x 10^18, by halves of 10^9.
            let exact = (mass / WHOLE * share, mass % WHOLE * share);
            let scaled = exact.0 + exact.1 / WHOLE;
            prop_assert!(low * WHOLE <= scaled);
            prop_assert!(scaled <= high * WHOLE);
        }

        #[test]
        fn sums_and_differences_enclose(a in any::<u32>(), b in any::<u32>(), wide in any::<u16>()) {
            let (low, high) = (u128::from(a), u128::from(a) + u128::from(wide));
            let one = Interval { low, high };
            let two = Interval { low: u128::from(b), high: u128::from(b) + 7 };
            prop_assert_eq!(one.plus(two).minus(two).low, low.saturating_sub(7));
            prop_assert_eq!(one.plus(two).minus(two).high, high + 7);
        }
    }
}
