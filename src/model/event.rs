//! Events: what a record states. One kind, one struct; `Body` gathers them.

use serde::Serialize;

use super::day::{Day, Period};
use super::element::ElementSet;
use super::evidence::{
    AssayPurpose, Assessment, Assessor, DisposeHow, DocumentKind, Mixing, Role, SamplePoint, WithdrawReason,
};
use super::facility::DeclareFacility;
use super::fact::Fact;
use super::kind::Kind;
use super::lot::{Addition, Component, Input, Loss, Lot, Quantity};
use super::lotref::LotRef;
use super::mass::Mass;
use super::material::Material;
use super::maybe::{Maybe, MaybeList};
use super::party::{Establish, Outsider};
use super::place::Place;
use super::stage::{Stage, Step};
use crate::hash::{Hash, PartyId, RecordId};

/// What one record states: the body of its kind and what every kind may carry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    /// The part that differs by kind.
    pub body: Body,
    /// Open facts about the event, ascending by code, at most 64.
    pub facts: Vec<Fact>,
    /// Checkpoints of other parties' logs that the author has seen, at most 16.
    pub seen: Vec<SeenCheckpoint>,
    /// SHA-256 of documents behind the statement. Extra item `documents`.
    pub documents: Option<Maybe<Vec<Hash>>>,
    /// A remark for people. Extra item `note`.
    pub note: Option<Maybe<String>>,
}

/// A checkpoint of another party's log that the author saw before signing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SeenCheckpoint {
    /// Whose log.
    pub party: PartyId,
    /// Which epoch of it.
    pub epoch: u16,
    /// Number of leaves, never zero.
    pub size: u64,
    /// Root hash over them.
    pub root: Hash,
    /// Public key that signed it.
    #[serde(serialize_with = "hex_bytes")]
    pub key: [u8; 32],
    /// Signature over the rebuilt note.
    #[serde(serialize_with = "hex_bytes")]
    pub signature: [u8; 64],
}

fn hex_bytes<const N: usize, S: serde::Serializer>(bytes: &[u8; N], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&data_encoding::HEXLOWER.encode(bytes))
}

/// The part of an event that differs by kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)] // each variant is its kind; the structs say what it holds
pub enum Body {
    Establish(Establish),
    DeclareFacility(DeclareFacility),
    Accredit(Accredit),
    WithdrawAccreditation(EndStatus),
    Certify(Certify),
    SuspendCertificate(EndStatus),
    Extract(Extract),
    OpeningStock(OpeningStock),
    Intake(Intake),
    Transform(Transform),
    Repack(Repack),
    Dispatch(Dispatch),
    Receive(Receive),
    Refuse(Refuse),
    Measure(Measure),
    Dispose(Dispose),
    Assay(Assay),
    RegisterDocument(RegisterDocument),
    Withdraw(Withdraw),
}

/// Where and when work was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct At {
    /// The facility, by the record that declared it. Private item `facility`.
    pub facility: Maybe<RecordId>,
    /// First and last day in the facility's place. Private item `period`.
    pub period: Maybe<Period>,
    /// The operator's `host` record, where the facility is not the author's own.
    pub host: Option<RecordId>,
}

/// An authority lets a party act in a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Accredit {
    /// Who may act: the operator, where a facility is named.
    pub subject: PartyId,
    /// Where, if only there.
    pub facility: Option<RecordId>,
    /// As what.
    pub role: Role,
    /// First and last day it holds.
    pub valid: Period,
    /// Which scheme or law, at most 64 bytes.
    pub scheme: String,
    /// Number in the authority's register. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// Stages it covers; none listed means every stage of the role.
    pub stages: Vec<Stage>,
    /// Materials it covers; none listed means all.
    pub materials: Vec<Material>,
}

/// A certificate about a party or one of its facilities.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Certify {
    /// Whom it is about: the operator, where a facility is named.
    pub subject: PartyId,
    /// Which facility, if only that one.
    pub facility: Option<RecordId>,
    /// Which scheme, at most 64 bytes.
    pub scheme: String,
    /// Number of the certificate. Private item `number`.
    pub number: Maybe<Option<String>>,
    /// First and last day it holds.
    pub valid: Period,
    /// Stages it covers; none listed means all of the facility.
    pub stages: Vec<Stage>,
    /// Materials it covers; none listed means all.
    pub materials: Vec<Material>,
    /// Mass it covers over its validity, if limited. Private item `volume`.
    pub volume: Maybe<Option<Mass>>,
}

/// The end, or for a certificate the suspension, of a status given earlier by the same author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EndStatus {
    /// The `accredit` or `certify` record.
    pub target: RecordId,
    /// First day without the status.
    pub from: Day,
    /// Last day without it, where it comes back (suspension only).
    pub until: Option<Day>,
    /// Why, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}

/// Material leaves the ground.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Extract {
    /// Where and when.
    pub at: At,
    /// How it was won; P10, and what follows in one go.
    pub steps: Vec<Step>,
    /// Name of the deposit. Private item `deposit`.
    pub deposit: Maybe<Option<String>>,
    /// Number of the licence. Private item `licence`.
    pub licence: Maybe<Option<String>>,
    /// What came out.
    pub outputs: Vec<Lot>,
}

/// Stock held before the ledger began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpeningStock {
    /// Where, and the day of stocktaking.
    pub at: At,
    /// What was there.
    pub outputs: Vec<Lot>,
    /// What is declared of its past; the rest is unknown.
    pub touches: Vec<DeclaredTouch>,
}

/// Material from a supplier who keeps no ledger, on its papers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Intake {
    /// Where and when it was taken in.
    pub at: At,
    /// Who supplied it. Private item `supplier`.
    pub supplier: Maybe<Outsider>,
    /// What was taken in, weighed by the author.
    pub outputs: Vec<Lot>,
    /// What the papers say of its past; the rest is unknown.
    pub touches: Vec<DeclaredTouch>,
}

/// A statement that elements of an output went through a stage somewhere, before this ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeclaredTouch {
    /// Index of the output it is about.
    pub output: u32,
    /// Which elements.
    pub elements: ElementSet,
    /// What was done.
    pub step: Step,
    /// Where.
    pub place: Place,
    /// When, if stated.
    pub period: Option<Period>,
    /// Who did it, if stated. Private item `touch/N/maker`.
    pub maker: Maybe<Option<Outsider>>,
    /// Who assessed the statement (UNTP code).
    pub assessor: Assessor,
    /// How it was assessed (UNTP code).
    pub assessment: Assessment,
    /// SHA-256 of the paper that says so; without one it is stated only.
    pub document: Option<Hash>,
}

/// Material changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Transform {
    /// Where and when.
    pub at: At,
    /// Stages and processes, in order, at least one.
    pub steps: Vec<Step>,
    /// Whether the inputs became one pool.
    pub mixing: Mixing,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What joined without having been a lot. Private item `add`, whole.
    pub additions: MaybeList<Addition>,
    /// What came out.
    pub outputs: Vec<Lot>,
    /// What left without becoming a lot. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
}

/// Only the parcels change: split, blend, package.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Repack {
    /// Where and when.
    pub at: At,
    /// Whether the inputs were blended into one pool or stay apart.
    pub mixing: Mixing,
    /// What went in. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What came out.
    pub outputs: Vec<Lot>,
    /// What was spilt. Private item `loss`, whole.
    pub losses: MaybeList<Loss>,
}

/// Who may take over a lot in transit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Someone who keeps none: the trail ends here, and that is no error.
    Outside(Outsider),
    /// To be named later by the sender; nobody may consume until then.
    Later,
}

/// Lots leave for a receiver. Output N is the lot in transit made of input N, on the sender's scale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dispatch {
    /// Where from and when.
    pub at: At,
    /// Who may take them over. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// What was sent. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// The lots in transit, one for each input, of equal mass.
    pub outputs: Vec<Lot>,
    /// Who carries them. Private item `carrier`.
    pub carrier: Maybe<Option<Outsider>>,
    /// Day by which they should have arrived, if agreed.
    pub due: Option<Day>,
}

/// Lots in transit are taken over. Output N is made of input N, on the receiver's own scale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Receive {
    /// Where and when.
    pub at: At,
    /// Stretches of lots in transit, on the sender's scale; `empties` is final. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// What arrived, weighed by the receiver, one for each input.
    pub outputs: Vec<Lot>,
}

/// Lots in transit go back. Output N is the lot in transit to the sender made of input N.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refuse {
    /// Where and when.
    pub at: At,
    /// The party that dispatched them. Private item `receiver`.
    pub receiver: Maybe<Receiver>,
    /// Stretches of lots in transit, on the sender's scale. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// The lots in transit back, one for each input, of equal mass.
    pub outputs: Vec<Lot>,
    /// Why, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}

/// The holder's own re-weighing, re-assay or stocktake: adds a fact, replaces none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Measure {
    /// Where and when.
    pub at: At,
    /// Which lot.
    pub lot: LotRef,
    /// What the scale and count say of what is left. Private item `mass`.
    pub quantity: Maybe<Option<Quantity>>,
    /// What the assay says. Private item `composition`.
    pub composition: Maybe<Vec<Component>>,
}

/// Material leaves for good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dispose {
    /// Where and when.
    pub at: At,
    /// What became of it.
    pub how: DisposeHow,
    /// What left. Private item `in`, whole.
    pub inputs: MaybeList<Input>,
    /// Why or where to, at most 256 bytes. Private item `reason`.
    pub reason: Maybe<Option<String>>,
}

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

impl Event {
    /// Returns an event with this body and nothing else.
    pub fn new(body: Body) -> Self {
        Self { body, facts: Vec::new(), seen: Vec::new(), documents: None, note: None }
    }

    /// Returns its kind.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }
}

impl Body {
    /// Returns the kind of this body.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Establish(_) => Kind::Establish,
            Self::DeclareFacility(_) => Kind::DeclareFacility,
            Self::Accredit(_) => Kind::Accredit,
            Self::WithdrawAccreditation(_) => Kind::WithdrawAccreditation,
            Self::Certify(_) => Kind::Certify,
            Self::SuspendCertificate(_) => Kind::SuspendCertificate,
            Self::Extract(_) => Kind::Extract,
            Self::OpeningStock(_) => Kind::OpeningStock,
            Self::Intake(_) => Kind::Intake,
            Self::Transform(_) => Kind::Transform,
            Self::Repack(_) => Kind::Repack,
            Self::Dispatch(_) => Kind::Dispatch,
            Self::Receive(_) => Kind::Receive,
            Self::Refuse(_) => Kind::Refuse,
            Self::Measure(_) => Kind::Measure,
            Self::Dispose(_) => Kind::Dispose,
            Self::Assay(_) => Kind::Assay,
            Self::RegisterDocument(_) => Kind::RegisterDocument,
            Self::Withdraw(_) => Kind::Withdraw,
        }
    }

    /// Returns where and when, for kinds that happen at a facility.
    pub fn at(&self) -> Option<&At> {
        match self {
            Self::Extract(e) => Some(&e.at),
            Self::OpeningStock(e) => Some(&e.at),
            Self::Intake(e) => Some(&e.at),
            Self::Transform(e) => Some(&e.at),
            Self::Repack(e) => Some(&e.at),
            Self::Dispatch(e) => Some(&e.at),
            Self::Receive(e) => Some(&e.at),
            Self::Refuse(e) => Some(&e.at),
            Self::Measure(e) => Some(&e.at),
            Self::Dispose(e) => Some(&e.at),
            _ => None,
        }
    }

    /// Returns the stretches it consumes, for kinds that consume.
    pub fn inputs(&self) -> Option<&MaybeList<Input>> {
        match self {
            Self::Transform(e) => Some(&e.inputs),
            Self::Repack(e) => Some(&e.inputs),
            Self::Dispatch(e) => Some(&e.inputs),
            Self::Receive(e) => Some(&e.inputs),
            Self::Refuse(e) => Some(&e.inputs),
            Self::Dispose(e) => Some(&e.inputs),
            _ => None,
        }
    }

    /// Returns the lots it creates, in order; none for kinds that create none.
    pub fn outputs(&self) -> &[Lot] {
        match self {
            Self::Extract(e) => &e.outputs,
            Self::OpeningStock(e) => &e.outputs,
            Self::Intake(e) => &e.outputs,
            Self::Transform(e) => &e.outputs,
            Self::Repack(e) => &e.outputs,
            Self::Dispatch(e) => &e.outputs,
            Self::Receive(e) => &e.outputs,
            Self::Refuse(e) => &e.outputs,
            _ => &[],
        }
    }

    /// Returns the lots it creates, to be filled in before sealing.
    pub fn outputs_mut(&mut self) -> Option<&mut Vec<Lot>> {
        match self {
            Self::Extract(e) => Some(&mut e.outputs),
            Self::OpeningStock(e) => Some(&mut e.outputs),
            Self::Intake(e) => Some(&mut e.outputs),
            Self::Transform(e) => Some(&mut e.outputs),
            Self::Repack(e) => Some(&mut e.outputs),
            Self::Dispatch(e) => Some(&mut e.outputs),
            Self::Receive(e) => Some(&mut e.outputs),
            Self::Refuse(e) => Some(&mut e.outputs),
            _ => None,
        }
    }

    /// Returns the stages and processes done, in order.
    pub fn steps(&self) -> &[Step] {
        match self {
            Self::Extract(e) => &e.steps,
            Self::Transform(e) => &e.steps,
            _ => &[],
        }
    }

    /// Returns the touches declared of a past outside the ledger.
    pub fn declared_touches(&self) -> &[DeclaredTouch] {
        match self {
            Self::OpeningStock(e) => &e.touches,
            Self::Intake(e) => &e.touches,
            _ => &[],
        }
    }

    /// Returns who may take over the lots it creates, for kinds whose lots are in transit.
    pub fn receiver(&self) -> Option<&Maybe<Receiver>> {
        match self {
            Self::Dispatch(e) => Some(&e.receiver),
            Self::Refuse(e) => Some(&e.receiver),
            _ => None,
        }
    }

    /// Whether output N is made of input N alone.
    pub fn is_pairwise(&self) -> bool {
        matches!(self, Self::Dispatch(_) | Self::Receive(_) | Self::Refuse(_))
    }
}
