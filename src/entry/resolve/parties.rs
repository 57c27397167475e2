//! Events about parties, places and their status.

use super::values;
use crate::entry::draft::{Draft, ReceiverDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::event::{Accredit, Certify, EndStatus, Withdraw};
use crate::model::facility::{Capability, DeclareFacility, Operator};
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::nearest::nearest;
use crate::model::party::Establish;
use crate::model::stage::Stage;

pub(super) fn establish(draft: &Draft) -> Result<Establish, EntryError> {
    let name = draft.name.as_ref().ok_or_else(|| error::missing("name", "\"Mountain Mine Inc.\""))?;
    Ok(Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown(error::words("name", name, 256)?),
        country: error::need("country", &draft.country, "\"US\"")?,
        roles: values::listed("roles", &draft.roles)?,
        identifiers: Maybe::Shown(values::identifiers("identifiers", &draft.identifiers)?),
        address: Maybe::Shown(error::some_words("address", &draft.address, 256)?),
    })
}

pub(super) fn declare_facility(draft: &Draft, names: &dyn Resolver) -> Result<DeclareFacility, EntryError> {
    let name = draft.name.as_ref().ok_or_else(|| error::missing("name", "\"Separation plant\""))?;
    let operator = match &draft.operator {
        None => Operator::Author,
        Some(ReceiverDraft::Named(party)) => {
            Operator::Party(names.party(party).map_err(|error| error.at("operator"))?)
        }
        Some(ReceiverDraft::Outside(outsider)) => {
            Operator::Outside(Maybe::Shown(values::outsider("operator", outsider)?))
        }
    };
    Ok(DeclareFacility {
        operator,
        name: Maybe::Shown(error::words("name", name, 256)?),
        place: error::need("place", &draft.place, "\"US-CA\"")?,
        coordinates: draft.coordinates.as_deref().map(coordinates).transpose()?,
        address: Maybe::Shown(error::some_words("address", &draft.address, 256)?),
        stages: capabilities(draft)?,
        choke_point: draft.choke_point.unwrap_or(false),
        identifiers: Maybe::Shown(values::identifiers("identifiers", &draft.identifiers)?),
        opened: error::some("opened", &draft.opened)?,
        closed: error::some("closed", &draft.closed)?,
        circuits: super::accounts::circuits(draft)?,
        succeeds: super::title::succeeds(draft, names)?,
    })
}

pub(super) fn accredit(draft: &Draft, names: &dyn Resolver) -> Result<Accredit, EntryError> {
    Ok(Accredit {
        subject: subject(draft, names)?,
        facility: facility(draft, names)?,
        role: error::need("role", &draft.role, "\"separator\"")?,
        valid: error::need("valid", &draft.valid, "\"2025-01-01..2027-12-31\"")?,
        scheme: scheme(draft)?,
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
        stages: values::listed("stages", &draft.stages)?,
        materials: materials(draft)?,
        limit: super::title::limit(draft)?,
    })
}

pub(super) fn certify(draft: &Draft, names: &dyn Resolver) -> Result<Certify, EntryError> {
    Ok(Certify {
        subject: subject(draft, names)?,
        facility: facility(draft, names)?,
        scheme: scheme(draft)?,
        number: Maybe::Shown(error::some_words("number", &draft.number, 64)?),
        valid: error::need("valid", &draft.valid, "\"2025-01-01..2027-12-31\"")?,
        stages: values::listed("stages", &draft.stages)?,
        materials: materials(draft)?,
        volume: Maybe::Shown(error::some("volume", &draft.volume)?),
    })
}

pub(super) fn end_status(draft: &Draft, names: &dyn Resolver) -> Result<EndStatus, EntryError> {
    Ok(EndStatus {
        target: target(draft, names)?,
        from: error::need("from", &draft.from, "\"2026-11-01\"")?,
        until: error::some("until", &draft.until)?,
        reason: Maybe::Shown(error::some_words("reason", &draft.reason, 256)?),
    })
}

pub(super) fn withdraw(draft: &Draft, names: &dyn Resolver) -> Result<Withdraw, EntryError> {
    Ok(Withdraw {
        target: target(draft, names)?,
        reason: error::need("reason", &draft.reason, "\"entry_error\"")?,
    })
}

fn subject(draft: &Draft, names: &dyn Resolver) -> Result<PartyId, EntryError> {
    let Some(subject) = &draft.subject else {
        return Err(error::missing("subject", "the name of the party it is about"));
    };
    names.party(subject).map_err(|error| error.at("subject"))
}

fn facility(draft: &Draft, names: &dyn Resolver) -> Result<Option<RecordId>, EntryError> {
    let named = draft.facility.as_deref().map(|name| names.facility(name));
    named.transpose().map_err(|error| error.at("facility"))
}

fn target(draft: &Draft, names: &dyn Resolver) -> Result<RecordId, EntryError> {
    let Some(target) = &draft.target else {
        return Err(error::missing("target", "the record it is about"));
    };
    names.record(target).map_err(|error| error.at("target"))
}

fn scheme(draft: &Draft) -> Result<String, EntryError> {
    scheme_of(draft, "\"IRMA\"")
}

/// Returns the scheme, which must be there; `example` is a good one.
pub(super) fn scheme_of(draft: &Draft, example: &str) -> Result<String, EntryError> {
    let scheme = draft.scheme.as_ref().ok_or_else(|| error::missing("scheme", example))?;
    error::words("scheme", scheme, 64)
}

fn materials(draft: &Draft) -> Result<Vec<Material>, EntryError> {
    let read = |(index, code): (usize, &String)| error::text(&format!("materials/{index}"), code);
    let mut codes: Vec<Material> =
        draft.materials.iter().enumerate().map(read).collect::<Result<_, EntryError>>()?;
    codes.sort();
    codes.dedup();
    Ok(codes)
}

fn capabilities(draft: &Draft) -> Result<Vec<Capability>, EntryError> {
    let stages: Vec<Stage> = values::listed("stages", &draft.stages)?;
    if stages.is_empty() {
        return Err(error::missing("stages", "[\"P40\"]"));
    }
    let written = || stages.iter().map(|stage| stage.name());
    if let Some(other) = draft.capacity.keys().find(|stage| !written().any(|name| name == stage.as_str())) {
        let hint = nearest(other, written()).map(|near| format!("did you mean `{near}`?"));
        let problem = format!("`{other}` is not among the stages of the facility");
        return Err(EntryError::new(format!("capacity/{other}"), problem, hint));
    }
    let capability = |stage: &Stage| {
        let given = draft.capacity.get(stage.name());
        let capacity = given.map(|mass| error::text(&format!("capacity/{stage}"), mass)).transpose()?;
        Ok(Capability { stage: *stage, capacity_per_year: capacity })
    };
    stages.iter().map(capability).collect()
}

/// Reads latitude and longitude in degrees, such as `35.478, -115.532`, as millionths of a degree.
pub(super) fn coordinates(text: &str) -> Result<(i32, i32), EntryError> {
    let fault = || {
        let hint = "write latitude and longitude in degrees with up to six decimals: \"35.478, -115.532\"";
        EntryError::new("coordinates", format!("`{text}` is no position"), Some(hint.into()))
    };
    let (latitude, longitude) = text.split_once(',').ok_or_else(fault)?;
    let read = |text: &str, limit: i32| degrees(text.trim()).filter(|found| found.abs() <= limit);
    let latitude = read(latitude, 90_000_000).ok_or_else(fault)?;
    Ok((latitude, read(longitude, 180_000_000).ok_or_else(fault)?))
}

fn degrees(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !plain(whole) || !plain(part) {
        return None;
    }
    let millionths: i32 = format!("{whole}{part:0<6}").parse().ok()?;
    Some(sign * millionths)
}

#[cfg(test)]
mod tests {
    use super::coordinates;

    #[test]
    fn positions_read_to_the_millionth_of_a_degree_and_not_beyond_the_poles() {
        assert_eq!(coordinates("35.478, -115.532").unwrap(), (35_478_000, -115_532_000));
        assert_eq!(coordinates("-90, 180").unwrap(), (-90_000_000, 180_000_000));
        for bad in ["90.000001, 0", "0, -180.000001", "1.2345678, 0", "35.478", "x, 0", "35,478, 1"] {
            assert!(coordinates(bad).is_err(), "{bad}");
        }
    }
}
