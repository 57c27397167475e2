//! What an attestation says against what the records show, computed again by whoever holds them.

use std::collections::BTreeSet;

use crate::balance::content::Contents;
use crate::custody::attested::{Apart, Attested, AttestedWay};
use crate::custody::touch::{self, ElementPath, Presence, Touch, TouchPlace};
use crate::model::event::Attest;
use crate::model::fraction::Fraction;
use crate::model::interval::{ONE, Share, WHOLE};
use crate::model::place::Place;
use crate::model::stage::Step;
use crate::origin::traced::Traced;

/// Returns what of an attestation the records show not to be so, if anything.
///
/// Whatever is not held, withheld or open in them may be as the attestation says. Shares are compared only where both were
/// computed with the same bands. Linear in the ancestry for each element and step.
pub(super) fn by_records(contents: &Contents<'_>, attest: &Attest, one: &Attested) -> Option<Apart> {
    let graph = contents.graph();
    graph.lot(&one.lot)?;
    let same_bands = attest.bands == contents.bands().hash;
    one.ways.iter().find_map(|way| {
        // Of what is not in the lot its record did nothing either: only what surely is in it can be told to be missing.
        if way.is_absent() && contents.in_lot(&one.lot, way.element).low == 0 {
            return None;
        }
        let path = touch::paths(graph, &one.lot, &[way.element]).pop()?;
        let traced = Traced::new(contents, &one.lot, way.element);
        let shown = Shown { path: &path, traced: &traced };
        shown.of(way).into_iter().find_map(|(step, place)| {
            let said = way.truth(step, place);
            let found = shown.truth(step, place);
            let denied = said.1 == Fraction::ZERO && shown.surely(step, place);
            let differ = least_of(said) > found.high || found.low > most_of(said);
            (denied || (same_bands && differ)).then(|| Apart {
                element: way.element,
                step,
                place,
                one: said,
                other: (found.least(), found.most()),
            })
        })
    })
}

fn least_of((least, _): (Fraction, Fraction)) -> u128 {
    u128::from(least.ppb()) * WHOLE
}

fn most_of((_, most): (Fraction, Fraction)) -> u128 {
    u128::from(most.ppb()) * WHOLE
}

/// What the records show of one element of a lot.
struct Shown<'a> {
    path: &'a ElementPath,
    traced: &'a Traced,
}

impl Shown<'_> {
    /// Returns every step in a place that the records or the attestation speak of.
    fn of(&self, way: &AttestedWay) -> BTreeSet<(Step, Place)> {
        let attested = way.touches.iter().filter_map(|touch| Some((touch.step, touch.place?)));
        let recorded = self.path.touches.iter().filter_map(|touch| Some((touch.step, at(touch)?)));
        attested.chain(recorded).collect()
    }

    /// Returns between which shares the truth lies: what is not known or not placed may have been done there.
    fn truth(&self, step: Step, place: Place) -> Share {
        let within = |touch: &Touch| touch.step == step && at(touch).is_some_and(|at| place.covers(at));
        let may_be = |touch: &Touch| {
            touch.step == step && at(touch).is_none_or(|at| place.covers(at) || at.covers(place))
        };
        let most = self.traced.share(may_be).high.saturating_add(self.traced.unknown().high);
        Share { low: self.traced.share(within).low, high: most.min(ONE) }
    }

    /// Whether a step in a place surely lies on the way.
    fn surely(&self, step: Step, place: Place) -> bool {
        self.path.touches.iter().any(|touch| {
            touch.step == step
                && touch.presence == Presence::Certain
                && at(touch).is_some_and(|at| place.covers(at))
        })
    }
}

fn at(touch: &Touch) -> Option<Place> {
    match &touch.place {
        TouchPlace::At { place, .. } => Some(*place),
        TouchPlace::Withheld { .. } | TouchPlace::NotHeld { .. } => None,
    }
}
