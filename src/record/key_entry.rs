//! Key entries: the fixed prefix of a body that brings a key into a chain.
//!
//! Spec: docs/formats/record.md, "Key entries".

use crate::hash::{Hash, PartyId, TAG_PARTY, TAG_RECOVERY, tagged};

/// What a key may sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Records only.
    Records,
    /// The log only.
    Log,
    /// Both.
    Both,
}

impl Purpose {
    /// Returns the number in the record.
    pub fn code(self) -> u8 {
        match self {
            Self::Records => 1,
            Self::Log => 2,
            Self::Both => 3,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        [Self::Records, Self::Log, Self::Both].into_iter().find(|purpose| purpose.code() == code)
    }
}

/// A key and the proof that its owner holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyEntry {
    /// What it may sign.
    pub purpose: Purpose,
    /// Algorithm of the key.
    pub alg: u16,
    /// Public key; 32 bytes for Ed25519.
    pub key: [u8; 32],
    /// Signature of the new key over the join message.
    pub proof: [u8; 64],
}

/// Why a key entry does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyEntryError {
    /// The body ends inside it.
    #[error("the body ends inside its key entry")]
    TooShort,
    /// The purpose is not 1, 2 or 3.
    #[error("{0} is no purpose of a key")]
    UnknownPurpose(u8),
    /// The algorithm or the length of the key is another.
    #[error(
        "the key entry holds a key of algorithm {alg} with {len} bytes, the header is signed with algorithm 1"
    )]
    WrongAlgorithm {
        /// Algorithm number.
        alg: u16,
        /// Length of the key.
        len: u16,
    },
    /// The record that opens a chain stands in a later epoch, or is not signed by the first key.
    #[error("`establish` stands in epoch 0 and is signed by key 0")]
    NotFirst,
    /// The key may not sign records.
    #[error("the first key of a chain may not sign records")]
    NotForRecords,
    /// The party in the header is not the hash of key and recovery commitment.
    #[error("the party in the header is not the one this key and recovery commitment make")]
    WrongParty,
    /// The bytes are no usable public key.
    #[error("the key is not usable: {0}")]
    BadKey(#[from] crate::sign::KeyError),
    /// The proof of possession does not hold.
    #[error("the key's owner did not sign the join message")]
    NoPossession,
}

impl KeyEntry {
    /// Appends the bytes.
    pub fn write(&self, to: &mut Vec<u8>) {
        to.push(self.purpose.code());
        to.extend(self.alg.to_be_bytes());
        to.extend((self.key.len() as u16).to_be_bytes());
        to.extend(self.key);
        to.extend(self.proof);
    }

    /// Reads an entry from the front of `bytes`; returns it and what follows.
    ///
    /// # Errors
    /// [`KeyEntryError`] for what does not hold of lengths and numbers.
    pub fn read(bytes: &[u8]) -> Result<(Self, &[u8]), KeyEntryError> {
        let (head, rest) = bytes.split_first_chunk::<5>().ok_or(KeyEntryError::TooShort)?;
        let purpose = Purpose::from_code(head[0]).ok_or(KeyEntryError::UnknownPurpose(head[0]))?;
        let alg = u16::from_be_bytes([head[1], head[2]]);
        let len = u16::from_be_bytes([head[3], head[4]]);
        if alg != super::header::ALG_ED25519 || len != 32 {
            return Err(KeyEntryError::WrongAlgorithm { alg, len });
        }
        let (key, rest) = rest.split_first_chunk::<32>().ok_or(KeyEntryError::TooShort)?;
        let (proof, rest) = rest.split_first_chunk::<64>().ok_or(KeyEntryError::TooShort)?;
        Ok((Self { purpose, alg, key: *key, proof: *proof }, rest))
    }
}

/// Returns the id of the party whose chain begins with this key and recovery commitment.
///
/// Source: docs/formats/record.md, "Parties".
pub fn party_id(alg: u16, first_key: &[u8; 32], recovery_commitment: &Hash) -> PartyId {
    PartyId(tagged(&TAG_PARTY, &[&alg.to_be_bytes(), first_key, &recovery_commitment.0]))
}

/// Returns the commitment to having no recovery key and no guardians, under `salt`.
pub fn no_recovery(salt: &[u8; 32]) -> Hash {
    tagged(&TAG_RECOVERY, &[salt, &0_u16.to_be_bytes(), &[0; 32], &[0, 0]])
}
