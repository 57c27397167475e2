//! lodemark, a traceability ledger for minerals.

pub mod chain;
pub mod custody;
pub mod entry;
pub mod hash;
pub mod model;
pub mod record;
pub mod sign;
pub mod store;
pub mod text;
pub mod trust;
pub mod verify;
