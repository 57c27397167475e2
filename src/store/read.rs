//! Finding records, and reading one.

use super::block::{self, Content, damaged};
use super::engine::Tree;
use super::entry::{by_id, by_lot, by_place};
use super::error::StoreError;
use super::layout::{number_at_end, part_key, read_part_key, read_party_key};
use super::{Store, StoredRecord};
use crate::hash::{PartyId, RecordId};
use crate::model::lotref::LotRef;

/// Consecutive records that are stored together.
pub(super) struct Block {
    /// Arrival number of the first.
    pub(super) first: u64,
    /// Their bytes, in order; at least one.
    pub(super) records: Vec<Vec<u8>>,
}

impl Store {
    /// Returns the arrival number of the record with this id.
    pub fn find(&self, id: &RecordId) -> Result<Option<u64>, StoreError> {
        Ok(self.runs.numbers(&self.engine, &by_id(id))?.first().copied())
    }

    /// Returns the arrival numbers of the records at this place in a chain, ascending: several under a fork.
    pub fn at(&self, party: &PartyId, epoch: u16, seq: u64) -> Result<Vec<u64>, StoreError> {
        self.runs.numbers(&self.engine, &by_place(party, epoch, seq))
    }

    /// Returns the arrival numbers of the records that consume of this lot, ascending.
    pub fn consumers(&self, lot: &LotRef) -> Result<Vec<u64>, StoreError> {
        self.runs.numbers(&self.engine, &by_lot(lot))
    }

    /// Returns each party and epoch with its number of records, ascending.
    pub fn parties(&self) -> Result<Vec<(PartyId, u16, u64)>, StoreError> {
        let mut parties = Vec::new();
        for entry in self.engine.prefix(Tree::Parties, &[])? {
            let (key, value) = entry?;
            // Anything else is for the check of indexes to name.
            if let (Some((party, epoch)), Some(count)) = (read_party_key(&key), number_at_end(&value)) {
                parties.push((party, epoch, count));
            }
        }
        Ok(parties)
    }

    /// Returns record `number`.
    pub fn get(&self, number: u64) -> Result<StoredRecord, StoreError> {
        self.check_number(number)?;
        let mut block = self.block_at(number)?;
        let at = usize::try_from(number - block.first).expect("the block covers the number");
        let bytes = block.records.swap_remove(at);
        Ok(StoredRecord { number, bytes, private: self.private(number)? })
    }

    /// Returns the bytes of these records one after the other, without private values.
    ///
    /// Numbers that lie close together are read together.
    pub fn contents<'a>(
        &'a self,
        numbers: &'a [u64],
    ) -> impl Iterator<Item = Result<Vec<u8>, StoreError>> + 'a {
        let mut block: Option<Block> = None;
        numbers.iter().map(move |number| {
            self.check_number(*number)?;
            let holds = |block: &Block| {
                let at = number.checked_sub(block.first).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| block.records.get(at).cloned())
            };
            if let Some(bytes) = block.as_ref().and_then(holds) {
                return Ok(bytes);
            }
            let read = block.insert(self.block_at(*number)?);
            Ok(holds(read).expect("the block covers the number"))
        })
    }

    /// Returns the block that holds record `number`.
    pub(super) fn block_at(&self, number: u64) -> Result<Block, StoreError> {
        let tree = self.tree_of(number);
        let missing = || StoreError::Missing { number };
        let (key, value) =
            self.engine.at_or_before(tree, &part_key(number, u32::MAX))?.ok_or_else(missing)?;
        let (first, _) =
            read_part_key(&key).ok_or_else(|| damaged(number, 0, "its key is no arrival number"))?;
        let records = match block::read(first, &value)? {
            Content::Records(ranges) => ranges.into_iter().map(|r| value[r].to_vec()).collect(),
            Content::Piece { .. } => vec![self.whole(tree, first)?.ok_or_else(missing)?],
        };
        if number - first >= records.len() as u64 {
            return Err(missing());
        }
        Ok(Block { first, records })
    }

    /// Joins what is stored alone under `number`, in one value or in pieces.
    pub(super) fn whole(&self, tree: Tree, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(value) = self.engine.get(tree, &part_key(number, 0))? else { return Ok(None) };
        let length = match block::read(number, &value)? {
            Content::Records(records) if records.len() == 1 => {
                return Ok(Some(value[records[0].clone()].to_vec()));
            }
            Content::Records(_) => return Err(damaged(number, 1, "one record was expected alone")),
            Content::Piece { length, .. } => length,
        };
        // Grows with the pieces found: a length that lies allocates nothing.
        let mut whole = Vec::new();
        for part in 0u32.. {
            if whole.len() == length {
                break;
            }
            let value = self.engine.get(tree, &part_key(number, part))?;
            let value = value.ok_or_else(|| damaged(number, whole.len(), "a piece is missing"))?;
            match block::read(number, &value)? {
                Content::Piece { length: l, offset, at } if l == length && offset == whole.len() => {
                    whole.extend_from_slice(&value[at]);
                }
                _ => return Err(damaged(number, whole.len(), "a piece does not follow the one before")),
            }
        }
        Ok(Some(whole))
    }

    pub(super) fn tree_of(&self, number: u64) -> Tree {
        if number < self.tail { Tree::Blocks } else { Tree::Tail }
    }
}
