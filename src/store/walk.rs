//! Reading records in the order of arrival, one block at a time.

use std::collections::VecDeque;
use std::ops::Range;

use super::block::{self, Content};
use super::engine::{Bytes, Cursor, Tree};
use super::error::StoreError;
use super::layout::{part_key, read_part_key};
use super::private::{decode, strange_key};
use super::read::Block;
use super::{PrivateValue, Store, StoredRecord};

impl Store {
    /// Walks the records from arrival number `from` on.
    ///
    /// A block that cannot be read gives one error; the walk goes on with the next that can.
    pub fn scan(&self, from: u64) -> Scan<'_> {
        Scan {
            store: self,
            next: from,
            cursor: None,
            private: PrivateWalk::new(self),
            ready: VecDeque::new(),
        }
    }

    /// Returns the first number after `number` whose block may be readable.
    pub(super) fn after_damage(&self, number: u64) -> u64 {
        // Near enough to lose little, far enough to leave a damaged page of some hundred records soon.
        const STEP: u64 = 8;
        let mut from = number;
        while from < self.next {
            match self.engine.at_or_after(self.tree_of(from), &part_key(from + 1, 0)) {
                Ok(Some((key, _))) => {
                    return read_part_key(&key).map_or(from + 1, |(first, _)| first.max(number + 1));
                }
                Ok(None) if from < self.tail => return self.tail.max(number + 1),
                Ok(None) => return self.next,
                Err(_) => from += STEP,
            }
        }
        self.next
    }
}

/// Records in the order of arrival; see [`Store::scan`].
pub struct Scan<'a> {
    store: &'a Store,
    next: u64,
    /// Stands before the block that starts at `next`, when there is one.
    cursor: Option<Cursor>,
    private: PrivateWalk<'a>,
    ready: VecDeque<Result<StoredRecord, StoreError>>,
}

impl Iterator for Scan<'_> {
    type Item = Result<StoredRecord, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() && self.next < self.store.next {
            self.read_block();
        }
        self.ready.pop_front()
    }
}

impl Scan<'_> {
    fn read_block(&mut self) {
        let from = self.next;
        let block = match self.following_block() {
            Some(block) => Ok(block),
            None => {
                self.cursor = None;
                self.store.block_at(from)
            }
        };
        let block = match block {
            Ok(block) => block,
            Err(error) => {
                self.next = self.store.after_damage(from);
                self.ready.push_back(Err(error));
                return;
            }
        };
        let end = (block.first + block.records.len() as u64).min(self.store.next);
        let skip = usize::try_from(from - block.first).expect("the block covers the number");
        for (number, bytes) in (from..end).zip(block.records.into_iter().skip(skip)) {
            let private = self.private.of(number);
            self.ready.push_back(private.map(|private| StoredRecord { number, bytes, private }));
        }
        self.next = end;
    }

    /// Returns the block under the cursor in the plain case: it starts at `next` and is whole.
    fn following_block(&mut self) -> Option<Block> {
        let start = part_key(self.next, 0);
        if self.cursor.is_none() || self.next == self.store.tail {
            self.cursor = self.store.engine.from(self.store.tree_of(self.next), &start).ok();
        }
        let (key, value) = self.cursor.as_mut()?.next()?.ok()?;
        match block::read(self.next, &value).ok()? {
            Content::Records(ranges) if key[..] == start => {
                let records = ranges.into_iter().map(|r| value[r].to_vec()).collect();
                Some(Block { first: self.next, records })
            }
            _ => None,
        }
    }
}

/// The private values of ascending arrival numbers.
struct PrivateWalk<'a> {
    store: &'a Store,
    cursor: Option<Cursor>,
    ahead: Ahead,
}

/// The block of private values at or behind the number asked for.
enum Ahead {
    Unknown,
    Shared { first: u64, value: Bytes, records: Vec<Range<usize>> },
    Alone { first: u64 },
    Nothing,
}

impl<'a> PrivateWalk<'a> {
    fn new(store: &'a Store) -> Self {
        Self { store, cursor: None, ahead: Ahead::Unknown }
    }

    /// Returns the values of record `number`, which is greater than in the call before.
    fn of(&mut self, number: u64) -> Result<Vec<PrivateValue>, StoreError> {
        loop {
            match &self.ahead {
                Ahead::Nothing => return Ok(Vec::new()),
                Ahead::Shared { first, .. } | Ahead::Alone { first } if number < *first => {
                    return Ok(Vec::new());
                }
                Ahead::Alone { first } if number == *first => return self.store.private(number),
                Ahead::Shared { first, value, records } => {
                    let at = usize::try_from(number - first).unwrap_or(usize::MAX);
                    if let Some(at) = records.get(at) {
                        return decode(number, &value[at.clone()]);
                    }
                }
                Ahead::Alone { .. } | Ahead::Unknown => {}
            }
            if let Err(error) = self.advance(number) {
                // Start anew with the next number, which may be in a block that can be read.
                (self.cursor, self.ahead) = (None, Ahead::Unknown);
                return Err(error);
            }
        }
    }

    fn advance(&mut self, number: u64) -> Result<(), StoreError> {
        if self.cursor.is_none() {
            let before = self.store.engine.at_or_before(Tree::Private, &part_key(number, 0))?;
            let start = before.map_or(part_key(number, 0).to_vec(), |(key, _)| key.to_vec());
            self.cursor = Some(self.store.engine.from(Tree::Private, &start)?);
        }
        let cursor = self.cursor.as_mut().expect("just set");
        for entry in cursor {
            let (key, value) = entry?;
            let (first, part) = read_part_key(&key).ok_or_else(|| strange_key(number))?;
            if part > 0 {
                continue;
            }
            self.ahead = match block::read(first, &value)? {
                Content::Records(records) => Ahead::Shared { first, value, records },
                Content::Piece { .. } => Ahead::Alone { first },
            };
            return Ok(());
        }
        self.ahead = Ahead::Nothing;
        Ok(())
    }
}
