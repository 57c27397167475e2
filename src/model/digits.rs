//! How many digits a measured figure is written with: no more than its uncertainty allows.
//!
//! The last digit has the order of the width between the two ends, and the ends are rounded outward: 27.03 % that may
//! be 26.49 % to 27.57 % is "27 % [26, 28]". What is wider than its middle is written as its ends alone, "0 to 30 kg".
//! Spec: docs/balance.md, "Digits".

use super::interval::{Interval, Share};
use super::mass::grouped;

/// Decimal places between a billionth of a milligram and a kilogram.
const KILOGRAM: u32 = 15;
/// The same for a gram.
const GRAM: u32 = 12;
/// The finest mass written: a milligram.
const MILLIGRAM: u32 = 9;
/// Decimal places between 10^-18 and a percent.
const PERCENT: u32 = 16;
/// The finest share written: a ten-thousandth of a percent.
const FINEST_SHARE: u32 = 12;

/// Returns a mass with its ends: `161 kg [159, 163]`; `at least 5 kg` where nothing bounds it; exact masses to the
/// milligram.
pub fn mass(of: Interval) -> String {
    match of.is_open() {
        true if of.least().mg() == 0 => "not known".to_owned(),
        true => format!("at least {}", least(of.low)),
        false => between(signed(of.low), signed(of.high)),
    }
}

/// Returns a lower end alone, rounded down to three digits: `161 kg`.
pub fn least(of: u128) -> String {
    let (scale, unit) = scale_of(of);
    let order = order(of).saturating_sub(2).max(MILLIGRAM);
    let step = 10i128.pow(order);
    format!("{} {unit}", number(signed(of).div_euclid(step) * step, scale, order))
}

/// Returns a difference of two masses with its ends, which may lie below nothing: `-10 to 30 kg`.
pub fn difference(least: i128, most: i128) -> String {
    between(least, most)
}

/// Returns a share in percent with its ends: `27 % [26, 28]`.
pub fn percent(of: Share) -> String {
    written(signed(of.low), signed(of.high), PERCENT, FINEST_SHARE, "%")
}

/// Returns half the width of an interval as one figure, rounded up: `± 12 kg`.
pub fn uncertainty(half_width: u128) -> String {
    let (scale, unit) = scale_of(half_width);
    let order = order(half_width).max(MILLIGRAM);
    let step = 10i128.pow(order);
    let up = signed(half_width).div_euclid(step) * step;
    let up = if up < signed(half_width) { up + step } else { up };
    format!("± {} {unit}", number(up, scale, order))
}

fn between(least: i128, most: i128) -> String {
    let (scale, unit) = scale_of(least.unsigned_abs().max(most.unsigned_abs()));
    written(least, most, scale, MILLIGRAM, unit)
}

fn scale_of(greatest: u128) -> (u32, &'static str) {
    if greatest < 10u128.pow(KILOGRAM) { (GRAM, "g") } else { (KILOGRAM, "kg") }
}

fn written(least: i128, most: i128, scale: u32, finest: u32, unit: &str) -> String {
    let width = most.saturating_sub(least).max(0).unsigned_abs();
    if width == 0 {
        return format!("{} {unit}", one(least, scale, finest));
    }
    let mut order = order(width).max(finest);
    // What is surely more than nothing is not written as nothing.
    while least > 0 && least < 10i128.pow(order) && order > finest {
        order -= 1;
    }
    let step = 10i128.pow(order);
    let middle = (least + (most - least) / 2 + step / 2).div_euclid(step) * step;
    let low = least.div_euclid(step) * step;
    let high = (most + step - 1).div_euclid(step) * step;
    let is_wide = (least + (most - least) / 2).unsigned_abs() < width;
    let [middle, low, high] = [middle, low, high].map(|value| number(value, scale, order));
    match is_wide {
        true => format!("{low} to {high} {unit}"),
        false => format!("{middle} {unit} [{low}, {high}]"),
    }
}

/// Returns one exact value, without digits that are all nought behind the point.
fn one(value: i128, scale: u32, finest: u32) -> String {
    let mut order = finest;
    while order < scale && value % 10i128.pow(order + 1) == 0 {
        order += 1;
    }
    let step = 10i128.pow(order);
    number(value.div_euclid(step) * step, scale, order)
}

/// Returns the power of ten that the leading digit stands for.
fn order(value: u128) -> u32 {
    value.checked_ilog10().unwrap_or(0)
}

/// Writes a multiple of 10^`order` in units of 10^`scale`.
fn number(value: i128, scale: u32, order: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let unit = 10u128.pow(scale);
    let whole = grouped(u64::try_from(size / unit).unwrap_or(u64::MAX));
    match scale.checked_sub(order) {
        Some(decimals @ 1..) => {
            let part = size % unit / 10u128.pow(order);
            format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
        }
        _ => format!("{sign}{whole}"),
    }
}

fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::interval::ONE;
    use crate::model::mass::Mass;

    fn grams(least: u64, most: u64) -> Interval {
        let at = |grams: u64| u128::from(grams) * 10u128.pow(GRAM);
        Interval { low: at(least), high: at(most) }
    }

    #[test]
    fn a_share_has_the_digits_that_its_ends_allow() {
        let share =
            |low: u128, high: u128| percent(Share { low: low * ONE / 10_000, high: high * ONE / 10_000 });
        assert_eq!(share(2649, 2757), "27 % [26, 28]");
        assert_eq!(share(2676, 2730), "27.0 % [26.7, 27.3]");
        assert_eq!(share(0, 10_000), "0 to 100 %");
        assert_eq!(share(2703, 2703), "27.03 %");
    }

    #[test]
    fn masses_are_rounded_outward_to_the_order_of_their_width() {
        assert_eq!(mass(grams(159_400, 162_600)), "161 kg [159, 163]");
        assert_eq!(mass(grams(119_300, 200_200)), "160 kg [110, 210]");
        assert_eq!(mass(grams(999_999, 1_000_001)), "1 000.000 kg [999.999, 1 000.001]");
        assert_eq!(mass(grams(0, 900)), "0 to 900 g");
        assert_eq!(mass(Interval::exact(Mass::from_mg(1_250_380_000))), "1 250.38 kg");
        assert_eq!(mass(Interval::ZERO), "0 g");
        assert_eq!(least(grams(161_999, 0).low), "161 kg");
    }

    #[test]
    fn what_nothing_bounds_is_said_so() {
        assert_eq!(mass(Interval::OPEN), "not known");
        assert_eq!(mass(Interval { low: grams(5_000, 0).low, high: u128::MAX }), "at least 5.00 kg");
    }

    #[test]
    fn a_difference_may_lie_below_nothing() {
        let at = |kilograms: i128| kilograms * 10i128.pow(KILOGRAM);
        assert_eq!(difference(at(-4), at(28)), "-10 to 30 kg");
        assert_eq!(difference(at(-164), at(-159)), "-161 kg [-164, -159]");
        assert_eq!(difference(at(6), at(128)), "6 to 128 kg");
        assert_eq!(uncertainty(at(11).unsigned_abs() + 1), "± 20 kg");
    }
}
