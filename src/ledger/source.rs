//! What admission remembers between look-ups: keys, opened events and accounts of lots.

use std::collections::HashMap;
use std::rc::Rc;

use super::Ledger;
use super::account::Account;
use super::error::LedgerError;
use super::keys;
use crate::custody::amend::statements;
use crate::custody::graph::can_be_withdrawn;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Event};
use crate::model::lot::Input;
use crate::model::lotref::LotRef;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::sign::{PublicKey, SecretKey};

/// A record that admission looks at: its event, and where it stands.
#[derive(Clone)]
pub struct Source {
    /// Whose record.
    pub author: PartyId,
    /// Its position.
    pub seq: u64,
    /// What it states, as its latest correction has it and as far as it is shown here.
    pub event: Rc<Event>,
    /// Stretches that earlier statements named and that stay used, since the record had left its author.
    pub kept: Rc<Vec<Input>>,
    /// Whether its author has taken it back.
    pub withdrawn: bool,
    /// For a facility, the first day on which it is no longer its author's, where it was given up.
    pub ceded: Option<Day>,
}

/// Most events and lots remembered. Past it all are forgotten, and looked up again when needed.
const MOST: usize = 16_384;

/// Everything remembered. It never holds what the store does not.
#[derive(Default)]
pub struct Cache {
    /// Keys of parties; few, and never forgotten.
    pub keys: HashMap<PartyId, PublicKey>,
    /// The own secret key, once it was needed.
    pub secret: Option<Rc<SecretKey>>,
    sources: HashMap<RecordId, Source>,
    accounts: HashMap<LotRef, Rc<Account>>,
}

impl Cache {
    /// Forgets what an import may have changed.
    pub fn forget(&mut self) {
        self.sources.clear();
        self.accounts.clear();
    }

    /// Returns the account of a lot, if remembered.
    pub fn account(&self, lot: &LotRef) -> Option<Rc<Account>> {
        self.accounts.get(lot).cloned()
    }

    /// Remembers a record.
    pub fn keep_source(&mut self, id: RecordId, source: Source) {
        if self.sources.len() >= MOST {
            self.sources.clear();
        }
        self.sources.insert(id, source);
    }

    /// Remembers the account of a lot.
    pub fn keep_account(&mut self, lot: LotRef, account: Rc<Account>) {
        if self.accounts.len() >= MOST {
            self.accounts.clear();
        }
        self.accounts.insert(lot, account);
    }

    /// Marks a remembered record as withdrawn.
    pub fn withdraw(&mut self, id: &RecordId) {
        if let Some(source) = self.sources.get_mut(id) {
            source.withdrawn = true;
        }
    }
}

impl Ledger {
    /// Returns the record with this id as admission looks at it.
    pub(super) fn source(&self, id: &RecordId) -> Result<Option<Source>, LedgerError> {
        if let Some(source) = self.cache.borrow().sources.get(id) {
            return Ok(Some(source.clone()));
        }
        let Some(record) = self.record(id)? else { return Ok(None) };
        let source = self.with_second_thoughts(record)?;
        self.cache.borrow_mut().keep_source(*id, source.clone());
        Ok(Some(source))
    }

    /// Returns the records found by a key, in order of arrival.
    pub(super) fn found_by(&self, key: &LotRef) -> Result<Vec<RecordId>, LedgerError> {
        let numbers = self.store.consumers(key)?;
        numbers.into_iter().map(|number| Ok(self.sealed(number, None)?.0.id())).collect()
    }

    /// Returns a record as withdrawals and corrections of its author leave it.
    fn with_second_thoughts(&self, record: Record) -> Result<Source, LedgerError> {
        let mut withdrawn = false;
        let mut corrections: Vec<Record> = Vec::new();
        let mut ceded: Option<Day> = None;
        for number in self.store.consumers(&keys::about_record(&record.id))? {
            let by = self.record_at(number)?;
            if by.author != record.author {
                continue;
            }
            match &by.event.body {
                Body::Withdraw(withdraw) if withdraw.target == record.id => withdrawn = true,
                Body::Correct(correct) if correct.target == record.id => corrections.push(by),
                Body::CedeFacility(cede) if cede.facility == record.id && !self.is_taken_back(&by)? => {
                    ceded = Some(ceded.map_or(cede.from, |day| day.min(cede.from)));
                }
                _ => {}
            }
        }
        withdrawn &= can_be_withdrawn(&record.event.body);
        let mut source = Source {
            author: record.author,
            seq: record.seq,
            event: Rc::new(record.event),
            kept: Rc::default(),
            withdrawn,
            ceded,
        };
        corrections.sort_by_key(|by| (by.epoch, by.seq, by.id));
        for by in corrections {
            let Body::Correct(correct) = by.event.body else { continue };
            if statements::fits(&by.author, &correct, &source.author, &source.event.body).is_ok() {
                source = source.restated(*correct.replacement.0, self.keeps(&source));
            }
        }
        Ok(source)
    }

    /// Whether its author took a record back.
    fn is_taken_back(&self, record: &Record) -> Result<bool, LedgerError> {
        for number in self.store.consumers(&keys::about_record(&record.id))? {
            let by = self.record_at(number)?;
            let is_meant = matches!(&by.event.body, Body::Withdraw(withdraw) if withdraw.target == record.id);
            if is_meant && by.author == record.author {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether what a record used stays used when it is corrected: it was handed out, or is another party's.
    pub(super) fn keeps(&self, source: &Source) -> bool {
        Some(source.author) != self.party() || self.has_left(source.seq)
    }
}

impl Source {
    /// Returns it with another statement; `keeps` says that the stretches used so far stay used.
    pub(super) fn restated(&self, body: Body, keeps: bool) -> Self {
        let mut kept = Vec::new();
        if keeps {
            kept.clone_from(&self.kept);
            kept.extend(self.event.body.inputs().and_then(MaybeList::shown).unwrap_or_default());
        }
        let event = Event { body, ..(*self.event).clone() };
        Self { event: Rc::new(event), kept: Rc::new(kept), ..self.clone() }
    }
}
