//! lodemark, a traceability ledger for minerals.

pub mod hash;
pub mod model;
pub mod sign;
pub mod store;
