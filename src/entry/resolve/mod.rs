//! Resolving: every text of a draft read, every name looked up.

mod accounts;
mod amend;
mod claims;
mod evidence;
mod handover;
mod hosting;
mod in_transit;
mod lots;
mod parties;
mod people;
mod portion;
mod run;
mod tags;
mod things;
mod title;
mod values;
mod vouch;
mod work;

use super::draft::Draft;
use super::error::EntryError;
use super::privacy::Privacy;
use super::resolver::Resolver;
use crate::model::event::{Body, Event};
use crate::model::identifier_check;
use crate::model::kind::Kind;
use crate::model::maybe::Maybe;
use crate::record;

/// An event ready to be sealed, and what it keeps private otherwise than its profile says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The event, every value shown.
    pub event: Event,
    /// Exceptions from the ledger's profile.
    pub privacy: Privacy,
}

impl Draft {
    /// Reads every text and looks up every name.
    ///
    /// # Errors
    /// [`EntryError`] for the first field that cannot be read, is missing, or names nothing.
    pub fn resolve(&self, names: &dyn Resolver) -> Result<Resolved, EntryError> {
        let (body, seen) = match self.kind {
            Kind::Witness => {
                let (witness, seen) = vouch::witness(self, names)?;
                (Body::Witness(witness), seen)
            }
            _ => (self.body(names)?, Vec::new()),
        };
        let documents = values::hashes("documents", &self.documents)?;
        let event = Event {
            facts: values::facts("facts", &self.facts)?,
            documents: (!documents.is_empty()).then_some(Maybe::Shown(documents)),
            note: super::error::some_words("note", &self.note, 1024)?.map(Maybe::Shown),
            behalf: people::behalf(&self.people, names)?.map(Maybe::Shown),
            late: super::error::some_words("late", &self.people.late, 256)?.map(Maybe::Shown),
            seen,
            ..Event::new(body)
        };
        if names.checks_identifiers() {
            check_identifiers(&event)?;
        }
        let privacy = Privacy { private: self.private.clone(), show: self.show.clone() };
        privacy.check(&record::slots(&event))?;
        Ok(Resolved { event, privacy })
    }

    fn body(&self, names: &dyn Resolver) -> Result<Body, EntryError> {
        Ok(match self.kind {
            Kind::Establish => Body::Establish(parties::establish(self)?),
            Kind::DeclareFacility => Body::DeclareFacility(parties::declare_facility(self, names)?),
            Kind::Accredit => Body::Accredit(parties::accredit(self, names)?),
            Kind::WithdrawAccreditation => Body::WithdrawAccreditation(parties::end_status(self, names)?),
            Kind::Certify => Body::Certify(parties::certify(self, names)?),
            Kind::SuspendCertificate => Body::SuspendCertificate(parties::end_status(self, names)?),
            Kind::Host => Body::Host(hosting::host(self, names)?),
            Kind::EndHost => Body::EndHost(hosting::end_host(self, names)?),
            Kind::Extract => Body::Extract(work::extract(self, names)?),
            Kind::Collect => Body::Collect(work::collect(self, names)?),
            Kind::OpeningStock => Body::OpeningStock(work::opening_stock(self, names)?),
            Kind::Intake => Body::Intake(work::intake(self, names)?),
            Kind::Transform => Body::Transform(work::transform(self, names)?),
            Kind::Repack => Body::Repack(work::repack(self, names)?),
            Kind::Charge => Body::Charge(accounts::charge(self, names)?),
            Kind::Draw => Body::Draw(accounts::draw(self, names)?),
            Kind::ClosePeriod => Body::ClosePeriod(accounts::close_period(self, names)?),
            Kind::Assemble => Body::Assemble(things::assemble(self, names)?),
            Kind::Disassemble => Body::Disassemble(things::disassemble(self, names)?),
            Kind::Dispatch => Body::Dispatch(handover::dispatch(self, names)?),
            Kind::Receive => Body::Receive(handover::receive(self, names)?),
            Kind::Refuse => Body::Refuse(handover::refuse(self, names)?),
            Kind::Release => Body::Release(in_transit::release(self, names)?),
            Kind::RequestReturn => Body::RequestReturn(in_transit::request_return(self, names)?),
            Kind::Assign => Body::Assign(in_transit::assign(self, names)?),
            Kind::Measure => Body::Measure(evidence::measure(self, names)?),
            Kind::Dispose => Body::Dispose(work::dispose(self, names)?),
            Kind::Assay => Body::Assay(evidence::assay(self, names)?),
            Kind::RegisterDocument => Body::RegisterDocument(evidence::register_document(self, names)?),
            Kind::IssueTags => Body::IssueTags(tags::issue_tags(self, names)?),
            Kind::ApplyTags => Body::ApplyTags(tags::apply_tags(self, names)?),
            Kind::DeclareBorder => Body::DeclareBorder(tags::declare_border(self, names)?),
            Kind::TransferTitle => Body::TransferTitle(title::transfer_title(self, names)?),
            Kind::CedeFacility => Body::CedeFacility(title::cede_facility(self, names)?),
            Kind::Withdraw => Body::Withdraw(parties::withdraw(self, names)?),
            Kind::CloseAccount => Body::CloseAccount(claims::close_account(self, names)?),
            Kind::RetireClaim => Body::RetireClaim(claims::retire_claim(self, names)?),
            Kind::Waive => Body::Waive(claims::waive(self, names)?),
            Kind::Inspect => Body::Inspect(claims::inspect(self, names)?),
            Kind::Appoint => Body::Appoint(claims::appoint(self, names)?),
            Kind::Correct => Body::Correct(amend::correct(self, names)?),
            Kind::Dispute => Body::Dispute(amend::dispute(self, names)?),
            Kind::Resolve => Body::Resolve(amend::resolve(self, names)?),
            Kind::Acknowledge => Body::Acknowledge(amend::acknowledge(self, names)?),
            Kind::Attest => Body::Attest(vouch::attest(self, names)?),
            kind => {
                let problem = format!("`{kind}` has its number, but cannot be written yet");
                return Err(EntryError::new("kind", problem, None));
            }
        })
    }
}

/// INVARIANT (no mistyped numbers): what is appended names no register number that cannot be one.
fn check_identifiers(event: &Event) -> Result<(), EntryError> {
    for (path, identifier) in event.identifiers() {
        identifier_check::check(&identifier.scheme, &identifier.number).map_err(|error| {
            let hint = error.hint();
            EntryError::new(format!("{path}/number"), error.to_string(), hint)
        })?;
    }
    Ok(())
}
