//! Sealing: from an event to signed bytes and the private items beside them.

use super::body::{self, NONCE_LEN};
use super::header::{ALG_ED25519, BODY_MAX, Header, ITEMS_MAX};
use super::items::{self, Entry, ShownItem};
use super::key_entry::{KeyEntry, Purpose, no_recovery, party_id};
use super::open::{RecordError, SealedRecord};
use super::slot::{Hider, Lister, NoValue};
use crate::hash::{Hash, PartyId, RecordId, TAG_BODY, tagged};
use crate::model::coded::Coded;
use crate::model::event::{Body, Event};
use crate::model::time::Timestamp;
use crate::sign::{self, Entropy, Join, PublicKey, SecretKey, Signature, SignatureError, Verified};

/// Where in a chain a record will stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// Whose chain.
    pub party: PartyId,
    /// Which epoch of it.
    pub epoch: u16,
    /// Place in it, from 0.
    pub seq: u64,
    /// The record before.
    pub prev: RecordId,
    /// The latest control record before.
    pub control: RecordId,
    /// Index of the key that signs.
    pub key: u16,
}

/// A sealed record and the private items that stay with its author.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The signed bytes.
    pub record: SealedRecord,
    /// Values and salts of every private item, in the order of the directory.
    pub items: Vec<ShownItem>,
}

/// A record that waits for its signature, and the private items that stay with its author.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The bytes, with zeros where the signature will be.
    record: SealedRecord,
    items: Vec<ShownItem>,
}

/// Why an event cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A value to be committed to is not known.
    #[error(transparent)]
    NoValue(#[from] NoValue),
    /// The body is longer than 4 MiB.
    #[error("the record's body would have {0} bytes, at most 4 MiB are allowed")]
    BodyTooLong(usize),
    /// There are more than 4 096 private items.
    #[error("the record would have {0} private items, at most 4096 are allowed")]
    TooManyItems(usize),
    /// The record would be refused by every reader.
    #[error(transparent)]
    WouldBeRefused(#[from] RecordError),
    /// An `establish` event opens a chain and stands nowhere else.
    #[error("`establish` opens a chain and cannot stand inside one")]
    EstablishInside,
}

/// Seals the first record of a chain; returns it with the id of the party it makes.
///
/// The recovery commitment in `event` is replaced by one to *no recovery key*, salted.
/// `is_private` says which slots become private items.
///
/// # Errors
/// [`SealError`]; also for an event of another kind, which no reader would take as the start of a chain.
pub fn found(
    mut event: Event,
    signed_at: Timestamp,
    is_private: &dyn Fn(&str) -> bool,
    signer: &SecretKey,
    entropy: &mut dyn Entropy,
) -> Result<Sealed, SealError> {
    let mut salt = [0; 32];
    entropy.fill(&mut salt);
    let recovery = no_recovery(&salt);
    if let Body::Establish(establish) = &mut event.body {
        establish.recovery_commitment = recovery;
    }
    let key = signer.public().to_bytes();
    let party = party_id(ALG_ED25519, &key, &recovery);
    let at = Position { party, epoch: 0, seq: 0, prev: RecordId::ZERO, control: RecordId::ZERO, key: 0 };
    let join = sign::join_message(&Join {
        party,
        epoch: 0,
        seq: 0,
        prev: at.prev,
        index: 0,
        purpose: Purpose::Both.code(),
        alg: ALG_ED25519,
        key: signer.public(),
    });
    let entry = KeyEntry { purpose: Purpose::Both, alg: ALG_ED25519, key, proof: signer.sign(&join).0 };
    sign_now(draft(at, event, Some(&entry), signed_at, is_private, entropy)?, signer)
}

/// Returns the paths of an event's slots: whatever a profile, or an exception from it, can make private.
pub fn slots(event: &Event) -> Vec<String> {
    let mut lister = Lister::default();
    let Ok(()) = body::visit(&mut event.clone(), &mut lister);
    lister.paths
}

/// Seals a record at `at`; `is_private` says which slots become private items.
///
/// # Errors
/// [`SealError`]; nothing is sealed that opening would refuse.
pub fn seal(
    at: Position,
    event: Event,
    signed_at: Timestamp,
    is_private: &dyn Fn(&str) -> bool,
    signer: &SecretKey,
    entropy: &mut dyn Entropy,
) -> Result<Sealed, SealError> {
    sign_now(prepare(at, event, signed_at, is_private, entropy)?, signer)
}

/// Does all of [`seal`] but signing, so that many records of a chain can be signed and checked together.
///
/// # Errors
/// [`SealError`]; nothing is prepared that opening would refuse.
pub fn prepare(
    at: Position,
    event: Event,
    signed_at: Timestamp,
    is_private: &dyn Fn(&str) -> bool,
    entropy: &mut dyn Entropy,
) -> Result<Unsigned, SealError> {
    if matches!(event.body, Body::Establish(_)) {
        return Err(SealError::EstablishInside);
    }
    draft(at, event, None, signed_at, is_private, entropy)
}

fn draft(
    at: Position,
    mut event: Event,
    entry: Option<&KeyEntry>,
    signed_at: Timestamp,
    is_private: &dyn Fn(&str) -> bool,
    entropy: &mut dyn Entropy,
) -> Result<Unsigned, SealError> {
    let kind = event.kind().code();
    let mut hider = Hider { is_private, taken: Vec::new() };
    body::visit(&mut event, &mut hider)?;
    let mut taken = hider.taken;
    taken.sort();

    let mut nonce = [0; NONCE_LEN];
    entropy.fill(&mut nonce);
    let mut bytes = nonce.to_vec();
    if let Some(entry) = entry {
        entry.write(&mut bytes);
    }
    bytes.extend(body::encode_fields(&event));
    if bytes.len() > BODY_MAX as usize {
        return Err(SealError::BodyTooLong(bytes.len()));
    }
    if taken.len() > ITEMS_MAX as usize {
        return Err(SealError::TooManyItems(taken.len()));
    }

    let mut header = Header {
        alg: ALG_ED25519,
        kind,
        key: at.key,
        epoch: at.epoch,
        party: at.party,
        seq: at.seq,
        prev: at.prev,
        signed_at,
        body_len: bytes.len() as u32,
        item_count: taken.len() as u32,
        body_hash: tagged(&TAG_BODY, &[&bytes]),
        items_hash: Hash::ZERO,
        control: at.control,
    };
    // Commitments cover bytes 22 to 63 of the header, which do not change any more.
    let committed = header.to_bytes();
    let mut directory = Vec::with_capacity(taken.len());
    let mut shown = Vec::with_capacity(taken.len());
    for (index, (key, value)) in taken.into_iter().enumerate() {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        directory.push(Entry { commitment: items::commitment(&committed, &salt, &key, &value), key });
        shown.push(ShownItem { index: index as u32, salt, value });
    }
    header.items_hash = items::items_hash(&directory);

    let mut stored = header.to_bytes().to_vec();
    // The place of the signature.
    stored.extend([0; 64]);
    stored.extend(bytes);
    items::write_directory(&directory, &mut stored);

    // Whatever a reader would refuse is refused here, before it is signed into a chain.
    let record = SealedRecord::parse(&stored)?;
    record.first_key()?;
    record.contents(&shown)?;
    Ok(Unsigned { record, items: shown })
}

fn sign_now(unsigned: Unsigned, signer: &SecretKey) -> Result<Sealed, SealError> {
    let signature = signer.sign(&unsigned.message());
    let verified =
        sign::verify(signer.public(), &unsigned.message(), &signature).map_err(RecordError::from)?;
    Ok(unsigned.signed(&signature, signer.public(), &verified)?)
}

impl Unsigned {
    /// Returns the id, which does not depend on the signature.
    pub fn id(&self) -> RecordId {
        self.record.id()
    }

    /// Whether later records point back to it through `control`.
    pub fn is_control(&self) -> bool {
        self.record.is_control()
    }

    /// Returns the bytes to sign.
    pub fn message(&self) -> [u8; 47] {
        self.record.message()
    }

    /// Puts a signature that was checked in its place.
    ///
    /// # Errors
    /// [`RecordError::Signature`] where `verified` is the proof of something else.
    pub fn signed(
        mut self,
        signature: &Signature,
        key: &PublicKey,
        verified: &Verified,
    ) -> Result<Sealed, RecordError> {
        if !verified.covers(key, &self.message()) {
            return Err(RecordError::Signature(SignatureError::Mismatch));
        }
        self.record.put_signature(signature);
        Ok(Sealed { record: self.record, items: self.items })
    }
}
