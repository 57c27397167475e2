//! Signatures, why one is refused, and the proof that one was checked.

use std::fmt;

use data_encoding::HEXLOWER;

use super::PublicKey;
use crate::hash::sha512;

/// The 64 bytes of an Ed25519 signature: R, then S. Nothing about them has been checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    /// Reads a signature of unchecked length.
    ///
    /// # Errors
    /// `SignatureError::WrongLength` for anything but 64 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SignatureError> {
        let fixed = bytes.try_into().map_err(|_| SignatureError::WrongLength { length: bytes.len() })?;
        Ok(Self(fixed))
    }

    /// Returns the 64 bytes.
    pub fn to_bytes(&self) -> [u8; 64] {
        self.0
    }

    /// The first half: the encoded point R.
    pub(super) fn r(&self) -> &[u8; 32] {
        self.0.first_chunk().expect("64 bytes hold 32")
    }

    /// The second half: the scalar S.
    pub(super) fn s(&self) -> &[u8; 32] {
        self.0.last_chunk().expect("64 bytes hold 32")
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", HEXLOWER.encode(&self.0[..8]))
    }
}

/// Why a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 64 bytes.
    #[error("signature is {length} bytes long, expected 64")]
    WrongLength {
        /// Bytes given.
        length: usize,
    },
    /// S is not below the group order L, so the same signature could be written in several ways.
    #[error("second half of the signature is out of range")]
    ScalarOutOfRange,
    /// R is a second spelling of a point.
    #[error("first half of the signature is not in canonical form")]
    NonCanonicalR,
    /// R is no point of the curve.
    #[error("first half of the signature is not a point of the curve")]
    UndecodableR,
    /// The equation does not hold: other message, other key, or damaged bytes.
    #[error("signature does not match the message and key")]
    Mismatch,
    /// Refused by the stricter check for external signers alone.
    #[error("signature is valid only by the lenient rule, and an external signer has to meet the strict one")]
    NotStrict,
}

impl SignatureError {
    /// Says what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::WrongLength { .. } => "the signature was cut or padded: ask its sender for it again".into(),
            Self::ScalarOutOfRange | Self::NonCanonicalR | Self::UndecodableR => {
                "the signature was damaged or altered: ask its sender for the record again".into()
            }
            Self::Mismatch => {
                "the record was changed after signing, or another key signed it: ask its sender for it again"
                    .into()
            }
            Self::NotStrict => "sign again, and check the signing program or device if it stays so".into(),
        })
    }
}

/// Messages up to this many bytes are kept whole in a [`Verified`], longer ones as their hash.
const KEPT: usize = 64;

/// Proof that a signature over exactly these bytes was checked under this key.
///
/// Only the checks of this room make one.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    key: [u8; 32],
    length: usize,
    /// The message padded with zeros, or the SHA-512 of one longer than that.
    message: [u8; KEPT],
}

impl Verified {
    /// Whether this is the proof for `message` under `key`.
    pub fn covers(&self, key: &PublicKey, message: &[u8]) -> bool {
        *self == Self::of(key, message)
    }

    /// Makes the proof. Call it only for a checked signature, or keep it back until it is checked.
    pub(super) fn of(key: &PublicKey, message: &[u8]) -> Self {
        let kept = match message.len() {
            length @ ..=KEPT => {
                let mut padded = [0; KEPT];
                padded[..length].copy_from_slice(message);
                padded
            }
            _ => sha512(&[message]),
        };
        Self { key: key.to_bytes(), length: message.len(), message: kept }
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({} bytes under {})", self.length, HEXLOWER.encode(&self.key[..8]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SecretKey, verify};
    use super::*;

    #[test]
    fn proof_covers_its_own_message_and_key_alone() {
        let (key, other) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
        for length in [0, 1, 47, KEPT - 1, KEPT, KEPT + 1, 500] {
            let message = vec![0; length];
            let proof = verify(key.public(), &message, &key.sign(&message)).unwrap();
            assert!(proof.covers(key.public(), &message));
            assert!(!proof.covers(other.public(), &message));
            // Padding is zeros too: only the kept length tells these two apart.
            assert!(!proof.covers(key.public(), &vec![0; length + 1]));
            if length > 0 {
                let mut changed = message.clone();
                changed[length - 1] = 1;
                assert!(!proof.covers(key.public(), &changed));
            }
        }
    }

    #[test]
    fn hash_of_a_long_message_is_not_taken_for_the_message() {
        let key = SecretKey::from_seed(&[1; 32]);
        let long = [9; 65];
        let proof = verify(key.public(), &long, &key.sign(&long)).unwrap();
        assert!(!proof.covers(key.public(), &sha512(&[&long])));
    }

    #[test]
    fn signature_of_wrong_length_is_named() {
        assert_eq!(Signature::from_slice(&[0; 63]), Err(SignatureError::WrongLength { length: 63 }));
        assert_eq!(Signature::from_slice(&[0; 65]), Err(SignatureError::WrongLength { length: 65 }));
    }
}
