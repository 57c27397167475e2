//! How the balance speaks of masses and elements: as many digits as a plant manager wants to read.

use super::content::as_mass;
use crate::model::element::ElementSet;
use crate::model::formula::Formula;
use crate::model::mass::grouped;

/// Returns a mass in billionths of a milligram as people read it: from 100 kg on with one decimal of a kilogram.
pub fn mass(billionths: u128) -> String {
    let mass = as_mass(billionths);
    let tenths = mass.mg().saturating_add(50_000) / 100_000;
    if tenths < 1_000 {
        return mass.to_string();
    }
    format!("{}.{} kg", grouped(tenths / 10), tenths % 10)
}

/// Returns some elements as they are counted: "Nd", "TREO as oxides".
pub fn elements(what: &ElementSet, counted: Formula) -> String {
    match counted {
        Formula::Reo => format!("{what} as oxides"),
        _ => what.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::interval::WHOLE;

    #[test]
    fn large_masses_have_one_decimal_and_small_ones_three() {
        let kg = |grams: u128| mass(grams * 1_000 * WHOLE);
        assert_eq!(kg(3_395_149), "3 395.1 kg");
        assert_eq!(kg(100_700), "100.7 kg");
        assert_eq!(kg(99_949), "99.949 kg");
        assert_eq!(kg(3_100), "3.100 kg");
        assert_eq!(kg(100), "100.000 g");
    }
}
