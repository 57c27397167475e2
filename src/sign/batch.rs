//! Many signatures at once, with the verdicts of [`super::verify()`] and about a fifth of the work.
//!
//! The equations of all members, each times a coefficient of its own, are added into one sum that is 0 when
//! all hold. The members of one key share one term of that sum. The coefficients come from a hash of the
//! whole batch, so the verdict is the same on every run, and nobody can choose a signature after seeing them.

use std::collections::HashMap;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;

use super::equation::{Claim, vanishes};
use super::{PublicKey, Signature, SignatureError, Verified};
use crate::hash::{TAG_BATCH, sha256, tagged};

/// Signatures collected for one check. Some thousands are a good size; memory is about 400 bytes for each.
#[derive(Default)]
pub struct Batch {
    /// Each key once, in order of first use.
    keys: Vec<PublicKey>,
    places: HashMap<[u8; 32], usize>,
    members: Vec<Member>,
    /// For every signature added: whether a member stands for it, or why it was set aside.
    pushed: Vec<Result<(), SignatureError>>,
}

/// A well-formed signature that waits for the check.
struct Member {
    /// Index into `Batch::keys`.
    key: usize,
    claim: Claim,
    signature: Signature,
    /// Handed out only when the check succeeds.
    proof: Verified,
}

impl Batch {
    /// Returns an empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty batch with room for `count` signatures.
    pub fn with_capacity(count: usize) -> Self {
        Self { members: Vec::with_capacity(count), pushed: Vec::with_capacity(count), ..Self::default() }
    }

    /// Adds a signature and returns its position in the verdicts, from 0.
    ///
    /// One that is malformed is set aside here and does not weigh on the others.
    pub fn push(&mut self, key: &PublicKey, message: &[u8], signature: Signature) -> usize {
        let read = Claim::read(key, message, &signature).map(|claim| {
            let key_place = self.place(key);
            self.members.push(Member { key: key_place, claim, signature, proof: Verified::of(key, message) });
        });
        self.pushed.push(read);
        self.pushed.len() - 1
    }

    /// Returns the number of signatures added, malformed ones too.
    pub fn len(&self) -> usize {
        self.pushed.len()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.pushed.is_empty()
    }

    /// Checks all signatures and returns the verdict on each, in the order they were added.
    ///
    /// When the sum is not 0, every member is checked alone by the same equation, to name the bad ones.
    ///
    /// # Errors
    /// Per signature those of [`super::verify()`].
    pub fn verify(self) -> Vec<Result<Verified, SignatureError>> {
        let all_hold = self.sum_vanishes();
        let Self { keys, members, pushed, .. } = self;
        let mut members = members.into_iter();
        pushed
            .into_iter()
            .map(|read| {
                read?;
                let member = members.next().expect("every signature not set aside has a member, in order");
                if all_hold || member.claim.holds(&keys[member.key]) {
                    Ok(member.proof)
                } else {
                    Err(SignatureError::Mismatch)
                }
            })
            .collect()
    }

    /// Returns the index of `key`, adding it when new.
    fn place(&mut self, key: &PublicKey) -> usize {
        *self.places.entry(key.to_bytes()).or_insert_with(|| {
            self.keys.push(key.clone());
            self.keys.len() - 1
        })
    }

    /// Whether `[8] Σ z([S]B - [k]A - R) = 0` over the members.
    fn sum_vanishes(&self) -> bool {
        let coefficients = self.coefficients();
        let mut base = Scalar::ZERO;
        // Scalars may be taken modulo the group order here because every key is of that order exactly.
        let mut per_key = vec![Scalar::ZERO; self.keys.len()];
        for (member, z) in self.members.iter().zip(&coefficients) {
            base += z * member.claim.s;
            per_key[member.key] -= z * member.claim.k;
        }
        let scalars = std::iter::once(&base).chain(&per_key).chain(&coefficients);
        let points = std::iter::once(Some(ED25519_BASEPOINT_POINT))
            .chain(self.keys.iter().map(|key| Some(*key.point())))
            .chain(self.members.iter().map(|member| Some(-member.claim.r)));
        EdwardsPoint::optional_multiscalar_mul(scalars, points).is_some_and(|sum| vanishes(&sum))
    }

    /// Returns one coefficient of 128 bits per member, each depending on the whole batch.
    fn coefficients(&self) -> Vec<Scalar> {
        let mut parts: Vec<&[u8]> = Vec::with_capacity(3 * self.members.len());
        for member in &self.members {
            // k stands for the message: it is a hash of R, key and message.
            parts.push(self.keys[member.key].as_bytes());
            parts.push(&member.signature.0);
            parts.push(member.claim.k.as_bytes());
        }
        let seed = tagged(&TAG_BATCH, &parts);
        (0_u64..)
            .flat_map(|block| {
                let digest = sha256(&[&seed.0, &block.to_be_bytes()]).0;
                let (halves, _) = digest.as_chunks::<16>();
                [halves[0], halves[1]]
            })
            .map(|half| Scalar::from(u128::from_le_bytes(half)))
            .take(parts.len() / 3)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{SecretKey, verify};
    use super::*;

    /// `count` signatures by up to `keys` keys, over messages of 47 bytes.
    fn signed(count: usize, keys: u8) -> Vec<(PublicKey, [u8; 47], Signature)> {
        let keys: Vec<SecretKey> = (0..keys).map(|seed| SecretKey::from_seed(&[seed; 32])).collect();
        (0..count)
            .map(|position| {
                let key = &keys[position % keys.len()];
                let mut message = [0x2f; 47];
                message[..8].copy_from_slice(&position.to_be_bytes());
                (key.public().clone(), message, key.sign(&message))
            })
            .collect()
    }

    fn batch(members: &[(PublicKey, [u8; 47], Signature)]) -> Batch {
        let mut batch = Batch::with_capacity(members.len());
        for (position, (key, message, signature)) in members.iter().enumerate() {
            assert_eq!(batch.push(key, message, *signature), position);
        }
        batch
    }

    #[test]
    fn empty_batch_has_no_verdicts() {
        assert!(Batch::new().is_empty());
        assert!(Batch::new().verify().is_empty());
    }

    #[test]
    fn good_batches_of_many_sizes_pass_and_cover_their_messages() {
        for count in [1, 2, 3, 100, 189, 190, 191, 300] {
            let members = signed(count, 7);
            for (verdict, (key, message, _)) in batch(&members).verify().iter().zip(&members) {
                assert!(verdict.as_ref().unwrap().covers(key, message));
            }
        }
    }

    #[test]
    fn bad_member_is_named_and_its_neighbours_pass() {
        let mut members = signed(50, 3);
        members[17].1[46] ^= 1;
        for (position, verdict) in batch(&members).verify().iter().enumerate() {
            assert_eq!(verdict.is_err(), position == 17, "{position}");
        }
    }

    #[test]
    fn errors_that_cancel_in_a_plain_sum_are_found() {
        // Without coefficients of their own, S + 1 and S - 1 of one key would add up to a good batch.
        let mut members = signed(10, 1);
        let shift = |signature: &mut Signature, by: Scalar| {
            let s = Scalar::from_canonical_bytes(*signature.s()).unwrap() + by;
            signature.0[32..].copy_from_slice(s.as_bytes());
        };
        shift(&mut members[2].2, Scalar::ONE);
        shift(&mut members[5].2, -Scalar::ONE);
        for (position, verdict) in batch(&members).verify().iter().enumerate() {
            assert_eq!(verdict.is_err(), [2, 5].contains(&position), "{position}");
        }
    }

    #[test]
    fn swapped_signatures_of_one_key_are_found() {
        let mut members = signed(4, 1);
        (members[1].2, members[2].2) = (members[2].2, members[1].2);
        let verdicts = batch(&members).verify();
        assert_eq!(verdicts.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn coefficients_repeat_for_the_same_batch_and_change_with_any_member() {
        let members = signed(9, 2);
        let first = batch(&members).coefficients();
        assert_eq!(batch(&members).coefficients(), first);
        assert_eq!(first.len(), 9);

        // S above all: whoever could choose it after the coefficients could make any sum vanish.
        let mut changes = vec![members.clone(); 6];
        changes[0][8].1[0] ^= 1;
        changes[1][8].2 = changes[1][0].2;
        changes[2].swap(0, 2);
        changes[3].pop();
        changes[4][8].2.0[32] ^= 1;
        changes[5][8].0 = members[7].0.clone();
        for (number, changed) in changes.iter().enumerate() {
            let others = batch(changed).coefficients();
            assert!(others.iter().zip(&first).all(|(one, other)| one != other), "change {number}");
        }
    }

    #[test]
    fn sum_vanishes_for_a_good_batch_and_for_no_other() {
        // The verdicts would be right without the sum too, at five times the cost.
        let mut members = signed(200, 3);
        assert!(batch(&members).sum_vanishes());
        members[199].2.0[32] ^= 1;
        assert!(!batch(&members).sum_vanishes());
    }

    #[test]
    fn malformed_member_is_set_aside_and_the_sum_still_vanishes() {
        let mut members = signed(200, 3);
        members[99].2.0[32..].fill(0xff);
        assert!(batch(&members).sum_vanishes());
        let verdicts = batch(&members).verify();
        assert_eq!(verdicts[99], Err(SignatureError::ScalarOutOfRange));
        assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 199);
    }

    #[test]
    fn members_of_one_key_share_one_term() {
        assert_eq!(batch(&signed(100, 3)).keys.len(), 3);
    }

    /// One way of damaging a batch.
    #[derive(Clone, Debug)]
    enum Damage {
        SignatureBit(usize, usize),
        MessageBit(usize, usize),
        KeyOf(usize, usize),
        SignatureOf(usize, usize),
        Random(usize, [u8; 32]),
    }

    fn damage() -> impl Strategy<Value = Damage> {
        prop_oneof![
            (any::<usize>(), 0..512_usize).prop_map(|(at, bit)| Damage::SignatureBit(at, bit)),
            (any::<usize>(), 0..376_usize).prop_map(|(at, bit)| Damage::MessageBit(at, bit)),
            any::<(usize, usize)>().prop_map(|(at, from)| Damage::KeyOf(at, from)),
            any::<(usize, usize)>().prop_map(|(at, from)| Damage::SignatureOf(at, from)),
            any::<(usize, [u8; 32])>().prop_map(|(at, r)| Damage::Random(at, r)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever is damaged, the batch says of each member what the single check says.
        #[test]
        fn batch_and_single_verdicts_are_the_same(
            count in 1..40_usize,
            keys in 1..5_u8,
            damages in proptest::collection::vec(damage(), 0..6),
        ) {
            let mut members = signed(count, keys);
            for damage in damages {
                match damage {
                    Damage::SignatureBit(at, bit) => members[at % count].2.0[bit / 8] ^= 1 << (bit % 8),
                    Damage::MessageBit(at, bit) => members[at % count].1[bit / 8] ^= 1 << (bit % 8),
                    Damage::KeyOf(at, from) => members[at % count].0 = members[from % count].0.clone(),
                    Damage::SignatureOf(at, from) => members[at % count].2 = members[from % count].2,
                    Damage::Random(at, r) => members[at % count].2.0[..32].copy_from_slice(&r),
                }
            }
            let alone: Vec<_> = members.iter().map(|(key, text, signature)| verify(key, text, signature)).collect();
            prop_assert_eq!(batch(&members).verify(), alone);
        }
    }
}
