//! The reader's side: whom a buyer believes (`trust.toml`) and the facts of the purchase (`case.toml`).
//!
//! Nothing here is signed or shared; both files are hashed into every verdict that rests on them. What follows
//! from them is decided in `rules`. Spec: docs/formats/trust.md.

pub mod case;
pub mod file;
pub mod owners;

pub use case::Case;
pub use file::{AcceptedDocument, Authority, Trust, TrustError, TrustFile};
pub use owners::{Owner, OwnerEntry, OwnerKind, OwnerOf};
