//! SHA-256 with domain tags, and the ids made with it. SHA-512 is here for the inside of signatures only.
//!
//! Every tag is exactly 16 bytes, padded with NUL, so that no two uses of the hash can share an input.
//! Spec: docs/formats/record.md, "Hashes".

pub mod quick;

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256, Sha512};

/// A 16-byte domain tag: ASCII, padded on the right with NUL.
pub type Tag = [u8; 16];

/// Tag of a party id: SHA-256(tag ‖ alg ‖ first public key ‖ recovery commitment).
pub const TAG_PARTY: Tag = *b"lodemark/party/1";
/// Tag of a recovery commitment.
pub const TAG_RECOVERY: Tag = *b"lodemark/rcvry/1";
/// Tag of the message a new key signs to show that it is held.
pub const TAG_JOIN: Tag = *b"lodemark/join/1\0";
/// Tag of a record body.
pub const TAG_BODY: Tag = *b"lodemark/body/1\0";
/// Tag of one private item.
pub const TAG_ITEM: Tag = *b"lodemark/item/1\0";
/// Tag of the directory of private items.
pub const TAG_ITEMS: Tag = *b"lodemark/items/1";
/// Tag of a claim code.
pub const TAG_CLAIM: Tag = *b"lodemark/claim/1";
/// Tag in front of what the leaf of a serial number holds.
pub const TAG_SERIAL: Tag = *b"lodemark/sernr/1";
/// Tag of the coefficients of a signature batch; never part of stored bytes.
pub const TAG_BATCH: Tag = *b"lodemark/batch/1";

/// Thirty-two bytes out of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Thirty-two zero bytes: "there is none".
    pub const ZERO: Self = Self([0; 32]);

    /// Whether every byte is zero.
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 32]
    }

    /// Returns the 64 lower-case hex digits.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Reads 64 lower-case hex digits; anything else is `None`.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

/// Returns SHA-256 of `parts` laid end to end, without a tag.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// Returns SHA-256 of everything `from` gives, and the number of bytes, without holding them all.
///
/// # Errors
/// What reading gives.
pub fn sha256_of(from: &mut dyn std::io::Read) -> std::io::Result<(Hash, u64)> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut block = vec![0; 1 << 16];
    loop {
        match from.read(&mut block)? {
            0 => return Ok((Hash(hasher.finalize().into()), size)),
            read => {
                hasher.update(&block[..read]);
                size += read as u64;
            }
        }
    }
}

/// Returns SHA-512 of `parts` laid end to end: the hash inside an Ed25519 signature.
///
/// Source: RFC 8032 §5.1.7.
pub fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Returns SHA-256 of `tag` followed by `parts` laid end to end.
pub fn tagged(tag: &Tag, parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(tag);
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// Defines a 32-byte id with hex text, order and serde as a hex string.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub Hash);

        impl $name {
            /// Thirty-two zero bytes.
            pub const ZERO: Self = Self(Hash::ZERO);

            /// Returns the id made of these bytes.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(Hash(bytes))
            }

            /// Returns the 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0.0
            }

            /// Whether every byte is zero.
            pub fn is_zero(&self) -> bool {
                self.0.is_zero()
            }

            /// Returns the 64 lower-case hex digits.
            pub fn to_hex(&self) -> String {
                self.0.to_hex()
            }

            /// Reads 64 lower-case hex digits; anything else is `None`.
            pub fn from_hex(text: &str) -> Option<Self> {
                Hash::from_hex(text).map(Self)
            }

            /// Returns the first 16 hex digits, the shortest form shown to people.
            pub fn short(&self) -> String {
                self.to_hex()[..16].to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.to_hex())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                Self::from_hex(&text)
                    .ok_or_else(|| serde::de::Error::custom("expected 64 lower-case hex digits"))
            }
        }
    };
}

id! {
    /// The id of a record: SHA-256 of its 208-byte header. The signature is not part of it.
    RecordId
}

id! {
    /// The id of a party: the tagged hash of its first key and recovery commitment.
    PartyId
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", &self.to_hex()[..16])
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_hex())
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("expected 64 lower-case hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_of_nothing_is_the_known_value() {
        assert_eq!(sha256(&[]).to_hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn hash_of_a_stream_is_that_of_its_bytes() {
        let bytes = vec![7; 200_000];
        let streamed = sha256_of(&mut &bytes[..]).expect("memory can be read");
        assert_eq!(streamed, (sha256(&[&bytes]), 200_000));
    }

    #[test]
    fn sha512_of_abc_is_the_published_value() {
        let digest = HEXLOWER.encode(&sha512(&[b"a", b"bc"]));
        assert_eq!(
            digest,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
    }

    #[test]
    fn hex_reads_back_and_upper_case_is_refused() {
        let id = RecordId(sha256(&[b"a"]));
        assert_eq!(RecordId::from_hex(&id.to_hex()), Some(id));
        assert_eq!(RecordId::from_hex(&id.to_hex().to_uppercase()), None);
    }
}
