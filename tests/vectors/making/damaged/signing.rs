//! Damage to key entry and signature: steps `key_entry`, `signature`.

use lodemark::hash::{Hash, TAG_JOIN, tagged};
use lodemark::record::{ALG_ED25519, party_id};
use lodemark::sign::{JOIN_PREFIX, SecretKey};

use super::super::chains::signer;
use super::super::file::Vector;
use super::super::parts::Parts;
use super::super::signatures;
use super::{Damages, at, establish, withdraw};

impl Damages {
    pub(super) fn key_entry(&mut self) {
        const STEP: &str = "key_entry";
        let mut founding = |name: &str, about: &str, change: &dyn Fn(&mut Parts)| {
            let mut parts = establish();
            change(&mut parts);
            parts.rehash();
            parts.sign();
            let vector = Vector::of(&parts.stored(), &parts.items, None);
            self.files.push(vector.damaged(name, about, STEP, false));
        };
        founding("key-entry-truncated", "the body ends inside the proof", &|parts| parts.body.truncate(100));
        founding("key-entry-without-recovery", "the body ends inside the recovery commitment", &|parts| {
            parts.body.truncate(at::RECOVERY + 31);
        });
        founding("key-entry-purpose-0", "no purpose", &|parts| parts.body[at::PURPOSE] = 0);
        founding("key-entry-purpose-4", "an unknown purpose", &|parts| parts.body[at::PURPOSE] = 4);
        founding("key-entry-purpose-log", "a key that may not sign records", &|parts| {
            parts.body[at::PURPOSE] = 2;
            join(parts);
        });
        founding("key-entry-alg-2", "another algorithm than the header's", &|parts| {
            parts.body[at::ENTRY_ALG + 1] = 2;
        });
        founding("key-entry-31-bytes", "a key of another length", &|parts| {
            parts.body[at::ENTRY_LENGTH + 1] = 31
        });
        founding("key-entry-proof-flipped", "one bit of the proof of possession", &|parts| {
            parts.body[at::PROOF + 33] ^= 1;
        });
        founding("key-entry-proof-for-another-party", "the proof was made for another party", &|parts| {
            let right = parts.header[24..56].to_vec();
            parts.set(24, &[7; 32]);
            join(parts);
            parts.set(24, &right);
        });
        founding(
            "party-of-another-key",
            "the party is not the hash of key and recovery commitment",
            &|parts| {
                parts.set(24, &[7; 32]);
                join(parts);
            },
        );
        founding(
            "recovery-commitment-flipped",
            "the party is that of another recovery commitment",
            &|parts| {
                parts.body[at::RECOVERY] ^= 1;
            },
        );
        founding("establish-under-key-1", "it names key 1 as its signer", &|parts| {
            parts.set(20, &[0, 1]);
            join(parts);
        });
        founding("establish-in-epoch-1", "it stands in epoch 1", &|parts| {
            parts.set(22, &[0, 1]);
            join(parts);
        });
        for (name, bytes) in signatures::bad_keys() {
            let mut parts = establish();
            parts.body[at::ENTRY_KEY..at::PROOF].copy_from_slice(&bytes);
            let recovery = parts.body[at::RECOVERY..at::RECOVERY + 32].try_into().expect("32 bytes");
            parts.set(24, party_id(ALG_ED25519, &bytes, &Hash(recovery)).as_bytes());
            let proof = signatures::forge(&bytes, &join_bytes(&parts));
            parts.body[at::PROOF..at::RECOVERY].copy_from_slice(&proof);
            parts.rehash();
            parts.signature = signatures::forge(&bytes, &parts.message());
            let vector = Vector::of(&parts.stored(), &parts.items, None);
            let about = "it brings a key that is no key; where an equation can be made to hold, it holds";
            self.files.push(vector.damaged(&format!("establish-{name}"), about, STEP, false));
        }
    }

    pub(super) fn signature(&mut self) {
        const STEP: &str = "signature";
        let mut parts = withdraw();
        parts.signature[0] ^= 1;
        self.add("signature-r-flipped", "one bit of R", STEP, &parts);
        let mut parts = withdraw();
        parts.signature[63] ^= 1;
        self.add("signature-s-flipped", "one bit of S", STEP, &parts);
        let mut parts = withdraw();
        parts.signature = signatures::with_larger_s(&parts.signature);
        self.add("signature-s-plus-l", "S is larger by the group order", STEP, &parts);
        let mut parts = withdraw();
        parts.signature = signatures::sign_with_bytes(&parts.message(), signatures::second_spelling());
        self.add("signature-r-not-canonical", "R is a second spelling, and S fits", STEP, &parts);
        let mut parts = withdraw();
        parts.signature = signatures::sign_with_bytes(&parts.message(), signatures::off_the_curve());
        self.add("signature-r-off-the-curve", "R is no point", STEP, &parts);
        let mut parts = withdraw();
        parts.signature = vec![0; 64];
        self.add("signature-of-zeros", "64 zero bytes", STEP, &parts);
        let mut parts = withdraw();
        parts.sign_with(&SecretKey::from_seed(&[2; 32]));
        self.add("signature-of-another-key", "it verifies under another key", STEP, &parts);
        let mut parts = withdraw();
        parts.signature = signer().sign(&parts.message()[15..]).0.to_vec();
        self.add("signature-without-prefix", "it signs the id alone", STEP, &parts);
        let mut parts = withdraw();
        parts.header[183] ^= 1;
        self.add("header-changed-after-signing", "one bit of control", STEP, &parts);
        let mut parts = establish();
        parts.sign_with(&SecretKey::from_seed(&[2; 32]));
        let vector = Vector::of(&parts.stored(), &parts.items, None);
        let about = "the first record is signed by another key than it brings";
        self.files.push(vector.damaged("establish-signed-by-another-key", about, STEP, false));
    }
}

/// Makes the proof of possession anew for what header and entry say now.
fn join(parts: &mut Parts) {
    let proof = signer().sign(&join_bytes(parts)).0;
    parts.body[at::PROOF..at::RECOVERY].copy_from_slice(&proof);
}

/// Returns the bytes that the proof signs, for any 32 bytes as the key.
fn join_bytes(parts: &Parts) -> Vec<u8> {
    let (header, body) = (&parts.header, &parts.body);
    let digest = tagged(
        &TAG_JOIN,
        &[
            &header[24..56],
            &header[22..24],
            &header[56..96],
            &header[20..22],
            &body[at::PURPOSE..at::ENTRY_LENGTH],
            &body[at::ENTRY_KEY..at::PROOF],
        ],
    );
    [&JOIN_PREFIX[..], &digest.0].concat()
}
