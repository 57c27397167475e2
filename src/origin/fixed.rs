//! Fixed-point shares between nothing and all, rounded outward: whole steps of 2^-62.
//!
//! A walk multiplies and adds one such share for every ancestor, so they are machine words. Exact while denominators
//! are powers of two, else off by less than one step for each operation, on the outer side.

use crate::model::interval::{self, Share};

/// All of it.
pub(super) const ALL: u64 = 1 << 62;

/// Returns the product, rounded down.
pub(super) fn times_down(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 62) as u64
}

/// Returns the product, rounded up.
pub(super) fn times_up(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b) + u128::from(ALL - 1)) >> 62) as u64
}

/// Returns `part / whole`, rounded down, at most all; nothing where there is no whole.
pub(super) fn ratio_down(part: u128, whole: u128) -> u64 {
    if whole == 0 {
        return 0;
    }
    if part >= whole {
        return ALL;
    }
    let shift = (128 - whole.leading_zeros()).saturating_sub(64);
    let (part, whole) = (part >> shift, ((whole - 1) >> shift) + 1);
    ((part << 62) / whole) as u64
}

/// Returns `part / whole`, rounded up, at most all; all where there is no whole.
pub(super) fn ratio_up(part: u128, whole: u128) -> u64 {
    if part >= whole {
        return ALL;
    }
    let shift = (128 - whole.leading_zeros()).saturating_sub(64);
    let part = part.checked_sub(1).map_or(0, |less| (less >> shift) + 1);
    let whole = whole >> shift;
    ((part << 62).div_ceil(whole) as u64).min(ALL)
}

/// Returns a share as the rest of the program counts it.
pub(super) fn share(low: u64, high: u64) -> Share {
    let scaled = |at: u64| u128::from(at) * interval::ONE;
    Share { low: scaled(low) >> 62, high: (scaled(high) + u128::from(ALL - 1)) >> 62 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_exact_and_thirds_are_enclosed() {
        assert_eq!((ratio_down(1, 2), ratio_up(1, 2)), (ALL / 2, ALL / 2));
        assert_eq!(ratio_up(1, 3) - ratio_down(1, 3), 1);
        assert_eq!((ratio_down(5, 5), ratio_up(7, 5), ratio_down(0, 0), ratio_up(0, 0)), (ALL, ALL, 0, ALL));
        assert_eq!(share(ALL, ALL), Share::ALL);
        assert_eq!(share(0, 0), Share::NONE);
    }

    proptest! {
        #[test]
        fn ratios_enclose(part in 0u128..(1 << 100), whole in 1u128..(1 << 100)) {
            let (low, high) = (ratio_down(part, whole), ratio_up(part, whole));
            prop_assert!(low <= high);
            // low / 2^62 <= part / whole, checked where the products fit.
            if part < whole && whole < 1 << 64 {
                prop_assert!(u128::from(low) * whole <= part << 62);
                prop_assert!(u128::from(high) * whole >= part << 62);
                prop_assert!(high - low <= 1);
            }
        }

        #[test]
        fn products_enclose_and_all_changes_nothing(a in 0u64..=ALL, b in 0u64..=ALL) {
            prop_assert!(times_up(a, b) - times_down(a, b) <= 1);
            prop_assert_eq!((times_down(a, ALL), times_up(a, ALL)), (a, a));
        }
    }
}
