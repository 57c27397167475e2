//! Admission: whether an own event keeps every invariant of custody, before it is signed.
//!
//! The same invariants are checked by `custody` from records alone; here they are checked with look-ups, one event
//! at a time. Spec: docs/verification.md, "Custody".

mod accounts;
mod amend;
mod claims;
mod dealings;
mod refusal;
mod tags;
mod things;
mod title;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use self::refusal::RECEIVER_WITHHELD;
pub use self::tags::keys_of as tag_keys;
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
pub use refusal::{NotAdmitted, Refusal};

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
