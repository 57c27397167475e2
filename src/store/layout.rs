//! What is where on disk: files, keys and their order.
//!
//! ```text
//! DIR/layout         "lodemark store 1\n", written last when a store is made
//! DIR/acknowledged   commits and records acknowledged so far: see `acknowledged.rs`
//! DIR/data/          the database
//! ```
//!
//! | tree | key | value |
//! |---|---|---|
//! | `meta` | `counters` | commits u64 ‖ records u64 |
//! | `meta` | `named/...` | bytes of the caller |
//! | `blocks`, `tail`, `private` | arrival number u64 ‖ part u32 | see `block.rs` |
//! | `recent`, `runs`, `filters`, `meta` at `runs` | see `runs.rs`, `entry.rs` | |
//! | `parties` | party ‖ epoch u16 | number of records u64 |
//! | `dangling` | arrival number u64 | nothing |
//! | `logs` | party ‖ epoch u16 ‖ 1 ‖ size u64 ‖ root ‖ part u16 | a checkpoint as the caller wrote it, in pieces |
//! | `logs` | party ‖ epoch u16 ‖ 2 ‖ level u8 ‖ index u64 | hash of a perfect subtree |
//! | `logs` | party ‖ epoch u16 ‖ 3 ‖ seq u64 ‖ record id | header and signature |
//!
//! Integers are big-endian, so that keys sort by number.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::files;
use crate::hash::PartyId;

/// The layout this program writes, and the highest it reads.
pub(super) const LAYOUT: u32 = 1;

/// Key of the number of commits and of records.
pub(super) const COUNTERS: &[u8] = b"counters";

/// Returns the directory of the database inside the store at `dir`.
pub(super) fn data_dir(dir: &Path) -> PathBuf {
    dir.join("data")
}

/// Marks the store at `dir` as complete, with our layout.
pub(super) fn write_layout(dir: &Path) -> Result<(), StoreError> {
    let path = dir.join("layout");
    files::replace(&path, format!("lodemark store {LAYOUT}\n").as_bytes())
        .map_err(|e| StoreError::io(&path, e))
}

/// Checks that `dir` holds a store in a layout that we read.
pub(super) fn check_layout(dir: &Path) -> Result<(), StoreError> {
    let not_a_store = |why: &str| StoreError::NotAStore { dir: dir.to_owned(), why: why.to_owned() };
    let path = dir.join("layout");
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound && data_dir(dir).exists() => {
            return Err(not_a_store("its file `layout` is missing; the making of it was interrupted"));
        }
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(not_a_store("there is no file `layout`"));
        }
        Err(e) => return Err(StoreError::io(&path, e)),
    };
    let number = std::str::from_utf8(&text)
        .ok()
        .and_then(|t| t.strip_prefix("lodemark store ")?.strip_suffix('\n')?.parse::<u32>().ok())
        .filter(|&n| n > 0)
        .ok_or_else(|| not_a_store("its file `layout` is not one line `lodemark store N`"))?;
    if number > LAYOUT {
        return Err(StoreError::NewerLayout { found: number, known: LAYOUT });
    }
    Ok(())
}

pub(super) fn named(name: &str) -> Vec<u8> {
    [b"named/", name.as_bytes()].concat()
}

pub(super) fn part_key(number: u64, part: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

/// Reads back `number` and `part`.
pub(super) fn read_part_key(key: &[u8]) -> Option<(u64, u32)> {
    let key: &[u8; 12] = key.try_into().ok()?;
    Some((number_at_end(&key[..8])?, u32::from_be_bytes([key[8], key[9], key[10], key[11]])))
}

pub(super) fn party_key(party: &PartyId, epoch: u16) -> Vec<u8> {
    [&party.as_bytes()[..], &epoch.to_be_bytes()].concat()
}

/// Reads back a party and epoch.
pub(super) fn read_party_key(key: &[u8]) -> Option<(PartyId, u16)> {
    let key: &[u8; 34] = key.try_into().ok()?;
    let party: [u8; 32] = key[..32].try_into().ok()?;
    Some((PartyId::from_bytes(party), u16::from_be_bytes([key[32], key[33]])))
}

/// Reads the u64 that ends `bytes`.
pub(super) fn number_at_end(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.last_chunk::<8>()?))
}
