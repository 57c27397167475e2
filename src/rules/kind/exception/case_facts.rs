//! Conditions that the buyer's case file decides about.

use super::condition::{CaseFact, Weighed};
use super::met::Met;
use crate::model::dollars::Dollars;
use crate::model::fraction::Fraction;
use crate::rules::kind::Asked;
use crate::trust::case::{CaseFile, ItemForm};

fn file<'a>(asked: &Asked<'a, '_>) -> Option<&'a CaseFile> {
    asked.facts.case.map(|case| &case.file)
}

/// A fact that has to be so.
pub(super) fn fact(asked: &Asked<'_, '_>, fact: CaseFact) -> Met {
    let (field, what, found) = match fact {
        CaseFact::Cots => {
            ("cots", "a commercially available off-the-shelf item", file(asked).and_then(|one| one.cots))
        }
        CaseFact::Electronic => {
            ("electronic", "an electronic device", file(asked).and_then(|one| one.electronic))
        }
        CaseFact::OutsideUs => (
            "outside_us",
            "bought outside the United States for use there",
            file(asked).and_then(|one| one.outside_us),
        ),
    };
    match found {
        Some(true) => Met::holds(format!("the case file says that the end item is {what}")),
        Some(false) => Met::refused(format!("the case file says that the end item is not {what}")),
        None => Met::open(
            format!("the case file does not tell whether the end item is {what}"),
            format!("give `{field}` in the case file"),
        ),
    }
}

/// A price that may not be more.
pub(super) fn price(asked: &Asked<'_, '_>, most: Dollars) -> Met {
    match file(asked).and_then(|one| one.price) {
        Some(price) if price <= most => Met::holds(format!("{price} is not above {most}")),
        Some(price) => Met::refused(format!("{price} is above {most}")),
        None => Met::open(
            format!("the case file does not tell the price, and {most} is the most"),
            "give `price` in the case file",
        ),
    }
}

/// A weight that has to be less than a part of the end item's.
pub(super) fn weight(asked: &Asked<'_, '_>, of: Weighed, below: Fraction) -> Met {
    let weights = file(asked).map(|one| &one.weights);
    let (field, what) = match of {
        Weighed::Tungsten => ("tungsten", "tungsten"),
        Weighed::CoveredMaterial => ("covered_material", "covered material"),
    };
    let stated = weights.and_then(|one| match of {
        Weighed::Tungsten => one.tungsten,
        Weighed::CoveredMaterial => one.covered_material,
    });
    // Magnets are covered material, and there may be more of it: their weight can refuse and never allow.
    let at_least = weights.filter(|_| of == Weighed::CoveredMaterial).and_then(|one| one.magnets);
    let whole = weights.and_then(|one| one.end_item).filter(|whole| whole.mg() > 0);
    let is_below = |part: u64, whole: u64| {
        u128::from(part) * u128::from(Fraction::ONE.ppb()) < u128::from(whole) * u128::from(below.ppb())
    };
    let Some((part, whole)) = stated.max(at_least).zip(whole) else {
        return Met::open(
            format!("the weights do not tell whether {what} is less than {below} of the end item"),
            format!(
                "give `weights.end_item` and `weights.{field}`; a magnet delivered alone is all covered material"
            ),
        );
    };
    if is_below(part.mg(), whole.mg()) {
        return match stated {
            Some(_) => Met::holds(format!("{what} is {part} of {whole}, less than {below}")),
            None => Met::open(
                format!(
                    "magnets are {part} of {whole}, and how much other covered material there is, is not told"
                ),
                format!("give `weights.{field}` in the case file"),
            ),
        };
    }
    if of == Weighed::CoveredMaterial && part >= whole {
        let form = asked.facts.graph.lot(&asked.facts.lot).map(|lot| lot.material.form());
        let thing = if form == Some("magnet") { "a magnet" } else { "covered material" };
        return Met::refused(format!("{thing} alone is 100 percent covered material"));
    }
    Met::refused(format!("{what} is {part} of {whole}, not less than {below}"))
}

/// A form in which the end item may not be delivered.
pub(super) fn not_form(asked: &Asked<'_, '_>, forms: &[ItemForm]) -> Met {
    match file(asked).and_then(|one| one.end_item_form) {
        Some(form) if forms.contains(&form) => {
            Met::refused(format!("the end item is delivered as `{form}`, not yet built into anything"))
        }
        Some(form) => Met::holds(format!("the end item is delivered as `{form}`")),
        None => Met::open(
            "the case file does not tell in which form the end item is delivered",
            "give `end_item_form` in the case file, such as `built`",
        ),
    }
}
