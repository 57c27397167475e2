//! Shares of several elements together, on a stated basis: by the mass of the elements, or of their oxides.
//!
//! Each element has bounds of its own and a mass between two ends. The least share of all of them together is that
//! of the masses that make it least: some of them at one end, the others at the other. Spec: docs/origin.md, "Views".

use std::collections::BTreeMap;

use super::view::{Group, Open, Row, View};
use crate::balance::bands::Bands;
use crate::model::element::{Element, ElementSet};
use crate::model::interval::{Interval, ONE, Share, WHOLE};

/// As what masses of elements are added up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Basis {
    /// As the elements themselves.
    Elements,
    /// As the oxides that rare earths are traded as.
    Oxides,
}

/// A set of elements whose shares are asked for together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whole {
    /// Which elements.
    pub elements: ElementSet,
    /// As what they are added up.
    pub basis: Basis,
}

impl Whole {
    /// Returns what it is called, with the basis.
    pub fn name(&self) -> String {
        match self.basis {
            Basis::Elements => format!("{}, by mass of the elements", self.elements),
            Basis::Oxides if self.elements.to_string() == "TRE" => "TREO, by mass of the oxides".to_owned(),
            Basis::Oxides => format!("{}, by mass of the oxides", self.elements),
        }
    }

    /// Adds the views of its elements up.
    pub fn view(&self, bands: &Bands, views: &[(Element, View)]) -> View {
        let amounts: Vec<Interval> =
            views.iter().map(|(element, view)| self.counted(bands, *element, view.amount)).collect();
        let all = |of: &dyn Fn(&View) -> Share| {
            let parts: Vec<(Share, Interval)> =
                views.iter().zip(&amounts).map(|((_, view), amount)| (of(view), *amount)).collect();
            mean(&parts)
        };
        let mut groups: BTreeMap<Group, Row> = BTreeMap::new();
        for row in views.iter().flat_map(|(_, view)| &view.rows) {
            let known = groups.entry(row.group.clone()).or_insert_with(|| row.clone());
            known.grade = known.grade.max(row.grade);
            let new = row.records.iter().filter(|record| !known.records.contains(record));
            let new: Vec<_> = new.copied().collect();
            known.records.extend(new);
        }
        let share_of = |view: &View, group: &Group| {
            view.rows.iter().find(|row| row.group == *group).map_or(Share::NONE, |row| row.share)
        };
        let mut rows: Vec<Row> = groups
            .into_values()
            .map(|row| Row { share: all(&|view| share_of(view, &row.group)), average: None, ..row })
            .collect();
        rows.sort_by(|a, b| {
            (b.share.high + b.share.low)
                .cmp(&(a.share.high + a.share.low))
                .then_with(|| a.group.cmp(&b.group))
        });
        let mut open: Vec<Open> = Vec::new();
        for gap in views.iter().flat_map(|(_, view)| &view.open).map(|open| &open.gap) {
            if open.iter().all(|known| known.gap != *gap) {
                let of = |view: &View| {
                    view.open.iter().find(|one| one.gap == *gap).map_or(Share::NONE, |one| one.share)
                };
                open.push(Open { share: all(&of), gap: gap.clone() });
            }
        }
        View {
            amount: amounts.iter().copied().sum(),
            rows,
            elsewhere: all(&|view| view.elsewhere),
            unknown: all(&|view| view.unknown),
            open,
            mixes: None,
            heel: None,
        }
    }

    /// The mass of an element, as it is counted here.
    fn counted(&self, bands: &Bands, element: Element, amount: Interval) -> Interval {
        let formula = bands.traded_oxide(element).filter(|_| self.basis == Basis::Oxides);
        let Some(metal) = formula.and_then(|formula| bands.metal(formula)) else { return amount };
        let metal = u128::from(metal.ppb());
        let oxide = Share { low: WHOLE * ONE / metal, high: (WHOLE * ONE).div_ceil(metal) };
        amount.times(oxide)
    }
}

/// Returns the mean of shares, each of a mass between two ends.
fn mean(parts: &[(Share, Interval)]) -> Share {
    if parts.iter().any(|(_, mass)| mass.is_open()) {
        let lows = parts.iter().map(|(share, _)| share.low).min().unwrap_or(0);
        return Share { low: lows, high: parts.iter().map(|(share, _)| share.high).max().unwrap_or(ONE) };
    }
    // Masses in milligrams, so that 10^18 times their sum fits.
    let end = |mass: u128, up: bool| if up { mass.div_ceil(WHOLE) } else { mass / WHOLE };
    let mut by_low: Vec<(u128, u128, u128)> =
        parts.iter().map(|(share, mass)| (share.low, end(mass.low, false), end(mass.high, true))).collect();
    let mut by_high: Vec<(u128, u128, u128)> = parts
        .iter()
        .map(|(share, mass)| (ONE - share.high.min(ONE), end(mass.low, false), end(mass.high, true)))
        .collect();
    Share { low: least(&mut by_low), high: ONE - least(&mut by_high) }
}

/// Returns the least weighted mean of values, each with a weight between two ends, rounded down.
///
/// It is found where the smallest values have their greatest weight and the others their least.
fn least(values: &mut [(u128, u128, u128)]) -> u128 {
    values.sort_unstable();
    let mut best = values.first().map_or(0, |(value, _, _)| *value);
    let mut found: Option<u128> = None;
    for heavy in 0..=values.len() {
        let weight = |at: usize| if at < heavy { values[at].2 } else { values[at].1 };
        let total: u128 = (0..values.len()).map(weight).sum();
        if total == 0 {
            continue;
        }
        // Each product is rounded down by itself, which can only lower the mean.
        let sum: u128 = values
            .iter()
            .enumerate()
            .map(|(at, (value, _, _))| value / total * weight(at) + value % total * weight(at) / total)
            .sum();
        found = Some(found.map_or(sum, |found| found.min(sum)));
    }
    if let Some(found) = found {
        best = found;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mass::Mass;

    fn kg(low: u64, high: u64) -> Interval {
        let at = |kg: u64| Interval::exact(Mass::from_mg(kg * 1_000_000));
        at(low).or(at(high))
    }

    #[test]
    fn a_mean_is_weighted_by_mass_and_exact_where_masses_are() {
        let half = Share { low: ONE / 2, high: ONE / 2 };
        let found = mean(&[(half, kg(10, 10)), (Share::ALL, kg(30, 30)), (Share::NONE, kg(60, 60))]);
        assert!(found.low <= ONE * 35 / 100 && found.high >= ONE * 35 / 100);
        assert!(found.high - found.low < 100);
    }

    #[test]
    fn masses_that_are_not_known_well_widen_it_no_more_than_they_can() {
        // All of 10 to 20 kg and none of 10 kg: between a half and two thirds.
        let found = mean(&[(Share::ALL, kg(10, 20)), (Share::NONE, kg(10, 10))]);
        assert!(found.low.abs_diff(ONE / 2) < 10 && found.high.abs_diff(ONE * 2 / 3) < 10, "{found:?}");
    }

    #[test]
    fn of_a_mass_that_nobody_states_anything_between_the_parts_is_possible() {
        let found = mean(&[(Share::ALL, Interval::OPEN), (Share::NONE, kg(10, 10))]);
        assert_eq!(found, Share::ANY);
    }
}
