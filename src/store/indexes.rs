//! Checking the store against its own records, and rebuilding the indexes from them.
//!
//! The check reads every block, asks the caller what each record says of itself, and compares the index entries
//! that follow with those stored, in both directions. It judges no record: that is for whoever verifies.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::append::entries;
use super::block::{self, Content};
use super::engine::{Changes, Tree};
use super::error::StoreError;
use super::layout::{number_at_end, party_key, read_part_key, read_party_key};
use super::private::{decode, strange_key};
use super::{Facts, Store};
use crate::hash::PartyId;

/// An index of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Record id to arrival number.
    ById,
    /// Party, epoch and seq to arrival numbers.
    ByPlace,
    /// Lot to the records that consume of it.
    Consumers,
    /// Party and epoch to their number of records.
    Parties,
}

/// One thing that is wrong inside the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexFault {
    /// Records cannot be read, from `first` on.
    Unreadable {
        /// First arrival number concerned.
        first: u64,
        /// What the store or the caller's parser said.
        why: String,
    },
    /// No block holds these arrival numbers.
    Gap {
        /// First one missing.
        from: u64,
        /// One past the last one missing.
        to: u64,
    },
    /// More than one block holds these arrival numbers, or one beyond the end does.
    Overlap {
        /// First one concerned.
        from: u64,
        /// One past the last one concerned.
        to: u64,
    },
    /// An entry that follows from a record is not in the index.
    Missing {
        /// The index.
        index: Index,
        /// The record.
        number: u64,
    },
    /// An entry follows from no record.
    Surplus {
        /// The index.
        index: Index,
        /// The record it points to.
        number: u64,
    },
    /// An entry says something else than the records do.
    Different {
        /// The index.
        index: Index,
        /// Arrival number or count that follows from the records.
        expected: u64,
        /// Arrival number or count stored.
        found: u64,
    },
    /// An entry has the wrong shape.
    Malformed {
        /// The index.
        index: Index,
    },
    /// The rest of an index cannot be read.
    IndexUnreadable {
        /// The index.
        index: Index,
        /// What the store said.
        why: String,
    },
    /// Private values, or a mark as dangling, stand under the number of no record.
    WithoutRecord {
        /// The arrival number.
        number: u64,
    },
    /// Private values of a record cannot be read.
    PrivateUnreadable {
        /// The record, where it is known.
        number: u64,
        /// What the store said.
        why: String,
    },
    /// Acknowledged records are gone.
    RolledBack {
        /// Records held.
        held: u64,
        /// Records acknowledged.
        acknowledged: u64,
    },
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ById => "by id",
            Self::ByPlace => "by place in the chain",
            Self::Consumers => "of consumers",
            Self::Parties => "of parties",
        })
    }
}

impl fmt::Display for IndexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { first, why } => write!(f, "record {first} cannot be read: {why}"),
            Self::Gap { from, to } => write!(f, "records {from} to {} are in no block", to - 1),
            Self::Overlap { from, to } => {
                write!(f, "records {from} to {} are stored twice or beyond the end", to - 1)
            }
            Self::Missing { index, number } => write!(f, "the index {index} misses record {number}"),
            Self::Surplus { index, number } => {
                write!(f, "the index {index} has an entry for record {number} that does not follow from it")
            }
            Self::Different { index, expected, found } => {
                write!(f, "the index {index} says {found} where the records say {expected}")
            }
            Self::Malformed { index } => write!(f, "the index {index} has a malformed entry"),
            Self::IndexUnreadable { index, why } => {
                write!(f, "the rest of the index {index} cannot be read: {why}")
            }
            Self::WithoutRecord { number } => {
                write!(f, "something is kept for record {number}, which does not exist")
            }
            Self::PrivateUnreadable { number, why } => {
                write!(f, "private values of record {number} cannot be read: {why}")
            }
            Self::RolledBack { held, acknowledged } => {
                write!(f, "{held} records are held, but {acknowledged} were acknowledged")
            }
        }
    }
}

/// Index entries that follow from the records, each list ascending by key.
#[derive(Default)]
struct Expected {
    by_id: Vec<(Vec<u8>, u64)>,
    by_place: Vec<Vec<u8>>,
    consumers: Vec<Vec<u8>>,
    parties: BTreeMap<(PartyId, u16), u64>,
    /// Ascending; nothing is known of what should point to these.
    unreadable: Vec<u64>,
}

impl Expected {
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
        self.compare(&expected, &mut |fault, _| faults.push(fault));
        self.check_kept_apart(&mut faults);
        Ok(faults)
    }

    /// Brings the indexes in line with the records.
    ///
    /// Works in steps that each leave the store usable; when it is interrupted, run it again. Entries that point to
    /// a record that cannot be read stay.
    pub fn rebuild_indexes(
        &mut self,
        facts: impl FnMut(u64, &[u8]) -> Option<Facts>,
    ) -> Result<(), StoreError> {
        const STEP: usize = 20_000;
        let expected = self.derive(facts, &mut Vec::new());
        let mut repairs = Vec::new();
        let mut unreadable = None;
        self.compare(&expected, &mut |fault, repair| match fault {
            IndexFault::IndexUnreadable { why, .. } => unreadable = Some(why),
            _ => repairs.push(repair),
        });
        if let Some(why) = unreadable {
            return Err(StoreError::Database { why });
        }
        for step in repairs.chunks(STEP) {
            let mut changes = Changes::default();
            for Repair { tree, key, value } in step {
                match value {
                    Some(value) => changes.put(*tree, key.as_slice(), value.as_slice()),
                    None => changes.remove(*tree, key.as_slice()),
                }
            }
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
        expected.by_id.sort_unstable();
        expected.by_place.sort_unstable();
        expected.consumers.sort_unstable();
        expected
    }

    /// Compares what follows from the records with what is stored; tells each fault and its repair.
    fn compare(&self, expected: &Expected, tell: &mut impl FnMut(IndexFault, Repair)) {
        let by_id: Vec<(&[u8], u64, Vec<u8>)> =
            expected.by_id.iter().map(|(k, n)| (k.as_slice(), *n, n.to_be_bytes().to_vec())).collect();
        self.compare_tree(Index::ById, &by_id, expected, tell);
        for (index, keys) in [(Index::ByPlace, &expected.by_place), (Index::Consumers, &expected.consumers)] {
            let keys: Vec<(&[u8], u64, Vec<u8>)> = keys
                .iter()
                .map(|k| (k.as_slice(), number_at_end(k).expect("made with a number at the end"), Vec::new()))
                .collect();
            self.compare_tree(index, &keys, expected, tell);
        }
        self.compare_parties(expected, tell);
    }

    /// Merges two ascending lists: what should be in the tree, and what is.
    fn compare_tree(
        &self,
        index: Index,
        should: &[(&[u8], u64, Vec<u8>)],
        expected: &Expected,
        tell: &mut impl FnMut(IndexFault, Repair),
    ) {
        let tree = tree_of(index);
        let mut should = should.iter().peekable();
        let missing = |(key, number, value): &(&[u8], u64, Vec<u8>)| {
            (IndexFault::Missing { index, number: *number }, Repair::put(tree, key, value))
        };
        let entries = match self.engine.prefix(tree, &[]) {
            Ok(entries) => entries,
            Err(e) => {
                return tell(IndexFault::IndexUnreadable { index, why: e.to_string() }, Repair::none(tree));
            }
        };
        for entry in entries {
            let (key, value) = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    return tell(
                        IndexFault::IndexUnreadable { index, why: e.to_string() },
                        Repair::none(tree),
                    );
                }
            };
            while let Some(item) = should.next_if(|item| item.0 < &key[..]) {
                let (fault, repair) = missing(item);
                tell(fault, repair);
            }
            let found = if index == Index::ById { number_at_end(&value) } else { number_at_end(&key) };
            if let Some((_, number, right)) = should.next_if(|item| item.0 == &key[..]) {
                if right[..] != value[..] {
                    let fault = match found {
                        Some(found) if value.len() == right.len() => {
                            IndexFault::Different { index, expected: *number, found }
                        }
                        _ => IndexFault::Malformed { index },
                    };
                    tell(fault, Repair::put(tree, &key, right));
                }
                continue;
            }
            match found {
                Some(number) if expected.is_unreadable(number) => {}
                Some(number) => tell(IndexFault::Surplus { index, number }, Repair::remove(tree, &key)),
                None => tell(IndexFault::Malformed { index }, Repair::remove(tree, &key)),
            }
        }
        for item in should {
            let (fault, repair) = missing(item);
            tell(fault, repair);
        }
    }

    fn compare_parties(&self, expected: &Expected, tell: &mut impl FnMut(IndexFault, Repair)) {
        let (index, tree) = (Index::Parties, Tree::Parties);
        let mut should = expected.parties.clone();
        let entries = match self.engine.prefix(tree, &[]) {
            Ok(entries) => entries,
            Err(e) => {
                return tell(IndexFault::IndexUnreadable { index, why: e.to_string() }, Repair::none(tree));
            }
        };
        for entry in entries {
            let (key, value) = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    return tell(
                        IndexFault::IndexUnreadable { index, why: e.to_string() },
                        Repair::none(tree),
                    );
                }
            };
            let Some(found) = number_at_end(&value).filter(|_| value.len() == 8) else {
                tell(IndexFault::Malformed { index }, Repair::remove(tree, &key));
                continue;
            };
            let count = read_party_key(&key).and_then(|key| should.remove(&key)).unwrap_or(0);
            // Records that cannot be read may account for the rest.
            let most = count + expected.unreadable.len() as u64;
            if found == 0 || !(count..=most).contains(&found) {
                let repair = match count {
                    0 => Repair::remove(tree, &key),
                    _ => Repair::put(tree, &key, &count.to_be_bytes()),
                };
                tell(IndexFault::Different { index, expected: count, found }, repair);
            }
        }
        for ((party, epoch), count) in should {
            let repair = Repair::put(tree, &party_key(&party, epoch), &count.to_be_bytes());
            tell(IndexFault::Different { index, expected: count, found: 0 }, repair);
        }
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

impl Expected {
    fn add(&mut self, number: u64, facts: &Facts) {
        for (tree, key, _) in entries(number, facts) {
            match tree {
                Tree::ById => self.by_id.push((key, number)),
                Tree::ByPlace => self.by_place.push(key),
                _ => self.consumers.push(key),
            }
        }
        *self.parties.entry((facts.party, facts.epoch)).or_default() += 1;
    }
}

/// What brings one entry in line.
struct Repair {
    tree: Tree,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

impl Repair {
    fn put(tree: Tree, key: &[u8], value: &[u8]) -> Self {
        Self { tree, key: key.to_vec(), value: Some(value.to_vec()) }
    }

    fn remove(tree: Tree, key: &[u8]) -> Self {
        Self { tree, key: key.to_vec(), value: None }
    }

    fn none(tree: Tree) -> Self {
        Self { tree, key: Vec::new(), value: None }
    }
}

fn tree_of(index: Index) -> Tree {
    match index {
        Index::ById => Tree::ById,
        Index::ByPlace => Tree::ByPlace,
        Index::Consumers => Tree::Consumers,
        Index::Parties => Tree::Parties,
    }
}
