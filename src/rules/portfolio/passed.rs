//! Shares of an element, over many lots, by where it passed some stages.
//!
//! For each lot: what surely and at most passed in each group of places, what passed where nobody tells, what may have
//! passed, and what did not. A place on weaker evidence than asked for speaks against, never for.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::Holding;
use crate::custody::graph::Graph;
use crate::custody::touch::{GapWhy, Grade, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::interval::{Interval, ONE, Share};
use crate::model::stage::{Process, Stage};
use crate::origin::portfolio::Tally;
use crate::rules::implied::Makes;
use crate::rules::kind::needs::Least;
use crate::rules::open;

/// The most records that one group names.
pub(super) const RECORDS: usize = 20;

/// Of what a share is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::rules) enum Counting {
    /// Of what passed the stages.
    WhatPassed,
    /// Of all that was received.
    All,
}

/// Which steps are looked at.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Asked<'q> {
    pub(in crate::rules) stages: &'q [Stage],
    pub(in crate::rules) processes: &'q [Process],
    /// Weakest evidence that speaks for something.
    pub(in crate::rules) evidence: Least,
    pub(in crate::rules) counting: Counting,
}

/// What passed some stages, by group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passed<G> {
    /// The groups, largest first.
    pub groups: Vec<GroupShare<G>>,
    /// What passed where nobody tells, or may have passed.
    pub unknown: Share,
    /// The mass that passed, or may have.
    pub mass: Interval,
    /// The mass that did not, by the records.
    pub not_passed: Interval,
    /// Whether something that could tell more is withheld.
    pub is_kept_back: bool,
}

/// One group and its share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupShare<G> {
    /// The group.
    pub group: G,
    /// From the least that some evidence shows to the most that is possible, what is unknown included.
    pub share: Share,
    /// At least so much on the evidence asked for.
    pub sure: u128,
    /// Its mass, what is unknown left out.
    pub mass: Interval,
    /// The weakest evidence it rests on.
    pub grade: Grade,
    /// Records it rests on, at most 20.
    pub records: Vec<RecordId>,
}

/// What is known of one lot.
struct OfLot<G> {
    mass: Interval,
    doubt: u128,
    groups: BTreeMap<G, OfGroup>,
    /// Passed in places that are told.
    told: u128,
    /// At most so much passed in places that are not.
    open: u128,
    /// May have passed, and nobody tells.
    unknown: Share,
    /// Did not pass.
    not: Share,
    is_kept_back: bool,
}

/// What went through some stages in some places, of one lot.
pub(super) struct Here {
    /// At least so much on the evidence asked for.
    pub(super) sure: u128,
    /// At least so much that some evidence shows.
    pub(super) stated: u128,
    /// At most so much, whatever is not told.
    pub(super) most: u128,
    pub(super) is_kept_back: bool,
    pub(super) records: Vec<RecordId>,
}

struct OfGroup {
    share: Share,
    sure: u128,
    grade: Grade,
    records: Vec<RecordId>,
}

impl<G> Passed<G> {
    /// Whether any of it passed, or may have.
    pub fn is_passed(&self) -> bool {
        !self.groups.is_empty() || self.unknown.high > 0
    }
}

impl Asked<'_> {
    pub(super) fn is_step(&self, touch: &Touch) -> bool {
        self.stages.contains(&touch.step.stage) || self.processes.contains(&touch.step.process)
    }

    /// Returns what is known of one lot where `is_there` alone tells steps apart.
    pub(super) fn here(
        &self,
        graph: &Graph,
        makes: &Makes,
        holding: &Holding,
        is_there: &impl Fn(&Touch) -> Option<bool>,
    ) -> Here {
        let mut lot = self.of_lot(graph, makes, holding, is_there);
        let here = lot.groups.remove(&true);
        let share = here.as_ref().map_or(Share::NONE, |one| one.share);
        let most = share.high.saturating_add(lot.open).saturating_add(lot.unknown.high);
        Here {
            sure: here.as_ref().map_or(0, |one| one.sure),
            stated: share.low,
            most: most.min(ONE - lot.not.low),
            is_kept_back: lot.is_kept_back,
            records: here.map(|one| one.records).unwrap_or_default(),
        }
    }

    /// Adds up all lots; `group` tells the group of a step, none where that is not told.
    pub(in crate::rules) fn over<G: Ord + Clone>(
        &self,
        graph: &Graph,
        makes: &Makes,
        holdings: &[Holding],
        group: impl Fn(&Touch) -> Option<G>,
    ) -> Passed<G> {
        let lots: Vec<OfLot<G>> =
            holdings.iter().map(|holding| self.of_lot(graph, makes, holding, &group)).collect();
        let names: BTreeSet<&G> = lots.iter().flat_map(|lot| lot.groups.keys()).collect();
        let mut groups: Vec<GroupShare<G>> =
            names.into_iter().map(|name| self.of_group(name, &lots)).collect();
        groups.sort_by_key(|one| std::cmp::Reverse((one.share.high, one.share.low)));
        let mut unknown = Tally::default();
        let (mut mass, mut not_passed) = (Interval::ZERO, Interval::ZERO);
        for lot in &lots {
            let not = if self.counting == Counting::All { 0 } else { lot.not.low };
            let also = lot.not.low - not;
            let part = Share {
                low: lot.unknown.low,
                high: lot.unknown.high.saturating_add(lot.open).min(ONE - lot.not.low),
            };
            let rest = Share {
                low: (lot.told.saturating_sub(lot.open) + also).min(ONE),
                high: ONE.saturating_sub(lot.unknown.low + not),
            };
            unknown.add(lot.mass, lot.doubt, part, rest);
            let passed = Share { low: lot.told.saturating_sub(lot.doubt), high: ONE - lot.not.low };
            mass = mass.plus(lot.mass.times(passed));
            let not = Share { low: lot.not.low.saturating_sub(lot.doubt), high: lot.not.high };
            not_passed = not_passed.plus(lot.mass.times(not));
        }
        let is_kept_back = lots.iter().any(|lot| lot.is_kept_back);
        Passed { groups, unknown: unknown.share(), mass, not_passed, is_kept_back }
    }

    fn of_group<G: Ord + Clone>(&self, name: &G, lots: &[OfLot<G>]) -> GroupShare<G> {
        let (mut shown, mut sure) = (Tally::default(), Tally::default());
        let (mut mass, mut grade) = (Interval::ZERO, Grade::Signed);
        let mut records = Vec::new();
        for lot in lots {
            let here = lot.groups.get(name);
            let share = here.map_or(Share::NONE, |one| one.share);
            let (not, also) = match self.counting {
                Counting::All => (0, lot.not.low),
                Counting::WhatPassed => (lot.not.low, 0),
            };
            let most = share.high.saturating_add(lot.open).saturating_add(lot.unknown.high);
            let elsewhere = lot.told.saturating_sub(share.high).saturating_sub(lot.open);
            let tally = |sum: &mut Tally, low: u128| {
                let part = Share { low, high: most.min(ONE - lot.not.low) };
                let rest = Share { low: (elsewhere + also).min(ONE), high: ONE.saturating_sub(low + not) };
                sum.add(lot.mass, lot.doubt, part, rest);
            };
            tally(&mut shown, share.low);
            tally(&mut sure, here.map_or(0, |one| one.sure));
            if let Some(one) = here {
                let counted = Share { low: share.low.saturating_sub(lot.doubt), high: share.high };
                mass = mass.plus(lot.mass.times(counted));
                grade = grade.max(one.grade);
                records.extend(
                    one.records.iter().filter(|id| !records.contains(*id)).copied().collect::<Vec<_>>(),
                );
            }
        }
        records.truncate(RECORDS);
        let (share, sure) = (shown.share(), sure.share().low);
        GroupShare { group: name.clone(), share, sure, mass, grade, records }
    }

    fn of_lot<G: Ord + Clone>(
        &self,
        graph: &Graph,
        makes: &Makes,
        holding: &Holding,
        group: &impl Fn(&Touch) -> Option<G>,
    ) -> OfLot<G> {
        let traced = &holding.traced;
        let placed = |touch: &Touch| group(touch).filter(|_| Least::Stated.allows(touch.grade));
        let is_told = |touch: &Touch| {
            self.is_step(touch) && placed(touch).is_some() && self.evidence.allows(touch.grade)
        };
        let mut grades: BTreeMap<G, Grade> = BTreeMap::new();
        let (mut has_open, mut has_step, mut is_kept_back) = (false, false, false);
        for touch in traced.touches().filter(|touch| self.is_step(touch)) {
            has_step = true;
            has_open |= !is_told(touch);
            is_kept_back |= matches!(touch.place, TouchPlace::Withheld { .. });
            if let Some(name) = placed(touch) {
                let weakest = grades.entry(name).or_insert(touch.grade);
                *weakest = touch.grade.max(*weakest);
            }
        }
        let of_group = |(name, grade): (G, Grade)| {
            let is_here = |touch: &Touch| self.is_step(touch) && placed(touch).as_ref() == Some(&name);
            let through = traced.through(is_here);
            let sure = match self.evidence.allows(grade) {
                true => through.share.low,
                false => traced.share(|touch| is_here(touch) && is_told(touch)).low,
            };
            (name, OfGroup { share: through.share, sure, grade, records: through.records })
        };
        let groups: BTreeMap<G, OfGroup> = grades.into_iter().map(of_group).collect();
        let told = if has_step { traced.share(is_told).low } else { 0 };
        let open = match has_open {
            true => traced.share(|touch| self.is_step(touch) && !is_told(touch)).high,
            false => 0,
        };
        // A stage that the form implies and that nothing places was passed where nobody tells.
        let silent: Vec<RecordId> = holding
            .missing
            .iter()
            .filter(|(_, stages)| stages.iter().any(|stage| self.stages.contains(stage)))
            .map(|(record, _)| *record)
            .collect();
        let is_silent = |touch: &Touch| silent.contains(&touch.record);
        let without = traced.without(|touch| self.is_step(touch) || is_silent(touch));
        let may = |why: &crate::custody::touch::Gap| {
            !self.processes.is_empty() || open::may_lie_behind_in(graph, makes, why, self.stages)
        };
        let gain = traced.gain();
        let (mut unknown, mut not) = (Share::NONE, without.told);
        let mut all_may = true;
        for (share, gap) in &without.gaps {
            if may(gap) {
                unknown = plus(unknown, *share);
                is_kept_back |= matches!(gap.why, GapWhy::InputsWithheld { .. });
            } else {
                not = plus(not, *share);
                all_may = false;
            }
        }
        unknown = if all_may { without.unknown } else { plus(unknown, gain) };
        if !silent.is_empty() {
            let silent_share = traced.share(|touch| is_silent(touch) && !self.is_step(touch));
            unknown = plus(unknown, Share { low: 0, high: silent_share.high });
            // What left the stage out may itself have no step on it at all.
            let touched: BTreeSet<RecordId> = traced.touches().map(|touch| touch.record).collect();
            let in_gap: BTreeSet<RecordId> = without.gaps.iter().filter_map(|(_, gap)| gap.record).collect();
            // Of what is attested the part that left the stage out is not told.
            let is_attested = |record: &RecordId| {
                graph.record(record).is_some_and(|record| matches!(record.event.body, Body::Attest(_)))
            };
            let is_bare = |record: &RecordId| !touched.contains(record) && !in_gap.contains(record);
            if silent.iter().any(|record| is_bare(record) || is_attested(record)) {
                unknown = Share { low: 0, high: ONE };
                not.low = 0;
            }
        }
        let not = Share { low: not.low.min(ONE), high: not.high.min(ONE) };
        OfLot {
            mass: holding.mass,
            doubt: holding.doubt,
            groups,
            told,
            open,
            unknown: Share { low: unknown.low.min(ONE - not.low), high: unknown.high.min(ONE) },
            not,
            is_kept_back,
        }
    }
}

fn plus(one: Share, other: Share) -> Share {
    Share {
        low: one.low.saturating_add(other.low).min(ONE),
        high: one.high.saturating_add(other.high).min(ONE),
    }
}
