//! A facility over a period: what stood there, came in, went out, was lost and stands there still, element by element.
//!
//! What is done inside counts nowhere: whatever the steps are called, no more of an element can leave than was there and
//! came in. Records are sorted into a period by their last days. Spec: docs/balance.md, "A plant".

pub mod findings;
mod flows;
mod stock;

use std::collections::{BTreeMap, BTreeSet};

pub use flows::plants;

use super::content::{Contents, Known};
use super::reasons::Rests;
use super::sides::{Sides, Source, Sum};
use crate::custody::accounts::Account;
use crate::hash::RecordId;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::lot::{Input, Loss};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// What held records say of one facility.
pub struct Plant<'g> {
    /// The facility, by the record that declares it.
    pub facility: RecordId,
    /// What came in, went out and was lost, in the order of their days; what has none comes first.
    flows: Vec<Flow<'g>>,
    /// Lots that stand or stood there.
    stands: Vec<Stand>,
    circuits: Vec<&'g Account>,
    /// Elements of which somebody determined a share in what came in or went out.
    elements: BTreeSet<Element>,
    /// Whether something is made, packed or drawn there.
    pub is_worked: bool,
    /// Whether a record withholds which lots it used.
    hides_inputs: bool,
}

/// Something that crosses the bounds of a facility.
struct Flow<'g> {
    day: Option<Day>,
    record: &'g Record,
    what: What<'g>,
    /// Whether it may have happened inside after all.
    is_perhaps: bool,
}

#[derive(Clone, Copy)]
enum What<'g> {
    /// A lot comes in whole, as weighed there.
    Lot(LotRef),
    /// A stretch of a lot that was elsewhere is used there.
    Brought(Input),
    /// What joins a step or a circuit without having been a lot.
    Additions,
    /// Inputs that are withheld may come from elsewhere.
    HiddenInputs,
    /// A stretch leaves.
    Out(Input),
    /// A handover withholds what leaves.
    HiddenOut,
    /// A loss, with its number in the record.
    Lost(&'g Loss, u32),
    /// The losses are withheld.
    HiddenLosses,
}

/// A lot at a facility, and when how much of it was used.
struct Stand {
    lot: LotRef,
    /// None where it is withheld.
    mass: Option<Mass>,
    made: Option<Day>,
    uses: Vec<(Option<Day>, Mass)>,
}

impl<'g> Plant<'g> {
    /// Returns the elements that can be balanced.
    pub fn elements(&self) -> impl Iterator<Item = Element> + '_ {
        self.elements.iter().copied()
    }

    /// Returns the first and last day on which something came in, was made, went out or was lost.
    pub fn days(&self) -> Option<(Day, Day)> {
        let all = || self.flows.iter().map(|flow| flow.day).chain(self.stands.iter().map(|stand| stand.made));
        Some((all().flatten().min()?, all().flatten().max()?))
    }

    /// Returns the records by which something came in, went out or was lost in a period; all of them without one.
    pub fn records(&self, period: Option<Period>) -> Vec<&'g Record> {
        let mut seen: BTreeSet<RecordId> = BTreeSet::new();
        let inside = self.flows.iter().filter(|flow| Self::lies(flow, period));
        inside.map(|flow| flow.record).filter(|record| seen.insert(record.id)).collect()
    }

    fn lies(flow: &Flow<'_>, period: Option<Period>) -> bool {
        period.is_none_or(|period| flow.day.is_none_or(|day| period.contains(day)))
    }

    /// Returns the sides of an element over a period, or over everything that is held without one.
    pub fn over(&self, contents: &Contents<'_>, element: Element, period: Option<Period>) -> Sides {
        let mut sides = Sides::default();
        if let Some(period) = period {
            self.standing(contents, element, &mut sides.opening, Some(period.first.plus_days(-1)));
        }
        self.standing(contents, element, &mut sides.closing, period.map(|period| period.last));
        for account in &self.circuits {
            let before = period.map(|period| period.first.plus_days(-1));
            sides.opening.include(&match before {
                Some(day) => stock::on(contents, account, element, Some(day)),
                None => stock::at_first(contents, account, element),
            });
            let last = period.map(|period| period.last);
            sides.closing.include(&stock::on(contents, account, element, last));
        }
        for flow in self.flows.iter().filter(|flow| Self::lies(flow, period)) {
            let mut part = Sum::default();
            let side = flow.add_to(contents, element, &mut part, &mut sides);
            let is_dated = period.is_none() || flow.day.is_some();
            side.include(&if is_dated && !flow.is_perhaps { part } else { part.at_most() });
        }
        if let Some(period) = period {
            self.used_before(contents, element, period.last, &mut sides.input);
        }
        if self.hides_inputs {
            sides.closing = std::mem::take(&mut sides.closing).at_most();
        }
        sides
    }

    /// Adds what is left of each lot at the end of a day, or of everything that is held.
    fn standing(&self, contents: &Contents<'_>, element: Element, sum: &mut Sum, day: Option<Day>) {
        for stand in &self.stands {
            if let (Some(made), Some(day)) = (stand.made, day)
                && made > day
            {
                continue;
            }
            let used = stand.used(day);
            let Some(mass) = stand.mass else {
                if contents.of(&stand.lot, element).share.high > 0 {
                    sum.add_hidden(Known::Withheld);
                }
                continue;
            };
            let left = mass.saturating_sub(used);
            if left == Mass::ZERO {
                continue;
            }
            let mut part = Sum::default();
            let rest = Input { lot: stand.lot, from: used, mass: left, empties: false };
            part.add_stretch(contents, &rest, element);
            let is_sure =
                day.is_none() || (stand.made.is_some() && stand.uses.iter().all(|(when, _)| when.is_some()));
            sum.include(&if is_sure { part } else { part.at_most() });
        }
    }

    /// Adds what was used by a day of lots that were made after it: their dates contradict, and nobody is accused of it.
    fn used_before(&self, contents: &Contents<'_>, element: Element, day: Day, sum: &mut Sum) {
        for stand in self.stands.iter().filter(|stand| stand.made.is_some_and(|made| made > day)) {
            for (when, mass) in &stand.uses {
                if when.is_some_and(|when| when <= day) {
                    let mut part = Sum::default();
                    let used = Input { lot: stand.lot, from: Mass::ZERO, mass: *mass, empties: false };
                    part.add_stretch(contents, &used, element);
                    sum.include(&part.at_most());
                }
            }
        }
    }

    /// Returns the lots that left in a period and may hold an element, and those that stand there after it.
    fn lots(&self, contents: &Contents<'_>, element: Element, period: Option<Period>) -> Vec<LotRef> {
        let mut lots: Vec<LotRef> = Vec::new();
        let mut seen: BTreeSet<LotRef> = BTreeSet::new();
        let holds = |lot: &LotRef| contents.of(lot, element).share.high > 0;
        for flow in self.flows.iter().filter(|flow| Self::lies(flow, period)) {
            if let What::Out(input) = flow.what
                && holds(&input.lot)
                && seen.insert(input.lot)
            {
                lots.push(input.lot);
            }
        }
        let last = period.map(|period| period.last);
        for stand in &self.stands {
            let is_made = last.is_none_or(|last| stand.made.is_none_or(|made| made <= last));
            let is_left = stand.mass.is_none_or(|mass| mass > stand.used(last));
            if is_made && is_left && holds(&stand.lot) && seen.insert(stand.lot) {
                lots.push(stand.lot);
            }
        }
        lots
    }
}

impl<'g> Plant<'g> {
    /// Returns how much each record matters for a gain: without one by which something came in or was there anything may
    /// have been, and of what left or stands there still the least counts.
    fn weights(&self, contents: &Contents<'_>, element: Element, period: Option<Period>) -> Vec<Rests> {
        let mut weights: Vec<Rests> = Vec::new();
        for flow in self.flows.iter().filter(|flow| Self::lies(flow, period)) {
            let mut part = Sum::default();
            flow.add_to(contents, element, &mut part, &mut Sides::default());
            if part.mass.high > 0 {
                let weight = if flow.what.comes_in() { u128::MAX } else { part.mass.low };
                weights.push((weight, vec![flow.record.id]));
            }
        }
        let (before, last) = (period.map(|one| one.first.plus_days(-1)), period.map(|one| one.last));
        for stand in &self.stands {
            let made = |day: Option<Day>| day.is_none_or(|day| stand.made.is_none_or(|made| made <= day));
            let left = |day: Option<Day>| stand.mass.is_none_or(|mass| mass > stand.used(day));
            if contents.of(&stand.lot, element).share.high == 0 {
                continue;
            }
            if before.is_some() && made(before) && left(before) {
                weights.push((u128::MAX, vec![stand.lot.record]));
            } else if made(last) && left(last) {
                weights.push((contents.in_lot(&stand.lot, element).low, vec![stand.lot.record]));
            }
        }
        for close in self.circuits.iter().flat_map(|account| account.closed(contents.graph())) {
            weights.push((u128::MAX, vec![close.0.id]));
        }
        weights
    }
}

impl What<'_> {
    fn comes_in(&self) -> bool {
        matches!(self, Self::Lot(_) | Self::Brought(_) | Self::Additions | Self::HiddenInputs)
    }
}

impl Stand {
    /// Returns how much was used by the end of a day, or at all.
    fn used(&self, day: Option<Day>) -> Mass {
        let by = |when: &Option<Day>| day.is_none_or(|day| when.is_some_and(|when| when <= day));
        let used = self.uses.iter().filter(|(when, _)| by(when));
        let sum: u128 = used.map(|(_, mass)| u128::from(mass.mg())).sum();
        Mass::from_mg(u64::try_from(sum).unwrap_or(u64::MAX))
    }
}

impl<'g> Flow<'g> {
    /// Adds what flows to `part` and returns the side it belongs to.
    fn add_to<'s>(
        &self,
        contents: &Contents<'_>,
        element: Element,
        part: &mut Sum,
        sides: &'s mut Sides,
    ) -> &'s mut Sum {
        match self.what {
            What::Lot(lot) => part.add_lot(contents, &lot, element),
            What::Brought(input) | What::Out(input) => part.add_stretch(contents, &input, element),
            What::Additions => super::account::add_additions(contents, part, self.record, element),
            What::Lost(loss, at) => {
                part.add_loss(contents, Source::Of(self.record.id, at), loss, element);
            }
            What::HiddenInputs | What::HiddenOut | What::HiddenLosses => part.add_hidden(Known::Withheld),
        }
        match self.what {
            what if what.comes_in() => &mut sides.input,
            What::Out(_) | What::HiddenOut => &mut sides.out,
            _ => &mut sides.lost,
        }
    }
}

/// Returns the balance of every element of a plant over a period.
pub fn balance(
    plant: &Plant<'_>,
    contents: &Contents<'_>,
    period: Option<Period>,
) -> BTreeMap<Element, Sides> {
    plant.elements().map(|element| (element, plant.over(contents, element, period))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::bands::Bands;
    use crate::balance::sides::Outcome;
    use crate::custody::testing::*;
    use crate::model::element::ElementSet;
    use crate::model::evidence::{Method, Mixing};
    use crate::model::fraction::Fraction;
    use crate::model::interval::Interval;
    use crate::model::lot::{Component, Determined, Lot};
    use crate::model::maybe::Maybe;
    use crate::model::uncertainty::Uncertainty;

    /// A lot that is half neodymium, known to a billionth.
    fn half(material: &str, mass: u64) -> Lot {
        let line = Component {
            elements: ElementSet::from(nd()),
            value: Determined::Measured(Fraction::from_ppb(500_000_000)),
            basis: "element".parse().unwrap(),
            uncertainty: Uncertainty { random: Fraction::from_ppb(1), bias: Fraction::ZERO },
            method: Method::IcpOes,
        };
        Lot { composition: Maybe::Shown(vec![line]), ..lot(material, mass) }
    }

    fn nd() -> Element {
        "Nd".parse().unwrap()
    }

    /// Neodymium of the plant over a period: opening, in, out, lost, closing, to the gram.
    fn sides(world: &World, facility: RecordId, period: Option<&str>) -> [Option<u64>; 5] {
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let plants = plants(&contents);
        let sides = plants[&facility].over(&contents, nd(), period.map(|one| one.parse().unwrap()));
        [sides.opening, sides.input, sides.out, sides.lost, sides.closing].map(|sum| grams(sum.mass))
    }

    fn grams(mass: Interval) -> Option<u64> {
        mass.most().map(|most| most.mg().div_ceil(1000) / 10 * 10)
    }

    fn on(world: &mut World, id: RecordId, day: &str) {
        world.change(id, |record| {
            let period = Maybe::Shown(day.parse().unwrap());
            match &mut record.event.body {
                crate::model::event::Body::Extract(one) => one.at.period = period,
                crate::model::event::Body::Transform(one) => one.at.period = period,
                crate::model::event::Body::Dispatch(one) => one.at.period = period,
                _ => panic!("no such kind in these tests"),
            }
        });
    }

    #[test]
    fn what_stood_there_at_the_end_of_one_period_opens_the_next() {
        let mut world = World::new();
        let place = world.place("plant");
        let mined = world.extract("plant", vec![half("ore", 100)]);
        let made = world.transform(
            "plant",
            "P20 float",
            Mixing::Homogenised,
            vec![take(out(mined, 0), 0, 60)],
            vec![half("concentrate", 50)],
        );
        let sent = world.dispatch("plant", "buyer", vec![take(out(made, 0), 0, 20)]);
        on(&mut world, mined, "2025-03-01");
        on(&mut world, made, "2025-12-20..2026-01-10");
        on(&mut world, sent, "2026-02-01");
        let some = |grams: [u64; 5]| grams.map(Some);
        assert_eq!(sides(&world, place, Some("2025-01-01..2025-12-31")), some([0, 50_000, 0, 0, 50_000]));
        assert_eq!(
            sides(&world, place, Some("2026-01-01..2026-12-31")),
            some([50_000, 0, 10_000, 0, 35_000])
        );
        assert_eq!(sides(&world, place, None), some([0, 50_000, 10_000, 0, 35_000]));
    }

    #[test]
    fn what_moved_without_a_record_is_gone_from_there_and_come_here() {
        let mut world = World::new();
        let second = world.declare("plant", "JP", crate::model::facility::Operator::Author);
        let mined = world.extract("plant", vec![half("ore", 100)]);
        let ore = vec![take(out(mined, 0), 0, 60)];
        let made =
            world.transform("plant", "P20 float", Mixing::Homogenised, ore, vec![half("concentrate", 50)]);
        world.change(made, |record| {
            if let crate::model::event::Body::Transform(one) = &mut record.event.body {
                one.at.facility = Maybe::Shown(second);
            }
        });
        let some = |grams: [u64; 5]| grams.map(Some);
        assert_eq!(sides(&world, world.place("plant"), None), some([0, 50_000, 30_000, 0, 20_000]));
        assert_eq!(sides(&world, second, None), some([0, 30_000, 0, 0, 25_000]));
    }

    #[test]
    fn a_stranger_takes_nothing_out_of_a_plant_and_brings_nothing() {
        let mut world = World::new();
        let place = world.place("plant");
        world.extract("plant", vec![half("ore", 100)]);
        let theirs = world.extract("works", vec![half("ore", 7)]);
        world.change(theirs, |record| {
            if let crate::model::event::Body::Extract(one) = &mut record.event.body {
                one.at.facility = Maybe::Shown(place);
            }
        });
        assert_eq!(sides(&world, place, None), [0, 50_000, 0, 0, 50_000].map(Some));
    }

    #[test]
    fn a_circuit_that_nobody_closed_leaves_its_plant_open() {
        let mut world = World::new();
        let hall = world.circuit("plant", 30, 0);
        let ore = out(world.extract("plant", vec![half("ore", 10)]), 0);
        let charge = world.charge("plant", hall, "2026-02-01", vec![take(ore, 0, 10)]);
        let draw = world.draw("plant", hall, "2026-02-10", vec![half("oxide.Nd", 30)]);
        let outcome = |world: &World| {
            let (graph, bands) = (world.graph(), Bands::embedded());
            let contents = Contents::new(&graph, &bands);
            plants(&contents)[&hall].over(&contents, nd(), None).outcome()
        };
        assert_eq!(outcome(&world), Outcome::Open(Known::NotDetermined));
        world.close("plant", hall, "2026-02-01..2026-02-28", (0, 0), vec![charge, draw]);
        assert!(matches!(outcome(&world), Outcome::Gain { is_sure: true, .. }));
    }
}
