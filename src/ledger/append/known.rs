//! What a batch knows: the records held before it, and those it holds itself.

use std::rc::Rc;

use super::Batch;
use super::Warning;
use crate::hash::{PartyId, RecordId, sha256};
use crate::ledger::Ledger;
use crate::ledger::account::Account;
use crate::ledger::error::LedgerError;
use crate::ledger::source::Source;
use crate::model::day::Day;
use crate::model::event::{Body, Event, SeenCheckpoint};
use crate::model::facility::DeclareFacility;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::record::Unsigned;

impl Batch<'_> {
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

    /// Returns every checkpoint that records of this batch say were seen.
    pub(in crate::ledger) fn added_seen(&self) -> impl Iterator<Item = SeenCheckpoint> {
        self.sources.values().flat_map(|source| source.event.seen.clone())
    }

    /// Returns the event as a record of the own chain, as far as custody looks at one before it is sealed.
    pub(in crate::ledger) fn unsealed(&self, event: &Event) -> Record {
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
    pub(in crate::ledger) fn added(
        &self,
        is_wanted: impl Fn(&RecordId, &Event) -> bool,
    ) -> impl Iterator<Item = Record> {
        let wanted = self.sources.iter().filter(move |(id, source)| is_wanted(id, &source.event));
        wanted.map(|(id, source)| Record { id: *id, seq: source.seq, ..self.unsealed(&source.event) })
    }

    /// Returns the ids of the records of this batch, in order.
    pub(in crate::ledger) fn added_ids(&self) -> impl Iterator<Item = RecordId> {
        self.new.iter().map(Unsigned::id)
    }

    pub(in crate::ledger) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// Returns a record of this batch or of the ledger.
    pub(in crate::ledger) fn source(&self, id: &RecordId) -> Result<Option<Source>, LedgerError> {
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
    pub(in crate::ledger) fn account(&self, lot: &LotRef) -> Result<Option<Rc<Account>>, LedgerError> {
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
    pub(in crate::ledger) fn today(&self) -> Day {
        self.now.day()
    }

    /// Returns the records of this batch that give or end stays.
    pub(in crate::ledger) fn added_stays(&self) -> impl Iterator<Item = RecordId> + use<'_> {
        self.stays.iter().copied()
    }

    /// Returns the last record of the chain, with this batch.
    pub(in crate::ledger) fn last(&self) -> RecordId {
        self.head.next.prev
    }

    /// Returns the days from which ends of `host` in this batch count.
    pub(in crate::ledger) fn added_ends(&self, host: &RecordId) -> impl Iterator<Item = Day> + use<'_> {
        let host = *host;
        let ends = self.stays.iter().filter_map(|id| match &self.sources[id].event.body {
            Body::EndHost(end) if !self.withdrawn.contains(id) => Some((end.target, end.from)),
            _ => None,
        });
        ends.filter(move |(target, _)| *target == host).map(|(_, from)| from)
    }

    pub(super) fn change(
        &mut self,
        lot: &LotRef,
        change: impl FnOnce(&mut Account),
    ) -> Result<(), LedgerError> {
        if !self.accounts.contains_key(lot) {
            let Some(account) = self.account(lot)? else { return Ok(()) };
            self.accounts.insert(*lot, account);
        }
        // Copied the first time, while the ledger remembers it as it was before this batch.
        change(Rc::make_mut(self.accounts.get_mut(lot).expect("it was just put there")));
        Ok(())
    }

    /// Returns the lots of this batch with this label, in order.
    pub(in crate::ledger) fn labelled(&self, label: &str) -> &[LotRef] {
        self.labels.get(label).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the records of this batch about the tag with this key.
    pub(in crate::ledger) fn added_for(&self, key: &LotRef) -> &[RecordId] {
        self.tags.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the facilities that this batch declares, with what is declared.
    pub(in crate::ledger) fn declared(&self) -> impl Iterator<Item = (RecordId, &DeclareFacility)> {
        self.facilities.iter().filter_map(|id| match &self.sources[id].event.body {
            Body::DeclareFacility(facility) => Some((*id, facility)),
            _ => None,
        })
    }

    /// Returns the records of this batch that charge, draw from or close a circuit, in order.
    pub(in crate::ledger) fn of_circuits(&self) -> &[RecordId] {
        &self.of_circuits
    }

    /// Returns the records that this batch takes back.
    pub(in crate::ledger) fn withdrawn(&self) -> &[RecordId] {
        &self.withdrawn
    }

    /// Returns the records of this batch about earlier ones that are found by `key`.
    pub(in crate::ledger) fn second_thoughts(&self, key: &LotRef) -> Vec<RecordId> {
        self.second_thoughts.get(key).cloned().unwrap_or_default()
    }
}
