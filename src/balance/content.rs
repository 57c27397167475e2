//! What a lot holds of an element: from which share to which, by whose word, and where nobody has looked.
//!
//! The result of the highest rank counts; several of one rank span an interval together. A handover and a repacking
//! change no composition, so a lot without lines of its own has those of what it was made of. What is absent is not
//! determined, never zero: it lies between nothing and what the material code allows. Spec: docs/balance.md, "Content".

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use super::bands::Bands;
use crate::custody::assay::{self, HeldLine};
use crate::custody::graph::{self, Graph};
use crate::custody::ties::Ties;
use crate::hash::RecordId;
use crate::hash::quick::QuickMap;
use crate::model::element::{Element, ElementSet};
use crate::model::event::Body;
use crate::model::evidence::Mixing;
use crate::model::formula::Formula;
use crate::model::fraction::Fraction;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::lot::{Component, Determined, Input, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::{Carries, Material};
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::uncertainty::Uncertainty;

/// Relative uncertainty of a share that states none: 2 %. Source: docs/balance.md, "Content".
pub const UNSTATED_SHARE_PPB: u32 = 20_000_000;
/// Relative uncertainty of a mass of which the quantity is withheld: 2 %, beyond which two masses contradict.
const WITHHELD_MASS_PPB: u32 = 20_000_000;

/// How a content is known, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Known {
    /// A share of the element alone was measured.
    Measured,
    /// It is below a limit.
    BelowLimit,
    /// Computed from what was packed or blended together.
    Computed,
    /// Bounded by a group it is part of.
    Group,
    /// The code says that there is none, impurities apart, and nobody has looked.
    NotNamed,
    /// Nobody has looked.
    NotDetermined,
    /// Its composition is withheld.
    Withheld,
    /// The lot's record is not held.
    NotHeld,
}

/// What a lot holds of an element, as a share of its mass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Content {
    /// From the least to the most.
    pub share: Share,
    /// How that is known.
    pub known: Known,
    /// The record that states it, where one does.
    pub by: Option<RecordId>,
}

impl Content {
    /// Whether a measurement or a limit bounds it from above.
    pub fn is_determined(&self) -> bool {
        matches!(self.known, Known::Measured | Known::BelowLimit | Known::Computed)
    }
}

/// Contents of the lots of one graph, each worked out once.
pub struct Contents<'g> {
    graph: &'g Graph,
    bands: &'g Bands,
    ties: Ties<'g>,
    known: RefCell<QuickMap<(LotRef, Element), Content>>,
}

impl<'g> Contents<'g> {
    /// Returns the contents of `graph`, judged with the constants of `bands`.
    pub fn new(graph: &'g Graph, bands: &'g Bands) -> Self {
        Self { graph, bands, ties: Ties::new(graph), known: RefCell::default() }
    }

    /// Returns the graph.
    pub fn graph(&self) -> &'g Graph {
        self.graph
    }

    /// Returns the constants.
    pub fn bands(&self) -> &'g Bands {
        self.bands
    }

    /// Returns the lines that hold for a lot by its own record and the results about it.
    pub fn lines(&self, lot: &LotRef) -> Vec<HeldLine<'g>> {
        if self.graph.has_results() && self.graph.results(lot).next().is_some() {
            return assay::holding(self.graph, &self.ties, lot);
        }
        let (Some(record), Some(value)) = (self.graph.creator(lot), self.graph.lot(lot)) else {
            return Vec::new();
        };
        let lines = value.composition.shown().map(Vec::as_slice).unwrap_or_default();
        let looked_for = lines.iter().filter(|line| line.value != Determined::NotDetermined);
        looked_for.map(|line| HeldLine { line, record }).collect()
    }

    /// Returns what a lot holds of an element. Depth of repacking and handovers costs heap alone.
    pub fn of(&self, lot: &LotRef, element: Element) -> Content {
        // What is told of a lot itself is looked up sooner than it is kept.
        if !self.graph.has_results() && !self.graph.creator(lot).is_some_and(passes_on) {
            return self.work_out(lot, element, &[]);
        }
        let mut stack = vec![*lot];
        // Entered once: in a ring, which only corrections can make, a source may still be open the second time.
        let mut entered: HashSet<LotRef> = HashSet::new();
        while let Some(at) = stack.last().copied() {
            if self.known.borrow().contains_key(&(at, element)) {
                stack.pop();
                continue;
            }
            let sources = self.sources_without_lines(&at, element);
            let is_open = |input: &&Input| !self.known.borrow().contains_key(&(input.lot, element));
            let before = stack.len();
            if entered.insert(at) {
                stack.extend(sources.iter().filter(is_open).map(|input| input.lot));
            }
            if stack.len() == before {
                let content = self.work_out(&at, element, &sources);
                self.known.borrow_mut().insert((at, element), content);
                stack.pop();
            }
        }
        self.known.borrow()[&(*lot, element)]
    }

    /// Returns the mass of an element in a stretch of a lot.
    pub fn in_stretch(&self, input: &Input, element: Element) -> Interval {
        self.stretch(input).times(self.of(&input.lot, element).share)
    }

    /// Returns the mass of a stretch, with the uncertainty of the scale that weighed its lot.
    pub fn stretch(&self, input: &Input) -> Interval {
        match self.graph.lot(&input.lot).map(|lot| &lot.quantity) {
            Some(Maybe::Shown(quantity)) => Interval::weighed(input.mass, quantity.uncertainty),
            _ => by_any_scale(input.mass),
        }
    }

    /// Returns the mass of an element in a whole lot; open above where its mass is withheld or not held.
    pub fn in_lot(&self, lot: &LotRef, element: Element) -> Interval {
        self.mass(lot).times(self.of(lot, element).share)
    }

    /// Returns the mass of a lot; open above where it is withheld or not held.
    pub fn mass(&self, lot: &LotRef) -> Interval {
        match self.graph.lot(lot).and_then(|lot| lot.quantity.shown()) {
            Some(Quantity { mass, uncertainty, .. }) => Interval::weighed(*mass, *uncertainty),
            None => Interval::OPEN,
        }
    }

    /// Returns what something of this material and composition holds of an element: an addition, a loss, a stock.
    pub fn of_lines(&self, material: Option<&Material>, lines: &[Component], element: Element) -> Content {
        let lines: Vec<&Component> =
            lines.iter().filter(|line| line.value != Determined::NotDetermined).collect();
        stated(self.bands, &lines, element).map_or_else(
            || self.by_code(material, element, &lines, Known::NotDetermined),
            |(share, known)| Content { share, known, by: None },
        )
    }

    /// Returns the elements of which a share, alone and not in a sum, was determined in some lots or, where nothing is said
    /// of one, in what it was handed over or packed from. Linear in the lots met.
    pub fn determined(&self, lots: impl IntoIterator<Item = LotRef>) -> BTreeSet<Element> {
        let mut elements: BTreeSet<Element> = BTreeSet::new();
        let mut seen: HashSet<LotRef> = HashSet::new();
        let mut stack: Vec<LotRef> = lots.into_iter().collect();
        while let Some(at) = stack.pop() {
            if !seen.insert(at) {
                continue;
            }
            let singles = self.determined_itself(&at);
            if singles.is_empty()
                && let Some(record) = self.graph.creator(&at)
            {
                let inputs = graph::inputs(record);
                match &record.event.body {
                    body if body.is_pairwise() => {
                        stack.extend(inputs.get(at.index as usize).map(|input| input.lot));
                    }
                    Body::Repack(_) => stack.extend(inputs.iter().map(|input| input.lot)),
                    _ => {}
                }
            }
            elements.extend(singles);
        }
        elements
    }

    /// Returns the elements of which a share, alone and not in a sum, was determined in a lot itself.
    pub fn determined_itself(&self, lot: &LotRef) -> Vec<Element> {
        self.lines(lot).iter().filter_map(|held| held.line.elements.single()).collect()
    }

    /// Returns the inputs that a lot's content follows from, where no line about the element itself tells it.
    fn sources_without_lines(&self, lot: &LotRef, element: Element) -> Vec<Input> {
        let is_told = |line: &HeldLine<'_>| line.line.elements.single() == Some(element);
        match self.lines(lot).iter().any(is_told) {
            true => Vec::new(),
            false => self.sources(lot),
        }
    }

    /// Returns the inputs of the handover or repacking that made a lot; none for a lot that was made otherwise.
    pub(super) fn sources(&self, lot: &LotRef) -> Vec<Input> {
        let Some(record) = self.graph.creator(lot) else { return Vec::new() };
        let body = &record.event.body;
        if !passes_on(record) {
            return Vec::new();
        }
        let inputs = graph::inputs(record);
        match body.is_pairwise() {
            true => inputs.get(lot.index as usize).copied().into_iter().collect(),
            false => inputs.to_vec(),
        }
    }

    fn work_out(&self, lot: &LotRef, element: Element, sources: &[Input]) -> Content {
        let Some(value) = self.graph.lot(lot) else {
            return Content { share: Share::ANY, known: Known::NotHeld, by: None };
        };
        let lines = self.lines(lot);
        let own = lines.iter().filter(|line| line.line.elements.single() == Some(element));
        let mut told: Option<Content> = None;
        for held in own {
            let Some((share, known)) = stated(self.bands, &[held.line], element) else { continue };
            let by = Some(held.record.id);
            let here = Content { share, known, by };
            told = Some(told.map_or(here, |before| Content { share: before.share.or(share), ..before }));
        }
        if let Some(told) = told {
            return told;
        }
        let carried = {
            let known = self.known.borrow();
            let of = |input: &Input| known.get(&(input.lot, element)).copied();
            self.carried_over(lot, value, sources, of)
        };
        if let Some(carried) = carried {
            return carried;
        }
        let groups: Vec<&Component> = lines.iter().map(|held| held.line).collect();
        let by = lines.iter().find(|held| held.line.elements.contains(element)).map(|held| held.record.id);
        if let Some((share, known)) = stated(self.bands, &groups, element) {
            return Content { share, known, by };
        }
        let why = match value.composition {
            Maybe::Withheld => Known::Withheld,
            Maybe::Shown(_) => Known::NotDetermined,
        };
        self.by_code(Some(&value.material), element, &groups, why)
    }

    /// Returns the content that a handover or repacking carried over from what went in, of which `of` tells the content.
    pub(super) fn carried_over(
        &self,
        lot: &LotRef,
        value: &Lot,
        sources: &[Input],
        of: impl Fn(&Input) -> Option<Content>,
    ) -> Option<Content> {
        let record = self.graph.creator(lot)?;
        if let [only] = sources {
            let from = of(only)?;
            let here = value.quantity.shown();
            let there = self.graph.lot(&only.lot).and_then(|lot| lot.quantity.shown());
            let same_basis = match (here, there) {
                (Some(here), Some(there)) => here.basis == there.basis,
                _ => true,
            };
            if same_basis {
                return Some(from);
            }
            // Dried on the way, say: the element is the same, and the mass it is a share of another.
            let share = rescaled(self.stretch(only).times(from.share), self.mass(lot))?;
            return Some(Content { share, known: Known::Computed, by: from.by });
        }
        if sources.is_empty() {
            return None;
        }
        let all: Vec<Content> = sources.iter().map(&of).collect::<Option<_>>()?;
        let worst = all.iter().map(|content| content.known).max()?;
        let known = if worst <= Known::Computed { Known::Computed } else { worst };
        let mixing = match &record.event.body {
            Body::Repack(repack) => repack.mixing,
            _ => return None,
        };
        let share = match mixing {
            Mixing::Homogenised => {
                let stretches: Vec<Interval> = sources.iter().map(|input| self.stretch(input)).collect();
                let shares: Vec<Share> = all.iter().map(|content| content.share).collect();
                blended(&stretches, &shares)?
            }
            _ => all.iter().map(|content| content.share).reduce(Share::or)?,
        };
        Some(Content { share, known, by: None })
    }

    /// Returns what a material code allows where nobody has looked, or looked for a group only.
    fn by_code(
        &self,
        material: Option<&Material>,
        element: Element,
        lines: &[&Component],
        why: Known,
    ) -> Content {
        let in_group = lines.iter().any(|line| line.elements.contains(element));
        let carries = material.map_or(Carries::Possible, |material| material.carries(element));
        if carries == Carries::No && !in_group {
            return Content { share: Share::NONE, known: Known::NotNamed, by: None };
        }
        let is_oxide = material.is_some_and(Material::is_oxide);
        let most = self.bands.most_in_oxide(element).filter(|_| is_oxide);
        let high = most.map_or(ONE, |most| u128::from(most.ppb()) * WHOLE);
        Content { share: Share { low: 0, high }, known: why, by: None }
    }
}

/// Whether a record changes no composition: what comes out holds what went in did.
fn passes_on(record: &Record) -> bool {
    record.event.body.is_pairwise() || matches!(record.event.body, Body::Repack(_))
}

/// Returns the mass of a stretch of which nobody tells how well its lot was weighed.
pub fn by_any_scale(mass: Mass) -> Interval {
    let random = Fraction::from_ppb(WITHHELD_MASS_PPB);
    Interval::weighed(mass, Uncertainty { random, bias: Fraction::ZERO })
}

/// Returns the share of an element that lines state: its own line, else what a group leaves it.
pub fn stated(bands: &Bands, lines: &[&Component], element: Element) -> Option<(Share, Known)> {
    let single = ElementSet::from(element);
    if let Some(line) = lines.iter().find(|line| line.elements == single) {
        let known = match line.value {
            Determined::Measured(_) => Known::Measured,
            _ => Known::BelowLimit,
        };
        return Some((as_element(bands, line, element)?, known));
    }
    let groups = lines.iter().filter(|line| line.elements.contains(element));
    let most = groups.filter_map(|line| as_element(bands, line, element)).map(|share| share.high).min()?;
    Some((Share { low: 0, high: most }, Known::Group))
}

/// Returns what a line allows, were it all one element of those it is about, as the element itself.
///
/// `None` where no row tells how much of the basis formula is the element.
pub fn as_element(bands: &Bands, line: &Component, element: Element) -> Option<Share> {
    let share = range(line)?;
    let formula = match line.basis {
        Formula::Reo => bands.traded_oxide(element)?,
        other => other,
    };
    let metal = u128::from(bands.metal(formula)?.ppb());
    Some(Share { low: share.low / WHOLE * metal, high: share.high.div_ceil(WHOLE) * metal })
}

/// Returns the share that a line states, counted as its basis formula, with its uncertainty.
pub fn range(line: &Component) -> Option<Share> {
    match line.value {
        Determined::NotDetermined => None,
        Determined::BelowLimit(limit) => Some(Share { low: 0, high: u128::from(limit.ppb()) * WHOLE }),
        Determined::Measured(share) => {
            let apart = match line.uncertainty.linear_ppb() {
                0 => u128::from(UNSTATED_SHARE_PPB),
                stated => u128::from(stated),
            };
            let share = u128::from(share.ppb());
            Some(Share { low: share * WHOLE.saturating_sub(apart), high: share * (WHOLE + apart) })
        }
    }
}

/// Returns the share that a blend holds of an element: the least and the most of the mean by mass.
///
/// Masses are as uncertain as shares, so the least mean weighs what holds little as heavy as it may be and what
/// holds much as light. `None` where none of the masses is certain.
fn blended(masses: &[Interval], shares: &[Share]) -> Option<Share> {
    // Billionths and whole milligrams, rounded outward: 65 536 products of 2^30 and 2^66 fit 128 bits.
    let parts = |end: fn(&Share) -> u128| -> Vec<[u128; 3]> {
        let part =
            |(mass, share): (&Interval, &Share)| [end(share), mass.low / WHOLE, mass.high.div_ceil(WHOLE)];
        let mut parts: Vec<[u128; 3]> = masses.iter().zip(shares).map(part).collect();
        parts.sort_unstable();
        parts
    };
    let least = parts(|share| share.low / WHOLE);
    let mut most = parts(|share| share.high.div_ceil(WHOLE));
    most.reverse();
    let low = means(&least).map(|(sum, mass)| sum / mass).min()?;
    let high = means(&most).map(|(sum, mass)| sum.div_ceil(mass)).max()?;
    Some(Share { low: low * WHOLE, high: high * WHOLE })
}

/// Returns the sums and masses of blends in which the first few of `parts` are heavy and the others light.
fn means(parts: &[[u128; 3]]) -> impl Iterator<Item = (u128, u128)> {
    let light =
        parts.iter().fold((0, 0), |(sum, mass), [share, light, _]| (sum + share * light, mass + light));
    let heavier = parts.iter().scan(light, |(sum, mass), [share, light, heavy]| {
        *sum += share * (heavy - light);
        *mass += heavy - light;
        Some((*sum, *mass))
    });
    std::iter::once(light).chain(heavier).filter(|(_, mass)| *mass > 0)
}

/// Returns `part` as a share of `whole`, rounded outward; `None` where the whole may be nothing.
fn rescaled(part: Interval, whole: Interval) -> Option<Share> {
    if whole.low == 0 || part.is_open() {
        return None;
    }
    // Both in milligrams, so that 10^18 times one fits 128 bits.
    let (low, high) = (part.low / WHOLE, part.high.div_ceil(WHOLE));
    let (least, most) = (whole.low / WHOLE, whole.high.div_ceil(WHOLE));
    Some(Share { low: low.saturating_mul(ONE) / most, high: high.saturating_mul(ONE).div_ceil(least.max(1)) })
}

/// Returns a mass as it is written, for messages about intervals.
pub fn as_mass(billionths: u128) -> Mass {
    Mass::from_mg(u64::try_from(billionths / WHOLE).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
