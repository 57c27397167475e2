//! Handovers: a lot in transit is what was sent; what arrives is weighed again.

use super::lots::{self, Taken};
use super::{tags, values};
use crate::entry::draft::{Draft, LotDraft, ReceiverDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::Hash;
use crate::model::claim::ClaimCode;
use crate::model::event::{Dispatch, Receive, Receiver, Refuse};
use crate::model::fact::{Fact, FactCode, FactUnit, FactValue, MASS_AS_DISPATCHED, MASS_AS_STATED};
use crate::model::lot::{Lot, Quantity};
use crate::model::maybe::Maybe;

/// What a receiver writes who has no scale.
const AS_DISPATCHED: &str = "as dispatched";
/// What a sender writes who names the receiver later.
const LATER: &str = "later";

pub(super) fn dispatch(draft: &Draft, names: &dyn Resolver) -> Result<Dispatch, EntryError> {
    let Some(to) = &draft.to else {
        let example = "the name of a party, \"later\", or { name = \"...\" } for someone outside the ledger";
        return Err(error::missing("to", example));
    };
    let taken = lots::taken(draft, names)?;
    Ok(Dispatch {
        at: values::at(draft, names)?,
        receiver: Maybe::Shown(receiver(to, names)?),
        outputs: in_transit(draft, &taken, names)?,
        inputs: lots::inputs(&taken).into(),
        carrier: Maybe::Shown(values::some_outsider("carrier", &draft.carrier)?),
        due: error::some("due", &draft.due)?,
        stops: Maybe::Shown(tags::stops(&draft.tags.stops)?),
        claim: claim(draft)?,
    })
}

/// Returns the hash of the claim code; one makes sense only where the receiver is named later.
fn claim(draft: &Draft) -> Result<Option<Hash>, EntryError> {
    let code: Option<ClaimCode> = error::some("code", &draft.dealings.code)?;
    let is_later = matches!(&draft.to, Some(ReceiverDraft::Named(name)) if name == LATER);
    match code {
        Some(_) if !is_later => {
            let problem = "there is a claim code, and the receiver is named already";
            Err(EntryError::new("code", problem, Some("leave it out, or write to = \"later\"".into())))
        }
        code => Ok(code.map(|code| code.hash())),
    }
}

pub(super) fn refuse(draft: &Draft, names: &dyn Resolver) -> Result<Refuse, EntryError> {
    let taken = lots::taken(draft, names)?;
    let receiver = match &draft.to {
        Some(to) => receiver(to, names)?,
        None => sender(&taken, names)?,
    };
    Ok(Refuse {
        at: values::at(draft, names)?,
        receiver: Maybe::Shown(receiver),
        outputs: in_transit(draft, &taken, names)?,
        inputs: lots::inputs(&taken).into(),
        reason: Maybe::Shown(error::some_words("reason", &draft.reason, 256)?),
    })
}

pub(super) fn receive(draft: &Draft, names: &dyn Resolver) -> Result<Receive, EntryError> {
    let taken = lots::taken(draft, names)?;
    let outputs = pairs(draft, &taken, |field, one, given| {
        let mut lot = like(field, one, given)?;
        // What seals were on it on arrival is the receiver's own finding, and nothing to take over.
        lot.seals = None;
        let mass_at = format!("{field}/mass");
        match given.mass.as_deref() {
            Some(AS_DISPATCHED) => {
                lot.quantity = Maybe::Shown(carried(one));
                lot.facts.push(Fact {
                    code: FactCode::from_code(MASS_AS_DISPATCHED).expect("a code by its letters"),
                    unit: FactUnit::None,
                    value: FactValue::Number(1),
                });
                lot.facts.sort_by(|one, other| one.code.cmp(&other.code));
            }
            Some(_) => {
                let weighed = lots::quantity(field, given)?.expect("a mass is written");
                lot.quantity = Maybe::Shown(weighed);
            }
            None => {
                let hint = "weigh it and write `out = [{ mass = \"5392 kg\" }]`; who has no scale writes \
                            \"as dispatched\", and readers see that it was not weighed";
                let problem = "a receiver states its own weight, and there is none";
                return Err(EntryError::new(mass_at, problem, Some(hint.into())));
            }
        }
        let as_dispatched = lot.facts.iter().find(|fact| fact.code.as_str() == MASS_AS_DISPATCHED).cloned();
        lots::overlay(&mut lot, field, given, names)?;
        // Facts of one's own replace those that came with the lot, but not this one.
        if let Some(fact) = as_dispatched.filter(|fact| !lot.facts.contains(fact)) {
            lot.facts.push(fact);
            lot.facts.sort_by(|one, other| one.code.cmp(&other.code));
        }
        Ok(lot)
    })?;
    Ok(Receive { at: values::at(draft, names)?, inputs: lots::inputs(&taken).into(), outputs })
}

/// Returns the party that dispatched what is taken.
pub(super) fn sender(taken: &[Taken], names: &dyn Resolver) -> Result<Receiver, EntryError> {
    let sender = taken.first().and_then(|one| names.lot_author(&one.input.lot));
    Ok(Receiver::Party(sender.ok_or_else(|| error::missing("to", "the name of the sender"))?))
}

pub(super) fn receiver(to: &ReceiverDraft, names: &dyn Resolver) -> Result<Receiver, EntryError> {
    match to {
        ReceiverDraft::Named(name) if name == LATER => Ok(Receiver::Later),
        ReceiverDraft::Named(name) => names.party(name).map(Receiver::Party).map_err(|unknown| {
            let error = unknown.at("to");
            let outside = format!("for someone outside the ledger write {{ name = \"{name}\" }}");
            EntryError {
                hint: Some(error.hint.map_or(outside.clone(), |hint| format!("{hint}; {outside}"))),
                ..error
            }
        }),
        ReceiverDraft::Outside(outsider) => Ok(Receiver::Outside(values::outsider("to", outsider)?)),
    }
}

/// Lots in transit: what was taken, of equal mass.
pub(super) fn in_transit(
    draft: &Draft,
    taken: &[Taken],
    names: &dyn Resolver,
) -> Result<Vec<Lot>, EntryError> {
    pairs(draft, taken, |field, one, given| {
        if given.mass.is_some() {
            let problem = "a lot in transit has the mass that was taken for it";
            let hint = "write the mass in `in`, and leave it out here";
            return Err(EntryError::new(format!("{field}/mass"), problem, Some(hint.into())));
        }
        let mut lot = like(field, one, given)?;
        lot.quantity = Maybe::Shown(carried(one));
        lots::overlay(&mut lot, field, given, names)?;
        Ok(lot)
    })
}

/// Makes one output for each input; what is written in `out` stands beside it by position.
fn pairs(
    draft: &Draft,
    taken: &[Taken],
    make: impl Fn(&str, &Taken, &LotDraft) -> Result<Lot, EntryError>,
) -> Result<Vec<Lot>, EntryError> {
    if draft.outputs.len() > taken.len() {
        let problem =
            format!("{} lots come out of {} that are handed over", draft.outputs.len(), taken.len());
        return Err(EntryError::new("out", problem, Some("write one in `out` for each in `in`".into())));
    }
    let nothing = LotDraft::default();
    let one = |(index, one): (usize, &Taken)| {
        make(&format!("out/{index}"), one, draft.outputs.get(index).unwrap_or(&nothing))
    };
    taken.iter().enumerate().map(one).collect()
}

/// Returns a lot that is described like the one handed over.
fn like(field: &str, one: &Taken, given: &LotDraft) -> Result<Lot, EntryError> {
    let before = one.lot.as_ref();
    let material = match (error::some(&format!("{field}/material"), &given.material)?, before) {
        (Some(material), _) => material,
        (None, Some(before)) => before.material.clone(),
        (None, None) => return Err(error::missing(&format!("{field}/material"), "\"oxide.NdPr\"")),
    };
    let mut lot = Lot::new(material, Quantity::of(one.input.mass));
    if let Some(before) = before {
        lot.hs = before.hs;
        lot.custody_model = before.custody_model;
        lot.origin_class = before.origin_class;
        // How a mass came about is told of that mass, not of the next.
        let of_mass = [MASS_AS_DISPATCHED, MASS_AS_STATED];
        let told = before.facts.iter().filter(|fact| !of_mass.contains(&fact.code.as_str()));
        lot.facts = told.cloned().collect();
        // What was withheld here cannot be repeated: it is left unsaid.
        lot.composition = Maybe::Shown(before.composition.shown().cloned().unwrap_or_default());
        lot.marks = Maybe::Shown(before.marks.shown().cloned().unwrap_or_default());
        lot.owner = Maybe::Shown(before.owner.shown().copied().flatten());
        lot.label = before.label.clone().filter(|label| label.shown().is_some());
        lot.serials = before.serials.filter(|serials| serials.shown().is_some());
        lot.seals = before.seals.clone().filter(|seals| seals.shown().is_some());
        lot.documents = before.documents.clone().filter(|documents| documents.shown().is_some());
    }
    Ok(lot)
}

/// Returns the quantity of a stretch; count and packages where all of the lot is taken, or counted pieces or a
/// package of it.
fn carried(one: &Taken) -> Quantity {
    let Some(whole) = one.lot.as_ref().and_then(|lot| lot.quantity.shown()) else {
        return Quantity::of(one.input.mass);
    };
    Quantity { mass: one.input.mass, pieces: one.pieces, packages: one.packages.clone(), ..whole.clone() }
}
