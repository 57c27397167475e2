//! References to lots: output N of record R.

use std::fmt;
use std::str::FromStr;

use super::amount::text_serde;
use crate::hash::RecordId;

/// Output `index` of the record `record`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LotRef {
    /// The record that created the lot.
    pub record: RecordId,
    /// Which of its outputs, from 0.
    pub index: u32,
}

/// A text that is no lot reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no lot reference")]
pub struct LotRefError(String);

impl LotRefError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        Some("write the 64 hex digits of the record, `:` and the number of the output".into())
    }
}

impl LotRef {
    /// Returns the shortest form shown to people: 16 hex digits and the index.
    pub fn short(&self) -> String {
        format!("{}:{}", self.record.short(), self.index)
    }
}

impl fmt::Display for LotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.record, self.index)
    }
}

impl FromStr for LotRef {
    type Err = LotRefError;

    fn from_str(text: &str) -> Result<Self, LotRefError> {
        let parts = text.split_once(':');
        let record = parts.and_then(|(record, _)| RecordId::from_hex(record));
        let index = parts.and_then(|(_, index)| index.parse().ok());
        match (record, index) {
            (Some(record), Some(index)) => Ok(Self { record, index }),
            _ => Err(LotRefError(text.to_owned())),
        }
    }
}

text_serde!(LotRef, |lot: &LotRef| lot.to_string());
