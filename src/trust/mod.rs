//! The reader's side: whom a buyer believes (`trust.toml`) and the facts of the purchase (`case.toml`).
//!
//! Nothing here is signed or shared; both files are hashed into every verdict that rests on them. What follows
//! from them is decided in `rules`. Spec: docs/formats/trust.md.

pub mod believed;
pub mod case;
pub mod error;
pub mod file;
pub mod owners;

pub use believed::{AcceptedDocument, Authority, Trust};
pub use case::Case;
pub use error::TrustError;
pub use file::{LimitEntry, LimitOf, TrustFile};
pub use owners::{Owner, OwnerEntry, OwnerKind, OwnerOf};
