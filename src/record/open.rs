//! Opening: from bytes someone handed over to a record one may read.
//!
//! The order of checks is that of docs/formats/record.md, "Verification"; each error names its step.

use super::body::{self, NONCE_LEN};
use super::codec::CodecError;
use super::header::{BODY_MAX, HEADER_LEN, Header, HeaderError, ITEMS_MAX};
use super::items::{self, Entry, ItemsError, ShownItem};
use super::key_entry::{KeyEntry, KeyEntryError, Purpose, party_id};
use super::slot::{FillError, Filler, Held};
use crate::hash::{Hash, PartyId, RecordId, TAG_BODY, tagged};
use crate::model::coded::Coded;
use crate::model::kind::{ANCILLARY, CONTROL, Kind};
use crate::model::record::Record;
use crate::sign::{self, Join, PublicKey, Signature, SignatureError, Verified};

/// Bytes of header and signature.
pub const SEAL_LEN: usize = HEADER_LEN + 64;
/// Most bytes of a record: header, signature, body, and 4 096 entries of u16, 64 bytes of key and 32 of hash.
pub const RECORD_MAX: usize = SEAL_LEN + BODY_MAX as usize + ITEMS_MAX as usize * 98;

/// A record as it was handed over: its hashes hold, its signature is not checked yet.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedRecord {
    bytes: Vec<u8>,
    header: Header,
    id: RecordId,
    directory: Vec<Entry>,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are fewer or more than header, body and directory say.
    #[error("{found} bytes, where header and signature, body and directory take {stated}")]
    WrongLength {
        /// Bytes there are.
        found: usize,
        /// Bytes there should be, at least.
        stated: usize,
    },
    /// The header does not hold.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The body does not hash to what the header says.
    #[error("the body does not match the header")]
    WrongBodyHash,
    /// Directory or shown values do not hold.
    #[error(transparent)]
    Items(#[from] ItemsError),
    /// The key entry does not hold.
    #[error(transparent)]
    KeyEntry(#[from] KeyEntryError),
    /// The signature does not hold.
    #[error("the signature does not match: {0}")]
    Signature(#[from] SignatureError),
    /// The body is shorter than its nonce.
    #[error("the body ends inside its nonce")]
    NoNonce,
    /// The body or a private value does not decode.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// Items and slots do not match.
    #[error(transparent)]
    Fill(#[from] FillError),
    /// The kind has no layout in this version.
    #[error("kind {0:#06x} is not known to this version")]
    UnknownKind(u16),
    /// What the fields say of each other does not hold.
    #[error("{0}")]
    Invalid(&'static str),
}

impl RecordError {
    /// Returns the step of verification that fails, as docs/formats/record.md names it.
    pub fn step(&self) -> &'static str {
        match self {
            Self::WrongLength { .. } => "lengths",
            Self::Header(error) => error.step(),
            Self::WrongBodyHash => "body_hash",
            Self::Items(error) => error.step(),
            Self::KeyEntry(_) => "key_entry",
            Self::Signature(_) => "signature",
            Self::UnknownKind(_) => "kind",
            Self::NoNonce | Self::Codec(_) => "decode",
            Self::Fill(_) => "slots",
            Self::Invalid(_) => "sound",
        }
    }

    /// Whether the record may be sound, but this version cannot tell.
    pub fn cannot_judge(&self) -> bool {
        matches!(
            self,
            Self::UnknownKind(_)
                | Self::Header(HeaderError::UnknownAlgorithm(_))
                | Self::Codec(CodecError::UnknownCode { .. })
                | Self::Fill(FillError::Value(CodecError::UnknownCode { .. }))
        )
    }
}

impl std::fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedRecord")
            .field("id", &self.id)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

impl SealedRecord {
    /// Reads a record in its stored form: header, signature, body, directory.
    ///
    /// Checks the length of header and signature, tag, ranges, the other lengths, body hash and directory, in
    /// this order, and nothing else.
    ///
    /// # Errors
    /// [`RecordError`] of one of those steps.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() < SEAL_LEN {
            return Err(RecordError::WrongLength { found: bytes.len(), stated: SEAL_LEN });
        }
        let header = Header::from_bytes(bytes)?;
        let stated = SEAL_LEN + header.body_len as usize;
        if bytes.len() < stated {
            return Err(RecordError::WrongLength { found: bytes.len(), stated });
        }
        let (body, directory) = bytes[SEAL_LEN..].split_at(header.body_len as usize);
        items::check_lengths(directory, header.item_count)?;
        if tagged(&TAG_BODY, &[body]) != header.body_hash {
            return Err(RecordError::WrongBodyHash);
        }
        let directory = items::read_directory(directory, header.item_count)?;
        if items::items_hash(&directory) != header.items_hash {
            return Err(ItemsError::WrongItemsHash.into());
        }
        Ok(Self { id: header.id(), header, directory, bytes: bytes.to_vec() })
    }

    /// Returns the stored form.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the id.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Returns whose chain it says to be in.
    pub fn party(&self) -> PartyId {
        self.header.party
    }

    /// Returns the kind, or `None` for a number this version does not know.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_code(self.header.kind)
    }

    /// Whether later records point back to it through `control`.
    pub fn is_control(&self) -> bool {
        self.header.kind & CONTROL != 0
    }

    /// Whether it may be skipped when its kind is not known.
    pub fn is_ancillary(&self) -> bool {
        self.header.kind & ANCILLARY != 0
    }

    /// Returns the directory of private items.
    pub fn directory(&self) -> &[Entry] {
        &self.directory
    }

    /// Returns the signature, checked or not.
    pub fn signature(&self) -> Signature {
        Signature(self.bytes[HEADER_LEN..SEAL_LEN].try_into().expect("a sealed record holds a signature"))
    }

    /// Puts the signature in its place.
    pub(super) fn put_signature(&mut self, signature: &Signature) {
        self.bytes[HEADER_LEN..SEAL_LEN].copy_from_slice(&signature.0);
    }

    /// Returns the bytes that are signed.
    pub fn message(&self) -> [u8; 47] {
        sign::record_message(&self.id)
    }

    fn header_bytes(&self) -> &[u8; HEADER_LEN] {
        self.bytes[..HEADER_LEN].try_into().expect("a sealed record holds a header")
    }

    fn body(&self) -> &[u8] {
        &self.bytes[SEAL_LEN..SEAL_LEN + self.header.body_len as usize]
    }

    /// Returns the key an `establish` record brings, after recomputing the party and checking possession;
    /// `None` for other kinds.
    ///
    /// # Errors
    /// [`RecordError`] of the key entry step.
    pub fn first_key(&self) -> Result<Option<PublicKey>, RecordError> {
        if self.kind() != Some(Kind::Establish) {
            return Ok(None);
        }
        let header = &self.header;
        if (header.epoch, header.key) != (0, 0) {
            return Err(KeyEntryError::NotFirst.into());
        }
        let (entry, rest) = self.key_entry()?;
        let (recovery, _) = rest.split_first_chunk::<32>().ok_or(KeyEntryError::TooShort)?;
        if party_id(entry.alg, &entry.key, &Hash(*recovery)) != self.header.party {
            return Err(KeyEntryError::WrongParty.into());
        }
        if entry.purpose == Purpose::Log {
            return Err(KeyEntryError::NotForRecords.into());
        }
        let key = PublicKey::from_bytes(&entry.key).map_err(KeyEntryError::BadKey)?;
        let message = sign::join_message(&Join {
            party: self.header.party,
            epoch: self.header.epoch,
            seq: self.header.seq,
            prev: self.header.prev,
            index: self.header.key,
            purpose: entry.purpose.code(),
            alg: entry.alg,
            key: &key,
        });
        sign::verify(&key, &message, &Signature(entry.proof)).map_err(|_| KeyEntryError::NoPossession)?;
        Ok(Some(key))
    }

    /// Whether the key that an `establish` record brings may sign the log of its party. Says nothing of other kinds.
    pub fn first_key_signs_log(&self) -> bool {
        self.key_entry().is_ok_and(|(entry, _)| entry.purpose != Purpose::Records)
    }

    fn key_entry(&self) -> Result<(KeyEntry, &[u8]), RecordError> {
        let after_nonce = self.body().get(NONCE_LEN..).ok_or(KeyEntryError::TooShort)?;
        Ok(KeyEntry::read(after_nonce)?)
    }

    /// Checks the signature under `key`.
    ///
    /// # Errors
    /// [`RecordError::Signature`].
    pub fn verify(&self, key: &PublicKey) -> Result<Verified, RecordError> {
        Ok(sign::verify(key, &self.message(), &self.signature())?)
    }

    /// Returns what the record states, given proof that its signature was checked and the values shown.
    ///
    /// `shown` is in the order of the directory; what is not in it stays withheld. An `establish` record opens
    /// under the key it brings and no other.
    ///
    /// # Errors
    /// [`RecordError`] of the key entry step, and of the steps after the signature: items, kind, decode, slots,
    /// sound.
    pub fn open(
        &self,
        key: &PublicKey,
        verified: &Verified,
        shown: &[ShownItem],
    ) -> Result<Record, RecordError> {
        let brought = self.first_key()?;
        if brought.is_some_and(|brought| brought != *key) || !verified.covers(key, &self.message()) {
            return Err(RecordError::Signature(SignatureError::Mismatch));
        }
        self.contents(shown)
    }

    /// Returns what the record states, whoever signed it: for a record that is about to be signed.
    ///
    /// # Errors
    /// [`RecordError`] of the steps after the signature.
    pub(super) fn contents(&self, shown: &[ShownItem]) -> Result<Record, RecordError> {
        items::check_shown(self.header_bytes(), &self.directory, shown)?;
        let kind = self.kind().ok_or(RecordError::UnknownKind(self.header.kind))?;
        let mut fields = self.body().get(NONCE_LEN..).ok_or(RecordError::NoNonce)?;
        if kind == Kind::Establish {
            fields = self.key_entry()?.1;
        }
        let mut event =
            body::decode_fields(kind, fields)?.ok_or(RecordError::UnknownKind(self.header.kind))?;
        let mut shown = shown.iter().peekable();
        let held = self
            .directory
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let value = shown.next_if(|item| item.index as usize == index);
                (entry.key.as_str(), value.map_or(Held::Commitment, |item| Held::Value(&item.value)))
            })
            .collect();
        let mut filler = Filler::new(held);
        body::visit(&mut event, &mut filler)?;
        let withheld = filler.finish()?;
        super::sound::check(&event).map_err(RecordError::Invalid)?;
        Ok(Record {
            id: self.id,
            author: self.header.party,
            epoch: self.header.epoch,
            seq: self.header.seq,
            prev: self.header.prev,
            control: self.header.control,
            signed_at: self.header.signed_at,
            event,
            withheld,
        })
    }
}
