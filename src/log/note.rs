//! Signed notes: a text and, below an empty line, who signed it.
//!
//! Reading a note says nothing of its signatures; [`Note::verify`] checks those of keys that the caller knows and
//! leaves the others alone. Source: C2SP signed-note. Spec: docs/formats/log.md, "Notes".

use std::fmt;

use super::cosignature;
use super::lines;
use super::vkey::{KeyId, KeyUse, VerifierKey, check_name};
use crate::sign::{AnotherMessage, SecretKey, Signature, SignatureError, note_message, verify};

/// The longest note, in bytes: room for every signature line that may be there.
pub const NOTE_MAX: usize = 512 << 10;
/// The most signature lines of a note.
pub const SIGNATURES_MAX: usize = 64;
/// What a signature line begins with: an em dash and a blank.
const DASH: &str = "\u{2014} ";

/// A text with at least one signature line, none of which has been checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteSignature {
    name: String,
    id: KeyId,
    /// What follows the id; its form depends on the key.
    bytes: Vec<u8>,
}

/// A known key, of which every signature on the note was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signed<'a> {
    /// The key.
    pub key: &'a VerifierKey,
    /// For a witness the latest time at which it says that it saw the note, in seconds since 1970.
    pub time: Option<u64>,
}

/// Why bytes are no note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is longer than [`NOTE_MAX`].
    #[error("{0} bytes, where a note has at most 524288")]
    TooLong(usize),
    /// It is not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// It holds a control character that is no line end.
    #[error("the note holds a control character")]
    ControlCharacter,
    /// There is no empty line with signatures below it.
    #[error("the note has no empty line with signatures below it")]
    NoSignatures,
    /// The text does not end with a line end.
    #[error("the text of a note ends with a line end")]
    NoLineEnd,
    /// A line below the empty one is no signature.
    #[error("line {0} below the text is no signature: a dash, a name and Base64, with blanks between them")]
    BadLine(usize),
    /// There are more than [`SIGNATURES_MAX`].
    #[error("more than 64 signatures")]
    TooManySignatures,
    /// The text is never signed as a note.
    #[error(transparent)]
    AnotherMessage(#[from] AnotherMessage),
}

/// Why the signatures of a note do not show that a known key signed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteSignatureError {
    /// No line is by a key that the caller knows.
    #[error("no signature is by a key that is known here")]
    NoKnownKey,
    /// Two keys that the caller knows have one name and one id.
    #[error("two known keys have the name `{name}` and the id `{id}`")]
    Ambiguous {
        /// Their name.
        name: String,
        /// Their id.
        id: KeyId,
    },
    /// A line by a known key does not hold.
    #[error("the signature of `{name}` does not hold: {why}")]
    Wrong {
        /// Name of the key.
        name: String,
        /// What is wrong with it.
        why: SignatureFault,
    },
}

/// What is wrong with one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The text is never signed as a note.
    #[error(transparent)]
    AnotherMessage(#[from] AnotherMessage),
    /// The bytes of a cosignature have another length.
    #[error("{0} bytes, where a time and a signature have 72")]
    CosignatureLength(usize),
    /// The time of a cosignature is out of range.
    #[error("the time {0} is out of range")]
    Time(u64),
}

impl NoteSignature {
    /// Makes a signature line of another kind than [`NoteSignature::sign`] makes.
    pub(super) fn of(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), id: key.id(), bytes }
    }

    /// Returns the line of a signature by a key of this name and id; nothing is checked.
    ///
    /// # Errors
    /// [`NoteError::BadLine`] for a name that no key has, or without a signature.
    pub fn from_parts(name: &str, id: KeyId, bytes: Vec<u8>) -> Result<Self, NoteError> {
        match check_name(name).is_err() || bytes.is_empty() {
            true => Err(NoteError::BadLine(1)),
            false => Ok(Self { name: name.to_owned(), id, bytes }),
        }
    }

    /// Signs a text as the signer's own, under a name.
    ///
    /// # Errors
    /// [`NoteError`] where the text is none of a note, or one that is never signed.
    pub fn sign(text: &str, key: &VerifierKey, secret: &SecretKey) -> Result<Self, NoteError> {
        check_text(text)?;
        let signature = secret.sign(note_message(text)?);
        Ok(Self::of(key, signature.0.to_vec()))
    }

    /// Returns the name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the id of the key.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Returns what follows the id.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the line claims to be by this key.
    pub fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// Reads a line without its end.
    fn parse(line: &str) -> Option<Self> {
        let (name, rest) = line.strip_prefix(DASH)?.split_once(' ')?;
        check_name(name).ok()?;
        let bytes = lines::bytes(rest)?;
        let (id, bytes) = bytes.split_first_chunk()?;
        (!bytes.is_empty()).then(|| Self { name: name.to_owned(), id: KeyId(*id), bytes: bytes.to_vec() })
    }

    /// Checks the signature under a key that it claims to be by, and returns its time if it has one.
    fn check(&self, text: &str, key: &VerifierKey) -> Result<Option<u64>, SignatureFault> {
        match key.used() {
            KeyUse::Note => {
                verify(key.key(), note_message(text)?, &Signature::from_slice(&self.bytes)?)?;
                Ok(None)
            }
            KeyUse::Cosignature => cosignature::check(key.key(), text, &self.bytes).map(Some),
        }
    }
}

impl fmt::Display for NoteSignature {
    /// Writes the line without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.0[..], &self.bytes].concat();
        write!(f, "{DASH}{} {}", self.name, lines::base64(&bytes))
    }
}

impl Note {
    /// Returns the note of a text and its first signature.
    ///
    /// # Errors
    /// [`NoteError`] where the text is none of a note.
    pub fn new(text: String, signature: NoteSignature) -> Result<Self, NoteError> {
        check_text(&text)?;
        Self { text, signatures: Vec::new() }.with(signature)
    }

    /// Returns the note with one more signature line, unless it has just this one.
    ///
    /// # Errors
    /// [`NoteError`] where there is no room for it.
    pub fn with(mut self, signature: NoteSignature) -> Result<Self, NoteError> {
        if !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
        let length = self.to_string().len();
        match self.signatures.len() {
            _ if length > NOTE_MAX => Err(NoteError::TooLong(length)),
            ..=SIGNATURES_MAX => Ok(self),
            _ => Err(NoteError::TooManySignatures),
        }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError`] for the first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_MAX {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_characters(note)?;
        // The text may hold empty lines; the last one ends it.
        let split = note.rfind("\n\n").ok_or(NoteError::NoSignatures)? + 1;
        let (text, below) = (&note[..split], &note[split + 1..]);
        if below.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let mut signatures = Vec::new();
        for (index, line) in below.split_inclusive('\n').enumerate() {
            if index == SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            let signature = line.strip_suffix('\n').and_then(NoteSignature::parse);
            signatures.push(signature.ok_or(NoteError::BadLine(index + 1))?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Returns the text, its last line end included. Nobody is known to have signed it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signature lines, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Returns the note with the lines of these keys alone; `None` where it has none of them.
    pub fn only(&self, keys: &[&VerifierKey]) -> Option<Self> {
        let of_these = |line: &&NoteSignature| keys.iter().any(|key| line.is_by(key));
        let signatures: Vec<_> = self.signatures.iter().filter(of_these).cloned().collect();
        (!signatures.is_empty()).then(|| Self { text: self.text.clone(), signatures })
    }

    /// Checks every signature by a known key and returns those keys, each once, in the order of the note.
    ///
    /// Lines by other keys are left alone, even where name or id is that of a known key, but not both.
    ///
    /// # Errors
    /// [`NoteSignatureError`] where a line by a known key does not hold, or no line is by one.
    pub fn verify<'a>(
        &self,
        keys: impl IntoIterator<Item = &'a VerifierKey> + Clone,
    ) -> Result<Vec<Signed<'a>>, NoteSignatureError> {
        let mut signed: Vec<Signed<'a>> = Vec::new();
        for line in &self.signatures {
            let mut known = keys.clone().into_iter().filter(|key| line.is_by(key));
            let Some(key) = known.next() else { continue };
            let name = || line.name.clone();
            if known.next().is_some() {
                return Err(NoteSignatureError::Ambiguous { name: name(), id: line.id });
            }
            let wrong = |why| NoteSignatureError::Wrong { name: name(), why };
            let time = line.check(&self.text, key).map_err(wrong)?;
            match signed.iter_mut().find(|before| before.key == key) {
                Some(before) => before.time = before.time.max(time),
                None => signed.push(Signed { key, time }),
            }
        }
        if signed.is_empty() { Err(NoteSignatureError::NoKnownKey) } else { Ok(signed) }
    }
}

impl fmt::Display for Note {
    /// Writes the note as it was read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Checks that a text can be that of a note.
pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > NOTE_MAX {
        return Err(NoteError::TooLong(text.len()));
    }
    check_characters(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::NoLineEnd) }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    let barred = |byte: u8| byte < b' ' && byte != b'\n';
    if text.bytes().any(barred) { Err(NoteError::ControlCharacter) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
