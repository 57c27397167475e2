//! The node of a lot whose past is told by an attestation: an entry with declared touches.

use super::build::{mixing, own_touches};
use super::reach::Key;
use super::{Edge, From, Node, Source, Walk};
use crate::custody::attested::AttestedWay;
use crate::custody::graph::Graph;
use crate::custody::touch::{GapWhy, Touch, TouchPlace};
use crate::model::element::Element;
use crate::model::event::AttestedTouch;
use crate::model::evidence::Mixing;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::party::Outsider;

/// Returns what is attested of the node `key`, where that tells its past.
pub(super) fn attested_way(graph: &Graph, key: Key, element: Element) -> Option<&AttestedWay> {
    let index = key.1?;
    graph.attested_of(&LotRef { record: graph.records()[key.0].id, index })?.way(element)
}

impl Walk {
    /// Adds the node of an attested lot: the work of its record as far as it is shown, and what is attested.
    pub(super) fn add_attested(&mut self, graph: &Graph, key: Key, way: &AttestedWay) {
        let record = &graph.records()[key.0];
        let lot = LotRef { record: record.id, index: key.1.unwrap_or_default() };
        let first_touch = self.touches.len();
        // The work of the record is attested with the rest. Where it is not shown, what is attested of it tells.
        let is_told = |touch: &Touch| {
            let mut of_step = way.touches.iter().filter(|one| one.step == touch.step).peekable();
            of_step.peek().is_some() && of_step.all(|one| one.place.is_some())
        };
        if !way.is_absent() {
            let own = own_touches(graph, record, key.1, lot, self.element);
            let placed = |touch: &Touch| matches!(touch.place, TouchPlace::At { .. });
            self.touches.extend(own.into_iter().filter(|touch| placed(touch) || !is_told(touch)));
        }
        for said in &way.touches {
            self.shares.push((self.touches.len(), said.least, said.most));
            self.touches.push(touch(way, said, lot));
        }
        let first_source = self.sources.len();
        if way.unknown > Fraction::ZERO {
            let why = GapWhy::Attested { by: way.by, most: way.unknown };
            let gap = self.open(why, lot, Some(way.record));
            self.sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
        }
        self.nodes.push(Node {
            key: Some(key),
            empty: way.is_absent(),
            sources: first_source..self.sources.len(),
            touches: first_touch..self.touches.len(),
            origin: (!way.is_absent()).then_some(way.record),
            pool: matches!(mixing(&record.event.body), Some(Mixing::Homogenised)),
            attested: true,
            needed: false,
        });
    }
}

fn touch(way: &AttestedWay, said: &AttestedTouch, lot: LotRef) -> Touch {
    let maker = said.maker.shown().and_then(Option::as_ref);
    Touch {
        step: said.step,
        presence: said.presence,
        place: match said.place {
            Some(place) => TouchPlace::At { facility: None, place },
            None => TouchPlace::Withheld { by: way.by },
        },
        grade: said.grade,
        evidence: None,
        document: None,
        period: Maybe::Shown(said.period),
        by: way.by,
        maker: maker.map(|maker: &Outsider| maker.name.clone()),
        record: way.record,
        lot,
        attested: true,
    }
}
