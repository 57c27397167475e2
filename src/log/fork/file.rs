//! Proofs of forks as text: a head, and two notes or proofs of inclusion, with an empty line between them.

use std::fmt;

use super::super::note::{Note, NoteError};
use super::super::proof::{LogProof, LogProofError, PATH_MAX, PROOF_MAX};
use super::{ForkEvidence, LogFork};
use crate::hash::Hash;

/// The first line.
const HEAD: &str = "lodemark/log-fork@1";
/// The longest file, in bytes: two of the longest proofs, and room for the head.
pub const FORK_MAX: usize = 2 * PROOF_MAX + 8192;

/// Why a text is no proof of a fork.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForkFileError {
    /// It is longer than [`FORK_MAX`].
    #[error("{0} bytes, where a proof of a fork has at most 1239720")]
    TooLong(usize),
    /// It is not UTF-8.
    #[error("the proof is not UTF-8")]
    NotUtf8,
    /// It does not begin like one.
    #[error("this is no proof of a fork: its first line is not `lodemark/log-fork@1`")]
    Head,
    /// The second line is no kind of proof that is known.
    #[error("proofs of this kind are not known to this version")]
    UnknownKind,
    /// A line of the head is missing or wrong.
    #[error("the line `{0}` of the head is missing or wrong")]
    Line(&'static str),
    /// There is more in the head than its kind has.
    #[error("the head has lines that its kind has not")]
    More,
    /// It ends before its second checkpoint.
    #[error("the proof ends before its second checkpoint")]
    CutShort,
    /// What stands there is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// What stands there is no proof of inclusion.
    #[error(transparent)]
    Proof(#[from] LogProofError),
}

impl LogFork {
    /// Reads a proof; `Ok` says that it is whole, and nothing of what it shows.
    ///
    /// # Errors
    /// [`ForkFileError`] for the first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ForkFileError> {
        if bytes.len() > FORK_MAX {
            return Err(ForkFileError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ForkFileError::NotUtf8)?;
        let (head, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut head = head.split('\n');
        if head.next() != Some(HEAD) {
            return Err(ForkFileError::Head);
        }
        let kind = head.next().unwrap_or_default();
        let mut field = |name: &'static str| {
            let value = head.next().and_then(|line| line.strip_prefix(name)?.strip_prefix(' '));
            value.ok_or(ForkFileError::Line(name))
        };
        let (key, recovery) = (field("key"), field("recovery"));
        let leaves = match kind {
            "roots" | "prefix" => None,
            "leaves" => Some([field("leaf"), field("leaf")]),
            _ => return Err(ForkFileError::UnknownKind),
        };
        let hex = |name, value: Result<&str, _>| Hash::from_hex(value?).ok_or(ForkFileError::Line(name));
        let (key, recovery) = (hex("key", key)?.0, hex("recovery", recovery)?);
        let evidence = match (leaves, kind) {
            (Some([first, second]), _) => {
                let leaves = [hex("leaf", first)?, hex("leaf", second)?];
                let (first, second) = split(rest, 3)?;
                let proofs = [LogProof::parse(first.as_bytes())?, LogProof::parse(second.as_bytes())?];
                ForkEvidence::Leaves { leaves, proofs: Box::new(proofs) }
            }
            (None, kind) => {
                let path = if kind == "prefix" { read_path(&mut head)? } else { Vec::new() };
                let (first, second) = split(rest, 2)?;
                let notes = [Note::parse(first.as_bytes())?, Note::parse(second.as_bytes())?];
                match kind {
                    "prefix" => ForkEvidence::Prefix { notes, path },
                    _ => ForkEvidence::Roots(notes),
                }
            }
        };
        if head.next().is_some() {
            return Err(ForkFileError::More);
        }
        Ok(Self { key, recovery, evidence })
    }
}

/// Reads the rest of the head as hashes: the node that a prefix path begins with, and its siblings.
fn read_path<'a>(head: &mut impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, ForkFileError> {
    let mut path = Vec::new();
    for line in head {
        let hash = line.strip_prefix("node ").and_then(Hash::from_hex);
        path.push(hash.filter(|_| path.len() <= PATH_MAX).ok_or(ForkFileError::Line("node"))?);
    }
    Ok(path)
}

/// Takes two texts apart, the first of which has `blank` empty lines less one in it, and one behind it.
fn split(text: &str, blank: usize) -> Result<(&str, &str), ForkFileError> {
    let (at, _) = text.match_indices("\n\n").nth(blank - 1).ok_or(ForkFileError::CutShort)?;
    Ok((&text[..at + 1], &text[at + 2..]))
}

impl fmt::Display for LogFork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.evidence {
            ForkEvidence::Roots(_) => "roots",
            ForkEvidence::Leaves { .. } => "leaves",
            ForkEvidence::Prefix { .. } => "prefix",
        };
        writeln!(f, "{HEAD}\n{kind}\nkey {}\nrecovery {}", Hash(self.key), self.recovery)?;
        match &self.evidence {
            ForkEvidence::Roots([first, second]) => write!(f, "\n{first}\n{second}"),
            ForkEvidence::Leaves { leaves, proofs } => {
                let [first, second] = &**proofs;
                write!(f, "leaf {}\nleaf {}\n\n{first}\n{second}", leaves[0], leaves[1])
            }
            ForkEvidence::Prefix { notes: [first, second], path } => {
                path.iter().try_for_each(|node| writeln!(f, "node {node}"))?;
                write!(f, "\n{first}\n{second}")
            }
        }
    }
}
