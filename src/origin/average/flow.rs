//! Where one element of a lot flowed from: nodes, each with its sources and their proportions.
//!
//! Backward, one whole is handed from the lot to its sources, node by node, the largest remainders getting what is
//! left, so that not a unit is lost. Forward, a share is taken from sources to the lot. Nodes that are made of each
//! other go round until next to nothing is left. Lists of its own throughout: depth costs heap and nothing else.

use std::collections::HashMap;
use std::ops::Range;

use super::given::{Given, Weighed, weigh};
use super::pool::{self, Pools};
use super::{Passed, Source, Why};
use crate::balance::content::Contents;
use crate::custody::accounts::Order;
use crate::custody::graph::{self, Graph};
use crate::custody::touch::Touch;
use crate::custody::walk::own_touches;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::evidence::Mixing;
use crate::model::interval::ONE;
use crate::model::lot::{Addition, Input};
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;

/// Most rounds through nodes that are made of each other.
const ROUNDS: usize = 20_000;
/// What is so little that another round would only move rounding.
const NEXT_TO_NOTHING: u128 = 1_000;

/// Something that has one mix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Place {
    /// One output of a record whose outputs count apart.
    Output(usize, u32),
    /// All outputs of a record.
    Record(usize),
    /// The pool of the period that a record closes.
    Pool(usize),
    /// A beginning.
    Source(Source),
}

struct Node {
    place: Place,
    edges: Range<usize>,
    /// Number of the ring it is in; sources have lower ones.
    ring: usize,
}

#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    /// In proportion to those of the edges beside it; they sum to less than 2^64.
    weight: u128,
}

/// All nodes behind a lot, with their proportions.
pub(super) struct Flow<'c, 'g> {
    contents: &'c Contents<'g>,
    element: Element,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Nodes in rings of growing number; within a ring sources first as far as there is a first.
    order: Vec<usize>,
    pub(super) passed: Vec<Passed>,
    pub(super) by_mass: Vec<RecordId>,
    pub(super) uncounted: bool,
}

/// Returns what the mix of a lot is that of.
pub(super) fn place_of(graph: &Graph, lot: &LotRef) -> Place {
    let record = graph.creator(lot).filter(|record| (lot.index as usize) < record.event.body.outputs().len());
    let position = record.and_then(|record| Some((record, graph.position(&record.id)?)));
    let Some((record, position)) = position else { return Place::Source(Source::NotHeld(*lot)) };
    match record.event.body {
        Body::Transform(_) | Body::Repack(_) | Body::Draw(_) => Place::Record(position),
        _ => Place::Output(position, lot.index),
    }
}

impl<'c, 'g> Flow<'c, 'g> {
    pub(super) fn new(contents: &'c Contents<'g>, element: Element, target: Place) -> Self {
        let (nodes, edges, order) = (Vec::new(), Vec::new(), Vec::new());
        let mut flow = Self {
            contents,
            element,
            nodes,
            edges,
            order,
            passed: Vec::new(),
            by_mass: Vec::new(),
            uncounted: false,
        };
        let mut places = vec![target];
        let mut index: HashMap<Place, usize> = HashMap::from([(target, 0)]);
        let mut pools = Pools::default();
        while let Some(place) = places.get(flow.nodes.len()).copied() {
            let first = flow.edges.len();
            for (from, weight) in scaled(flow.sources(&mut pools, place)) {
                let from = *index.entry(from).or_insert_with(|| {
                    places.push(from);
                    places.len() - 1
                });
                flow.edges.push(Edge { from, weight });
            }
            flow.nodes.push(Node { place, edges: first..flow.edges.len(), ring: 0 });
        }
        flow.put_in_order();
        flow
    }

    fn put_in_order(&mut self) {
        let mut order = Order::new(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            // From consumers to sources, so that the rings of sources are numbered first.
            self.edges[node.edges.clone()].iter().for_each(|edge| order.add(at, edge.from));
        }
        for (node, ring) in self.nodes.iter_mut().zip(order.components()) {
            node.ring = ring;
        }
        self.order = (0..self.nodes.len()).collect();
        // Ways round lead through pools: these stand last of their ring, the others as their records do.
        let rank = |place: Place| match place {
            Place::Source(_) => (0, 0),
            Place::Record(at) | Place::Output(at, _) => (1, at),
            Place::Pool(at) => (2, at),
        };
        let nodes = &self.nodes;
        self.order.sort_unstable_by_key(|at| (nodes[*at].ring, rank(nodes[*at].place), nodes[*at].place));
    }

    /// Returns what a node is made of, with proportions.
    fn sources(&mut self, pools: &mut Pools, place: Place) -> Vec<(Place, u128)> {
        let graph = self.contents.graph();
        let (position, output) = match place {
            Place::Source(_) => return Vec::new(),
            Place::Pool(close) => return self.in_pool(pools, close),
            Place::Record(position) => (position, None),
            Place::Output(position, output) => (position, Some(output)),
        };
        let record = &graph.records()[position];
        let untold = |why| vec![(Place::Source(Source::Untold(record.id, why)), 1)];
        let inputs = graph::inputs(record);
        let none: Option<&'g MaybeList<Addition>> = None;
        let (used, additions): (Vec<&Input>, _) = match (&record.event.body, output) {
            (Body::Draw(_), _) => return vec![(pool::of_draw(graph, position), 1)],
            (Body::Transform(transform), _) if transform.mixing == Mixing::Sequential => {
                return untold(Why::Sequential);
            }
            (Body::Transform(transform), _) => (inputs.iter().collect(), Some(&transform.additions)),
            (Body::Repack(_), _) => (inputs.iter().collect(), none),
            (body, Some(index)) => {
                let lot = LotRef { record: record.id, index };
                if matches!(
                    body,
                    Body::Extract(_) | Body::Collect(_) | Body::Intake(_) | Body::OpeningStock(_)
                ) {
                    return vec![(Place::Source(Source::Entry(lot)), 1)];
                }
                let recovered = graph.recovered(&lot);
                if !recovered.is_empty() {
                    // Parts of one thing are of one kind: each counts alike.
                    return recovered.iter().map(|one| (place_of(graph, &one.part), 1)).collect();
                }
                let additions = match body {
                    Body::Assemble(assemble) => Some(&assemble.additions),
                    _ => none,
                };
                (graph.inputs_of(&lot).map(|at| &inputs[at]).collect(), additions)
            }
            (_, None) => (inputs.iter().collect(), none),
        };
        if graph::withheld_inputs(record).is_some() || matches!(additions, Some(MaybeList::Withheld(1..))) {
            return untold(Why::Withheld);
        }
        let of_input =
            |input: &&Input| Given::input(self.contents, place_of(graph, &input.lot), input, self.element);
        let mut given: Vec<Given<'g>> = match used.as_slice() {
            // One source brings all of it, whatever it holds.
            [only] if record.event.body.is_pairwise() => return vec![(place_of(graph, &only.lot), 1)],
            used => used.iter().map(of_input).collect(),
        };
        let joined = Place::Source(Source::Addition(record.id));
        let of_addition =
            |addition: &'g Addition| Given::addition(self.contents, joined, addition, self.element);
        given.extend(additions.and_then(MaybeList::shown).unwrap_or_default().iter().map(of_addition));
        self.proportions(given, record.id)
    }

    fn in_pool(&mut self, pools: &mut Pools, close: usize) -> Vec<(Place, u128)> {
        let id = self.contents.graph().records()[close].id;
        let untold = |why| vec![(Place::Source(Source::Untold(id, why)), 1)];
        let Some(pool) = pools.open(self.contents, close, self.element) else {
            return untold(Why::NotCounted);
        };
        self.passed.push(pool.passed);
        self.uncounted |= pool.uncounted;
        match pool.untold {
            Some(why) => untold(why),
            None => self.proportions(pool.given, id),
        }
    }

    fn proportions(&mut self, given: Vec<Given<'g>>, record: RecordId) -> Vec<(Place, u128)> {
        let untold = |why| vec![(Place::Source(Source::Untold(record, why)), 1)];
        let weights = match weigh(given) {
            Weighed::ByElement(weights) => weights,
            Weighed::ByMass(weights) => {
                self.by_mass.push(record);
                weights
            }
            Weighed::Untold => return untold(Why::NotDetermined),
        };
        match weights.iter().any(|(_, weight)| *weight > 0) {
            true => weights,
            false => untold(Why::NoOrigin),
        }
    }

    /// Returns what reaches each beginning when one whole is handed back from the lot; the parts sum to it.
    pub(super) fn handed_back(&self) -> Vec<(Source, u128)> {
        let mut units = vec![0u128; self.nodes.len()];
        units[0] = ONE;
        let mut found = Vec::new();
        let mut rest: &[usize] = &self.order;
        while let Some(last) = rest.last() {
            let ring = self.nodes[*last].ring;
            let from = rest.partition_point(|at| self.nodes[*at].ring < ring);
            let members = &rest[from..];
            rest = &rest[..from];
            match members {
                [only] if !self.is_own_source(*only) => self.hand_on(*only, &mut units),
                _ => found.extend(self.go_round(members, &mut units)),
            }
        }
        let sources = self.nodes.iter().zip(&units).filter_map(|(node, units)| match node.place {
            Place::Source(source) => Some((source, *units)),
            _ => None,
        });
        found.extend(sources);
        found
    }

    fn is_own_source(&self, node: usize) -> bool {
        self.edges[self.nodes[node].edges.clone()].iter().any(|edge| edge.from == node)
    }

    /// Hands what a node holds to its sources; a beginning keeps it.
    fn hand_on(&self, node: usize, units: &mut [u128]) {
        let edges = &self.edges[self.nodes[node].edges.clone()];
        if edges.is_empty() {
            return;
        }
        let whole = std::mem::take(&mut units[node]);
        for (edge, part) in edges.iter().zip(handed_out(whole, edges.iter().map(|edge| edge.weight))) {
            units[edge.from] += part;
        }
    }

    /// Hands on what nodes hold that are made of each other, until it has left them; returns what never does.
    fn go_round(&self, members: &[usize], units: &mut [u128]) -> Option<(Source, u128)> {
        let ring = self.nodes[members[0]].ring;
        let mut outside: Vec<usize> = Vec::new();
        for member in members {
            let edges = &self.edges[self.nodes[*member].edges.clone()];
            outside.extend(edges.iter().map(|edge| edge.from).filter(|from| self.nodes[*from].ring != ring));
        }
        outside.sort_unstable();
        outside.dedup();
        let before: Vec<u128> = outside.iter().map(|at| units[*at]).collect();
        for _ in 0..ROUNDS {
            let inside: u128 = members.iter().map(|at| units[*at]).sum();
            if inside <= NEXT_TO_NOTHING || outside.is_empty() {
                break;
            }
            for member in members.iter().rev() {
                self.hand_on(*member, units);
            }
        }
        // What is left leaves as everything before it did.
        let left: u128 = members.iter().map(|at| std::mem::take(&mut units[*at])).sum();
        let went: Vec<u128> = outside.iter().zip(before).map(|(at, before)| units[*at] - before).collect();
        if went.iter().all(|went| *went == 0) {
            let graph = self.contents.graph();
            let at = match self.nodes[members[0]].place {
                Place::Record(at) | Place::Output(at, _) | Place::Pool(at) => graph.records()[at].id,
                Place::Source(_) => RecordId::ZERO,
            };
            return Some((Source::Untold(at, Why::Ring), left));
        }
        for (at, part) in outside.iter().zip(handed_out(left, went.into_iter())) {
            units[*at] += part;
        }
        None
    }

    /// Returns the share that passed a touch that `wanted` picks, rounded down.
    pub(super) fn through(&self, wanted: impl Fn(&Touch) -> bool) -> u128 {
        let picked: Vec<bool> = self.nodes.iter().map(|node| self.is_picked(node.place, &wanted)).collect();
        let mut share = vec![0u128; self.nodes.len()];
        let mut rest: &[usize] = &self.order;
        while let Some(first) = rest.first() {
            let ring = self.nodes[*first].ring;
            let (members, others) = rest.split_at(rest.partition_point(|at| self.nodes[*at].ring <= ring));
            rest = others;
            let rounds = if members.len() == 1 && !self.is_own_source(members[0]) { 1 } else { ROUNDS };
            for _ in 0..rounds {
                let mut has_moved = false;
                for member in members {
                    let now = if picked[*member] { ONE } else { self.mean(*member, &share) };
                    has_moved |= now != std::mem::replace(&mut share[*member], now);
                }
                if !has_moved {
                    break;
                }
            }
        }
        share[0]
    }

    fn mean(&self, node: usize, share: &[u128]) -> u128 {
        let edges = &self.edges[self.nodes[node].edges.clone()];
        let total: u128 = edges.iter().map(|edge| edge.weight).sum();
        // Weights sum to less than 2^64 and shares are at most 10^18.
        edges.iter().map(|edge| edge.weight * share[edge.from]).sum::<u128>() / total.max(1)
    }

    fn is_picked(&self, place: Place, wanted: &impl Fn(&Touch) -> bool) -> bool {
        let graph = self.contents.graph();
        let (position, output) = match place {
            Place::Record(position) => (position, None),
            Place::Output(position, output) => (position, Some(output)),
            Place::Pool(_) | Place::Source(_) => return false,
        };
        let record = &graph.records()[position];
        let lot = LotRef { record: record.id, index: output.unwrap_or(0) };
        own_touches(graph, record, output, lot, self.element).iter().any(wanted)
    }
}

/// Returns `whole` in parts in proportion to `weights`, which sum to less than 2^64; of equal remainders the first
/// wins.
fn handed_out(whole: u128, weights: impl Iterator<Item = u128> + Clone) -> Vec<u128> {
    let (weights, total) = fitting(weights);
    if total == 0 {
        return weights;
    }
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut parts: Vec<u128> = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        // A whole is at most 10^18, so that the product fits.
        let product = whole * weight;
        parts.push(product / total);
        remainders.push((product % total, at));
    }
    let left = whole - parts.iter().sum::<u128>();
    remainders.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, at) in remainders.iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[*at] += 1;
    }
    parts
}

/// Returns weights in the same proportions that sum to less than 2^64, and their sum.
fn fitting(weights: impl Iterator<Item = u128> + Clone) -> (Vec<u128>, u128) {
    let most = weights.clone().fold(0u128, |sum, weight| sum.saturating_add(weight));
    let shift = (128 - most.leading_zeros()).saturating_sub(63);
    let weights: Vec<u128> = weights.map(|weight| weight >> shift).collect();
    let total = weights.iter().sum();
    (weights, total)
}

fn scaled(sources: Vec<(Place, u128)>) -> Vec<(Place, u128)> {
    let (weights, _) = fitting(sources.iter().map(|(_, weight)| *weight));
    sources.into_iter().zip(weights).map(|((place, _), weight)| (place, weight)).collect()
}
