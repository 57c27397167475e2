//! Appending: a batch goes in whole, and single records are packed into blocks as they pile up.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::block::{self, Filling};
use super::engine::{Changes, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::layout::{number_at_end, part_key, party_key};
use super::private::encode;
use super::{NewRecord, Store};
use crate::hash::PartyId;

/// So many records outside blocks are packed into blocks.
const TAIL_LIMIT: u64 = 128;

impl Store {
    /// Appends `batch` in order, all of it or nothing, and returns its arrival numbers once it is on disk.
    ///
    /// An empty batch changes nothing. After `Full`, `Io` or `Database` it is open whether the batch is there:
    /// the store takes no more writes until it is opened again, and then holds all of it or nothing.
    ///
    /// # Errors
    /// `AlreadyHeld` for an id that the store or the batch has, `TooLarge` for a record above 16 MiB; both leave
    /// everything as it was.
    pub fn append(&mut self, batch: &[NewRecord]) -> Result<Range<u64>, StoreError> {
        let first = self.next;
        let added = batch.len() as u64;
        if batch.is_empty() {
            return Ok(first..first);
        }
        let end = first.checked_add(added).expect("fewer than 2^64 records fit anywhere");
        self.refuse_unfit(batch)?;
        let mut changes = Changes::default();
        let mut entries = Vec::with_capacity(3 * batch.len());
        let mut per_party: BTreeMap<(PartyId, u16), u64> = BTreeMap::new();
        for (number, record) in (first..).zip(batch) {
            entries.extend(Entry::all_of(number, &record.facts));
            if record.dangling {
                changes.put(Tree::Dangling, &number.to_be_bytes(), &[]);
            }
            *per_party.entry((record.facts.party, record.facts.epoch)).or_default() += 1;
        }
        for ((party, epoch), more) in per_party {
            let key = party_key(&party, epoch);
            let held = self.engine.get(Tree::Parties, &key)?.and_then(|v| number_at_end(&v)).unwrap_or(0);
            changes.put(Tree::Parties, key, &held.saturating_add(more).to_be_bytes());
        }
        let tail = self.place(&mut changes, batch)?;
        let step = self.runs.add(&self.engine, &mut changes, entries)?;
        self.commit(changes, added)?;
        self.tail = tail;
        self.runs.apply(step);
        Ok(first..end)
    }

    /// Arrival numbers of the records that arrived before something they rest on, ascending.
    pub fn dangling(&self) -> Result<Vec<u64>, StoreError> {
        self.engine
            .prefix(Tree::Dangling, &[])?
            .map(|entry| Ok(number_at_end(&entry?.0).unwrap_or_default()))
            .collect()
    }

    /// Takes `numbers` off the list of dangling records: what they rest on has arrived.
    pub fn settle(&mut self, numbers: &[u64]) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        for number in numbers {
            changes.remove(Tree::Dangling, &number.to_be_bytes());
        }
        if changes.len() == 0 { Ok(()) } else { self.commit(changes, 0) }
    }

    fn refuse_unfit(&self, batch: &[NewRecord]) -> Result<(), StoreError> {
        let mut seen = HashSet::with_capacity(batch.len());
        for (number, record) in (self.next..).zip(batch) {
            let id = record.facts.id;
            if record.bytes.len() > block::MAX_WHOLE {
                return Err(StoreError::TooLarge {
                    what: format!("record `{}`", id.short()),
                    length: record.bytes.len() as u64,
                    limit: block::MAX_WHOLE as u64,
                });
            }
            let held = if seen.insert(id) { self.find(&id)? } else { Some(number) };
            if let Some(number) = held {
                return Err(StoreError::AlreadyHeld { id, number });
            }
        }
        Ok(())
    }

    /// Puts the bytes and private values of `batch` into blocks and the tail; returns the first number of the new
    /// tail.
    fn place(&self, changes: &mut Changes, batch: &[NewRecord]) -> Result<u64, StoreError> {
        let first = self.next;
        let mut private = Vec::with_capacity(batch.len());
        for (number, record) in (first..).zip(batch) {
            private.push(encode(number, &record.private)?);
        }
        if (first - self.tail) + (batch.len() as u64) < TAIL_LIMIT {
            for ((number, record), private) in (first..).zip(batch).zip(&private) {
                put_alone(changes, Tree::Tail, number, &record.bytes);
                if !private.is_empty() {
                    put_alone(changes, Tree::Private, number, private);
                }
            }
            return Ok(self.tail);
        }
        let mut records = Packer::new(Tree::Blocks, self.tail);
        let mut values = Packer::new(Tree::Private, self.tail);
        for entry in self.engine.prefix(Tree::Tail, &[])? {
            changes.remove(Tree::Tail, entry?.0);
        }
        // No block of private values reaches across the start of the tail, so these are all of the tail's own.
        for entry in self.engine.from(Tree::Private, &part_key(self.tail, 0))? {
            changes.remove(Tree::Private, entry?.0);
        }
        for number in self.tail..first {
            let record = self.block_at(number)?.records;
            records.add(changes, number, record.first().ok_or(StoreError::Missing { number })?);
            values.add(changes, number, &self.private_bytes(number)?);
        }
        for ((number, record), private) in (first..).zip(batch).zip(&private) {
            records.add(changes, number, &record.bytes);
            values.add(changes, number, private);
        }
        records.close(changes);
        values.close(changes);
        Ok(first + batch.len() as u64)
    }
}

/// Fills blocks of one tree, one after the other.
pub(super) struct Packer {
    tree: Tree,
    filling: Filling,
    from: u64,
}

impl Packer {
    /// Starts at record `from`.
    pub(super) fn new(tree: Tree, from: u64) -> Self {
        Self { tree, filling: Filling::default(), from }
    }

    /// Adds the bytes of record `number`, the next in order.
    pub(super) fn add(&mut self, changes: &mut Changes, number: u64, bytes: &[u8]) {
        // Records without private values cost a few bytes inside a block and nothing in front of one.
        if self.tree == Tree::Private && bytes.is_empty() && self.filling.count() == 0 {
            self.from = number + 1;
            return;
        }
        if !self.filling.has_room(bytes) {
            self.close(changes);
        }
        if self.filling.has_room(bytes) {
            self.filling.push(bytes);
        } else {
            put_alone(changes, self.tree, number, bytes);
            self.from = number + 1;
        }
    }

    /// Writes what is in the last block.
    pub(super) fn close(&mut self, changes: &mut Changes) {
        let full = std::mem::take(&mut self.filling);
        let count = full.count() as u64;
        if count > 0 {
            changes.put(self.tree, &part_key(self.from, 0), full.close());
            self.from += count;
        }
    }
}

/// Puts the bytes of record `number` under keys of their own.
pub(super) fn put_alone(changes: &mut Changes, tree: Tree, number: u64, bytes: &[u8]) {
    for (part, value) in (0u32..).zip(block::values_of(bytes)) {
        changes.put(tree, &part_key(number, part), value);
    }
}
