//! The arithmetic of one account: which claims its credits cover, and what is left at the end of each period.
//!
//! Days count before the order of the chain, and a credit counts on its day. Of the credits that may be used the one
//! that expires first is used first, which covers as much as any order can. A claim that is not covered is owed: what
//! comes in later pays it before anything else.

use std::collections::BTreeMap;

use crate::model::day::Day;

/// Parts per billion in a whole.
const WHOLE: u128 = 1_000_000_000;

/// What may be claimed from a day on, in billionths of a milligram.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// First day it counts.
    pub from: Day,
    /// Last day it may be used, if it expires.
    pub expires: Option<Day>,
    /// How much.
    pub amount: u128,
}

/// What is claimed on a day, in billionths of a milligram.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The day.
    pub day: Day,
    /// How much.
    pub amount: u128,
}

/// What comes of one account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// For each claim how much of it, and of what was owed before it, is not covered on its day.
    pub uncovered: Vec<u128>,
    /// For each end asked for what may be claimed on the day after it.
    pub left: Vec<u128>,
}

/// Returns what `mg` milligrams of credit are worth by `factor_ppb`, in billionths of a milligram.
pub fn worth(mg: u64, factor_ppb: u32) -> u128 {
    u128::from(mg) * u128::from(factor_ppb)
}

/// Returns milligrams in full, in billionths of a milligram.
pub fn full(mg: u64) -> u128 {
    u128::from(mg) * WHOLE
}

/// Returns an amount in milligrams, rounded down.
pub fn to_mg(amount: u128) -> u128 {
    amount / WHOLE
}

/// Plays `claims`, in the order of the chain, against `entries`; `ends` are last days of periods.
pub fn play(entries: &[Entry], claims: &[Claim], ends: &[Day]) -> Outcome {
    let mut entries: Vec<Entry> = entries.to_vec();
    entries.sort_by_key(|entry| entry.from);
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|at| claims[*at].day);
    let mut last_days: Vec<usize> = (0..ends.len()).collect();
    last_days.sort_by_key(|at| ends[*at]);
    let mut outcome = Outcome { uncovered: vec![0; claims.len()], left: vec![0; ends.len()] };
    let mut pot = Pot { coming: entries.into_iter().peekable(), usable: BTreeMap::new(), came: 0, owed: 0 };
    let mut closing = last_days.into_iter().peekable();
    for at in order {
        while let Some(end) = closing.next_if(|end| ends[*end] < claims[at].day) {
            outcome.left[end] = pot.left_after(ends[end]);
        }
        outcome.uncovered[at] = pot.claim(claims[at]);
    }
    for end in closing {
        outcome.left[end] = pot.left_after(ends[end]);
    }
    outcome
}

/// What may be used, by the last day and in the order it came.
struct Pot {
    coming: std::iter::Peekable<std::vec::IntoIter<Entry>>,
    usable: BTreeMap<(Option<Day>, usize), u128>,
    /// How many came, to tell those of one last day apart.
    came: usize,
    owed: u128,
}

impl Pot {
    fn claim(&mut self, claim: Claim) -> u128 {
        self.on(claim.day);
        self.owed = self.owed.saturating_add(claim.amount);
        self.pay();
        self.owed
    }

    /// Takes in what counts by `day`, pays what is owed, and drops what expired before it.
    fn on(&mut self, day: Day) {
        while let Some(entry) = self.coming.next_if(|entry| entry.from <= day) {
            self.came += 1;
            // What comes while something is owed pays on its own day, if it is good then.
            if entry.expires.is_none_or(|expires| expires >= entry.from) {
                self.usable.insert((entry.expires, self.came), entry.amount);
                self.pay();
            }
        }
        self.usable.retain(|(expires, _), _| expires.is_none_or(|expires| expires >= day));
    }

    fn pay(&mut self) {
        // Credits that never expire stand first by their key, and are used last.
        let expiring: Vec<(Option<Day>, usize)> = self.usable.keys().copied().collect();
        let (never, expiring): (Vec<_>, Vec<_>) = expiring.into_iter().partition(|(day, _)| day.is_none());
        for key in expiring.into_iter().chain(never) {
            if self.owed == 0 {
                break;
            }
            let amount = self.usable.get_mut(&key).expect("a key of this map");
            let paid = self.owed.min(*amount);
            self.owed -= paid;
            *amount -= paid;
            if *amount == 0 {
                self.usable.remove(&key);
            }
        }
    }

    fn left_after(&mut self, end: Day) -> u128 {
        self.on(end);
        let next = end.plus_days(1);
        let good =
            self.usable.iter().filter(|((expires, _), _)| expires.is_none_or(|expires| expires >= next));
        good.map(|(_, amount)| *amount).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn entry(from: &str, expires: Option<&str>, mg: u64) -> Entry {
        Entry { from: day(from), expires: expires.map(day), amount: full(mg) }
    }

    fn claim(on: &str, mg: u64) -> Claim {
        Claim { day: day(on), amount: full(mg) }
    }

    fn uncovered(entries: &[Entry], claims: &[Claim]) -> Vec<u128> {
        play(entries, claims, &[]).uncovered.into_iter().map(to_mg).collect()
    }

    #[test]
    fn claims_pass_up_to_the_last_milligram_and_fail_from_the_next_on() {
        let entries = [entry("2015-01-01", None, 100)];
        let claims = [claim("2015-02-01", 60), claim("2015-03-01", 40), claim("2015-03-02", 1)];
        assert_eq!(uncovered(&entries, &claims), [0, 0, 1]);
    }

    #[test]
    fn the_order_is_that_of_days_then_of_the_chain() {
        let entries = [entry("2015-01-01", None, 100)];
        let claims = [claim("2015-03-01", 60), claim("2015-02-01", 60), claim("2015-02-01", 40)];
        assert_eq!(uncovered(&entries, &claims), [60, 0, 0]);
    }

    #[test]
    fn a_credit_counts_on_its_day_and_not_the_day_before() {
        let entries = [entry("2015-02-01", None, 10)];
        assert_eq!(uncovered(&entries, &[claim("2015-02-01", 10)]), [0]);
        assert_eq!(uncovered(&entries, &[claim("2015-01-31", 10)]), [10]);
    }

    #[test]
    fn a_credit_is_good_on_its_last_day_and_not_after() {
        let entries = [entry("2015-01-01", Some("2015-03-31"), 10)];
        assert_eq!(uncovered(&entries, &[claim("2015-03-31", 10)]), [0]);
        assert_eq!(uncovered(&entries, &[claim("2015-04-01", 10)]), [10]);
    }

    #[test]
    fn what_expires_first_is_used_first() {
        let entries = [entry("2015-01-01", None, 10), entry("2015-01-01", Some("2015-01-31"), 10)];
        let claims = [claim("2015-01-15", 10), claim("2015-02-15", 10)];
        assert_eq!(uncovered(&entries, &claims), [0, 0]);
    }

    #[test]
    fn what_is_owed_is_paid_before_the_next_claim() {
        let entries = [entry("2015-01-01", None, 10), entry("2015-02-01", None, 10)];
        let claims = [claim("2015-01-02", 15), claim("2015-02-02", 6), claim("2015-02-03", 1)];
        assert_eq!(uncovered(&entries, &claims), [5, 1, 2]);
        let twin = [claim("2015-01-02", 15), claim("2015-02-02", 5)];
        assert_eq!(uncovered(&entries, &twin), [5, 0]);
    }

    #[test]
    fn what_is_left_is_good_on_the_day_after() {
        let entries =
            [entry("2015-01-01", Some("2015-03-31"), 10), entry("2015-01-01", Some("2015-04-01"), 5)];
        let outcome = play(&entries, &[claim("2015-02-01", 4)], &[day("2015-01-31"), day("2015-03-31")]);
        assert_eq!(outcome.left.into_iter().map(to_mg).collect::<Vec<_>>(), [15, 5]);
    }
}
