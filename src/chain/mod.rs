//! One party's chain: how its records hang together, and what breaks it.
//!
//! Headers are enough for everything here. What records state is the `custody` room's matter.
//! Spec: docs/verification.md, "Chains".

mod line;
mod link;

pub use line::{ChainFault, Line, Span, examine};
pub use link::Link;
