//! Checkpoints: which log, how many leaves, which root, in three lines of text that are signed as a note.
//!
//! Parsing says nothing about trust; see [`super::policy`] for that. Source: C2SP tlog-checkpoint.
//! Spec: docs/formats/log.md, "Checkpoints".

use std::fmt;
use std::str::FromStr;

use super::lines;
use super::note::{Note, NoteError, NoteSignature, check_text};
use super::range::Range;
use super::vkey::{KeyUse, VerifierKey};
use crate::hash::{Hash, PartyId, sha256};
use crate::sign::{PublicKey, SecretKey};

/// In front of party and epoch in an origin.
const ORIGIN: &str = "lodemark/1/";

/// The log of one epoch of one party's chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogId {
    /// Whose log.
    pub party: PartyId,
    /// Epoch of its chain.
    pub epoch: u16,
}

/// What a signed text says of a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is no checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It cannot be the text of a note.
    #[error(transparent)]
    Text(#[from] NoteError),
    /// It has fewer than three lines, or an empty one.
    #[error("a checkpoint has at least three lines, none of them empty")]
    Lines,
    /// The second line is no size.
    #[error("the size is no number without leading zeros up to 9223372036854775807")]
    Size,
    /// The third line is no hash.
    #[error("the root is not 32 bytes in Base64")]
    Root,
    /// A log without leaves has another root than it can have.
    #[error("a log without leaves has SHA-256 of nothing for its root")]
    EmptyRoot,
}

/// Why a checkpoint is not that of a party's log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogIdError {
    /// The origin has another form.
    #[error("`{0}` is no log of a party: `lodemark/1/`, 64 hex digits, `/`, and an epoch")]
    Origin(String),
    /// There are lines below the root, which such a log has not.
    #[error("the checkpoint of a party's log has three lines, and this one has more")]
    Extensions,
}

impl LogId {
    /// Returns the verifier key of this log: the public key under the origin as its name.
    pub fn verifier_key(&self, key: &PublicKey) -> VerifierKey {
        VerifierKey::new(&self.to_string(), KeyUse::Note, key.clone()).expect("an origin is a name of a key")
    }
}

impl fmt::Display for LogId {
    /// Writes the origin.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ORIGIN}{}/{}", self.party, self.epoch)
    }
}

impl FromStr for LogId {
    type Err = LogIdError;

    fn from_str(origin: &str) -> Result<Self, LogIdError> {
        let read = || {
            let (party, epoch) = origin.strip_prefix(ORIGIN)?.split_once('/')?;
            let epoch = u16::try_from(lines::number(epoch)?).ok()?;
            Some(Self { party: PartyId::from_hex(party)?, epoch })
        };
        let start = || origin.chars().take(100).collect();
        read().ok_or_else(|| LogIdError::Origin(start()))
    }
}

impl Checkpoint {
    /// Returns a checkpoint of any log.
    ///
    /// # Errors
    /// [`CheckpointError`] for an origin, size or root that none has.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        let made = Self { origin: origin.to_owned(), size, root, extensions: Vec::new() };
        // An origin with a line end in it would be read as something else.
        match Self::parse(&made.to_string()) {
            Ok(read) if read == made => Ok(made),
            Ok(_) => Err(CheckpointError::Lines),
            Err(error) => Err(error),
        }
    }

    /// Returns the checkpoint of a party's log.
    ///
    /// # Errors
    /// [`CheckpointError`] for a size or root that none has.
    pub fn of(log: LogId, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        Self::new(&log.to_string(), size, root)
    }

    /// Returns the checkpoint of a party's log with these leaves.
    pub fn of_range(log: LogId, leaves: &Range) -> Self {
        Self::of(log, leaves.size(), leaves.root()).expect("a range has a size and root that a log can have")
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// [`CheckpointError`] for the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        check_text(text)?;
        let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || size.is_empty() || root.is_empty() || extensions.iter().any(String::is_empty)
        {
            return Err(CheckpointError::Lines);
        }
        let size = lines::number(size).ok_or(CheckpointError::Size)?;
        let root = lines::hash(root).ok_or(CheckpointError::Root)?;
        if size == 0 && root != sha256(&[]) {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// Signs the checkpoint as the log of a party, and returns the note.
    ///
    /// # Errors
    /// [`NoteError`] where the text is one that is never signed.
    pub fn sign(&self, secret: &SecretKey) -> Result<Note, NoteError> {
        let text = self.to_string();
        let key = VerifierKey::new(&self.origin, KeyUse::Note, secret.public().clone());
        let key = key.map_err(|_| NoteError::BadLine(1))?;
        let line = NoteSignature::sign(&text, &key, secret)?;
        Note::new(text, line)
    }

    /// Returns the origin: what names the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root over them.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// Returns the lines below the root, which no reader can check.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Returns which party's log it is of, and of which epoch.
    ///
    /// # Errors
    /// [`LogIdError`] for a log of another kind, or with lines below the root.
    pub fn log(&self) -> Result<LogId, LogIdError> {
        let log = self.origin.parse()?;
        if self.extensions.is_empty() { Ok(log) } else { Err(LogIdError::Extensions) }
    }
}

impl fmt::Display for Checkpoint {
    /// Writes the text that is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, lines::base64(&self.root.0))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::range::MAX_SIZE;
    use super::*;

    fn log() -> LogId {
        LogId { party: PartyId::from_bytes([0xab; 32]), epoch: 3 }
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint::of(log(), 20, Hash([7; 32])).unwrap()
    }

    #[test]
    fn a_checkpoint_reads_back_and_says_which_log_it_is_of() {
        let text = checkpoint().to_string();
        assert_eq!(text, format!("lodemark/1/{}/3\n20\n{}\n", "ab".repeat(32), "BwcH".repeat(10) + "Bwc="));
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
        assert_eq!(checkpoint().log(), Ok(log()));
    }

    #[test]
    fn an_origin_of_a_party_has_one_spelling() {
        let party = "ab".repeat(32);
        let read = |origin: String| origin.parse::<LogId>();
        assert_eq!(read(format!("lodemark/1/{party}/3")), Ok(log()));
        assert_eq!(read(format!("lodemark/1/{party}/65535")).unwrap().epoch, 65_535);
        for origin in [
            format!("lodemark/1/{party}/65536"),
            format!("lodemark/1/{party}/03"),
            format!("lodemark/1/{party}/"),
            format!("lodemark/1/{party}"),
            format!("lodemark/1/{party}/3/"),
            format!("lodemark/1/{party}/3 "),
            format!("lodemark/1/{}/3", party.to_uppercase()),
            format!("lodemark/1/{}/3", &party[2..]),
            format!("lodemark/2/{party}/3"),
            format!("/lodemark/1/{party}/3"),
            "example.com/log".into(),
        ] {
            assert!(matches!(read(origin.clone()), Err(LogIdError::Origin(_))), "{origin}");
        }
    }

    #[test]
    fn lines_below_the_root_are_read_and_are_none_of_a_party() {
        let text = format!("{checkpoint}more\n", checkpoint = checkpoint());
        let read = Checkpoint::parse(&text).unwrap();
        assert_eq!((read.extensions(), read.to_string()), (&["more".to_owned()][..], text));
        assert_eq!(read.log(), Err(LogIdError::Extensions));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let good = checkpoint().to_string();
        let fault = |text: &str| Checkpoint::parse(text).unwrap_err();
        assert_eq!(fault(""), CheckpointError::Text(NoteError::NoLineEnd));
        assert_eq!(fault("\n"), CheckpointError::Lines);
        assert_eq!(fault("a\n1\n"), CheckpointError::Lines);
        assert_eq!(fault(&format!("\n{good}")), CheckpointError::Lines);
        assert_eq!(fault(&format!("{good}\n")), CheckpointError::Lines);
        assert_eq!(fault(&format!("{good}\nmore\n")), CheckpointError::Lines);
        for size in ["020", "+20", " 20", "-20", "2O", "9223372036854775808"] {
            assert_eq!(
                fault(&good.replace("\n20\n", &format!("\n{size}\n"))),
                CheckpointError::Size,
                "{size}"
            );
        }
        assert_eq!(fault(&good.replace("Bwc=", "Bwd=")), CheckpointError::Root);
        assert_eq!(fault(&good.replace("Bwc=", "Bwc")), CheckpointError::Root);
        assert_eq!(fault(&good.replace("\n20\n", "\n0\n")), CheckpointError::EmptyRoot);
        let empty = Checkpoint::of_range(log(), &Range::new());
        assert_eq!(Checkpoint::parse(&empty.to_string()), Ok(empty));
    }

    #[test]
    fn no_origin_smuggles_lines_in() {
        for origin in ["", "a\n7", "a\n7\n", "\n", "a\tb"] {
            assert!(Checkpoint::new(origin, 20, Hash([7; 32])).is_err(), "{origin:?}");
        }
        assert!(Checkpoint::new("a b+c", 20, Hash([7; 32])).is_ok());
        assert!(Checkpoint::new("a", MAX_SIZE + 1, Hash([7; 32])).is_err());
    }

    #[test]
    fn a_log_signs_under_its_origin() {
        let secret = SecretKey::from_seed(&[1; 32]);
        let note = checkpoint().sign(&secret).unwrap();
        let key = log().verifier_key(secret.public());
        assert_eq!(note.signatures()[0].name(), checkpoint().origin());
        assert_eq!(note.verify([&key]).unwrap()[0].key, &key);
        // The log of the next epoch has a key of its own name.
        let next = LogId { epoch: 4, ..log() }.verifier_key(secret.public());
        assert!(note.verify([&next]).is_err());
        let unnameable = Checkpoint::new("a b", 20, Hash([7; 32])).unwrap();
        assert!(unnameable.sign(&secret).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_read_writes_itself_back(text in "[a-z0-9=\n+]{0,80}", at in any::<prop::sample::Index>(), c in any::<char>()) {
            let mut damaged: Vec<char> = checkpoint().to_string().chars().collect();
            let at = at.index(damaged.len());
            damaged[at] = c;
            for text in [text, damaged.into_iter().collect()] {
                if let Ok(read) = Checkpoint::parse(&text) {
                    prop_assert_eq!(read.to_string(), text);
                }
            }
        }
    }
}
