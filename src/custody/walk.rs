//! The walk of one element from a lot back to its sources, and what surely lies on every way.
//!
//! Nodes are what an element passes as one: all outputs of a `transform`, `repack`, `extract` or `collect` together,
//! each output of a handover, `intake`, `opening_stock` or assembly, and each part recovered, alone. They stand sources first, so that one loop
//! forward computes what holds *certainly*:
//!
//! - a pool (homogenised) that surely took the element from some sources has what any of these has;
//! - an assembly holds each of its parts, and counts like a pool of them;
//! - everything else has what all sources have that can have brought the element: separate pieces may
//!   come from any one of them. A sequence (one batch after another through one plant) counts like a pool
//!   for what is possible and like separate pieces for what is certain.
//!
//! A lot whose code leaves the element open, and into which nothing was put that can hold it, does not
//! hold it. Cost: linear in nodes and inputs, times the number of distinct (step, place, grade) over 64.
//! Spec: docs/custody.md, "Touches".

mod account;
mod attested;
mod build;
mod reach;

use std::collections::HashMap;
use std::ops::Range;

pub(crate) use self::build::own_touches;
pub(crate) use self::reach::Key;
use self::reach::{Carrier, key_at, reached};
use super::accounts::Feed;
use super::assembly::Later;
use super::graph::Graph;
use super::touch::{ElementPath, Gap, GapWhy, Grade, Presence, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::hash::quick::{QuickMap, Quickly};
use crate::model::element::Element;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::stage::Step;

/// One element's way into one lot.
#[derive(Debug)]
pub struct Walk {
    pub(crate) element: Element,
    pub(crate) nodes: Vec<Node>,
    pub(crate) sources: Vec<Source>,
    pub(crate) touches: Vec<Touch>,
    /// The least and most share of its lot that went through each attested touch, ascending by touch.
    pub(crate) shares: Vec<(usize, Fraction, Fraction)>,
    pub(crate) gaps: Vec<Gap>,
    /// Which gaps lead to the lot asked for, once that is known.
    led_from: Vec<bool>,
    /// The node of the lot asked for, unless the lot cannot hold the element.
    pub(crate) target: Option<usize>,
}

/// What an element passes as one. The ranges are into the lists of the walk.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its record and, where outputs count apart, which; none for what was done to a part later.
    pub(crate) key: Option<Key>,
    pub(crate) sources: Range<usize>,
    pub(crate) touches: Range<usize>,
    pub(crate) origin: Option<RecordId>,
    pub(crate) pool: bool,
    /// Whether its past is told by an attestation.
    pub(crate) attested: bool,
    /// Whether it leads to the lot asked for.
    pub(crate) needed: bool,
    /// Whether nothing that can hold the element went in.
    empty: bool,
}

/// Something that can have brought the element into a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) from: From,
    /// Whether it surely holds the element.
    pub(crate) sure: bool,
    pub(crate) edge: Edge,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum From {
    Node(usize),
    /// A gap: what it brought is not known.
    Open(usize),
}

/// What of its record a source is, so that its mass can be looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edge {
    /// An input that is shown, by its index.
    Input(usize),
    /// The part that an output of a disassembly was.
    Recovered(LotRef),
    /// An addition, by its index.
    Addition(usize),
    /// Charges of a circuit.
    Feed(Feed),
    /// How much it brought is not told.
    Untold,
}

impl Walk {
    /// Walks `element` back from `lot`.
    pub fn new(graph: &Graph, lot: &LotRef, element: Element) -> Self {
        let mut walk = Self {
            element,
            nodes: Vec::new(),
            sources: Vec::new(),
            touches: Vec::new(),
            shares: Vec::new(),
            gaps: Vec::new(),
            led_from: Vec::new(),
            target: None,
        };
        let position = graph.position(&lot.record);
        let Some((target, output)) = position.and_then(|at| key_at(graph, at, lot.index)) else {
            walk.open(GapWhy::MissingInput(*lot), *lot, None);
            walk.gaps[0].presence = Presence::Certain;
            return walk;
        };
        let mut carrier = Carrier { element, by_code: QuickMap::default() };
        let carries = carrier.carries(graph, lot, output);
        if carries == Carries::No {
            return walk;
        }
        let reached = reached(graph, target, *lot, &mut carrier);
        walk.make_room(graph, &reached);
        let mut index: QuickMap<Key, usize> =
            QuickMap::with_capacity_and_hasher(reached.len(), Quickly::default());
        for (key, through) in &reached {
            walk.add_node(graph, &index, &mut carrier, *key, *through);
            index.insert(*key, walk.nodes.len() - 1);
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

    /// Takes as much memory as the nodes that were reached need: lists that grow take up to three times as much.
    fn make_room(&mut self, graph: &Graph, reached: &[(Key, LotRef)]) {
        let (mut sources, mut touches) = (0, 0);
        for (key, _) in reached {
            let body = &graph.records()[key.0].event.body;
            sources += if key.1.is_some() { 1 } else { body.inputs().map_or(0, |all| all.count() as usize) };
            touches += body.steps().len();
        }
        self.nodes.reserve_exact(reached.len());
        self.sources.reserve_exact(sources);
        self.touches.reserve_exact(touches);
    }

    /// Adds what was done to the lot after it had gone into something as a part.
    pub fn followed_by(mut self, graph: &Graph, later: &Later) -> Self {
        if let Some(target) = self.target.filter(|_| !later.is_empty()) {
            let first = self.nodes.len();
            self.target = Some(self.add_later(graph, target, later));
            self.nodes[first..].iter_mut().for_each(|node| node.needed = true);
        }
        self
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
                let bit = |touch: usize| {
                    if class_of[touch] / 64 == word && self.belongs(touch) {
                        1 << (class_of[touch] % 64)
                    } else {
                        0
                    }
                };
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
            touch.presence = if certain[at] { Presence::Certain } else { Presence::Possible };
            Some(touch)
        });
        let touches = touches.collect();
        let leads = |at: &usize| self.led_from.get(*at).copied().unwrap_or(true);
        let gaps = self.gaps.into_iter().enumerate().filter(|(at, _)| leads(at));
        ElementPath { element: self.element, touches, gaps: gaps.map(|(_, gap)| gap).collect(), origins }
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
        let certain =
            self.certain(|mut touches| u64::from(touches.any(|touch| picked[touch] && self.belongs(touch))));
        Some(if certain == 0 { Presence::Possible } else { Presence::Certain })
    }

    /// Whether a touch belongs to its whole node: of an attested lot some of it may not have gone through.
    fn belongs(&self, touch: usize) -> bool {
        let touch = &self.touches[touch];
        !touch.attested || touch.presence == Presence::Certain
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
            let Node { pool, attested, .. } = self.nodes[at];
            let range = self.nodes[at].sources.clone();
            let sources = &self.sources[range];
            let pooled = pool && sources.iter().any(|source| source.sure);
            let one = sources.windows(2).all(|pair| pair[0].from == pair[1].from);
            for source in sources {
                let surely = certain[at] && !attested && (one || (pooled && source.sure));
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
        self.led_from = open.iter().map(Option::is_some).collect();
        for (gap, presence) in self.gaps.iter_mut().zip(open) {
            gap.presence = presence.unwrap_or(gap.presence);
        }
    }
}

#[cfg(test)]
mod tests;
