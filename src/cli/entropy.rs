//! Randomness from the operating system, for keys, nonces and salts.

use super::failure::Failure;
use crate::sign::Entropy;

/// Random bytes of the operating system.
pub struct OsEntropy(());

impl OsEntropy {
    /// Returns the source, after drawing from it once.
    ///
    /// # Errors
    /// [`Failure`] where the operating system gives none.
    pub fn new() -> Result<Self, Failure> {
        getrandom::fill(&mut [0; 32]).map_err(|error| {
            Failure::stopped(format!("the operating system gives no random bytes: {error}"), None)
        })?;
        Ok(Self(()))
    }
}

impl Entropy for OsEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the source gave random bytes when it was opened, and does not run dry");
    }
}
