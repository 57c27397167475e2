//! Records for tests of the store: each can be made again from its number, and its bytes say what it is.

#![allow(dead_code, missing_docs)]

use std::path::Path;

use lodemark::hash::{PartyId, RecordId, sha256};
use lodemark::model::lotref::LotRef;
use lodemark::store::{Facts, NewRecord, PrivateValue, Store};

/// Record `n` of the batch of `size` records that starts at `start`.
pub fn record(n: u64, start: u64, size: u64) -> NewRecord {
    let head: Vec<u8> = [n, start, size].iter().flat_map(|x| x.to_be_bytes()).collect();
    let seed = sha256(&[&head]);
    let mut bytes = head;
    // Lengths of real records, most short, a few long.
    let length = if n % 997 == 5 { 30_000 } else { 60 + (n % 11) as usize * 40 };
    while bytes.len() < 24 + length {
        bytes.extend_from_slice(&seed.0);
    }
    let facts = Facts {
        id: RecordId(seed),
        party: PartyId(sha256(&[&[(n % 5) as u8]])),
        epoch: 0,
        seq: n / 5,
        consumes: (0..n % 3)
            .map(|i| LotRef { record: RecordId(sha256(&[&(n / 2).to_be_bytes()])), index: i as u32 })
            .collect(),
    };
    let private =
        (0..n % 2).map(|_| PrivateValue { item: 0, salt: [7; 16], value: seed.0.to_vec() }).collect();
    NewRecord { facts, bytes, private, dangling: false }
}

pub fn batch(start: u64, size: u64) -> Vec<NewRecord> {
    (start..start + size).map(|n| record(n, start, size)).collect()
}

/// Reads number, start and size back from the bytes of a record.
pub fn origin(bytes: &[u8]) -> Option<(u64, u64, u64)> {
    let word = |at: usize| Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    Some((word(0)?, word(8)?, word(16)?))
}

/// The parser for checks of indexes; refuses bytes that are not exactly as made.
pub fn facts(number: u64, bytes: &[u8]) -> Option<Facts> {
    let (n, start, size) = origin(bytes)?;
    let made = (n == number).then(|| record(n, start, size))?;
    (made.bytes == bytes).then_some(made.facts)
}

/// Asserts that each record is what was appended, that no batch is there in part, and that the indexes agree.
pub fn assert_whole(store: &Store) {
    let mut last = None;
    for (number, stored) in (0..).zip(store.scan(0)) {
        let stored = stored.unwrap();
        let (n, start, size) = origin(&stored.bytes).unwrap();
        assert_eq!((stored.number, n), (number, number));
        let made = record(n, start, size);
        assert_eq!((stored.bytes, stored.private), (made.bytes, made.private), "record {n}");
        last = Some((n, start, size));
    }
    if let Some((n, start, size)) = last {
        assert_eq!(n + 1, start + size, "the last batch is there in part");
        assert_eq!(store.count(), n + 1);
    }
    assert_eq!(store.check_indexes(facts).unwrap(), []);
}

pub fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
