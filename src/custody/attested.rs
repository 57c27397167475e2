//! Lots whose way an attestation tells, where the records that would tell it are not shown.
//!
//! Whose attestations count is the reader's choice and made elsewhere. Here they are facts: where the record of a lot itself
//! leaves open what the lot was made of, the lot is an entry whose past is declared, as that of an intake is. Where
//! records tell the way, they decide, and what is attested is only compared. Spec: docs/verification.md, "Attestations".

use super::graph::{self, Graph};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::element::Element;
use crate::model::event::{Attest, AttestedTouch, Body, Unplaced};
use crate::model::evidence::Presence;
use crate::model::finding::Weight;
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::place::Place;
use crate::model::record::Record;
use crate::model::stage::Step;

/// What is attested of a lot, and counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attested {
    /// The lot.
    pub lot: LotRef,
    /// The records that attest it, ascending.
    pub records: Vec<RecordId>,
    /// Their authors, ascending.
    pub by: Vec<PartyId>,
    /// The last day for which all of them may be relied on.
    pub until: Day,
    /// The way of each element that is spoken of, ascending.
    pub ways: Vec<AttestedWay>,
}

/// What is attested of the way of one element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttestedWay {
    /// The element.
    pub element: Element,
    /// The most of which nothing is known.
    pub unknown: Fraction,
    /// What must have been done to it and is not placed.
    pub unplaced: Vec<Unplaced>,
    /// The steps it went through.
    pub touches: Vec<AttestedTouch>,
    /// The record that says so.
    pub record: RecordId,
    /// Its author.
    pub by: PartyId,
}

/// Two attestations of one lot, or an attestation and the records, which cannot both be true.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Apart {
    /// Of which element.
    pub element: Element,
    /// Of which step.
    pub step: Step,
    /// Done where.
    pub place: Place,
    /// Between which two shares the one puts it.
    pub one: (Fraction, Fraction),
    /// Between which the other does.
    pub other: (Fraction, Fraction),
}

impl Attested {
    /// Returns what one record attests.
    pub fn new(record: &Record, attest: &Attest) -> Self {
        let touches_of = |element: Element| {
            let of = attest.touches.iter().filter(move |touch| touch.element == element);
            of.cloned().collect()
        };
        let ways = attest.elements.iter().map(|one| AttestedWay {
            element: one.element,
            unknown: one.unknown,
            unplaced: one.unplaced.clone(),
            touches: touches_of(one.element),
            record: record.id,
            by: record.author,
        });
        let (records, by) = (vec![record.id], vec![record.author]);
        Self { lot: attest.lot, records, by, until: attest.valid_until, ways: ways.collect() }
    }

    /// Returns what is attested of an element.
    pub fn way(&self, element: Element) -> Option<&AttestedWay> {
        self.ways.iter().find(|way| way.element == element)
    }

    /// Joins two attestations of one lot: of each element the one that leaves less open counts, within the bounds of both.
    ///
    /// # Errors
    /// [`Apart`] where both cannot be true.
    pub fn meet(mut self, other: &Self) -> Result<Self, Apart> {
        for theirs in &other.ways {
            match self.ways.iter_mut().find(|way| way.element == theirs.element) {
                None => self.ways.push(theirs.clone()),
                Some(ours) => {
                    if let Some(apart) = ours.apart(theirs) {
                        return Err(apart);
                    }
                    if theirs.unknown < ours.unknown {
                        let before = std::mem::replace(ours, theirs.clone());
                        ours.tighten(&before);
                    } else {
                        ours.tighten(theirs);
                    }
                }
            }
        }
        self.ways.sort_by_key(|way| way.element);
        self.records.extend(&other.records);
        self.records.sort_unstable();
        self.by.extend(&other.by);
        self.by.sort_unstable();
        self.by.dedup();
        self.until = self.until.min(other.until);
        Ok(self)
    }
}

impl AttestedWay {
    /// Returns between which shares the truth lies of what went through `step` within `place`: what is not known may
    /// have done so too.
    pub fn truth(&self, step: Step, place: Place) -> (Fraction, Fraction) {
        let of_step = || self.touches.iter().filter(|touch| touch.step == step);
        let within = of_step().filter(|touch| touch.place.is_some_and(|at| place.covers(at)));
        let least = within.map(|touch| touch.least).max().unwrap_or(Fraction::ZERO);
        let meets =
            |touch: &&AttestedTouch| touch.place.is_none_or(|at| place.covers(at) || at.covers(place));
        let most = of_step().filter(meets).fold(self.unknown.ppb(), |sum, touch| {
            sum.saturating_add(touch.most.ppb()).min(Fraction::ONE.ppb())
        });
        (least, Fraction::from_ppb(most))
    }

    /// Whether the lot has none of the element: it went through nothing, and nothing about it is unknown.
    pub fn is_absent(&self) -> bool {
        self.touches.is_empty() && self.unknown == Fraction::ZERO
    }

    /// Whether a step within a place surely lies on the way.
    pub fn surely(&self, step: Step, place: Place) -> bool {
        self.touches.iter().any(|touch| {
            touch.step == step
                && touch.presence == Presence::Certain
                && touch.place.is_some_and(|at| place.covers(at))
        })
    }

    /// Returns a step of which two ways cannot both be true, if there is one.
    pub fn apart(&self, other: &Self) -> Option<Apart> {
        let all = self.touches.iter().chain(&other.touches);
        let placed = all.filter_map(|touch| Some((touch.step, touch.place?)));
        placed.into_iter().find_map(|(step, place)| {
            let (one, two) = (self.truth(step, place), other.truth(step, place));
            // What one says is surely there is there with some share, however small.
            let none = Fraction::ZERO;
            let denied =
                (self.surely(step, place) && two.1 == none) || (other.surely(step, place) && one.1 == none);
            (denied || one.1 < two.0 || two.1 < one.0).then_some(Apart {
                element: self.element,
                step,
                place,
                one,
                other: two,
            })
        })
    }

    /// Narrows bounds to what another way allows, where one touch alone stands for a step in a place.
    fn tighten(&mut self, other: &Self) {
        let alone = |at: usize| {
            let one = &self.touches[at];
            let place = one.place?;
            let mut same = self.touches.iter().enumerate().filter(|(other, _)| *other != at);
            let meets = |touch: &AttestedTouch| {
                touch.step == one.step && touch.place.is_none_or(|it| it.covers(place) || place.covers(it))
            };
            (!same.any(|(_, touch)| meets(touch))).then(|| other.truth(one.step, place))
        };
        let bounds: Vec<_> = (0..self.touches.len()).map(alone).collect();
        for (touch, bounds) in self.touches.iter_mut().zip(bounds) {
            let Some((least, most)) = bounds else { continue };
            touch.most = touch.most.min(most);
            touch.least = touch.least.max(least).min(touch.most);
        }
    }
}

impl Graph {
    /// Returns the graph of the same records, in which these attestations tell the ways that records leave open.
    ///
    /// Of each lot one is taken; those of lots whose way is told are left out.
    pub fn with_attested(mut self, attested: Vec<Attested>) -> Self {
        let all = attested.into_iter().filter(|one| is_cut(&self, &one.lot));
        let all: std::collections::BTreeMap<LotRef, Attested> = all.map(|one| (one.lot, one)).collect();
        self.attested = all;
        self
    }

    /// Returns the attestations that tell what records leave open, ascending by lot.
    pub fn attested(&self) -> impl Iterator<Item = &Attested> {
        self.attested.values()
    }

    /// Returns what is attested of a lot whose way records leave open.
    pub fn attested_of(&self, lot: &LotRef) -> Option<&Attested> {
        // Nearly every graph has none.
        if self.attested.is_empty() { None } else { self.attested.get(lot) }
    }

    /// Whether output `index` of the record at `position` is told by an attestation.
    pub(in crate::custody) fn is_attested(&self, position: usize, index: u32) -> bool {
        !self.attested.is_empty()
            && self.attested.contains_key(&LotRef { record: self.records()[position].id, index })
    }
}

/// Whether the record of a lot leaves open what the lot was made of, so that an attestation of it can tell.
///
/// Of things built of parts each part is attested by itself, and what was drawn from a circuit as it was handed over: what else
/// an account leaves open is told in findings of its own.
pub fn is_cut(graph: &Graph, lot: &LotRef) -> bool {
    let Some(position) = graph.position(&lot.record).filter(|_| graph.lot(lot).is_some()) else {
        return false;
    };
    let record = &graph.records()[position];
    let hidden = graph::withheld_inputs(record).is_some();
    let missing = || graph.inputs_of(lot).any(|at| graph.lot(&graph::inputs(record)[at].lot).is_none());
    match &record.event.body {
        Body::Transform(transform) => {
            hidden || matches!(transform.additions, MaybeList::Withheld(1..)) || missing()
        }
        body if matches!(body, Body::Repack(_)) || body.is_pairwise() => hidden || missing(),
        _ => false,
    }
}

/// Returns the outputs of a record, of which what went in is not told, with what that means: `weight`, and for those of which an
/// attestation tells it, that it is to be read.
pub(super) fn by_attestation(graph: &Graph, record: &Record, weight: Weight) -> Vec<(Vec<LotRef>, Weight)> {
    let outputs = graph::outputs(record).map(|(lot, _)| lot);
    let (told, open): (Vec<LotRef>, Vec<LotRef>) = outputs.partition(|lot| graph.attested_of(lot).is_some());
    match told.is_empty() {
        true => vec![(open, weight)],
        false => {
            [(open, weight), (told, Weight::Note)].into_iter().filter(|(lots, _)| !lots.is_empty()).collect()
        }
    }
}
