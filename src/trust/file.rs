//! `trust.toml`: authorities a reader believes, parties it knows by name, papers it has checked itself.
//!
//! Spec: docs/formats/trust.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::owners::{self, Owner, OwnerEntry};
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::day::{Day, Period};
use crate::model::dealings::Span;
use crate::model::evidence::{DocumentKind, Role};
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::nearest::nearest;
use crate::model::stage::Stage;
use crate::text::{self, TextError};

/// First field of every trust file.
pub const FORMAT: &str = "lodemark/trust@1";
/// How old a status may be where the file does not say, in days.
pub const DEFAULT_MAX_AGE_DAYS: u32 = 400;

/// A trust file as it is written; parties by id or by a name pinned in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// Always [`FORMAT`].
    pub format: String,
    /// How old the status of an accreditation or certificate may be, in days; 400 where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_status_age_days: Option<u32>,
    /// Names the reader uses for parties whose id it has checked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned: BTreeMap<String, PartyId>,
    /// Whose accreditations and certificates count.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "authority")]
    pub authorities: Vec<AuthorityEntry>,
    /// Papers the reader has checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "accepted_document")]
    pub accepted_documents: Vec<DocumentEntry>,
    /// Names that looked like a listed one, and what the reader found.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "resolved_name")]
    pub resolved_names: Vec<ResolvedName>,
    /// Who owns whom, as the reader found out.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "owner")]
    pub owners: Vec<OwnerEntry>,
}

impl Default for TrustFile {
    fn default() -> Self {
        Self {
            format: FORMAT.to_owned(),
            max_status_age_days: None,
            pinned: BTreeMap::new(),
            authorities: Vec::new(),
            accepted_documents: Vec::new(),
            resolved_names: Vec::new(),
            owners: Vec::new(),
        }
    }
}

/// An authority as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityEntry {
    /// Party id (64 hex digits) or pinned name.
    pub party: String,
    /// Roles it may accredit others for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Schemes it may certify under; for accreditations, if any are listed, also the schemes that count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<String>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An accepted document as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentEntry {
    /// SHA-256 of the paper, if the reader has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
    /// Its number in the issuer's register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it is.
    pub kind: DocumentKind,
    /// Who issued it.
    pub issuer: String,
    /// Whom it is about: party id or pinned name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Whom it is about, by name: someone who keeps no ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which facility it is about, by the record that declares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<RecordId>,
    /// The role it allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The scheme it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Stages it covers; none means every stage of the role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Materials it covers; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// Rules or exceptions of packs that it decides about, by id or as `PACK/RULE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What it is for: part numbers, stock numbers or contracts, as the case file or the lot has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// First and last day it holds, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Period>,
    /// The most that may be won or made of what it covers, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitEntry>,
    /// Day on which the reader checked it with its issuer.
    pub checked_on: Day,
    /// Who checked it.
    pub checked_by: String,
}

/// The most that may be won or made in a span of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitEntry {
    /// How much.
    pub mass: Mass,
    /// In which span.
    pub per: Span,
}

/// A name that looked like a listed one, and what the reader found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvedName {
    /// The name in the records.
    pub name: String,
    /// The name on the list.
    pub listed: String,
    /// Whether both are the same.
    pub same: bool,
    /// Day on which it was checked.
    pub checked_on: Day,
    /// Who checked it.
    pub checked_by: String,
}

/// Whom a reader believes, with every name resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trust {
    /// SHA-256 of the file; none for a reader without one.
    pub hash: Option<Hash>,
    /// How old a status may be, in days.
    pub max_status_age_days: u32,
    /// Names the reader uses for parties.
    pub pinned: BTreeMap<String, PartyId>,
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

/// Why a trust or case file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The text does not hold such a file.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It says that it is something else.
    #[error("`format` is `{found}`, expected `{expected}`")]
    Format {
        /// What it says.
        found: String,
        /// What it must say.
        expected: &'static str,
    },
    /// A party is named by what is neither an id nor a pinned name.
    #[error("`{field}` names party `{given}`, which is neither pinned in this file nor an id")]
    UnknownParty {
        /// Which entry.
        field: String,
        /// What was written.
        given: String,
        /// The nearest pinned name, if one is near.
        nearest: Option<String>,
    },
    /// An accepted document is about nobody.
    #[error(
        "`{field}` names neither a party nor a facility, nobody by name, nor rules and the items they are let go for"
    )]
    AboutNobody {
        /// Which entry.
        field: String,
    },
    /// An accepted document cannot be found again.
    #[error("`{field}` has neither a number nor a SHA-256")]
    Unidentified {
        /// Which entry.
        field: String,
    },
    /// A row about an owner says whose it is in no way, or in two.
    #[error("`{field}` gives not one of `of` and `of_name`")]
    OwnerOfNobody {
        /// Which row.
        field: String,
    },
    /// A row about an owner has no share where there is one, or one where there is none, or somebody owns itself.
    #[error("`{field}` has no share that its owner can hold")]
    OwnerShare {
        /// Which row.
        field: String,
    },
    /// Two rows say how much one holds of another, or the shares in one are more than all of it.
    #[error("`{field}` tells a share a second time, or more than there is")]
    OwnerTwice {
        /// Which row.
        field: String,
    },
    /// An accepted document allows nothing.
    #[error("`{field}` gives no role, scheme, stage or rule")]
    AllowsNothing {
        /// Which entry.
        field: String,
    },
}

impl TrustError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Text(error) => return error.hint(),
            Self::Format { expected, .. } => format!("begin the file with `format = \"{expected}\"`"),
            Self::UnknownParty { nearest: Some(name), .. } => format!("did you mean `{name}`?"),
            Self::UnknownParty { .. } => {
                "add the name and the 64 hex digits of the party's id under `[pinned]`".to_owned()
            }
            Self::AboutNobody { .. } => {
                "add `party`, `facility` or `name`, or of a waiver `rules` and `items`".to_owned()
            }
            Self::Unidentified { .. } => "add `number` as in the issuer's register, or `sha256`".to_owned(),
            Self::OwnerOfNobody { .. } => {
                "write `of` for a pinned party, `of_name` for anybody else".to_owned()
            }
            Self::OwnerShare { .. } => {
                "give `share` for `equity` and `debt`, none for `officer` and `control`, of somebody else"
                    .to_owned()
            }
            Self::OwnerTwice { .. } => "give one row for each owner, with all it holds".to_owned(),
            Self::AllowsNothing { .. } => "add what it allows, such as `role = \"miner\"`".to_owned(),
        })
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
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Trust, TrustError> {
        Trust::from_toml(&format!("format = \"lodemark/trust@1\"\n{body}"))
    }

    fn pinned() -> String {
        format!("[pinned]\nmines-office = \"{}\"\n", "ab".repeat(32))
    }

    #[test]
    fn an_authority_is_named_by_a_pinned_name_or_by_its_id() {
        let text = format!(
            "{}[[authority]]\nparty = \"mines-office\"\nroles = [\"miner\"]\n[[authority]]\nparty = \"{}\"\n",
            pinned(),
            "cd".repeat(32)
        );
        let trust = read(&text).unwrap();
        assert_eq!(trust.authorities[0].party, PartyId::from_bytes([0xab; 32]));
        assert_eq!(trust.authorities[1].party, PartyId::from_bytes([0xcd; 32]));
        assert_eq!(trust.max_status_age_days, 400);
    }

    #[test]
    fn a_name_that_is_not_pinned_is_refused_with_the_nearest_one() {
        let error = read(&format!("{}[[authority]]\nparty = \"mines-ofice\"\n", pinned())).unwrap_err();
        assert!(error.to_string().contains("authority[0].party"), "{error}");
        assert_eq!(error.hint().as_deref(), Some("did you mean `mines-office`?"));
    }

    #[test]
    fn unknown_fields_and_words_are_refused_with_a_hint() {
        let error = read("[[authority]]\nparty = \"a\"\nrole = [\"miner\"]\n").unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `roles`?"));
        let error = read("[[authority]]\nparty = \"a\"\nroles = [\"minr\"]\n").unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("did you mean `miner`?"));
    }

    #[test]
    fn another_format_is_refused() {
        let error = Trust::from_toml("format = \"lodemark/case@1\"\n").unwrap_err();
        assert_eq!(error.to_string(), "`format` is `lodemark/case@1`, expected `lodemark/trust@1`");
    }

    fn document(fields: &str) -> Result<Trust, TrustError> {
        read(&format!(
            "{}[[accepted_document]]\nkind = \"mining_licence\"\nissuer = \"Mines Office\"\n\
             checked_on = \"2026-11-01\"\nchecked_by = \"J. Field\"\n{fields}",
            pinned()
        ))
    }

    #[test]
    fn an_accepted_document_must_be_found_again_be_about_someone_and_allow_something() {
        let (number, party, role) =
            ("number = \"ML 1\"\n", "party = \"mines-office\"\n", "role = \"miner\"\n");
        assert!(document(&[number, party, role].concat()).is_ok());
        let refused = |text: String| document(&text).unwrap_err();
        assert!(matches!(refused([party, role].concat()), TrustError::Unidentified { .. }));
        assert!(matches!(refused([number, role].concat()), TrustError::AboutNobody { .. }));
        assert!(matches!(refused([number, party].concat()), TrustError::AllowsNothing { .. }));
        // What lets a rule go is for items instead, and says nothing about who may do what where.
        let (rules, items) = ("rules = [\"EX-NONAVAIL\"]\n", "items = [\"PN-1\"]\n");
        assert!(matches!(refused([number, rules].concat()), TrustError::AboutNobody { .. }));
        let waiver = document(&[number, rules, items].concat()).unwrap();
        assert!(!waiver.accepted_documents[0].is_about(&RecordId::from_bytes([7; 32]), None));
    }

    #[test]
    fn a_document_about_a_facility_and_its_operator_needs_both() {
        let facility = RecordId::from_bytes([7; 32]);
        let text = format!(
            "number = \"ML 1\"\nrole = \"miner\"\nparty = \"mines-office\"\nfacility = \"{}\"\n",
            facility.to_hex()
        );
        let trust = document(&text).unwrap();
        let paper = &trust.accepted_documents[0];
        let (operator, other) = (PartyId::from_bytes([0xab; 32]), PartyId::from_bytes([1; 32]));
        assert!(paper.is_about(&facility, Some(&operator)));
        assert!(!paper.is_about(&facility, Some(&other)));
        assert!(!paper.is_about(&RecordId::from_bytes([8; 32]), Some(&operator)));
        assert!(!paper.is_about(&facility, None));
    }

    #[test]
    fn a_file_that_is_written_reads_back_and_every_byte_is_in_the_hash() {
        let file = TrustFile {
            pinned: BTreeMap::from([("mill".to_owned(), PartyId::from_bytes([3; 32]))]),
            authorities: vec![AuthorityEntry {
                party: "mill".into(),
                roles: vec![Role::Separator],
                ..AuthorityEntry::default()
            }],
            ..TrustFile::default()
        };
        let text = text::to_toml(&file);
        let trust = Trust::from_toml(&text).unwrap();
        assert_eq!(trust.authorities[0].roles, [Role::Separator]);
        let spaced = Trust::from_toml(&format!("{text}\n")).unwrap();
        assert_ne!(trust.hash, spaced.hash);
    }

    #[test]
    fn the_examples_on_the_page_read() {
        let page = include_str!("../../docs/formats/trust.md");
        let examples: Vec<&str> =
            page.split("```toml\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
        assert_eq!(Trust::from_toml(examples[0]).unwrap().accepted_documents.len(), 1);
        assert!(super::super::Case::from_toml(examples[1]).unwrap().file.delivery.is_some());
    }
}
