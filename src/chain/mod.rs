//! One party's chain: how its records hang together, and what breaks it.
//!
//! Headers are enough for everything here but proofs of double use and of contradictory corrections. What records
//! state is otherwise the `custody` room's matter.
//! Spec: docs/verification.md, "Chains".

mod line;
mod link;
pub mod proof;

pub use line::{ChainFault, Line, Span, examine};
pub use link::Link;
