//! Ed25519: keys, signing, single and batch verification, key files.
//!
//! This is the only room that names the Ed25519 crates. A key that exists as a [`PublicKey`] has already
//! passed every check on keys, and a [`Verified`] exists only where a signature was checked. Single and batch
//! verification decide by one and the same cofactored equation. Nothing here says whose key it is: that is the
//! work of `chain` (key histories) and `trust` (whom a reader believes).
//!
//! ```
//! use lodemark::sign::{Batch, SecretKey, SeededEntropy, verify};
//!
//! let key = SecretKey::generate(&mut SeededEntropy::new(b"a documented example"));
//! let signature = key.sign(b"lot SN-2207");
//! let proof = verify(key.public(), b"lot SN-2207", &signature).expect("just signed");
//! assert!(proof.covers(key.public(), b"lot SN-2207"));
//!
//! let mut batch = Batch::new();
//! batch.push(key.public(), b"lot SN-2207", signature);
//! batch.push(key.public(), b"lot SN-2208", signature);
//! let verdicts = batch.verify();
//! assert!(verdicts[0].is_ok() && verdicts[1].is_err());
//! ```
//!
//! Spec: docs/formats/record.md, "Signatures".

mod batch;
#[cfg(test)]
mod crafted;
mod entropy;
mod equation;
mod key;
pub mod keyfile;
mod message;
mod note;
mod point;
mod signature;
mod single;
mod strict;

pub use batch::Batch;
pub use entropy::{Entropy, SeededEntropy};
pub use key::{ALG_ED25519, KeyError, PublicKey, SecretKey};
pub use message::{JOIN_PREFIX, Join, RECORD_PREFIX, join_message, record_message};
pub use note::{AnotherMessage, COSIGNATURE_PREFIX, cosignature_message, note_message};
pub use signature::{Signature, SignatureError, Verified};
pub use single::verify;
pub use strict::verify_strict;
