//! What the fields of one event say of each other. A record that breaks this is refused like a bad length.
//!
//! Nothing here needs another record. Spec: docs/formats/record.md, "What must hold within one body".

mod attest;
mod things;

use crate::model::event::{
    ApplyTags, Assign, Body, DeclareBorder, EndStatus, Event, IssueTags, RequestReturn, Titled,
};
use crate::model::evidence::Mixing;
use crate::model::fact::{Fact, FactUnit, FactValue};
use crate::model::lot::Lot;
use crate::model::maybe::MaybeList;

/// Checks an event, as far as its values are shown.
///
/// # Errors
/// The sentence that does not hold.
pub fn check(event: &Event) -> Result<(), &'static str> {
    check_facts(&event.facts)?;
    if event.seen.iter().any(|checkpoint| checkpoint.size == 0) {
        return Err("a checkpoint seen covers no record");
    }
    if let Body::Witness(witness) = &event.body {
        attest::witness(witness, event)?;
    }
    check_body(&event.body)
}

fn check_body(body: &Body) -> Result<(), &'static str> {
    for lot in body.outputs() {
        check_lot(lot)?;
    }
    if let Some(MaybeList::Shown(inputs)) = body.inputs() {
        for input in inputs {
            if input.mass.mg() == 0 {
                return Err("a stretch has no length");
            }
            if input.end().is_none() {
                return Err("a stretch ends beyond what can be counted in milligrams");
            }
        }
    }
    match body {
        Body::Extract(extract) if extract.outputs.is_empty() || extract.steps.is_empty() => {
            Err("an extraction names a step and at least one lot")
        }
        Body::OpeningStock(_) | Body::Intake(_) if body.outputs().is_empty() => {
            Err("an entry of material names at least one lot")
        }
        Body::Collect(collect) if collect.outputs.is_empty() || collect.steps.is_empty() => {
            Err("a collection names a step and at least one lot")
        }
        Body::Draw(draw) if draw.outputs.is_empty() || draw.steps.is_empty() => {
            Err("a draw names a step and at least one lot")
        }
        Body::Charge(charge) if charge.inputs.count() == 0 => Err("a charge has an input"),
        Body::Assemble(assemble) => things::assemble(assemble),
        Body::Disassemble(disassemble) => things::disassemble(disassemble),
        Body::Assign(Assign { lots, .. })
        | Body::RequestReturn(RequestReturn { lots, .. })
        | Body::DeclareBorder(DeclareBorder { lots, .. })
            if lots.is_empty() =>
        {
            Err("it names at least one lot")
        }
        Body::IssueTags(IssueTags { tags, .. }) if tags.count() == 0 => Err("it names at least one tag"),
        Body::ApplyTags(ApplyTags { tags, .. }) if tags.count() == 0 => Err("it names at least one tag"),
        Body::TransferTitle(title) => check_titled(&title.titled),
        Body::Correct(correct) => check_body(&correct.replacement.0),
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
        Body::Attest(attest) => attest::attest(attest),
        Body::Establish(establish) => once(&establish.roles),
        Body::Accredit(accredit) => once(&accredit.stages).and_then(|()| once(&accredit.materials)),
        Body::Certify(certify) => once(&certify.stages).and_then(|()| once(&certify.materials)),
        Body::RegisterDocument(document) => once(&document.stages),
        Body::Host(host) => once(&host.stages),
        Body::Waive(waive) => once(&waive.materials),
        Body::WithdrawAccreditation(EndStatus { until: Some(_), .. }) => {
            Err("a withdrawn accreditation does not come back")
        }
        Body::EndHost(EndStatus { until: Some(_), .. }) => Err("a stay that ended does not come back"),
        Body::SuspendCertificate(end) if end.until.is_some_and(|until| until < end.from) => {
            Err("a suspension ends before it begins")
        }
        Body::DeclareFacility(facility) => {
            if facility.stages.is_empty() {
                return Err("a facility names at least one stage");
            }
            let stages: Vec<_> = facility.stages.iter().map(|capability| capability.stage).collect();
            once(&stages)?;
            if matches!((facility.opened, facility.closed), (Some(opened), Some(closed)) if closed < opened) {
                return Err("a facility closes before it opens");
            }
            Ok(())
        }
        _ => {
            let outputs = body.outputs().len() as u64;
            let beyond = |touch: &crate::model::event::DeclaredTouch| u64::from(touch.output) >= outputs;
            if body.declared_touches().iter().any(beyond) {
                return Err("a declared touch names an output that is not there");
            }
            Ok(())
        }
    }
}

fn check_titled(titled: &MaybeList<Titled>) -> Result<(), &'static str> {
    if titled.count() == 0 {
        return Err("a title is over something");
    }
    match titled.shown().unwrap_or_default().iter().any(|one| one.mass.mg() == 0) {
        true => Err("a title is over no mass"),
        false => Ok(()),
    }
}

fn check_lot(lot: &Lot) -> Result<(), &'static str> {
    check_facts(&lot.facts)?;
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

/// Texts and hashes have no unit.
fn check_facts(facts: &[Fact]) -> Result<(), &'static str> {
    let unit_fits = |fact: &Fact| matches!(fact.value, FactValue::Number(_)) || fact.unit == FactUnit::None;
    if facts.iter().all(unit_fits) { Ok(()) } else { Err("a text or hash among the facts has a unit") }
}

/// A list that stands for a set names nothing twice; its order is the author's.
fn once<T: PartialEq>(entries: &[T]) -> Result<(), &'static str> {
    let repeated = entries.iter().enumerate().any(|(at, entry)| entries[..at].contains(entry));
    if repeated { Err("a list of roles, stages or materials names one twice") } else { Ok(()) }
}
