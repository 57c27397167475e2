//! A party's chain while it is being written.

use crate::entry::Resolved;
use crate::hash::{PartyId, RecordId, sha256};
use crate::model::profile::Profile;
use crate::model::time::Timestamp;
use crate::record::{self, HEADER_LEN, Position, Sealed};
use crate::sign::{self, SecretKey, SeededEntropy};

/// A chain being written.
pub(super) struct Chain {
    pub(super) party: PartyId,
    pub(super) signer: SecretKey,
    pub(super) entropy: SeededEntropy,
    pub(super) profile: Profile,
    pub(super) next: u64,
    pub(super) first: RecordId,
    pub(super) prev: RecordId,
    pub(super) control: RecordId,
}

impl Chain {
    /// Seals an event at a position of this chain.
    ///
    /// # Errors
    /// As sealing.
    pub(super) fn seal(
        &mut self,
        position: Position,
        resolved: &Resolved,
        at: Timestamp,
    ) -> Result<Sealed, record::SealError> {
        let profile = self.profile;
        let private = |path: &str| resolved.privacy.is_private(profile, path);
        record::seal(position, resolved.event.clone(), at, &private, &self.signer, &mut self.entropy)
    }

    /// Puts another number into the header and signs it as an author would whose program knows that number.
    pub(super) fn sign_anew(&self, bytes: &mut [u8], offset: usize, number: u16) {
        bytes[offset..offset + 2].copy_from_slice(&number.to_be_bytes());
        let id = RecordId(sha256(&[&bytes[..HEADER_LEN]]));
        let signature = self.signer.sign(&sign::record_message(&id));
        bytes[HEADER_LEN..HEADER_LEN + 64].copy_from_slice(&signature.0);
    }
}
