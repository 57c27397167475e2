//! Two weighings side by side: on which footing they can be compared, and how far apart is too far.
//!
//! Exact integers throughout: masses are scaled to a billionth of a milligram, so that water shares in
//! parts per billion leave no remainder. Limits: docs/custody.md, "Weighings".

use crate::model::evidence::MassBasis;
use crate::model::lot::Quantity;
use crate::model::mass::Mass;

/// Above this difference two weighings of one lot are worth a warning: 0.5 %.
pub const WARN_PPM: u32 = 5_000;
/// Above this difference two signed masses cannot both be true: 2 %.
pub const FAIL_PPM: u32 = 20_000;
/// Parts per billion in a whole.
const WHOLE: u128 = 1_000_000_000;

/// What two or more masses are compared as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Footing {
    /// As the scales showed them, on one and the same basis.
    AsWeighed,
    /// Without the water that each states.
    Dry,
}

/// How far apart two weighings are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Gap {
    /// Within what scales explain.
    Within,
    /// Strictly above [`WARN_PPM`].
    Warn,
    /// Strictly above [`FAIL_PPM`].
    Fail,
}

/// Returns how these quantities can be compared, or `None` where their mass bases do not allow it.
///
/// If all that are stated as weighed name their water, the water is left out; then they also compare
/// with masses dried at 105 C.
pub fn footing(quantities: &[&Quantity]) -> Option<Footing> {
    let is_dry = |quantity: &&Quantity| match quantity.basis {
        MassBasis::AsIs => quantity.moisture.is_some(),
        MassBasis::Dry105 => true,
        MassBasis::Calcined => false,
    };
    let first = quantities.first()?;
    if quantities.iter().all(is_dry) {
        Some(Footing::Dry)
    } else if quantities.iter().all(|quantity| quantity.basis == first.basis) {
        Some(Footing::AsWeighed)
    } else {
        None
    }
}

/// Returns `mass` of a lot with this quantity on the footing, in billionths of a milligram.
pub fn scaled(mass: Mass, quantity: &Quantity, footing: Footing) -> u128 {
    let water = match (footing, quantity.basis, quantity.moisture) {
        (Footing::Dry, MassBasis::AsIs, Some(moisture)) => u128::from(moisture.ppb()),
        _ => 0,
    };
    u128::from(mass.mg()) * WHOLE.saturating_sub(water)
}

/// Returns how far `received` is from `sent`, both in one unit.
pub fn gap(sent: u128, received: u128) -> Gap {
    let difference = sent.abs_diff(received);
    let above = |ppm: u32| difference.saturating_mul(1_000_000) > sent.saturating_mul(u128::from(ppm));
    match (above(FAIL_PPM), above(WARN_PPM)) {
        (true, _) => Gap::Fail,
        (false, true) => Gap::Warn,
        (false, false) => Gap::Within,
    }
}

/// Returns `mass` times the relative uncertainty, in billionths of a milligram.
pub fn uncertain(mass: Mass, uncertainty: crate::model::uncertainty::Uncertainty) -> u128 {
    u128::from(mass.mg()) * u128::from(uncertainty.linear_ppb())
}

/// Returns a scaled mass in milligrams, rounded down.
pub fn to_mg(scaled: u128) -> u128 {
    scaled / WHOLE
}

/// Returns milligrams as a scaled mass.
pub fn from_mg(mg: u128) -> u128 {
    mg.saturating_mul(WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fraction::Fraction;

    fn wet(mass: u64, moisture_ppb: u32) -> Quantity {
        let moisture = Some(Fraction::from_ppb(moisture_ppb));
        Quantity { moisture, ..Quantity::of(Mass::from_mg(mass)) }
    }

    #[test]
    fn limits_are_crossed_by_the_first_step_above_them() {
        assert_eq!(gap(1_000_000, 995_000), Gap::Within);
        assert_eq!(gap(1_000_000, 994_999), Gap::Warn);
        assert_eq!(gap(1_000_000, 980_000), Gap::Warn);
        assert_eq!(gap(1_000_000, 979_999), Gap::Fail);
        assert_eq!(gap(1_000_000, 1_020_000), Gap::Warn);
        assert_eq!(gap(1_000_000, 1_020_001), Gap::Fail);
    }

    #[test]
    fn greatest_masses_compare_without_overflow() {
        let quantity = wet(u64::MAX, 1);
        let most = scaled(quantity.mass, &quantity, Footing::AsWeighed);
        assert_eq!(gap(most, most), Gap::Within);
        assert_eq!(gap(most, 0), Gap::Fail);
    }

    #[test]
    fn water_that_both_state_is_left_out() {
        let (sent, received) = (wet(1_000_000, 100_000_000), wet(947_369, 50_000_000));
        let footing = footing(&[&sent, &received]).unwrap();
        assert_eq!(footing, Footing::Dry);
        let masses = [&sent, &received].map(|one| scaled(one.mass, one, footing));
        assert_eq!(gap(masses[0], masses[1]), Gap::Within);
    }

    #[test]
    fn water_that_only_one_states_is_not_left_out() {
        let (sent, received) = (wet(1_000_000, 100_000_000), Quantity::of(Mass::from_mg(900_000)));
        assert_eq!(footing(&[&sent, &received]), Some(Footing::AsWeighed));
    }

    #[test]
    fn calcined_and_as_is_do_not_compare() {
        let calcined = Quantity { basis: MassBasis::Calcined, ..Quantity::of(Mass::from_mg(1)) };
        assert_eq!(footing(&[&calcined, &wet(1, 0)]), None);
        assert_eq!(footing(&[&calcined, &calcined]), Some(Footing::AsWeighed));
    }
}
