//! Claim accounts, waivers, inspections and ties.

use super::{evidence, handover, lots, values};
use crate::entry::draft::{CreditDraft, Draft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::event::{Appoint, ClaimAccount, CloseAccount, Credit, Inspect, RetireClaim, Waive};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::Maybe;

pub(super) fn close_account(draft: &Draft, names: &dyn Resolver) -> Result<CloseAccount, EntryError> {
    let given = &draft.claims;
    let previous = given.previous.as_deref().map(|name| names.record(name)).transpose();
    Ok(CloseAccount {
        account: account(draft, names)?,
        period: error::need("on", &draft.on, "\"2026-01-01..2026-03-31\"")?,
        previous: previous.map_err(|error| error.at("previous"))?,
        factor: error::some("factor", &given.factor)?.unwrap_or(Fraction::ONE),
        opening: Maybe::Shown(credits("opening", &given.opening, names)?),
        credits: credits("credit", &given.credits, names)?.into(),
        closing: Maybe::Shown(error::need("closing", &given.closing, "\"120 kg\"")?),
    })
}

pub(super) fn retire_claim(draft: &Draft, names: &dyn Resolver) -> Result<RetireClaim, EntryError> {
    let given = &draft.claims;
    let serial = given.serial.as_ref().ok_or_else(|| error::missing("serial", "\"RC-2026-0007\""))?;
    let mass: Mass = error::need("mass", &given.mass, "\"12 kg\"")?;
    if mass == Mass::ZERO {
        return Err(EntryError::new("mass", "a claim over nothing", Some("write what is claimed".into())));
    }
    let lot = draft.lot.as_deref().map(|lot| names.lot(lot)).transpose();
    let beneficiary = draft.to.as_ref().map(|to| handover::receiver(to, names)).transpose()?;
    Ok(RetireClaim {
        account: account(draft, names)?,
        serial: error::words("serial", serial, 64)?,
        mass,
        day: error::need("on", &draft.on, "\"2026-02-14\"")?,
        vintage: error::some("vintage", &given.vintage)?,
        lot: lot.map_err(|error| error.at("lot"))?,
        beneficiary: Maybe::Shown(beneficiary),
    })
}

pub(super) fn waive(draft: &Draft, names: &dyn Resolver) -> Result<Waive, EntryError> {
    let given = &draft.claims;
    let rule = given.rule.as_ref().ok_or_else(|| error::missing("rule", "\"252.225-7052\""))?;
    let subject = draft.subject.as_deref().map(|name| names.party(name)).transpose();
    let lot =
        |(index, name): (usize, &String)| names.lot(name).map_err(|error| error.at(&format!("lots/{index}")));
    let part = |(index, text): (usize, &String)| error::words(&format!("part_numbers/{index}"), text, 64);
    let material = |(index, text): (usize, &String)| error::text(&format!("materials/{index}"), text);
    let mut materials =
        draft.materials.iter().enumerate().map(material).collect::<Result<Vec<Material>, EntryError>>()?;
    materials.sort();
    materials.dedup();
    Ok(Waive {
        rule: error::words("rule", rule, 128)?,
        subject: subject.map_err(|error| error.at("subject"))?,
        lots: given.lots.iter().enumerate().map(lot).collect::<Result<Vec<LotRef>, EntryError>>()?,
        part_numbers: given.part_numbers.iter().enumerate().map(part).collect::<Result<_, EntryError>>()?,
        materials,
        valid: error::need("valid", &draft.valid, "\"2026-01-01..2026-12-31\"")?,
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
    })
}

pub(super) fn inspect(draft: &Draft, names: &dyn Resolver) -> Result<Inspect, EntryError> {
    let given = &draft.claims;
    let about = draft.about.first().ok_or_else(|| error::missing("about", "\"lot:W1\""))?;
    let report = given.report.as_deref().map(|hash| values::hash("report", hash)).transpose()?;
    Ok(Inspect {
        about: evidence::subject("about", about, names)?,
        period: Maybe::Shown(error::need("on", &draft.on, "\"2026-03-16\"")?),
        scheme: error::some_words("scheme", &draft.scheme, 64)?,
        outcome: error::need("outcome", &given.outcome, "\"confirmed\"")?,
        quantity: Maybe::Shown(lots::quantity("", &draft.measured)?),
        report,
        summary: Maybe::Shown(error::some_words("summary", &given.summary, 512)?),
    })
}

pub(super) fn appoint(draft: &Draft, names: &dyn Resolver) -> Result<Appoint, EntryError> {
    let given = &draft.claims;
    let party = given.party.as_ref().ok_or_else(|| error::missing("party", "the name of the other party"))?;
    let share: Option<Fraction> = error::some("share", &given.share)?;
    if share.is_some_and(|share| share > Fraction::ONE) {
        let hint = "write at most \"100 %\"".to_owned();
        return Err(EntryError::new("share", "more than all of the capital", Some(hint)));
    }
    Ok(Appoint {
        party: names.party(party).map_err(|error| error.at("party"))?,
        tie: error::need("tie", &given.tie, "\"parent\"")?,
        share,
        valid: error::need("valid", &draft.valid, "\"2026-01-01..2030-12-31\"")?,
    })
}

fn account(draft: &Draft, names: &dyn Resolver) -> Result<ClaimAccount, EntryError> {
    let Some(facility) = &draft.facility else {
        return Err(error::missing("facility", "the facility whose account it is, by name"));
    };
    let scheme = draft.scheme.as_ref().ok_or_else(|| error::missing("scheme", "\"ISO 22095\""))?;
    let characteristic = draft.claims.characteristic.as_ref();
    let characteristic =
        characteristic.ok_or_else(|| error::missing("characteristic", "\"recycled.post_consumer\""))?;
    Ok(ClaimAccount {
        facility: names.facility(facility).map_err(|error| error.at("facility"))?,
        scheme: error::words("scheme", scheme, 64)?,
        characteristic: error::words("characteristic", characteristic, 64)?,
        elements: error::need("of", &draft.claims.elements, "\"Nd\"")?,
    })
}

fn credits(field: &str, given: &[CreditDraft], names: &dyn Resolver) -> Result<Vec<Credit>, EntryError> {
    let read = |(index, one): (usize, &CreditDraft)| {
        let at = |part: &str| format!("{field}/{index}/{part}");
        let lot = one.lot.as_deref().map(|lot| names.lot(lot)).transpose();
        Ok(Credit {
            day: error::need(&at("on"), &one.on, "\"2026-01-31\"")?,
            lot: lot.map_err(|error| error.at(&at("lot")))?,
            mass: error::need(&at("mass"), &one.mass, "\"41 t\"")?,
            expires: error::some(&at("expires"), &one.expires)?,
        })
    };
    given.iter().enumerate().map(read).collect()
}
