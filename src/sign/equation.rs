//! The one equation that decides a signature: `[8]([S]B - [k]A - R) = 0`.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;

use super::point::{self, PointError};
use super::{PublicKey, Signature, SignatureError};
use crate::hash::sha512;

/// A well-formed signature ready for the equation; whether it holds is still open.
#[derive(Clone)]
pub(super) struct Claim {
    /// SHA-512(R ‖ A ‖ message) modulo the group order.
    pub k: Scalar,
    /// The second half of the signature, below the group order.
    pub s: Scalar,
    /// The first half of the signature, decoded.
    pub r: EdwardsPoint,
}

impl Claim {
    /// Decodes `signature` for `message` under `key`.
    ///
    /// # Errors
    /// `ScalarOutOfRange`, `NonCanonicalR` or `UndecodableR`, in this order.
    pub fn read(key: &PublicKey, message: &[u8], signature: &Signature) -> Result<Self, SignatureError> {
        let s = Option::from(Scalar::from_canonical_bytes(*signature.s()))
            .ok_or(SignatureError::ScalarOutOfRange)?;
        let r = point::decode(signature.r()).map_err(|error| match error {
            PointError::NonCanonical => SignatureError::NonCanonicalR,
            PointError::NotOnCurve => SignatureError::UndecodableR,
        })?;
        let k = Scalar::from_bytes_mod_order_wide(&sha512(&[signature.r(), key.as_bytes(), message]));
        Ok(Self { k, s, r })
    }

    /// Whether the equation holds under `key`.
    pub fn holds(&self, key: &PublicKey) -> bool {
        let sum = EdwardsPoint::vartime_double_scalar_mul_basepoint(&-self.k, key.point(), &self.s);
        vanishes(&(sum - self.r))
    }
}

/// Whether eight times `point` is nothing. A part of small order, which only R can bring in, drops out here.
pub(super) fn vanishes(point: &EdwardsPoint) -> bool {
    point.mul_by_cofactor().is_identity()
}
