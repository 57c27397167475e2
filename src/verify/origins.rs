//! From which countries each element of a lot came, in shares: a line of the report for each.
//!
//! `origin` shows the same with records and evidence, and by whatever else. Spec: docs/origin.md, "Views".

use serde::Serialize;

use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::traced_elements;
use crate::model::element::Element;
use crate::model::interval::Share;
use crate::model::lotref::LotRef;
use crate::origin::traced::Traced;
use crate::origin::view::{By, Group, View};

/// From where one element came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OriginLine {
    /// The element.
    pub element: Element,
    /// Its shares by the country where it came out of the ground or was collected, largest first.
    pub from: Vec<OriginShare>,
    /// The share of which nothing is known.
    pub unknown: Share,
}

/// The share of one country, or of a place that is not shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OriginShare {
    /// Where.
    pub place: Group,
    /// From the least to the most.
    pub share: Share,
}

/// Returns a line for each element of a lot; none for a thing made of parts, since each of these has its own.
pub fn of_lot(graph: &Graph, bands: &Bands, lot: &LotRef) -> Vec<OriginLine> {
    let Some(value) = graph.lot(lot).filter(|_| !graph.holds_parts(lot)) else { return Vec::new() };
    let contents = Contents::new(graph, bands);
    let line = |element: Element| {
        let traced = Traced::new(&contents, lot, element);
        let view = View::new(&contents, &traced, By::Country, None);
        let from = view.rows.into_iter().map(|row| OriginShare { place: row.group, share: row.share });
        OriginLine { element, from: from.collect(), unknown: view.unknown }
    };
    traced_elements::of_lot(graph, lot, value).into_iter().map(line).collect()
}
