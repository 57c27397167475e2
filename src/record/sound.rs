//! What the fields of one event say of each other. A record that breaks this is refused like a bad length.
//!
//! Nothing here needs another record. Spec: docs/formats/record.md, "What must hold within one body".

use crate::model::event::{Body, Event};
use crate::model::evidence::Mixing;
use crate::model::lot::Lot;
use crate::model::maybe::MaybeList;

/// Checks an event, as far as its values are shown.
///
/// # Errors
/// The sentence that does not hold.
pub fn check(event: &Event) -> Result<(), &'static str> {
    for lot in event.body.outputs() {
        check_lot(lot)?;
    }
    if let Some(MaybeList::Shown(inputs)) = event.body.inputs() {
        for input in inputs {
            if input.mass.mg() == 0 {
                return Err("a stretch has no length");
            }
            if input.end().is_none() {
                return Err("a stretch ends beyond what can be counted in milligrams");
            }
        }
    }
    match &event.body {
        Body::Extract(extract) if extract.outputs.is_empty() || extract.steps.is_empty() => {
            Err("an extraction names a step and at least one lot")
        }
        Body::OpeningStock(_) | Body::Intake(_) if event.body.outputs().is_empty() => {
            Err("an entry of material names at least one lot")
        }
        Body::Transform(transform) if transform.steps.is_empty() => Err("a transformation names a step"),
        Body::Transform(transform) if transform.inputs.count() == 0 => Err("a transformation has an input"),
        Body::Repack(repack) if repack.inputs.count() == 0 || repack.outputs.is_empty() => {
            Err("a repacking has inputs and outputs")
        }
        Body::Repack(repack) if repack.mixing == Mixing::Sequential => {
            Err("a repacking is discrete or homogenised")
        }
        Body::Dispose(dispose) if dispose.inputs.count() == 0 => Err("a disposal has an input"),
        body if body.is_pairwise() => {
            let inputs = body.inputs().map_or(0, MaybeList::count);
            if inputs == 0 || inputs != body.outputs().len() as u64 {
                return Err("a handover has one output for each input, and at least one");
            }
            Ok(())
        }
        Body::DeclareFacility(facility) => {
            if facility.stages.is_empty() {
                return Err("a facility names at least one stage");
            }
            if matches!((facility.opened, facility.closed), (Some(opened), Some(closed)) if closed < opened) {
                return Err("a facility closes before it opens");
            }
            Ok(())
        }
        _ => {
            let outputs = event.body.outputs().len() as u64;
            let beyond = |touch: &crate::model::event::DeclaredTouch| u64::from(touch.output) >= outputs;
            if event.body.declared_touches().iter().any(beyond) {
                return Err("a declared touch names an output that is not there");
            }
            Ok(())
        }
    }
}

fn check_lot(lot: &Lot) -> Result<(), &'static str> {
    if lot.facts.windows(2).any(|pair| pair[0].code >= pair[1].code) {
        return Err("facts of a lot are not strictly ascending by code");
    }
    if let Some(quantity) = lot.quantity.shown() {
        if quantity.mass.mg() == 0 {
            return Err("a lot has no mass");
        }
        if quantity.packages.iter().any(|package| package.gross < package.net) {
            return Err("a package weighs less gross than net");
        }
    }
    Ok(())
}
