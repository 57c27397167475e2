//! The day that something is judged for, and whether anybody looked at it.
//!
//! Most of what a rule finds is the same on every day on which its text holds. What was found without a look at the day
//! is kept for the other days of a timeline; see `Facts::once`.

use std::cell::Cell;

use crate::model::day::Day;

/// A day that tells whether it was looked at.
#[derive(Debug)]
pub(super) struct JudgedDay {
    day: Day,
    was_looked_at: Cell<bool>,
}

impl JudgedDay {
    pub(super) fn new(day: Day) -> Self {
        Self { day, was_looked_at: Cell::new(false) }
    }

    /// Returns the day. Whoever calls this finds something that may differ on another day.
    pub(super) fn get(&self) -> Day {
        self.was_looked_at.set(true);
        self.day
    }

    /// Whether the day was looked at so far.
    pub(super) fn was_looked_at(&self) -> bool {
        self.was_looked_at.get()
    }
}
