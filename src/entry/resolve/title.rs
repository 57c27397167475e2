//! Titles, receipts and pledges; facilities given up; limits.

use super::handover;
use crate::entry::draft::{Draft, LimitDraft, TitledDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::RecordId;
use crate::model::dealings::{Span, Title};
use crate::model::event::{CedeFacility, Limit, Receiver, Titled, TransferTitle};
use crate::model::lot::Lot;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

pub(super) fn transfer_title(draft: &Draft, names: &dyn Resolver) -> Result<TransferTitle, EntryError> {
    let title: Title = error::need("title", &draft.title.title, "\"sale\"")?;
    let target = draft.target.as_deref().map(|name| names.record(name)).transpose();
    let target = target.map_err(|error| error.at("target"))?;
    if target.is_none() && matches!(title, Title::Release | Title::Endorse) {
        let ended =
            if title == Title::Release { "pledge or receipt that ends" } else { "receipt that is passed on" };
        return Err(error::missing("target", &format!("the record of the {ended}")));
    }
    if draft.until.is_some() && !matches!(title, Title::Pledge | Title::Receipt) {
        let problem = format!("a {title} has no last day");
        let hint = "leave `until` out: only pledges and receipts end on a day".to_owned();
        return Err(EntryError::new("until", problem, Some(hint)));
    }
    let from = error::need("from", &draft.from, "\"2026-11-03\"")?;
    let until = error::some("until", &draft.until)?;
    if until.is_some_and(|until| until < from) {
        return Err(EntryError::new("until", "it lies before `from`", None));
    }
    let earlier = target.and_then(|target| names.title(&target));
    let titled = match (&draft.title.lots[..], &earlier) {
        // A receipt that is passed on or released is over what it was over.
        ([], Some((_, earlier))) => match &earlier.titled {
            MaybeList::Shown(titled) => titled.clone(),
            MaybeList::Withheld(_) => {
                return Err(error::missing("lots", "[{ lot = \"NDPR-1\", mass = \"20 t\" }]"));
            }
        },
        ([], None) => return Err(error::missing("lots", "[\"NDPR-1\"]")),
        (lots, _) => {
            let one = |(index, lot): (usize, &TitledDraft)| titled(&format!("lots/{index}"), lot, names);
            lots.iter().enumerate().map(one).collect::<Result<_, EntryError>>()?
        }
    };
    let to = match (&draft.to, &earlier) {
        (Some(to), _) => handover::receiver(to, names)?,
        // What is released goes back to who gave it.
        (None, Some((by, _))) if title == Title::Release => Receiver::Party(*by),
        (None, _) => return Err(error::missing("to", "the name of the party it passes to")),
    };
    Ok(TransferTitle {
        title,
        titled: titled.into(),
        to: Maybe::Shown(to),
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
        from,
        until,
        target,
    })
}

fn titled(field: &str, given: &TitledDraft, names: &dyn Resolver) -> Result<Titled, EntryError> {
    let lot = names.lot(&given.lot).map_err(|error| error.at(&format!("{field}/lot")))?;
    let from: Option<Mass> = error::some(&format!("{field}/from"), &given.from)?;
    let mass_at = format!("{field}/mass");
    let mass = match error::some(&mass_at, &given.mass)? {
        Some(mass) => mass,
        None => {
            let whole = names.lot_value(&lot).as_ref().and_then(Lot::mass).ok_or_else(|| {
                let problem = format!("the mass of lot `{}` is not known here", given.lot);
                EntryError::new(mass_at.clone(), problem, Some("write the mass the title is over".into()))
            })?;
            whole.checked_sub(from.unwrap_or(Mass::ZERO)).ok_or_else(|| {
                EntryError::new(format!("{field}/from"), format!("the lot has only {whole}"), None)
            })?
        }
    };
    if mass == Mass::ZERO {
        return Err(EntryError::new(mass_at, "a title over nothing says nothing", None));
    }
    Ok(Titled { lot, from, mass })
}

pub(super) fn cede_facility(draft: &Draft, names: &dyn Resolver) -> Result<CedeFacility, EntryError> {
    let Some(facility) = &draft.facility else {
        return Err(error::missing("facility", "the name of the facility that is given up"));
    };
    let Some(to) = &draft.to else {
        return Err(error::missing("to", "the name of the party that takes it over"));
    };
    Ok(CedeFacility {
        facility: names.facility(facility).map_err(|error| error.at("facility"))?,
        to: handover::receiver(to, names)?,
        from: error::need("from", &draft.from, "\"2026-11-03\": the first day under the new operator")?,
    })
}

/// Reads what a facility succeeds: the record by which its operator before gave it up.
pub(super) fn succeeds(draft: &Draft, names: &dyn Resolver) -> Result<Option<RecordId>, EntryError> {
    let named = draft.title.succeeds.as_deref().map(|name| names.record(name));
    named.transpose().map_err(|error| error.at("succeeds"))
}

/// Reads the limit of an accreditation.
pub(super) fn limit(draft: &Draft) -> Result<Option<Limit>, EntryError> {
    let Some(LimitDraft { mass, per }) = &draft.title.limit else { return Ok(None) };
    let limit = Limit {
        mass: error::need("limit/mass", mass, "\"2500 t\"")?,
        per: error::need::<Span>("limit/per", per, "\"year\"")?,
    };
    if limit.mass == Mass::ZERO {
        return Err(EntryError::new("limit/mass", "a limit of nothing would allow nothing", None));
    }
    Ok(Some(limit))
}
