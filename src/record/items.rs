//! Private items: keys, commitments, and the directory that always travels whole.
//!
//! Spec: docs/formats/record.md, "Private items".

use super::header::HEADER_LEN;
use crate::hash::{Hash, TAG_ITEM, TAG_ITEMS, tagged};

/// Most bytes of a key.
pub const KEY_MAX: usize = 64;
/// Most bytes of a value that is not a whole list.
pub const VALUE_MAX: usize = 64 << 10;
/// Most bytes of all values of a record together, and of one that is a whole list.
pub const VALUES_MAX: usize = 4 << 20;

/// One line of the directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Which value: `[a-z0-9_./]{1,64}`.
    pub key: String,
    /// Commitment to it.
    pub commitment: Hash,
}

/// A private item whose value travels along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownItem {
    /// Its position in the directory.
    pub index: u32,
    /// Random, never used twice.
    pub salt: [u8; 16],
    /// The value in its layout.
    pub value: Vec<u8>,
}

/// Why a directory or an item does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemsError {
    /// The directory ends inside an entry.
    #[error("the directory of private items ends inside entry {0}")]
    Truncated(u32),
    /// Bytes follow the last entry.
    #[error("{0} bytes follow the directory of private items")]
    Trailing(usize),
    /// A key is empty, too long or holds another character.
    #[error("the key of private item {0} is not of the form [a-z0-9_./]{{1,64}}")]
    BadKey(u32),
    /// Keys are not strictly ascending.
    #[error("the key of private item {0} does not come after the one before it")]
    KeysNotAscending(u32),
    /// The directory does not hash to the header's commitment.
    #[error("the directory of private items does not match the header")]
    WrongItemsHash,
    /// A shown value names an item that the directory does not have.
    #[error("a shown value names private item {index}, the directory has {count}")]
    NoSuchItem {
        /// Position named.
        index: u32,
        /// Entries there are.
        count: u32,
    },
    /// Shown values are not strictly ascending by position.
    #[error("shown values are not in the order of the directory")]
    ItemsNotAscending,
    /// The value is longer than values of this item may be.
    #[error("the value of private item `{key}` has {len} bytes, at most {max} are allowed")]
    ValueTooLong {
        /// Key of the item.
        key: String,
        /// Its length.
        len: usize,
        /// Its bound.
        max: usize,
    },
    /// Salt and value do not open the commitment.
    #[error("the value shown for private item `{0}` is not the one committed to")]
    WrongCommitment(String),
}

impl ItemsError {
    /// Returns the step of verification that fails, as docs/formats/record.md names it.
    pub fn step(&self) -> &'static str {
        match self {
            Self::Truncated(_) | Self::Trailing(_) => "lengths",
            Self::BadKey(_) | Self::KeysNotAscending(_) | Self::WrongItemsHash => "directory",
            _ => "items",
        }
    }
}

/// Returns the commitment to `value` under `key` in the record with this header.
///
/// `header[22..64]` ties it to epoch, party and seq, so that a commitment cannot be moved to another record.
pub fn commitment(header: &[u8; HEADER_LEN], salt: &[u8; 16], key: &str, value: &[u8]) -> Hash {
    tagged(&TAG_ITEM, &[salt, &header[22..64], &(key.len() as u16).to_be_bytes(), key.as_bytes(), value])
}

/// Returns the commitment to a whole directory, zeros for an empty one.
pub fn items_hash(directory: &[Entry]) -> Hash {
    if directory.is_empty() {
        return Hash::ZERO;
    }
    let mut bytes = Vec::with_capacity(4 + directory.len() * 50);
    bytes.extend((directory.len() as u32).to_be_bytes());
    write_directory(directory, &mut bytes);
    tagged(&TAG_ITEMS, &[&bytes])
}

/// Appends the entries: u16 length of the key, key, commitment.
pub fn write_directory(directory: &[Entry], to: &mut Vec<u8>) {
    for entry in directory {
        to.extend((entry.key.len() as u16).to_be_bytes());
        to.extend(entry.key.as_bytes());
        to.extend(entry.commitment.0);
    }
}

/// Checks that `count` entries take up all of `bytes`, by their lengths alone.
///
/// # Errors
/// `Truncated` or `Trailing`.
pub fn check_lengths(bytes: &[u8], count: u32) -> Result<(), ItemsError> {
    let mut rest = bytes;
    for index in 0..count {
        let (len, after) = rest.split_first_chunk::<2>().ok_or(ItemsError::Truncated(index))?;
        let len = usize::from(u16::from_be_bytes(*len)) + 32;
        rest = after.get(len..).ok_or(ItemsError::Truncated(index))?;
    }
    if rest.is_empty() { Ok(()) } else { Err(ItemsError::Trailing(rest.len())) }
}

/// Reads `count` entries that take up all of `bytes`.
///
/// # Errors
/// [`ItemsError`] for what does not hold of lengths, keys and order.
pub fn read_directory(bytes: &[u8], count: u32) -> Result<Vec<Entry>, ItemsError> {
    let mut rest = bytes;
    // An entry has at least 35 bytes, so this bounds the allocation by what is there.
    let mut directory: Vec<Entry> = Vec::with_capacity((count as usize).min(bytes.len() / 35));
    for index in 0..count {
        let (len, after) = rest.split_first_chunk::<2>().ok_or(ItemsError::Truncated(index))?;
        let len = usize::from(u16::from_be_bytes(*len));
        let (key, after) = after.split_at_checked(len).ok_or(ItemsError::Truncated(index))?;
        let (commitment, after) = after.split_first_chunk::<32>().ok_or(ItemsError::Truncated(index))?;
        if !is_key(key) {
            return Err(ItemsError::BadKey(index));
        }
        let key = std::str::from_utf8(key).expect("a key is ASCII").to_owned();
        if directory.last().is_some_and(|before| before.key >= key) {
            return Err(ItemsError::KeysNotAscending(index));
        }
        directory.push(Entry { key, commitment: Hash(*commitment) });
        rest = after;
    }
    if rest.is_empty() { Ok(directory) } else { Err(ItemsError::Trailing(rest.len())) }
}

/// Checks the values shown against the directory: position, length, commitment.
///
/// # Errors
/// [`ItemsError`] for the first that does not hold.
pub fn check_shown(
    header: &[u8; HEADER_LEN],
    directory: &[Entry],
    shown: &[ShownItem],
) -> Result<(), ItemsError> {
    let mut total = 0_usize;
    for (position, item) in shown.iter().enumerate() {
        let entry = directory
            .get(item.index as usize)
            .ok_or(ItemsError::NoSuchItem { index: item.index, count: directory.len() as u32 })?;
        if position > 0 && shown[position - 1].index >= item.index {
            return Err(ItemsError::ItemsNotAscending);
        }
        let max = if is_whole_list(&entry.key) { VALUES_MAX } else { VALUE_MAX };
        total = total.saturating_add(item.value.len());
        if item.value.len() > max || total > VALUES_MAX {
            return Err(ItemsError::ValueTooLong { key: entry.key.clone(), len: item.value.len(), max });
        }
        if commitment(header, &item.salt, &entry.key, &item.value) != entry.commitment {
            return Err(ItemsError::WrongCommitment(entry.key.clone()));
        }
    }
    Ok(())
}

/// Whether the item is a whole list, which may be longer than other values.
pub fn is_whole_list(key: &str) -> bool {
    let key = key.strip_prefix("with/").unwrap_or(key);
    matches!(key, "in" | "add" | "loss" | "part" | "covers" | "tags" | "title" | "credit")
}

fn is_key(key: &[u8]) -> bool {
    (1..=KEY_MAX).contains(&key.len())
        && key.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'/'))
}
