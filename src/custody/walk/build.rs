//! Building the nodes of a walk: the touches each adds, and what can have brought the element into it.

use super::attested::attested_way;
use super::reach::{Carrier, Key, Made, made_of, never_was, range_of};
use super::{Edge, From, Node, Source, Walk};
use crate::custody::assembly::{self, Later};
use crate::custody::graph::{self, Graph};
use crate::custody::touch::{Gap, GapWhy, Grade, Presence, Touch, TouchPlace, carried_by};
use crate::custody::{names, place};
use crate::hash::RecordId;
use crate::hash::quick::QuickMap;
use crate::model::element::Element;
use crate::model::event::{Body, DeclaredTouch, Receiver};
use crate::model::evidence::Mixing;
use crate::model::lot::Addition;
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;
use crate::model::stage::Stage;

impl Walk {
    /// Adds the node of `key`; all nodes it can take the element from are there already.
    pub(super) fn add_node<'g>(
        &mut self,
        graph: &'g Graph,
        index: &QuickMap<Key, usize>,
        carrier: &mut Carrier<'g>,
        key: Key,
        through: LotRef,
    ) {
        let record = &graph.records()[key.0];
        if let Some(range) = range_of(graph, key) {
            return self.add_range(graph, index, key, range);
        }
        if let Some(way) = attested_way(graph, key, self.element) {
            return self.add_attested(graph, key, way);
        }
        let mut sources = Vec::new();
        let body = &record.event.body;
        // What was done to a part inside the thing stands between the part and what was recovered.
        let recovered = key.1.filter(|_| matches!(body, Body::Disassemble(_)));
        if recovered.is_some() {
            self.add_recovered(graph, index, carrier, key, through, &mut sources);
        }
        let first_touch = self.touches.len();
        self.add_own_touches(graph, record, key.1, through);
        let is_own_entry = matches!(body, Body::Extract(_) | Body::Collect(_));
        let is_entry = is_own_entry || matches!(body, Body::Intake(_) | Body::OpeningStock(_));
        if recovered.is_some() {
            // Its past is that of the part alone.
        } else if !is_entry {
            if !never_was(graph, key) {
                self.add_withheld(record, through, &mut sources);
            }
            for made in made_of(graph, key) {
                sources.extend(self.source(graph, index, carrier, key, made, (through, record.id)));
            }
        } else if !is_own_entry && !self.declares_entry(first_touch) {
            let gap = self.open(GapWhy::UndeclaredPast { record: record.id }, through, Some(record.id));
            sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
        }
        match body {
            Body::Transform(transform) => {
                self.add_additions(record, &transform.additions, through, &mut sources);
            }
            Body::Assemble(assemble) => {
                self.add_additions(record, &assemble.additions, through, &mut sources);
            }
            Body::Charge(charge) if !never_was(graph, key) => {
                self.add_additions(record, &charge.additions, through, &mut sources);
            }
            Body::Draw(_) => {
                self.add_account(graph, key.0, through, &mut sources);
                sources.extend(self.fed(graph, index, key));
            }
            _ => {}
        }
        let first_source = self.sources.len();
        self.nodes.push(Node {
            key: Some(key),
            empty: sources.is_empty() && !is_entry,
            sources: first_source..first_source + sources.len(),
            touches: first_touch..self.touches.len(),
            origin: is_entry.then_some(record.id),
            attested: false,
            pool: matches!(mixing(body), Some(Mixing::Homogenised)) || is_whole(body, key),
            needed: false,
        });
        self.sources.extend(sources);
    }

    /// Adds the parts that an output of a disassembly was, each after what was done to it inside.
    fn add_recovered<'g>(
        &mut self,
        graph: &'g Graph,
        index: &QuickMap<Key, usize>,
        carrier: &mut Carrier<'g>,
        key: Key,
        through: LotRef,
        sources: &mut Vec<Source>,
    ) {
        let record = &graph.records()[key.0];
        let things: Vec<LotRef> = graph::inputs(record).iter().map(|input| input.lot).collect();
        for made in made_of(graph, key) {
            let part = made.lot;
            let Some(mut source) = self.source(graph, index, carrier, key, made, (through, record.id)) else {
                continue;
            };
            if let From::Node(node) = source.from
                && let Some(later) = assembly::later_of(graph, &things, part)
            {
                source.from = From::Node(self.add_later(graph, node, &later));
            }
            sources.push(source);
        }
    }

    /// Adds what was done to the lot of a node later; returns the node after it.
    ///
    /// What is only possible stands on one of two ways.
    pub(super) fn add_later(&mut self, graph: &Graph, node: usize, later: &Later) -> usize {
        let certain = self.add_after(graph, vec![node], &later.certain);
        if later.possible.is_empty() {
            return certain;
        }
        let possible = self.add_after(graph, vec![certain], &later.possible);
        self.add_after(graph, vec![certain, possible], &[])
    }

    fn add_after(&mut self, graph: &Graph, after: Vec<usize>, done: &[(RecordId, LotRef)]) -> usize {
        let (first_touch, first_source) = (self.touches.len(), self.sources.len());
        for (id, lot) in done {
            if let Some(record) = graph.record(id) {
                self.add_own_touches(graph, record, None, *lot);
            }
        }
        self.sources.extend(after.iter().map(|from| Source {
            from: From::Node(*from),
            sure: true,
            edge: Edge::Untold,
        }));
        self.nodes.push(Node {
            key: None,
            empty: false,
            sources: first_source..self.sources.len(),
            touches: first_touch..self.touches.len(),
            origin: None,
            attested: false,
            pool: false,
            needed: false,
        });
        self.nodes.len() - 1
    }

    pub(super) fn declares_entry(&self, first_touch: usize) -> bool {
        self.touches[first_touch..].iter().any(|touch| matches!(touch.step.stage, Stage::P10 | Stage::R10))
    }

    pub(super) fn add_withheld(&mut self, record: &Record, through: LotRef, sources: &mut Vec<Source>) {
        if graph::withheld_inputs(record).is_some() {
            let gap = self.open(GapWhy::InputsWithheld { by: record.author }, through, Some(record.id));
            sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
        }
    }

    /// Returns what an input of the node `key` can have brought, or `None` if not the element.
    pub(super) fn source<'g>(
        &mut self,
        graph: &'g Graph,
        index: &QuickMap<Key, usize>,
        carrier: &mut Carrier<'g>,
        key: Key,
        Made { lot, edge, held }: Made<'g>,
        (through, record): (LotRef, RecordId),
    ) -> Option<Source> {
        let carries = held.map(|(_, stated)| carrier.carries(graph, &lot, stated));
        if carries == Some(Carries::No) {
            return None;
        }
        // A source that does not stand before its consumer is part of a ring: no way leads out of it.
        let node = held.filter(|(from, _)| from.0 < key.0).and_then(|(from, _)| index.get(&from).copied());
        let Some(node) = node else {
            let gap = self.open(GapWhy::MissingInput(lot), through, Some(record));
            return Some(Source { from: From::Open(gap), sure: false, edge });
        };
        let sure = carries == Some(Carries::Yes);
        if sure {
            self.needs_origin(node, lot);
        } else if self.nodes[node].empty {
            return None;
        }
        Some(Source { from: From::Node(node), sure, edge })
    }

    pub(super) fn add_additions(
        &mut self,
        record: &Record,
        additions: &MaybeList<Addition>,
        through: LotRef,
        sources: &mut Vec<Source>,
    ) {
        match additions {
            MaybeList::Withheld(0) => {}
            MaybeList::Withheld(_) => {
                let gap = self.open(GapWhy::InputsWithheld { by: record.author }, through, Some(record.id));
                sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
            }
            MaybeList::Shown(additions) => {
                for (at, addition) in additions.iter().enumerate() {
                    let carries = carried_by(&addition.material, &addition.composition, self.element);
                    if carries != Carries::No {
                        let why = GapWhy::Addition(addition.material.to_string());
                        let gap = self.open(why, through, Some(record.id));
                        let sure = carries == Carries::Yes;
                        sources.push(Source { from: From::Open(gap), sure, edge: Edge::Addition(at) });
                    }
                }
            }
        }
    }

    /// Notes that a lot of an empty node surely holds the element all the same.
    pub(super) fn needs_origin(&mut self, node: usize, lot: LotRef) {
        if !self.nodes[node].empty || !self.nodes[node].sources.is_empty() {
            return;
        }
        let gap = self.open(GapWhy::NoOrigin, lot, Some(lot.record));
        let at = self.sources.len();
        self.sources.push(Source { from: From::Open(gap), sure: false, edge: Edge::Untold });
        self.nodes[node].sources = at..at + 1;
    }

    pub(super) fn open(&mut self, why: GapWhy, lot: LotRef, record: Option<RecordId>) -> usize {
        self.gaps.push(Gap { why, presence: Presence::Possible, lot, record });
        self.gaps.len() - 1
    }

    fn add_own_touches(&mut self, graph: &Graph, record: &Record, output: Option<u32>, lot: LotRef) {
        self.touches.extend(own_touches(graph, record, output, lot, self.element));
    }
}

/// Returns the touches that a record itself adds: those it declares for `output`, and the work it did.
///
/// How surely they belong to a lot is not told yet.
pub(crate) fn own_touches(
    graph: &Graph,
    record: &Record,
    output: Option<u32>,
    lot: LotRef,
    element: Element,
) -> Vec<Touch> {
    let body = &record.event.body;
    let is_declared = |one: &&DeclaredTouch| Some(one.output) == output && one.elements.contains(element);
    let declared = body.declared_touches().iter().filter(is_declared);
    let mut touches: Vec<Touch> = declared.map(|one| declared_touch(record, one, lot)).collect();
    let (Some(at), [_, ..]) = (body.at(), body.steps()) else { return touches };
    let (place, grade) = place::of_work(graph, record, at);
    let behalf = place::behalf(record).and_then(Maybe::shown);
    let maker = behalf.and_then(|behalf| match &behalf.who {
        Receiver::Party(party) => Some(names::called(graph, party)),
        Receiver::Outside(outsider) => Some(outsider.name.clone()),
        Receiver::Later => None,
    });
    touches.extend(body.steps().iter().map(|step| Touch {
        step: *step,
        presence: Presence::Possible,
        place: place.clone(),
        grade,
        evidence: None,
        document: behalf.map(|behalf| behalf.document),
        period: at.period.map(Some),
        by: record.author,
        maker: maker.clone(),
        record: record.id,
        lot,
        attested: false,
    }));
    touches
}

fn declared_touch(record: &Record, declared: &DeclaredTouch, lot: LotRef) -> Touch {
    Touch {
        step: declared.step,
        presence: Presence::Possible,
        place: TouchPlace::At { facility: None, place: declared.place },
        grade: if declared.document.is_some() { Grade::Transcribed } else { Grade::Stated },
        evidence: Some((declared.assessor, declared.assessment)),
        document: declared.document,
        period: Maybe::Shown(declared.period),
        by: record.author,
        maker: declared.maker.shown().and_then(Option::as_ref).map(|maker| maker.name.clone()),
        record: record.id,
        lot,
        attested: false,
    }
}

/// Whether a node is one assembly: it has something of each of its parts, as a pool has of its sources.
fn is_whole(body: &Body, key: Key) -> bool {
    matches!(body, Body::Assemble(assemble) if key.1.is_some() || assemble.outputs.len() == 1)
}

pub(super) fn mixing(body: &Body) -> Option<Mixing> {
    match body {
        Body::Transform(transform) => Some(transform.mixing),
        Body::Repack(repack) => Some(repack.mixing),
        // What never stops is one pool: each gram of a draw has the pool's share.
        Body::Charge(_) | Body::Draw(_) => Some(Mixing::Homogenised),
        _ => None,
    }
}
