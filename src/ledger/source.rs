//! What admission remembers between look-ups: keys, opened events and accounts of lots.

use std::collections::HashMap;
use std::rc::Rc;

use super::Ledger;
use super::account::Account;
use super::error::LedgerError;
use super::keys;
use crate::hash::{PartyId, RecordId};
use crate::model::day::Day;
use crate::model::event::{Body, Event};
use crate::model::lotref::LotRef;
use crate::sign::{PublicKey, SecretKey};

/// A record that admission looks at: its event, and where it stands.
#[derive(Clone)]
pub struct Source {
    /// Whose record.
    pub author: PartyId,
    /// Its position.
    pub seq: u64,
    /// What it states, as far as it is shown here.
    pub event: Rc<Event>,
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
        let (withdrawn, ceded) = self.ended(id, &record.author)?;
        let source =
            Source { author: record.author, seq: record.seq, event: Rc::new(record.event), withdrawn, ceded };
        self.cache.borrow_mut().keep_source(*id, source.clone());
        Ok(Some(source))
    }

    /// Returns the records found by a key, in order of arrival.
    pub(super) fn found_by(&self, key: &LotRef) -> Result<Vec<RecordId>, LedgerError> {
        let numbers = self.store.consumers(key)?;
        numbers.into_iter().map(|number| Ok(self.sealed(number, None)?.0.id())).collect()
    }

    /// Returns whether its author took a record back, and from which day on it gave the facility up.
    fn ended(&self, id: &RecordId, author: &PartyId) -> Result<(bool, Option<Day>), LedgerError> {
        let mut ended = (false, None);
        for number in self.store.consumers(&keys::about_record(id))? {
            let by = self.record_at(number)?;
            match &by.event.body {
                Body::Withdraw(withdraw) if by.author == *author && withdraw.target == *id => ended.0 = true,
                Body::CedeFacility(cede)
                    if by.author == *author && cede.facility == *id && !self.ended(&by.id, author)?.0 =>
                {
                    ended.1 = ended.1.min(Some(cede.from)).or(Some(cede.from));
                }
                _ => {}
            }
        }
        Ok(ended)
    }
}
