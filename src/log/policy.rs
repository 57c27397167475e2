//! Whom a reader believes about a log: keys of logs, witnesses, and how many of them have to have seen a checkpoint.
//!
//! Spec: docs/formats/log.md, "Whom a reader believes".

use super::checkpoint::{Checkpoint, CheckpointError};
use super::note::{Note, NoteSignatureError};
use super::vkey::{KeyUse, VerifierKey};

/// Keys of logs and of witnesses, and the number of witnesses that it takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
    quorum: usize,
}

/// Why keys make no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A log's key is one for cosignatures, or a witness's is not.
    #[error("the key of `{0}` is for signatures of another kind")]
    OtherUse(String),
    /// One key stands there twice, so that one signer would count as two.
    #[error("the key of `{0}` stands there twice")]
    Twice(String),
    /// More witnesses are asked for than there are.
    #[error("{quorum} witnesses are asked for, and {known} are known")]
    Quorum {
        /// Asked for.
        quorum: usize,
        /// Known.
        known: usize,
    },
}

/// A checkpoint that a known log signed and enough known witnesses saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Witnesses that saw it, in the order of the note.
    pub witnesses: Vec<Cosigned>,
}

/// A witness, and when it says that it saw a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cosigned {
    /// Name of its key.
    pub name: String,
    /// In seconds since 1970.
    pub time: u64,
}

/// Why a note is no checkpoint that the reader believes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A known key signed something else, or two cannot be told apart.
    #[error(transparent)]
    Signature(#[from] NoteSignatureError),
    /// No known key of this log signed it.
    #[error("no known key of the log `{0}` signed it")]
    UnknownLog(String),
    /// Too few witnesses saw it.
    #[error("{seen} known witnesses saw it, and {quorum} have to have")]
    Quorum {
        /// How many did.
        seen: usize,
        /// How many it takes.
        quorum: usize,
    },
}

impl Policy {
    /// Returns the policy that believes logs by these keys where `quorum` of these witnesses saw their checkpoints.
    ///
    /// The name of a log's key is the origin of the log. A log may have several keys, and several logs one.
    ///
    /// # Errors
    /// [`PolicyError`] for the first thing that is wrong.
    pub fn new(
        logs: Vec<VerifierKey>,
        witnesses: Vec<VerifierKey>,
        quorum: usize,
    ) -> Result<Self, PolicyError> {
        let named = |key: &VerifierKey| key.name().to_owned();
        let of_use = |keys: &[VerifierKey], used| keys.iter().find(|key| key.used() != used).map(named);
        if let Some(name) = of_use(&logs, KeyUse::Note).or_else(|| of_use(&witnesses, KeyUse::Cosignature)) {
            return Err(PolicyError::OtherUse(name));
        }
        let again = |(at, key): (usize, &VerifierKey)| logs[..at].contains(key).then(|| named(key));
        let log = logs.iter().enumerate().find_map(again);
        let again = |(at, key): (usize, &VerifierKey)| {
            witnesses[..at].iter().any(|before| before.key() == key.key()).then(|| named(key))
        };
        if let Some(name) = log.or_else(|| witnesses.iter().enumerate().find_map(again)) {
            return Err(PolicyError::Twice(name));
        }
        if quorum > witnesses.len() {
            return Err(PolicyError::Quorum { quorum, known: witnesses.len() });
        }
        Ok(Self { logs, witnesses, quorum })
    }

    /// Returns the checkpoint of a note if a known key of its log signed it and enough witnesses saw it.
    ///
    /// A log is no witness of its own: a witness with the key of this log does not count.
    ///
    /// # Errors
    /// [`Refused`] for the first thing that is wrong.
    pub fn accept(&self, note: &Note) -> Result<Accepted, Refused> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let of_log: Vec<&VerifierKey> =
            self.logs.iter().filter(|key| key.name() == checkpoint.origin()).collect();
        let others: Vec<&VerifierKey> = self
            .witnesses
            .iter()
            .filter(|witness| !of_log.iter().any(|log| log.key() == witness.key()))
            .collect();
        let unknown = || Refused::UnknownLog(checkpoint.origin().to_owned());
        let signed = match note.verify(of_log.iter().chain(&others).copied()) {
            Err(NoteSignatureError::NoKnownKey) => return Err(unknown()),
            signed => signed?,
        };
        if signed.iter().all(|signed| signed.key.used() != KeyUse::Note) {
            return Err(unknown());
        }
        let witness = |signed: &super::note::Signed<'_>| {
            Some(Cosigned { name: signed.key.name().to_owned(), time: signed.time? })
        };
        let witnesses: Vec<Cosigned> = signed.iter().filter_map(witness).collect();
        if witnesses.len() < self.quorum {
            return Err(Refused::Quorum { seen: witnesses.len(), quorum: self.quorum });
        }
        Ok(Accepted { checkpoint, witnesses })
    }
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::LogId;
    use super::super::cosignature::cosign;
    use super::*;
    use crate::hash::{Hash, PartyId};
    use crate::sign::SecretKey;

    fn secret(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn log(epoch: u16) -> LogId {
        LogId { party: PartyId::from_bytes([1; 32]), epoch }
    }

    fn log_key(epoch: u16, seed: u8) -> VerifierKey {
        log(epoch).verifier_key(secret(seed).public())
    }

    fn witness(seed: u8) -> VerifierKey {
        VerifierKey::new(&format!("w{seed}"), KeyUse::Cosignature, secret(seed).public().clone()).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint::of(log(0), 5, Hash([3; 32])).unwrap()
    }

    /// The checkpoint signed with key 1, and cosigned by witnesses.
    fn note(witnesses: &[u8]) -> Note {
        let note = checkpoint().sign(&secret(1)).unwrap();
        witnesses.iter().fold(note, |note, seed| {
            note.with(cosign(&checkpoint(), 50, &format!("w{seed}"), &secret(*seed)).unwrap()).unwrap()
        })
    }

    fn policy(quorum: usize) -> Policy {
        Policy::new(vec![log_key(0, 1)], vec![witness(11), witness(12), witness(13)], quorum).unwrap()
    }

    #[test]
    fn just_enough_witnesses_are_enough() {
        let accepted = policy(2).accept(&note(&[13, 99, 11])).unwrap();
        let expect = [("w13", 50), ("w11", 50)].map(|(name, time)| Cosigned { name: name.into(), time });
        assert_eq!(accepted, Accepted { checkpoint: checkpoint(), witnesses: expect.to_vec() });
        let few = Refused::Quorum { seen: 2, quorum: 3 };
        assert_eq!(policy(3).accept(&note(&[13, 99, 11])), Err(few));
        assert!(policy(0).accept(&note(&[])).is_ok());
    }

    #[test]
    fn witnesses_without_the_log_and_the_log_of_another_epoch_are_not_believed() {
        let unknown = Refused::UnknownLog(log(0).to_string());
        let other = |logs| Policy::new(logs, vec![witness(11)], 1).unwrap();
        assert_eq!(other(vec![log_key(0, 2)]).accept(&note(&[11])), Err(unknown.clone()));
        assert_eq!(other(vec![log_key(1, 1)]).accept(&note(&[11])), Err(unknown.clone()));
        assert_eq!(other(vec![log_key(1, 1)]).accept(&note(&[])), Err(unknown));
        // Two keys of one log, and one key of two.
        assert!(other(vec![log_key(0, 2), log_key(1, 1), log_key(0, 1)]).accept(&note(&[11])).is_ok());
    }

    #[test]
    fn a_log_is_no_witness_of_its_own() {
        let policy = Policy::new(vec![log_key(0, 1)], vec![witness(1), witness(11)], 1).unwrap();
        let few = Refused::Quorum { seen: 0, quorum: 1 };
        assert_eq!(policy.accept(&note(&[1])), Err(few));
        assert!(policy.accept(&note(&[1, 11])).is_ok());
    }

    #[test]
    fn a_damaged_cosignature_of_a_known_witness_refuses_the_checkpoint() {
        let line =
            cosign(&Checkpoint::of(log(0), 6, Hash([3; 32])).unwrap(), 50, "w12", &secret(12)).unwrap();
        let damaged = note(&[11]).with(line).unwrap();
        assert!(matches!(
            policy(1).accept(&damaged),
            Err(Refused::Signature(NoteSignatureError::Wrong { .. }))
        ));
    }

    #[test]
    fn keys_that_would_count_twice_or_say_something_else_make_no_policy() {
        let make = |logs, witnesses, quorum| Policy::new(logs, witnesses, quorum).unwrap_err();
        let renamed = VerifierKey::new("w11b", KeyUse::Cosignature, secret(11).public().clone()).unwrap();
        assert_eq!(make(vec![], vec![witness(11), renamed], 1), PolicyError::Twice("w11b".into()));
        let origin = log(0).to_string();
        assert_eq!(make(vec![log_key(0, 1), log_key(0, 1)], vec![], 0), PolicyError::Twice(origin.clone()));
        assert_eq!(make(vec![witness(11)], vec![], 0), PolicyError::OtherUse("w11".into()));
        assert_eq!(make(vec![], vec![log_key(0, 1)], 0), PolicyError::OtherUse(origin));
        assert_eq!(make(vec![], vec![witness(11)], 2), PolicyError::Quorum { quorum: 2, known: 1 });
    }
}
