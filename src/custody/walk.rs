//! The walk of one element from a lot back to its sources, and what surely lies on every way.
//!
//! Nodes are what an element passes as one: all outputs of a `transform`, `repack` or `extract` together,
//! each output of a handover, `intake` or `opening_stock` alone. They stand sources first, so that one loop
//! forward computes what holds *certainly*:
//!
//! - a pool (homogenised) that surely took the element from some sources has what any of these has;
//! - everything else has what all sources have that can have brought the element: separate pieces may
//!   come from any one of them. A sequence (one batch after another through one plant) counts like a pool
//!   for what is possible and like separate pieces for what is certain.
//!
//! A lot whose code leaves the element open, and into which nothing was put that can hold it, does not
//! hold it. Cost: linear in nodes and inputs, times the number of distinct (step, place, grade) over 64.
//! Spec: docs/verification.md, "Touches".

use std::collections::HashMap;
use std::ops::Range;

use super::graph::{self, Graph};
use super::place;
use super::touch::{
    ElementPath, Gap, GapWhy, Grade, Presence, Touch, TouchPlace, by_composition, carried_by,
};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::{Body, DeclaredTouch};
use crate::model::evidence::Mixing;
use crate::model::lot::{Addition, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;
use crate::model::stage::{Stage, Step};

/// One element's way into one lot.
#[derive(Debug)]
pub struct Walk {
    element: Element,
    nodes: Vec<Node>,
    sources: Vec<Source>,
    touches: Vec<Touch>,
    gaps: Vec<Gap>,
    /// The node of the lot asked for, unless the lot cannot hold the element.
    target: Option<usize>,
}

/// What an element passes as one. The ranges are into the lists of the walk.
#[derive(Debug)]
struct Node {
    sources: Range<usize>,
    touches: Range<usize>,
    origin: Option<RecordId>,
    pool: bool,
    /// Whether it leads to the lot asked for.
    needed: bool,
    /// Whether nothing that can hold the element went in.
    empty: bool,
}

/// Something that can have brought the element into a node.
#[derive(Clone, Copy, Debug)]
struct Source {
    from: From,
    /// Whether it surely holds the element.
    sure: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Node(usize),
    /// A gap: what it brought is not known.
    Open(usize),
}

/// Position of a record in the graph, and the output where outputs count apart.
type Key = (usize, Option<u32>);

impl Walk {
    /// Walks `element` back from `lot`.
    pub fn new(graph: &Graph, lot: &LotRef, element: Element) -> Self {
        let mut walk = Self {
            element,
            nodes: Vec::new(),
            sources: Vec::new(),
            touches: Vec::new(),
            gaps: Vec::new(),
            target: None,
        };
        let position = graph.position(&lot.record);
        let Some((target, output)) = position.and_then(|at| key_at(graph, at, lot.index)) else {
            walk.open(GapWhy::MissingInput(*lot), *lot, None);
            walk.gaps[0].presence = Presence::Certain;
            return walk;
        };
        let mut carrier = Carrier { element, by_code: HashMap::new() };
        let carries = carrier.carries(output);
        if carries == Carries::No {
            return walk;
        }
        let reached = reached(graph, target, *lot, &mut carrier);
        let index: HashMap<Key, usize> =
            reached.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect();
        for (key, through) in &reached {
            walk.add_node(graph, &index, &mut carrier, *key, *through);
        }
        let target = index[&target];
        if carries == Carries::Yes {
            walk.needs_origin(target, *lot);
        } else if walk.nodes[target].empty {
            walk.gaps.clear();
            return walk;
        }
        walk.target = Some(target);
        walk.mark_needed(target);
        walk
    }

    /// Returns the whole path, with the presence of each touch and gap.
    pub fn path(self) -> ElementPath {
        let mut classes: HashMap<(Step, &TouchPlace, Grade), usize> = HashMap::new();
        let mut class_of = Vec::with_capacity(self.touches.len());
        for touch in &self.touches {
            let next = classes.len();
            class_of.push(*classes.entry((touch.step, &touch.place, touch.grade)).or_insert(next));
        }
        let words: Vec<u64> = (0..classes.len().div_ceil(64))
            .map(|word| {
                let bit =
                    |touch: usize| if class_of[touch] / 64 == word { 1 << (class_of[touch] % 64) } else { 0 };
                self.certain(|touches| touches.fold(0, |bits, touch| bits | bit(touch)))
            })
            .collect();
        let certain = |touch: usize| words[class_of[touch] / 64] >> (class_of[touch] % 64) & 1 == 1;
        let certain: Vec<bool> = (0..self.touches.len()).map(certain).collect();
        let needed = || self.nodes.iter().filter(|node| node.needed);
        let mut origins: Vec<RecordId> = needed().filter_map(|node| node.origin).collect();
        origins.dedup();
        let wanted: Vec<usize> = needed().flat_map(|node| node.touches.clone()).collect();
        let mut touches: Vec<Option<Touch>> = self.touches.into_iter().map(Some).collect();
        let touches = wanted.into_iter().filter_map(|at| {
            let mut touch = touches[at].take()?;
            if certain[at] {
                touch.presence = Presence::Certain;
            }
            Some(touch)
        });
        ElementPath { element: self.element, touches: touches.collect(), gaps: self.gaps, origins }
    }

    /// Returns how surely at least one of the touches that `wanted` picks lies on the way.
    pub fn joint_presence(&self, wanted: impl Fn(&Touch) -> bool) -> Option<Presence> {
        let mut picked = vec![false; self.touches.len()];
        for touch in self.nodes.iter().filter(|node| node.needed).flat_map(|node| node.touches.clone()) {
            picked[touch] = wanted(&self.touches[touch]);
        }
        if !picked.contains(&true) {
            return None;
        }
        let certain = self.certain(|mut touches| u64::from(touches.any(|touch| picked[touch])));
        Some(if certain == 0 { Presence::Possible } else { Presence::Certain })
    }

    /// Returns the bits that hold certainly for the lot asked for; `own` gives those of a node's touches.
    fn certain(&self, own: impl Fn(Range<usize>) -> u64) -> u64 {
        let Some(target) = self.target else { return 0 };
        let mut bits = vec![0u64; target + 1];
        for (at, node) in self.nodes[..=target].iter().enumerate().filter(|(_, node)| node.needed) {
            let sources = &self.sources[node.sources.clone()];
            let of = |source: &Source| match source.from {
                From::Node(from) => bits[from],
                From::Open(_) => 0,
            };
            let passed = if sources.is_empty() {
                0
            } else if node.pool && sources.iter().any(|source| source.sure) {
                sources.iter().filter(|source| source.sure).fold(0, |bits, source| bits | of(source))
            } else {
                sources.iter().fold(!0, |bits, source| bits & of(source))
            };
            bits[at] = passed | own(node.touches.clone());
        }
        bits[target]
    }

    /// Adds the node of `key`; all nodes it can take the element from are there already.
    fn add_node<'g>(
        &mut self,
        graph: &'g Graph,
        index: &HashMap<Key, usize>,
        carrier: &mut Carrier<'g>,
        key: Key,
        through: LotRef,
    ) {
        let record = &graph.records()[key.0];
        let first_touch = self.touches.len();
        self.add_own_touches(graph, record, key.1, through);
        let mut sources = Vec::new();
        let body = &record.event.body;
        let is_entry = matches!(body, Body::Extract(_) | Body::Intake(_) | Body::OpeningStock(_));
        if !is_entry {
            self.add_withheld(record, through, &mut sources);
            for made in made_of(graph, key) {
                sources.extend(self.source(index, carrier, key, made, (through, record.id)));
            }
        } else if !matches!(body, Body::Extract(_)) && !self.declares_entry(first_touch) {
            let gap = self.open(GapWhy::UndeclaredPast { record: record.id }, through, Some(record.id));
            sources.push(Source { from: From::Open(gap), sure: false });
        }
        if let Body::Transform(transform) = body {
            self.add_additions(record, &transform.additions, through, &mut sources);
        }
        let first_source = self.sources.len();
        self.nodes.push(Node {
            empty: sources.is_empty() && !is_entry,
            sources: first_source..first_source + sources.len(),
            touches: first_touch..self.touches.len(),
            origin: is_entry.then_some(record.id),
            pool: matches!(mixing(body), Some(Mixing::Homogenised)),
            needed: false,
        });
        self.sources.extend(sources);
    }

    fn declares_entry(&self, first_touch: usize) -> bool {
        self.touches[first_touch..].iter().any(|touch| matches!(touch.step.stage, Stage::P10 | Stage::R10))
    }

    fn add_withheld(&mut self, record: &Record, through: LotRef, sources: &mut Vec<Source>) {
        if graph::withheld_inputs(record).is_some() {
            let gap = self.open(GapWhy::InputsWithheld { by: record.author }, through, Some(record.id));
            sources.push(Source { from: From::Open(gap), sure: false });
        }
    }

    /// Returns what an input of the node `key` can have brought, or `None` if not the element.
    fn source<'g>(
        &mut self,
        index: &HashMap<Key, usize>,
        carrier: &mut Carrier<'g>,
        key: Key,
        (lot, held): Made<'g>,
        (through, record): (LotRef, RecordId),
    ) -> Option<Source> {
        let carries = held.map(|(_, stated)| carrier.carries(stated));
        if carries == Some(Carries::No) {
            return None;
        }
        // A source that does not stand before its consumer is part of a ring: no way leads out of it.
        let node = held.filter(|(from, _)| from.0 < key.0).and_then(|(from, _)| index.get(&from).copied());
        let Some(node) = node else {
            let gap = self.open(GapWhy::MissingInput(lot), through, Some(record));
            return Some(Source { from: From::Open(gap), sure: false });
        };
        let sure = carries == Some(Carries::Yes);
        if sure {
            self.needs_origin(node, lot);
        } else if self.nodes[node].empty {
            return None;
        }
        Some(Source { from: From::Node(node), sure })
    }

    fn add_additions(
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
                sources.push(Source { from: From::Open(gap), sure: false });
            }
            MaybeList::Shown(additions) => {
                for addition in additions {
                    let carries = carried_by(&addition.material, &addition.composition, self.element);
                    if carries != Carries::No {
                        let why = GapWhy::Addition(addition.material.to_string());
                        let gap = self.open(why, through, Some(record.id));
                        sources.push(Source { from: From::Open(gap), sure: carries == Carries::Yes });
                    }
                }
            }
        }
    }

    /// Notes that a lot of an empty node surely holds the element all the same.
    fn needs_origin(&mut self, node: usize, lot: LotRef) {
        if !self.nodes[node].empty || !self.nodes[node].sources.is_empty() {
            return;
        }
        let gap = self.open(GapWhy::NoOrigin, lot, Some(lot.record));
        let at = self.sources.len();
        self.sources.push(Source { from: From::Open(gap), sure: false });
        self.nodes[node].sources = at..at + 1;
    }

    fn open(&mut self, why: GapWhy, lot: LotRef, record: Option<RecordId>) -> usize {
        self.gaps.push(Gap { why, presence: Presence::Possible, lot, record });
        self.gaps.len() - 1
    }

    /// Marks the nodes that lead to `target`, keeps their gaps, and marks the gaps it surely rests on.
    fn mark_needed(&mut self, target: usize) {
        let mut certain = vec![false; target + 1];
        let mut open: Vec<Option<Presence>> = vec![None; self.gaps.len()];
        self.nodes[target].needed = true;
        certain[target] = true;
        for at in (0..=target).rev() {
            if !self.nodes[at].needed {
                continue;
            }
            let (range, pool) = (self.nodes[at].sources.clone(), self.nodes[at].pool);
            let sources = &self.sources[range];
            let pooled = pool && sources.iter().any(|source| source.sure);
            let one = sources.windows(2).all(|pair| pair[0].from == pair[1].from);
            for source in sources {
                let surely = certain[at] && (one || (pooled && source.sure));
                match source.from {
                    From::Node(from) => {
                        self.nodes[from].needed = true;
                        certain[from] |= surely;
                    }
                    From::Open(gap) => {
                        let presence = if surely { Presence::Certain } else { Presence::Possible };
                        open[gap] = open[gap].max(Some(presence));
                    }
                }
            }
        }
        // Only the marks are needed from here on: `From::Open` is not looked up again.
        let mut open = open.into_iter();
        self.gaps.retain_mut(|gap| match open.next().flatten() {
            Some(presence) => {
                gap.presence = presence;
                true
            }
            None => false,
        });
    }

    fn add_own_touches(&mut self, graph: &Graph, record: &Record, output: Option<u32>, lot: LotRef) {
        let body = &record.event.body;
        for declared in body.declared_touches() {
            if Some(declared.output) == output && declared.elements.contains(self.element) {
                self.touches.push(declared_touch(record, declared, lot));
            }
        }
        let (Some(at), [_, ..]) = (body.at(), body.steps()) else { return };
        let (place, grade) = place::of_work(graph, record, at);
        for step in body.steps() {
            self.touches.push(Touch {
                step: *step,
                presence: Presence::Possible,
                place: place.clone(),
                grade,
                evidence: None,
                document: None,
                period: at.period.map(Some),
                by: record.author,
                maker: None,
                record: record.id,
                lot,
            });
        }
    }
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
    }
}

fn mixing(body: &Body) -> Option<Mixing> {
    match body {
        Body::Transform(transform) => Some(transform.mixing),
        Body::Repack(repack) => Some(repack.mixing),
        _ => None,
    }
}

/// Tells which lots hold the element, asking each material code once.
struct Carrier<'g> {
    element: Element,
    by_code: HashMap<&'g Material, Carries>,
}

impl<'g> Carrier<'g> {
    fn carries(&mut self, lot: &'g Lot) -> Carries {
        let element = self.element;
        let by_code = *self.by_code.entry(&lot.material).or_insert_with(|| lot.material.carries(element));
        by_composition(by_code, lot.composition.shown().map(Vec::as_slice).unwrap_or_default(), element)
    }
}

/// An input that a node is made of: its lot and, where that is held, the lot's node and statement.
type Made<'g> = (LotRef, Option<(Key, &'g Lot)>);

/// Returns what the node `key` is made of; of all inputs where outputs do not count apart.
fn made_of(graph: &Graph, key: Key) -> impl Iterator<Item = Made<'_>> {
    let inputs = graph::inputs(&graph.records()[key.0]);
    let range = match key.1 {
        None => 0..inputs.len(),
        Some(index) if (index as usize) < inputs.len() => index as usize..index as usize + 1,
        Some(_) => 0..0,
    };
    range.map(move |at| {
        let lot = inputs[at].lot;
        (lot, graph.creator_position(key.0, at).and_then(|creator| key_at(graph, creator, lot.index)))
    })
}

/// Returns the node that output `index` of the record at `position` belongs to, and the output.
fn key_at(graph: &Graph, position: usize, index: u32) -> Option<(Key, &Lot)> {
    let body = &graph.records()[position].event.body;
    let lot = body.outputs().get(index as usize)?;
    let apart = body.is_pairwise() || matches!(body, Body::Intake(_) | Body::OpeningStock(_));
    Some(((position, apart.then_some(index)), lot))
}

/// Returns `target` and every node upstream of it that can hold the element, sources first, each with the
/// first lot through which it counts.
fn reached<'g>(graph: &'g Graph, target: Key, lot: LotRef, carrier: &mut Carrier<'g>) -> Vec<(Key, LotRef)> {
    let mut reached: HashMap<Key, LotRef> = HashMap::from([(target, lot)]);
    let mut stack = vec![target];
    while let Some(key) = stack.pop() {
        for (lot, held) in made_of(graph, key) {
            let Some((from, stated)) = held else { continue };
            if carrier.carries(stated) == Carries::No {
                continue;
            }
            let through = reached.entry(from).or_insert_with(|| {
                stack.push(from);
                lot
            });
            *through = lot.min(*through);
        }
    }
    let mut reached: Vec<(Key, LotRef)> = reached.into_iter().collect();
    reached.sort_unstable();
    reached
}

#[cfg(test)]
mod tests;
