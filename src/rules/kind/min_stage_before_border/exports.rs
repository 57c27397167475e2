//! Everything that any party let out of a country, and how much of it had gone by the time that one lot left.
//!
//! What left before counts before: a lot is held against what had gone by then, and not against what others, or its
//! own sender, let out later. Each end of a sum counts what it must: the lower what surely went earlier, the upper what
//! may have gone as early.

use std::collections::{BTreeSet, HashMap};

use super::Query;
use super::leaving::{How, Leaving, Leavings, Where, goods, place_of};
use super::passed::{Pass, Sure};
use super::ways::{Declarations, moved, setting_out};
use super::window::Window;
use crate::custody::graph::{self, Graph};
use crate::custody::place::capacity::span;
use crate::custody::withdrawal;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::dealings::Span;
use crate::model::interval::Interval;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::{Carries, Material};
use crate::rules::pack::{Amounts, Applies, applies};

/// The most records that a sum names.
const RECORDS: usize = 20;

/// Something that left, and how much of it.
pub(super) struct Export<'g> {
    pub(super) one: Leaving<'g>,
    /// As it was booked; open above where its mass is withheld.
    mass: Interval,
}

/// Which exports a sum counts.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    /// Of whom; none for everybody.
    pub(super) sender: Option<PartyId>,
    /// From where; none for everywhere in the country.
    pub(super) facility: Option<RecordId>,
    /// Of which materials; none listed means all that the row is about.
    pub(super) materials: &'a [Material],
    /// First day that may count.
    pub(super) first: Option<Day>,
    /// First day that surely counts; none where no day does.
    pub(super) from: Option<Day>,
    /// Last day that counts.
    pub(super) to: Option<Day>,
    /// In the same span of the calendar as the lot; none for all days.
    pub(super) per: Option<Span>,
}

/// How much had gone.
pub(super) struct Gone {
    pub(super) mass: Interval,
    /// Who let it out.
    pub(super) senders: BTreeSet<PartyId>,
    /// Whether something that would tell more is withheld.
    pub(super) is_kept_back: bool,
    pub(super) records: Vec<RecordId>,
}

/// Gathers what left any country. Linear in what is held.
pub(super) fn all<'g>(graph: &'g Graph) -> Vec<Export<'g>> {
    let declarations = Declarations::of(graph);
    let mut found = Vec::new();
    for record in graph.records().iter().filter(|record| !withdrawal::frees_stretches(graph, record)) {
        let here = place_of(graph, record);
        for (at, input) in graph::inputs(record).iter().enumerate() {
            let Some(creator) = graph.creator(&input.lot) else { continue };
            let lots = goods(graph, record, at, creator, input.lot);
            let set_out = moved(graph, &declarations, (creator, input.lot), (record, here), &lots);
            // Where goods only stopped on their way they did not set out.
            let set_out = set_out.into_iter().filter(|one| one.facility.is_some() || one.from.is_none());
            found.extend(set_out.map(|one| Export { one, mass: Interval::exact(input.mass) }));
        }
        for (lot, value) in graph::outputs(record) {
            let used: u64 = graph.uses(&lot).iter().map(|one| one.mass.mg()).sum();
            let left = match value.mass() {
                Some(mass) if mass.mg() <= used => continue,
                Some(mass) => Interval::exact(Mass::from_mg(mass.mg() - used)),
                None => Interval::OPEN,
            };
            let rest = setting_out(graph, &declarations, lot);
            found.extend(rest.into_iter().map(|one| Export { one, mass: left }));
        }
    }
    found
}

/// Returns how much had gone by the time that `one` left, itself included; `None` where it is no export that is held.
///
/// An export counts if it is in one of `within`; `is_elsewhere` tells whether it may be counted to something else.
pub(super) fn up_to(
    query: &Query<'_, '_>,
    one: &Leaving<'_>,
    within: &[Within<'_>],
    is_elsewhere: impl Fn(&Leaving<'_>) -> bool,
) -> Option<Gone> {
    let mut gone =
        Gone { mass: Interval::ZERO, senders: BTreeSet::new(), is_kept_back: false, records: Vec::new() };
    let mut is_held = false;
    for export in query.exports() {
        let is_it = export.is(one);
        let Some(mut sure) = export.counts(query, is_it) else { continue };
        if !is_it {
            let Some(material) = query.facts.graph.lot(&export.one.lot).map(|lot| &lot.material) else {
                continue;
            };
            let counts = |within: &Within<'_>| within.counts(&export.one, material, &one.days);
            let in_time = within.iter().filter_map(counts).max();
            let in_time = in_time.filter(|_| !is_before(&one.days, &export.one.days));
            let Some(in_time) = in_time else { continue };
            sure = sure && in_time && is_before(&export.one.days, &one.days) && !is_elsewhere(&export.one);
        }
        is_held |= is_it;
        let amount = export.amount(query);
        gone.mass = gone.mass.plus(if sure { amount } else { Interval { low: 0, ..amount } });
        gone.senders.insert(export.one.sender);
        gone.is_kept_back |= export.is_kept_back();
        gone.records.extend(export.one.record_ids());
    }
    gone.records.dedup();
    gone.records.truncate(RECORDS);
    is_held.then_some(gone)
}

/// Returns how surely each lot that is held was mined in the country of a row.
pub(super) fn mined(query: &Query<'_, '_>) -> HashMap<LotRef, Sure> {
    let leavings = Leavings::none();
    let states = Pass::everywhere(query, &leavings);
    states.into_iter().map(|(lot, state)| (lot, state.mined)).collect()
}

impl Export<'_> {
    /// Whether this is how `one` left.
    fn is(&self, one: &Leaving<'_>) -> bool {
        match one.how {
            How::Moved | How::Hidden => self.one.lot == one.lot && self.one.record_ids() == one.record_ids(),
            // The lot asked for may have been sent off since under another name.
            How::Declared | How::OnItsWay => {
                let shares = |goods: &[LotRef], lot| goods.contains(lot);
                shares(&self.one.goods, &one.lot) || shares(&one.goods, &self.one.lot)
            }
            How::Papers | How::Passing => false,
        }
    }

    /// Whether it counts for the row, and then whether it surely does.
    fn counts(&self, query: &Query<'_, '_>, is_it: bool) -> Option<bool> {
        let row = query.row;
        let may_be_of = match self.one.from {
            Some(from) => from == row.country,
            None => self.one.to != Some(row.country),
        };
        let material = &query.facts.graph.lot(&self.one.lot)?.material;
        let is_listed = applies(&row.materials, material);
        let carries = query.carries(&self.one.lot);
        if !may_be_of || is_listed == Applies::No || carries == Carries::No {
            return None;
        }
        if is_it {
            // What is open about the lot itself is told of it.
            return Some(true);
        }
        let mined = if row.transit { Sure::Yes } else { query.mined(&self.one.lot) };
        let has_left = matches!(self.one.how, How::Moved | How::Declared);
        match mined {
            Sure::No => None,
            Sure::Maybe => Some(false),
            Sure::Yes => Some(has_left && is_listed == Applies::Yes && carries == Carries::Yes),
        }
    }

    /// Returns how much it counts for: of goods or of the elements, and what both readings leave open.
    fn amount(&self, query: &Query<'_, '_>) -> Interval {
        let content = |element: &crate::model::element::Element| {
            self.mass.times(query.facts.contents().of(&self.one.lot, *element).share)
        };
        let of_elements = || query.row.elements.iter().map(content).sum::<Interval>();
        match query.row.amounts_of {
            Some(Amounts::Goods) => self.mass,
            Some(Amounts::Elements) => of_elements(),
            None => Interval { low: of_elements().low.min(self.mass.low), high: self.mass.high },
        }
    }

    fn is_kept_back(&self) -> bool {
        self.mass.is_open()
            || self.one.days.hidden_by.is_some()
            || matches!(self.one.hidden, Some(Where::Withheld(_)))
    }
}

impl Within<'_> {
    /// Whether something that left counts beside a lot that left on `days`, and then whether it surely does.
    fn counts(&self, other: &Leaving<'_>, material: &Material, days: &Window) -> Option<bool> {
        let covers = match self.materials.is_empty() {
            true => Applies::Yes,
            false => applies(self.materials, material),
        };
        let is_of = self.sender.is_none_or(|sender| sender == other.sender);
        // Of others, what may not have left this country at all says nothing.
        let is_told = self.sender.is_some() || other.from.is_some();
        let is_from = self.facility.is_none_or(|facility| other.facility.is_none_or(|from| from == facility));
        let is_early = matches!((other.days.last, self.first), (Some(last), Some(first)) if last < first);
        let is_late = matches!((other.days.first, self.to), (Some(first), Some(to)) if to < first);
        let is_of_span = self.per.map_or(Some(true), |per| same_span(&other.days, days, per));
        if covers == Applies::No || !is_of || !is_told || !is_from || is_early || is_late {
            return None;
        }
        let begun = matches!((other.days.first, self.from), (Some(first), Some(from)) if from <= first);
        let ended = self.to.is_none_or(|to| other.days.last.is_some_and(|last| last <= to));
        let place = self.facility.is_none() || other.facility == self.facility;
        Some(covers == Applies::Yes && begun && ended && place && is_of_span?)
    }
}

fn is_before(one: &Window, other: &Window) -> bool {
    matches!((one.last, other.first), (Some(last), Some(first)) if last < first)
}

/// Whether two things left in one span of the calendar: `None` where they did not, false where they may have.
fn same_span(one: &Window, other: &Window, per: Span) -> Option<bool> {
    let of = |days: &Window| (days.first.map(|day| span(day, per)), days.last.map(|day| span(day, per)));
    let ((first, last), (of_first, of_last)) = (of(one), of(other));
    let ends_first = |last: Option<i32>, first: Option<i32>| matches!((last, first), (Some(last), Some(first)) if last < first);
    if ends_first(last, of_first) || ends_first(of_last, first) {
        return None;
    }
    let all = [first, last, of_first, of_last];
    Some(first.is_some() && all.iter().all(|at| *at == first))
}
