//! The two messages a party's key signs, 47 bytes each, so that neither can pass for the other.

use super::PublicKey;
use crate::hash::{PartyId, RecordId, TAG_JOIN, tagged};

/// Start of the message that signs a record.
pub const RECORD_PREFIX: &[u8; 15] = b"lodemark-sign-1";
/// Start of the message by which a new key shows that it is held.
pub const JOIN_PREFIX: &[u8; 15] = b"lodemark-join-1";

/// Returns the message that signs the record `id`.
pub fn record_message(id: &RecordId) -> [u8; 47] {
    prefixed(RECORD_PREFIX, id.as_bytes())
}

/// The place where a new key joins a party's history.
#[derive(Clone, Debug)]
pub struct Join<'a> {
    /// The party whose history it is; at `establish` the id that this key gives.
    pub party: PartyId,
    /// Epoch of the record that brings the key.
    pub epoch: u16,
    /// Position of that record in the party's chain.
    pub seq: u64,
    /// The record before it; zeros at position 0.
    pub prev: RecordId,
    /// Index the key gets in the key history.
    pub index: u16,
    /// What the key is for, as its code.
    pub purpose: u8,
    /// Algorithm number of the key.
    pub alg: u16,
    /// The new key.
    pub key: &'a PublicKey,
}

/// Returns the message that the new key signs to show that its owner holds it, here and nowhere else.
pub fn join_message(join: &Join<'_>) -> [u8; 47] {
    let digest = tagged(
        &TAG_JOIN,
        &[
            join.party.as_bytes(),
            &join.epoch.to_be_bytes(),
            &join.seq.to_be_bytes(),
            join.prev.as_bytes(),
            &join.index.to_be_bytes(),
            &[join.purpose],
            &join.alg.to_be_bytes(),
            join.key.as_bytes(),
        ],
    );
    prefixed(JOIN_PREFIX, &digest.0)
}

fn prefixed(prefix: &[u8; 15], digest: &[u8; 32]) -> [u8; 47] {
    let mut message = [0; 47];
    message[..15].copy_from_slice(prefix);
    message[15..].copy_from_slice(digest);
    message
}

#[cfg(test)]
mod tests {
    use super::super::{ALG_ED25519, SecretKey};
    use super::*;
    use crate::hash::sha256;

    #[test]
    fn record_message_is_the_prefix_and_the_id() {
        let id = RecordId(sha256(&[b"header"]));
        let message = record_message(&id);
        assert_eq!(message[..15], *b"lodemark-sign-1");
        assert_eq!(message[15..], *id.as_bytes());
    }

    #[test]
    fn join_message_hashes_every_field_at_its_place() {
        let (key, other) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
        let join = Join {
            party: PartyId::from_bytes([0xaa; 32]),
            epoch: 0x0102,
            seq: 0x0304_0506_0708_090a,
            prev: RecordId::from_bytes([0xbb; 32]),
            index: 0x0b0c,
            purpose: 0x0d,
            alg: ALG_ED25519,
            key: key.public(),
        };
        let mut bytes = b"lodemark/join/1\0".to_vec();
        bytes.extend([0xaa; 32]);
        bytes.extend(1..=10_u8);
        bytes.extend([0xbb; 32]);
        bytes.extend([0x0b, 0x0c, 0x0d, 0x00, 0x01]);
        bytes.extend(key.public().to_bytes());
        let message = join_message(&join);
        assert_eq!(message[..15], *b"lodemark-join-1");
        assert_eq!(message[15..], sha256(&[&bytes]).0);

        let elsewhere = [
            Join { party: PartyId::ZERO, ..join.clone() },
            Join { epoch: 0, ..join.clone() },
            Join { seq: 0, ..join.clone() },
            Join { prev: RecordId::ZERO, ..join.clone() },
            Join { index: 0, ..join.clone() },
            Join { purpose: 0, ..join.clone() },
            Join { alg: 2, ..join.clone() },
            Join { key: other.public(), ..join },
        ];
        for other in elsewhere {
            assert_ne!(join_message(&other), message, "{other:?}");
        }
    }
}
