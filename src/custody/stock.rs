//! Two statements of one stock in process: that of a close, and that of the close before it.

use super::scale::uncertain;
use crate::model::event::Stock;

/// Parts per billion in a whole.
const WHOLE: u128 = 1_000_000_000;

/// Whether two signed masses of one stock differ by more than the sum of their uncertainties.
///
/// `None` where they are stated on different mass bases and cannot be compared. An empty circuit holds nothing,
/// surely. Boundary: exactly the sum is not apart.
pub fn apart(closing: Option<&Stock>, opening: Option<&Stock>) -> Option<bool> {
    if let (Some(closing), Some(opening)) = (closing, opening)
        && closing.quantity.basis != opening.quantity.basis
    {
        return None;
    }
    let mass = |stock: Option<&Stock>| stock.map_or(0, |stock| u128::from(stock.quantity.mass.mg()));
    let doubt = |stock: Option<&Stock>| {
        stock.map_or(0, |stock| uncertain(stock.quantity.mass, stock.quantity.uncertainty))
    };
    Some(mass(closing).abs_diff(mass(opening)) * WHOLE > doubt(closing) + doubt(opening))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::MassBasis;
    use crate::model::lot::Quantity;
    use crate::model::mass::Mass;

    fn stock(mg: u64, uncertainty: &str) -> Stock {
        let uncertainty = uncertainty.parse().unwrap();
        let quantity = Quantity { uncertainty, ..Quantity::of(Mass::from_mg(mg)) };
        Stock { quantity, composition: Vec::new() }
    }

    #[test]
    fn masses_are_apart_one_milligram_beyond_the_sum_of_their_uncertainties() {
        let closing = stock(1_000_000, "1 %");
        // 10 000 mg of the one, 1 % of the other.
        assert_eq!(apart(Some(&closing), Some(&stock(1_020_202, "1 %"))), Some(false));
        assert_eq!(apart(Some(&closing), Some(&stock(1_020_203, "1 %"))), Some(true));
        assert_eq!(apart(Some(&closing), Some(&stock(1_000_001, "0 %"))), Some(false));
    }

    #[test]
    fn an_empty_circuit_is_apart_from_any_stock_that_does_not_reach_down_to_nothing() {
        assert_eq!(apart(None, None), Some(false));
        assert_eq!(apart(None, Some(&stock(1, "0 %"))), Some(true));
        assert_eq!(apart(Some(&stock(1, "100 %")), None), Some(false));
    }

    #[test]
    fn other_mass_bases_cannot_be_compared() {
        let mut dry = stock(5, "0 %");
        dry.quantity.basis = MassBasis::Dry105;
        assert_eq!(apart(Some(&dry), Some(&stock(9, "0 %"))), None);
    }
}
