//! Ed25519: keys, single and batch verification.
