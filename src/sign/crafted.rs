//! Crafted keys and signatures, each with its stated verdict.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;

use super::{Batch, KeyError, PublicKey, SecretKey, Signature, SignatureError, verify, verify_strict};
use crate::hash::sha512;

const MESSAGE: &[u8; 47] = b"lodemark-sign-1 crafted for the edges of a rule";

/// The group order L, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A signer whose secret scalar is known, so that it can break the rules.
struct Crafter {
    secret: Scalar,
    key: PublicKey,
}

impl Crafter {
    fn new() -> Self {
        let secret = Scalar::from_bytes_mod_order_wide(&sha512(&[b"secret scalar"]));
        let key = PublicKey::from_bytes(&(ED25519_BASEPOINT_POINT * secret).compress().to_bytes()).unwrap();
        Self { secret, key }
    }

    /// Signs with these bytes as R, and S fitted to [r]B plus any point of small order.
    fn sign(&self, r_bytes: [u8; 32], r: Scalar) -> Signature {
        let k = Scalar::from_bytes_mod_order_wide(&sha512(&[&r_bytes, self.key.as_bytes(), MESSAGE]));
        join(r_bytes, (r + k * self.secret).to_bytes())
    }

    fn good(&self) -> Signature {
        let r = Scalar::from(20_26_u64);
        self.sign((ED25519_BASEPOINT_POINT * r).compress().to_bytes(), r)
    }
}

fn join(r: [u8; 32], s: [u8; 32]) -> Signature {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&r);
    bytes[32..].copy_from_slice(&s);
    Signature(bytes)
}

/// Adds two little-endian numbers; the sums used here stay below 2^256.
fn add(one: [u8; 32], other: [u8; 32]) -> [u8; 32] {
    let mut carry = 0_u16;
    std::array::from_fn(|at| {
        carry = (carry >> 8) + u16::from(one[at]) + u16::from(other[at]);
        carry.to_le_bytes()[0]
    })
}

/// Every spelling of a small-order point that a lenient reader takes and that is not the canonical one.
fn second_spellings() -> Vec<[u8; 32]> {
    let low = |first: u8, last: u8| {
        let mut bytes = [0; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    };
    let high = |first: u8, last: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    };
    // -0 at y = 1; y = p and y = p + 1 with either sign; -0 at y = -1.
    vec![
        low(1, 0x80),
        high(0xed, 0x7f),
        high(0xed, 0xff),
        high(0xee, 0x7f),
        high(0xee, 0xff),
        high(0xec, 0xff),
    ]
}

/// Checks that single, batch of one, and batch among 100 good ones give `expected`, and the good ones pass.
fn assert_verdict(key: &PublicKey, signature: &Signature, expected: Result<(), SignatureError>, name: &str) {
    let single = verify(key, MESSAGE, signature);
    assert_eq!(single.clone().map(drop), expected, "{name}: single");
    if let Ok(proof) = &single {
        assert!(proof.covers(key, MESSAGE), "{name}: proof");
    }

    let mut alone = Batch::new();
    alone.push(key, MESSAGE, *signature);
    assert_eq!(alone.verify()[0], single, "{name}: batch of one");

    let mut among = Batch::new();
    let mut position = 0;
    for number in 0..100_u8 {
        if number == 37 {
            position = among.push(key, MESSAGE, *signature);
        }
        let good = SecretKey::from_seed(&[number % 9; 32]);
        among.push(good.public(), &[number; 47], good.sign(&[number; 47]));
    }
    let verdicts = among.verify();
    assert_eq!(verdicts.len(), 101);
    for (at, verdict) in verdicts.iter().enumerate() {
        if at == position {
            assert_eq!(*verdict, single, "{name}: among good ones");
        } else {
            assert!(verdict.is_ok(), "{name}: good one at {at}");
        }
    }
}

#[test]
fn keys_of_small_order_are_refused() {
    for point in EIGHT_TORSION {
        assert_eq!(PublicKey::from_bytes(&point.compress().to_bytes()), Err(KeyError::SmallOrder));
    }
}

#[test]
fn keys_of_mixed_order_are_refused_and_the_innocent_one_passes() {
    let good = *Crafter::new().key.point();
    assert!(PublicKey::from_bytes(&good.compress().to_bytes()).is_ok());
    for torsion in &EIGHT_TORSION[1..] {
        assert_eq!(PublicKey::from_bytes(&(good + torsion).compress().to_bytes()), Err(KeyError::MixedOrder));
    }
}

#[test]
fn keys_in_a_second_spelling_are_refused() {
    for bytes in second_spellings() {
        assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NonCanonical), "{bytes:02x?}");
    }
}

#[test]
fn keys_off_the_curve_are_refused() {
    let mut two = [0; 32];
    two[0] = 2;
    assert_eq!(PublicKey::from_bytes(&two), Err(KeyError::NotOnCurve));
}

#[test]
fn ordinary_crafted_signature_is_accepted() {
    let crafter = Crafter::new();
    assert_verdict(&crafter.key, &crafter.good(), Ok(()), "good");
    assert!(verify_strict(&crafter.key, MESSAGE, &crafter.good()).is_ok());
}

#[test]
fn small_order_r_with_fitting_s_is_accepted_and_is_not_strict() {
    let crafter = Crafter::new();
    for (number, torsion) in EIGHT_TORSION.iter().enumerate() {
        let signature = crafter.sign(torsion.compress().to_bytes(), Scalar::ZERO);
        assert_verdict(&crafter.key, &signature, Ok(()), &format!("R is torsion {number}"));
        assert_eq!(verify_strict(&crafter.key, MESSAGE, &signature), Err(SignatureError::NotStrict));
    }
}

#[test]
fn mixed_order_r_with_fitting_s_is_accepted_and_is_not_strict() {
    // A check without the cofactor refuses these. A batch of such checks lets some through.
    let crafter = Crafter::new();
    let r = Scalar::from(7_u64);
    for (number, torsion) in EIGHT_TORSION.iter().enumerate().skip(1) {
        let signature = crafter.sign((ED25519_BASEPOINT_POINT * r + torsion).compress().to_bytes(), r);
        assert_verdict(&crafter.key, &signature, Ok(()), &format!("R + torsion {number}"));
        assert_eq!(verify_strict(&crafter.key, MESSAGE, &signature), Err(SignatureError::NotStrict));
    }
}

#[test]
fn torsion_in_many_members_changes_no_verdict() {
    // 400 signatures, each with its own part of small order: all accepted by both, none by chance.
    let crafter = Crafter::new();
    let mut batch = Batch::new();
    let mut alone = Vec::new();
    for number in 0..400_u64 {
        let r = Scalar::from(1_000 + number);
        let torsion: EdwardsPoint = EIGHT_TORSION[(number % 8) as usize];
        let mut signature = crafter.sign((ED25519_BASEPOINT_POINT * r + torsion).compress().to_bytes(), r);
        if number % 50 == 0 {
            signature.0[32] ^= 1;
        }
        batch.push(&crafter.key, MESSAGE, signature);
        alone.push(verify(&crafter.key, MESSAGE, &signature));
    }
    assert_eq!(alone.iter().filter(|verdict| verdict.is_err()).count(), 8);
    assert_eq!(batch.verify(), alone);
}

#[test]
fn torsion_with_a_wrong_s_is_a_mismatch() {
    let crafter = Crafter::new();
    for torsion in EIGHT_TORSION {
        let mut signature = crafter.sign(torsion.compress().to_bytes(), Scalar::ZERO);
        signature.0[32] ^= 1;
        assert_verdict(&crafter.key, &signature, Err(SignatureError::Mismatch), "torsion, wrong S");
    }
}

#[test]
fn r_in_a_second_spelling_is_refused_though_s_fits() {
    let crafter = Crafter::new();
    for bytes in second_spellings() {
        let signature = crafter.sign(bytes, Scalar::ZERO);
        assert_verdict(
            &crafter.key,
            &signature,
            Err(SignatureError::NonCanonicalR),
            &format!("{bytes:02x?}"),
        );
    }
}

#[test]
fn r_off_the_curve_is_refused() {
    let crafter = Crafter::new();
    let mut two = [0; 32];
    two[0] = 2;
    let signature = crafter.sign(two, Scalar::ZERO);
    assert_verdict(&crafter.key, &signature, Err(SignatureError::UndecodableR), "y = 2");
}

#[test]
fn s_at_or_above_the_order_is_refused_though_the_scalar_fits() {
    let crafter = Crafter::new();
    let good = crafter.good();
    let mut s = *good.s();
    for times in 1..=8 {
        s = add(s, ORDER);
        let signature = join(*good.r(), s);
        assert_verdict(
            &crafter.key,
            &signature,
            Err(SignatureError::ScalarOutOfRange),
            &format!("S + {times} L"),
        );
    }
}

#[test]
fn s_at_the_boundary_is_in_range_one_below_the_order_and_out_of_it_at_the_order() {
    let crafter = Crafter::new();
    let r = *crafter.good().r();
    let below = (-Scalar::ONE).to_bytes();
    assert_eq!(add(below, Scalar::ONE.to_bytes()), ORDER);
    assert_verdict(&crafter.key, &join(r, below), Err(SignatureError::Mismatch), "S = L - 1");
    assert_verdict(&crafter.key, &join(r, ORDER), Err(SignatureError::ScalarOutOfRange), "S = L");
    assert_verdict(&crafter.key, &join(r, [0; 32]), Err(SignatureError::Mismatch), "S = 0");
    assert_verdict(
        &crafter.key,
        &join(r, [0xff; 32]),
        Err(SignatureError::ScalarOutOfRange),
        "S = 2^256 - 1",
    );
}

#[test]
fn range_of_s_is_judged_before_the_form_of_r() {
    let crafter = Crafter::new();
    let signature = join(second_spellings()[0], ORDER);
    assert_verdict(&crafter.key, &signature, Err(SignatureError::ScalarOutOfRange), "both malformed");
}

#[test]
fn ordinary_signatures_are_strict_too() {
    let key = SecretKey::from_seed(&[8; 32]);
    let signature = key.sign(MESSAGE);
    assert!(verify_strict(key.public(), MESSAGE, &signature).unwrap().covers(key.public(), MESSAGE));
    assert_eq!(verify_strict(key.public(), b"other", &signature), Err(SignatureError::Mismatch));
}
