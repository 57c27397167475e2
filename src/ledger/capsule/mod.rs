//! Capsules at the front desk: making them of what is held, and taking them in.
//!
//! What a capsule is, byte for byte, is said in `crate::capsule`. Spec: docs/formats/capsule.md.

mod chain;
mod make;
mod shows;
mod take;

pub use chain::MadeChain;
pub use make::{Made, MakeCapsule, MakeError};
pub(super) use take::Parts;
pub use take::{LogConflict, LogRefused};
