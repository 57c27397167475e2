//! What a lot holds of some elements together: a line about their sum, their own lines, or both.
//!
//! Sums of oxides stay sums of oxides where a line states them so: turning them into metal would need the mix, which
//! the line does not tell. Spec: docs/balance.md, "Content".

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::content::{self, Content, Contents, Known};
use crate::model::element::{Element, ElementSet};
use crate::model::event::Body;
use crate::model::formula::Formula;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::lot::{Component, Determined, Input};
use crate::model::lotref::LotRef;
use crate::model::material::Material;

/// Contents of lots in some elements together, each worked out once.
pub struct Group<'c, 'g> {
    contents: &'c Contents<'g>,
    elements: ElementSet,
    /// As what shares are counted: the elements themselves, or the sum of their oxides.
    counted: Formula,
    /// What lines about just this set say, carried over handovers and repacking; none where no line does.
    told: RefCell<HashMap<LotRef, Option<Content>>>,
}

impl<'c, 'g> Group<'c, 'g> {
    /// Returns the contents in `elements`, counted as the elements themselves or, for `REO`, as their traded oxides.
    pub fn new(contents: &'c Contents<'g>, elements: ElementSet, counted: Formula) -> Self {
        Self { contents, elements, counted, told: RefCell::default() }
    }

    /// Returns which elements.
    pub fn elements(&self) -> &ElementSet {
        &self.elements
    }

    /// Returns as what they are counted.
    pub fn counted(&self) -> Formula {
        self.counted
    }

    /// Returns what a lot holds of them.
    pub fn of(&self, lot: &LotRef) -> Content {
        if let Some(element) = self.elements.single() {
            return self.contents.of(lot, element);
        }
        let members = self.elements.iter().map(|element| (element, self.contents.of(lot, element)));
        self.narrowed(self.told(lot), members.collect())
    }

    /// Returns what something of this material and composition holds of them.
    pub fn of_lines(&self, material: Option<&Material>, lines: &[Component]) -> Content {
        if let Some(element) = self.elements.single() {
            return self.contents.of_lines(material, lines, element);
        }
        let own = lines.iter().find(|line| line.elements == self.elements);
        let told = own.and_then(|line| self.of_line(line));
        let members =
            self.elements.iter().map(|one| (one, self.contents.of_lines(material, lines, one))).collect();
        self.narrowed(told, members)
    }

    /// Returns the mass of a stretch that is these elements, counted as they are.
    pub fn in_stretch(&self, input: &Input) -> Interval {
        self.contents.stretch(input).times(self.of(&input.lot).share)
    }

    /// Returns what both tell together: the sum of the members, and a line about the sum.
    fn narrowed(&self, told: Option<Content>, members: Vec<(Element, Content)>) -> Content {
        let sum = members.iter().map(|(element, content)| self.as_counted(*element, content.share));
        let sum =
            sum.fold(Share::NONE, |sum, one| Share { low: sum.low + one.low, high: sum.high + one.high });
        let held = members.iter().filter(|(_, content)| content.known != Known::NotNamed);
        let worst = held.map(|(_, content)| content.known).max().unwrap_or(Known::NotNamed);
        let by = members.iter().find_map(|(_, content)| content.by);
        match told {
            // Lines that contradict each other are told elsewhere; here they span an interval.
            Some(told) if told.share.low > sum.high || sum.low > told.share.high => {
                Content { share: told.share.or(sum), ..told }
            }
            Some(told) => {
                let share = Share { low: told.share.low.max(sum.low), high: told.share.high.min(sum.high) };
                Content { share, ..told }
            }
            None => {
                let most = self.most();
                Content {
                    share: Share { low: sum.low.min(most), high: sum.high.min(most) },
                    known: worst,
                    by,
                }
            }
        }
    }

    /// Returns the most that anything can hold: all of it, and of oxides as much as the lightest makes of all metal.
    pub fn most(&self) -> u128 {
        match self.counted {
            Formula::Reo => (ONE * WHOLE).div_ceil(self.least_metal()),
            _ => ONE,
        }
    }

    /// Returns what lines about just this set tell of a lot, itself or by what it was packed of.
    fn told(&self, lot: &LotRef) -> Option<Content> {
        let mut stack = vec![*lot];
        let mut entered: HashSet<LotRef> = HashSet::new();
        while let Some(at) = stack.last().copied() {
            if self.told.borrow().contains_key(&at) {
                stack.pop();
                continue;
            }
            let sources = match self.own(&at) {
                Some(_) => Vec::new(),
                None => self.contents.sources(&at),
            };
            let before = stack.len();
            if entered.insert(at) {
                let open = sources.iter().filter(|input| !self.told.borrow().contains_key(&input.lot));
                stack.extend(open.map(|input| input.lot));
            }
            if stack.len() == before {
                let told = self.own(&at).or_else(|| self.carried(&at, &sources));
                self.told.borrow_mut().insert(at, told);
                stack.pop();
            }
        }
        self.told.borrow()[lot]
    }

    fn own(&self, lot: &LotRef) -> Option<Content> {
        let lines = self.contents.lines(lot);
        let about = lines.iter().filter(|held| held.line.elements == self.elements);
        let mut told: Option<Content> = None;
        for held in about {
            let Some(here) = self.of_line(held.line) else { continue };
            let here = Content { by: Some(held.record.id), ..here };
            told = Some(told.map_or(here, |before| Content { share: before.share.or(here.share), ..before }));
        }
        told
    }

    fn carried(&self, lot: &LotRef, sources: &[Input]) -> Option<Content> {
        let value = self.contents.graph().lot(lot)?;
        let is_repack = |body: &Body| body.is_pairwise() || matches!(body, Body::Repack(_));
        self.contents.graph().creator(lot).filter(|record| is_repack(&record.event.body))?;
        let told = self.told.borrow();
        let of = |input: &Input| told.get(&input.lot).copied().flatten();
        self.contents.carried_over(lot, value, sources, of)
    }

    fn of_line(&self, line: &Component) -> Option<Content> {
        let known = match line.value {
            Determined::NotDetermined => return None,
            Determined::BelowLimit(_) => Known::BelowLimit,
            Determined::Measured(_) => Known::Measured,
        };
        Some(Content { share: self.line_as_counted(line)?, known, by: None })
    }

    /// Returns the share that a line about the whole set states, counted as it is asked.
    pub fn line_as_counted(&self, line: &Component) -> Option<Share> {
        let share = content::range(line)?;
        let is_metal = |formula: Formula| formula == Formula::Element;
        if line.basis == self.counted {
            return Some(share);
        }
        let (least, most) = (self.least_metal(), self.most_metal());
        Some(match (is_metal(line.basis), is_metal(self.counted)) {
            (true, _) => Share { low: share.low / most * WHOLE, high: share.high.div_ceil(least) * WHOLE },
            (false, true) => {
                Share { low: share.low / WHOLE * least, high: share.high.div_ceil(WHOLE) * most }
            }
            // One oxide for all of them against the oxides they are traded as.
            (false, false) => {
                Share { low: share.low / most * least, high: share.high.div_ceil(least) * most }
            }
        })
    }

    /// Returns a share of one of them, which is stated as the element, counted as it is asked.
    fn as_counted(&self, element: Element, share: Share) -> Share {
        if self.counted == Formula::Element {
            return share;
        }
        let bands = self.contents.bands();
        let metal = bands.traded_oxide(element).and_then(|oxide| bands.metal(oxide));
        match metal.map(|metal| u128::from(metal.ppb())) {
            Some(metal) => Share { low: share.low / metal * WHOLE, high: share.high.div_ceil(metal) * WHOLE },
            None => Share { low: share.low, high: share.high.div_ceil(self.least_metal()) * WHOLE },
        }
    }

    /// Returns the least share of metal that the traded oxide of any of them has, in parts per billion. One without a
    /// row has no less than the least of all: the heavier the metal, the more of its oxide it is.
    fn least_metal(&self) -> u128 {
        let bands = self.contents.bands();
        let metals = bands.file.formula.iter().filter(|row| row.traded).map(|row| row.metal.ppb());
        u128::from(metals.min().unwrap_or(1)).max(1)
    }

    fn most_metal(&self) -> u128 {
        let bands = self.contents.bands();
        let of = |element| bands.traded_oxide(element).and_then(|oxide| bands.metal(oxide));
        let metals =
            self.elements.iter().map(|element| of(element).map_or(WHOLE, |metal| u128::from(metal.ppb())));
        metals.max().unwrap_or(WHOLE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bands::Bands;
    use super::super::testing::{line, metal, weighed};
    use super::*;
    use crate::custody::testing::{World, lot, out, take};
    use crate::model::evidence::Mixing::Homogenised;

    /// Returns from which to which share, in parts per billion rounded outward, a lot holds some elements.
    fn of(world: &World, lot: LotRef, elements: &str, counted: Formula) -> (u128, u128, Known) {
        let (graph, bands) = (world.graph(), Bands::embedded());
        let contents = Contents::new(&graph, &bands);
        let content = Group::new(&contents, elements.parse().unwrap(), counted).of(&lot);
        (content.share.low / WHOLE, content.share.high.div_ceil(WHOLE), content.known)
    }

    fn taken_in(material: &str, lines: Vec<Component>) -> (World, LotRef) {
        let mut world = World::new();
        let lot = out(world.intake("mine", vec![weighed(material, 1_000_000, "0 %", lines)], vec![]), 0);
        (world, lot)
    }

    #[test]
    fn a_sum_of_oxides_stays_one_and_as_metal_spans_what_its_mix_may_be() {
        let (world, lot) = taken_in("concentrate.monazite", vec![line("TREO", "55 %", "REO", "1 %")]);
        assert_eq!(of(&world, lot, "TREO", Formula::Reo), (544_500_000, 555_500_000, Known::Measured));
        let (low, high, known) = of(&world, lot, "TREO", Formula::Element);
        // All of it yttria at least; an oxide that no row tells may be all metal.
        assert_eq!((low, high, known), (428_739_300, 555_500_000, Known::Measured));
    }

    #[test]
    fn members_determined_one_by_one_make_their_sum() {
        let lines = vec![metal("Nd", "30 %", "1 %"), metal("Pr", "10 %", "1 %")];
        let (world, lot) = taken_in("metal.NdPr", lines);
        assert_eq!(of(&world, lot, "NdPr", Formula::Element), (396_000_000, 404_000_000, Known::Measured));
        let lines = vec![metal("Nd", "30 %", "1 %"), metal("NdPr", "40 %", "0.5 %")];
        let (world, lot) = taken_in("metal.NdPr", lines);
        assert_eq!(of(&world, lot, "NdPr", Formula::Element), (398_000_000, 402_000_000, Known::Measured));
    }

    #[test]
    fn a_sum_is_carried_over_a_blend_and_a_handover() {
        let mut world = World::new();
        let of_sum = |share: &str| weighed("metal.NdPr", 1_000_000, "0 %", vec![metal("NdPr", share, "1 %")]);
        let made = world.intake("mine", vec![of_sum("90 %"), of_sum("80 %")], vec![]);
        let takes = vec![take(out(made, 0), 0, 500), take(out(made, 1), 0, 500)];
        let blend = world.repack("mine", Homogenised, takes, vec![lot("metal.NdPr", 1_000)]);
        let here = world.hand_over("mine", "works", out(blend, 0));
        assert_eq!(of(&world, here, "NdPr", Formula::Element), (841_500_000, 858_500_000, Known::Computed));
    }

    #[test]
    fn metal_is_more_than_all_of_it_as_oxide() {
        let (world, lot) = taken_in("metal.Nd", vec![metal("Nd", "100 %", "1 ppb")]);
        let (low, _, _) = of(&world, lot, "TREO", Formula::Reo);
        assert!((1_166_316_770..1_166_316_777).contains(&low), "{low}");
    }
}
