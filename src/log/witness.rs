//! What a witness looks at before it cosigns: that a log goes on from the last checkpoint of it that it cosigned.
//!
//! A witness keeps one checkpoint for each origin, and replaces it before it hands out the cosignature. Keeping it is the
//! caller's work. Source: C2SP tlog-witness. Spec: docs/formats/log.md, "Witnesses".

use std::fmt;

use super::checkpoint::Checkpoint;
use super::consistency::{ConsistencyError, check_consistency};
use super::lines;
use super::note::{NOTE_MAX, Note, NoteError};
use super::proof::PATH_MAX;
use crate::hash::{Hash, sha256};

/// The longest request, in bytes: the longest note, and room for sizes and hashes.
pub const REQUEST_MAX: usize = NOTE_MAX + 4096;

/// What a log hands to a witness: the size that the witness saw last, the proof from there, and the new checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Size of the checkpoint that the witness cosigned last, 0 for none.
    pub old_size: u64,
    /// Consistency proof from that size.
    pub proof: Vec<Hash>,
    /// The new checkpoint, nothing of which is checked.
    pub note: Note,
}

/// Why a text is no request to a witness.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is longer than [`REQUEST_MAX`].
    #[error("{0} bytes, where a request has at most 528384")]
    TooLong(usize),
    /// The first line is not the old size.
    #[error("the first line is not `old` and a size")]
    OldSize,
    /// A line of the proof is no hash.
    #[error("line {0} of the proof is not 32 bytes in Base64")]
    BadHash(usize),
    /// The proof is longer than any.
    #[error("the proof has more than 63 hashes")]
    ProofTooLong,
    /// No empty line ends the proof.
    #[error("the request ends before its checkpoint")]
    NoNote,
    /// What follows is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    /// It is another log.
    #[error("the checkpoint is of the log `{next}`, and the last one was of `{last}`")]
    OtherLog {
        /// Origin of the last.
        last: String,
        /// Origin of the new one.
        next: String,
    },
    /// The proof is from another size than the last that was seen. The log makes it again.
    #[error("the proof is from size {given}, and the last checkpoint cosigned here has {last}")]
    OtherSize {
        /// The size that is right.
        last: u64,
        /// The size given.
        given: u64,
    },
    /// The log is shorter than it was. Two signed checkpoints that are both sound may come in the wrong order.
    #[error("the log had {last} leaves when it was cosigned here, and now has {next}")]
    Smaller {
        /// Leaves of the last.
        last: u64,
        /// Leaves of the new one.
        next: u64,
    },
    /// One size, two roots: the two notes together are proof of a fork.
    #[error("the log had another root at {size} leaves when it was cosigned here")]
    Fork {
        /// Leaves of both.
        size: u64,
    },
    /// The proof does not join them. That alone shows nothing: the proof may be wrong, and the log right.
    #[error(transparent)]
    NotJoined(#[from] ConsistencyError),
}

/// Checks that a log goes on from the last checkpoint of it that was cosigned here, `None` for none.
///
/// The signature of the log on `next` has to be checked before.
///
/// # Errors
/// [`WitnessRefusal`] for the first thing that is wrong.
pub fn check_growth(
    last: Option<&Checkpoint>,
    old_size: u64,
    proof: &[Hash],
    next: &Checkpoint,
) -> Result<(), WitnessRefusal> {
    let (size, root) = last.map_or((0, sha256(&[])), |last| (last.size(), *last.root()));
    if let Some(last) = last.filter(|last| last.origin() != next.origin()) {
        let (last, next) = (last.origin().to_owned(), next.origin().to_owned());
        return Err(WitnessRefusal::OtherLog { last, next });
    }
    if size == next.size() && root != *next.root() {
        return Err(WitnessRefusal::Fork { size });
    }
    if size > next.size() {
        return Err(WitnessRefusal::Smaller { last: size, next: next.size() });
    }
    if old_size != size {
        return Err(WitnessRefusal::OtherSize { last: size, given: old_size });
    }
    Ok(check_consistency(size, next.size(), &root, next.root(), proof)?)
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// [`RequestError`] for the first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > REQUEST_MAX {
            return Err(RequestError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        let (top, note) = text.split_once("\n\n").ok_or(RequestError::NoNote)?;
        let mut top = top.split('\n');
        let old_size = top.next().and_then(|line| line.strip_prefix("old ")).and_then(lines::number);
        let old_size = old_size.ok_or(RequestError::OldSize)?;
        let mut proof = Vec::new();
        for (number, line) in (1..).zip(top) {
            if number > PATH_MAX {
                return Err(RequestError::ProofTooLong);
            }
            proof.push(lines::hash(line).ok_or(RequestError::BadHash(number))?);
        }
        Ok(Self { old_size, proof, note: Note::parse(note.as_bytes())? })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", lines::base64(&hash.0)))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checkpoint::LogId;
    use super::super::tree::Tree;
    use super::super::tree::tests::leaves;
    use super::*;
    use crate::hash::PartyId;
    use crate::sign::SecretKey;

    fn log(epoch: u16) -> LogId {
        LogId { party: PartyId::from_bytes([1; 32]), epoch }
    }

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint::of(log(0), size, Tree::new(leaves(size)).root()).unwrap()
    }

    fn proof(old: u64, new: u64) -> Vec<Hash> {
        Tree::new(leaves(new)).consistency(old).unwrap()
    }

    fn request() -> Request {
        let note = checkpoint(9).sign(&SecretKey::from_seed(&[1; 32])).unwrap();
        Request { old_size: 5, proof: proof(5, 9), note }
    }

    #[test]
    fn a_log_that_goes_on_is_cosigned_the_first_time_and_every_time() {
        assert_eq!(check_growth(None, 0, &[], &checkpoint(5)), Ok(()));
        for (old, new) in [(0, 5), (5, 5), (5, 9), (8, 9)] {
            let good = check_growth(Some(&checkpoint(old)), old, &proof(old, new), &checkpoint(new));
            assert_eq!(good, Ok(()), "{old} {new}");
        }
    }

    #[test]
    fn a_log_that_does_not_go_on_is_refused_for_what_it_is() {
        let five = checkpoint(5);
        let refusal =
            |old, proof: &[Hash], next: &Checkpoint| check_growth(Some(&five), old, proof, next).unwrap_err();
        let other = Checkpoint::of(log(1), 9, *checkpoint(9).root()).unwrap();
        assert!(matches!(refusal(5, &proof(5, 9), &other), WitnessRefusal::OtherLog { .. }));
        let fork = Checkpoint::of(log(0), 5, Hash([9; 32])).unwrap();
        assert_eq!(refusal(5, &[], &fork), WitnessRefusal::Fork { size: 5 });
        let smaller = WitnessRefusal::Smaller { last: 5, next: 4 };
        assert_eq!(refusal(4, &[], &checkpoint(4)), smaller);
        let size = WitnessRefusal::OtherSize { last: 5, given: 4 };
        assert_eq!(refusal(4, &proof(4, 9), &checkpoint(9)), size);
        let size = WitnessRefusal::OtherSize { last: 5, given: 0 };
        assert_eq!(refusal(0, &[], &checkpoint(9)), size);
        let unjoined = Checkpoint::of(log(0), 9, Hash([9; 32])).unwrap();
        assert!(matches!(refusal(5, &proof(5, 9), &unjoined), WitnessRefusal::NotJoined(_)));
        let given = check_growth(None, 3, &proof(3, 5), &checkpoint(5));
        assert_eq!(given, Err(WitnessRefusal::OtherSize { last: 0, given: 3 }));
    }

    #[test]
    fn a_request_reads_back_and_what_is_wrong_with_one_is_told() {
        let good = request().to_string();
        assert!(good.starts_with("old 5\n"), "{good}");
        assert_eq!(Request::parse(good.as_bytes()), Ok(request()));
        let fault = |text: &str| Request::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), RequestError::NoNote);
        assert_eq!(fault("old 5\n\n"), RequestError::Note(NoteError::NoSignatures));
        assert_eq!(fault(&good.replace("old 5", "old 05")), RequestError::OldSize);
        assert_eq!(fault(&good.replace("old 5", "new 5")), RequestError::OldSize);
        assert_eq!(fault(&good.replace("old 5\n", "old 5\n!")), RequestError::BadHash(1));
        let hash = format!("{}\n", lines::base64(&[0; 32]));
        let more = |count: usize| good.replace("old 5\n", &format!("old 5\n{}", hash.repeat(count)));
        let room = PATH_MAX - request().proof.len();
        assert!(Request::parse(more(room).as_bytes()).is_ok());
        assert_eq!(fault(&more(room + 1)), RequestError::ProofTooLong);
        assert_eq!(fault(&" ".repeat(REQUEST_MAX + 1)), RequestError::TooLong(REQUEST_MAX + 1));
        assert!(RequestError::TooLong(0).to_string().contains(&REQUEST_MAX.to_string()));
    }

    proptest! {
        #[test]
        fn whatever_is_read_writes_itself_back(at in any::<prop::sample::Index>(), with in 1u8..) {
            let mut bytes = request().to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            if let Ok(read) = Request::parse(&bytes) {
                prop_assert_eq!(read.to_string().into_bytes(), bytes);
            }
        }
    }
}
