//! Portfolio: everything that a party received in a period, and shares of it by mass.
//!
//! What a party mined, collected or made itself, and its own goods that move or come back unchanged, were received from
//! nobody. What was made of something that it had received before, at a toller's say, may already be counted: how much
//! of it is new lies between two bounds. Spec: docs/origin.md, "Portfolios".

use std::collections::HashSet;

use serde::Serialize;

use super::traced::Traced;
use crate::balance::content::Contents;
use crate::custody::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::event::Body;
use crate::model::interval::{self, Interval, ONE, Share};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

/// What a party received in a period.
#[derive(Clone, Debug)]
pub struct Portfolio {
    /// Who received it.
    pub party: PartyId,
    /// First and last day, both counted.
    pub period: Period,
    /// The lots, in the order of the graph.
    pub receipts: Vec<Receipt>,
    /// Lots that the party had sent itself, so that they are left out.
    pub own: usize,
}

/// One lot that was received.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The record by which it was.
    pub record: RecordId,
    /// The lot, as the receiver weighed it.
    pub lot: LotRef,
    /// Whether it surely counts.
    pub counts: Counts,
}

/// Whether a lot surely counts as received in a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// It does.
    Surely,
    /// The days of its record lie on both sides of an end of the period.
    Straddles,
    /// The days of its record are withheld.
    DayWithheld,
    /// Something that the party received before lies behind it, so that some of it may be counted already.
    CameBack,
}

impl Portfolio {
    /// Returns what `party` received in `period`: outputs of its `receive` and `intake` records. Linear in the records.
    pub fn of(graph: &Graph, party: PartyId, period: Period) -> Self {
        let mut portfolio = Self { party, period, receipts: Vec::new(), own: 0 };
        // Whether something that the party had received lies behind a record; sources stand first.
        let mut came_in = vec![false; graph.records().len()];
        for (position, record) in graph.records().iter().enumerate() {
            let inputs = 0..graph::inputs(record).len();
            let mut before = inputs.map(|input| graph.creator_position(position, input));
            let is_behind = before.any(|at| at.is_some_and(|at| came_in[at]));
            let charges = match record.event.body {
                Body::Draw(_) => graph.accounts().of(position).map(|account| &account.charges),
                _ => None,
            };
            let in_pool = charges.into_iter().flatten().any(|at| came_in[*at]);
            came_in[position] = is_behind || in_pool;
            let at = match &record.event.body {
                Body::Receive(one) => &one.at,
                Body::Intake(one) => &one.at,
                _ => continue,
            };
            if record.author != party || graph.withdrawn(&record.id).is_some() {
                continue;
            }
            let days = match &at.period {
                Maybe::Shown(days) if days.last < period.first || period.last < days.first => None,
                Maybe::Shown(days) if period.covers(days) => Some(Counts::Surely),
                Maybe::Shown(_) => Some(Counts::Straddles),
                Maybe::Withheld => Some(Counts::DayWithheld),
            };
            for (lot, _) in graph::outputs(record) {
                if sender(graph, &lot) == Some(party) {
                    portfolio.own += usize::from(days.is_some());
                    continue;
                }
                if let Some(counts) = days {
                    let counts = match counts {
                        Counts::Surely if came_in[position] => Counts::CameBack,
                        other => other,
                    };
                    portfolio.receipts.push(Receipt { record: record.id, lot, counts });
                }
            }
            came_in[position] = true;
        }
        portfolio
    }

    /// Returns the records of the party by which it received something, in this period or another.
    pub fn all_receipts(&self, graph: &Graph) -> HashSet<RecordId> {
        let is_receipt = |body: &Body| matches!(body, Body::Receive(_) | Body::Intake(_));
        let own = graph.records().iter().filter(|record| record.author == self.party);
        own.filter(|record| is_receipt(&record.event.body)).map(|record| record.id).collect()
    }

    /// Returns at most how much of an element of a lot received may not count, as a share of it.
    pub fn doubt(
        &self,
        contents: &Contents<'_>,
        receipt: &Receipt,
        traced: &Traced,
        all: &HashSet<RecordId>,
    ) -> u128 {
        match receipt.counts {
            Counts::Surely => 0,
            Counts::Straddles | Counts::DayWithheld => ONE,
            Counts::CameBack => {
                let mut before = all.clone();
                before.remove(&receipt.record);
                ONE - traced.clear_of(&before, contents).low.min(ONE)
            }
        }
    }
}

/// Returns who sent a lot that was received; `None` where it came from outside or that is not told.
fn sender(graph: &Graph, lot: &LotRef) -> Option<PartyId> {
    let mut at = *lot;
    // A ring of handovers, which only a correction can make, would not end.
    for _ in 0..=graph.records().len() {
        let record = graph.creator(&at)?;
        if let Body::Dispatch(_) = record.event.body {
            return Some(record.author);
        }
        if !record.event.body.is_pairwise() {
            return None;
        }
        at = graph::inputs(record).get(at.index as usize)?.lot;
    }
    None
}

/// Adds up a part of many lots and the rest of them, so that the part can be told as a share of both.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// The part.
    pub part: Interval,
    /// The rest.
    pub rest: Interval,
}

impl Tally {
    /// Adds a mass of which these shares are the part and the rest; up to `doubt` of it may not count at all.
    pub fn add(&mut self, mass: Interval, doubt: u128, part: Share, rest: Share) {
        let sure = |share: Share| Share { low: share.low.saturating_sub(doubt), high: share.high };
        self.part = self.part.plus(mass.times(sure(part)));
        self.rest = self.rest.plus(mass.times(sure(rest)));
    }

    /// Returns the part as a share of both, rounded outward; none of it where there can be no part.
    pub fn share(&self) -> Share {
        if self.part.high == 0 {
            return Share::NONE;
        }
        let low = match self.rest.is_open() {
            true => 0,
            // Where there is no rest at all, no rounding takes anything off.
            false if self.rest.high == 0 && self.part.low > 0 => ONE,
            false => interval::quotient(self.part.low, self.part.low.saturating_add(self.rest.high), false),
        };
        let high = match self.part.is_open() {
            true => ONE,
            false => interval::quotient(self.part.high, self.part.high.saturating_add(self.rest.low), true),
        };
        Share { low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::balance::testing::{metal, weighed};
    use crate::custody::testing::*;
    use crate::model::evidence::Mixing::Homogenised;

    fn year() -> Period {
        "2026-01-01..2026-12-31".parse().unwrap()
    }

    fn received(world: &World, by: &str) -> Vec<(LotRef, Counts)> {
        let portfolio = Portfolio::of(&world.graph(), world.party(by), year());
        portfolio.receipts.iter().map(|one| (one.lot, one.counts)).collect()
    }

    fn on(world: &mut World, record: RecordId, days: &str) {
        let days = days.parse().unwrap();
        world.change(record, |record| match &mut record.event.body {
            Body::Receive(one) => one.at.period = Maybe::Shown(days),
            Body::Intake(one) => one.at.period = Maybe::Shown(days),
            other => panic!("{other:?}"),
        });
    }

    #[test]
    fn what_came_from_others_in_the_period_is_received() {
        let mut world = World::new();
        let ore = out(world.extract("mine", vec![lot("ore", 60)]), 0);
        let own = world.intake("plant", vec![lot("metal.Nd", 5)], Vec::new());
        let before = world.intake("plant", vec![lot("metal.Nd", 6)], Vec::new());
        on(&mut world, before, "2025-12-31");
        let across = world.intake("plant", vec![lot("metal.Nd", 7)], Vec::new());
        on(&mut world, across, "2026-12-31..2027-01-01");
        let ore = world.hand_over("mine", "plant", ore);
        let expected =
            [(out(own, 0), Counts::Surely), (out(across, 0), Counts::Straddles), (ore, Counts::Surely)];
        assert_eq!(received(&world, "plant"), expected);
        assert_eq!(received(&world, "mine"), []);
    }

    #[test]
    fn own_goods_that_move_are_received_from_nobody() {
        let mut world = World::new();
        let metal = out(world.intake("plant", vec![lot("metal.Nd", 5)], Vec::new()), 0);
        world.hand_over("plant", "plant", metal);
        let portfolio = Portfolio::of(&world.graph(), world.party("plant"), year());
        assert_eq!((portfolio.receipts.len(), portfolio.own), (1, 1));
    }

    #[test]
    fn of_what_a_toller_gives_back_only_what_was_not_ours_is_surely_new() {
        let mut world = World::new();
        let holds = |grams| weighed("metal.Nd", grams, "0 %", vec![metal("Nd", "50 %", "0.0000001 %")]);
        let ours = out(world.intake("plant", vec![holds(60_000)], Vec::new()), 0);
        let ours = world.hand_over("plant", "works", ours);
        let papers = vec![declared(0, &["Nd"], "P10 mine", "AU", true)];
        let theirs = out(world.intake("works", vec![holds(40_000)], papers), 0);
        let inputs = vec![take(ours, 0, 60), take(theirs, 0, 40)];
        let melt = world.transform("works", "P60 melt", Homogenised, inputs, vec![holds(100_000)]);
        let back = world.hand_over("works", "plant", out(melt, 0));
        let graph = world.graph();
        let portfolio = Portfolio::of(&graph, world.party("plant"), year());
        let receipt = portfolio.receipts.iter().find(|one| one.lot == back).unwrap();
        assert_eq!(receipt.counts, Counts::CameBack);
        let bands = Bands::embedded();
        let contents = Contents::new(&graph, &bands);
        let traced = Traced::new(&contents, &back, "Nd".parse().unwrap());
        let doubt = portfolio.doubt(&contents, receipt, &traced, &portfolio.all_receipts(&graph));
        assert_eq!(doubt * 100 / ONE, 60);
    }

    #[test]
    fn a_withdrawn_receipt_does_not_count() {
        use crate::model::evidence::WithdrawReason;
        let mut world = World::new();
        let metal = world.intake("plant", vec![lot("metal.Nd", 5)], Vec::new());
        world.withdraw("plant", metal, WithdrawReason::EntryError);
        assert_eq!(received(&world, "plant"), []);
    }

    #[test]
    fn a_share_of_many_lots_encloses_what_each_mass_allows() {
        let mut tally = Tally::default();
        let between = |low, high| Interval { low: kg(low), high: kg(high) };
        fn kg(kg: u64) -> u128 {
            Interval::exact(mass(kg)).low
        }
        tally.add(between(60, 70), 0, Share::ALL, Share::NONE);
        tally.add(between(30, 40), 0, Share::NONE, Share::ALL);
        let share = tally.share();
        assert_eq!((share.low * 100 / ONE, share.high * 100 / ONE), (60, 70));
        // What may not count makes neither part any surer.
        tally.add(between(50, 50), ONE, Share::NONE, Share::ALL);
        assert_eq!((tally.share().low * 100 / ONE, tally.share().high * 100 / ONE), (40, 70));
        tally.add(Interval::OPEN, 0, Share::ALL, Share::NONE);
        assert_eq!(tally.share().high, ONE);
        assert_eq!(Tally::default().share(), Share::NONE);
    }

    fn mass(kg: u64) -> crate::model::mass::Mass {
        crate::model::mass::Mass::from_mg(kg * 1_000_000)
    }
}
