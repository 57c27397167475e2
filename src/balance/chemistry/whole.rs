//! A lot cannot hold more than itself: of its elements, or of their oxides where it is an oxide.

use super::super::content::Contents;
use super::super::group::Group;
use super::{Stated, percent};
use crate::custody::assay::HeldLine;
use crate::model::element::{Element, ElementSet};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::formula::Formula;
use crate::model::interval::{ONE, Share, WHOLE};

/// Returns the least and most that all determined elements of a lot come to, each counted once.
pub(super) fn sum(stated: &Stated<'_>, contents: &Contents<'_>) -> Share {
    let parts = parts(stated, contents).into_iter().map(|(_, share)| share);
    parts.fold(Share::NONE, |sum, share| Share { low: sum.low + share.low, high: sum.high + share.high })
}

/// Returns the elements that lines tell, alone before in groups, none twice, with the share of each as metal.
fn parts(stated: &Stated<'_>, contents: &Contents<'_>) -> Vec<(ElementSet, Share)> {
    let mut taken: Vec<Element> = Vec::new();
    let mut sets: Vec<&ElementSet> = stated.lines.iter().map(|held| &held.line.elements).collect();
    sets.sort_by_key(|elements| elements.iter().count());
    let mut parts = Vec::new();
    for elements in sets {
        if elements.iter().any(|one| taken.contains(&one)) {
            continue;
        }
        taken.extend(elements.iter());
        let group = Group::new(contents, elements.clone(), Formula::Element);
        parts.push((elements.clone(), group.of(&stated.lot).share));
    }
    parts
}

/// Returns what is wrong with a lot that is said to hold more than itself.
pub(super) fn of(stated: &Stated<'_>, contents: &Contents<'_>) -> Option<Finding> {
    if stated.value.material.is_oxide() {
        return of_oxide(stated, contents);
    }
    let sum = sum(stated, contents);
    let say = format!("its elements come to {} of it at least, which is more than all", percent(sum.low));
    let resolve = "correct the shares, or the formula that they count";
    let code = FindingCode::ImpossibleShare;
    (sum.low > ONE).then(|| stated.found(contents, code, Weight::Fail, &say, resolve))
}

/// In an oxide every element brings its oxygen along.
fn of_oxide(stated: &Stated<'_>, contents: &Contents<'_>) -> Option<Finding> {
    let bands = contents.bands();
    let most_in = |elements: &ElementSet| {
        let of = |element| bands.most_in_oxide(element).map_or(WHOLE, |most| u128::from(most.ppb()));
        elements.iter().map(of).max().unwrap_or(WHOLE)
    };
    let mut least = 0u128;
    let mut worst: Option<(ElementSet, u128, u128)> = None;
    for (elements, share) in parts(stated, contents) {
        let most = most_in(&elements);
        least += share.low / most * WHOLE;
        if share.low > most * WHOLE {
            worst = Some((elements, share.low, most));
        }
    }
    if least <= ONE {
        return None;
    }
    let as_metal = |elements: &ElementSet| {
        let own = |held: &&HeldLine<'_>| held.line.elements == *elements;
        stated.lines.iter().find(own).is_some_and(|held| held.line.basis == Formula::Element)
    };
    let say = match worst {
        Some((element, low, most)) if as_metal(&element) => format!(
            "{} of it is said to be {element} at least, and no oxide of {element} holds more than {}; it looks as if a \
             share of oxide was written as the element",
            percent(low),
            percent(most * WHOLE)
        ),
        _ => format!("its oxides come to {} of it at least, which is more than all", percent(least)),
    };
    let resolve = "state the formula that each share counts, such as Nd2O3, and correct the record";
    Some(stated.found(contents, FindingCode::ImpossibleShare, Weight::Fail, &say, resolve))
}
