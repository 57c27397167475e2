//! The floor: a sintered magnet needs as much rare earth as its main phase does, of its own mix.
//!
//! In RE2Fe14B each rare earth makes as much phase as its share of the phase allows. Where all of them together make less
//! phase than there is magnet, the magnet cannot be. A coating is no magnet, so a coated one is not tested.

use super::super::content::Contents;
use super::super::meaning::{self, Exceeded};
use super::super::way::Ways;
use super::{Stated, percent};
use crate::model::element::Element;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::formula::Formula;
use crate::model::interval::{ONE, Share, WHOLE};

/// Returns what is wrong with an uncoated sintered magnet that holds less rare earth than its main phase needs.
pub(super) fn of(stated: &Stated<'_>, contents: &Contents<'_>, ways: &Ways) -> Option<Finding> {
    let mut parts = stated.value.material.as_str().split('.');
    let (Some("magnet"), Some(system), Some("sintered")) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let rows: Vec<_> = contents.bands().file.floor.iter().filter(|row| row.system == system).collect();
    let least = rows.iter().map(|row| row.share.ppb()).min().map(u128::from)?;
    if stated.is_coated(ways) {
        return None;
    }
    let floor_of = |element: Element| {
        let row = rows.iter().find(|row| row.element == element);
        row.map_or(least, |row| u128::from(row.share.ppb()))
    };
    let singles: Vec<(Element, Share)> = all_rare_earths()
        .filter(|one| stated.lines.iter().any(|held| held.line.elements.single() == Some(*one)))
        .map(|one| (one, contents.of(&stated.lot, one).share))
        .collect();
    if singles.is_empty() {
        return None;
    }
    // How much of a whole magnet the phase can be, at most; what was not looked for is the rare earth that makes most.
    let known: u128 = singles.iter().map(|(one, share)| share.high / floor_of(*one) * WHOLE).sum();
    let rest = rest(stated, contents, &singles);
    let phase = known + rest / least * WHOLE;
    if phase >= ONE {
        return None;
    }
    let confidence = rows.iter().map(|row| row.confidence).max()?;
    let mut weight = meaning::of_excess(Exceeded::Conservation(confidence));
    let held: u128 = singles.iter().map(|(_, share)| share.high).sum::<u128>() + rest;
    let mut say = format!(
        "at most {} of it is rare earth, which makes at most {} of it main phase; an uncoated sintered magnet of this mix \
         needs {}",
        percent(held),
        percent(phase),
        percent(held * WHOLE / (phase / WHOLE).max(1))
    );
    if ways.of(&stated.lot.record).may_be_coated {
        weight = weight.min(Weight::Unknown);
        say.push_str("; whether it was coated before is not known");
    }
    let resolve = "correct the shares or the material, or state the coating";
    Some(stated.found(contents, FindingCode::ImpossibleShare, weight, &say, resolve))
}

/// Returns the most rare earth that there can be besides those determined one by one.
fn rest(stated: &Stated<'_>, contents: &Contents<'_>, singles: &[(Element, Share)]) -> u128 {
    let low: u128 = singles.iter().map(|(_, share)| share.low).sum();
    let of_sum = stated.lines.iter().find(|held| {
        let elements = &held.line.elements;
        held.line.basis == Formula::Element && all_rare_earths().all(|one| elements.contains(one))
    });
    let share = of_sum.and_then(|held| super::super::content::range(held.line));
    match share {
        Some(share) => share.high.saturating_sub(low),
        None => ONE.saturating_sub(super::whole::sum(stated, contents).low),
    }
}

fn all_rare_earths() -> impl Iterator<Item = Element> {
    (1..=118).filter_map(Element::from_number).filter(|one| one.is_rare_earth())
}
