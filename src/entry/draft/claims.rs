//! Fields of claims, waivers, inspections and ties that no other kind has.

/// What only `close_account`, `retire_claim`, `waive`, `inspect` and `appoint` say.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct ClaimsDraft {
    // Claim accounts.
    pub characteristic: Option<String>,
    pub elements: Option<String>,
    pub previous: Option<String>,
    pub factor: Option<String>,
    pub opening: Vec<CreditDraft>,
    pub credits: Vec<CreditDraft>,
    pub closing: Option<String>,
    pub serial: Option<String>,
    pub mass: Option<String>,
    pub vintage: Option<String>,
    // Waivers.
    pub rule: Option<String>,
    pub lots: Vec<String>,
    pub part_numbers: Vec<String>,
    // Inspections.
    pub outcome: Option<String>,
    pub report: Option<String>,
    pub summary: Option<String>,
    // Ties.
    pub party: Option<String>,
    pub tie: Option<String>,
    pub share: Option<String>,
}

/// Mass that brings a claim into an account.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct CreditDraft {
    pub on: Option<String>,
    pub lot: Option<String>,
    pub mass: Option<String>,
    pub expires: Option<String>,
}
