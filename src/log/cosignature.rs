//! Cosignatures: a witness says that it saw a checkpoint at a time, and that it goes on from what it saw before.
//!
//! Whether it does go on is looked at in [`super::witness`] before this is called.
//! Source: C2SP tlog-cosignature (the Ed25519 form). Spec: docs/formats/log.md, "Cosignatures".

use super::checkpoint::Checkpoint;
use super::note::{NoteSignature, SignatureFault};
use super::range::MAX_SIZE;
use super::vkey::{KeyUse, NameError, VerifierKey};
use crate::sign::{PublicKey, SecretKey, Signature, cosignature_message, verify};

/// The latest time of a cosignature: a number that every reader can hold.
pub const TIME_MAX: u64 = MAX_SIZE;

/// Why a cosignature is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignError {
    /// The witness has a name that cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The time is out of range.
    #[error("the time {0} is out of range")]
    Time(u64),
}

/// Returns the signature line of the witness `name` under a checkpoint.
///
/// `time` is in seconds since 1970.
///
/// # Errors
/// [`CosignError`] for a name or time that no cosignature has.
pub fn cosign(
    checkpoint: &Checkpoint,
    time: u64,
    name: &str,
    secret: &SecretKey,
) -> Result<NoteSignature, CosignError> {
    let key = VerifierKey::new(name, KeyUse::Cosignature, secret.public().clone())?;
    if time > TIME_MAX {
        return Err(CosignError::Time(time));
    }
    let signature = secret.sign(&cosignature_message(time, &checkpoint.to_string()));
    Ok(NoteSignature::of(&key, [&time.to_be_bytes()[..], &signature.0].concat()))
}

/// Checks a time and a signature over it and a text, and returns the time.
pub(super) fn check(key: &PublicKey, text: &str, bytes: &[u8]) -> Result<u64, SignatureFault> {
    let wrong_length = SignatureFault::CosignatureLength(bytes.len());
    let (time, signature) = bytes.split_first_chunk().ok_or(wrong_length)?;
    let signature = Signature::from_slice(signature).map_err(|_| wrong_length)?;
    let time = u64::from_be_bytes(*time);
    if time > TIME_MAX {
        return Err(SignatureFault::Time(time));
    }
    verify(key, &cosignature_message(time, text), &signature)?;
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::super::note::{Note, NoteSignatureError};
    use super::*;
    use crate::hash::Hash;
    use crate::sign::SignatureError;

    const TIME: u64 = 1_679_315_147;

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint::new("example.com/log", size, Hash([5; 32])).unwrap()
    }

    fn witness(used: KeyUse) -> VerifierKey {
        VerifierKey::new("witness.example", used, secret().public().clone()).unwrap()
    }

    fn secret() -> SecretKey {
        SecretKey::from_seed(&[9; 32])
    }

    fn note(line: NoteSignature) -> Note {
        Note::new(checkpoint(7).to_string(), line).unwrap()
    }

    fn fault(note: &Note) -> SignatureFault {
        match note.verify([&witness(KeyUse::Cosignature)]) {
            Err(NoteSignatureError::Wrong { why, .. }) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_witness_says_when_it_saw_the_checkpoint() {
        let note = note(cosign(&checkpoint(7), TIME, "witness.example", &secret()).unwrap());
        let key = witness(KeyUse::Cosignature);
        assert_eq!(note.verify([&key]).unwrap()[0].time, Some(TIME));
        // The same key for notes has another id, so the line is not by it.
        assert_eq!(note.verify([&witness(KeyUse::Note)]), Err(NoteSignatureError::NoKnownKey));
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!(read.signatures()[0].bytes()[..8], TIME.to_be_bytes());
    }

    #[test]
    fn another_time_or_checkpoint_is_not_cosigned() {
        let line = cosign(&checkpoint(7), TIME, "witness.example", &secret()).unwrap();
        for at in 0..72 {
            let mut bytes = line.bytes().to_vec();
            bytes[at] ^= 1;
            fault(&note(NoteSignature::of(&witness(KeyUse::Cosignature), bytes)));
        }
        let mismatch = SignatureFault::Signature(SignatureError::Mismatch);
        let other = cosign(&checkpoint(8), TIME, "witness.example", &secret()).unwrap();
        assert_eq!(fault(&note(other)), mismatch);
        // A plain signature with a time put before it.
        let plain = secret().sign(checkpoint(7).to_string().as_bytes());
        let bytes = [&TIME.to_be_bytes()[..], &plain.0].concat();
        assert_eq!(fault(&note(NoteSignature::of(&witness(KeyUse::Cosignature), bytes))), mismatch);
    }

    #[test]
    fn length_and_time_are_bounded() {
        let bytes = |bytes| note(NoteSignature::of(&witness(KeyUse::Cosignature), bytes));
        for length in [1, 7, 8, 64, 71, 73] {
            assert_eq!(fault(&bytes(vec![0; length])), SignatureFault::CosignatureLength(length));
        }
        let late = TIME_MAX + 1;
        let signed = secret().sign(&cosignature_message(late, &checkpoint(7).to_string()));
        let line = [&late.to_be_bytes()[..], &signed.0].concat();
        assert_eq!(fault(&bytes(line)), SignatureFault::Time(late));
        assert_eq!(cosign(&checkpoint(7), late, "w", &secret()), Err(CosignError::Time(late)));
        assert!(cosign(&checkpoint(7), TIME_MAX, "w", &secret()).is_ok());
        assert_eq!(cosign(&checkpoint(7), 1, "w w", &secret()), Err(CosignError::Name(NameError)));
    }

    #[test]
    fn of_two_lines_of_one_witness_the_later_time_counts_once() {
        let line = |time| cosign(&checkpoint(7), time, "witness.example", &secret()).unwrap();
        for times in [[TIME, TIME + 5], [TIME + 5, TIME]] {
            let note = note(line(times[0])).with(line(times[1])).unwrap();
            let key = witness(KeyUse::Cosignature);
            let signed = note.verify([&key]).unwrap();
            assert_eq!((signed.len(), signed[0].time), (1, Some(TIME + 5)));
        }
    }
}
