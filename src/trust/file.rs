//! `trust.toml` as it is written: authorities a reader believes, parties it knows by name, papers it has checked itself.
//!
//! Spec: docs/formats/trust.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::owners::OwnerEntry;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::dealings::Span;
use crate::model::evidence::{DocumentKind, Role};
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::stage::Stage;

/// First field of every trust file.
pub const FORMAT: &str = "lodemark/trust@1";

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
    /// How many of the witnesses have to have seen the checkpoint of each chain that a lot rests on; none where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// How old what is held of such a chain may be, in days; any age where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chain_age_days: Option<u32>,
    /// Witnesses of logs that the reader believes.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "witness")]
    pub witnesses: Vec<WitnessEntry>,
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
            quorum: None,
            max_chain_age_days: None,
            witnesses: Vec::new(),
            authorities: Vec::new(),
            accepted_documents: Vec::new(),
            resolved_names: Vec::new(),
            owners: Vec::new(),
        }
    }
}

/// A witness of logs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessEntry {
    /// Its verifier key, as C2SP writes it: name, id and key with `+` between.
    pub key: String,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
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
    /// The most that may be won, made or let out of what it covers, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitEntry>,
    /// Day on which the reader checked it with its issuer.
    pub checked_on: Day,
    /// Who checked it.
    pub checked_by: String,
}

/// The most that may be won or made, or may leave a country, in a span of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitEntry {
    /// How much.
    pub mass: Mass,
    /// In which span.
    pub per: Span,
    /// What it limits.
    #[serde(default, skip_serializing_if = "LimitOf::is_output")]
    pub of: LimitOf,
}

/// What an amount on a paper limits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOf {
    /// What is won or made.
    #[default]
    Output,
    /// What leaves the country.
    Export,
}

impl LimitOf {
    #[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
    fn is_output(&self) -> bool {
        *self == Self::Output
    }
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
