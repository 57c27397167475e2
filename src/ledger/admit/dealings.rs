//! Admission of stays, of lots in transit that change their way, and of what is recorded for another.

use std::rc::Rc;

use super::{Account, Batch, LedgerError, NotAdmitted, Refusal};
use crate::custody::place::host::{self, Held, Stay};
use crate::hash::{PartyId, RecordId};
use crate::model::claim::ClaimCode;
use crate::model::day::Day;
use crate::model::event::{Assign, At, Behalf, Body, EndStatus, Event, Host, Receiver, RequestReturn};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

impl Batch<'_> {
    /// INVARIANT (own place): a guest's work is covered by the operator's `host` record, which is held.
    pub(super) fn admit_guest(
        &mut self,
        body: &Body,
        at: &At,
        (facility, operator): (RecordId, Option<PartyId>),
        cited: RecordId,
    ) -> Result<(), NotAdmitted> {
        let wrong = |why| Err(Refusal::WrongTarget { target: cited, why }.into());
        let Some(source) = self.source(&cited)? else { return wrong("is not held here") };
        let Body::Host(host) = &source.event.body else { return wrong("lets nobody work anywhere") };
        if source.withdrawn {
            return wrong("was withdrawn by the operator");
        }
        let Maybe::Shown(period) = at.period else { return Ok(()) };
        let stay = Stay { guest: self.party(), facility, operator, body, period };
        let held = Held { author: source.author, host, ended: self.stay_ended(&cited, &source.author)? };
        match host::gap(&stay, &held) {
            None => Ok(()),
            Some(gap) => {
                let name = match self.source(&facility)?.map(|source| Rc::clone(&source.event)) {
                    Some(event) => match &event.body {
                        Body::DeclareFacility(declared) => self.facility_name(&facility, declared),
                        _ => facility.short(),
                    },
                    None => facility.short(),
                };
                Err(Refusal::HostDoesNotCover { facility: name, host: cited, why: gap.to_string() }.into())
            }
        }
    }

    /// Returns the first day without a stay, if the operator ended it in what is held or in this batch.
    pub(in crate::ledger) fn stay_ended(
        &self,
        host: &RecordId,
        operator: &PartyId,
    ) -> Result<Option<Day>, LedgerError> {
        let mut first: Option<Day> =
            self.added_ends(host).map(|from| host::end_day(from, self.today())).min();
        for number in self.ledger().numbers_about(host)? {
            let record = self.ledger().record_at(number)?;
            let Body::EndHost(end) = &record.event.body else { continue };
            if record.author == *operator && self.source(&record.id)?.is_some_and(|one| !one.withdrawn) {
                let from = host::end_day(end.from, record.signed_at.day());
                first = Some(first.map_or(from, |first| first.min(from)));
            }
        }
        Ok(first)
    }

    pub(super) fn admit_host(&mut self, host: &Host) -> Result<(), NotAdmitted> {
        if host.guest == self.party() {
            return Err(Refusal::Oneself("a party works in its own plant without a `host` record").into());
        }
        let Some(source) = self.source(&host.facility)? else {
            return Err(Refusal::FacilityMissing { facility: host.facility }.into());
        };
        let Body::DeclareFacility(facility) = &source.event.body else {
            return Err(Refusal::NoFacility { facility: host.facility }.into());
        };
        let name = self.facility_name(&host.facility, facility);
        let operator = crate::custody::place::operator(source.author, facility);
        if source.author != self.party() || operator != Some(self.party()) {
            return Err(Refusal::NotYourFacility { facility: name }.into());
        }
        match source.withdrawn {
            true => Err(Refusal::FacilityWithdrawn { facility: name }.into()),
            false => Ok(()),
        }
    }

    pub(super) fn admit_end_host(&mut self, end: &EndStatus) -> Result<(), NotAdmitted> {
        self.admit_end(end, Kind::Host)?;
        let author = self.party();
        match self.stay_ended(&end.target, &author)? {
            Some(before) if before <= end.from => {
                Err(Refusal::WrongTarget { target: end.target, why: "was ended before" }.into())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn admit_request_return(&mut self, request: &RequestReturn) -> Result<(), NotAdmitted> {
        for lot in &request.lots {
            let account = self.sent_account(lot)?;
            let why = if account.asked_back.is_some_and(|from| from <= request.from) {
                "was asked back before"
            } else if account.left().is_some_and(|left| left.mg() == 0) {
                "was taken over whole already"
            } else {
                continue;
            };
            return Err(self.not_yours(lot, &account, why.to_owned()));
        }
        Ok(())
    }

    pub(super) fn admit_assign(&mut self, assign: &Assign) -> Result<(), NotAdmitted> {
        let code = assign.claim.shown().and_then(Option::as_deref);
        for lot in &assign.lots {
            let account = self.sent_account(lot)?;
            if let Some(by) = account.assigned_by {
                let why = format!("was assigned already, by record `{}`", by.short());
                return Err(self.not_yours(lot, &account, why));
            }
            if account.transit != Some(Maybe::Shown(Receiver::Later)) {
                let why = "was sent to a receiver who was named then".to_owned();
                return Err(self.not_yours(lot, &account, why));
            }
            let hash = code.and_then(|code| code.parse::<ClaimCode>().ok()).map(|code| code.hash());
            if code.is_some() && hash != account.claim {
                return Err(Refusal::WrongCode { lot: self.lot_name(lot, &account) }.into());
            }
        }
        Ok(())
    }

    /// Returns the account of a lot in transit that the author itself sent.
    fn sent_account(&mut self, lot: &LotRef) -> Result<Rc<Account>, NotAdmitted> {
        let account = self.held_account(lot)?;
        let why = if account.author != self.party() {
            let sender = self.ledger().party_name(&account.author)?;
            format!("was not sent by you, but by {sender}")
        } else if account.transit.is_none() {
            "was not dispatched".to_owned()
        } else if account.withdrawn {
            "rests on a record that you have withdrawn".to_owned()
        } else {
            return Ok(account);
        };
        Err(self.not_yours(lot, &account, why))
    }

    fn not_yours(&self, lot: &LotRef, account: &Account, why: String) -> NotAdmitted {
        Refusal::NotYoursInTransit { lot: self.lot_name(lot, account), why }.into()
    }

    /// Whoever attests for itself does not record for another.
    pub(super) fn admit_behalf(&self, event: &Event) -> Result<(), NotAdmitted> {
        match &event.behalf {
            Some(Maybe::Shown(Behalf { who: Receiver::Party(who), .. })) if *who == self.party() => {
                Err(Refusal::Oneself("you are recording on behalf of yourself").into())
            }
            _ => Ok(()),
        }
    }
}
