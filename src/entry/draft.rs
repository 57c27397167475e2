//! Drafts: one event as written, every value still a text.
//!
//! Plain fields, so that flags of a command line fill in the same value that a file does. What a field means
//! for each kind is docs/formats/entry.md.

mod accounts;
mod amend;
mod claims;
mod dealings;
mod people;
mod tags;
mod things;
mod title;
mod vouch;

use std::collections::BTreeMap;

pub use self::dealings::DealingsDraft;
pub use self::people::{BehalfDraft, PeopleDraft};
pub use title::{LimitDraft, TitleDraft, TitledDraft};

use crate::model::kind::Kind;

pub use accounts::{AccountsDraft, CircuitDraft, StockDraft};
pub use amend::AmendDraft;
pub use claims::{ClaimsDraft, CreditDraft};
pub use tags::{TagDraft, TagsDraft};
pub use things::{PartDraft, RecoveredDraft, ThingsDraft};
pub use vouch::{AttestedElementDraft, AttestedTouchDraft, VouchDraft};

/// One event as written. Fields that a kind does not have are left empty.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct Draft {
    pub kind: Kind,
    // Where and when.
    pub at: Option<String>,
    pub on: Option<String>,
    pub host: Option<String>,
    // Work and material.
    pub steps: Vec<String>,
    pub mixing: Option<String>,
    pub inputs: Vec<InputDraft>,
    pub additions: Vec<AdditionDraft>,
    pub outputs: Vec<LotDraft>,
    pub losses: Vec<LossDraft>,
    pub touches: Vec<TouchDraft>,
    pub deposit: Option<String>,
    pub licence: Option<String>,
    pub supplier: Option<OutsiderDraft>,
    pub things: ThingsDraft,
    // Handover.
    pub to: Option<ReceiverDraft>,
    pub carrier: Option<OutsiderDraft>,
    pub due: Option<String>,
    pub reason: Option<String>,
    pub how: Option<String>,
    // Measures and assays: what the scale says stands in the same fields as those of a lot.
    pub lot: Option<String>,
    pub measured: LotDraft,
    pub sample: Option<String>,
    pub sampled_by: Option<String>,
    pub point: Option<String>,
    pub purpose: Option<String>,
    // Parties, places and status.
    pub name: Option<String>,
    pub country: Option<String>,
    pub roles: Vec<String>,
    pub identifiers: Vec<IdentifierDraft>,
    pub address: Option<String>,
    pub operator: Option<ReceiverDraft>,
    pub place: Option<String>,
    pub coordinates: Option<String>,
    pub stages: Vec<String>,
    pub capacity: BTreeMap<String, String>,
    pub choke_point: Option<bool>,
    pub opened: Option<String>,
    pub closed: Option<String>,
    pub subject: Option<String>,
    pub facility: Option<String>,
    pub role: Option<String>,
    pub valid: Option<String>,
    pub scheme: Option<String>,
    pub number: Option<String>,
    pub materials: Vec<String>,
    pub volume: Option<String>,
    pub target: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    // Other people's material.
    pub title: TitleDraft,
    // Papers.
    pub sha256: Option<String>,
    pub content: Option<String>,
    pub size: Option<u64>,
    pub media_type: Option<String>,
    pub document: Option<String>,
    pub issuer: Option<OutsiderDraft>,
    pub about: Vec<String>,
    // Circuits.
    pub accounts: AccountsDraft,
    // Tags, stops and borders.
    pub tags: TagsDraft,
    pub dealings: DealingsDraft,
    // Families of kinds, each with the fields that only it has.
    pub claims: ClaimsDraft,
    pub vouch: VouchDraft,
    // What is said of earlier records.
    pub amend: AmendDraft,
    // What every kind may carry.
    pub people: PeopleDraft,
    pub facts: Vec<FactDraft>,
    pub documents: Vec<String>,
    pub note: Option<String>,
    pub private: Vec<String>,
    pub show: Vec<String>,
}

/// A stretch to consume, by mass, pieces or package. Without any it is all that is left of the lot.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct InputDraft {
    pub lot: String,
    pub mass: Option<String>,
    pub from: Option<String>,
    pub pieces: Option<String>,
    pub package: Option<String>,
    pub empties: Option<bool>,
}

/// A lot to create. In a handover what is not written is that of the lot handed over.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct LotDraft {
    pub label: Option<String>,
    pub material: Option<String>,
    pub mass: Option<String>,
    pub uncertainty: Option<String>,
    pub basis: Option<String>,
    pub moisture: Option<String>,
    pub pieces: Option<String>,
    pub packages: Vec<PackageDraft>,
    pub composition: Option<Vec<ComponentDraft>>,
    pub hs: Option<String>,
    pub form: Option<String>,
    pub grade: Option<String>,
    pub heat: Option<String>,
    pub part_number: Option<String>,
    pub coating: Option<String>,
    pub magnetised: Option<bool>,
    pub owner: Option<String>,
    pub custody_model: Option<String>,
    pub origin_class: Option<String>,
    pub facts: Vec<FactDraft>,
    pub serials: Option<String>,
    pub seals: Option<Vec<String>>,
    pub documents: Vec<String>,
}

/// A bag or drum.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct PackageDraft {
    pub id: Option<String>,
    pub net: Option<String>,
    pub gross: Option<String>,
}

/// One line of an assay. With neither share nor limit the element was not looked for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct ComponentDraft {
    pub of: Option<String>,
    pub share: Option<String>,
    pub below: Option<String>,
    pub basis: Option<String>,
    pub uncertainty: Option<String>,
    pub method: Option<String>,
}

/// Material that joins without having been a lot.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct AdditionDraft {
    pub material: Option<String>,
    pub mass: Option<String>,
    pub uncertainty: Option<String>,
    pub composition: Vec<ComponentDraft>,
}

/// Mass that left without becoming a lot.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct LossDraft {
    pub what: Option<String>,
    pub mass: Option<String>,
    pub uncertainty: Option<String>,
    pub basis: Option<String>,
    pub composition: Vec<ComponentDraft>,
}

/// What papers say that was done to a lot before this ledger.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct TouchDraft {
    pub lot: Option<String>,
    pub of: Option<String>,
    pub step: Option<String>,
    pub place: Option<String>,
    pub on: Option<String>,
    pub maker: Option<OutsiderDraft>,
    pub assessor: Option<String>,
    pub assessment: Option<String>,
    pub document: Option<String>,
}

/// Someone who keeps no chain.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct OutsiderDraft {
    pub name: Option<String>,
    pub place: Option<String>,
    pub identifiers: Vec<IdentifierDraft>,
}

/// A party by its name, or someone who keeps no chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReceiverDraft {
    /// The name of a party, or `later` for a receiver to be named later.
    Named(String),
    /// Someone outside the ledger.
    Outside(OutsiderDraft),
}

/// A number in a register.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct IdentifierDraft {
    pub scheme: Option<String>,
    pub number: Option<String>,
}

/// An open fact.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct FactDraft {
    pub code: Option<String>,
    pub unit: Option<String>,
    pub value: Option<FactText>,
}

/// The value of an open fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FactText {
    /// A whole number of units.
    Number(i64),
    /// A text.
    Text(String),
    /// A hash, as 64 hex digits or `content:` and the words hashed.
    Hash(String),
}

impl Draft {
    /// Returns an empty draft of an event of this kind.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            at: None,
            on: None,
            host: None,
            steps: Vec::new(),
            mixing: None,
            inputs: Vec::new(),
            additions: Vec::new(),
            outputs: Vec::new(),
            losses: Vec::new(),
            touches: Vec::new(),
            deposit: None,
            licence: None,
            supplier: None,
            things: ThingsDraft::default(),
            to: None,
            carrier: None,
            due: None,
            reason: None,
            how: None,
            lot: None,
            measured: LotDraft::default(),
            sample: None,
            sampled_by: None,
            point: None,
            purpose: None,
            name: None,
            country: None,
            roles: Vec::new(),
            identifiers: Vec::new(),
            address: None,
            operator: None,
            place: None,
            coordinates: None,
            stages: Vec::new(),
            capacity: BTreeMap::new(),
            choke_point: None,
            opened: None,
            closed: None,
            subject: None,
            facility: None,
            role: None,
            valid: None,
            scheme: None,
            number: None,
            materials: Vec::new(),
            volume: None,
            target: None,
            from: None,
            until: None,
            title: TitleDraft::default(),
            sha256: None,
            content: None,
            size: None,
            media_type: None,
            document: None,
            issuer: None,
            about: Vec::new(),
            accounts: AccountsDraft::default(),
            tags: TagsDraft::default(),
            dealings: DealingsDraft::default(),
            people: PeopleDraft::default(),
            claims: ClaimsDraft::default(),
            vouch: VouchDraft::default(),
            amend: AmendDraft::default(),
            facts: Vec::new(),
            documents: Vec::new(),
            note: None,
            private: Vec::new(),
            show: Vec::new(),
        }
    }
}
