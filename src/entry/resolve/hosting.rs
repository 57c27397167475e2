//! Stays: the operator of a facility lets another party work or store there.

use super::values;
use crate::entry::draft::Draft;
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::model::dealings::HostPurpose;
use crate::model::event::{EndStatus, Host};
use crate::model::maybe::Maybe;

pub(super) fn host(draft: &Draft, names: &dyn Resolver) -> Result<Host, EntryError> {
    let Some(guest) = &draft.dealings.guest else {
        return Err(error::missing("guest", "the name of the party that may work there"));
    };
    let Some(facility) = &draft.facility else {
        return Err(error::missing("facility", "the name of your facility"));
    };
    Ok(Host {
        guest: names.party(guest).map_err(|error| error.at("guest"))?,
        facility: names.facility(facility).map_err(|error| error.at("facility"))?,
        purpose: error::need::<HostPurpose>(
            "purpose",
            &draft.purpose,
            "\"tolling\", \"tenancy\" or \"warehouse\"",
        )?,
        stages: values::listed("stages", &draft.stages)?,
        valid: error::need("valid", &draft.valid, "\"2026-01-01..2026-12-31\"")?,
    })
}

/// Reads the end of a stay: by its record, or by guest and facility.
pub(super) fn end_host(draft: &Draft, names: &dyn Resolver) -> Result<EndStatus, EntryError> {
    let target = match (&draft.target, &draft.dealings.guest) {
        (Some(target), _) => names.record(target).map_err(|error| error.at("target"))?,
        (None, Some(guest)) => {
            let facility = draft.facility.as_deref().map(|name| names.facility(name)).transpose();
            let facility = facility.map_err(|error| error.at("facility"))?;
            names.stay_of(guest, facility.as_ref()).map_err(|error| error.at("guest"))?
        }
        (None, None) => return Err(error::missing("guest", "the name of the party that was let in")),
    };
    Ok(EndStatus {
        target,
        from: error::need("from", &draft.from, "\"2026-07-01\", the first day without it")?,
        until: None,
        reason: Maybe::Shown(error::some_words("reason", &draft.reason, 256)?),
    })
}
