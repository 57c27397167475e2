//! The stricter check for signatures made elsewhere: a hardware token, a signing service.

use ed25519_dalek::VerifyingKey;

use super::{PublicKey, Signature, SignatureError, Verified, verify};

/// Checks a signature by the equation without the cofactor, as well as by [`verify()`].
///
/// Use it on what an external signer hands back, before it is stored, and on nothing else: readers decide by
/// [`verify()`]. A signer that passes here is accepted by every other Ed25519 verifier too.
///
/// # Errors
/// Those of [`verify()`], and `NotStrict` for a signature that passes there and fails here.
pub fn verify_strict(
    key: &PublicKey,
    message: &[u8],
    signature: &Signature,
) -> Result<Verified, SignatureError> {
    let verified = verify(key, message, signature)?;
    VerifyingKey::from(*key.point())
        .verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0))
        .map_err(|_| SignatureError::NotStrict)?;
    Ok(verified)
}
