//! Verification: from bytes someone handed over to what they establish.
//!
//! Trusts no index, no store and no sender. The steps are numbered in docs/verification.md.

mod evidence;
mod examine;

pub use evidence::{Evidence, Piece, Refused};
pub use examine::{Examined, examine};
