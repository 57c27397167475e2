//! How much of what a rule is about a thing made of parts holds: a duty may begin above so much in each piece.
//!
//! Bounds, never an average: what is shown is at least in it, and what is withheld or not told may be as much as the
//! thing weighs. A component whose own parts no record names counts as none. Linear in the lots between the parts and
//! the thing, once for each list of materials. Spec: docs/formats/rule-pack.md, "So much in a thing".

use std::cell::RefCell;
use std::collections::HashMap;

use super::kind::Outcome;
use super::pack::{Applies, Rule};
use super::say;
use crate::custody::assembly::{Assembly, Member, Portion};
use crate::custody::graph::{self, Graph};
use crate::model::event::Body;
use crate::model::interval::Interval;
use crate::model::lot::{Addition, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::verdict::Verdict;

/// A thing made of parts, in which something is judged.
#[derive(Debug)]
pub struct Thing<'a> {
    graph: &'a Graph,
    assembly: &'a Assembly,
    lot: LotRef,
    sums: RefCell<HashMap<Vec<Material>, Sum>>,
}

/// How much there is of some materials.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Sum {
    mass: Interval,
    /// Whether something is withheld that could tell more.
    is_withheld: bool,
}

/// Whether a rule that begins above so much reaches a thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// It does; how much there is.
    Over(String),
    /// It surely does not; how much there is at most.
    Under(String),
    /// It may.
    Open {
        /// How much there is.
        told: String,
        /// What would tell.
        resolve: &'static str,
        /// Whether something is withheld that could tell.
        is_withheld: bool,
    },
}

impl<'a> Thing<'a> {
    /// Returns the thing that `lot` is; `assembly` is what it is built of.
    pub fn new(graph: &'a Graph, assembly: &'a Assembly, lot: LotRef) -> Self {
        Self { graph, assembly, lot, sums: RefCell::default() }
    }

    /// Returns whether the rule reaches the thing; `None` where it does not ask how much, or there can be nothing.
    pub(super) fn reach(&self, rule: &Rule) -> Option<Reach> {
        let limit = rule.parts_over?;
        let sum = self.sum(rule);
        if sum.mass.high == 0 {
            return None;
        }
        let quantity = self.graph.lot(&self.lot).map(|lot| &lot.quantity);
        let shown = quantity.and_then(Maybe::shown);
        let counted = shown.and_then(|quantity| quantity.pieces).filter(|pieces| *pieces > 0);
        let materials: Vec<String> = rule.materials.iter().map(|one| format!("`{one}`")).collect();
        let materials = say::all_of(&materials.iter().map(String::as_str).collect::<Vec<_>>());
        let told = match counted {
            Some(1) => format!("{} of {materials} in it; the limit is {limit}", sum.mass),
            Some(pieces) => {
                format!("{} of {materials} in {pieces} pieces; the limit is {limit} a piece", sum.mass)
            }
            None => {
                format!("{} of {materials} in pieces not counted; the limit is {limit} a piece", sum.mass)
            }
        };
        // A lot is of one piece at least: what is not more in all of it is not more in any.
        let limit = Interval::exact(limit).high.saturating_mul(u128::from(counted.unwrap_or(1)));
        if sum.mass.high <= limit && !sum.mass.is_open() {
            return Some(Reach::Under(told));
        }
        Some(match counted {
            Some(_) if sum.mass.low > limit => Reach::Over(told),
            Some(_) => {
                let resolve = "record, or ask to be shown, the parts with their masses";
                Reach::Open { told, resolve, is_withheld: sum.is_withheld }
            }
            None => {
                let is_withheld = quantity.is_some_and(Maybe::is_withheld) || sum.is_withheld;
                Reach::Open {
                    told,
                    resolve: "record the number of pieces, or ask to be shown it",
                    is_withheld,
                }
            }
        })
    }

    fn sum(&self, rule: &Rule) -> Sum {
        if let Some(known) = self.sums.borrow().get(&rule.materials) {
            return *known;
        }
        let mut sums: Vec<Sum> = Vec::with_capacity(self.assembly.members.len());
        // Members stand sources first.
        for member in &self.assembly.members {
            let sum = if member.is_part { Sum::default() } else { self.of_thing(rule, member, &sums) };
            sums.push(sum);
        }
        let at = self.assembly.position(&self.lot);
        let sum = at.and_then(|at| sums.get(at).copied()).unwrap_or_default();
        self.sums.borrow_mut().insert(rule.materials.clone(), sum);
        sum
    }

    /// Returns how much is in a member that has parts; `sums` are of the members before it.
    fn of_thing(&self, rule: &Rule, member: &Member, sums: &[Sum]) -> Sum {
        let mut sum = Sum::default();
        for portion in &member.holds {
            let of_part = match self.assembly.members[portion.member].is_part {
                true => self.of_part(rule, member, portion),
                false => self.of_held(member, portion, sums[portion.member]),
            };
            sum.add(if portion.perhaps { of_part.perhaps() } else { of_part });
        }
        sum.add(self.of_additions(rule, member));
        if member.is_open {
            let is_withheld = self
                .graph
                .creator(&member.lot)
                .is_some_and(|record| graph::withheld_inputs(record).is_some());
            sum.add(Sum { mass: Interval::OPEN, is_withheld });
        }
        // A thing holds no more than it weighs, unless what is shown of it says so.
        if let Some(own) = self.quantity(&member.lot) {
            let most = Interval::weighed(own.mass, own.uncertainty).high;
            sum.mass.high = sum.mass.high.min(most).max(sum.mass.low);
        }
        sum
    }

    /// Returns how much a part without parts of its own brings in.
    fn of_part(&self, rule: &Rule, member: &Member, portion: &Portion) -> Sum {
        let lot = self.assembly.members[portion.member].lot;
        let part = self.graph.lot(&lot);
        let applies = part.map_or(Applies::Open, |part| rule.applies_to(&part.material));
        if applies == Applies::No {
            return Sum::default();
        }
        let uncertainty = self.quantity(&lot).map(|quantity| quantity.uncertainty).unwrap_or_default();
        let mass = match portion.mass {
            Some(mass) => Interval::weighed(mass, uncertainty),
            None => match self.taken(member, &lot) {
                Some(mass) => Interval { low: 0, ..Interval::weighed(mass, uncertainty) },
                None => Interval::OPEN,
            },
        };
        let sum = Sum { mass, is_withheld: portion.mass.is_none() && self.withholds_parts(member) };
        if applies == Applies::Open { sum.perhaps() } else { sum }
    }

    /// Returns how much of a thing that went in, or that it is under another record, comes with it.
    fn of_held(&self, member: &Member, portion: &Portion, held: Sum) -> Sum {
        let from = self.assembly.members[portion.member].lot;
        match self.ratio(member, portion, &from) {
            Some((part, whole)) => Sum { mass: scaled(held.mass, part, whole), ..held },
            None => {
                let is_hidden =
                    |lot: &LotRef| self.graph.lot(lot).is_some_and(|lot| lot.quantity.is_withheld());
                let is_withheld = is_hidden(&from) || is_hidden(&member.lot) || self.withholds_parts(member);
                Sum { is_withheld: held.is_withheld || is_withheld, ..held.perhaps() }
            }
        }
    }

    /// Returns which part of `from` went in, as a fraction; `None` where no record tells. Pieces of a lot are alike.
    fn ratio(&self, member: &Member, portion: &Portion, from: &LotRef) -> Option<(u128, u128)> {
        let record = self.graph.creator(&member.lot)?;
        let body = &record.event.body;
        if matches!(body, Body::Disassemble(_)) {
            return None;
        }
        let source = self.quantity(from)?;
        let is_one = body.is_pairwise() || graph::inputs(record).len() == 1;
        let own = self.quantity(&member.lot).and_then(|own| own.pieces);
        let pieces = if portion.is_part { portion.pieces } else { own.filter(|_| is_one) };
        if let Some((part, whole)) = pieces.zip(source.pieces).filter(|(_, whole)| *whole > 0) {
            return Some((u128::from(part), u128::from(whole)));
        }
        let is_split = body.outputs().len() > 1 && !body.is_pairwise();
        let taken = match portion.mass {
            Some(mass) => u128::from(mass.mg()),
            None if is_split => return None,
            None => u128::from(self.taken(member, from)?.mg()),
        };
        let whole = u128::from(source.mass.mg());
        (whole > 0).then_some((taken, whole))
    }

    /// Returns how much of `from` the record of a member took for it, or for all its outputs.
    fn taken(&self, member: &Member, from: &LotRef) -> Option<Mass> {
        let record = self.graph.creator(&member.lot)?;
        let inputs = graph::inputs(record);
        let taken = match record.event.body.is_pairwise() {
            true => inputs.get(member.lot.index as usize..=member.lot.index as usize)?,
            false => inputs,
        };
        let of_lot = taken.iter().filter(|input| input.lot == *from);
        of_lot.map(|input| Some(input.mass)).reduce(|sum, mass| sum?.checked_add(mass?))?
    }

    /// Returns how much joined without having been a lot: of several things any may have it.
    fn of_additions(&self, rule: &Rule, member: &Member) -> Sum {
        let Some(record) = self.graph.creator(&member.lot) else { return Sum::default() };
        let additions = match &record.event.body {
            Body::Assemble(assemble) => &assemble.additions,
            Body::Transform(transform) => &transform.additions,
            _ => return Sum::default(),
        };
        let MaybeList::Shown(shown) = additions else {
            let is_any = additions.count() > 0;
            let mass = if is_any { Interval::OPEN } else { Interval::ZERO };
            return Sum { mass, is_withheld: is_any };
        };
        let is_shared = record.event.body.outputs().len() > 1;
        let of_one = |one: &Addition| {
            let sum = Sum { mass: Interval::weighed(one.mass, one.uncertainty), is_withheld: false };
            match rule.applies_to(&one.material) {
                Applies::No => Sum::default(),
                Applies::Yes if !is_shared => sum,
                Applies::Yes | Applies::Open => sum.perhaps(),
            }
        };
        let mut sum = Sum::default();
        shown.iter().for_each(|one| sum.add(of_one(one)));
        sum
    }

    fn withholds_parts(&self, member: &Member) -> bool {
        let body = self.graph.creator(&member.lot).map(|record| &record.event.body);
        matches!(body, Some(Body::Assemble(assemble)) if assemble.parts.is_withheld())
    }

    fn quantity(&self, lot: &LotRef) -> Option<&Quantity> {
        self.graph.lot(lot)?.quantity.shown()
    }
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.mass = self.mass.plus(other.mass);
        self.is_withheld |= other.is_withheld;
    }

    /// Returns what it is where it need not be there at all.
    fn perhaps(self) -> Self {
        Self { mass: Interval { low: 0, ..self.mass }, ..self }
    }
}

/// Returns `part` of `whole` of a mass, at most all of it, rounded outward.
fn scaled(mass: Interval, part: u128, whole: u128) -> Interval {
    if part >= whole {
        return mass;
    }
    let low = mass.low.checked_mul(part).map_or(0, |product| product / whole);
    let high = match mass.is_open() {
        true => mass.high,
        false => mass.high.checked_mul(part).map_or(mass.high, |product| product.div_ceil(whole)),
    };
    Interval { low, high }
}

/// Holds an outcome back to what is known of how much there is: what may not be reached does not fail.
pub(super) fn held_back(reach: Option<Reach>, outcome: &mut Outcome) {
    let (told, resolve, is_withheld) = match reach {
        None | Some(Reach::Under(_)) => return,
        Some(Reach::Over(told)) => {
            outcome.notes.push(told);
            return;
        }
        Some(Reach::Open { told, resolve, is_withheld }) => (told, resolve, is_withheld),
    };
    // INVARIANT (no accusation on missing evidence): the rule may not be about this thing.
    for reason in outcome.reasons.iter_mut().filter(|reason| reason.verdict == Verdict::Fail) {
        reason.verdict = if is_withheld { Verdict::Withheld } else { Verdict::Unknown };
        reason.text.push_str("; whether the rule is about what it is in is not known");
        reason.resolve = Some(resolve.to_owned());
    }
    outcome.notes.push(format!("not known whether it is more: {told}"));
}
