//! Recording own events: each admitted and sealed in turn, all of them stored at once or none.

use std::collections::HashMap;
use std::rc::Rc;

use rayon::prelude::*;

use super::Ledger;
use super::account::Account;
use super::admit::{self, Admitted, NotAdmitted, Refusal};
use super::error::LedgerError;
use super::head::Head;
use super::keys;
use super::look_up::private;
use super::source::Source;
use crate::custody::amend::left;
use crate::hash::{PartyId, RecordId, sha256};
use crate::model::coded::Coded;
use crate::model::day::{Day, Period};
use crate::model::event::{Assign, Body, Event, RequestReturn};
use crate::model::facility::DeclareFacility;
use crate::model::kind::Kind;
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::record::{self, RecordError, SealError, Sealed, Unsigned};
use crate::sign::{self, Entropy, SecretKey, keyfile};
use crate::store::{Facts, NewRecord};

/// Records that one core signs and checks in one go.
const SIGNED_TOGETHER: usize = 2048;
/// A day in milliseconds.
const DAY_MS: u64 = 86_400_000;
/// How far behind the last record a clock may be without a word: the record then claims that one's time.
const SLACK_MS: u64 = 60_000;

/// What a batch became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The new records, in order.
    pub records: Vec<RecordId>,
    /// What the author should look at.
    pub warnings: Vec<Warning>,
}

/// Something out of the ordinary that stops nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Warning {
    /// The clock shows a time before the last record.
    #[error("the clock shows {now}, but the last record of this chain claims {last}")]
    ClockBack {
        /// Time of the last record.
        last: Timestamp,
        /// Time the clock shows.
        now: Timestamp,
    },
    /// The clock shows a time more than a day after the last record.
    #[error("the clock shows {now}, {days} days after the last record of this chain")]
    ClockJump {
        /// Time of the last record.
        last: Timestamp,
        /// Time the clock shows.
        now: Timestamp,
        /// Whole days between.
        days: u64,
    },
    /// A title rests on something that is not held.
    #[error("event {}: {text}", event + 1)]
    Title {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// What is open.
        text: String,
        /// What would settle it.
        resolve: String,
    },
    /// A stretch could not be compared with its lot.
    #[error("event {}: the mass of lot `{lot}` is withheld, so what is used of it cannot be compared with it", event + 1)]
    MassWithheld {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The lot.
        lot: String,
    },
    /// More was used of a lot than a correction leaves it.
    #[error("event {}: {used} of lot `{lot}` are used already, and the correction leaves it {mass}", event + 1)]
    BelowUse {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The lot.
        lot: String,
        /// Mass that the correction states.
        mass: Mass,
        /// Where the last stretch that was used ends.
        used: Mass,
    },
    /// A dispute of another party is ended.
    #[error("event {}: the dispute is by {author}", event + 1)]
    NotOwnDispute {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Who disputes.
        author: String,
    },
    /// A charge is dated into a period that is closed.
    #[error("event {}: {circuit} is closed for {period} by record `{}`, which does not count this charge", event + 1, by.short())]
    LateCharge {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The circuit.
        circuit: String,
        /// The closed period.
        period: Period,
        /// The close.
        by: RecordId,
    },
}

impl Warning {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ClockBack { .. } | Self::ClockJump { .. } => {
                "check the clock of this machine: the time is signed, and readers see a chain whose time jumps".into()
            }
            Self::BelowUse { .. } => {
                "correct the records that used it as well; readers find the difference".into()
            }
            Self::NotOwnDispute { .. } => {
                "it ends the dispute for readers who list you as an authority, and for nobody else".into()
            }
            Self::LateCharge { .. } => {
                "withdraw that close and close the period again; until then readers find every draw of it open".into()
            }
            Self::Title { resolve, .. } => resolve.clone(),
            Self::MassWithheld { .. } => {
                "ask the sender for an export that shows the mass of the lot".into()
            }
        })
    }
}

/// Why events were not recorded. None of the batch was.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// An event breaks an invariant.
    #[error("event {} ({}) is refused: {refusal}", event + 1, kind.name())]
    Refused {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Its kind.
        kind: Kind,
        /// What it breaks.
        refusal: Box<Refusal>,
    },
    /// An event cannot be sealed.
    #[error("event {} ({}) cannot be recorded: {error}", event + 1, kind.name())]
    Seal {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Its kind.
        kind: Kind,
        /// What is wrong with it.
        error: SealError,
    },
    /// The ledger cannot record anything now.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl AppendError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { refusal, .. } => refusal.hint(),
            Self::Seal { .. } => None,
            Self::Ledger(error) => error.hint(),
        }
    }
}

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
    warnings: Vec<Warning>,
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
        if !self.settings.exported.is_relative() && !self.exported.is_there() {
            return Err(LedgerError::NoMark { path: self.settings.exported.clone() });
        }
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
            warnings,
        })
    }

    /// Returns what is odd about recording at `now`, to be asked before doing so.
    pub fn clock(&self, now: Timestamp) -> Option<Warning> {
        clock(self.head?.last_signed_at, now)
    }

    /// Reads the secret key once and checks that it is the one of the own chain.
    fn secret_key(&self) -> Result<Rc<SecretKey>, LedgerError> {
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

    /// Returns the number of events added.
    pub fn len(&self) -> usize {
        self.new.len()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty()
    }

    /// Returns the ledger as it was before this batch.
    pub fn ledger(&self) -> &Ledger {
        self.ledger
    }

    /// Returns the author.
    pub fn party(&self) -> PartyId {
        self.head.next.party
    }

    /// Returns the event as a record of the own chain, as far as custody looks at one before it is sealed.
    pub(super) fn unsealed(&self, event: &Event) -> Record {
        let next = &self.head.next;
        Record {
            id: RecordId(sha256(&[b"not sealed yet", &next.seq.to_be_bytes()])),
            author: next.party,
            epoch: next.epoch,
            seq: next.seq,
            prev: next.prev,
            control: next.control,
            signed_at: self.now,
            event: event.clone(),
            withheld: Vec::new(),
        }
    }

    /// Returns those records of this batch that are wanted, as custody looks at them.
    pub(super) fn added(
        &self,
        is_wanted: impl Fn(&RecordId, &Event) -> bool,
    ) -> impl Iterator<Item = Record> {
        let wanted = self.sources.iter().filter(move |(id, source)| is_wanted(id, &source.event));
        wanted.map(|(id, source)| Record { id: *id, seq: source.seq, ..self.unsealed(&source.event) })
    }

    /// Returns the ids of the records of this batch, in order.
    pub(super) fn added_ids(&self) -> impl Iterator<Item = RecordId> {
        self.new.iter().map(Unsigned::id)
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// Returns a record of this batch or of the ledger.
    pub(super) fn source(&self, id: &RecordId) -> Result<Option<Source>, LedgerError> {
        let mut source = match self.restated.get(id).or_else(|| self.sources.get(id)) {
            Some(source) => Some(source.clone()),
            None => self.ledger.source(id)?,
        };
        if let Some(source) = source.as_mut().filter(|_| self.withdrawn.contains(id)) {
            source.withdrawn = true;
        }
        if let (Some(source), Some((by, from))) = (source.as_mut(), self.ceded.get(id))
            && !self.withdrawn.contains(by)
        {
            source.ceded = Some(*from);
        }
        Ok(source)
    }

    /// Returns the account of a lot, with what this batch took of it.
    pub(super) fn account(&self, lot: &LotRef) -> Result<Option<Rc<Account>>, LedgerError> {
        if let Some(account) = self.accounts.get(lot) {
            return Ok(Some(account.clone()));
        }
        match self.sources.get(&lot.record) {
            Some(_) => {
                Ok(self.source(&lot.record)?.and_then(|source| Account::new(&source, lot.index)).map(Rc::new))
            }
            None => self.ledger.account(lot),
        }
    }

    /// Returns the day on which this batch is signed.
    pub(super) fn today(&self) -> Day {
        self.now.day()
    }

    /// Returns the records of this batch that give or end stays.
    pub(super) fn added_stays(&self) -> impl Iterator<Item = RecordId> + use<'_> {
        self.stays.iter().copied()
    }

    /// Returns the last record of the chain, with this batch.
    pub(super) fn last(&self) -> RecordId {
        self.head.next.prev
    }

    /// Returns the days from which ends of `host` in this batch count.
    pub(super) fn added_ends(&self, host: &RecordId) -> impl Iterator<Item = Day> + use<'_> {
        let host = *host;
        let ends = self.stays.iter().filter_map(|id| match &self.sources[id].event.body {
            Body::EndHost(end) if !self.withdrawn.contains(id) => Some((end.target, end.from)),
            _ => None,
        });
        ends.filter(move |(target, _)| *target == host).map(|(_, from)| from)
    }

    fn change(&mut self, lot: &LotRef, change: impl FnOnce(&mut Account)) -> Result<(), LedgerError> {
        if !self.accounts.contains_key(lot) {
            let Some(account) = self.account(lot)? else { return Ok(()) };
            self.accounts.insert(*lot, account);
        }
        // Copied the first time, while the ledger remembers it as it was before this batch.
        change(Rc::make_mut(self.accounts.get_mut(lot).expect("it was just put there")));
        Ok(())
    }

    /// Returns the lots of this batch with this label, in order.
    pub(super) fn labelled(&self, label: &str) -> &[LotRef] {
        self.labels.get(label).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the records of this batch about the tag with this key.
    pub(super) fn added_for(&self, key: &LotRef) -> &[RecordId] {
        self.tags.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the facilities that this batch declares, with what is declared.
    pub(super) fn declared(&self) -> impl Iterator<Item = (RecordId, &DeclareFacility)> {
        self.facilities.iter().filter_map(|id| match &self.sources[id].event.body {
            Body::DeclareFacility(facility) => Some((*id, facility)),
            _ => None,
        })
    }

    /// Returns the records of this batch that charge, draw from or close a circuit, in order.
    pub(super) fn of_circuits(&self) -> &[RecordId] {
        &self.of_circuits
    }

    /// Returns the records that this batch takes back.
    pub(super) fn withdrawn(&self) -> &[RecordId] {
        &self.withdrawn
    }

    /// Returns the records of this batch about earlier ones that are found by `key`.
    pub(super) fn second_thoughts(&self, key: &LotRef) -> Vec<RecordId> {
        self.second_thoughts.get(key).cloned().unwrap_or_default()
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
