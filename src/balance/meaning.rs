//! What an excess means: fixed here, whatever a bands file says, so that no unverified figure decides a verdict.
//!
//! Spec: docs/balance.md, "What an excess means".

use crate::model::confidence::Confidence;
use crate::model::finding::Weight;

/// What was exceeded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exceeded {
    /// Conservation or closure, beyond the linear sum of all uncertainties, with constants of this confidence.
    Conservation(Confidence),
    /// The most of a band of this confidence.
    Band(Confidence),
    /// A band of one plant, declared before the period and accepted by the reader.
    SiteBand,
}

/// Returns what it means for the verdict that more came out than this allows.
pub fn of_excess(exceeded: Exceeded) -> Weight {
    match exceeded {
        Exceeded::Conservation(Confidence::High) | Exceeded::Band(Confidence::High) | Exceeded::SiteBand => {
            Weight::Fail
        }
        Exceeded::Conservation(Confidence::Medium) | Exceeded::Band(Confidence::Medium) => Weight::Unknown,
        Exceeded::Conservation(_) | Exceeded::Band(_) => Weight::Note,
    }
}

/// Returns what it means that less came out than a minimum: never more than a note on facility and period.
pub fn of_shortfall() -> Weight {
    Weight::Note
}

/// Returns what it means that an excess lies within the linear sum of uncertainties but beyond their root sum of
/// squares: it would be odd if all erred apart from each other, so that it is neither balanced nor a contradiction.
pub fn of_tension() -> Weight {
    Weight::Unknown
}

/// Returns the root of a sum of squares, rounded up; nothing is lost to overflow of squares.
pub fn root_sum_of_squares(parts: impl IntoIterator<Item = u128>) -> u128 {
    // Counted in 1/1024 of a milligram a square of 2^63 mg fits, and a billion of those.
    let parts: Vec<u128> = parts.into_iter().collect();
    let most = parts.iter().copied().max().unwrap_or(0);
    if most == u128::MAX {
        return most;
    }
    let shift = (128 - most.leading_zeros()).saturating_sub(48);
    let sum: u128 = parts
        .iter()
        .map(|part| {
            let part = (part >> shift) + 1;
            part * part
        })
        .sum();
    (sum.isqrt() + 1) << shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_figure_below_high_confidence_fails_a_lot() {
        use Confidence::{High, Low, Medium, Unverified};
        assert_eq!(of_excess(Exceeded::Conservation(High)), Weight::Fail);
        assert_eq!(of_excess(Exceeded::Band(High)), Weight::Fail);
        assert_eq!(of_excess(Exceeded::SiteBand), Weight::Fail);
        assert_eq!(of_excess(Exceeded::Band(Medium)), Weight::Unknown);
        for confidence in [Low, Unverified] {
            assert_eq!(of_excess(Exceeded::Band(confidence)), Weight::Note);
            assert_eq!(of_excess(Exceeded::Conservation(confidence)), Weight::Note);
        }
        assert_eq!(of_shortfall(), Weight::Note);
        assert_eq!(of_tension(), Weight::Unknown);
    }

    #[test]
    fn roots_are_rounded_up_and_large_ones_do_not_overflow() {
        for (parts, root) in [(vec![3u128, 4], 5u128), (vec![], 0), (vec![1 << 100, 1 << 100], 3 << 99)] {
            let found = root_sum_of_squares(parts.clone());
            assert!(found >= root.min(found) && found >= parts.iter().copied().max().unwrap_or(0), "{found}");
        }
        assert!(root_sum_of_squares([30_000_000, 40_000_000]) >= 50_000_000);
        assert!(root_sum_of_squares([30_000_000, 40_000_000]) < 50_000_010);
        assert_eq!(root_sum_of_squares([u128::MAX, 1]), u128::MAX);
    }
}
