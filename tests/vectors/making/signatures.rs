//! Keys and signatures at the edges of the signature rule.
//!
//! Making them takes a signer that breaks the rules, so this file counts with points and scalars itself.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use lodemark::hash::sha512;
use lodemark::sign::SecretKey;
use serde_json::json;

use super::chains::signer;
use super::file::{File, hex};

const MESSAGE: &[u8; 47] = b"lodemark-sign-1 at the edges of a simple rule..";

/// A point given as R: its bytes, and the part of it that is a multiple of B.
pub struct OddR {
    bytes: [u8; 32],
    scalar: Scalar,
}

/// The secret scalar behind the key that signs the vectors.
fn secret() -> Scalar {
    let seed = [1; 32];
    assert_eq!(SecretKey::from_seed(&seed).public(), signer().public());
    let half: [u8; 32] = *sha512(&[&seed]).first_chunk().expect("64 bytes hold 32");
    Scalar::from_bytes_mod_order(clamp_integer(half))
}

/// Signs with a given R; S is fitted so that the equation with the cofactor holds.
pub fn sign_with_point(message: &[u8], r: &OddR) -> Vec<u8> {
    sign_as(&signer().public().to_bytes(), message, r)
}

fn sign_as(key: &[u8; 32], message: &[u8], r: &OddR) -> Vec<u8> {
    let k = Scalar::from_bytes_mod_order_wide(&sha512(&[&r.bytes, key, message]));
    [r.bytes, (r.scalar + k * secret()).to_bytes()].concat()
}

/// Signs with any bytes as R, S fitted as if they were the neutral point.
pub fn sign_with_bytes(message: &[u8], bytes: [u8; 32]) -> Vec<u8> {
    sign_with_point(message, &OddR { bytes, scalar: Scalar::ZERO })
}

/// Returns a signature of `message` for which the equation holds under a key that is no key, where one exists.
///
/// Under a key of small order that is R = B and S = 1 for any message. Only the rule on keys refuses these.
pub fn forge(bad_key: &[u8; 32], message: &[u8]) -> Vec<u8> {
    if *bad_key == mixed_key() {
        return sign_as(
            bad_key,
            message,
            &OddR { bytes: bytes(ED25519_BASEPOINT_POINT), scalar: Scalar::ONE },
        );
    }
    [bytes(ED25519_BASEPOINT_POINT), Scalar::ONE.to_bytes()].concat()
}

/// The key of the vectors with a part of small order.
fn mixed_key() -> [u8; 32] {
    bytes(ED25519_BASEPOINT_POINT * secret() + EIGHT_TORSION[1])
}

fn bytes(point: EdwardsPoint) -> [u8; 32] {
    point.compress().to_bytes()
}

/// Returns points that R may be although a check without the cofactor refuses them.
pub fn odd_r_points() -> Vec<(&'static str, OddR)> {
    let seven = Scalar::from(7_u64);
    let mixed = bytes(ED25519_BASEPOINT_POINT * seven + EIGHT_TORSION[1]);
    vec![
        ("r-of-small-order", OddR { bytes: bytes(EIGHT_TORSION[1]), scalar: Scalar::ZERO }),
        ("r-of-mixed-order", OddR { bytes: mixed, scalar: seven }),
        ("r-is-the-neutral-point", OddR { bytes: bytes(EIGHT_TORSION[0]), scalar: Scalar::ZERO }),
    ]
}

/// Returns keys that are no keys, by name.
pub fn bad_keys() -> Vec<(&'static str, [u8; 32])> {
    vec![
        ("key-of-small-order", bytes(EIGHT_TORSION[1])),
        ("key-is-the-neutral-point", bytes(EIGHT_TORSION[0])),
        ("key-of-mixed-order", mixed_key()),
        ("key-not-canonical", second_spelling()),
        ("key-with-a-sign-on-zero", sign_on_zero()),
        ("key-off-the-curve", off_the_curve()),
    ]
}

/// y = p + 1, a second spelling of the neutral point.
pub fn second_spelling() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xee, 0x7f);
    bytes
}

/// y = 1 with the sign bit set although x is 0.
fn sign_on_zero() -> [u8; 32] {
    let mut bytes = [0; 32];
    (bytes[0], bytes[31]) = (1, 0x80);
    bytes
}

/// y = 2, for which the curve has no x.
pub fn off_the_curve() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = 2;
    bytes
}

/// Returns a signature like this one with S made larger by the group order.
pub fn with_larger_s(signature: &[u8]) -> Vec<u8> {
    // L, little-endian: what -1 is modulo L, and one.
    let mut order = (-Scalar::ONE).to_bytes();
    order[0] += 1;
    let mut out = signature.to_vec();
    let mut carry = 0_u16;
    for (at, byte) in out[32..].iter_mut().enumerate() {
        carry = (carry >> 8) + u16::from(*byte) + u16::from(order[at]);
        *byte = carry.to_le_bytes()[0];
    }
    out
}

/// Returns the files of bare signatures.
pub fn files() -> Vec<File> {
    let signer = signer();
    let key = signer.public().to_bytes();
    let good = signer.sign(MESSAGE).0.to_vec();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let with_r = |bytes| sign_with_bytes(MESSAGE, bytes);
    let order = with_larger_s(&[0; 64])[32..].to_vec();
    let below = (-Scalar::ONE).to_bytes().to_vec();
    let with_s = |s: &[u8]| [&good[..32], s].concat();

    let mut cases = vec![("ordinary", key, good.clone(), "accepted")];
    cases
        .extend(odd_r_points().iter().map(|(name, r)| (*name, key, sign_with_point(MESSAGE, r), "accepted")));
    cases.extend(bad_keys().into_iter().map(|(name, key)| (name, key, forge(&key, MESSAGE), "key refused")));
    cases.extend([
        ("r-flipped", key, flipped(0), "signature refused"),
        ("s-flipped", key, flipped(32), "signature refused"),
        ("s-plus-l", key, with_larger_s(&good), "signature refused"),
        ("s-is-l", key, with_s(&order), "signature refused"),
        ("s-is-l-minus-1", key, with_s(&below), "signature refused"),
        ("r-not-canonical", key, with_r(second_spelling()), "signature refused"),
        ("r-with-a-sign-on-zero", key, with_r(sign_on_zero()), "signature refused"),
        ("r-off-the-curve", key, with_r(off_the_curve()), "signature refused"),
    ]);
    cases
        .into_iter()
        .map(|(name, key, signature, expect)| {
            let vector = json!({
                "format": "lodemark/signature-vector@1",
                "name": name,
                "key": hex(&key),
                "message": hex(MESSAGE),
                "signature": hex(&signature),
                "expect": expect,
            });
            File::new(format!("signature/{name}.json"), &vector)
        })
        .collect()
}
