//! One element of one lot, traced back: shares of it by what it went through and where it came from.

use std::collections::HashSet;
mod class;

use std::ops::Range;

use serde::Serialize;

use super::fixed::{self, ALL, ratio_down, ratio_up};
use super::flow::{Cut, Flow, Part, back};
use super::paths::Ways;
use crate::balance::content::Contents;
use crate::custody::assembly::Later;
use crate::custody::touch::{Gap, Presence, Touch};
use crate::custody::walk::Walk;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Body;
use crate::model::evidence::OriginClass;
use crate::model::interval::{Interval, Share, WHOLE};
use crate::model::lotref::LotRef;

/// One element of one lot, with how much of it can have come along each way.
pub struct Traced {
    element: Element,
    lot: LotRef,
    amount: Interval,
    walk: Walk,
    ways: Ways,
    base: Flow,
    /// What no source can have brought: more is stated than ever went in.
    gain: u64,
}

/// Where some of the element began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Leaf {
    /// Its share of the lot's element.
    pub share: Share,
    /// Where it began.
    pub what: LeafKind,
}

/// What the path of an element ends at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeafKind {
    /// It came out of the ground, out of waste, or into the ledger.
    Entry {
        /// The record.
        record: RecordId,
        /// Its output, where outputs count apart.
        output: Option<u32>,
        /// Its class, where the record tells one for all of it.
        class: Option<OriginClass>,
    },
    /// Nothing is known beyond.
    Gap(Gap),
}

/// A share, with the records it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Through {
    /// The share.
    pub share: Share,
    /// Records with a touch that was picked on some way, sources first.
    pub records: Vec<RecordId>,
}

/// What never went through some step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Without {
    /// The share whose whole way is told.
    pub told: Share,
    /// The share of which some of the way is not.
    pub unknown: Share,
    /// Where it is not, each with its share.
    pub gaps: Vec<(Share, Gap)>,
}

impl Traced {
    /// Traces `element` back from `lot`. Linear in the ancestry; depth costs heap alone.
    pub fn new(contents: &Contents<'_>, lot: &LotRef, element: Element) -> Self {
        Self::of_walk(contents, lot, Walk::new(contents.graph(), lot, element))
    }

    /// Traces `element` back from a part of something, with what was done to it inside.
    pub fn of_part(contents: &Contents<'_>, part: &LotRef, later: &Later, element: Element) -> Self {
        let graph = contents.graph();
        Self::of_walk(contents, part, Walk::new(graph, part, element).followed_by(graph, later))
    }

    fn of_walk(contents: &Contents<'_>, lot: &LotRef, walk: Walk) -> Self {
        let amount = contents.in_lot(lot, walk.element);
        let ways = Ways::new(contents, &walk, amount);
        let base = back(&walk, &ways, |_| Cut::No);
        let gain = ALL - base.rest.high.min(ALL);
        Self { element: walk.element, lot: *lot, amount, walk, ways, base, gain }
    }

    /// Returns the element.
    pub fn element(&self) -> Element {
        self.element
    }

    /// Returns the lot.
    pub fn lot(&self) -> LotRef {
        self.lot
    }

    /// Returns how much of the element the lot holds; open where nobody has said.
    pub fn amount(&self) -> Interval {
        self.amount
    }

    /// Whether the lot can hold the element.
    pub fn holds(&self) -> bool {
        self.walk.target.is_some() || !self.walk.gaps.is_empty()
    }

    /// Returns every step on some way into the lot, sources first.
    pub fn touches(&self) -> impl Iterator<Item = &Touch> {
        self.needed().flat_map(|at| &self.walk.touches[self.walk.nodes[at].touches.clone()])
    }

    /// Returns the share of the lot's element that went through at least one of the touches that `wanted` picks.
    ///
    /// Sound outer bounds: the truth lies between them whatever the records leave open, and at both of them on trees
    /// and proportional nodes, but for rounding.
    pub fn share(&self, wanted: impl Fn(&Touch) -> bool) -> Share {
        self.through(wanted).share
    }

    /// Returns how surely the lot went through at least one of the touches that `wanted` picks; `None` where no way leads
    /// to any of them.
    pub fn presence(&self, wanted: impl Fn(&Touch) -> bool) -> Option<Presence> {
        self.walk.joint_presence(wanted)
    }

    /// Returns the same, with the records it rests on.
    pub fn through(&self, wanted: impl Fn(&Touch) -> bool) -> Through {
        let picked: Vec<bool> = self.walk.touches.iter().map(&wanted).collect();
        let cut = |at: usize| self.cut(at, &picked);
        let flow = back(&self.walk, &self.ways, cut);
        let records = self.needed().filter(|at| cut(*at) != Cut::No && flow.nodes[*at].high > 0);
        let records = records.flat_map(|at| {
            let touches = self.walk.nodes[at].touches.clone();
            touches.filter(|touch| picked[*touch]).map(|touch| self.walk.touches[touch].record)
        });
        let mut records: Vec<RecordId> = records.collect();
        records.dedup();
        Through { share: self.bounded(flow.cut, flow.rest), records }
    }

    /// Returns what never went through a touch that `wanted` picks: what is told of, and what is not known.
    pub fn without(&self, wanted: impl Fn(&Touch) -> bool) -> Without {
        let picked: Vec<bool> = self.walk.touches.iter().map(&wanted).collect();
        let cut = |at: usize| self.cut(at, &picked);
        let flow = back(&self.walk, &self.ways, cut);
        let mut told = Part::default();
        self.leaf_nodes().filter(|at| cut(*at) != Cut::Yes).for_each(|at| told.add(flow.began(at)));
        let mut open = Part { low: self.gain, high: self.gain };
        flow.gaps.iter().for_each(|gap| open.add(*gap));
        let and_cut = |mut other: Part| {
            other.add(flow.cut);
            other
        };
        let shares = flow.gaps.iter().zip(&self.walk.gaps).filter(|(part, _)| part.high > 0);
        let all = u128::from(flow.cut.high) + u128::from(told.high) + u128::from(open.high);
        let share = |part: Part| {
            let others = all.saturating_sub(u128::from(part.high));
            let least = u128::from(ALL).saturating_sub(others) as u64;
            fixed::share(part.low.max(least).min(part.high), part.high)
        };
        Without {
            told: self.bounded(told, and_cut(open)),
            unknown: self.bounded(open, and_cut(told)),
            gaps: shares.map(|(part, gap)| (share(*part), gap.clone())).collect(),
        }
    }

    /// Returns the share whose whole way is told and passes none of these records.
    pub fn clear_of(&self, records: &HashSet<RecordId>, contents: &Contents<'_>) -> Share {
        let all = contents.graph().records();
        let cut = |at: usize| match self.walk.nodes[at].key {
            Some((record, _)) if records.contains(&all[record].id) => Cut::Yes,
            _ => Cut::No,
        };
        let flow = back(&self.walk, &self.ways, cut);
        let mut open = flow.cut;
        flow.gaps.iter().for_each(|gap| open.add(*gap));
        let mut told = Part::default();
        let is_cut = |at: &usize| cut(*at) == Cut::Yes;
        self.leaf_nodes().filter(|at| !is_cut(at)).for_each(|at| told.add(flow.began(at)));
        self.bounded(told, open)
    }

    /// Returns the share that nothing is known of beyond some point, a gain that no source explains included.
    pub fn unknown(&self) -> Share {
        let mut open = Part { low: self.gain, high: self.gain };
        self.base.gaps.iter().for_each(|gap| open.add(*gap));
        let mut entries = Part::default();
        self.leaf_nodes().for_each(|at| entries.add(self.base.began(at)));
        self.bounded(open, entries)
    }

    /// Returns the share that no source can have brought: more is stated than ever went in.
    pub fn gain(&self) -> Share {
        fixed::share(self.gain, self.gain)
    }

    /// Returns where the element began, sources first, then what is not known.
    pub fn leaves(&self, contents: &Contents<'_>) -> Vec<Leaf> {
        let graph = contents.graph();
        let mut sum = 0u128;
        self.leaf_nodes().for_each(|at| sum += u128::from(self.base.began(at).high));
        self.base.gaps.iter().for_each(|gap| sum += u128::from(gap.high));
        let share = |part: Part| {
            let others = sum - u128::from(part.high);
            let least = u128::from(ALL - self.gain).saturating_sub(others) as u64;
            fixed::share(part.low.max(least).min(part.high), part.high)
        };
        let entry = |at: usize| {
            let key = self.walk.nodes[at].key?;
            let record = &graph.records()[key.0];
            let lots = record.event.body.outputs();
            let class = match key.1 {
                // What a record says of a lot that it made is no evidence of how that began.
                _ if self.walk.nodes[at].attested => None,
                Some(index) => {
                    lots.get(index as usize).and_then(|lot| class(&record.event.body, lot.origin_class))
                }
                None => {
                    let mut classes = lots.iter().map(|lot| class(&record.event.body, lot.origin_class));
                    let first = classes.next().flatten();
                    first.filter(|_| classes.all(|other| other == first))
                }
            };
            let what = LeafKind::Entry { record: record.id, output: key.1, class };
            Some(Leaf { share: share(self.base.began(at)), what })
        };
        let entries = self.leaf_nodes().filter(|at| self.base.began(*at).high > 0).filter_map(entry);
        let open = self.walk.gaps.iter().zip(&self.base.gaps).filter(|(_, part)| part.high > 0);
        let gaps = open.map(|(gap, part)| Leaf { share: share(*part), what: LeafKind::Gap(gap.clone()) });
        entries.chain(gaps).collect()
    }

    /// Returns the nodes at which a way begins with a record that says so.
    fn leaf_nodes(&self) -> impl Iterator<Item = usize> {
        self.needed().filter(|at| self.walk.nodes[*at].attested || self.ways.nodes[*at].ways.is_empty())
    }

    fn needed(&self) -> impl Iterator<Item = usize> {
        let target = self.walk.target.map_or(0, |target| target + 1);
        (0..target).filter(|at| self.walk.nodes[*at].needed)
    }

    /// Whether a node has a touch that is picked. Of several places stated for one stage of what came in on papers
    /// each may be that of all or of nothing.
    fn cut(&self, node: usize, picked: &[bool]) -> Cut {
        let touches = self.walk.nodes[node].touches.clone();
        let own = |at: &usize| !self.walk.touches[*at].attested;
        let mut cut = Cut::No;
        for at in touches.clone().filter(|at| picked[*at] && own(at)) {
            let touch = &self.walk.touches[at];
            let other = |other: usize| {
                let other_touch = &self.walk.touches[other];
                !picked[other]
                    && other_touch.step.stage == touch.step.stage
                    && other_touch.place != touch.place
            };
            if !touches.clone().filter(own).any(other) {
                return Cut::Yes;
            }
            cut = Cut::Perhaps;
        }
        match cut {
            Cut::No if self.walk.nodes[node].attested => self.attested_part(&touches, picked),
            cut => cut,
        }
    }

    /// Returns how much of an attested lot went through at least one of the touches that are picked. They may be of the
    /// same part of it, or each of another.
    fn attested_part(&self, touches: &Range<usize>, picked: &[bool]) -> Cut {
        let shares = &self.walk.shares;
        let first = shares.partition_point(|(at, _, _)| *at < touches.start);
        let of_node = shares[first..].iter().take_while(|(at, _, _)| *at < touches.end);
        let mut part: Option<Part> = None;
        for (_, least, most) in of_node.filter(|(at, _, _)| picked[*at]) {
            let known = part.unwrap_or_default();
            let low = ratio_down(least.ppb().into(), WHOLE).max(known.low);
            part = Some(Part {
                low,
                high: known.high.saturating_add(ratio_up(most.ppb().into(), WHOLE)).min(ALL),
            });
        }
        part.map_or(Cut::No, |part| Cut::Part(Part { low: part.low.min(part.high), ..part }))
    }

    /// Returns bounds of a part, tightened by what is left when the rest is all it can be.
    fn bounded(&self, part: Part, rest: Part) -> Share {
        if self.walk.target.is_none() {
            return if self.walk.gaps.is_empty() { Share::NONE } else { Share::ANY };
        }
        let high = part.high.min(ALL - rest.low);
        let least = (ALL - self.gain.min(ALL)).saturating_sub(rest.high);
        fixed::share(part.low.max(least).min(high), high)
    }
}

/// Returns the class of what an entry brings: as stated, else what its kind says.
fn class(body: &Body, stated: Option<OriginClass>) -> Option<OriginClass> {
    stated.or(match body {
        Body::Extract(_) => Some(OriginClass::Primary),
        Body::OpeningStock(_) => Some(OriginClass::LegacyStock),
        _ => None,
    })
}
