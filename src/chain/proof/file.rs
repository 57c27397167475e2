//! Proof files as bytes. Safe against any input: bounds are checked before memory is reserved.

use super::{Part, Proof, ProofKind};
use crate::hash::{Hash, sha256};
use crate::record::{ALG_ED25519, RECORD_MAX, SEAL_LEN, ShownItem, VALUES_MAX};

/// The first bytes of every proof file. The line ends notice a copy that changed them.
pub const MAGIC: &[u8; 16] = b"lodemark/proof\r\n";
/// The version written and read.
pub const VERSION: u16 = 1;
/// Most parts of a proof.
pub const PARTS_MAX: u16 = 4098;
/// Most bytes of a file that is looked at.
pub const FILE_MAX: u64 = 64 << 20;

/// What is wrong with a proof file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileError {
    /// It does not begin like one.
    #[error("this is no proof file: it does not begin with `lodemark/proof`")]
    NotAProof,
    /// Its version is another.
    #[error("the file has version {0}, this program reads version 1")]
    OtherVersion(u16),
    /// Its kind is not known.
    #[error("proofs of kind {0} are not known to this version")]
    UnknownKind(u16),
    /// Its key is of another algorithm.
    #[error("the key is of algorithm {0}, which this version cannot check")]
    UnknownAlgorithm(u16),
    /// It ends inside something.
    #[error("the file ends inside {0}")]
    CutShort(&'static str),
    /// It has no parts, or too many.
    #[error("{0} parts, where a proof has 1 to 4098")]
    PartCount(u16),
    /// A part is shorter or longer than records are.
    #[error("a part of {0} bytes, where a signed header has 272 and a record up to 4595984")]
    PartLength(u32),
    /// The mark of a private item is neither 0 nor 1.
    #[error("the mark of a private item is {0}, where it is 0 or 1")]
    ItemMark(u8),
    /// A private value is too long.
    #[error("a private value of {0} bytes, where at most 4 MiB are allowed")]
    ValueLength(u32),
    /// The checksum differs.
    #[error("the file was changed or damaged after it was written: its checksum does not match")]
    WrongChecksum,
    /// Something follows the end.
    #[error("{0} bytes follow the end of the file")]
    Trailing(usize),
}

impl ProofFileError {
    /// Whether the file may be whole, but this version cannot read it.
    pub fn cannot_judge(&self) -> bool {
        matches!(self, Self::OtherVersion(_) | Self::UnknownKind(_) | Self::UnknownAlgorithm(_))
    }

    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NotAProof => "name a file that `compare --proofs` wrote",
            _ if self.cannot_judge() => "use a newer version of lodemark",
            _ => "ask for the file again; a proof that was changed proves nothing",
        };
        Some(text.to_owned())
    }
}

/// Returns the file of a proof.
pub(super) fn write(proof: &Proof) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).expect("records and values are at most some MiB");
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_be_bytes());
    bytes.extend(proof.kind.code().to_be_bytes());
    bytes.extend(ALG_ED25519.to_be_bytes());
    bytes.extend(proof.key);
    bytes.extend(proof.recovery.0);
    bytes.extend(u16::try_from(proof.parts.len()).expect("a proof has few parts").to_be_bytes());
    for part in &proof.parts {
        bytes.extend(length(part.bytes.len()).to_be_bytes());
        bytes.extend(&part.bytes);
        if part.bytes.len() == SEAL_LEN {
            continue;
        }
        bytes.push(u8::from(part.inputs.is_some()));
        if let Some(item) = &part.inputs {
            bytes.extend(item.index.to_be_bytes());
            bytes.extend(item.salt);
            bytes.extend(length(item.value.len()).to_be_bytes());
            bytes.extend(&item.value);
        }
    }
    let checksum = sha256(&[&bytes]);
    bytes.extend(checksum.0);
    bytes
}

/// Reads a whole file.
///
/// # Errors
/// [`ProofFileError`] for the first thing that is wrong.
pub(super) fn read(bytes: &[u8]) -> Result<Proof, ProofFileError> {
    let mut reader = Reader { rest: bytes };
    if !bytes.starts_with(MAGIC) {
        // Part of the first bytes and nothing else is a file cut short.
        return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
            ProofFileError::CutShort("its head")
        } else {
            ProofFileError::NotAProof
        });
    }
    reader.take(MAGIC.len(), "its head")?;
    let version = reader.short("its head")?;
    if version != VERSION {
        return Err(ProofFileError::OtherVersion(version));
    }
    let kind = reader.short("its head")?;
    let kind = ProofKind::from_code(kind).ok_or(ProofFileError::UnknownKind(kind))?;
    let alg = reader.short("its head")?;
    if alg != ALG_ED25519 {
        return Err(ProofFileError::UnknownAlgorithm(alg));
    }
    let key = *reader.take(32, "its key")?.first_chunk().expect("32 bytes were taken");
    let recovery = Hash(*reader.take(32, "its key")?.first_chunk().expect("32 bytes were taken"));
    let count = reader.short("its head")?;
    if !(1..=PARTS_MAX).contains(&count) {
        return Err(ProofFileError::PartCount(count));
    }
    // A part has at least 276 bytes, so this reserves no more than what is there.
    let mut parts = Vec::with_capacity(usize::from(count).min(reader.rest.len() / (SEAL_LEN + 4)));
    for _ in 0..count {
        parts.push(reader.part()?);
    }
    let end = bytes.len() - reader.rest.len();
    let checksum = reader.take(32, "its checksum")?;
    if sha256(&[&bytes[..end]]).0 != checksum {
        return Err(ProofFileError::WrongChecksum);
    }
    match reader.rest.len() {
        0 => Ok(Proof { kind, key, recovery, parts }),
        more => Err(ProofFileError::Trailing(more)),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn part(&mut self) -> Result<Part, ProofFileError> {
        let length = self.number("a part")?;
        if !(SEAL_LEN..=RECORD_MAX).contains(&(length as usize)) {
            return Err(ProofFileError::PartLength(length));
        }
        let bytes = self.take(length as usize, "a part")?.to_vec();
        if bytes.len() == SEAL_LEN {
            return Ok(Part { bytes, inputs: None });
        }
        let inputs = match self.take(1, "a part")?[0] {
            0 => None,
            1 => {
                let index = self.number("a private item")?;
                let salt = *self.take(16, "a private item")?.first_chunk().expect("16 bytes were taken");
                let length = self.number("a private item")?;
                if length as usize > VALUES_MAX {
                    return Err(ProofFileError::ValueLength(length));
                }
                let value = self.take(length as usize, "a private value")?.to_vec();
                Some(ShownItem { index, salt, value })
            }
            other => return Err(ProofFileError::ItemMark(other)),
        };
        Ok(Part { bytes, inputs })
    }

    fn short(&mut self, within: &'static str) -> Result<u16, ProofFileError> {
        Ok(u16::from_be_bytes(*self.take(2, within)?.first_chunk().expect("two bytes were taken")))
    }

    fn number(&mut self, within: &'static str) -> Result<u32, ProofFileError> {
        Ok(u32::from_be_bytes(*self.take(4, within)?.first_chunk().expect("four bytes were taken")))
    }

    fn take(&mut self, count: usize, within: &'static str) -> Result<&'a [u8], ProofFileError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ProofFileError::CutShort(within))?;
        self.rest = rest;
        Ok(taken)
    }
}
