//! Recording own events: each admitted and sealed in turn, all of them stored at once or none.

mod known;
mod outcome;
mod seen;

use std::collections::HashMap;
use std::rc::Rc;

use rayon::prelude::*;

pub use self::outcome::{AppendError, Appended, Warning};
use super::Ledger;
use super::account::Account;
use super::admit::{self, Admitted, NotAdmitted};
use super::error::LedgerError;
use super::head::Head;
use super::keys;
use super::look_up::private;
use super::source::Source;
use crate::custody::amend::left;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Assign, Body, Event, RequestReturn, SeenCheckpoint};
use crate::model::kind::Kind;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::time::Timestamp;
use crate::record::{self, RecordError, SealError, Sealed, Unsigned};
use crate::sign::{self, Entropy, SecretKey, keyfile};
use crate::store::{Facts, NewRecord};
use crate::verify::Reader;

/// Records that one core signs and checks in one go.
const SIGNED_TOGETHER: usize = 2048;
/// A day in milliseconds.
const DAY_MS: u64 = 86_400_000;
/// How far behind the last record a clock may be without a word: the record then claims that one's time.
const SLACK_MS: u64 = 60_000;

/// Own events on their way into the chain. Dropped without [`Batch::commit`], it leaves no trace.
pub struct Batch<'a> {
    ledger: &'a mut Ledger,
    key: Rc<SecretKey>,
    now: Timestamp,
    head: Head,
    new: Vec<Unsigned>,
    sources: HashMap<RecordId, Source>,
    accounts: HashMap<LotRef, Rc<Account>>,
    /// Lots of this batch by label, so that each event of a large batch finds them at once.
    labels: HashMap<String, Vec<LotRef>>,
    /// Records of this batch by the tags they are about.
    tags: HashMap<LotRef, Vec<RecordId>>,
    /// Records of this batch that declare facilities.
    facilities: Vec<RecordId>,
    /// Records of this batch that charge, draw from or close a circuit.
    of_circuits: Vec<RecordId>,
    /// Records of this batch that give or end stays.
    stays: Vec<RecordId>,
    withdrawn: Vec<RecordId>,
    /// Facilities that this batch gives up: by which record, and from which day on.
    ceded: HashMap<RecordId, (RecordId, Day)>,
    /// Records that this batch corrects, as they are then.
    restated: HashMap<RecordId, Source>,
    /// For each correction its number in the batch, its record, and what that used before the batch.
    corrections: Vec<(usize, RecordId, Vec<Input>)>,
    /// Records of this batch about earlier ones, by what they are about.
    second_thoughts: HashMap<LotRef, Vec<RecordId>>,
    /// The newest checkpoint kept of each party that an event was about; none where none is kept.
    seen: HashMap<PartyId, Option<SeenCheckpoint>>,
    warnings: Vec<Warning>,
    /// As whom it attests; as one who believes nobody unless told.
    pub(super) reader: Option<Reader>,
}

impl Ledger {
    /// Records `events` in order, as one atomic batch.
    ///
    /// `is_private` says of each event's slots which become private items. Events that use lots of earlier
    /// events of the same batch are added one by one to a [`Batch`].
    ///
    /// # Errors
    /// [`AppendError`] with the number of the event; nothing of the batch is then recorded.
    pub fn append(
        &mut self,
        events: Vec<Event>,
        is_private: &dyn Fn(&str) -> bool,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Appended, AppendError> {
        let mut batch = self.begin(now)?;
        for event in events {
            batch.add(event, is_private, entropy)?;
        }
        batch.commit()
    }

    /// Returns an empty batch at the end of the own chain, signed at `now`.
    ///
    /// # Errors
    /// `NoOwnChain`, `OwnFork`, `OwnGap`, `Exported` where the next record would fork what was handed out before,
    /// and `Key`.
    pub fn begin(&mut self, now: Timestamp) -> Result<Batch<'_>, LedgerError> {
        let head = self.head.ok_or(LedgerError::NoOwnChain)?;
        let position = head.position()?;
        self.check_mark()?;
        self.exported.check_append(&position.party, position.epoch, position.seq, &position.prev)?;
        let key = self.secret_key()?;
        let warnings = clock(head.last_signed_at, now).into_iter().collect();
        // Two desks that write one after the other read the clock before they wait for each other.
        let behind = head.last_signed_at.ms().saturating_sub(now.ms());
        let now = if behind <= SLACK_MS { now.max(head.last_signed_at) } else { now };
        Ok(Batch {
            ledger: self,
            key,
            now,
            head,
            new: Vec::new(),
            sources: HashMap::new(),
            accounts: HashMap::new(),
            labels: HashMap::new(),
            tags: HashMap::new(),
            facilities: Vec::new(),
            of_circuits: Vec::new(),
            stays: Vec::new(),
            withdrawn: Vec::new(),
            ceded: HashMap::new(),
            restated: HashMap::new(),
            corrections: Vec::new(),
            second_thoughts: HashMap::new(),
            seen: HashMap::new(),
            warnings,
            reader: None,
        })
    }

    /// Returns what is odd about recording at `now`, to be asked before doing so.
    pub fn clock(&self, now: Timestamp) -> Option<Warning> {
        clock(self.head?.last_signed_at, now)
    }

    /// Reads the secret key once and checks that it is the one of the own chain.
    pub(super) fn secret_key(&self) -> Result<Rc<SecretKey>, LedgerError> {
        if let Some(key) = &self.cache.borrow().secret {
            return Ok(Rc::clone(key));
        }
        let party = self.settings.party.ok_or(LedgerError::NoOwnChain)?;
        let path = self.key_path();
        let key = keyfile::load(&path)?;
        let public = self.key_of(&party)?;
        if public.is_none_or(|public| public.to_bytes() != key.public().to_bytes()) {
            return Err(LedgerError::OtherKey { path, party });
        }
        let key = Rc::new(key);
        self.cache.borrow_mut().secret = Some(Rc::clone(&key));
        Ok(key)
    }
}

fn not_admitted(problem: NotAdmitted, event: usize, kind: Kind) -> AppendError {
    match problem {
        NotAdmitted::Refused(refusal) => AppendError::Refused { event, kind, refusal: Box::new(refusal) },
        NotAdmitted::Failed(error) => AppendError::Ledger(error),
    }
}

fn clock(last: Timestamp, now: Timestamp) -> Option<Warning> {
    if now.ms() + SLACK_MS < last.ms() {
        return Some(Warning::ClockBack { last, now });
    }
    let ahead = now.ms().saturating_sub(last.ms());
    (ahead > DAY_MS).then_some(Warning::ClockJump { last, now, days: ahead / DAY_MS })
}

impl Batch<'_> {
    /// Admits and seals an event; returns the id of the record that [`Batch::commit`] will store.
    ///
    /// `is_private` says which slots become private items. Later events may use the lots of this one.
    ///
    /// # Errors
    /// [`AppendError`] with the number of the event in the batch. The batch stays as it was before.
    pub fn add(
        &mut self,
        event: Event,
        is_private: &dyn Fn(&str) -> bool,
        entropy: &mut dyn Entropy,
    ) -> Result<RecordId, AppendError> {
        let (number, kind) = (self.new.len(), event.kind());
        let event = self.with_seen(event)?;
        let admitted = self.admitted(&event)?;
        let position = self.head.next;
        let unsigned = record::prepare(position, event.clone(), self.now, is_private, entropy)
            .map_err(|error| AppendError::Seal { event: number, kind, error })?;
        let id = unsigned.id();
        for input in &admitted.takes {
            self.change(&input.lot, |account| account.take(input, id))?;
        }
        for (lot, to) in &admitted.assigns {
            self.change(lot, |account| account.assign(to, id))?;
        }
        for (lot, from) in &admitted.asks_back {
            self.change(lot, |account| account.ask_back(*from, id))?;
        }
        if let Some(target) = admitted.withdraws {
            self.take_back(&target)?;
        }
        if let (Some(target), Body::Correct(correct)) = (admitted.corrects, &event.body) {
            self.restate(number, target, &correct.replacement.0)?;
        }
        if left::is_second_thought(&event.body) {
            for key in keys::of(&event) {
                self.second_thoughts.entry(key).or_default().push(id);
            }
        }
        self.head.next.seq += 1;
        self.head.next.prev = id;
        if unsigned.is_control() {
            self.head.next.control = id;
        }
        self.head.last_signed_at = self.now;
        for (index, lot) in (0..).zip(event.body.outputs()) {
            if let Some(label) = lot.label() {
                self.labels.entry(label.to_owned()).or_default().push(LotRef { record: id, index });
            }
        }
        for key in admit::tag_keys(&event.body) {
            self.tags.entry(key).or_default().push(id);
        }
        match kind {
            Kind::DeclareFacility => self.facilities.push(id),
            Kind::Host | Kind::EndHost => self.stays.push(id),
            _ => {}
        }
        if matches!(kind, Kind::Charge | Kind::Draw | Kind::ClosePeriod) {
            self.of_circuits.push(id);
        }
        if let Body::CedeFacility(cede) = &event.body {
            self.ceded.insert(cede.facility, (id, cede.from));
        }
        let source = Source {
            author: position.party,
            seq: position.seq,
            event: Rc::new(event),
            kept: Rc::default(),
            withdrawn: false,
            ceded: None,
        };
        self.new.push(unsigned);
        self.sources.insert(id, source);
        Ok(id)
    }

    /// Checks an event as [`Batch::add`] does, and adds nothing.
    ///
    /// # Errors
    /// [`AppendError`] with the number that the event would have in the batch.
    pub fn check(&mut self, event: &Event) -> Result<(), AppendError> {
        let warnings = self.warnings.len();
        let admitted = self.admitted(event);
        self.warnings.truncate(warnings);
        admitted.map(drop)
    }

    fn admitted(&mut self, event: &Event) -> Result<Admitted, AppendError> {
        let (number, kind) = (self.new.len(), event.kind());
        self.admit(event).map_err(|problem| not_admitted(problem, number, kind))
    }

    /// Stores everything added, durably, in one write.
    ///
    /// # Errors
    /// What the store says; all of the batch is then stored or none.
    pub fn commit(mut self) -> Result<Appended, AppendError> {
        // Several corrections may change places with each other: they are judged together.
        for (number, target, before) in std::mem::take(&mut self.corrections) {
            self.admit_restated(number, &target, &before)
                .map_err(|problem| not_admitted(problem, number, Kind::Correct))?;
        }
        let Self { ledger, key, head, new, sources, restated, accounts, withdrawn, ceded, warnings, .. } =
            self;
        let records: Vec<RecordId> = new.iter().map(Unsigned::id).collect();
        let sealed = sign_all(&key, new)?;
        let event_of = |one: &Sealed| &*sources[&one.record.id()].event;
        let new: Vec<NewRecord> = sealed
            .into_iter()
            .map(|one| {
                let event = event_of(&one);
                new_record(one, event, false)
            })
            .collect();
        ledger.store.append(&new).map_err(LedgerError::from)?;
        ledger.head = Some(head);
        let mut cache = ledger.cache.borrow_mut();
        for (id, source) in sources.into_iter().chain(restated) {
            cache.keep_source(id, source);
        }
        for (lot, account) in accounts {
            cache.keep_account(lot, account);
        }
        for id in withdrawn {
            cache.withdraw(&id);
        }
        // Looked up again when needed: a withdrawal may have given a facility back.
        if !ceded.is_empty() {
            cache.forget();
        }
        drop(cache);
        Ok(Appended { records, warnings })
    }

    /// Puts another statement in the place of a record's, as far as later events look at it.
    fn restate(&mut self, number: usize, target: RecordId, body: &Body) -> Result<(), LedgerError> {
        let source = self.source(&target)?.expect("an admitted correction has its target");
        let keeps = !self.sources.contains_key(&target) && self.ledger.keeps(&source);
        let shown = |body: &Body| body.inputs().and_then(MaybeList::shown).unwrap_or_default().to_vec();
        let before = shown(&source.event.body);
        if !keeps {
            for input in &before {
                self.change(&input.lot, |account| account.give_back(&target))?;
            }
        }
        for input in shown(body) {
            self.change(&input.lot, |account| account.take(&input, target))?;
        }
        let restated = source.restated(body.clone(), keeps);
        for (index, lot) in (0..).zip(body.outputs()) {
            let reference = LotRef { record: target, index };
            if (index as usize) < source.event.body.outputs().len() {
                self.change(&reference, |account| account.lot = lot.clone())?;
            } else if let Some(account) = Account::new(&restated, index) {
                self.accounts.insert(reference, Rc::new(account));
            }
            if let Some(label) = lot.label() {
                let known = self.labels.entry(label.to_owned()).or_default();
                if !known.contains(&reference) {
                    known.push(reference);
                }
            }
        }
        self.restated.insert(target, restated);
        // Of several corrections of one record, what it used before the batch is its own for all of them.
        let first = self.corrections.iter().find(|(_, other, _)| *other == target);
        let before = first.map_or(before, |(_, _, before)| before.clone());
        self.corrections.retain(|(_, other, _)| *other != target);
        self.corrections.push((number, target, before));
        Ok(())
    }

    fn take_back(&mut self, target: &RecordId) -> Result<(), LedgerError> {
        let source = self.source(target)?.expect("an admitted withdrawal has its target");
        self.withdrawn.push(*target);
        for index in 0..source.event.body.outputs().len() {
            let lot = LotRef { record: *target, index: u32::try_from(index).expect("outputs are bounded") };
            self.change(&lot, |account| account.withdrawn = true)?;
        }
        // What the sender decided later about a lot in transit is undone with its record.
        if let Body::Assign(Assign { lots, .. }) | Body::RequestReturn(RequestReturn { lots, .. }) =
            &source.event.body
        {
            for lot in lots {
                self.change(lot, |account| account.forget_thought(target))?;
            }
        }
        if self.ledger.has_left(source.seq) {
            return Ok(());
        }
        // It never left its author, so what it took is free again.
        if let Some(MaybeList::Shown(inputs)) = source.event.body.inputs() {
            for input in inputs {
                self.change(&input.lot, |account| account.give_back(target))?;
            }
        }
        Ok(())
    }
}

/// Signs records on all cores, and checks each signature before it is stored for good.
fn sign_all(key: &SecretKey, unsigned: Vec<Unsigned>) -> Result<Vec<Sealed>, LedgerError> {
    let sign_range = |range: Vec<Unsigned>| -> Vec<Result<Sealed, RecordError>> {
        let mut batch = sign::Batch::with_capacity(range.len());
        let mut signatures = Vec::with_capacity(range.len());
        for one in &range {
            let signature = key.sign(&one.message());
            batch.push(key.public(), &one.message(), signature);
            signatures.push(signature);
        }
        let signed = range.into_iter().zip(&signatures).zip(batch.verify());
        signed.map(|((one, signature), verified)| one.signed(signature, key.public(), &verified?)).collect()
    };
    let sealed: Result<Vec<Sealed>, RecordError> =
        unsigned.into_par_iter().chunks(SIGNED_TOGETHER).flat_map_iter(sign_range).collect();
    Ok(sealed.map_err(SealError::from)?)
}

/// Returns a sealed record as it goes into the store.
pub fn new_record(sealed: Sealed, event: &Event, dangling: bool) -> NewRecord {
    let header = sealed.record.header();
    let facts = Facts {
        id: sealed.record.id(),
        party: header.party,
        epoch: header.epoch,
        seq: header.seq,
        consumes: keys::of(event),
    };
    NewRecord {
        facts,
        bytes: sealed.record.bytes().to_vec(),
        private: sealed.items.into_iter().map(private).collect(),
        dangling,
    }
}
