//! What everything that can be in a draw has behind it. Ranges of charges are looked at once for all draws.

use std::collections::HashMap;

use super::{Need, needs};
use crate::custody::accounts::Feed;
use crate::custody::{graph, touch, withdrawal};
use crate::model::element::Element;
use crate::model::lot::Lot;
use crate::model::material::Carries;
use crate::model::record::Record;
use crate::rules::facts::Facts;

/// What was charged and holds the element: surely, and perhaps.
#[derive(Clone, Default)]
struct Pool {
    sure: Option<Vec<Need>>,
    possible: Option<Vec<Need>>,
}

/// Pools of one element, as far as they were asked for.
pub(super) struct Pools<'f, 'g> {
    facts: &'f Facts<'g>,
    element: Element,
    known: HashMap<Feed, Pool>,
}

impl<'f, 'g> Pools<'f, 'g> {
    pub(super) fn new(facts: &'f Facts<'g>, element: Element) -> Self {
        Self { facts, element, known: HashMap::new() }
    }

    /// Returns what every charge that can be in a draw and brings the element has behind it; `None` where
    /// no charge brings it.
    pub(super) fn of_draw(&mut self, draw: &Record) -> Option<Vec<Need>> {
        let accounts = self.facts.graph.accounts();
        let mut pool = Pool::default();
        for one in accounts.feeds(self.facts.graph.position(&draw.id)?) {
            pool.join(self.of_feed(one.feed));
        }
        pool.sure.or(pool.possible)
    }

    /// The halves of a range are ranges themselves, a logarithm of them deep.
    fn of_feed(&mut self, feed: Feed) -> Pool {
        if let Some(known) = self.known.get(&feed) {
            return known.clone();
        }
        let mut pool = Pool::default();
        match feed {
            Feed::Charge(position) => {
                let graph = self.facts.graph;
                let charge = &graph.records()[position];
                if !withdrawal::frees_stretches(graph, charge) {
                    let lots = graph::inputs(charge).iter().filter_map(|input| graph.lot(&input.lot));
                    lots.for_each(|lot| pool.join(self.of_lot(lot)));
                }
            }
            range => {
                for part in self.facts.graph.accounts().parts(range).into_iter().flatten() {
                    pool.join(self.of_feed(part));
                }
            }
        }
        self.known.insert(feed, pool.clone());
        pool
    }

    fn of_lot(&self, lot: &Lot) -> Pool {
        let behind = || Some(needs(&self.facts.makes, lot, self.element));
        match touch::carried(lot, self.element) {
            Carries::Yes => Pool { sure: behind(), possible: None },
            Carries::Possible => Pool { sure: None, possible: behind() },
            Carries::No => Pool::default(),
        }
    }
}

impl Pool {
    fn join(&mut self, other: Self) {
        let common = |mine: &mut Option<Vec<Need>>, theirs: Option<Vec<Need>>| match (&mut *mine, theirs) {
            (Some(mine), Some(theirs)) => mine.retain(|need| theirs.contains(need)),
            (None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        };
        common(&mut self.sure, other.sure);
        common(&mut self.possible, other.possible);
    }
}
