//! Capsules: one file with what a reader needs about some lots, that anyone can check offline.
//!
//! Reading one here says that its layout holds, and nothing more: records, logs and documents are judged by `verify`.
//! Nothing in a capsule is ever used as a file name. Spec: docs/formats/capsule.md.

mod evidence;
mod fault;
mod layout;
mod named;
mod read;
mod write;

pub use evidence::evidence;
pub use fault::{CapsuleError, Fault};
pub use layout::{Audience, CAPSULE_MAX, Capsule, Chain, Document, Entry, MAGIC, PackName, VERSION};
pub use named::unnamed;
pub use read::read;
pub use write::write;

#[cfg(test)]
mod tests;
