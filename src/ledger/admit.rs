//! Admission: whether an own event keeps every invariant of custody, before it is signed.
//!
//! The same invariants are checked by `custody` from records alone; here they are checked with look-ups, one event
//! at a time. Spec: docs/verification.md, "Custody".

mod accounts;
mod amend;
mod claims;
mod dealings;
mod tags;
mod things;
mod title;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

pub use self::tags::{TagsRefusal, keys_of as tag_keys};
use super::account::Account;
use super::append::{Batch, Warning};
use super::error::LedgerError;
use crate::custody::place;
use crate::hash::RecordId;
use crate::model::day::Day;
use crate::model::event::{At, Body, EndStatus, Event, Measure, Receiver, Refuse, Release, Withdraw};
use crate::model::facility::DeclareFacility;
use crate::model::kind::Kind;
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

pub use accounts::CircuitRefusal;
pub use amend::AmendRefusal;
pub use claims::ClaimRefusal;

/// Why an event cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The record of an input is not held.
    #[error("the record of lot `{lot}` is not held here")]
    MissingInput {
        /// The lot.
        lot: String,
    },
    /// The record of an input has no such output.
    #[error("there is no lot `{lot}`: its record has {outputs} outputs")]
    NoSuchOutput {
        /// The lot.
        lot: String,
        /// Outputs of its record.
        outputs: usize,
    },
    /// The author is not the rightful consumer.
    #[error("lot `{lot}` may only be used by {holder}")]
    WrongConsumer {
        /// The lot.
        lot: String,
        /// Who may use it.
        holder: String,
    },
    /// Nobody of the ledger may consume the lot, or it is not known who may.
    #[error("lot `{lot}` was sent {to}")]
    NoConsumer {
        /// The lot.
        lot: String,
        /// Where it went, in words.
        to: &'static str,
    },
    /// A lot in transit has to be received first.
    #[error("lot `{lot}` is in transit and has not been received")]
    InTransit {
        /// The lot.
        lot: String,
    },
    /// A lot that is held already cannot be received or refused.
    #[error("lot `{lot}` is not in transit, so it cannot be received, refused or released")]
    NotInTransit {
        /// The lot.
        lot: String,
    },
    /// A stretch was taken before.
    #[error("{from} to {to} of lot `{lot}` is asked for, but {used_from} to {used_to} was used by record `{}`", by.short())]
    UsedBefore {
        /// The lot.
        lot: String,
        /// Begin of the stretch asked for.
        from: Mass,
        /// Its end.
        to: Mass,
        /// Begin of the stretch taken before.
        used_from: Mass,
        /// Its end.
        used_to: Mass,
        /// The record that took it.
        by: RecordId,
        /// Where the unused part begins.
        free: Mass,
    },
    /// Two inputs of the event share a stretch.
    #[error("two inputs use the same part of lot `{lot}`, one of them {from} to {to}")]
    TwiceInEvent {
        /// The lot.
        lot: String,
        /// Begin of the second stretch.
        from: Mass,
        /// Its end.
        to: Mass,
    },
    /// A stretch reaches past the lot.
    #[error("{from} to {to} of lot `{lot}` is asked for, but the lot has {mass}")]
    BeyondLot {
        /// The lot.
        lot: String,
        /// Begin of the stretch asked for.
        from: Mass,
        /// Its end.
        to: Mass,
        /// Mass of the lot.
        mass: Mass,
    },
    /// A record said that nothing was left.
    #[error("lot `{lot}` was emptied by record `{}`", by.short())]
    Emptied {
        /// The lot.
        lot: String,
        /// The record that emptied it.
        by: RecordId,
    },
    /// What was taken so far is no longer shown here.
    #[error("record `{}` used a part of lot `{lot}` that is no longer shown here", by.short())]
    UseHidden {
        /// The lot.
        lot: String,
        /// The record.
        by: RecordId,
    },
    /// The record that made the lot was taken back.
    #[error("lot `{lot}` rests on record `{}`, which was withdrawn", record.short())]
    Withdrawn {
        /// The lot.
        lot: String,
        /// The record that was taken back.
        record: RecordId,
    },
    /// The facility is not held.
    #[error("the facility `{}` is not held here", facility.short())]
    FacilityMissing {
        /// The record named.
        facility: RecordId,
    },
    /// The record named as facility declares none.
    #[error("record `{}` does not declare a facility", facility.short())]
    NoFacility {
        /// The record named.
        facility: RecordId,
    },
    /// The facility is another's.
    #[error("the facility {facility} is {whose}")]
    ForeignFacility {
        /// The facility, by name.
        facility: String,
        /// Whose it is, in words.
        whose: String,
    },
    /// The `host` record cited does not cover the event.
    #[error("the event is at the facility {facility} as a guest on `host` record `{}`, but {why}", host.short())]
    HostDoesNotCover {
        /// The facility, by name.
        facility: String,
        /// The record cited.
        host: RecordId,
        /// What it lacks.
        why: String,
    },
    /// A stay is given at a facility that is not the author's.
    #[error("the facility {facility} is not yours, so you cannot let anybody work there")]
    NotYourFacility {
        /// The facility, by name.
        facility: String,
    },
    /// A party names itself where another belongs.
    #[error("{0}")]
    Oneself(&'static str),
    /// A lot that is called back or assigned was not sent by the author.
    #[error("lot `{lot}` {why}")]
    NotYoursInTransit {
        /// The lot.
        lot: String,
        /// What is wrong with it.
        why: String,
    },
    /// The code shown is not the one that the dispatch committed to.
    #[error("the claim code does not fit lot `{lot}`")]
    WrongCode {
        /// The lot.
        lot: String,
    },
    /// The declaration of the facility was taken back.
    #[error("the declaration of the facility {facility} was withdrawn")]
    FacilityWithdrawn {
        /// The facility, by name.
        facility: String,
    },
    /// Inputs and outputs of a handover differ in number.
    #[error("{inputs} lots go in and {outputs} come out, where each input has its own output")]
    UnequalCount {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
    /// An output of a handover is another material than its input.
    #[error("output {output} is {stated}, but lot `{lot}` is {found}")]
    OtherMaterial {
        /// Number of the output, from 0.
        output: usize,
        /// Material stated.
        stated: String,
        /// The input's lot.
        lot: String,
        /// Its material.
        found: String,
    },
    /// An output of a handover has another mass than its input.
    #[error("output {output} holds {stated}, but {taken} of lot `{lot}` go into it")]
    OtherMass {
        /// Number of the output, from 0.
        output: usize,
        /// Mass stated.
        stated: Mass,
        /// The input's lot.
        lot: String,
        /// Mass of the stretch.
        taken: Mass,
    },
    /// An output of a handover is stated on another mass basis than its input.
    #[error("output {output} is stated on another mass basis than lot `{lot}`")]
    OtherBasis {
        /// Number of the output, from 0.
        output: usize,
        /// The input's lot.
        lot: String,
    },
    /// Refused goods go to someone else than the sender.
    #[error("lot `{lot}` was dispatched by {sender} and can only go back there")]
    NotSentBack {
        /// The lot.
        lot: String,
        /// Who dispatched it.
        sender: String,
    },
    /// A record that is withdrawn or ended is not held, not own, or of another kind.
    #[error("record `{}` {why}", target.short())]
    WrongTarget {
        /// The record named.
        target: RecordId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An event of a circuit does not fit what was recorded of it.
    #[error(transparent)]
    Circuit(Box<CircuitRefusal>),
    /// The facility was given up by its operator.
    #[error("the facility {facility} was given up from {from} on")]
    Ceded {
        /// The facility, by name.
        facility: String,
        /// First day on which it is no longer the author's.
        from: Day,
    },
    /// A title, receipt or pledge cannot be passed so.
    #[error("{why}")]
    Title {
        /// What records say against it.
        why: String,
        /// What to do.
        resolve: String,
    },
    /// A claim, waiver, inspection, tie or assay may not say what it says.
    #[error(transparent)]
    Claim(ClaimRefusal),
    /// The event opens a chain.
    #[error("`establish` opens a chain and cannot stand inside one")]
    Establish,
    /// Tags or what they are on do not fit what is held.
    #[error(transparent)]
    Tags(TagsRefusal),
    /// A list of parts gives away more than was consumed.
    #[error("{listed} of lot `{lot}` are listed as parts, but {taken} are taken")]
    PartsExceed {
        /// The lot.
        lot: String,
        /// Mass of all its parts.
        listed: Mass,
        /// Mass of the stretch.
        taken: Mass,
    },
    /// A part recovered never went into what is taken apart.
    #[error("lot `{part}` never went into what is taken apart")]
    NotAPart {
        /// The lot said to be a part.
        part: String,
    },
    /// More of a part is recovered than went in.
    #[error("more is recovered of lot `{part}` than the {went_in} that went in")]
    RecoveredExceeds {
        /// The lot.
        part: String,
        /// How much of it went in.
        went_in: Mass,
    },
    /// Something said about an earlier record cannot stand.
    #[error(transparent)]
    Amend(AmendRefusal),
    /// A value is withheld in an own event.
    #[error("the inputs of an own event are withheld")]
    InputsWithheld,
}

impl Refusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::MissingInput { .. } | Self::FacilityMissing { .. } => {
                "import the export file of the party that made it first"
            }
            Self::NoSuchOutput { .. } => "outputs are counted from 0",
            Self::WrongConsumer { .. } => "its holder must dispatch it to you, and you receive it",
            Self::NoConsumer { to, .. } if *to == RECEIVER_WITHHELD => {
                "ask the sender for an export that shows the item `receiver`"
            }
            Self::NoConsumer { .. } => "the sender must dispatch it to you",
            Self::InTransit { .. } => "record its `receive` first, then use what was received",
            Self::NotInTransit { .. } => "name the lot that the sender's dispatch created",
            Self::UsedBefore { free, .. } => {
                return Some(format!("the unused rest begins at {free}"));
            }
            Self::TwiceInEvent { .. } => "let each input begin where the one before it ends",
            Self::BeyondLot { .. } => {
                "use at most what is left; if a scale shows more, record a `measure` and take the rest with `empties`"
            }
            Self::Emptied { .. } => "if something is left after all, withdraw the record that emptied it",
            Self::UseHidden { .. } => "restore the private values of that record from a copy of this ledger",
            Self::Withdrawn { .. } => "use the lot of the record that stands in its place",
            Self::NoFacility { .. } => "name a facility by the record that declared it",
            Self::ForeignFacility { .. } => {
                "let the operator record a `host` for you and import it, or declare your own facility"
            }
            Self::HostDoesNotCover { .. } => {
                "ask the operator for a `host` record that covers it, or let the operator record the work"
            }
            Self::NotYourFacility { .. } => "name a facility that you declared as your own",
            Self::Oneself(_) => "leave it out, or name the other party",
            Self::NotYoursInTransit { .. } => "see `lots` for what is in transit from you",
            Self::WrongCode { .. } => {
                "compare it with the paper that went with the goods; without a code, `assign` decides on your word alone"
            }
            Self::FacilityWithdrawn { .. } => "declare the facility again",
            Self::UnequalCount { .. } => "give one output for each input, in the same order",
            Self::OtherMaterial { .. } | Self::OtherMass { .. } | Self::OtherBasis { .. } => {
                "a handover changes nothing: state the lot as it was; what changes it is a `transform` or `measure`"
            }
            Self::PartsExceed { .. } => "list as parts at most what is taken of the lot, or take more of it",
            Self::NotAPart { .. } => {
                "name the lot that went in; what is not known to have been a part needs no `recovered` entry"
            }
            Self::RecoveredExceeds { .. } => {
                "record what else came out as a lot of its own, without a `recovered` entry"
            }
            Self::NotSentBack { .. } => "name the sender as the receiver",
            Self::Circuit(refusal) => return Some(refusal.hint()),
            Self::Tags(refusal) => return refusal.hint(),
            Self::Ceded { .. } => "the new operator records the work, or lets you work there with `host`",
            Self::Title { resolve, .. } => return Some(resolve.clone()),
            Self::Claim(refusal) => return Some(refusal.hint()),
            Self::Amend(refusal) => refusal.hint(),
            Self::WrongTarget { .. } | Self::Establish | Self::InputsWithheld => return None,
        };
        Some(text.to_owned())
    }
}

const RECEIVER_WITHHELD: &str = "to a party that is withheld";

/// Why an event was not admitted, or could not be judged.
pub enum NotAdmitted {
    /// It breaks an invariant.
    Refused(Refusal),
    /// The ledger could not tell.
    Failed(LedgerError),
}

impl From<Refusal> for NotAdmitted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<LedgerError> for NotAdmitted {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error)
    }
}

/// What an admitted event changes.
#[derive(Default)]
pub struct Admitted {
    /// Stretches taken, in order.
    pub takes: Vec<Input>,
    /// Record taken back.
    pub withdraws: Option<RecordId>,
    /// Lots whose receiver is named, and whom it names.
    pub assigns: Vec<(LotRef, Maybe<Receiver>)>,
    /// Lots that are asked back, and from when.
    pub asks_back: Vec<(LotRef, Day)>,
    /// Record that states something else from here on.
    pub corrects: Option<RecordId>,
}

impl Batch<'_> {
    /// Checks an event against everything held and everything added before it.
    pub(super) fn admit(&mut self, event: &Event) -> Result<Admitted, NotAdmitted> {
        if let Some(at) = event.body.at() {
            self.admit_place(&event.body, at)?;
        }
        self.admit_behalf(event)?;
        let mut admitted = Admitted::default();
        if let Some(inputs) = event.body.inputs() {
            let MaybeList::Shown(inputs) = inputs else { return Err(Refusal::InputsWithheld.into()) };
            self.admit_inputs(event, inputs)?;
            admitted.takes.clone_from(inputs);
        }
        self.admit_claims(event)?;
        match &event.body {
            Body::Establish(_) => return Err(Refusal::Establish.into()),
            Body::Measure(measure) => self.admit_measure(measure)?,
            Body::Charge(charge) => self.admit_charge(charge)?,
            Body::Draw(draw) => self.admit_draw(draw)?,
            Body::ClosePeriod(close) => self.admit_close(close)?,
            Body::Assemble(assemble) => self.admit_assemble(assemble)?,
            Body::Disassemble(disassemble) => self.admit_disassemble(disassemble)?,
            Body::Withdraw(withdraw) => {
                self.admit_withdraw(withdraw)?;
                admitted.withdraws = Some(withdraw.target);
            }
            Body::Correct(correct) => {
                self.admit_correct(correct)?;
                admitted.corrects = Some(correct.target);
            }
            Body::Dispute(dispute) => self.admit_dispute(dispute)?,
            Body::Resolve(resolve) => self.admit_resolve(resolve)?,
            Body::Acknowledge(acknowledge) => self.admit_acknowledge(acknowledge)?,
            Body::WithdrawAccreditation(end) => self.admit_end(end, Kind::Accredit)?,
            Body::SuspendCertificate(end) => self.admit_end(end, Kind::Certify)?,
            Body::Host(host) => self.admit_host(host)?,
            Body::EndHost(end) => self.admit_end_host(end)?,
            Body::RequestReturn(request) => {
                self.admit_request_return(request)?;
                admitted.asks_back = request.lots.iter().map(|lot| (*lot, request.from)).collect();
            }
            Body::Assign(assign) => {
                self.admit_assign(assign)?;
                admitted.assigns = assign.lots.iter().map(|lot| (*lot, assign.receiver.clone())).collect();
            }
            Body::TransferTitle(title) => self.admit_title(event, title)?,
            Body::CedeFacility(cede) => self.admit_cede(cede)?,
            Body::DeclareFacility(facility) => self.admit_succession(facility)?,
            Body::Accredit(one) => self.admit_facility_named(one.facility)?,
            Body::Certify(one) => self.admit_facility_named(one.facility)?,
            Body::IssueTags(issue) => self.admit_issue(issue)?,
            Body::ApplyTags(apply) => self.admit_apply(apply)?,
            Body::DeclareBorder(declared) => self.admit_border(declared)?,
            _ => {}
        }
        Ok(admitted)
    }

    /// INVARIANT (own place): the facility was declared by the author, for itself or for one outside the ledger, or
    /// its operator's `host` record is held and covers the event.
    fn admit_place(&mut self, body: &Body, at: &At) -> Result<(), NotAdmitted> {
        let Maybe::Shown(id) = at.facility else { return Ok(()) };
        let Some(source) = self.source(&id)? else {
            return Err(Refusal::FacilityMissing { facility: id }.into());
        };
        let Body::DeclareFacility(facility) = &source.event.body else {
            return Err(Refusal::NoFacility { facility: id }.into());
        };
        let own = self.party();
        let operator = place::operator(source.author, facility);
        let is_own = source.author == own && operator.is_none_or(|operator| operator == own);
        if let (false, Some(host)) = (is_own, at.host) {
            return self.admit_guest(body, at, (id, operator), host);
        }
        let name = self.facility_name(&id, facility);
        if source.author != own {
            let whose = format!("one that {} declared", self.ledger().party_name(&source.author)?);
            return Err(Refusal::ForeignFacility { facility: name, whose }.into());
        }
        if let Some(other) = operator.filter(|operator| *operator != own) {
            let whose = format!("run by {}, who keeps a ledger", self.ledger().party_name(&other)?);
            return Err(Refusal::ForeignFacility { facility: name, whose }.into());
        }
        if source.withdrawn {
            return Err(Refusal::FacilityWithdrawn { facility: name }.into());
        }
        if let (Some(from), Maybe::Shown(period)) = (source.ceded, &at.period)
            && period.last >= from
        {
            return Err(Refusal::Ceded { facility: name, from }.into());
        }
        Ok(())
    }

    /// Returns what people call a facility: the user's own name for it, the name it was declared with, or its id.
    fn facility_name(&self, id: &RecordId, facility: &DeclareFacility) -> String {
        match (self.ledger().names().facility(id), facility.name.shown()) {
            (Some(name), _) => format!("`{name}`"),
            (None, Some(name)) => format!("`{name}`"),
            (None, None) => format!("`{}`", id.short()),
        }
    }

    fn admit_inputs(&mut self, event: &Event, inputs: &[Input]) -> Result<(), NotAdmitted> {
        let takes_over = event.body.takes_over();
        let outputs = event.body.outputs();
        if event.body.is_pairwise() && inputs.len() != outputs.len() {
            return Err(Refusal::UnequalCount { inputs: inputs.len(), outputs: outputs.len() }.into());
        }
        let mut taken: HashMap<LotRef, BTreeMap<u64, u64>> = HashMap::new();
        for (index, input) in inputs.iter().enumerate() {
            let account = self.held_account(&input.lot)?;
            self.admit_consumer(&input.lot, &account, takes_over)?;
            self.admit_stretch(input, &account)?;
            if event.body.is_pairwise() {
                self.admit_pair(event, index, input, &account.lot, &outputs[index])?;
            }
            if let Body::Refuse(Refuse { receiver, .. }) | Body::Release(Release { receiver, .. }) =
                &event.body
                && !matches!(receiver, Maybe::Shown(Receiver::Party(to)) if *to == account.author)
            {
                let sender = self.ledger().party_name(&account.author)?;
                return Err(Refusal::NotSentBack { lot: self.lot_name(&input.lot, &account), sender }.into());
            }
            // Stretches of one event must not overlap each other either.
            let (from, to) = (input.from.mg(), input.end().map_or(u64::MAX, Mass::mg));
            let before = taken.entry(input.lot).or_default();
            if before.range(..to).next_back().is_some_and(|(_, until)| *until > from) {
                let lot = self.lot_name(&input.lot, &account);
                return Err(Refusal::TwiceInEvent { lot, from: input.from, to: Mass::from_mg(to) }.into());
            }
            before.insert(from, to);
        }
        Ok(())
    }

    fn held_account(&mut self, lot: &LotRef) -> Result<Rc<Account>, NotAdmitted> {
        if let Some(account) = self.account(lot)? {
            return Ok(account);
        }
        let name = self.ledger().names().lot(lot).map_or_else(|| lot.short(), str::to_owned);
        Err(match self.source(&lot.record)? {
            None => Refusal::MissingInput { lot: name },
            Some(source) => Refusal::NoSuchOutput { lot: name, outputs: source.event.body.outputs().len() },
        }
        .into())
    }

    /// INVARIANT (one consumer): a lot is consumed by its author or, in transit, by the named receiver.
    fn admit_consumer(&self, lot: &LotRef, account: &Account, takes_over: bool) -> Result<(), NotAdmitted> {
        let name = || self.lot_name(lot, account);
        if account.withdrawn {
            return Err(Refusal::Withdrawn { lot: name(), record: lot.record }.into());
        }
        let to = match &account.transit {
            Some(Maybe::Withheld) => Some(RECEIVER_WITHHELD),
            Some(Maybe::Shown(Receiver::Outside(_))) => Some("to someone outside the ledger"),
            Some(Maybe::Shown(Receiver::Later)) => Some("to a receiver who is not named yet"),
            _ => None,
        };
        if let Some(to) = to {
            return Err(Refusal::NoConsumer { lot: name(), to }.into());
        }
        match account.consumer() {
            Some(party) if party != self.party() => {
                let holder = self.ledger().party_name(&party)?;
                Err(Refusal::WrongConsumer { lot: name(), holder }.into())
            }
            _ if account.transit.is_some() && !takes_over => Err(Refusal::InTransit { lot: name() }.into()),
            _ if account.transit.is_none() && takes_over => Err(Refusal::NotInTransit { lot: name() }.into()),
            _ => Ok(()),
        }
    }

    /// INVARIANT (no stretch twice): within the lot, not taken before, and nothing after it was emptied.
    fn admit_stretch(&mut self, input: &Input, account: &Account) -> Result<(), NotAdmitted> {
        let name = || self.lot_name(&input.lot, account);
        let (from, to) = (input.from, input.end().unwrap_or(Mass::from_mg(u64::MAX)));
        if let Some(by) = account.hidden_use {
            return Err(Refusal::UseHidden { lot: name(), by }.into());
        }
        if let Some(by) = account.emptied_by {
            return Err(Refusal::Emptied { lot: name(), by }.into());
        }
        if let Some((by, used_from, used_to)) = account.overlap(input) {
            let free = account.next_free();
            return Err(Refusal::UsedBefore { lot: name(), from, to, used_from, used_to, by, free }.into());
        }
        match account.lot.mass() {
            Some(mass) if to > mass => Err(Refusal::BeyondLot { lot: name(), from, to, mass }.into()),
            Some(_) => Ok(()),
            None => {
                let lot = name();
                let event = self.len();
                self.warn(Warning::MassWithheld { event, lot });
                Ok(())
            }
        }
    }

    fn admit_pair(
        &self,
        event: &Event,
        output: usize,
        input: &Input,
        source: &Lot,
        made: &Lot,
    ) -> Result<(), NotAdmitted> {
        let lot = || source.label().map_or_else(|| input.lot.short(), str::to_owned);
        if source.material != made.material {
            let (stated, found) = (made.material.to_string(), source.material.to_string());
            return Err(Refusal::OtherMaterial { output, stated, lot: lot(), found }.into());
        }
        if matches!(event.body, Body::Receive(_)) {
            return Ok(());
        }
        let Some(quantity) = made.quantity.shown() else { return Ok(()) };
        if quantity.mass != input.mass {
            let (stated, taken) = (quantity.mass, input.mass);
            return Err(Refusal::OtherMass { output, stated, lot: lot(), taken }.into());
        }
        let basis = source.quantity.shown().map(|quantity| quantity.basis);
        if basis.is_some_and(|basis| basis != quantity.basis) {
            return Err(Refusal::OtherBasis { output, lot: lot() }.into());
        }
        Ok(())
    }

    fn admit_measure(&mut self, measure: &Measure) -> Result<(), NotAdmitted> {
        let account = self.held_account(&measure.lot)?;
        match account.consumer() {
            Some(party) if party != self.party() => {
                let lot = self.lot_name(&measure.lot, &account);
                Err(Refusal::WrongConsumer { lot, holder: self.ledger().party_name(&party)? }.into())
            }
            _ => Ok(()),
        }
    }

    fn admit_withdraw(&mut self, withdraw: &Withdraw) -> Result<(), NotAdmitted> {
        let target = withdraw.target;
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        match self.source(&target)? {
            None => wrong("is not held here"),
            Some(source) if source.author != self.party() => {
                wrong("is another party's; only its author can take it back")
            }
            Some(source) if source.withdrawn => wrong("was withdrawn before"),
            Some(source) => match source.event.body {
                Body::Establish(_) => wrong("opens the chain and cannot be taken back"),
                Body::Withdraw(_) => wrong("is a withdrawal, which cannot be taken back"),
                Body::Correct(_) => {
                    wrong("is a correction, which cannot be taken back; correct the record again")
                }
                _ => Ok(()),
            },
        }
    }

    fn admit_end(&mut self, end: &EndStatus, kind: Kind) -> Result<(), NotAdmitted> {
        let target = end.target;
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        match self.source(&target)? {
            None => wrong("is not held here"),
            Some(source) if source.author != self.party() => {
                wrong("is another party's; only its author can end it")
            }
            Some(source) if source.event.kind() != kind => match kind {
                Kind::Accredit => wrong("is no accreditation"),
                Kind::Host => wrong("lets nobody work anywhere"),
                _ => wrong("is no certificate"),
            },
            Some(_) => Ok(()),
        }
    }

    /// A facility that a status names need not be held; if it is, it must be one.
    fn admit_facility_named(&mut self, facility: Option<RecordId>) -> Result<(), NotAdmitted> {
        let Some(facility) = facility else { return Ok(()) };
        match self.source(&facility)? {
            Some(source) if source.event.kind() != Kind::DeclareFacility => {
                Err(Refusal::NoFacility { facility }.into())
            }
            _ => Ok(()),
        }
    }

    /// Returns what people call a lot: the user's own name for it, its label, or its id.
    pub(super) fn lot_name(&self, lot: &LotRef, account: &Account) -> String {
        let own = self.ledger().names().lot(lot).map(str::to_owned);
        own.or_else(|| account.lot.label().map(str::to_owned)).unwrap_or_else(|| lot.short())
    }
}
