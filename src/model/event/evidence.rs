//! What is said about a lot or an earlier record.

use serde::Serialize;

use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::Period;
use crate::model::dealings::InspectOutcome;
use crate::model::evidence::{AssayPurpose, DocumentKind, SamplePoint, WithdrawReason};
use crate::model::lot::{Component, Quantity};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::party::Outsider;
use crate::model::stage::Stage;

/// A laboratory's result on a sample of a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Assay {
    /// Which lot.
    pub lot: LotRef,
    /// Days of analysis. Private item `period`.
    pub period: Maybe<Period>,
    /// Number of the sample. Private item `sample`.
    pub sample: Maybe<String>,
    /// Who took it, if a party of the ledger.
    pub sampled_by: Option<PartyId>,
    /// Before or after deliveries were pooled.
    pub point: SamplePoint,
    /// What it is for.
    pub purpose: AssayPurpose,
    /// The result. Private item `composition`.
    pub composition: Maybe<Vec<Component>>,
}

/// A paper, by its hash: a licence, a certificate of a body that signs no records, an invoice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RegisterDocument {
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its length in bytes.
    pub size: u64,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// What it is.
    pub document: DocumentKind,
    /// Its number. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// Who issued it. Private item `issuer`.
    pub issuer: Maybe<Option<Outsider>>,
    /// First and last day it holds, where it says so.
    pub valid: Option<Period>,
    /// What it is about, at most 256.
    pub about: Vec<Subject>,
    /// Stages it covers, where it says so.
    pub stages: Vec<Stage>,
}

/// What a document is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A party.
    Party(PartyId),
    /// A facility, or any other record.
    Record(RecordId),
    /// A lot.
    Lot(LotRef),
}

/// Takes back an own record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Withdraw {
    /// The record taken back.
    pub target: RecordId,
    /// Why.
    pub reason: WithdrawReason,
}

/// Somebody went and looked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Inspect {
    /// What was looked at.
    pub about: Subject,
    /// When. Private item `period`.
    pub period: Maybe<Period>,
    /// By which scheme or standard, if by one.
    pub scheme: Option<String>,
    /// What was found, in a word.
    pub outcome: InspectOutcome,
    /// What was weighed or counted. Private item `mass`.
    pub quantity: Maybe<Option<Quantity>>,
    /// SHA-256 of the report.
    pub report: Option<Hash>,
    /// What was found, in a sentence. Private item `summary`.
    pub summary: Maybe<Option<String>>,
}
