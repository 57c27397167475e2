//! Whether a lot holds an element, by the result that holds.
//!
//! A positive result of the highest rank says yes. Any lower positive one leaves it possible: what is below a limit
//! is between nothing and the limit, and no result here is read as absence.

use std::collections::BTreeSet;

use super::super::graph::Graph;
use super::super::ties::Ties;
use super::super::touch::by_composition;
use super::{Statement, statements};
use crate::model::element::{Element, ElementSet};
use crate::model::lot::{Determined, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::Carries;

/// Returns whether `lot` holds `element`, by its material code and all results about it.
pub fn carries(graph: &Graph, lot: &LotRef, value: &Lot, element: Element) -> Carries {
    holds(graph, lot, value, value.material.carries(element), element)
}

/// As [`carries`], where what the material code says is known already.
pub(crate) fn holds(graph: &Graph, lot: &LotRef, value: &Lot, by_code: Carries, element: Element) -> Carries {
    let here = by_results(graph, lot, value, by_code, element);
    // What is in a part after a handover was in the whole before it: nothing joins in transit.
    graph.analysed_later(lot).iter().fold(here, |here, later| {
        let Some(value) = graph.lot(later).filter(|_| here != Carries::Yes) else { return here };
        match (here, by_results(graph, later, value, by_code, element)) {
            (_, Carries::Yes) => Carries::Yes,
            (Carries::No, Carries::Possible) => Carries::Possible,
            _ => here,
        }
    })
}

fn by_results(graph: &Graph, lot: &LotRef, value: &Lot, by_code: Carries, element: Element) -> Carries {
    let declared = value.composition.shown().map(Vec::as_slice).unwrap_or_default();
    if graph.results(lot).next().is_none() {
        return by_composition(by_code, declared, element);
    }
    let all = statements(graph, &Ties::new(graph), lot);
    let single = ElementSet::from(element);
    let about: Vec<&Statement<'_>> = all.iter().filter(|one| one.line(&single).is_some()).collect();
    let is_positive = |one: &&Statement<'_>| {
        let line = one.line(&single).map(|(line, _)| line.value);
        matches!(line, Some(Determined::Measured(share)) if share.ppb() > 0)
    };
    let highest = about.iter().map(|one| one.rank).max();
    let mut holding = about.iter().copied().filter(|one| Some(one.rank) == highest).peekable();
    if holding.peek().is_some() && holding.all(|one| is_positive(&one)) {
        return Carries::Yes;
    }
    let groups = all.iter().fold(by_code, |code, one| {
        let only_groups: Vec<_> =
            one.components.iter().filter(|line| line.elements.single().is_none()).cloned().collect();
        by_composition(code, &only_groups, element)
    });
    match groups {
        Carries::No if about.iter().any(is_positive) => Carries::Possible,
        other => other,
    }
}

/// Returns the elements that some result about a lot found in it.
pub fn measured_elements(graph: &Graph, lot: &LotRef, value: &Lot) -> Vec<Element> {
    if graph.results(lot).next().is_none() && graph.analysed_later(lot).is_empty() {
        return Vec::new();
    }
    let ties = Ties::new(graph);
    let lots = graph.analysed_later(lot).iter().chain([lot]);
    let all: Vec<Statement<'_>> = lots.flat_map(|lot| statements(graph, &ties, lot)).collect();
    let lines = all.iter().flat_map(|one| one.components);
    let found: BTreeSet<Element> = lines.filter_map(|line| line.elements.single()).collect();
    found.into_iter().filter(|element| carries(graph, lot, value, *element) == Carries::Yes).collect()
}
