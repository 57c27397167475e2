//! What the fields of an attestation and of a witness's statement say of each other.

use crate::model::event::{Attest, Event, Unplaced, Witness};
use crate::model::verdict::Verdict;

/// Checks an attestation.
pub(super) fn attest(attest: &Attest) -> Result<(), &'static str> {
    if attest.valid_until < attest.as_of {
        return Err("an attestation ends before the day it was judged for");
    }
    if attest.elements.is_empty() {
        return Err("an attestation is about at least one element");
    }
    if !attest.elements.is_sorted_by(|one, next| one.element < next.element) {
        return Err("the elements of an attestation ascend, each once");
    }
    let names_stages =
        |one: &Unplaced| !one.stages.is_empty() && one.stages.is_sorted_by(|one, next| one < next);
    if !attest.elements.iter().flat_map(|one| &one.unplaced).all(names_stages) {
        return Err("what is not placed has at least one stage, and its stages ascend, each once");
    }
    if attest.custody == Verdict::NotApplicable {
        return Err("the custody of a lot is judged or not, and never not applicable");
    }
    let held = |element| attest.elements.iter().any(|one| one.element == element);
    for touch in &attest.touches {
        if touch.most < touch.least {
            return Err("the most of an attested share is below its least");
        }
        if touch.most.ppb() == 0 {
            return Err("what did not happen is not attested");
        }
        if !held(touch.element) {
            return Err("a step is attested of an element that nothing else is said of");
        }
    }
    if !attest.touches.is_sorted_by_key(|touch| touch.element) {
        return Err("attested steps ascend by element");
    }
    let backwards = |mass: &crate::model::event::AttestedMass| mass.most < mass.least;
    if attest.elements.iter().any(|one| one.mass.shown().and_then(Option::as_ref).is_some_and(backwards)) {
        return Err("the most of an attested mass is below its least");
    }
    if attest.records.count == 0 {
        return Err("an attestation rests on at least one record");
    }
    Ok(())
}

/// Checks a witness's statement against the checkpoints it is about.
pub(super) fn witness(witness: &Witness, event: &Event) -> Result<(), &'static str> {
    if event.seen.is_empty() {
        return Err("a witness saw at least one checkpoint");
    }
    if witness.from.len() != event.seen.len() {
        return Err("a witness says of each checkpoint seen from which size its log goes on");
    }
    match witness.from.iter().zip(&event.seen).any(|(from, seen)| *from > seen.size) {
        true => Err("a log goes on from a size that is greater than its own"),
        false => Ok(()),
    }
}
