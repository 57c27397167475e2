//! Events: what a record states. One kind, one struct; `Body` gathers them.

mod accounts;
mod amend;
mod attest;
mod claims;
mod entry;
mod evidence;
mod handover;
mod identifiers;
mod parties;
mod tags;
mod things;
mod title;
mod within;
mod work;

use serde::Serialize;

use super::day::Day;
use super::facility::DeclareFacility;
use super::fact::Fact;
use super::kind::Kind;
use super::lot::{Input, Lot};
use super::maybe::{Maybe, MaybeList};
use super::party::Establish;
use super::stage::Step;
use crate::hash::{Hash, PartyId};

pub use accounts::{Charge, ClosePeriod, Draw, Stock};
pub use amend::{Acknowledge, Correct, Dispute, Replacement, Resolve};
pub use attest::{
    Attest, AttestedElement, AttestedMass, AttestedSet, AttestedTouch, AttestedVerdict, Unplaced, Witness,
};
pub use claims::{ClaimAccount, CloseAccount, Credit, RetireClaim};
pub use entry::{Collect, DeclaredTouch, Extract, Intake, OpeningStock};
pub use evidence::{Assay, Inspect, RegisterDocument, Subject, Withdraw};
pub use handover::{Assign, Dispatch, Receive, Receiver, Refuse, Release, RequestReturn, Stop};
pub use parties::{Accredit, Appoint, Certify, EndStatus, Host, Limit, Waive};
pub use tags::{AppliedTag, ApplyTags, DeclareBorder, IssueTags};
pub use things::{Assemble, Disassemble, Part, Recovered};
pub use title::{CedeFacility, Titled, TransferTitle};
pub use within::{PartWithin, Within, parts_within};
pub use work::{At, Dispose, Measure, Repack, Transform};

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
    /// For whom it was recorded, where the author writes for another. Extra item `behalf`.
    pub behalf: Option<Maybe<Behalf>>,
    /// Why it was entered long after it happened. Extra item `late`.
    pub late: Option<Maybe<String>>,
}

/// For whom an event was recorded: who attests, apart from who writes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Behalf {
    /// Who attests what is stated.
    pub who: Receiver,
    /// SHA-256 of the paper that they signed.
    pub document: Hash,
    /// Day on which they signed it.
    pub day: Option<Day>,
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
    Correct(Correct),
    Dispute(Dispute),
    Resolve(Resolve),
    CedeFacility(CedeFacility),
    EndHost(EndStatus),
    Appoint(Appoint),
    Host(Host),
    Waive(Waive),
    Collect(Collect),
    Charge(Charge),
    Draw(Draw),
    ClosePeriod(ClosePeriod),
    Assemble(Assemble),
    Disassemble(Disassemble),
    Assign(Assign),
    Release(Release),
    RequestReturn(RequestReturn),
    Inspect(Inspect),
    IssueTags(IssueTags),
    ApplyTags(ApplyTags),
    DeclareBorder(DeclareBorder),
    TransferTitle(TransferTitle),
    CloseAccount(CloseAccount),
    RetireClaim(RetireClaim),
    Acknowledge(Acknowledge),
    Attest(Attest),
    Witness(Witness),
}

impl Event {
    /// Returns an event with this body and nothing else.
    pub fn new(body: Body) -> Self {
        Self {
            body,
            facts: Vec::new(),
            seen: Vec::new(),
            documents: None,
            note: None,
            behalf: None,
            late: None,
        }
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
            Self::Correct(_) => Kind::Correct,
            Self::Dispute(_) => Kind::Dispute,
            Self::Resolve(_) => Kind::Resolve,
            Self::CedeFacility(_) => Kind::CedeFacility,
            Self::EndHost(_) => Kind::EndHost,
            Self::Appoint(_) => Kind::Appoint,
            Self::Host(_) => Kind::Host,
            Self::Waive(_) => Kind::Waive,
            Self::Collect(_) => Kind::Collect,
            Self::Charge(_) => Kind::Charge,
            Self::Draw(_) => Kind::Draw,
            Self::ClosePeriod(_) => Kind::ClosePeriod,
            Self::Assemble(_) => Kind::Assemble,
            Self::Disassemble(_) => Kind::Disassemble,
            Self::Assign(_) => Kind::Assign,
            Self::Release(_) => Kind::Release,
            Self::RequestReturn(_) => Kind::RequestReturn,
            Self::Inspect(_) => Kind::Inspect,
            Self::IssueTags(_) => Kind::IssueTags,
            Self::ApplyTags(_) => Kind::ApplyTags,
            Self::DeclareBorder(_) => Kind::DeclareBorder,
            Self::TransferTitle(_) => Kind::TransferTitle,
            Self::CloseAccount(_) => Kind::CloseAccount,
            Self::RetireClaim(_) => Kind::RetireClaim,
            Self::Acknowledge(_) => Kind::Acknowledge,
            Self::Attest(_) => Kind::Attest,
            Self::Witness(_) => Kind::Witness,
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
            Self::Collect(e) => Some(&e.at),
            Self::Charge(e) => Some(&e.at),
            Self::Draw(e) => Some(&e.at),
            Self::ClosePeriod(e) => Some(&e.at),
            Self::Assemble(e) => Some(&e.at),
            Self::Disassemble(e) => Some(&e.at),
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
            Self::Charge(e) => Some(&e.inputs),
            Self::Assemble(e) => Some(&e.inputs),
            Self::Disassemble(e) => Some(&e.inputs),
            Self::Release(e) => Some(&e.inputs),
            _ => None,
        }
    }

    /// Returns the stretches it consumes, to be changed before it is read as stated.
    pub fn inputs_mut(&mut self) -> Option<&mut MaybeList<Input>> {
        match self {
            Self::Transform(e) => Some(&mut e.inputs),
            Self::Repack(e) => Some(&mut e.inputs),
            Self::Dispatch(e) => Some(&mut e.inputs),
            Self::Receive(e) => Some(&mut e.inputs),
            Self::Refuse(e) => Some(&mut e.inputs),
            Self::Dispose(e) => Some(&mut e.inputs),
            Self::Charge(e) => Some(&mut e.inputs),
            Self::Assemble(e) => Some(&mut e.inputs),
            Self::Disassemble(e) => Some(&mut e.inputs),
            Self::Release(e) => Some(&mut e.inputs),
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
            Self::Collect(e) => &e.outputs,
            Self::Draw(e) => &e.outputs,
            Self::Assemble(e) => &e.outputs,
            Self::Disassemble(e) => &e.outputs,
            Self::Release(e) => &e.outputs,
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
            Self::Collect(e) => Some(&mut e.outputs),
            Self::Draw(e) => Some(&mut e.outputs),
            Self::Assemble(e) => Some(&mut e.outputs),
            Self::Disassemble(e) => Some(&mut e.outputs),
            Self::Release(e) => Some(&mut e.outputs),
            _ => None,
        }
    }

    /// Returns the stages and processes done, in order.
    pub fn steps(&self) -> &[Step] {
        match self {
            Self::Extract(e) => &e.steps,
            Self::Transform(e) => &e.steps,
            Self::Collect(e) => &e.steps,
            Self::Draw(e) => &e.steps,
            Self::Assemble(e) => &e.steps,
            Self::Disassemble(e) => &e.steps,
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
            Self::Release(e) => Some(&e.receiver),
            _ => None,
        }
    }

    /// Whether it takes over lots in transit, as only the named receiver may.
    pub fn takes_over(&self) -> bool {
        matches!(self, Self::Receive(_) | Self::Refuse(_) | Self::Release(_))
    }

    /// Whether output N is made of input N alone.
    pub fn is_pairwise(&self) -> bool {
        matches!(self, Self::Dispatch(_) | Self::Receive(_) | Self::Refuse(_) | Self::Release(_))
    }
}
