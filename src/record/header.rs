//! The 208 bytes that are hashed and signed.
//!
//! Reading one checks lengths, tag and ranges and nothing else. Spec: docs/formats/record.md, "Header".

use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::coded::Coded;
use crate::model::kind::{ANCILLARY, CONTROL, Kind};
use crate::model::time::Timestamp;

/// Length of a header in bytes.
pub const HEADER_LEN: usize = 208;
/// First sixteen bytes of every record of this draft.
pub const TAG: [u8; 16] = *b"lodemark/draft-1";
/// The one algorithm of this draft: Ed25519.
pub const ALG_ED25519: u16 = 1;
/// Most bytes of a body.
pub const BODY_MAX: u32 = 4 << 20;
/// Most private items of a record.
pub const ITEMS_MAX: u32 = 4096;

/// The part of a record that is hashed and signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Number of the signature algorithm.
    pub alg: u16,
    /// Number of the event kind.
    pub kind: u16,
    /// Index of the signing key in the party's key history.
    pub key: u16,
    /// Epoch of the chain.
    pub epoch: u16,
    /// Whose chain.
    pub party: PartyId,
    /// Position in the chain, from 0.
    pub seq: u64,
    /// The record before; zeros at 0.
    pub prev: RecordId,
    /// Claimed time.
    pub signed_at: Timestamp,
    /// Bytes of the body.
    pub body_len: u32,
    /// Number of private items.
    pub item_count: u32,
    /// Tagged hash of the body.
    pub body_hash: Hash,
    /// Commitment to the private items; zeros if there are none.
    pub items_hash: Hash,
    /// The latest control record before; zeros at 0.
    pub control: RecordId,
}

/// Why 208 bytes are no header of this draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// There are fewer than 208 bytes.
    #[error("{0} bytes, where a header has 208")]
    TooShort(usize),
    /// The tag is another.
    #[error("bytes 0 to 15 are not the tag `lodemark/draft-1`")]
    WrongTag,
    /// Algorithm 0 is never valid.
    #[error("algorithm number 0 is never valid")]
    ZeroAlgorithm,
    /// The algorithm is not one this version can check.
    #[error("algorithm number {0} is not known to this version")]
    UnknownAlgorithm(u16),
    /// Bits 14 and 15 of the kind are both set.
    #[error("kind {0:#06x} is marked both control and ancillary")]
    BothKindBits(u16),
    /// A chain begins with another kind, or `establish` stands inside one.
    #[error("`establish` stands at seq 0 and nowhere else, and nothing else stands there; here seq is {0}")]
    EstablishMismatch(u64),
    /// The time is outside 2000-01-01 to 2199-12-31.
    #[error("the time {0} ms is not between 2000 and 2199")]
    TimeOutOfRange(u64),
    /// The body is longer than a body may be.
    #[error("a body of {0} bytes, where at most 4 MiB are allowed")]
    BodyTooLong(u32),
    /// There are more private items than may be.
    #[error("{0} private items, where at most 4096 are allowed")]
    TooManyItems(u32),
    /// The commitment is zero although there are items, or the reverse.
    #[error("the commitment to private items is zero if and only if there are none; here there are {0}")]
    ItemsHashMismatch(u32),
    /// `prev` is zero although seq is not, or the reverse.
    #[error("`prev` is zero at seq 0 and nowhere else; here seq is {0}")]
    PrevMismatch(u64),
    /// `control` is zero although seq is not, or the reverse.
    #[error("`control` is zero at seq 0 and nowhere else; here seq is {0}")]
    ControlMismatch(u64),
}

impl HeaderError {
    /// Returns the step of verification that fails, as docs/formats/record.md names it.
    pub fn step(&self) -> &'static str {
        match self {
            Self::TooShort(_) => "lengths",
            Self::WrongTag => "tag",
            _ => "ranges",
        }
    }
}

impl Header {
    /// Returns the 208 bytes.
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let mut at = 0;
        let mut put = |part: &[u8]| {
            bytes[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        };
        put(&TAG);
        put(&self.alg.to_be_bytes());
        put(&self.kind.to_be_bytes());
        put(&self.key.to_be_bytes());
        put(&self.epoch.to_be_bytes());
        put(self.party.as_bytes());
        put(&self.seq.to_be_bytes());
        put(self.prev.as_bytes());
        put(&self.signed_at.ms().to_be_bytes());
        put(&self.body_len.to_be_bytes());
        put(&self.item_count.to_be_bytes());
        put(&self.body_hash.0);
        put(&self.items_hash.0);
        put(self.control.as_bytes());
        debug_assert_eq!(at, HEADER_LEN);
        bytes
    }

    /// Reads a header and checks tag and ranges.
    ///
    /// # Errors
    /// [`HeaderError`]; an unknown kind is no error here, an unknown algorithm is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeaderError> {
        let bytes: &[u8; HEADER_LEN] = bytes
            .get(..HEADER_LEN)
            .and_then(|b| b.try_into().ok())
            .ok_or(HeaderError::TooShort(bytes.len()))?;
        if bytes[..16] != TAG {
            return Err(HeaderError::WrongTag);
        }
        let time = u64::from_be_bytes(array(bytes, 96));
        let header = Self {
            alg: u16::from_be_bytes(array(bytes, 16)),
            kind: u16::from_be_bytes(array(bytes, 18)),
            key: u16::from_be_bytes(array(bytes, 20)),
            epoch: u16::from_be_bytes(array(bytes, 22)),
            party: PartyId::from_bytes(array(bytes, 24)),
            seq: u64::from_be_bytes(array(bytes, 56)),
            prev: RecordId::from_bytes(array(bytes, 64)),
            signed_at: Timestamp::from_ms(time).map_err(|_| HeaderError::TimeOutOfRange(time))?,
            body_len: u32::from_be_bytes(array(bytes, 104)),
            item_count: u32::from_be_bytes(array(bytes, 108)),
            body_hash: Hash(array(bytes, 112)),
            items_hash: Hash(array(bytes, 144)),
            control: RecordId::from_bytes(array(bytes, 176)),
        };
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), HeaderError> {
        match self.alg {
            ALG_ED25519 => {}
            0 => return Err(HeaderError::ZeroAlgorithm),
            other => return Err(HeaderError::UnknownAlgorithm(other)),
        }
        if self.kind & ANCILLARY != 0 && self.kind & CONTROL != 0 {
            return Err(HeaderError::BothKindBits(self.kind));
        }
        if (self.kind == Kind::Establish.code()) != (self.seq == 0) {
            return Err(HeaderError::EstablishMismatch(self.seq));
        }
        if self.body_len > BODY_MAX {
            return Err(HeaderError::BodyTooLong(self.body_len));
        }
        if self.item_count > ITEMS_MAX {
            return Err(HeaderError::TooManyItems(self.item_count));
        }
        if self.items_hash.is_zero() != (self.item_count == 0) {
            return Err(HeaderError::ItemsHashMismatch(self.item_count));
        }
        if self.prev.is_zero() != (self.seq == 0) {
            return Err(HeaderError::PrevMismatch(self.seq));
        }
        if self.control.is_zero() != (self.seq == 0) {
            return Err(HeaderError::ControlMismatch(self.seq));
        }
        Ok(())
    }

    /// Returns the id: SHA-256 of the 208 bytes.
    pub fn id(&self) -> RecordId {
        RecordId(sha256(&[&self.to_bytes()]))
    }
}

fn array<const N: usize>(bytes: &[u8; HEADER_LEN], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("every field lies inside the header")
}
