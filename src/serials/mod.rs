//! Serial numbers behind one hash: a lot's record names the root, and a proof shows single numbers to whoever bought
//! those things, without the others.
//!
//! Nothing here reads files or knows ledgers. Spec: docs/formats/serials.md.

mod kept;
mod proof;

use crate::hash::{Hash, TAG_SERIAL};
use crate::log::tree;

pub use kept::{Kept, KeptError, KeptSerial, LineError, MakeError};
pub use proof::{Proof, ProofFault, ProveError, ShownSerial, Twice, shown_twice};

/// The longest serial number, in bytes.
pub const MAX_SERIAL: usize = 64;

/// A salt: sixteen random bytes, new for each serial number.
pub type Salt = [u8; 16];

/// Returns what the leaf of a serial number holds: tag, salt, length, number.
pub fn leaf_data(salt: &Salt, serial: &str) -> Vec<u8> {
    let length = u16::try_from(serial.len()).expect("a serial number is at most 64 bytes");
    [&TAG_SERIAL[..], &salt[..], &length.to_be_bytes(), serial.as_bytes()].concat()
}

/// Returns the leaf hash of a serial number.
pub fn leaf(salt: &Salt, serial: &str) -> Hash {
    tree::leaf_hash(&leaf_data(salt, serial))
}

/// Reads a serial number as people type it, in normal form.
///
/// # Errors
/// Where it is empty, too long, or holds what no serial number can.
pub fn read_serial(text: &str) -> Result<String, crate::model::words::TextError> {
    crate::model::words::clean(text, MAX_SERIAL)
}
