//! Which elements of a lot have a way that is asked for.

use super::assay;
use super::graph::Graph;
use crate::model::element::Element;
use crate::model::lot::{Determined, Lot};
use crate::model::lotref::LotRef;

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
