//! Checkpoints that a record says its author has seen: a note without its text, which is rebuilt from five fields.
//!
//! Spec: docs/formats/record.md, "`seen`".

use super::checkpoint::{Checkpoint, CheckpointError, LogId};
use super::note::{Note, NoteSignature, SignatureFault};
use crate::model::event::SeenCheckpoint;
use crate::sign::{KeyError, PublicKey, Signature, note_message, verify};

/// Why a checkpoint that was seen is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeenError {
    /// Size or root are those of no log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The key is none that may be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The note is not that of a party's log, or has no signature of this key.
    #[error("this is no checkpoint of a party's log that this key signed")]
    NotSigned,
}

/// Returns the note that was seen, its signature checked. Whether the key is the party's log key is not known here.
///
/// # Errors
/// [`SeenError`] for the first thing that is wrong.
pub fn note(seen: &SeenCheckpoint) -> Result<Note, SeenError> {
    let log = LogId { party: seen.party, epoch: seen.epoch };
    let text = Checkpoint::of(log, seen.size, seen.root)?.to_string();
    let key = PublicKey::from_bytes(&seen.key)?;
    let message = note_message(&text).map_err(SignatureFault::from)?;
    verify(&key, message, &Signature(seen.signature)).map_err(SignatureFault::from)?;
    let line = NoteSignature::of(&log.verifier_key(&key), seen.signature.to_vec());
    Ok(Note::new(text, line).map_err(CheckpointError::from)?)
}

/// Returns what a record says of a note that its author saw, signed by this key of the log.
///
/// # Errors
/// [`SeenError`] where the note is no checkpoint of a party's log that the key signed.
pub fn of(note: &Note, key: &PublicKey) -> Result<SeenCheckpoint, SeenError> {
    let checkpoint = Checkpoint::parse(note.text())?;
    let log = checkpoint.log().map_err(|_| SeenError::NotSigned)?;
    let verifier = log.verifier_key(key);
    let line = note.signatures().iter().find(|line| line.is_by(&verifier)).ok_or(SeenError::NotSigned)?;
    let signature = Signature::from_slice(line.bytes()).map_err(SignatureFault::from)?;
    let seen = SeenCheckpoint {
        party: log.party,
        epoch: log.epoch,
        size: checkpoint.size(),
        root: *checkpoint.root(),
        key: key.to_bytes(),
        signature: signature.0,
    };
    // Where the signature does not hold, nothing was seen.
    self::note(&seen)?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{Hash, PartyId};
    use crate::sign::SecretKey;

    fn secret() -> SecretKey {
        SecretKey::from_seed(&[4; 32])
    }

    fn signed() -> Note {
        let log = LogId { party: PartyId::from_bytes([1; 32]), epoch: 2 };
        Checkpoint::of(log, 5, Hash([3; 32])).unwrap().sign(&secret()).unwrap()
    }

    #[test]
    fn a_note_is_rebuilt_from_what_a_record_says_of_it() {
        let seen = of(&signed(), secret().public()).unwrap();
        assert_eq!((seen.size, seen.epoch, seen.root), (5, 2, Hash([3; 32])));
        assert_eq!(note(&seen), Ok(signed()));
    }

    #[test]
    fn each_field_is_signed() {
        let seen = of(&signed(), secret().public()).unwrap();
        let other = SecretKey::from_seed(&[5; 32]);
        let mut signature = seen.signature;
        signature[40] ^= 1;
        for changed in [
            SeenCheckpoint { party: PartyId::ZERO, ..seen.clone() },
            SeenCheckpoint { epoch: 3, ..seen.clone() },
            SeenCheckpoint { size: 6, ..seen.clone() },
            SeenCheckpoint { size: 0, ..seen.clone() },
            SeenCheckpoint { size: u64::MAX, ..seen.clone() },
            SeenCheckpoint { root: Hash::ZERO, ..seen.clone() },
            SeenCheckpoint { key: other.public().to_bytes(), ..seen.clone() },
            SeenCheckpoint { key: [0xff; 32], ..seen.clone() },
            SeenCheckpoint { signature, ..seen },
        ] {
            assert!(note(&changed).is_err(), "{changed:?}");
        }
    }

    #[test]
    fn a_note_by_another_key_or_of_another_kind_was_not_seen() {
        let other = SecretKey::from_seed(&[5; 32]);
        assert_eq!(of(&signed(), other.public()), Err(SeenError::NotSigned));
        let text = format!("{}more\n", signed().text());
        let log = LogId { party: PartyId::from_bytes([1; 32]), epoch: 2 };
        let line = NoteSignature::sign(&text, &log.verifier_key(secret().public()), &secret()).unwrap();
        assert_eq!(of(&Note::new(text, line).unwrap(), secret().public()), Err(SeenError::NotSigned));
    }
}
