//! The sides of a balance: what was there, came in, went out, was measured to be lost, and is left.
//!
//! Each side is a sum of intervals, rounded outward, so that what two sides say surely is sure whatever was measured
//! wrong within its uncertainty. Nothing is ever called balanced. Spec: docs/balance.md, "Sides".

use std::collections::BTreeMap;

use super::content::{Content, Contents, Known};
use super::{meaning, terms};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::Stock;
use crate::model::evidence::LossBasis;
use crate::model::interval::{Interval, Share};
use crate::model::lot::{Addition, Input, Loss};
use crate::model::lotref::LotRef;
use crate::model::material::Material;
use crate::model::maybe::Maybe;

/// What a part of a sum was measured on: one scale and one assay, so that its errors go the same way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// A lot, in however many stretches.
    Lot(LotRef),
    /// A part of a record that is no lot: which addition, loss or stock.
    Of(RecordId, u32),
}

/// A sum of masses of one element.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sum {
    /// From the least to the most.
    pub mass: Interval,
    /// The most that parts hold as an impurity in which nobody looked for the element and whose code does not name it.
    pub unlooked: u128,
    /// The least of parts that were weighed wet, and nobody stated how wet: no scale tells how much of it is water.
    pub wet: u128,
    /// The least sure of its parts; none where every part is without the element by its code.
    pub known: Option<Known>,
    /// Half widths of its parts.
    apart: BTreeMap<Source, u128>,
}

impl Sum {
    /// Adds a part that weighs `mass` and holds `content`.
    pub fn add(&mut self, source: Source, mass: Interval, content: Content) {
        let part = mass.times(content.share);
        self.mass = self.mass.plus(part);
        if content.known != Known::NotNamed {
            self.known = self.known.max(Some(content.known));
        }
        if part.half_width() > 0 {
            let apart = self.apart.entry(source).or_default();
            *apart = apart.saturating_add(part.half_width());
        }
    }

    /// Adds what a part of which nobody looked for the element may hold as an impurity.
    fn add_impurity(&mut self, material: &Material, mass: Interval, content: Content, element: Element) {
        if content.known == Known::NotNamed {
            let most = mass.times(terms::impurity(material, element.is_rare_earth())).high;
            self.unlooked = self.unlooked.saturating_add(most);
        }
    }

    /// Adds a part of which nothing is shown.
    pub fn add_hidden(&mut self, why: Known) {
        self.mass = self.mass.plus(Interval::OPEN);
        self.known = self.known.max(Some(why));
    }

    /// Adds a stretch of a lot.
    pub fn add_stretch(&mut self, contents: &Contents<'_>, input: &Input, element: Element) {
        self.add_of_lot(contents, &input.lot, contents.stretch(input), element);
    }

    /// Adds a whole lot.
    pub fn add_lot(&mut self, contents: &Contents<'_>, lot: &LotRef, element: Element) {
        let mass = contents.mass(lot);
        match mass.is_open() {
            true => self.add_hidden(Known::Withheld),
            false => self.add_of_lot(contents, lot, mass, element),
        }
    }

    fn add_of_lot(&mut self, contents: &Contents<'_>, lot: &LotRef, mass: Interval, element: Element) {
        let content = contents.of(lot, element);
        self.add(Source::Lot(*lot), mass, content);
        if let Some(value) = contents.graph().lot(lot) {
            self.add_impurity(&value.material, mass, content, element);
            if terms::is_wet(value) {
                self.wet = self.wet.saturating_add(mass.times(content.share).low);
            }
        }
    }

    /// Adds what joined a step without having been a lot.
    pub fn add_addition(
        &mut self,
        contents: &Contents<'_>,
        source: Source,
        addition: &Addition,
        element: Element,
    ) {
        let content = contents.of_lines(Some(&addition.material), &addition.composition, element);
        let mass = Interval::weighed(addition.mass, addition.uncertainty);
        self.add(source, mass, content);
        self.add_impurity(&addition.material, mass, content, element);
    }

    /// Adds stock in process; none is an empty circuit.
    pub fn add_stock(
        &mut self,
        contents: &Contents<'_>,
        source: Source,
        stock: Option<&Stock>,
        element: Element,
    ) {
        let Some(stock) = stock else { return };
        let content = contents.of_lines(None, &stock.composition, element);
        self.add(source, Interval::weighed(stock.quantity.mass, stock.quantity.uncertainty), content);
    }

    /// Adds what a close tells of the stock in process, or that it withholds it.
    pub fn add_told_stock(
        &mut self,
        contents: &Contents<'_>,
        source: Source,
        stock: &Maybe<Option<Stock>>,
        element: Element,
    ) {
        match stock {
            Maybe::Withheld => self.add_hidden(Known::Withheld),
            Maybe::Shown(stock) => self.add_stock(contents, source, stock.as_ref(), element),
        }
    }

    /// Adds a loss: as measured, or from nothing to what was estimated. One by difference is no evidence.
    pub fn add_loss(&mut self, contents: &Contents<'_>, source: Source, loss: &Loss, element: Element) {
        let content = contents.of_lines(None, &loss.composition, element);
        let mass = Interval::weighed(loss.mass, loss.uncertainty);
        match loss.basis {
            LossBasis::Measured => self.add(source, mass, content),
            LossBasis::Estimated => {
                let share = Share { low: 0, ..content.share };
                self.add(source, mass, Content { share, ..content });
            }
            LossBasis::ByDifference => {}
        }
    }

    /// Adds all of another sum, parts with it.
    pub fn include(&mut self, other: &Self) {
        self.add_sum(other);
        for (source, apart) in &other.apart {
            let sum = self.apart.entry(*source).or_default();
            *sum = sum.saturating_add(*apart);
        }
    }

    fn add_sum(&mut self, other: &Self) {
        self.mass = self.mass.plus(other.mass);
        self.unlooked = self.unlooked.saturating_add(other.unlooked);
        self.wet = self.wet.saturating_add(other.wet);
        self.known = self.known.max(other.known);
    }

    /// Returns the sum without what its parts are.
    fn alone(&self) -> Self {
        Self { apart: BTreeMap::new(), ..self.clone() }
    }

    /// Counts anything from nothing to what it is.
    pub fn at_most(mut self) -> Self {
        self.mass.low = 0;
        self.wet = 0;
        self
    }
}

/// One element over a place and a time.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sides {
    /// What was there.
    pub opening: Sum,
    /// What came in, additions with it.
    pub input: Sum,
    /// What went out.
    pub out: Sum,
    /// What was measured to be lost; of an estimate from nothing to all of it.
    pub lost: Sum,
    /// What is left.
    pub closing: Sum,
    /// Whether it is a sum of several; how their parts err apart from each other is not kept.
    is_running: bool,
}

/// What a balance shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// More is accounted for than there was, whatever was measured wrong within its uncertainty.
    Gain {
        /// How much more at least, in billionths of a milligram.
        least: u128,
        /// Whether it is so even without what was weighed wet, and if what nobody looked at held all that an impurity
        /// can be.
        is_sure: bool,
    },
    /// Something is surely not accounted for, from the least to the most.
    Missing(Interval),
    /// Neither shows: it lies within its own uncertainty.
    NotTested {
        /// Whether a gain would be odd if all parts erred apart from each other.
        is_odd: bool,
    },
    /// Neither shows, since something is not determined or not shown.
    Open(Known),
}

impl Sides {
    /// Returns the sum over this time and the one that follows: the stock between the two counts nowhere.
    pub fn then(&self, next: &Self) -> Self {
        let add = |one: &Sum, other: &Sum| {
            let mut sum = one.alone();
            sum.add_sum(other);
            sum
        };
        Self {
            opening: self.opening.alone(),
            input: add(&self.input, &next.input),
            out: add(&self.out, &next.out),
            lost: add(&self.lost, &next.lost),
            closing: next.closing.alone(),
            is_running: true,
        }
    }

    /// Returns what there was to come out.
    pub fn available(&self) -> Interval {
        self.opening.mass.plus(self.input.mass)
    }

    /// Returns what is accounted for.
    pub fn accounted(&self) -> Interval {
        self.out.mass.plus(self.lost.mass).plus(self.closing.mass)
    }

    /// Returns the ends of what is not accounted for, which may lie below nothing; `None` where nothing bounds one.
    pub fn unaccounted(&self) -> Option<(i128, i128)> {
        let (had, went) = (self.available(), self.accounted());
        if had.is_open() || went.is_open() {
            return None;
        }
        let signed = |value: u128| i128::try_from(value).ok();
        Some((
            signed(had.low)?.checked_sub(signed(went.high)?)?,
            signed(had.high)?.checked_sub(signed(went.low)?)?,
        ))
    }

    /// Returns half the width of what is not accounted for: how much has to be missing before it shows.
    pub fn uncertainty(&self) -> Option<u128> {
        self.unaccounted().map(|(least, most)| (most - least).unsigned_abs().div_ceil(2))
    }

    /// Returns what the balance shows. Exactly the sum of all uncertainties shows nothing.
    pub fn outcome(&self) -> Outcome {
        let (had, went) = (self.available(), self.accounted());
        if went.exceeds(had) {
            let unlooked = self.opening.unlooked.saturating_add(self.input.unlooked);
            let wet = [&self.out, &self.lost, &self.closing]
                .into_iter()
                .fold(0, |sum: u128, one| sum.saturating_add(one.wet));
            let is_sure = went.low.saturating_sub(wet) > had.high.saturating_add(unlooked);
            return Outcome::Gain { least: went.low - had.high, is_sure };
        }
        if had.exceeds(went) {
            return Outcome::Missing(had.minus(went));
        }
        match self.worst().filter(|known| *known > Known::Computed) {
            Some(known) => Outcome::Open(known),
            None => Outcome::NotTested { is_odd: self.is_odd() },
        }
    }

    /// Returns by how much a gain exceeds all that could explain it; where nothing is sure, all that is measured.
    pub fn slack(&self) -> u128 {
        let least = self.accounted().low.saturating_sub(self.available().high);
        let excused = self.opening.unlooked.saturating_add(self.input.unlooked);
        let excused = [&self.out, &self.lost, &self.closing]
            .into_iter()
            .fold(excused, |sum, one| sum.saturating_add(one.wet));
        match least.saturating_sub(excused) {
            0 => least,
            left => left,
        }
    }

    /// Returns what of it can be percent of what there was; `None` where there may have been nothing.
    pub fn share_of_available(&self, part: Interval) -> Option<Share> {
        let had = self.available();
        if had.low == 0 || had.is_open() || part.is_open() {
            return None;
        }
        // In milligrams, so that 10^18 times one fits 128 bits.
        let mg = |value: u128| value / crate::model::interval::WHOLE;
        let one = crate::model::interval::ONE;
        let low = mg(part.low).saturating_mul(one) / (mg(had.high) + 1);
        let high = (mg(part.high) + 1).saturating_mul(one) / mg(had.low).max(1);
        Some(Share { low, high })
    }

    fn sums(&self) -> [&Sum; 5] {
        [&self.opening, &self.input, &self.out, &self.lost, &self.closing]
    }

    /// Returns how the least sure part of any side is known.
    pub fn worst(&self) -> Option<Known> {
        self.sums().into_iter().filter_map(|sum| sum.known).max()
    }

    /// Whether more is accounted for than the root sum of squares of all uncertainties explains.
    fn is_odd(&self) -> bool {
        if self.is_running {
            return false;
        }
        let (Some(had), Some(went)) = (self.available().middle(), self.accounted().middle()) else {
            return false;
        };
        let mut apart: BTreeMap<Source, u128> = BTreeMap::new();
        for (source, part) in self.sums().into_iter().flat_map(|sum| &sum.apart) {
            let sum = apart.entry(*source).or_default();
            *sum = sum.saturating_add(*part);
        }
        went > had.saturating_add(meaning::root_sum_of_squares(apart.into_values()))
    }
}

/// Returns why nothing shows, in words that end a sentence.
pub fn why_open(known: Known) -> &'static str {
    match known {
        Known::Withheld => "something of it is withheld",
        Known::NotHeld => "something of it is not held",
        Known::Group => "only a group was determined",
        _ => "not everywhere determined",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::interval::ONE;
    use crate::model::mass::Mass;

    fn part(kilograms: u64, apart_ppm: u128, known: Known) -> (Interval, Content) {
        let share = Share { low: ONE - apart_ppm * ONE / 1_000_000, high: ONE + apart_ppm * ONE / 1_000_000 };
        (Interval::exact(Mass::from_mg(kilograms * 1_000_000)), Content { share, known, by: None })
    }

    fn sides(had: u64, out: u64, apart_ppm: u128) -> Sides {
        let mut sides = Sides::default();
        let lot = |index| Source::Lot(LotRef { record: RecordId::ZERO, index });
        let (mass, content) = part(had, apart_ppm, Known::Measured);
        sides.input.add(lot(0), mass, content);
        let (mass, content) = part(out, apart_ppm, Known::Measured);
        sides.out.add(lot(1), mass, content);
        sides
    }

    #[test]
    fn a_gain_begins_beyond_the_sum_of_all_uncertainties() {
        // 1 % of 1 000 kg and of what came out: 1 020.202 kg is the last that can be.
        assert!(matches!(sides(1000, 1020, 10_000).outcome(), Outcome::NotTested { is_odd: true }));
        assert!(matches!(sides(1000, 1021, 10_000).outcome(), Outcome::Gain { is_sure: true, .. }));
        assert!(matches!(sides(1000, 1010, 10_000).outcome(), Outcome::NotTested { is_odd: false }));
    }

    #[test]
    fn what_is_missing_shows_beyond_the_same_sum_and_is_called_balanced_nowhere() {
        assert_eq!(sides(1000, 980, 20_000).outcome(), Outcome::NotTested { is_odd: false });
        let Outcome::Missing(part) = sides(1000, 980, 5_000).outcome() else { panic!("it is missing") };
        assert_eq!((part.least(), part.most()), (Mass::from_mg(10_100_000), Some(Mass::from_mg(29_900_000))));
    }

    #[test]
    fn what_nobody_looked_at_may_hold_the_difference_as_an_impurity() {
        // 0.79 kg are too much: 0.1 % of 790 kg of iron.
        for (kilograms, expected) in [(780, true), (800, false)] {
            let mut sides = sides(1000, 1021, 10_000);
            let none = Content { share: Share::NONE, known: Known::NotNamed, by: None };
            let mass = Interval::exact(Mass::from_mg(kilograms * 1_000_000));
            let (iron, nd) = ("iron.pure".parse().unwrap(), "Nd".parse().unwrap());
            sides.input.add_impurity(&iron, mass, none, nd);
            let Outcome::Gain { is_sure, .. } = sides.outcome() else { panic!("it is a gain") };
            assert_eq!(is_sure, expected, "{kilograms}");
        }
    }

    #[test]
    fn what_was_weighed_wet_fails_nobody() {
        let mut sides = sides(1000, 1021, 10_000);
        for (wet, expected) in [(kilograms(0), true), (kilograms(1), false)] {
            sides.out.wet = wet;
            let Outcome::Gain { is_sure, .. } = sides.outcome() else { panic!("it is a gain") };
            assert_eq!(is_sure, expected);
        }
    }

    fn kilograms(kg: u128) -> u128 {
        kg * 1_000_000 * crate::model::interval::WHOLE
    }

    #[test]
    fn what_is_withheld_or_not_determined_is_said_so() {
        let mut hidden = sides(1000, 1021, 10_000);
        hidden.opening.add_hidden(Known::Withheld);
        assert_eq!(hidden.outcome(), Outcome::Open(Known::Withheld));
        let mut open = sides(1000, 900, 10_000);
        let any = Content { share: Share::ANY, known: Known::NotDetermined, by: None };
        open.closing.add(Source::Of(RecordId::ZERO, 0), Interval::exact(Mass::from_mg(400_000_000)), any);
        assert_eq!(open.outcome(), Outcome::Open(Known::NotDetermined));
    }
}
