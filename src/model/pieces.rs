//! Numbers of pieces.

use std::fmt;
use std::str::FromStr;

use super::amount::{Amount, AmountError, Unit, text_serde};
use super::mass::Mass;

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

/// Returns where piece `index` of `count` begins in a lot of `mass`: equal shares, rounded to the milligram.
///
/// The piece ends where the next begins, so consecutive pieces leave no gap and no overlap; piece `count` begins
/// where the lot ends. `count` is not zero.
pub fn boundary(mass: Mass, count: u64, index: u64) -> Mass {
    let (mass, count, index) = (u128::from(mass.mg()), u128::from(count), u128::from(index));
    // Products of two numbers of 64 bits fit 128; what is left of the division is doubled only after it.
    let (whole, rest) = (mass * index / count, mass * index % count);
    let rounded = whole + u128::from(2 * rest >= count);
    Mass::from_mg(u64::try_from(rounded).unwrap_or(u64::MAX))
}

/// Returns the first of `count` pieces that begins at `from` or later; `count` where none does.
pub fn first_at(mass: Mass, count: u64, from: Mass) -> u64 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if boundary(mass, count, middle) < from { low = middle + 1 } else { high = middle }
    }
    low
}

text_serde!(Pieces, |pieces: &Pieces| pieces.to_string());

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_third_of_ten_milligrams_is_rounded_to_the_nearest() {
        let begins: Vec<u64> = (0..=3).map(|at| boundary(Mass::from_mg(10), 3, at).mg()).collect();
        assert_eq!(begins, [0, 3, 7, 10]);
    }

    proptest! {
        #[test]
        fn pieces_tile_the_lot(mass in any::<u64>(), count in 1..u64::MAX, at in any::<u64>()) {
            let (mass, at) = (Mass::from_mg(mass), at % count);
            prop_assert_eq!(boundary(mass, count, 0), Mass::ZERO);
            prop_assert_eq!(boundary(mass, count, count), mass);
            let (begins, ends) = (boundary(mass, count, at), boundary(mass, count, at + 1));
            prop_assert!(begins <= ends);
            let share = mass.mg() / count;
            let size = ends.mg() - begins.mg();
            prop_assert!(size == share || size == share + 1);
        }

        #[test]
        fn the_first_piece_after_a_used_one_is_the_next(mass in 1u64.., count in 1u64..5000, at in any::<u64>()) {
            let mass = Mass::from_mg(mass.max(count));
            let at = at % count;
            let next = first_at(mass, count, boundary(mass, count, at));
            prop_assert_eq!(next, at);
        }
    }
}
