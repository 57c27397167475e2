//! Records: the signed bytes, sealed from an event and opened again.
//!
//! Opening is the only way to a record's contents. This room knows one record at a time: whether it stands
//! in its chain is the `chain` room's question. Spec: docs/formats/record.md.

mod body;
mod codec;
mod header;
mod items;
mod key_entry;
mod open;
mod seal;
mod signed_header;
mod slot;
mod sound;
#[cfg(test)]
pub(crate) mod tests;
mod values;

pub use codec::CodecError;
pub use header::{ALG_ED25519, BODY_MAX, HEADER_LEN, Header, HeaderError, ITEMS_MAX, TAG};
pub use items::{Entry, ItemsError, ShownItem, VALUE_MAX, VALUES_MAX, commitment};
pub use key_entry::{KeyEntry, KeyEntryError, Purpose, no_recovery, party_id};
pub use open::{RECORD_MAX, RecordError, SEAL_LEN, SealedRecord};
pub use seal::{Position, SealError, Sealed, Unsigned, found, prepare, seal, slots};
pub use signed_header::SignedHeader;
pub use slot::{FillError, NoValue};
