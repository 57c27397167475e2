//! Closure: the elements of an alloy or an uncoated magnet come to about all of it, if all that it names was determined.

use super::super::content::Contents;
use super::super::way::Ways;
use super::{Stated, percent, whole};
use crate::model::element::Element;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::interval::{Share, WHOLE};
use crate::model::material::Carries;

/// Returns a warning where a composition that should be whole is not.
pub(super) fn of(stated: &Stated<'_>, contents: &Contents<'_>, ways: &Ways) -> impl Iterator<Item = Finding> {
    judge(stated, contents, ways).into_iter()
}

fn judge(stated: &Stated<'_>, contents: &Contents<'_>, ways: &Ways) -> Option<Finding> {
    let material = &stated.value.material;
    let is_of_form = |form: &String| form == material.form();
    let row = contents.bands().file.closure.iter().find(|row| row.forms.iter().any(is_of_form))?;
    if stated.is_coated(ways) || material.as_str().ends_with(".bonded") {
        return None;
    }
    // What was not looked for is not missing.
    let told = |element: Element| stated.lines.iter().any(|held| held.line.elements.contains(element));
    let mut named =
        (1..=118).filter_map(Element::from_number).filter(|one| material.carries(*one) == Carries::Yes);
    if !named.all(told) {
        return None;
    }
    let Share { low, high } = whole::sum(stated, contents);
    let middle = low + (high - low) / 2;
    let (least, most) = (u128::from(row.low.ppb()) * WHOLE, u128::from(row.high.ppb()) * WHOLE);
    if (least..=most).contains(&middle) {
        return None;
    }
    let say = format!(
        "its elements come to {} of it, and {} to {} is what a whole composition comes to ({}: {})",
        percent(middle),
        row.low,
        row.high,
        row.confidence,
        row.source
    );
    let resolve = "have determined what is missing, or correct the shares";
    Some(stated.found(contents, FindingCode::CompositionUnclosed, Weight::Warning, &say, resolve))
}
