//! The domain as plain values: what people weigh, name and date. No bytes, keys, files or clock.

pub mod coded;
pub mod kind;
pub mod maybe;
pub mod nearest;
pub mod stage;
