//! Public and secret keys.

use std::fmt;
use std::hash::{Hash, Hasher};

use curve25519_dalek::edwards::EdwardsPoint;
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use zeroize::Zeroizing;

use super::point::{self, PointError};
use super::{Entropy, Signature};

/// The `alg` number of Ed25519 in headers and key entries.
pub const ALG_ED25519: u16 = 1;

/// An Ed25519 public key that passed every check on keys; the decoded point is kept with it.
///
/// Its bytes are canonical and lie on the curve; the point is of the large prime order.
#[derive(Clone)]
pub struct PublicKey {
    bytes: [u8; 32],
    point: EdwardsPoint,
}

/// Why bytes are refused as a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 bytes.
    #[error("public key is {length} bytes long, expected 32")]
    WrongLength {
        /// Bytes given.
        length: usize,
    },
    /// A second spelling of a point (y at or above p, or a sign on x = 0).
    #[error("public key is not in canonical form")]
    NonCanonical,
    /// No point of the curve has this y.
    #[error("public key is not a point of the curve")]
    NotOnCurve,
    /// A point of order 1, 2, 4 or 8, under which signatures mean nothing.
    #[error("public key is a point of small order")]
    SmallOrder,
    /// A point with a part of small order, which verifiers judge differently.
    #[error("public key is a point of mixed order")]
    MixedOrder,
}

impl KeyError {
    /// Says what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::WrongLength { .. } => {
                "give the 32 bytes of an Ed25519 public key, nothing around them".into()
            }
            Self::NonCanonical | Self::NotOnCurve => {
                "the key was damaged on the way, or is of another kind: ask its owner for it again".into()
            }
            Self::SmallOrder | Self::MixedOrder => {
                "no honest program makes such a key: do not rely on its signatures".into()
            }
        })
    }
}

impl PublicKey {
    /// Checks and decodes a public key.
    ///
    /// # Errors
    /// The first of these that applies: `NonCanonical`, `NotOnCurve`, `SmallOrder`, `MixedOrder`.
    ///
    /// Source: RFC 8032 §5.1.3, docs/formats/record.md, "Signatures".
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let point = point::decode(bytes).map_err(|error| match error {
            PointError::NonCanonical => KeyError::NonCanonical,
            PointError::NotOnCurve => KeyError::NotOnCurve,
        })?;
        if point.is_small_order() {
            return Err(KeyError::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(KeyError::MixedOrder);
        }
        Ok(Self { bytes: *bytes, point })
    }

    /// Checks and decodes a public key of unchecked length.
    ///
    /// # Errors
    /// `KeyError::WrongLength`, else as [`PublicKey::from_bytes`].
    pub fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        let fixed = bytes.try_into().map_err(|_| KeyError::WrongLength { length: bytes.len() })?;
        Self::from_bytes(fixed)
    }

    /// Returns the 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.bytes
    }

    /// Returns the 32 bytes without a copy.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Returns the decoded point.
    pub(super) fn point(&self) -> &EdwardsPoint {
        &self.point
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", HEXLOWER.encode(&self.bytes[..8]))
    }
}

/// An Ed25519 secret key with its public key. Wiped from memory when dropped, never printed.
pub struct SecretKey {
    signing: SigningKey,
    public: PublicKey,
}

impl SecretKey {
    /// Makes a new key from 32 bytes of `entropy`.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(seed.as_mut());
        Self::from_seed(&seed)
    }

    /// Returns the key of a 32-byte seed, which is the private key of RFC 8032.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(seed);
        let public = PublicKey::from_bytes(&signing.verifying_key().to_bytes())
            .expect("a multiple of the base point by a clamped scalar is of prime order");
        Self { signing, public }
    }

    /// Returns the public key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs `message`. The same key and message always give the same signature.
    ///
    /// Source: RFC 8032 §5.1.6.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.signing.sign(message).to_bytes())
    }

    /// Returns the seed, for writing a key file.
    pub(super) fn seed(&self) -> &[u8; 32] {
        self.signing.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    /// Writes the public key alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {:?})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SeededEntropy;
    use super::*;

    #[test]
    fn public_key_reads_back_from_its_bytes() {
        let key = SecretKey::generate(&mut SeededEntropy::new(b"key"));
        assert_eq!(PublicKey::from_bytes(&key.public().to_bytes()).as_ref(), Ok(key.public()));
    }

    #[test]
    fn wrong_length_is_named() {
        assert_eq!(PublicKey::from_slice(&[0; 31]), Err(KeyError::WrongLength { length: 31 }));
        assert_eq!(PublicKey::from_slice(&[0; 33]), Err(KeyError::WrongLength { length: 33 }));
    }

    #[test]
    fn debug_text_of_a_secret_key_holds_no_secret() {
        let seed = [7; 32];
        let text = format!("{:?}", SecretKey::from_seed(&seed));
        assert!(!text.contains(&HEXLOWER.encode(&seed[..4])));
        assert!(text.starts_with("SecretKey(of PublicKey("));
    }
}
