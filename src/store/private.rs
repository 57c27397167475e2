//! Private values, kept apart from the records so that they can be learnt later or erased.
//!
//! A record commits to each of its private items; the values and salts are here, one entry per record. Without
//! them the record still verifies, its items being withheld. Erasing removes the values from the database;
//! the bytes leave the disk when the database reuses their room, or at once in a fresh copy of the ledger.

use std::collections::BTreeMap;

use super::block::{self, Content};
use super::engine::{Changes, Tree};
use super::error::StoreError;
use super::layout::{part_key, read_part_key};
use super::{PrivateValue, Store};

/// Most values for one record: the bound on its directory.
const MAX_VALUES: usize = 4096;

impl Store {
    /// Adds values of record `number` learnt later, as from a fuller export; a new value for an item already
    /// held replaces it. The caller has checked them against the record's commitments.
    pub fn add_private(&mut self, number: u64, values: &[PrivateValue]) -> Result<(), StoreError> {
        self.check_number(number)?;
        let mut all: BTreeMap<u32, PrivateValue> =
            self.private(number)?.into_iter().map(|v| (v.item, v)).collect();
        let before = all.clone();
        all.extend(values.iter().map(|v| (v.item, v.clone())));
        if all == before {
            return Ok(());
        }
        let mut changes = Changes::default();
        self.remove_private(&mut changes, number)?;
        put_private(&mut changes, number, &all.into_values().collect::<Vec<_>>())?;
        self.commit(changes, 0)
    }

    /// Removes the private values of record `number`; nothing happens when there are none.
    pub fn erase_private(&mut self, number: u64) -> Result<(), StoreError> {
        self.check_number(number)?;
        let mut changes = Changes::default();
        self.remove_private(&mut changes, number)?;
        if changes.len() == 0 { Ok(()) } else { self.commit(changes, 0) }
    }

    /// Returns the private values held for record `number`, by item.
    pub(super) fn private(&self, number: u64) -> Result<Vec<PrivateValue>, StoreError> {
        let whole = self.whole(Tree::Private, number)?;
        whole.map_or(Ok(Vec::new()), |bytes| decode(number, &bytes))
    }

    /// Returns the private values of the records `from <= n < to` that have some; a failure per record.
    pub(super) fn private_between(
        &self,
        from: u64,
        to: u64,
    ) -> Result<BTreeMap<u64, Result<Vec<PrivateValue>, StoreError>>, StoreError> {
        let mut found = BTreeMap::new();
        for entry in self.engine.range(Tree::Private, &part_key(from, 0), &part_key(to, 0))? {
            let (key, value) = entry?;
            let Some((number, part)) = read_part_key(&key) else { continue };
            let values = match block::read(number, &value) {
                Ok(Content::Records(records)) if part == 0 && records.len() == 1 => {
                    decode(number, &value[records[0].clone()])
                }
                // In pieces, or wrong: the way for one record tells.
                _ if found.contains_key(&number) => continue,
                _ => self.private(number),
            };
            found.insert(number, values);
        }
        Ok(found)
    }

    fn remove_private(&self, changes: &mut Changes, number: u64) -> Result<(), StoreError> {
        for entry in self.engine.prefix(Tree::Private, &number.to_be_bytes())? {
            changes.remove(Tree::Private, entry?.0);
        }
        Ok(())
    }
}

/// Puts `values` for record `number`, of which the store holds none yet.
pub(super) fn put_private(
    changes: &mut Changes,
    number: u64,
    values: &[PrivateValue],
) -> Result<(), StoreError> {
    if values.is_empty() {
        return Ok(());
    }
    let bytes = encode(values);
    if values.len() > MAX_VALUES || bytes.len() > block::MAX_WHOLE {
        return Err(StoreError::TooLarge {
            what: format!("the set of private values of record {number}"),
            length: bytes.len() as u64,
            limit: block::MAX_WHOLE as u64,
        });
    }
    for (part, value) in (0u32..).zip(block::values_of(&bytes)) {
        changes.put(Tree::Private, &part_key(number, part), value);
    }
    Ok(())
}

/// `count x (u32 item ‖ salt16 ‖ u32 length ‖ value)`, ascending by item; the last value for an item counts.
fn encode(values: &[PrivateValue]) -> Vec<u8> {
    let by_item: BTreeMap<u32, &PrivateValue> = values.iter().map(|v| (v.item, v)).collect();
    let mut bytes = Vec::new();
    for value in by_item.values() {
        // Longer values than a u32 counts are refused by their total just after.
        let length = u32::try_from(value.value.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&value.item.to_be_bytes());
        bytes.extend_from_slice(&value.salt);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&value.value);
    }
    bytes
}

fn decode(number: u64, bytes: &[u8]) -> Result<Vec<PrivateValue>, StoreError> {
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
        let bytes = encode(&[value(3, b"c"), value(1, b""), value(2, b"bb")]);
        assert_eq!(decode(0, &bytes).unwrap(), [value(1, b""), value(2, b"bb"), value(3, b"c")]);
    }

    #[test]
    fn each_cut_inside_a_value_is_reported() {
        let bytes = encode(&[value(1, b"abc"), value(2, b"def")]);
        for cut in 1..bytes.len() {
            let between = cut == 27;
            assert_eq!(decode(5, &bytes[..cut]).is_ok(), between, "{cut}");
        }
    }

    #[test]
    fn an_item_twice_is_reported() {
        let one = encode(&[value(1, b"abc")]);
        assert!(decode(5, &[&one[..], &one[..]].concat()).is_err());
    }
}
