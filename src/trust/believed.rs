//! Whom a reader believes: what its trust file says, with every name resolved.

use std::collections::BTreeMap;

use super::error::TrustError;
use super::file::{DocumentEntry, FORMAT, ResolvedName, TrustFile, WitnessEntry};
use super::owners::{self, Owner};
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::evidence::Role;
use crate::model::nearest::nearest;
use crate::text;

/// How old a status may be where the file does not say, in days.
pub const DEFAULT_MAX_AGE_DAYS: u32 = 400;

/// Whom a reader believes, with every name resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trust {
    /// SHA-256 of the file; none for a reader without one.
    pub hash: Option<Hash>,
    /// How old a status may be, in days.
    pub max_status_age_days: u32,
    /// Names the reader uses for parties.
    pub pinned: BTreeMap<String, PartyId>,
    /// How many of the witnesses have to have seen the checkpoint of each chain that a lot rests on.
    pub quorum: u32,
    /// How old what is held of such a chain may be, in days; any age where not given.
    pub max_chain_age_days: Option<u32>,
    /// Witnesses of logs.
    pub witnesses: Vec<WitnessEntry>,
    /// Whose accreditations and certificates count.
    pub authorities: Vec<Authority>,
    /// Papers the reader has checked.
    pub accepted_documents: Vec<AcceptedDocument>,
    /// Names that looked like a listed one.
    pub resolved_names: Vec<ResolvedName>,
    /// Who owns whom.
    pub owners: Vec<Owner>,
}

impl Default for Trust {
    /// A reader who believes nobody.
    fn default() -> Self {
        Self {
            hash: None,
            max_status_age_days: DEFAULT_MAX_AGE_DAYS,
            pinned: BTreeMap::new(),
            quorum: 0,
            max_chain_age_days: None,
            witnesses: Vec::new(),
            authorities: Vec::new(),
            accepted_documents: Vec::new(),
            resolved_names: Vec::new(),
            owners: Vec::new(),
        }
    }
}

/// A party whose word counts, for some roles and schemes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authority {
    /// Which party.
    pub party: PartyId,
    /// Roles it may accredit others for.
    pub roles: Vec<Role>,
    /// Schemes it may certify under.
    pub schemes: Vec<String>,
}

/// A paper that a reader has checked with its issuer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcceptedDocument {
    /// The party it is about, if one is named.
    pub party: Option<PartyId>,
    /// What is written about it.
    pub entry: DocumentEntry,
}

impl AcceptedDocument {
    /// Whether it is about this facility as run by this operator.
    ///
    /// A party that is named must be the operator, and a facility that is named must be this one.
    pub fn is_about(&self, facility: &RecordId, operator: Option<&PartyId>) -> bool {
        // What is about somebody by name alone is about no party and no declared place.
        self.is_about_somebody()
            && self.party.is_none_or(|party| operator == Some(&party))
            && self.entry.facility.is_none_or(|named| named == *facility)
    }

    /// Whether it names a party or a facility. A paper that lets a rule go names an item instead.
    pub fn is_about_somebody(&self) -> bool {
        self.party.is_some() || self.entry.facility.is_some()
    }

    /// Returns how people find it: its kind, number and issuer.
    pub fn describe(&self) -> String {
        let number = match (&self.entry.number, &self.entry.sha256) {
            (Some(number), _) => format!(" `{number}`"),
            (None, Some(hash)) => format!(" with SHA-256 `{}`", &hash.to_hex()[..16]),
            (None, None) => String::new(),
        };
        format!("{}{number} of `{}`", self.entry.kind, self.entry.issuer)
    }
}

impl Trust {
    /// Reads a trust file.
    ///
    /// # Errors
    /// [`TrustError`] naming the entry that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, TrustError> {
        let file: TrustFile = text::from_toml(text)?;
        Self::from_file(file, Some(sha256(&[text.as_bytes()])))
    }

    fn from_file(file: TrustFile, hash: Option<Hash>) -> Result<Self, TrustError> {
        if file.format != FORMAT {
            return Err(TrustError::Format { found: file.format, expected: FORMAT });
        }
        let authorities = file.authorities.into_iter().enumerate().map(|(at, entry)| {
            let party = party(&file.pinned, &format!("authority[{at}].party"), &entry.party)?;
            Ok(Authority { party, roles: entry.roles, schemes: entry.schemes })
        });
        let documents = file.accepted_documents.into_iter().enumerate().map(|(at, entry)| {
            let field = format!("accepted_document[{at}]");
            let named = entry.party.as_ref();
            let party = named.map(|name| party(&file.pinned, &format!("{field}.party"), name)).transpose()?;
            let is_for_items = !entry.rules.is_empty() && !entry.items.is_empty();
            if party.is_none() && entry.facility.is_none() && entry.name.is_none() && !is_for_items {
                return Err(TrustError::AboutNobody { field });
            }
            if entry.number.is_none() && entry.sha256.is_none() {
                return Err(TrustError::Unidentified { field });
            }
            let is_permit = entry.role.is_some() || entry.scheme.is_some() || !entry.stages.is_empty();
            if !is_permit && entry.rules.is_empty() {
                return Err(TrustError::AllowsNothing { field });
            }
            Ok(AcceptedDocument { party, entry })
        });
        let owners = owners::resolved(file.owners, &file.pinned)?;
        Ok(Self {
            hash,
            owners,
            quorum: file.quorum.unwrap_or(0),
            max_chain_age_days: file.max_chain_age_days,
            witnesses: file.witnesses,
            max_status_age_days: file.max_status_age_days.unwrap_or(DEFAULT_MAX_AGE_DAYS),
            authorities: authorities.collect::<Result<_, TrustError>>()?,
            accepted_documents: documents.collect::<Result<_, TrustError>>()?,
            pinned: file.pinned,
            resolved_names: file.resolved_names,
        })
    }

    /// Returns the entries of a party; several add up.
    pub fn authority(&self, party: &PartyId) -> impl Iterator<Item = &Authority> {
        self.authorities.iter().filter(move |authority| authority.party == *party)
    }
}

pub(super) fn party(
    pinned: &BTreeMap<String, PartyId>,
    field: &str,
    given: &str,
) -> Result<PartyId, TrustError> {
    if let Some(party) = pinned.get(given).copied().or_else(|| PartyId::from_hex(given)) {
        return Ok(party);
    }
    Err(TrustError::UnknownParty {
        field: field.to_owned(),
        given: given.to_owned(),
        nearest: nearest(given, pinned.keys().map(String::as_str)).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests;
