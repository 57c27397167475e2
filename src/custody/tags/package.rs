//! Tags on packages that a lot does not have, and more mass under tags than there is.
//!
//! Masses under tags come from another scale than the lot's: up to 0.5 % more is nothing, above 2 % a contradiction,
//! as for any two weighings (`scale`). Less than the lot is none: not every bag has to be tagged.

use std::collections::BTreeMap;

use super::{Put, Register, named};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::custody::scale::{self, Gap};
use crate::model::event::AppliedTag;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::{Package, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

pub(super) fn findings(graph: &Graph, register: &Register<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = register.uses.iter().filter_map(|put| packages(graph, put)).collect();
    let mut on_lots: BTreeMap<(LotRef, &str), Vec<&Put<'_>>> = BTreeMap::new();
    for put in &register.uses {
        on_lots.entry((put.said.lot, put.said.scheme.as_str())).or_default().push(put);
    }
    findings.extend(on_lots.into_iter().filter_map(|((lot, scheme), puts)| mass(graph, lot, scheme, &puts)));
    findings
}

fn packages(graph: &Graph, put: &Put<'_>) -> Option<Finding> {
    let tags = put.said.tags.shown()?;
    let lot = names::lot(graph, &put.said.lot);
    let by = names::record(graph, put.record);
    let named_ones = || tags.iter().filter_map(|one| Some((one, one.package.as_deref()?)));
    named_ones().next()?;
    let found_here = |weight, message: String, resolve: &str| {
        Some(found(FindingCode::TagPackage, weight, &[put.record], &[put.said.lot], message, resolve))
    };
    if graph.lot(&put.said.lot)?.quantity.is_withheld() {
        let message = format!("{by} tags packages of lot {lot}, whose packages are withheld");
        return found_here(Weight::Withheld, message, "ask for the lot's mass and packages");
    }
    let listed = packages_of(graph, put.said.lot);
    if listed.is_empty() {
        let message = format!("{by} tags packages of lot {lot}, which names none");
        return found_here(Weight::Unknown, message, "a record that names the packages of the lot");
    }
    let is_there = |name: &str| listed.iter().any(|package| package.id == name);
    let absent: Vec<&str> =
        named_ones().filter(|(_, name)| !is_there(name)).map(|(one, _)| one.tag.as_str()).collect();
    if !absent.is_empty() {
        let message = format!("{by} puts {} on packages that lot {lot} does not have", named(&absent));
        return found_here(Weight::Fail, message, "whoever wrote the wrong package withdraws that record");
    }
    // The heaviest gap decides; a package may bear several tags, each with a mass of its own.
    let mut worst: Option<(Weight, &AppliedTag, &Package)> = None;
    for (one, name) in named_ones() {
        let Some(package) = listed.iter().find(|package| package.id == name) else { continue };
        let weight = one.mass.and_then(|mass| beyond(package.net, u128::from(mass.mg())));
        if let Some(weight) = weight.filter(|weight| worst.is_none_or(|(before, _, _)| before < *weight)) {
            worst = Some((weight, one, package));
        }
    }
    let (weight, one, package) = worst?;
    let (tag, mass) = (&one.tag, one.mass.unwrap_or_default());
    let message = format!(
        "{by} puts tag `{tag}` with {mass} on package `{}` of lot {lot}, which holds {}",
        package.id, package.net
    );
    found_here(weight, message, "both weigh the package again")
}

/// Returns the packages of a lot; a receiver who lists none has those of the sender.
fn packages_of(graph: &Graph, mut lot: LotRef) -> &[Package] {
    loop {
        let listed =
            graph.lot(&lot).and_then(|lot| lot.quantity.shown()).map(|quantity| &quantity.packages[..]);
        let listed = listed.unwrap_or_default();
        let creator = graph.creator(&lot).filter(|record| record.event.body.is_pairwise());
        match creator.and_then(|record| graph::inputs(record).get(lot.index as usize)) {
            Some(input) if listed.is_empty() => lot = input.lot,
            _ => return listed,
        }
    }
}

fn mass(graph: &Graph, lot: LotRef, scheme: &str, puts: &[&Put<'_>]) -> Option<Finding> {
    let quantity: &Quantity = graph.lot(&lot)?.quantity.shown()?;
    // One mass for each package, the greatest any of its tags states; tags without a package stand for themselves.
    let mut by_package: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_tag: BTreeMap<&str, u64> = BTreeMap::new();
    for one in puts.iter().filter_map(|put| put.said.tags.shown()).flatten() {
        let mass = one.mass.map_or(0, Mass::mg);
        let slot = match one.package.as_deref() {
            Some(package) => by_package.entry(package).or_default(),
            None => by_tag.entry(one.tag.as_str()).or_default(),
        };
        *slot = mass.max(*slot);
    }
    let sum: u128 = by_package.values().chain(by_tag.values()).map(|mg| u128::from(*mg)).sum();
    let weight = beyond(quantity.mass, sum)?;
    let message = format!(
        "tags of `{scheme}` on lot {} stand for {}, and the lot has {} ({} more)",
        names::lot(graph, &lot),
        names::mass(sum),
        quantity.mass,
        names::percent(sum - u128::from(quantity.mass.mg()), u128::from(quantity.mass.mg()))
    );
    let records: Vec<_> = puts.iter().map(|put| put.record).collect();
    let resolve = "both weigh again; whoever put tags of other bags on this list withdraws it";
    Some(found(FindingCode::TagPackage, weight, &records, &[lot], message, resolve))
}

/// Returns what it means that `tagged` milligrams stand against `mass`, if that is too much.
fn beyond(mass: Mass, tagged: u128) -> Option<Weight> {
    let whole = u128::from(mass.mg());
    if tagged <= whole {
        return None;
    }
    match scale::gap(whole, tagged) {
        Gap::Within => None,
        Gap::Warn => Some(Weight::Warning),
        Gap::Fail => Some(Weight::Fail),
    }
}
