//! Checking the store against its own records, and rebuilding the indexes from them.
//!
//! The check reads every block, asks the caller what each record says of itself, and compares the index entries
//! that follow with those stored, in both directions. It judges no record: that is for whoever verifies.

use std::collections::BTreeMap;
use std::ops::Range;

use super::block::{self, Content};
use super::engine::{Changes, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::fault::IndexFault;
use super::layout::{number_at_end, party_key, read_part_key, read_party_key};
use super::private::{decode, strange_key};
use super::replacement::{self, Replacement};
use super::runs::{LARGEST, Runs};
use super::{Facts, Store};
use crate::hash::PartyId;

/// What follows from the records.
#[derive(Default)]
struct Expected {
    /// Ascending.
    entries: Vec<Entry>,
    parties: BTreeMap<(PartyId, u16), u64>,
    /// Ascending; nothing is known of what should point to these.
    unreadable: Vec<u64>,
}

impl Expected {
    fn add(&mut self, number: u64, facts: &Facts) {
        self.entries.extend(Entry::all_of(number, facts));
        *self.parties.entry((facts.party, facts.epoch)).or_default() += 1;
    }

    fn is_unreadable(&self, number: u64) -> bool {
        self.unreadable.binary_search(&number).is_ok()
    }
}

impl Store {
    /// Checks blocks, indexes and private values against the records, and names all that is wrong.
    ///
    /// `facts` is the caller's parser: what the record with this number and these bytes says of itself, `None` when
    /// it cannot be read. Entries that point to a record that cannot be read are left out of the comparison. Takes
    /// about 200 bytes of memory per record.
    ///
    /// # Errors
    /// Only where the database fails altogether; damage to parts is in the answer.
    pub fn check_indexes(
        &self,
        facts: impl FnMut(u64, &[u8]) -> Option<Facts>,
    ) -> Result<Vec<IndexFault>, StoreError> {
        let mut faults = Vec::new();
        if let Some(mark) = self.lost {
            faults.push(IndexFault::RolledBack { held: self.next, acknowledged: mark.records });
        }
        self.check_blocks(&mut faults);
        let expected = self.derive(facts, &mut faults);
        if let Err(e) = self.compare_entries(&expected, &mut faults) {
            faults.push(IndexFault::IndexUnreadable { why: e.to_string() });
        }
        match self.compare_parties(&expected) {
            Ok(wrong) => faults.extend(wrong.into_iter().map(|(fault, _)| fault)),
            Err(e) => faults.push(IndexFault::IndexUnreadable { why: e.to_string() }),
        }
        self.check_kept_apart(&mut faults);
        self.check_logs(&mut faults);
        Ok(faults)
    }

    /// Writes the indexes anew from the records.
    ///
    /// The old ones stay in force until the new ones are whole. Records that cannot be read are in no index
    /// afterwards.
    pub fn rebuild_indexes(
        &mut self,
        facts: impl FnMut(u64, &[u8]) -> Option<Facts>,
    ) -> Result<(), StoreError> {
        let expected = self.derive(facts, &mut Vec::new());
        let mut finish = Changes::default();
        for (_, (key, value)) in self.compare_parties(&expected)? {
            match value {
                Some(count) => finish.put(Tree::Parties, key, &count.to_be_bytes()),
                None => finish.remove(Tree::Parties, key),
            }
        }
        let mut plan = Replacement::new(&self.engine, finish)?;
        for part in expected.entries.chunks(LARGEST) {
            let changes = plan.write(part)?;
            self.commit(changes, 0)?;
        }
        let changes = plan.finish(&self.engine)?;
        self.commit(changes, 0)?;
        self.runs = Runs::open(&self.engine);
        for changes in replacement::leftovers(&self.engine)? {
            self.commit(changes, 0)?;
        }
        Ok(())
    }

    /// Walks the stored blocks and the tail: no number twice, none beyond the end.
    fn check_blocks(&self, faults: &mut Vec<IndexFault>) {
        let mut next = 0u64;
        for tree in [Tree::Blocks, Tree::Tail] {
            let Ok(entries) = self.engine.prefix(tree, &[]) else { continue };
            // What is missing or cannot be read is told by the walk over the records.
            for (key, value) in entries.map_while(Result::ok) {
                let Some((first, part)) = read_part_key(&key) else {
                    let why = "a key is no arrival number".to_owned();
                    faults.push(IndexFault::Unreadable { first: next, why });
                    continue;
                };
                let end = match block::read(first, &value) {
                    Ok(Content::Records(records)) => first.saturating_add(records.len() as u64),
                    Ok(Content::Piece { .. }) if part == 0 => first.saturating_add(1),
                    Ok(Content::Piece { .. }) | Err(_) => continue,
                };
                if first < next {
                    faults.push(IndexFault::Overlap { from: first, to: end.min(next) });
                }
                if end > self.next {
                    faults.push(IndexFault::Overlap { from: first.max(self.next), to: end });
                }
                next = next.max(end);
            }
        }
    }

    fn derive(
        &self,
        mut facts: impl FnMut(u64, &[u8]) -> Option<Facts>,
        faults: &mut Vec<IndexFault>,
    ) -> Expected {
        let mut expected = Expected::default();
        let mut number = 0;
        while number < self.next {
            match self.block_at(number) {
                Ok(block) => {
                    let skip = usize::try_from(number - block.first).expect("the block covers the number");
                    for bytes in block.records.iter().skip(skip) {
                        match facts(number, bytes) {
                            Some(facts) => expected.add(number, &facts),
                            None => {
                                expected.unreadable.push(number);
                                let why = "its bytes are not those of a record".to_owned();
                                faults.push(IndexFault::Unreadable { first: number, why });
                            }
                        }
                        number += 1;
                    }
                }
                Err(error) => {
                    let next = self.after_damage(number);
                    faults.push(match error {
                        StoreError::Missing { .. } => IndexFault::Gap { from: number, to: next },
                        other => IndexFault::Unreadable { first: number, why: other.to_string() },
                    });
                    expected.unreadable.extend(number..next);
                    number = next;
                }
            }
        }
        expected.entries.sort_unstable();
        expected
    }

    /// Merges two ascending lists: the entries that should be, and those that are.
    fn compare_entries(&self, expected: &Expected, faults: &mut Vec<IndexFault>) -> Result<(), StoreError> {
        let missing = |entry: &Entry| IndexFault::Missing { index: entry.index(), number: entry.number() };
        let mut should = expected.entries.iter().peekable();
        for item in self.runs.all(&self.engine)? {
            let (entry, can_be_found) = item?;
            while let Some(absent) = should.next_if(|e| **e < entry) {
                faults.push(missing(absent));
            }
            if should.next_if(|e| **e == entry).is_some() {
                if !can_be_found {
                    faults.push(missing(&entry));
                }
            } else if !expected.is_unreadable(entry.number()) {
                faults.push(IndexFault::Surplus { index: entry.index(), number: entry.number() });
            }
        }
        faults.extend(should.map(missing));
        Ok(())
    }

    /// Compares the counts per party; returns each fault with the key and the count that mend it.
    fn compare_parties(&self, expected: &Expected) -> Result<Vec<(IndexFault, Mend)>, StoreError> {
        let mut should = expected.parties.clone();
        let mut faults = Vec::new();
        for entry in self.engine.prefix(Tree::Parties, &[])? {
            let (key, value) = entry?;
            let found = number_at_end(&value).unwrap_or(0);
            let count = read_party_key(&key).and_then(|key| should.remove(&key)).unwrap_or(0);
            // Records that cannot be read may account for the rest.
            let most = count + expected.unreadable.len() as u64;
            if found == 0 || !(count..=most).contains(&found) {
                let mend = (key.to_vec(), (count > 0).then_some(count));
                faults.push((IndexFault::WrongCount { expected: count, found }, mend));
            }
        }
        faults.extend(should.into_iter().map(|((party, epoch), count)| {
            let mend = (party_key(&party, epoch), Some(count));
            (IndexFault::WrongCount { expected: count, found: 0 }, mend)
        }));
        Ok(faults)
    }

    /// Checks the private values and the list of dangling records: each belongs to a record and can be read.
    fn check_kept_apart(&self, faults: &mut Vec<IndexFault>) {
        let mut known = 0;
        let mut unreadable = |number, why: String| faults.push(IndexFault::PrivateUnreadable { number, why });
        let mut without = Vec::new();
        match self.engine.prefix(Tree::Private, &[]) {
            Err(e) => unreadable(0, e.to_string()),
            Ok(entries) => {
                for entry in entries {
                    match entry.and_then(|(key, value)| self.check_private_block(&key, &value, known)) {
                        Ok(numbers) => {
                            without.extend(numbers.clone().filter(|&n| n >= self.next));
                            known = known.max(numbers.end);
                        }
                        Err(e) => unreadable(known, e.to_string()),
                    }
                }
            }
        }
        faults.extend(without.into_iter().map(|number| IndexFault::WithoutRecord { number }));
        match self.dangling() {
            Ok(numbers) => faults.extend(
                numbers
                    .into_iter()
                    .filter(|&n| n >= self.next)
                    .map(|number| IndexFault::WithoutRecord { number }),
            ),
            Err(e) => faults.push(IndexFault::Unreadable { first: 0, why: e.to_string() }),
        }
    }

    /// Reads one stored value of private values; returns the arrival numbers it covers, which start at `from` or
    /// later.
    fn check_private_block(&self, key: &[u8], value: &[u8], from: u64) -> Result<Range<u64>, StoreError> {
        let (first, part) = read_part_key(key).ok_or_else(|| strange_key(from))?;
        match block::read(first, value)? {
            Content::Piece { .. } if part > 0 && first.checked_add(1) == Some(from) => Ok(first..from),
            _ if part > 0 => Err(block::damaged(first, 0, "its first piece is missing")),
            _ if first < from => Err(block::damaged(first, 0, "private values are stored twice")),
            Content::Piece { .. } => {
                decode(first, &self.whole(Tree::Private, first)?.unwrap_or_default())?;
                Ok(first..first.saturating_add(1))
            }
            Content::Records(records) => {
                for at in &records {
                    decode(first, &value[at.clone()])?;
                }
                Ok(first..first.saturating_add(records.len() as u64))
            }
        }
    }
}

/// Key of a count, and the count it should have; none to remove it.
type Mend = (Vec<u8>, Option<u64>);
