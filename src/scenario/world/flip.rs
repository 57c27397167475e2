//! One bit that changes on the way.

use super::Signed;
use crate::record::{self, HEADER_LEN};
use crate::scenario::damage::{Damage, Part};

/// Flips bit 0 of one byte of a record or of a private item.
///
/// # Errors
/// What is wrong with the damage: a part or item that the record does not have.
pub(super) fn flip(signed: &mut Signed, damage: &Damage) -> Result<(), String> {
    let record = record::SealedRecord::parse(&signed.bytes).map_err(|error| error.to_string())?;
    let body = record.header().body_len as usize;
    let seal = HEADER_LEN + 64;
    let (start, len) = match damage.part {
        Part::Header => (0, HEADER_LEN),
        Part::Signature => (HEADER_LEN, 64),
        Part::Body => (seal, body),
        Part::Directory => (seal + body, signed.bytes.len() - seal - body),
        Part::Value | Part::Salt => {
            let wanted = damage.item.as_deref().unwrap_or_default();
            let index = record.directory().iter().position(|entry| entry.key == wanted);
            let index = index.ok_or_else(|| {
                let keys: Vec<&str> = record.directory().iter().map(|entry| entry.key.as_str()).collect();
                format!("the record has no private item `{wanted}`, but {}", keys.join(", "))
            })?;
            let item = &mut signed.items[index];
            let bytes: &mut [u8] = if damage.part == Part::Salt { &mut item.salt } else { &mut item.value };
            let len = bytes.len();
            let byte = bytes.get_mut(damage.byte).ok_or_else(|| format!("that part has only {len} bytes"))?;
            *byte ^= 1;
            return Ok(());
        }
    };
    if damage.byte >= len {
        return Err(format!("that part has only {len} bytes"));
    }
    signed.bytes[start + damage.byte] ^= 1;
    Ok(())
}
