//! Which elements of a lot have a way that is asked for.

use super::assay;
use super::graph::Graph;
use crate::model::element::Element;
use crate::model::lot::{Determined, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::Carries;

/// Elements that no rule here traces: they come with air, water and acid.
const NOT_TRACED: &[u8] = &[1, 2, 6, 7, 8, 9, 10, 15, 16, 17, 18];

/// Returns the elements whose way is asked for: named by the material, or measured in the lot, by its own record
/// or by the result that holds.
pub fn of_lot(graph: &Graph, at: &LotRef, lot: &Lot) -> Vec<Element> {
    let measured = lot.composition.shown().into_iter().flatten().filter_map(|component| {
        let positive = matches!(component.value, Determined::Measured(share) if share.ppb() > 0);
        component.elements.single().filter(|_| positive)
    });
    let mut elements: Vec<Element> = lot.material.named().into_iter().chain(measured).collect();
    elements.extend(assay::measured_elements(graph, at, lot));
    elements.retain(|element| !NOT_TRACED.contains(&element.number()));
    elements.sort_unstable();
    elements.dedup();
    elements
}

/// Returns the elements that a lot may hold, ascending: those whose way is asked for, those that its code leaves open, and
/// those that were measured in it as part of a sum. Where the code leaves everything open, it is not asked.
pub fn may_hold(graph: &Graph, at: &LotRef, lot: &Lot) -> Vec<Element> {
    let all: Vec<Element> =
        (1..=118).filter(|number| !NOT_TRACED.contains(number)).filter_map(Element::from_number).collect();
    let by_code = |element: Element| lot.material.carries(element);
    let tells = all.iter().any(|element| by_code(*element) == Carries::No);
    let may = |element: &Element| {
        let by_code = if tells { by_code(*element) } else { Carries::No };
        assay::holds(graph, at, lot, by_code, *element) != Carries::No
    };
    let mut elements = of_lot(graph, at, lot);
    elements.extend(all.iter().copied().filter(may));
    elements.sort_unstable();
    elements.dedup();
    elements
}
