//! The two sides of one event in some elements: what went in, was added, came out and is known to be lost.
//!
//! Spec: docs/balance.md, "One event".

use super::content::{Content, Contents, Known, by_any_scale};
use super::group::Group;
use crate::custody::graph;
use crate::hash::RecordId;
use crate::model::event::Body;
use crate::model::evidence::{LossBasis, MassBasis};
use crate::model::finding::Weight;
use crate::model::interval::{Interval, Share, WHOLE};
use crate::model::lot::{Addition, Input, Loss, Lot};
use crate::model::lotref::LotRef;
use crate::model::material::{Carries, Material};
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::model::uncertainty::Uncertainty;

/// What a code that names no such element leaves room for, as an impurity: 1 % of the mass.
///
/// A parameter of this library for "code and content contradict each other", and no statement about any metal.
const IMPURITY: Share = Share { low: 0, high: 10_000_000 * WHOLE };
/// The same for a rare earth in what names none: 0.1 %. Rare earths accompany each other, and nothing else.
const FOREIGN_RARE_EARTH: Share = Share { low: 0, high: 1_000_000 * WHOLE };

/// One input, addition, output or loss.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// The lot, of an input or output.
    pub lot: Option<LotRef>,
    /// What it is, of all but a loss.
    pub material: Option<Material>,
    /// The record that states the content: an assay, or the one that made the lot.
    pub by: Option<RecordId>,
    /// How the content is known.
    pub known: Known,
    /// How much of the elements it is.
    pub amount: Interval,
    /// How much if every measurement is right; `None` where nothing bounds it.
    pub middle: Option<u128>,
    /// The most it could be if its content were not told.
    pub whole: u128,
    /// The most it could be if its lot were not held at all; of an input.
    pub not_held: u128,
    /// What it may hold besides, as an impurity that its code does not name.
    pub impurity: u128,
    /// Scatter of the amount, expanded.
    pub random: u128,
    /// Bias of the amount, and what cannot be told apart from it.
    pub bias: u128,
    /// Whether it is weighed wet, and how wet is not stated.
    pub is_wet: bool,
}

/// Both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Sides {
    /// Stretches of lots.
    pub inputs: Vec<Term>,
    /// What joined without having been a lot.
    pub added: Vec<Term>,
    /// Lots.
    pub outputs: Vec<Term>,
    /// Losses that are measured or estimated.
    pub lost: Vec<Term>,
    /// Whether a loss by difference was stated: it is what the balance leaves, and counted nowhere.
    pub by_difference: bool,
    /// Lists that are withheld.
    pub withheld: Vec<&'static str>,
}

/// What a record takes in, adds and loses; its outputs are in its body.
pub(super) struct Moved<'r> {
    /// Whether inputs are withheld.
    pub inputs_withheld: bool,
    /// What was added.
    pub additions: &'r MaybeList<Addition>,
    /// What was lost.
    pub losses: &'r MaybeList<Loss>,
}

static NO_ADDITIONS: MaybeList<Addition> = MaybeList::Shown(Vec::new());
static NO_LOSSES: MaybeList<Loss> = MaybeList::Shown(Vec::new());

/// Returns what a record moves, if it is one in which elements are balanced.
pub(super) fn moved(record: &Record) -> Option<Moved<'_>> {
    let (additions, losses) = match &record.event.body {
        Body::Transform(one) => (&one.additions, &one.losses),
        Body::Repack(one) => (&NO_ADDITIONS, &one.losses),
        Body::Assemble(one) => (&one.additions, &NO_LOSSES),
        Body::Disassemble(one) => (&NO_ADDITIONS, &one.losses),
        _ => return None,
    };
    let inputs_withheld = graph::withheld_inputs(record).is_some();
    Some(Moved { inputs_withheld, additions, losses })
}

impl Sides {
    /// Returns the two sides of a record in the elements of `group`.
    pub fn of(group: &Group<'_, '_>, contents: &Contents<'_>, record: &Record, moved: &Moved<'_>) -> Self {
        let graph = contents.graph();
        let mut sides = Self::default();
        for input in graph::inputs(record) {
            let value = graph.lot(&input.lot);
            let content = group.of(&input.lot);
            let mass = contents.stretch(input);
            let uncertainty = value.and_then(|lot| lot.quantity.shown()).map(|one| one.uncertainty);
            let mut term = Term::new(group, mass, uncertainty.unwrap_or_default(), content);
            if value.is_some_and(|value| is_uneven(value, input)) {
                // The best pieces may have been taken first: all that the whole lot holds can be in this stretch.
                let all = contents.mass(&input.lot).times(content.share);
                term.amount = Interval { low: 0, high: all.high.min(term.whole) };
                (term.random, term.bias) = (0, term.amount.half_width());
            }
            let anything = Share { low: 0, high: group.most() };
            term.not_held = by_any_scale(input.mass).times(anything).high.max(term.whole);
            term.lot = Some(input.lot);
            term.by = content.by.or(graph.creator(&input.lot).map(|record| record.id));
            term.set_material(group, value.map(|lot| &lot.material), mass);
            sides.inputs.push(term);
        }
        for (lot, value) in graph::outputs(record) {
            let content = group.of(&lot);
            let uncertainty = value.quantity.shown().map(|one| one.uncertainty);
            let mut term = Term::new(group, contents.mass(&lot), uncertainty.unwrap_or_default(), content);
            term.lot = Some(lot);
            term.by = content.by;
            term.material = Some(value.material.clone());
            term.is_wet = is_wet(value);
            sides.outputs.push(term);
        }
        if moved.inputs_withheld {
            sides.withheld.push("inputs");
        }
        match moved.additions {
            MaybeList::Shown(additions) => {
                for one in additions {
                    let mass = Interval::weighed(one.mass, one.uncertainty);
                    let content = group.of_lines(Some(&one.material), &one.composition);
                    let mut term = Term::new(group, mass, one.uncertainty, content);
                    term.set_material(group, Some(&one.material), mass);
                    sides.added.push(term);
                }
            }
            MaybeList::Withheld(0) => {}
            MaybeList::Withheld(_) => sides.withheld.push("additions"),
        }
        match moved.losses {
            MaybeList::Shown(losses) => {
                for one in losses {
                    if one.basis == LossBasis::ByDifference {
                        sides.by_difference = true;
                        continue;
                    }
                    let mass = Interval::weighed(one.mass, one.uncertainty);
                    let content = group.of_lines(None, &one.composition);
                    sides.lost.push(Term::new(group, mass, one.uncertainty, content));
                }
            }
            MaybeList::Withheld(0) => {}
            MaybeList::Withheld(_) => sides.withheld.push("losses"),
        }
        sides
    }

    /// Returns the most that can have gone in, impurities and all; open where part of it is withheld.
    pub fn most_in(&self) -> u128 {
        if self.withheld.iter().any(|what| *what != "losses") {
            return u128::MAX;
        }
        let terms = self.inputs.iter().chain(&self.added);
        terms.fold(0, |sum, one| sum.saturating_add(one.amount.high).saturating_add(one.impurity))
    }

    /// Returns the least that came out or is known to be lost.
    pub fn least_out(&self) -> u128 {
        self.outputs.iter().chain(&self.lost).fold(0, |sum, one| sum.saturating_add(one.amount.low))
    }

    /// Returns the root of the sum of squares of all scatter, with all bias added to it.
    pub fn in_quadrature(&self) -> u128 {
        let all = || self.inputs.iter().chain(&self.added).chain(&self.outputs).chain(&self.lost);
        let root = super::meaning::root_sum_of_squares(all().map(|one| one.random));
        all().fold(root, |sum, one| sum.saturating_add(one.bias))
    }
}

impl Term {
    fn new(group: &Group<'_, '_>, mass: Interval, uncertainty: Uncertainty, content: Content) -> Self {
        let amount = mass.times(content.share);
        let whole = mass.times(Share { low: 0, high: group.most() }).high;
        let (random, bias) = scatter(amount, uncertainty, content);
        let (lot, by, material) = (None, None, None);
        let half = content.share.low + (content.share.high - content.share.low) / 2;
        let exactly = |at: u128| Interval { low: at, high: at }.times(Share { low: half, high: half });
        let middle = mass.middle().map(|at| exactly(at).low);
        Self {
            lot,
            material,
            by,
            known: content.known,
            amount,
            middle,
            whole,
            not_held: whole,
            impurity: 0,
            random,
            bias,
            is_wet: false,
        }
    }

    fn set_material(&mut self, group: &Group<'_, '_>, material: Option<&Material>, mass: Interval) {
        self.material = material.cloned();
        let Some(material) = material.filter(|_| self.known == Known::NotNamed) else { return };
        let is_rare = group.elements().iter().all(|one| one.is_rare_earth());
        self.impurity = mass.times(impurity(material, is_rare)).high;
    }

    /// Whether a measurement, limit or code bounds it from above.
    pub fn is_bounded(&self) -> bool {
        !matches!(self.known, Known::NotDetermined | Known::Withheld | Known::NotHeld)
    }

    /// Whether it was looked for.
    pub fn is_determined(&self) -> bool {
        matches!(self.known, Known::Measured | Known::BelowLimit | Known::Computed)
    }
}

/// Returns the part of an amount's uncertainty that scatters, and the part that does not.
fn scatter(amount: Interval, uncertainty: Uncertainty, content: Content) -> (u128, u128) {
    let Some(middle) = amount.middle() else { return (0, u128::MAX) };
    let all = amount.half_width();
    if content.known != Known::Measured {
        return (0, all);
    }
    let of = |ppb: u32| middle / WHOLE * u128::from(ppb);
    let (weighing, bias) = (of(uncertainty.random.ppb()), of(uncertainty.bias.ppb()));
    // What the scale does not explain is the analysis.
    let analysis = all.saturating_sub(weighing).saturating_sub(bias);
    (super::meaning::root_sum_of_squares([weighing, analysis]), bias)
}

/// Returns what a code that does not name some elements, all of them rare earths or not, leaves room for.
pub(super) fn impurity(material: &Material, is_rare: bool) -> Share {
    if is_rare && !names_a_rare_earth(material) { FOREIGN_RARE_EARTH } else { IMPURITY }
}

fn names_a_rare_earth(material: &Material) -> bool {
    let rare = (1..=118).filter_map(crate::model::element::Element::from_number);
    rare.filter(|one| one.is_rare_earth()).any(|one| material.carries(one) != Carries::No)
}

/// Whether a lot is of a form that is wet when it is weighed, and neither its basis nor its moisture is stated.
pub(super) fn is_wet(lot: &Lot) -> bool {
    let forms = [
        "ore",
        "concentrate",
        "mixed_carbonate",
        "mixed_chloride",
        "carbonate",
        "chloride",
        "tailings",
        "swarf",
    ];
    let quantity = lot.quantity.shown();
    forms.contains(&lot.material.form())
        && quantity.is_some_and(|one| one.basis == MassBasis::AsIs && one.moisture.is_none())
}

/// Whether a stretch is a part of a lot of pieces that differ from each other.
fn is_uneven(lot: &Lot, input: &Input) -> bool {
    let forms = ["ore", "scrap", "eol_magnet", "component", "other"];
    forms.contains(&lot.material.form()) && lot.mass().is_none_or(|all| input.mass < all)
}

/// Returns the lesser weight for what rests on a wet mass: no scale tells how much of it is water.
pub(super) fn of_wet(weight: Weight, is_wet: bool) -> Weight {
    if is_wet { weight.min(Weight::Unknown) } else { weight }
}
