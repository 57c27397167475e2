//! What was recorded of one circuit so far, as far as a new event of it has to know.

use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::event::{Body, Stock};
use crate::model::maybe::{Maybe, MaybeList};

/// A record of a circuit by the author of the new event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CircuitRecord {
    /// The record.
    pub id: RecordId,
    /// When it happened, if that is shown.
    pub period: Option<Period>,
    /// What it is.
    pub what: CircuitEntry,
}

/// What a record of a circuit is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CircuitEntry {
    /// Lots went in.
    Charge,
    /// Lots came out.
    Draw,
    /// A period was closed.
    Close(Box<Closed>),
}

/// What the close of a period states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closed {
    /// What was in process when it began.
    pub opening: Maybe<Option<Stock>>,
    /// What was in process when it ended.
    pub closing: Maybe<Option<Stock>>,
    /// What it counts; none where that is withheld.
    pub covers: Vec<RecordId>,
}

impl CircuitRecord {
    /// Returns what record `id` with this body says of the circuit; `None` where it is not about it.
    pub fn of(id: RecordId, body: &Body, facility: &RecordId, circuit: &str) -> Option<Self> {
        let (at, name, what) = match body {
            Body::Charge(charge) => (&charge.at, &charge.circuit, CircuitEntry::Charge),
            Body::Draw(draw) => (&draw.at, &draw.circuit, CircuitEntry::Draw),
            Body::ClosePeriod(close) => {
                let covers = match &close.covers {
                    MaybeList::Shown(covers) => covers.clone(),
                    MaybeList::Withheld(_) => Vec::new(),
                };
                let (opening, closing) = (close.opening.clone(), close.closing.clone());
                (
                    &close.at,
                    &close.circuit,
                    CircuitEntry::Close(Box::new(Closed { opening, closing, covers })),
                )
            }
            _ => return None,
        };
        let is_meant = at.facility == Maybe::Shown(*facility) && name == circuit;
        is_meant.then(|| Self { id, period: at.period.shown().copied(), what })
    }

    /// Whether it closes a period.
    pub fn is_close(&self) -> bool {
        matches!(self.what, CircuitEntry::Close(_))
    }
}

/// Returns the close that ends last among those that end before `period`, or none.
pub fn last_close<'r>(records: &'r [CircuitRecord], period: &Period) -> Option<&'r CircuitRecord> {
    let closes = records.iter().filter(|one| one.is_close());
    let earlier = closes.filter_map(|one| Some((one.period?.last, one)));
    earlier.filter(|(last, _)| *last < period.first).max_by_key(|(last, _)| *last).map(|(_, close)| close)
}

/// Returns the charges and draws inside `period` that no close counts, in the order of `records`.
pub fn uncounted(records: &[CircuitRecord], period: &Period) -> Vec<RecordId> {
    let counted: std::collections::HashSet<RecordId> = records
        .iter()
        .filter_map(|one| match &one.what {
            CircuitEntry::Close(close) => Some(close.covers.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect();
    let inside = |one: &&CircuitRecord| one.period.is_some_and(|inner| period.covers(&inner));
    let moved = records.iter().filter(|one| !one.is_close()).filter(inside);
    moved.map(|one| one.id).filter(|id| !counted.contains(id)).collect()
}
