//! Admission of corrections, disputes and what answers them.
//!
//! What a correction uses is judged when the batch is complete, so that two records can change places.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::{NotAdmitted, Refusal};
use crate::custody::amend::statements::{self, Misfit};
use crate::hash::{PartyId, RecordId};
use crate::ledger::LedgerError;
use crate::ledger::append::{Batch, Warning};
use crate::ledger::keys;
use crate::model::event::{Acknowledge, Body, Correct, Dispute, Event, Resolve, Subject};
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;

/// Why something said about an earlier record cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum AmendRefusal {
    /// A correction changes what it may not change.
    #[error("a correction of record `{}` {}", target.short(), words(*misfit))]
    Misfit {
        /// The record.
        target: RecordId,
        /// What is wrong with it.
        misfit: Misfit,
    },
    /// Corrected, the record would be made of what was made of it.
    #[error("record `{}` would be made of lot `{lot}`, which was made of its own", target.short())]
    Ring {
        /// The record.
        target: RecordId,
        /// The input that leads back to it.
        lot: String,
    },
    /// What is disputed is not held.
    #[error("what is disputed is not held here")]
    NotHeld,
    /// It was done before.
    #[error("record `{}` {done} by record `{}`", target.short(), by.short())]
    Before {
        /// The record it is about.
        target: RecordId,
        /// What was done with it.
        done: &'static str,
        /// The record that did.
        by: RecordId,
    },
    /// A party ends a dispute about its own record.
    #[error("the dispute `{}` is about a record of your own", target.short())]
    OwnCause {
        /// The dispute.
        target: RecordId,
    },
}

fn words(misfit: Misfit) -> &'static str {
    match misfit {
        Misfit::OtherAuthor => "is not yours to make: it is another party's",
        Misfit::Control => "is not possible: it is a control record",
        Misfit::OtherKind => "states another kind of event",
        Misfit::OtherReceiver => "names another receiver",
        Misfit::FewerOutputs => "has fewer outputs than are there",
    }
}

impl AmendRefusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Misfit { misfit: Misfit::OtherAuthor, .. } => "say that it is not so with a `dispute`",
            Self::Misfit { misfit: Misfit::Control, .. } => "record another event that says what holds now",
            Self::Misfit { misfit: Misfit::OtherKind, .. } => {
                "withdraw the record and record what really happened"
            }
            Self::Misfit { misfit: Misfit::OtherReceiver, .. } => {
                "withdraw the record while nobody rests on it, or let the receiver refuse the goods"
            }
            Self::Misfit { misfit: Misfit::FewerOutputs, .. } => {
                "keep every output that was there, in its order; further ones are added behind"
            }
            Self::Ring { .. } => "name what really went in",
            Self::NotHeld => "import the export file of the party that made it first",
            Self::Before { .. } => "nothing more needs to be recorded",
            Self::OwnCause { .. } => {
                "its author ends it, or an authority; `correct` or `withdraw` your record"
            }
        }
    }
}

impl From<AmendRefusal> for NotAdmitted {
    fn from(refusal: AmendRefusal) -> Self {
        Self::Refused(Refusal::Amend(refusal))
    }
}

impl Batch<'_> {
    /// Checks a correction but for what it uses, which [`Batch::admit_restated`] checks at the end.
    pub(super) fn admit_correct(&mut self, correct: &Correct) -> Result<(), NotAdmitted> {
        let target = correct.target;
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        let Some(source) = self.source(&target)? else { return wrong("is not held here") };
        if source.withdrawn {
            return wrong("was withdrawn before");
        }
        statements::fits(&self.party(), correct, &source.author, &source.event.body)
            .map_err(|misfit| AmendRefusal::Misfit { target, misfit })?;
        let body = &*correct.replacement.0;
        if let Some(at) = body.at() {
            self.admit_place(body, at)?;
        }
        if matches!(body.inputs(), Some(MaybeList::Withheld(_))) {
            return Err(Refusal::InputsWithheld.into());
        }
        if let Some(inputs) = body.inputs().and_then(MaybeList::shown)
            && body.is_pairwise()
            && inputs.len() != body.outputs().len()
        {
            let (inputs, outputs) = (inputs.len(), body.outputs().len());
            return Err(Refusal::UnequalCount { inputs, outputs }.into());
        }
        match body {
            Body::Measure(measure) => self.admit_measure(measure),
            Body::Assemble(assemble) => self.admit_assemble(assemble),
            Body::Disassemble(disassemble) => self.admit_disassemble(disassemble),
            Body::Accredit(one) => self.admit_facility_named(one.facility),
            Body::Certify(one) => self.admit_facility_named(one.facility),
            _ => Ok(()),
        }
    }

    /// Checks what a corrected record uses, when all of the batch is known; `event` is the number of the correction.
    ///
    /// INVARIANT (no stretch twice): what it did not use before is free, of lots that are there and its own.
    pub(in crate::ledger) fn admit_restated(
        &mut self,
        event: usize,
        target: &RecordId,
        before: &[Input],
    ) -> Result<(), NotAdmitted> {
        let Some(source) = self.source(target)? else { return Ok(()) };
        let stated = Rc::clone(&source.event);
        let inputs = stated.body.inputs().and_then(MaybeList::shown).unwrap_or_default();
        let takes_over = matches!(stated.body, Body::Receive(_) | Body::Refuse(_));
        let mut own: HashMap<LotRef, BTreeMap<u64, u64>> = HashMap::new();
        let known: HashSet<RecordId> = before.iter().map(|input| input.lot.record).collect();
        for (index, input) in inputs.iter().enumerate() {
            let account = self.held_account(&input.lot)?;
            let (from, to) = (input.from, input.end().unwrap_or(Mass::from_mg(u64::MAX)));
            let earlier = own.entry(input.lot).or_default();
            if earlier.range(..to.mg()).next_back().is_some_and(|(_, until)| *until > from.mg()) {
                let lot = self.lot_name(&input.lot, &account);
                return Err(Refusal::TwiceInEvent { lot, from, to }.into());
            }
            earlier.insert(from.mg(), to.mg());
            if stated.body.is_pairwise() {
                self.admit_pair(&stated, index, input, &account.lot, &stated.body.outputs()[index])?;
            }
            if before.iter().any(|one| covers(one, input)) {
                continue;
            }
            self.admit_consumer(&input.lot, &account, takes_over)?;
            let lot = self.lot_name(&input.lot, &account);
            if let Some((by, used_from, used_to)) = account.overlap_by_others(input, target) {
                let free = account.next_free();
                return Err(Refusal::UsedBefore { lot, from, to, used_from, used_to, by, free }.into());
            }
            if let Some(by) = account.emptied_by.filter(|by| by != target) {
                return Err(Refusal::Emptied { lot, by }.into());
            }
            if let Some(mass) = account.lot.mass().filter(|mass| to > *mass) {
                return Err(Refusal::BeyondLot { lot, from, to, mass }.into());
            }
            if !known.contains(&input.lot.record) && self.leads_to(&input.lot.record, target)? {
                return Err(AmendRefusal::Ring { target: *target, lot }.into());
            }
        }
        self.warn_below_use(event, target, &stated)
    }

    /// Warns where more was used of a lot than its corrected record leaves it.
    fn warn_below_use(&mut self, event: usize, target: &RecordId, stated: &Event) -> Result<(), NotAdmitted> {
        for (index, lot) in (0..).zip(stated.body.outputs()) {
            let Some(account) = self.account(&LotRef { record: *target, index })? else { continue };
            let used = account.next_free();
            if let Some(mass) = lot.mass().filter(|mass| used > *mass) {
                let lot = self.lot_name(&LotRef { record: *target, index }, &account);
                self.warn(Warning::BelowUse { event, lot, mass, used });
            }
        }
        Ok(())
    }

    /// Whether the record `from` is made of lots of the record `target`, over any number of records.
    fn leads_to(&self, from: &RecordId, target: &RecordId) -> Result<bool, LedgerError> {
        let mut seen = HashSet::new();
        let mut stack = vec![*from];
        while let Some(id) = stack.pop() {
            if id == *target {
                return Ok(true);
            }
            if !seen.insert(id) {
                continue;
            }
            let Some(source) = self.source(&id)? else { continue };
            let inputs = source.event.body.inputs().and_then(MaybeList::shown).unwrap_or_default();
            stack.extend(inputs.iter().map(|input| input.lot.record));
        }
        Ok(false)
    }

    pub(super) fn admit_dispute(&mut self, dispute: &Dispute) -> Result<(), NotAdmitted> {
        let is_held = match &dispute.about {
            Subject::Lot(lot) => self.account(lot)?.is_some(),
            Subject::Record(record) => self.source(record)?.is_some(),
            Subject::Party(party) => *party == self.party() || self.ledger().key_of(party)?.is_some(),
        };
        if !is_held {
            return Err(AmendRefusal::NotHeld.into());
        }
        let same = |body: &Body| matches!(body, Body::Dispute(one) if one == dispute);
        match self.own_about(&keys::about(&dispute.about), same)? {
            Some(by) if !self.is_ended(&by)? => {
                let target = subject_record(&dispute.about);
                Err(AmendRefusal::Before { target, done: "is disputed in the same words", by }.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether the own dispute `id` was ended by its author.
    fn is_ended(&self, id: &RecordId) -> Result<bool, LedgerError> {
        Ok(self.own_about(&keys::about_record(id), |body| matches!(body, Body::Resolve(_)))?.is_some())
    }

    pub(super) fn admit_resolve(&mut self, resolve: &Resolve) -> Result<(), NotAdmitted> {
        let target = resolve.target;
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        let Some(source) = self.source(&target)? else { return wrong("is not held here") };
        let Body::Dispute(dispute) = &source.event.body else { return wrong("is no dispute") };
        if source.withdrawn {
            return wrong("was withdrawn by its author");
        }
        let is_own = source.author == self.party();
        if !is_own && self.author_of(&dispute.about)? == Some(self.party()) {
            return Err(AmendRefusal::OwnCause { target }.into());
        }
        let same = |body: &Body| matches!(body, Body::Resolve(one) if one.outcome == resolve.outcome);
        if let Some(by) = self.own_about(&keys::about_record(&target), same)? {
            return Err(AmendRefusal::Before { target, done: "was ended in the same way", by }.into());
        }
        if !is_own {
            let event = self.len();
            let author = self.ledger().party_name(&source.author)?;
            self.warn(Warning::NotOwnDispute { event, author });
        }
        Ok(())
    }

    fn author_of(&self, about: &Subject) -> Result<Option<PartyId>, LedgerError> {
        Ok(match about {
            Subject::Party(party) => Some(*party),
            Subject::Record(record) => self.source(record)?.map(|source| source.author),
            Subject::Lot(lot) => self.source(&lot.record)?.map(|source| source.author),
        })
    }

    pub(super) fn admit_acknowledge(&mut self, acknowledge: &Acknowledge) -> Result<(), NotAdmitted> {
        let target = acknowledge.target;
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        match self.source(&target)? {
            None => return wrong("is not held here"),
            Some(source) if source.author == self.party() => {
                return wrong("is your own; only others take note of it");
            }
            Some(_) => {}
        }
        let same = |body: &Body| matches!(body, Body::Acknowledge(_));
        match self.own_about(&keys::about_record(&target), same)? {
            Some(by) => Err(AmendRefusal::Before { target, done: "was acknowledged before", by }.into()),
            None => Ok(()),
        }
    }

    /// Returns the last own record found by `key`, here or in this batch, that is such a one and was not withdrawn.
    fn own_about(
        &self,
        key: &LotRef,
        is_such: impl Fn(&Body) -> bool,
    ) -> Result<Option<RecordId>, LedgerError> {
        let mut ids = self.ledger().found_by(key)?;
        ids.extend(self.second_thoughts(key));
        let mut last = None;
        for id in ids {
            let Some(source) = self.source(&id)? else { continue };
            if source.author == self.party() && !source.withdrawn && is_such(&source.event.body) {
                last = Some(id);
            }
        }
        Ok(last)
    }
}

fn subject_record(about: &Subject) -> RecordId {
    match about {
        Subject::Party(party) => RecordId(party.0),
        Subject::Record(record) => *record,
        Subject::Lot(lot) => lot.record,
    }
}

/// Whether a stretch lies within another of the same lot.
fn covers(one: &Input, other: &Input) -> bool {
    one.lot == other.lot && one.from <= other.from && one.end() >= other.end() && one.end().is_some()
}
