//! A header with its signature: what a proof shows of a record whose contents do not matter.

use super::header::{HEADER_LEN, Header, HeaderError};
use super::open::SEAL_LEN;
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::kind::{CONTROL, Kind};
use crate::sign::{self, PublicKey, Signature, SignatureError, Verified};

/// The first 272 bytes of a record: its header holds, its signature is not checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedHeader {
    header: Header,
    id: RecordId,
    signature: Signature,
}

impl SignedHeader {
    /// Reads header and signature from the front of `bytes`; what follows is not looked at.
    ///
    /// # Errors
    /// [`HeaderError`] for too few bytes, another tag, or a value out of its range.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        let sealed = bytes.get(..SEAL_LEN).ok_or(HeaderError::TooShort(bytes.len()))?;
        let header = Header::from_bytes(sealed)?;
        let signature = Signature(sealed[HEADER_LEN..].try_into().expect("64 bytes follow the header"));
        Ok(Self { id: header.id(), header, signature })
    }

    /// Returns the header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the id of the record.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Returns the kind, or `None` for a number this version does not know.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_code(self.header.kind)
    }

    /// Whether later records point back to it through `control`.
    pub fn is_control(&self) -> bool {
        self.header.kind & CONTROL != 0
    }

    /// Checks the signature under `key`.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, key: &PublicKey) -> Result<Verified, SignatureError> {
        sign::verify(key, &sign::record_message(&self.id), &self.signature)
    }
}
