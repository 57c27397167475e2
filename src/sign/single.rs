//! One signature at a time.

use super::equation::Claim;
use super::{PublicKey, Signature, SignatureError, Verified};

/// Checks one signature by the cofactored equation, and gives the proof that it was checked.
///
/// `key` has been checked when it was made; R may be of small or mixed order. [`super::Batch`] gives the same
/// verdicts.
///
/// # Errors
/// `ScalarOutOfRange`, `NonCanonicalR` or `UndecodableR` for malformed bytes, `Mismatch` when the equation
/// does not hold.
///
/// Source: RFC 8032 §5.1.7 (the form with the cofactor), docs/formats/record.md, "Signatures".
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> Result<Verified, SignatureError> {
    if Claim::read(key, message, signature)?.holds(key) {
        Ok(Verified::of(key, message))
    } else {
        Err(SignatureError::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SecretKey;
    use super::*;

    #[test]
    fn every_flipped_bit_of_a_signature_is_refused() {
        let key = SecretKey::from_seed(&[3; 32]);
        let signature = key.sign(b"12.5 t");
        for bit in 0..512 {
            let mut flipped = signature;
            flipped.0[bit / 8] ^= 1 << (bit % 8);
            assert!(verify(key.public(), b"12.5 t", &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn another_message_or_key_is_a_mismatch() {
        let (key, other) = (SecretKey::from_seed(&[3; 32]), SecretKey::from_seed(&[4; 32]));
        let signature = key.sign(b"12.5 t");
        assert_eq!(verify(key.public(), b"12.6 t", &signature), Err(SignatureError::Mismatch));
        assert_eq!(verify(other.public(), b"12.5 t", &signature), Err(SignatureError::Mismatch));
    }
}
