//! One pass back from the lot asked for: how much of its element went along each way.
//!
//! A pass may be cut at some nodes: what goes back as far as one of these is counted there and goes no further, so
//! that nothing that went through two of them counts twice. Linear in the ways.

use super::fixed::{ALL, times_down, times_up};
use std::collections::HashMap;

use super::paths::{Shared, Way, Ways};
use crate::custody::walk::{From, Walk};

/// Whether a pass ends at a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    /// It goes on.
    No,
    /// What is stated of the node leaves open whether it does; asked at entries only.
    Perhaps,
    /// So much of the lot it stands for, by what is attested of that; at attested lots only.
    Part(Part),
    /// All of it.
    Yes,
}

/// A least and a most share of the lot, in steps of 2^-62.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Part {
    pub(super) low: u64,
    pub(super) high: u64,
}

impl Part {
    /// Adds what came along another way; together they are at most all.
    pub(super) fn add(&mut self, other: Self) {
        self.low = (self.low + other.low).min(ALL);
        self.high = (self.high + other.high).min(ALL);
    }
}

/// What a pass found.
pub(super) struct Flow {
    /// What went through each node, cut or not.
    pub(super) nodes: Vec<Part>,
    /// What ended in each gap.
    pub(super) gaps: Vec<Part>,
    /// What was cut.
    pub(super) cut: Part,
    /// What ended at entries and in gaps without being cut.
    pub(super) rest: Part,
    /// What began at attested lots without being cut, by node.
    began: HashMap<usize, Part>,
}

impl Flow {
    /// Returns what began at an entry without being cut, as far as its past is told.
    pub(super) fn began(&self, at: usize) -> Part {
        self.began.get(&at).copied().unwrap_or(self.nodes[at])
    }
}

/// Goes back from the target of a walk.
pub(super) fn back(walk: &Walk, ways: &Ways, cut: impl Fn(usize) -> Cut) -> Flow {
    let mut flow = Flow {
        nodes: vec![Part::default(); walk.nodes.len()],
        gaps: vec![Part::default(); walk.gaps.len()],
        cut: Part::default(),
        rest: Part::default(),
        began: HashMap::new(),
    };
    let Some(target) = walk.target else { return flow };
    flow.nodes[target] = Part { low: ALL, high: ALL };
    for at in (0..=target).rev() {
        let mut here = flow.nodes[at];
        if here.high == 0 || !walk.nodes[at].needed {
            continue;
        }
        match cut(at) {
            Cut::Yes => {
                flow.cut.add(here);
                continue;
            }
            Cut::Perhaps => {
                here.low = 0;
                flow.cut.add(here);
            }
            Cut::Part(part) => {
                flow.cut.add(ways.part_of(at, here, part));
                here = ways.part_of(at, here, Part { low: ALL - part.high, high: ALL - part.low });
            }
            Cut::No => {}
        }
        if let Some(unknown) = ways.unknown_in(at) {
            let open = ways.part_of(at, flow.nodes[at], Part { low: 0, high: unknown }).high.min(here.high);
            flow.began.insert(at, Part { low: here.low.saturating_sub(open), high: here.high });
            flow.rest.add(here);
            for way in ways.ways_into(at) {
                if let From::Open(gap) = way.from {
                    flow.gaps[gap].add(Part { low: 0, high: open });
                }
            }
            continue;
        }
        let into = &ways.nodes[at];
        let all = ways.ways_into(at);
        if all.is_empty() {
            flow.rest.add(here);
        }
        let old_cap = into.old_cap.min(times_up(here.high, into.old_share));
        let spread = Spread::new(all, into.shared, old_cap, here);
        for way in all {
            let part = spread.of(way);
            match way.from {
                From::Node(from) => flow.nodes[from].add(part),
                From::Open(gap) => {
                    flow.gaps[gap].add(part);
                    flow.rest.add(part);
                }
            }
        }
    }
    flow
}

/// How what went through a node is spread over the ways into it.
struct Spread {
    shared: Shared,
    here: Part,
    old_cap: u64,
    /// Caps of what is not old, and of what is, added up.
    new: u128,
    old: u128,
}

impl Spread {
    fn new(ways: &[Way], shared: Shared, old_cap: u64, here: Part) -> Self {
        let mut spread = Self { shared, here, old_cap, new: 0, old: 0 };
        if shared == Shared::Pieces {
            for way in ways {
                let cap = u128::from(way.cap.min(here.high));
                if way.is_old { spread.old += cap } else { spread.new += cap }
            }
        }
        spread
    }

    fn of(&self, way: &Way) -> Part {
        let (low, high) = match self.shared {
            Shared::Proportional => (times_down(self.here.low, way.low), times_up(self.here.high, way.high)),
            Shared::Pieces => {
                let cap = u128::from(way.cap.min(self.here.high));
                let (mut new, mut old) = (self.new, self.old);
                if way.is_old {
                    old -= cap
                } else {
                    new -= cap
                }
                // What is left for this way when all others have brought what they can.
                let others = new + old.min(u128::from(self.old_cap));
                let low = u128::from(self.here.low).saturating_sub(others) as u64;
                (low, if way.is_old { self.old_cap.min(self.here.high) } else { self.here.high })
            }
        };
        let high = high.min(way.cap);
        Part { low: low.min(high), high }
    }
}
