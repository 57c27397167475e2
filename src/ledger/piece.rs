//! One record as it is handed over.

use crate::record::ShownItem;

/// One record as it was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The record in its stored form.
    pub bytes: Vec<u8>,
    /// Private items shown with it, in the order of its directory.
    pub shown: Vec<ShownItem>,
    /// Where it was found, for people: `offset 1234 of goma.lode`, `arrival 17`.
    pub source: String,
}
