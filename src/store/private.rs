//! Private values, kept apart from the records so that they can be learnt later or erased.
//!
//! A record commits to each of its private items; the values and salts are here, those of several records to a
//! block. Without them the record still verifies, its items being withheld. Erasing removes the values from the database;
//! the bytes leave the disk when the database reuses their room, or at once in a fresh copy of the ledger.

use std::collections::BTreeMap;

use super::append::{Packer, put_alone};
use super::block::{self, Content};
use super::engine::{Changes, Tree};
use super::entry::{Entry, by_lot};
use super::error::StoreError;
use super::layout::{part_key, read_part_key};
use super::{PrivateValue, Store};
use crate::model::lotref::LotRef;

/// Most values for one record: the bound on its directory.
const MAX_VALUES: usize = 4096;

impl Store {
    /// Adds values of record `number` learnt later, as from a fuller export; a new value for an item already
    /// held replaces it. The caller has checked them against the record's commitments.
    pub fn add_private(&mut self, number: u64, values: &[PrivateValue]) -> Result<(), StoreError> {
        self.learn(number, values, &[])
    }

    /// Adds values as [`Store::add_private`] does, and with them the lots that the record turns out to consume, in
    /// one transaction.
    pub fn learn(
        &mut self,
        number: u64,
        values: &[PrivateValue],
        consumes: &[LotRef],
    ) -> Result<(), StoreError> {
        self.check_number(number)?;
        let mut all: BTreeMap<u32, PrivateValue> =
            self.private(number)?.into_iter().map(|v| (v.item, v)).collect();
        all.extend(values.iter().map(|v| (v.item, v.clone())));
        let bytes = encode(number, &all.into_values().collect::<Vec<_>>())?;
        let mut changes = Changes::default();
        let mut entries = Vec::new();
        for lot in consumes {
            let prefix = by_lot(lot);
            if !self.runs.numbers(&self.engine, &prefix)?.contains(&number) {
                entries.push(Entry::new(&prefix, number));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let step = self.runs.add(&self.engine, &mut changes, entries)?;
        self.replace_private(number, &bytes, changes)?;
        self.runs.apply(step);
        Ok(())
    }

    /// Removes the private values of record `number`; nothing happens when there are none.
    pub fn erase_private(&mut self, number: u64) -> Result<(), StoreError> {
        self.check_number(number)?;
        self.replace_private(number, &[], Changes::default())
    }

    /// Returns the private values held for record `number`, ascending by item.
    pub(super) fn private(&self, number: u64) -> Result<Vec<PrivateValue>, StoreError> {
        decode(number, &self.private_bytes(number)?)
    }

    /// Returns the private values of record `number` as stored; empty when there are none.
    pub(super) fn private_bytes(&self, number: u64) -> Result<Vec<u8>, StoreError> {
        let Some((key, value)) = self.engine.at_or_before(Tree::Private, &part_key(number, u32::MAX))? else {
            return Ok(Vec::new());
        };
        let (first, _) = read_part_key(&key).ok_or_else(|| strange_key(number))?;
        match block::read(first, &value)? {
            Content::Records(records) => {
                let at = usize::try_from(number - first).unwrap_or(usize::MAX);
                Ok(records.get(at).map_or(Vec::new(), |at| value[at.clone()].to_vec()))
            }
            Content::Piece { .. } if first == number => {
                Ok(self.whole(Tree::Private, number)?.unwrap_or_default())
            }
            Content::Piece { .. } => Ok(Vec::new()),
        }
    }

    fn replace_private(&mut self, number: u64, bytes: &[u8], mut changes: Changes) -> Result<(), StoreError> {
        if self.private_bytes(number)? == bytes {
            return if changes.len() == 0 { Ok(()) } else { self.commit(changes, 0) };
        }
        let entry = self.engine.at_or_before(Tree::Private, &part_key(number, u32::MAX))?;
        let shared = entry.and_then(|(key, value)| {
            let (first, _) = read_part_key(&key)?;
            match block::read(first, &value).ok()? {
                Content::Records(records) if number - first < records.len() as u64 && records.len() > 1 => {
                    Some((first, records.into_iter().map(|r| value[r].to_vec()).collect::<Vec<_>>()))
                }
                _ => None,
            }
        });
        if let Some((first, all)) = shared {
            changes.remove(Tree::Private, &part_key(first, 0));
            let mut packer = Packer::new(Tree::Private, first);
            for (n, old) in (first..).zip(&all) {
                packer.add(&mut changes, n, if n == number { bytes } else { old });
            }
            packer.close(&mut changes);
        } else {
            for entry in self.engine.prefix(Tree::Private, &number.to_be_bytes())? {
                changes.remove(Tree::Private, entry?.0);
            }
            if !bytes.is_empty() {
                put_alone(&mut changes, Tree::Private, number, bytes);
            }
        }
        self.commit(changes, 0)
    }
}

pub(super) fn strange_key(number: u64) -> StoreError {
    block::damaged(number, 0, "a key is no arrival number")
}

/// Writes the values of record `number`: `u32 item ‖ salt16 ‖ u32 length ‖ value` each, ascending by item.
///
/// The last value given for an item counts.
pub(super) fn encode(number: u64, values: &[PrivateValue]) -> Result<Vec<u8>, StoreError> {
    let by_item: BTreeMap<u32, &PrivateValue> = values.iter().map(|v| (v.item, v)).collect();
    let length: usize = by_item.values().map(|v| 24 + v.value.len()).sum();
    if by_item.len() > MAX_VALUES || length > block::MAX_WHOLE {
        return Err(StoreError::TooLarge {
            what: format!("the set of {} private values of record {number}", by_item.len()),
            length: length as u64,
            limit: block::MAX_WHOLE as u64,
        });
    }
    let mut bytes = Vec::with_capacity(length);
    for value in by_item.values() {
        let length = u32::try_from(value.value.len()).expect("below the bound just checked");
        bytes.extend_from_slice(&value.item.to_be_bytes());
        bytes.extend_from_slice(&value.salt);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&value.value);
    }
    Ok(bytes)
}

/// Reads what [`encode`] wrote.
pub(super) fn decode(number: u64, bytes: &[u8]) -> Result<Vec<PrivateValue>, StoreError> {
    let mut values: Vec<PrivateValue> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let damaged = |why| block::damaged(number, at, why);
        let (head, after) =
            rest.split_first_chunk::<24>().ok_or_else(|| damaged("a private value is cut short"))?;
        let item = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let length = u32::from_be_bytes([head[20], head[21], head[22], head[23]]) as usize;
        if values.last().is_some_and(|v| v.item >= item) {
            return Err(damaged("private values are out of order"));
        }
        let (value, after) = after
            .split_at_checked(length)
            .ok_or_else(|| damaged("a private value is longer than the rest"))?;
        let salt = std::array::from_fn(|i| head[4 + i]);
        values.push(PrivateValue { item, salt, value: value.to_vec() });
        rest = after;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(item: u32, bytes: &[u8]) -> PrivateValue {
        PrivateValue { item, salt: [item as u8; 16], value: bytes.to_vec() }
    }

    #[test]
    fn values_read_back_ascending_by_item() {
        let bytes = encode(0, &[value(3, b"c"), value(1, b""), value(2, b"bb")]).unwrap();
        assert_eq!(decode(0, &bytes).unwrap(), [value(1, b""), value(2, b"bb"), value(3, b"c")]);
    }

    #[test]
    fn each_cut_inside_a_value_is_reported() {
        let bytes = encode(0, &[value(1, b"abc"), value(2, b"def")]).unwrap();
        for cut in 1..bytes.len() {
            let between = cut == 27;
            assert_eq!(decode(5, &bytes[..cut]).is_ok(), between, "{cut}");
        }
    }

    #[test]
    fn an_item_twice_is_reported() {
        let one = encode(0, &[value(1, b"abc")]).unwrap();
        assert!(decode(5, &[&one[..], &one[..]].concat()).is_err());
    }
}
