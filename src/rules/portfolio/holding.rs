//! One lot of a portfolio, with the way of one element into it.

use crate::hash::RecordId;
use crate::model::interval::{Interval, ONE, Share};
use crate::model::material::Carries;
use crate::model::stage::Stage;
use crate::origin::traced::Traced;
use crate::rules::facts::Facts;
use crate::rules::implied;

/// One element of one lot.
pub(in crate::rules) struct Holding {
    /// How much of it the lot holds.
    pub(super) mass: Interval,
    /// At most what share of that does not count.
    pub(super) doubt: u128,
    /// Whether it is named by the lot's code, or analysed to be there; else it only may be.
    pub(in crate::rules) is_there: bool,
    /// Its way.
    pub(super) traced: Traced,
    /// Stages that it must have been through and that nothing places, each with the record that leaves them out.
    pub(super) missing: Vec<(RecordId, Vec<Stage>)>,
}

impl Holding {
    /// Gathers what is known of the element that `traced` follows into the lot of `facts`.
    pub(in crate::rules) fn new(facts: &Facts<'_>, traced: Traced, mass: Interval, doubt: u128) -> Self {
        let path = facts.path(traced.element());
        let missing = implied::missing(facts, &path, true);
        let missing = missing.into_iter().map(|one| (one.record, one.stages)).collect();
        let material = facts.graph.lot(&facts.lot).map(|lot| &lot.material);
        let is_named = material.is_some_and(|material| material.carries(traced.element()) == Carries::Yes);
        let is_there = is_named || mass.low > 0;
        Self { is_there, mass, doubt, traced, missing }
    }

    /// Returns it as one that is asked about though nobody analysed for it.
    pub(in crate::rules) fn taken_to_be_there(self) -> Self {
        Self { is_there: true, ..self }
    }

    /// Returns how much of it counts.
    pub(super) fn counted(&self) -> Interval {
        self.mass.times(Share { low: ONE - self.doubt.min(ONE), high: ONE })
    }

    /// Whether a stage that it must have been through is placed by nothing.
    pub(super) fn misses(&self, stage: Stage) -> bool {
        self.missing.iter().any(|(_, stages)| stages.contains(&stage))
    }
}
