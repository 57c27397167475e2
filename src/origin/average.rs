//! The average: what each source brought into a lot, if everything mixed as its records say and no more exactly.
//!
//! Point shares, for people who ask "how much"; what a rule may rest on are the bounds of `traced`. A step hands on
//! its sources in proportion to the mass of the element in them. A circuit has one mix for each closed period: the
//! stock at its beginning, with the mix of the period before, and all charges, over both together; every draw of
//! the period and its closing stock have it, whatever the order of booking. What is not told is a source too, so
//! that parts always sum to one. Spec: docs/origin.md, "Circuits".

mod flow;
mod given;
mod pool;

use std::collections::BTreeMap;

use self::flow::{Flow, Place};
use crate::balance::content::Contents;
use crate::custody::touch::Touch;
use crate::hash::RecordId;
use crate::model::dealings::CircuitMethod;
use crate::model::element::Element;
use crate::model::interval::ONE;
use crate::model::lotref::LotRef;

/// Where an element of a lot begins, as far as records tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// A lot that came out of the ground or into the ledger.
    Entry(LotRef),
    /// Stock of unknown past that was in a circuit when the period of this close began.
    Stock(RecordId),
    /// What joined at this record without having been a lot.
    Addition(RecordId),
    /// A lot of which the record is not held.
    NotHeld(LotRef),
    /// Here no average can be formed.
    Untold(RecordId, Why),
}

/// Why no average can be formed at a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// No close counts the draw yet: more can be charged.
    PeriodOpen,
    /// The close of its period does not count the draw, or withholds what it counts.
    NotCounted,
    /// What went in is withheld.
    Withheld,
    /// Of several sources one was not analysed for the element.
    NotDetermined,
    /// One batch followed another: each has a share of its own.
    Sequential,
    /// The lot holds the element, and nothing that went in can have brought it.
    NoOrigin,
    /// It is made of itself alone.
    Ring,
}

impl Why {
    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::PeriodOpen => "provisional, a period is open",
            Self::NotCounted => "the close of a period does not count the draw",
            Self::Withheld => "what went in is withheld",
            Self::NotDetermined => "of several sources one was not analysed",
            Self::Sequential => "one feed followed another",
            Self::NoOrigin => "nothing that went in can have brought it",
            Self::Ring => "it is made of itself alone",
        }
    }
}

/// A circuit that lies on the way, with the method that it is declared with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Passed {
    /// The close of the period.
    pub close: RecordId,
    /// The facility.
    pub facility: RecordId,
    /// The circuit's name.
    pub circuit: String,
    /// How its shares are stated; `None` where it was not declared before the period.
    pub method: Option<CircuitMethod>,
}

impl Passed {
    /// Returns what the method of the circuit says of the figures: words for people, beside them.
    pub fn words(&self) -> &'static str {
        match self.method {
            Some(CircuitMethod::Average) => "average of the period",
            // INVARIANT (claims are no origin): credits move claims from lot to lot and no material.
            Some(CircuitMethod::Credit) => "credit: claims only",
            Some(CircuitMethod::Window) => "window: bounds count, and the average is only shown",
            Some(CircuitMethod::Campaign) => "campaign: one feed after the other",
            None => "no method was declared before the period",
        }
    }
}

/// Point shares of one element of a lot by source. Shares are in units of 10^-18.
pub struct Averages<'c, 'g> {
    /// What each source brought, ascending by source; they sum to one, or there are none if the lot has none of it.
    pub parts: Vec<(Source, u128)>,
    /// Whether a draw of a period that is not closed lies on the way: the figures can still change.
    pub provisional: bool,
    /// Whether a charge that its period's close does not count was counted in.
    pub uncounted: bool,
    /// Periods of circuits on the way, each with its method.
    pub circuits: Vec<Passed>,
    /// Records whose sources nobody analysed and that are of one material, so that they were counted by mass.
    pub by_mass: Vec<RecordId>,
    flow: Flow<'c, 'g>,
}

/// Returns what each source brought, on average, of an element of a lot.
///
/// Linear in the ancestry; where something was charged that is made of its own period's draw, times a few dozen.
pub fn shares<'c, 'g>(contents: &'c Contents<'g>, lot: &LotRef, element: Element) -> Averages<'c, 'g> {
    let place = flow::place_of(contents.graph(), lot);
    let has_none = contents.of(lot, element).share.high == 0;
    Averages::new(Flow::new(contents, element, place), has_none)
}

/// Returns the same of the stock that a close found at the end of its period.
pub fn shares_of_stock<'c, 'g>(
    contents: &'c Contents<'g>,
    close: &RecordId,
    element: Element,
) -> Option<Averages<'c, 'g>> {
    let place = Place::Pool(contents.graph().position(close)?);
    Some(Averages::new(Flow::new(contents, element, place), false))
}

impl<'c, 'g> Averages<'c, 'g> {
    fn new(flow: Flow<'c, 'g>, has_none: bool) -> Self {
        let mut sums: BTreeMap<Source, u128> = BTreeMap::new();
        if !has_none {
            for (source, share) in flow.handed_back().into_iter().filter(|(_, share)| *share > 0) {
                *sums.entry(source).or_default() += share;
            }
        }
        let parts: Vec<(Source, u128)> = sums.into_iter().collect();
        let is_open = |(source, _): &(Source, u128)| matches!(source, Source::Untold(_, Why::PeriodOpen));
        let provisional = parts.iter().any(is_open);
        let mut circuits = flow.passed.clone();
        circuits.sort();
        let mut by_mass = flow.by_mass.clone();
        by_mass.sort_unstable();
        Self { parts, provisional, uncounted: flow.uncounted, circuits, by_mass, flow }
    }

    /// Returns why no average can be formed of some of it; none where all is told.
    pub fn untold(&self) -> Option<Why> {
        self.parts.iter().find_map(|(source, _)| match source {
            Source::Untold(_, why) => Some(*why),
            _ => None,
        })
    }

    /// Returns the share that has a known beginning.
    pub fn known(&self) -> u128 {
        let known = self.parts.iter().filter(|(source, _)| matches!(source, Source::Entry(_)));
        known.map(|(_, share)| share).sum()
    }

    /// Returns the share that went through at least one touch that `wanted` picks, rounded down.
    ///
    /// The presence of the touch given to `wanted` is not filled in.
    pub fn through(&self, wanted: impl Fn(&Touch) -> bool) -> u128 {
        if self.parts.is_empty() { 0 } else { self.flow.through(wanted).min(ONE) }
    }
}

#[cfg(test)]
mod tests;
