//! Fields of kinds by which somebody vouches for what others recorded.

use super::OutsiderDraft;

/// What only `attest` and `witness` say.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct VouchDraft {
    // Attestations.
    pub as_of: Option<String>,
    pub valid_until: Option<String>,
    pub packs: Vec<String>,
    pub as_found: Option<bool>,
    pub custody: Option<String>,
    pub elements: Vec<AttestedElementDraft>,
    pub touches: Vec<AttestedTouchDraft>,
    // Witnesses.
    pub of: Vec<String>,
}

/// What is stated of one element, in place of what is computed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct AttestedElementDraft {
    pub of: Option<String>,
    pub least: Option<String>,
    pub most: Option<String>,
    pub unknown: Option<String>,
    pub grade: Option<String>,
}

/// A step as it is stated, in place of what is computed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct AttestedTouchDraft {
    pub of: Option<String>,
    pub step: Option<String>,
    pub place: Option<String>,
    pub grade: Option<String>,
    pub presence: Option<String>,
    pub least: Option<String>,
    pub most: Option<String>,
    pub on: Option<String>,
    pub maker: Option<OutsiderDraft>,
}
