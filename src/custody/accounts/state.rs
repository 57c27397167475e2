//! What is known of a draw's account: whether its period is closed, what was in process before, what may be hidden.

use super::Account;
use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::{Body, ClosePeriod};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;

/// Whether a charge or draw is counted by a close of its account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted<'g> {
    /// By this one.
    By(&'g Record),
    /// The close of its period withholds what it counts.
    Withheld(&'g Record),
    /// The close of its period does not name it.
    LeftOut(&'g Record),
    /// No close of its period is held.
    Open,
}

/// Stock that was in a circuit before everything that records tell of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Past<'g> {
    /// This record begins with it: a close, or the draw itself where no period before it is closed.
    Unknown(&'g Record),
    /// This close withholds whether there was any.
    Withheld(&'g Record),
}

/// Returns the close that a record is, if it is one.
pub fn close_of(record: &Record) -> Option<&ClosePeriod> {
    match &record.event.body {
        Body::ClosePeriod(close) => Some(close),
        _ => None,
    }
}

/// Returns the period of a record, if it has one that is shown.
pub fn period(record: &Record) -> Option<&Period> {
    record.event.body.at().and_then(|at| at.period.shown())
}

impl Account {
    /// Returns the closes that are held and not withdrawn, in the order of their first days.
    pub fn closed<'g>(
        &self,
        graph: &'g Graph,
    ) -> impl DoubleEndedIterator<Item = (&'g Record, &'g ClosePeriod)> {
        let records = graph.records();
        self.closes.iter().filter_map(move |at| Some((&records[*at], close_of(&records[*at])?)))
    }

    /// Returns which close counts a charge or draw of this account.
    pub fn counted<'g>(&self, graph: &'g Graph, record: &Record) -> Counted<'g> {
        let mut found = Counted::Open;
        // Closes overlap only where they contradict each other, so few share a day with a record.
        let when = period(record);
        let shares = |one: &Period| when.is_none_or(|when| one.first <= when.last && when.first <= one.last);
        if let Some(close) = self.counted_by.get(&record.id) {
            return Counted::By(&graph.records()[*close]);
        }
        for (close, body) in self.closed(graph).filter(|(close, _)| period(close).is_none_or(shares)) {
            match &body.covers {
                MaybeList::Withheld(count) if *count > 0 => found = Counted::Withheld(close),
                _ if found == Counted::Open => found = Counted::LeftOut(close),
                _ => {}
            }
        }
        found
    }

    /// Returns the stock of unknown past that can be in a draw, if its window reaches so far back.
    pub fn unknown_past<'g>(&self, graph: &'g Graph, draw: &'g Record) -> Option<Past<'g>> {
        let window = self.window(draw);
        let reaches = |period: &Period| window.first < i64::from(period.first.days());
        let before = |first: i32| {
            let closes = self.closed(graph);
            let mut earlier =
                closes.filter(|(close, _)| period(close).is_some_and(|one| one.last.days() < first));
            earlier.next_back()
        };
        let mut at = match self.counted(graph, draw) {
            Counted::By(close) | Counted::Withheld(close) | Counted::LeftOut(close) => close,
            Counted::Open => {
                // What was in process when the open period began is what the last close found.
                let last = period(draw).and_then(|period| before(period.first.days()));
                let Some((close, _)) = last else { return Some(Past::Unknown(draw)) };
                let is_past = period(close).is_some_and(|one| i64::from(one.last.days()) < window.first);
                if is_past {
                    return None;
                }
                close
            }
        };
        loop {
            let (Some(when), Some(close)) = (period(at), close_of(at)) else {
                return Some(Past::Unknown(at));
            };
            if !reaches(when) || close.opening == Maybe::Shown(None) {
                return None;
            }
            // Stock of the beginning is what was charged in the period right before, if that is closed too.
            let earlier = before(when.first.days());
            match earlier
                .filter(|(close, _)| period(close).is_some_and(|one| one.last.plus_days(1) == when.first))
            {
                Some((close, _)) => at = close,
                None if close.opening.is_withheld() => return Some(Past::Withheld(at)),
                None => return Some(Past::Unknown(at)),
            }
        }
    }

    /// Returns the closes of the periods that the window of a draw reaches, the draw's own included.
    pub fn closes_behind<'g>(&self, graph: &'g Graph, draw: &Record) -> Vec<&'g Record> {
        let window = self.window(draw);
        let last = super::days(draw).1;
        let closes = self.closed(graph).map(|(close, _)| close);
        closes
            .filter(|close| {
                let (first, until) = super::days(close);
                until >= window.first && first <= last
            })
            .collect()
    }

    /// Returns the party of whose chain records are not held that could charge the circuit within the window.
    ///
    /// Looked at are the positions from the last record signed before the window began or, if that is earlier,
    /// from the first charge in it, up to the close that counts the draw; none before the declaration.
    pub fn hidden_by(&self, graph: &Graph, draw: &Record, close: &Record) -> Option<PartyId> {
        let declared = graph.record(&self.facility).map_or(0, |record| record.seq);
        let held = graph.accounts().held(&close.author)?;
        let first_charge = graph.accounts().first_seq(graph, draw).unwrap_or(draw.seq);
        let from = held.signed_before(self.window(draw).first).min(first_charge).max(declared);
        (!held.has_all(from, close.seq)).then_some(close.author)
    }

    /// Whether the chain of the operator is held from the circuit's declaration to a close.
    pub(super) fn is_whole(&self, graph: &Graph, close: &Record) -> bool {
        let Some(declared) = graph.record(&self.facility) else { return false };
        graph.accounts().held(&close.author).is_some_and(|held| held.has_all(declared.seq, close.seq))
    }
}

/// Positions held of one chain, ascending, with the days they were signed on.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    seqs: Vec<u64>,
    /// The latest day (claimed) on which it or a record before it was signed.
    days: Vec<i64>,
}

impl Held {
    /// Gathers positions and days of signing, in any order.
    pub(super) fn new(mut records: Vec<(u64, i64)>) -> Self {
        records.sort_unstable();
        records.dedup_by_key(|(seq, _)| *seq);
        let mut held = Self::default();
        for (seq, day) in records {
            held.seqs.push(seq);
            held.days.push(held.days.last().map_or(day, |last| day.max(*last)));
        }
        held
    }

    /// Returns the last position up to which everything was signed before `day`; 0 without one.
    fn signed_before(&self, day: i64) -> u64 {
        let count = self.days.partition_point(|signed| *signed < day);
        count.checked_sub(1).map_or(0, |last| self.seqs[last])
    }

    /// Whether every position from `from` to `until` is held.
    fn has_all(&self, from: u64, until: u64) -> bool {
        let at = |seq: u64| self.seqs.partition_point(|held| *held < seq) as u64;
        until < from || at(until + 1) - at(from) == until - from + 1
    }
}

/// Returns the records that a close counts and that are not held; none where it withholds them.
pub fn counted_but_missing(graph: &Graph, close: &ClosePeriod) -> Vec<RecordId> {
    let covers = close.covers.shown().unwrap_or_default();
    covers.iter().filter(|id| graph.record(id).is_none()).copied().collect()
}
