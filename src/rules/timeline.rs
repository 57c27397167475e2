//! The timeline: what the rules say on the day asked for, and on both sides of every known change of text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::as_of::AsOf;
use super::facts::Facts;
use super::judge::{Input, judge_facts};
use super::pack::Pack;
use super::verdict::{ReasonCode, RuleVerdict};
use crate::model::day::Day;
use crate::model::verdict::Verdict;

/// Verdicts by day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Timeline {
    /// The days, ascending.
    pub points: Vec<TimelinePoint>,
}

/// All verdicts for one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TimelinePoint {
    /// The day.
    pub as_of: Day,
    /// Why the day is listed.
    pub why: Vec<String>,
    /// The worst verdict.
    pub verdict: Verdict,
    /// One verdict for each rule of each pack.
    pub rules: Vec<RuleVerdict>,
}

impl Timeline {
    /// Returns what each pack says on the day that is asked for it.
    pub fn asked(&self, packs: &[Pack], asked: AsOf<'_>) -> Vec<RuleVerdict> {
        let of_pack = |pack: &Pack| {
            let point = self.points.iter().find(|point| point.as_of == asked.of(pack));
            let rules = point.map(|point| point.rules.as_slice()).unwrap_or_default();
            rules.iter().filter(|rule| rule.pack_hash == pack.hash).cloned().collect::<Vec<_>>()
        };
        packs.iter().flat_map(of_pack).collect()
    }
}

/// Returns the days on both sides of every change of text in `packs`, ascending, with what changes.
///
/// A text from 2027-01-01 on gives 2026-12-31 and 2027-01-01.
pub fn text_changes(packs: &[Pack]) -> BTreeMap<Day, Vec<String>> {
    let mut days: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    let mut add = |day: Day, why: String| {
        let whys = days.entry(day).or_default();
        if !whys.contains(&why) {
            whys.push(why);
        }
    };
    for pack in packs {
        for rule in &pack.file.rules {
            let (from, to) = pack.effective(rule);
            let name = format!("{} {}", pack.file.id, rule.id);
            if let Some(from) = from {
                add(from.plus_days(-1), format!("last day before {name}"));
                add(from, format!("first day of {name}"));
            }
            if let Some(to) = to {
                add(to, format!("last day of {name}"));
                add(to.plus_days(1), format!("first day after {name}"));
            }
        }
    }
    days
}

/// Judges a lot by `packs` on the day of `input` and on both sides of every change of their texts.
pub fn timeline(packs: &[Pack], input: &Input<'_>, disabled: &BTreeSet<ReasonCode>) -> Timeline {
    let facts = Facts::new(input);
    of(packs, input.as_of, |as_of| {
        packs.iter().flat_map(|pack| judge_facts(pack, input, &facts, as_of, disabled)).collect()
    })
}

/// Judges by `rules_on` on the day asked for, on that of each pack, and on both sides of every change of text.
pub(super) fn of(packs: &[Pack], asked: AsOf<'_>, rules_on: impl Fn(Day) -> Vec<RuleVerdict>) -> Timeline {
    let mut days = text_changes(packs);
    for pack in packs {
        let (day, kind) = (asked.of(pack), pack.file.as_of_kind);
        if day != asked.day {
            let why = format!("the day of `{kind}` in the case file");
            let whys = days.entry(day).or_default();
            if !whys.contains(&why) {
                whys.push(why);
            }
        }
    }
    days.entry(asked.day).or_default().insert(0, "the day asked for".to_owned());
    let points = days.into_iter().map(|(as_of, why)| {
        let rules = rules_on(as_of);
        let verdict = Verdict::worst(rules.iter().map(|rule| rule.verdict));
        TimelinePoint { as_of, why, verdict, rules }
    });
    Timeline { points: points.collect() }
}
