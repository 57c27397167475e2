//! What a line of an assay allows: from which share to which, and on what it is counted.
//!
//! Exact integers, rounded outward where an oxide is turned into its element, so that a contradiction found is
//! one. What is below a limit lies between nothing and the limit; it is never zero.

use crate::model::element::Element;
use crate::model::formula::Formula;
use crate::model::lot::{Component, Determined};
use crate::model::mass::Mass;

/// Parts per billion in a whole.
const WHOLE: u128 = 1_000_000_000;
/// A share of one, in which ranges count.
pub(super) const SHARE: u128 = WHOLE * WHOLE;
/// Relative uncertainty of a share that states none: 2 %.
///
/// Source: tolerances, "assay, seller against buyer: +/-1-2 percent relative, else umpire".
pub const UNSTATED_PPB: u64 = 20_000_000;

/// What a share counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counts {
    /// The elements themselves.
    Elements,
    /// A formula of which the elements' share is not told.
    Formula(Formula),
}

/// From where to where a share may lie, in 10^-18 of the lot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub(super) low: u128,
    pub(super) high: u128,
    pub(super) counts: Counts,
}

impl Range {
    /// Returns what a line allows; `None` where it was not looked for.
    pub(super) fn of(component: &Component) -> Option<Self> {
        let (low, high) = match component.value {
            Determined::NotDetermined => return None,
            Determined::BelowLimit(limit) => (0, u128::from(limit.ppb()) * WHOLE),
            Determined::Measured(share) => {
                let stated = component.uncertainty.linear_ppb();
                let apart = u128::from(if stated == 0 { UNSTATED_PPB } else { stated });
                let share = u128::from(share.ppb());
                (share * WHOLE.saturating_sub(apart), share * (WHOLE + apart))
            }
        };
        // An oxide of one element tells its share; of a group only the elements or one sum of oxides can be meant.
        let metal = component.basis.metal_fraction();
        let is_element = component.basis == Formula::Element;
        Some(match metal {
            Some(metal) if is_element || component.elements.single().is_some() => {
                let metal = u128::from(metal.ppb());
                let (low, high) = (low * metal / WHOLE, (high * metal).div_ceil(WHOLE));
                Self { low, high, counts: Counts::Elements }
            }
            _ => Self { low, high, counts: Counts::Formula(component.basis) },
        })
    }

    /// Whether no share lies in both. What counts different things is not compared.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        self.counts == other.counts && (self.high < other.low || other.high < self.low)
    }

    /// Returns it as a sum of oxides counts it, for a line about `element` alone; `None` where that is not known.
    pub(super) fn as_traded_oxide(&self, element: Element, basis: Formula) -> Option<Self> {
        let oxide = traded_oxide(element)?;
        let counts = Counts::Formula(Formula::Reo);
        let metal = u128::from(oxide.metal_fraction()?.ppb());
        match self.counts {
            Counts::Formula(_) => None,
            // Back to exactly what was written, up to the outward rounding.
            Counts::Elements if basis == oxide => Some(Self {
                low: (self.low * WHOLE).div_ceil(metal),
                high: self.high * WHOLE / metal,
                counts,
            }),
            Counts::Elements => Some(Self {
                low: self.low * WHOLE / metal,
                high: (self.high * WHOLE).div_ceil(metal),
                counts,
            }),
        }
    }

    /// Returns the least and most mass in a lot whose mass lies between two, in 10^-18 milligrams.
    pub(super) fn in_mass(&self, least: Mass, most: Mass) -> (u128, u128) {
        let times = |share: u128, mass: Mass| share.saturating_mul(u128::from(mass.mg()));
        (times(self.low, least), times(self.high, most))
    }
}

/// Returns the oxide as which a rare earth is traded. Source: docs/verification.md, "Constants".
fn traded_oxide(element: Element) -> Option<Formula> {
    Some(match element.symbol() {
        "Y" => Formula::Y2O3,
        "La" => Formula::La2O3,
        "Ce" => Formula::CeO2,
        "Pr" => Formula::Pr6O11,
        "Nd" => Formula::Nd2O3,
        "Sm" => Formula::Sm2O3,
        "Eu" => Formula::Eu2O3,
        "Gd" => Formula::Gd2O3,
        "Tb" => Formula::Tb4O7,
        "Dy" => Formula::Dy2O3,
        "Ho" => Formula::Ho2O3,
        _ => return None,
    })
}

/// Returns a share in 10^-18 as people read it, in percent rounded down.
pub(super) fn percent(share: u128) -> String {
    let ppb = u32::try_from(share / WHOLE).unwrap_or(u32::MAX);
    crate::model::fraction::Fraction::from_ppb(ppb).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::Method;

    fn line(of: &str, value: Determined, basis: &str, uncertainty: &str) -> Component {
        Component {
            elements: of.parse().unwrap(),
            value,
            basis: basis.parse().unwrap(),
            uncertainty: uncertainty.parse().unwrap(),
            method: Method::IcpMs,
        }
    }

    fn range(of: &str, share: &str, basis: &str, uncertainty: &str) -> Range {
        Range::of(&line(of, Determined::Measured(share.parse().unwrap()), basis, uncertainty)).unwrap()
    }

    #[test]
    fn two_shares_contradict_strictly_beyond_the_sum_of_their_uncertainties() {
        // 100 ppm - 1 % and 98.0198019 ppm + 1 % meet at 99 ppm.
        let declared = range("Au", "100 ppm", "element", "1 %");
        assert!(!declared.contradicts(&range("Au", "98020 ppb", "element", "1 %")));
        assert!(declared.contradicts(&range("Au", "98019 ppb", "element", "1 %")));
    }

    #[test]
    fn a_share_without_an_uncertainty_has_two_percent() {
        let declared = range("Au", "100 ppm", "element", "0 %");
        assert_eq!(declared, range("Au", "100 ppm", "element", "2 %"));
    }

    #[test]
    fn oxide_and_metal_of_one_element_compare_and_of_a_group_do_not() {
        let oxide = range("Nd", "75 %", "Nd2O3", "1 %");
        assert!(!oxide.contradicts(&range("Nd", "64.305 %", "element", "1 %")));
        assert!(oxide.contradicts(&range("Nd", "75 %", "element", "1 %")));
        let group = range("NdPr", "75 %", "Nd2O3", "1 %");
        assert!(!group.contradicts(&range("NdPr", "10 %", "element", "1 %")));
    }

    #[test]
    fn below_a_limit_is_anything_up_to_it() {
        let limit = |ppm: &str| {
            Range::of(&line("Dy", Determined::BelowLimit(ppm.parse().unwrap()), "element", "0 %")).unwrap()
        };
        assert!(!limit("99 ppm").contradicts(&range("Dy", "100 ppm", "element", "1 %")));
        assert!(limit("98.999 ppm").contradicts(&range("Dy", "100 ppm", "element", "1 %")));
        assert_eq!(Range::of(&line("Dy", Determined::NotDetermined, "element", "0 %")), None);
    }

    #[test]
    fn oxides_come_back_as_they_were_written() {
        let written = range("Pr", "25 %", "Pr6O11", "1 %");
        let back = written.as_traded_oxide("Pr".parse().unwrap(), Formula::Pr6O11).unwrap();
        assert!(back.low >= 247_500_000_000_000_000 && back.high <= 252_500_000_000_000_000, "{back:?}");
        assert!(back.low <= 247_500_000_000_000_002 && back.high >= 252_499_999_999_999_998, "{back:?}");
    }
}
