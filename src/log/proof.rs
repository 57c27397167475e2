//! A proof that an entry stands in a log: its index, its path and the checkpoint, in one text.
//!
//! Source: C2SP tlog-proof. Spec: docs/formats/log.md, "Proofs of inclusion".

use std::fmt;

use super::lines;
use super::note::{NOTE_MAX, Note, NoteError};
use super::policy::{Accepted, Policy, Refused};
use super::tree::{PathError, check_inclusion};
use crate::hash::Hash;

/// The first line.
const HEAD: &str = "c2sp.org/tlog-proof@v1";
/// The most hashes of a path: that of a log of the greatest size.
pub const PATH_MAX: usize = 63;
/// The most bytes of extra data.
pub const EXTRA_MAX: usize = 64 << 10;
/// The longest proof, in bytes: the longest note, extra data in Base64, and room for index and path.
pub const PROOF_MAX: usize = NOTE_MAX + EXTRA_MAX / 3 * 4 + 4096;

/// A proof of inclusion as it is handed over. Nothing of it is checked before [`LogProof::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogProof {
    extra: Vec<u8>,
    index: u64,
    path: Vec<Hash>,
    note: Note,
}

/// Why a text is no proof of inclusion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    /// It is longer than [`PROOF_MAX`].
    #[error("{0} bytes, where a proof has at most 615764")]
    TooLong(usize),
    /// It does not begin like one.
    #[error("this is no proof of inclusion: its first line is not `c2sp.org/tlog-proof@v1`")]
    Head,
    /// The extra data is empty, too long, or not in Base64.
    #[error("the extra data is not 1 to 65536 bytes in Base64")]
    Extra,
    /// There is no line with the index.
    #[error("the line `index` with a number is missing")]
    Index,
    /// A line of the path is no hash.
    #[error("line {0} of the path is not 32 bytes in Base64")]
    BadHash(usize),
    /// The path is longer than any log's.
    #[error("the path has more than 63 hashes")]
    PathTooLong,
    /// No empty line ends the path.
    #[error("the proof ends before its checkpoint")]
    NoNote,
    /// What follows is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Why a proof does not show that an entry stands in a log that the reader believes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogProofFault {
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] Refused),
    /// It is of another log.
    #[error("the checkpoint is of the log `{found}`, and the entry is to be in `{asked}`")]
    OtherLog {
        /// Its origin.
        found: String,
        /// The origin asked for.
        asked: String,
    },
    /// The path does not lead there.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl LogProof {
    /// Returns the proof of the entry at an index, by its path under the checkpoint in the note.
    ///
    /// `extra` is for the application, is signed by nobody, and empty for none.
    ///
    /// # Errors
    /// [`LogProofError`] where path or extra data are too long.
    pub fn new(index: u64, path: Vec<Hash>, note: Note, extra: Vec<u8>) -> Result<Self, LogProofError> {
        match () {
            () if path.len() > PATH_MAX => Err(LogProofError::PathTooLong),
            () if extra.len() > EXTRA_MAX => Err(LogProofError::Extra),
            () if index > super::range::MAX_SIZE => Err(LogProofError::Index),
            () => Ok(Self { extra, index, path, note }),
        }
    }

    /// Reads a proof.
    ///
    /// # Errors
    /// [`LogProofError`] for the first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogProofError> {
        if bytes.len() > PROOF_MAX {
            return Err(LogProofError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        // Split before anything is read: what follows the first empty line is the checkpoint.
        let (top, note) = match text.split_once("\n\n") {
            Some(split) => split,
            None if text.starts_with(HEAD) => return Err(LogProofError::NoNote),
            None => return Err(LogProofError::Head),
        };
        let mut top = top.split('\n').peekable();
        if top.next() != Some(HEAD) {
            return Err(LogProofError::Head);
        }
        let mut extra = Vec::new();
        if let Some(base64) = top.peek().and_then(|line| line.strip_prefix("extra ")) {
            top.next();
            let fits = base64.len() <= EXTRA_MAX.div_ceil(3) * 4;
            extra = Some(base64).filter(|_| fits).and_then(lines::bytes).ok_or(LogProofError::Extra)?;
            if extra.is_empty() || extra.len() > EXTRA_MAX {
                return Err(LogProofError::Extra);
            }
        }
        let index = top.next().and_then(|line| line.strip_prefix("index ")).and_then(lines::number);
        let index = index.ok_or(LogProofError::Index)?;
        let mut path = Vec::new();
        for (number, line) in (1..).zip(top) {
            if number > PATH_MAX {
                return Err(LogProofError::PathTooLong);
            }
            path.push(lines::hash(line).ok_or(LogProofError::BadHash(number))?);
        }
        Ok(Self { extra, index, path, note: Note::parse(note.as_bytes())? })
    }

    /// Returns the index of the entry, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Returns the path, from the leaf's sibling up to the root's child.
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Returns the note, nothing of which is checked.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Returns the extra data, which nobody signed.
    pub fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// Checks that the log `origin` has a leaf with this hash at the index of the proof, under a checkpoint that the
    /// reader believes.
    ///
    /// # Errors
    /// [`LogProofFault`] for the first thing that does not hold.
    pub fn verify(&self, leaf: &Hash, origin: &str, policy: &Policy) -> Result<Accepted, LogProofFault> {
        let accepted = policy.accept(&self.note)?;
        let checkpoint = &accepted.checkpoint;
        if checkpoint.origin() != origin {
            let found = checkpoint.origin().to_owned();
            return Err(LogProofFault::OtherLog { found, asked: origin.to_owned() });
        }
        check_inclusion(self.index, checkpoint.size(), leaf, &self.path, checkpoint.root())?;
        Ok(accepted)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", lines::base64(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", lines::base64(&hash.0)))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::checkpoint::{Checkpoint, LogId};
    use super::super::tree::Tree;
    use super::super::tree::tests::leaves;
    use super::*;
    use crate::hash::PartyId;
    use crate::sign::SecretKey;

    fn log(epoch: u16) -> LogId {
        LogId { party: PartyId::from_bytes([1; 32]), epoch }
    }

    fn secret() -> SecretKey {
        SecretKey::from_seed(&[1; 32])
    }

    fn proof(size: u64, index: u64) -> LogProof {
        let tree = Tree::new(leaves(size));
        let note = Checkpoint::of(log(0), size, tree.root()).unwrap().sign(&secret()).unwrap();
        LogProof::new(index, tree.path(index).unwrap(), note, vec![]).unwrap()
    }

    fn policy() -> Policy {
        Policy::new(vec![log(0).verifier_key(secret().public())], vec![], 0).unwrap()
    }

    #[test]
    fn an_entry_is_shown_to_stand_in_its_log() {
        for size in 1..20 {
            for index in 0..size {
                let text = proof(size, index).to_string();
                let read = LogProof::parse(text.as_bytes()).unwrap();
                assert_eq!((read.to_string(), &read), (text, &proof(size, index)));
                let leaf = leaves(size)[index as usize];
                let accepted = read.verify(&leaf, &log(0).to_string(), &policy()).unwrap();
                assert_eq!(accepted.checkpoint.size(), size);
            }
        }
    }

    #[test]
    fn another_leaf_index_log_or_key_does_not_hold() {
        let (good, all) = (proof(7, 3), leaves(7));
        let origin = log(0).to_string();
        let verify =
            |proof: &LogProof, leaf: usize, origin: &str| proof.verify(&all[leaf], origin, &policy());
        assert!(verify(&good, 3, &origin).is_ok());
        assert_eq!(verify(&good, 4, &origin), Err(LogProofFault::Path(PathError::WrongRoot)));
        assert!(verify(&LogProof { index: 2, ..good.clone() }, 3, &origin).is_err());
        let other = LogProofFault::OtherLog { found: origin.clone(), asked: log(1).to_string() };
        assert_eq!(verify(&good, 3, &log(1).to_string()), Err(other));
        let strangers = Policy::new(vec![], vec![], 0).unwrap();
        let unknown = LogProofFault::Checkpoint(Refused::UnknownLog(origin.clone()));
        assert_eq!(good.verify(&all[3], &origin, &strangers), Err(unknown));
    }

    #[test]
    fn extra_data_travels_and_changes_nothing() {
        let with = |extra: Vec<u8>| LogProof::new(3, proof(7, 3).path, proof(7, 3).note, extra);
        let good = with(b"lot SN-2207".to_vec()).unwrap();
        let text = good.to_string();
        assert!(text.contains("\nextra bG90IFNOLTIyMDc=\nindex 3\n"), "{text}");
        let read = LogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(read.extra(), b"lot SN-2207");
        assert!(read.verify(&leaves(7)[3], &log(0).to_string(), &policy()).is_ok());
        let longest = with(vec![7; EXTRA_MAX]).unwrap().to_string();
        assert!(LogProof::parse(longest.as_bytes()).is_ok());
        assert_eq!(with(vec![7; EXTRA_MAX + 1]), Err(LogProofError::Extra));
        let longer = longest.replace("extra BwcH", "extra BwcHBwcH");
        assert_eq!(LogProof::parse(longer.as_bytes()), Err(LogProofError::Extra));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let good = proof(7, 3).to_string();
        let fault = |text: &str| LogProof::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), LogProofError::Head);
        assert_eq!(fault(&good.replace("@v1", "@v2")), LogProofError::Head);
        assert_eq!(fault(&good.replace("index 3", "index 03")), LogProofError::Index);
        assert_eq!(fault(&good.replace("index 3\n", "")), LogProofError::Index);
        assert_eq!(fault(&good.replace("index 3", "extra \nindex 3")), LogProofError::Extra);
        assert_eq!(fault(&good.replace("index 3", "extra !\nindex 3")), LogProofError::Extra);
        assert_eq!(fault(&good.replace("index 3", "extra extra AA==\nindex 3")), LogProofError::Extra);
        assert_eq!(fault(&good.replace("index 3", "extra AA==\nextra AA==\nindex 3")), LogProofError::Index);
        assert_eq!(fault(&good.replace("index 3\n", "index 3\nA")), LogProofError::BadHash(1));
        let top = &good[..good.find("\n\n").unwrap()];
        assert_eq!(fault(top), LogProofError::NoNote);
        assert_eq!(fault(&format!("{top}\n\n")), LogProofError::Note(NoteError::NoSignatures));
        assert_eq!(fault(&format!("{good}\n")), LogProofError::Note(NoteError::NoSignatures));
        let hash = format!("{}\n", lines::base64(&[0; 32]));
        let path = |count: usize| good.replace("index 3\n", &format!("index 3\n{}", hash.repeat(count)));
        assert!(LogProof::parse(path(60).as_bytes()).is_ok());
        assert_eq!(fault(&path(61)), LogProofError::PathTooLong);
        let long = " ".repeat(PROOF_MAX + 1);
        assert_eq!(fault(&long), LogProofError::TooLong(PROOF_MAX + 1));
        assert!(LogProofError::TooLong(0).to_string().contains(&PROOF_MAX.to_string()));
    }

    proptest! {
        #[test]
        fn a_proof_with_one_byte_changed_does_not_hold(at in any::<prop::sample::Index>(), with in 1u8..) {
            let mut bytes = proof(11, 6).to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            if let Ok(read) = LogProof::parse(&bytes) {
                prop_assert_eq!(read.to_string().into_bytes(), bytes);
                prop_assert!(read.verify(&leaves(11)[6], &log(0).to_string(), &policy()).is_err());
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(c2sp.org/tlog-proof@v1\n)?(extra [A-Z=]{0,8}\n)?(index [0-9]{1,20}\n)?([A-Za-z0-9=]{44}\n){0,3}\n?.{0,40}\n?\n?.{0,40}") {
            let _ = LogProof::parse(text.as_bytes());
        }
    }
}
