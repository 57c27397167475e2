//! The ways of one element into a lot, with how much of it can have come along each.
//!
//! The nodes are those of the walk; this adds what each source can have brought:
//!
//! - a pool and an assembly hold of each source its part of the pool's mass (*proportional*);
//! - everything else can be any mixture that no source's own mass forbids (*pieces*): separate bags, a sequence, and
//!   what passed a circuit, of which any charge of the window can be in any draw;
//! - no source has brought more than its own mass of the element, whatever else is known.
//!
//! What was in process in a circuit when a period began bounds all older charges together.
//! Spec: docs/origin.md, "Bounds".

use std::collections::HashMap;

use super::fixed::{ALL, ratio_down, ratio_up, share, times_down, times_up};
use super::flow::Part;
use super::heel::heel_cap;
use super::site;
use crate::balance::content::Contents;
use crate::custody::accounts::Feed;
use crate::custody::graph;
use crate::custody::touch::GapWhy;
use crate::custody::walk::{Edge, From, Node, Source, Walk};
use crate::model::element::Element;
use crate::model::event::{Body, Stock};
use crate::model::evidence::Mixing;
use crate::model::interval::{Interval, ONE, WHOLE};
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// What one source can have brought into a node. Shares are steps of 2^-62.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) from: From,
    /// Its least and most share of the node, where the node is a pool.
    pub(super) low: u64,
    pub(super) high: u64,
    /// Its mass over that of the lot asked for: more of the lot cannot have come this way.
    pub(super) cap: u64,
    /// Whether it was in the circuit before the stock in process was measured.
    pub(super) is_old: bool,
}

/// How the sources of a node share it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shared {
    /// Each has its part of the pool.
    Proportional,
    /// Any mixture that the caps allow.
    Pieces,
}

/// Where the ways into a node stand in the list of all.
#[derive(Clone, Debug)]
pub(super) struct Into {
    pub(super) ways: std::ops::Range<u32>,
    pub(super) shared: Shared,
    /// The most that old sources can have brought together.
    pub(super) old_cap: u64,
    /// The most of the node that they are, in a campaign.
    pub(super) old_share: u64,
}

/// The ways into every node of a walk.
pub(super) struct Ways {
    pub(super) nodes: Vec<Into>,
    pub(super) ways: Vec<Way>,
    /// Of each node whose past is attested what a part of it is bounded by.
    attested: HashMap<usize, AttestedNode>,
    /// How much of the element the lot asked for holds.
    amount: Interval,
}

/// A lot whose past is attested.
#[derive(Clone, Copy, Debug)]
struct AttestedNode {
    /// The most of it of which nothing is known.
    unknown: u64,
    /// How much of the element it holds. A part of it may be of one kind alone, but for its mass; none where each
    /// part has the shares of the whole.
    mass: Option<Interval>,
}

impl Ways {
    /// Works out what each source can have brought, for a lot that holds `amount` of the walk's element.
    pub(super) fn new(contents: &Contents<'_>, walk: &Walk, amount: Interval) -> Self {
        let graph = contents.graph();
        let mut all = Self {
            nodes: Vec::with_capacity(walk.nodes.len()),
            ways: Vec::new(),
            attested: HashMap::new(),
            amount,
        };
        let feeds = !graph.accounts().is_empty();
        // What each charge and range of charges brings; only circuits ask.
        let mut charged: Vec<Interval> = vec![Interval::ZERO; if feeds { walk.nodes.len() } else { 0 }];
        let mut scratch: Vec<(Way, Interval)> = Vec::new();
        for (at, node) in walk.nodes.iter().enumerate() {
            let of = Of { contents, walk, node };
            let first = all.ways.len() as u32;
            let sources = &walk.sources[node.sources.clone()];
            let is_charge =
                feeds && of.record().is_some_and(|record| matches!(record.event.body, Body::Charge(_)));
            let mut into = Into { ways: first..first, shared: of.shared(), old_cap: ALL, old_share: ALL };
            if !node.needed && !is_charge {
                all.nodes.push(into);
                continue;
            }
            if node.attested {
                let way =
                    |source: &Source| Way { from: source.from, low: 0, high: ALL, cap: ALL, is_old: false };
                all.ways.extend(sources.iter().map(way));
                into.ways.end = all.ways.len() as u32;
                all.attested.insert(at, of.attested(walk.target == Some(at)));
                all.nodes.push(into);
                continue;
            }
            if let ([only], false) = (sources, is_charge) {
                // A single source brought all, whatever it weighed; only a gain is not its.
                let mass = if of.is_draw() { of.mass(only, &charged) } else { of.sole(only) };
                all.ways.push(Way {
                    from: only.from,
                    low: ALL,
                    high: ALL,
                    cap: cap(mass, amount),
                    is_old: false,
                });
                into.ways.end += 1;
                into.shared = Shared::Proportional;
                all.nodes.push(into);
                continue;
            }
            let turn = of.turn();
            // What a range of charges brings was cut at each charge.
            let is_range = sources.iter().any(|source| matches!(source.edge, Edge::Feed(_)));
            let site = of.record().filter(|_| !is_range);
            let site = site.and_then(|record| site::most(contents, record, of.element()));
            let recovered = |mass: Interval| site.map_or(mass, |site| mass.times(site));
            scratch.clear();
            for source in sources {
                let mass = of.mass(source, &charged);
                let is_old = turn.is_some_and(|(day, _)| of.is_old(source, day));
                let way = Way { from: source.from, low: 0, high: ALL, cap: 0, is_old };
                match scratch.iter_mut().find(|(known, _)| known.from == source.from && sources.len() <= 32) {
                    Some((_, sum)) => *sum = sum.plus(mass),
                    None => scratch.push((way, mass)),
                }
            }
            if sources.len() > 32 {
                merge(&mut scratch);
            }
            if is_charge {
                charged[at] = scratch.iter().map(|(_, mass)| recovered(*mass)).sum();
            }
            if let Some((_, stock)) = turn {
                let most = stock.map_or(Interval::ZERO, |stock| of.stock(stock));
                into.old_cap = cap(most, amount);
                let heel = of.record().and_then(|draw| heel_cap(contents, &draw.id, of.element()));
                into.old_share = heel.map_or(ALL, |heel| ratio_up(heel.high, ONE));
            }
            let low: u128 = scratch.iter().fold(0, |sum, (_, mass)| sum.saturating_add(mass.low));
            let bounded = scratch.iter().filter(|(_, mass)| !mass.is_open());
            let high: u128 = bounded.fold(0, |sum, (_, mass)| sum.saturating_add(mass.high));
            let open = scratch.iter().filter(|(_, mass)| mass.is_open()).count();
            for (way, mass) in &mut scratch {
                way.cap = cap(recovered(*mass), amount);
                if into.shared == Shared::Proportional {
                    // Nothing is known of a part while another source may have brought any mass.
                    let others = match open - usize::from(mass.is_open()) {
                        0 => high - if mass.is_open() { 0 } else { mass.high },
                        _ => u128::MAX,
                    };
                    way.low = ratio_down(mass.low, mass.low.saturating_add(others));
                    way.high = ratio_up(mass.high, mass.high.saturating_add(low - mass.low));
                }
                all.ways.push(*way);
            }
            into.ways.end = all.ways.len() as u32;
            all.nodes.push(into);
        }
        all
    }
}

impl Ways {
    /// Returns the ways into a node.
    pub(super) fn ways_into(&self, at: usize) -> &[Way] {
        let range = &self.nodes[at].ways;
        &self.ways[range.start as usize..range.end as usize]
    }

    /// Returns the most of a lot of which its attestation knows nothing; none where its past is not attested.
    pub(super) fn unknown_in(&self, at: usize) -> Option<u64> {
        self.attested.get(&at).map(|node| node.unknown)
    }

    /// Returns how much of what went through an attested lot, `here`, is of a `part` of that lot.
    ///
    /// Of a lot in pieces, what went on may be of the part alone or of the rest alone, within their masses.
    pub(super) fn part_of(&self, at: usize, here: Part, part: Part) -> Part {
        let Some(node) = self.attested.get(&at) else { return Part { low: 0, high: here.high } };
        match node.mass {
            None => Part { low: times_down(here.low, part.low), high: times_up(here.high, part.high) },
            Some(mass) => {
                let most = |high: u64| cap(mass.times(share(0, high)), self.amount).min(here.high);
                Part { low: here.low.saturating_sub(most(ALL - part.low)), high: most(part.high) }
            }
        }
    }
}

/// Adds up what came from one and the same node by several ways.
fn merge(ways: &mut Vec<(Way, Interval)>) {
    let order = |from: From| match from {
        From::Node(at) => (0, at),
        From::Open(at) => (1, at),
    };
    ways.sort_by_key(|(way, _)| order(way.from));
    ways.dedup_by(|(next, mass), (way, sum)| {
        let same = next.from == way.from;
        if same {
            *sum = sum.plus(*mass);
        }
        same
    });
}

/// Returns a mass over that of the lot asked for, rounded up; all where that may be nothing.
fn cap(mass: Interval, amount: Interval) -> u64 {
    if mass.is_open() || amount.low == 0 { ALL } else { ratio_up(mass.high, amount.low) }
}

/// One node with what is needed to look its masses up.
struct Of<'a, 'g> {
    contents: &'a Contents<'g>,
    walk: &'a Walk,
    node: &'a Node,
}

impl<'g> Of<'_, 'g> {
    fn element(&self) -> Element {
        self.walk.element
    }

    fn record(&self) -> Option<&'g Record> {
        Some(&self.contents.graph().records()[self.node.key?.0])
    }

    /// Returns what bounds the parts of the node, whose past is attested.
    fn attested(&self, is_target: bool) -> AttestedNode {
        let open = self.walk.sources[self.node.sources.clone()].iter().find_map(|source| match source.from {
            From::Open(gap) => match self.walk.gaps[gap].why {
                GapWhy::Attested { most, .. } => Some(most),
                _ => None,
            },
            From::Node(_) => None,
        });
        let unknown = open.map_or(0, |most| ratio_up(most.ppb().into(), WHOLE));
        let lot = self.record().zip(self.node.key.and_then(|key| key.1));
        let lot = lot.map(|(record, index)| LotRef { record: record.id, index });
        let held = || lot.map_or(Interval::OPEN, |lot| self.contents.in_lot(&lot, self.element()));
        let is_alike = is_target || self.shared() == Shared::Proportional;
        AttestedNode { unknown, mass: (!is_alike).then(held) }
    }

    fn is_draw(&self) -> bool {
        self.record().is_some_and(|record| matches!(record.event.body, Body::Draw(_)))
    }

    fn shared(&self) -> Shared {
        let Some(record) = self.record() else { return Shared::Pieces };
        match &record.event.body {
            Body::Transform(one) if one.mixing == Mixing::Homogenised => Shared::Proportional,
            Body::Repack(one) if one.mixing == Mixing::Homogenised => Shared::Proportional,
            Body::Assemble(_) if self.node.pool => Shared::Proportional,
            _ => Shared::Pieces,
        }
    }

    /// Returns the mass of a node's only source. What was done to one lot alone takes all from it.
    fn sole(&self, source: &Source) -> Interval {
        match (source.edge, self.record()) {
            (Edge::Input(_), Some(_)) => self.mass(source, &[]),
            _ => Interval::OPEN,
        }
    }

    /// Returns what a source can have brought of the element.
    fn mass(&self, source: &Source, charged: &[Interval]) -> Interval {
        let Some(record) = self.record() else { return Interval::OPEN };
        match source.edge {
            Edge::Input(at) => match graph::inputs(record).get(at) {
                Some(input) => self.input(record, at, input),
                None => Interval::OPEN,
            },
            Edge::Recovered(part) => self.contents.in_lot(&part, self.element()),
            Edge::Addition(at) => self.addition(record, at),
            Edge::Feed(_) => match source.from {
                From::Node(node) => charged[node],
                From::Open(_) => Interval::OPEN,
            },
            Edge::Untold => match source.from {
                From::Open(gap) => self.gap(&self.walk.gaps[gap].why),
                From::Node(_) => Interval::OPEN,
            },
        }
    }

    fn input(&self, record: &Record, at: usize, input: &Input) -> Interval {
        let (Body::Assemble(_), Some(index)) = (&record.event.body, self.node.key.and_then(|key| key.1))
        else {
            return self.contents.in_stretch(input, self.element());
        };
        let thing = LotRef { record: record.id, index };
        let Some(parts) = self.contents.graph().parts_into(&thing) else { return Interval::OPEN };
        let used: u64 = parts.filter(|part| part.input as usize == at).map(|part| part.mass.mg()).sum();
        self.contents.in_stretch(&Input { mass: Mass::from_mg(used), ..*input }, self.element())
    }

    fn addition(&self, record: &Record, at: usize) -> Interval {
        let additions = match &record.event.body {
            Body::Transform(one) => one.additions.shown(),
            Body::Assemble(one) => one.additions.shown(),
            Body::Charge(one) => one.additions.shown(),
            _ => None,
        };
        let Some(addition) = additions.and_then(|all| all.get(at)) else { return Interval::OPEN };
        let share =
            self.contents.of_lines(Some(&addition.material), &addition.composition, self.element()).share;
        Interval::weighed(addition.mass, addition.uncertainty).times(share)
    }

    fn gap(&self, why: &GapWhy) -> Interval {
        let GapWhy::StockInProcess { record } = why else { return Interval::OPEN };
        let close = self.contents.graph().record(record).map(|record| &record.event.body);
        match close {
            Some(Body::ClosePeriod(close)) => match &close.opening {
                Maybe::Shown(Some(stock)) => self.stock(stock),
                Maybe::Shown(None) => Interval::ZERO,
                Maybe::Withheld => Interval::OPEN,
            },
            _ => Interval::OPEN,
        }
    }

    fn stock(&self, stock: &Stock) -> Interval {
        let share = self.contents.of_lines(None, &stock.composition, self.element()).share;
        Interval::weighed(stock.quantity.mass, stock.quantity.uncertainty).times(share)
    }

    /// Returns the day from which on charges are not behind the stock that was measured before a draw, and the stock.
    fn turn(&self) -> Option<(i64, Option<&'g Stock>)> {
        if !self.is_draw() {
            return None;
        }
        let (graph, at) = (self.contents.graph(), self.node.key?.0);
        graph.accounts().of(at)?.measured_before(graph.records(), at)
    }

    fn is_old(&self, source: &Source, day: i64) -> bool {
        let graph = self.contents.graph();
        match (source.edge, source.from) {
            (Edge::Feed(feed), _) => last_day(graph, feed) < day,
            (Edge::Untold, From::Open(gap)) => {
                matches!(self.walk.gaps[gap].why, GapWhy::StockInProcess { .. })
            }
            _ => false,
        }
    }
}

fn last_day(graph: &graph::Graph, feed: Feed) -> i64 {
    graph.accounts().last_day_of(graph.records(), feed)
}
