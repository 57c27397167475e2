//! Published Ed25519 vectors: each has a stated verdict, the same from the single and the batch path.
//!
//! Wycheproof holds 151 checks (88 to accept, 63 to refuse); SUPERCOP holds 1 024 signatures to make and check.

mod shared;

use std::fs::File;
use std::io::{BufRead, BufReader};

use data_encoding::HEXLOWER;
use flate2::read::GzDecoder;
use lodemark::sign::{
    Batch, PublicKey, SecretKey, Signature, SignatureError, Verified, keyfile, keyfile::KeyFileError, verify,
    verify_strict,
};
use serde_json::Value;
use shared::shared_data;

/// Wycheproof cases that the cofactored rule decides otherwise than the publisher, with the reason.
///
/// None: the file holds no R with a part of small order whose S fits, the one place where the rules differ.
const DECIDED_OTHERWISE: &[(u64, &str)] = &[];

/// One published check.
struct Case {
    id: u64,
    key: PublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
    accept: bool,
}

fn hex(text: &Value) -> Vec<u8> {
    HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap()
}

fn wycheproof_cases() -> Option<Vec<Case>> {
    let path = shared_data("crypto/wycheproof-ed25519/testvectors_v1/ed25519_test.json")?;
    let file: Value = serde_json::from_reader(BufReader::new(File::open(path).unwrap())).unwrap();
    let mut cases = Vec::new();
    for group in file["testGroups"].as_array().unwrap() {
        let key =
            PublicKey::from_slice(&hex(&group["publicKey"]["pk"])).expect("every key in this file is sound");
        for test in group["tests"].as_array().unwrap() {
            cases.push(Case {
                id: test["tcId"].as_u64().unwrap(),
                key: key.clone(),
                message: hex(&test["msg"]),
                signature: hex(&test["sig"]),
                accept: match test["result"].as_str().unwrap() {
                    "valid" => true,
                    "invalid" => false,
                    other => panic!("verdict `{other}` is new to this test"),
                },
            });
        }
    }
    Some(cases)
}

fn alone(case: &Case) -> Result<Verified, SignatureError> {
    verify(&case.key, &case.message, &Signature::from_slice(&case.signature)?)
}

#[test]
fn wycheproof_verdicts_are_the_published_ones() {
    let Some(cases) = wycheproof_cases() else { return };
    assert_eq!(cases.iter().filter(|case| case.accept).count(), 88);
    assert_eq!(cases.iter().filter(|case| !case.accept).count(), 63);
    for case in &cases {
        let otherwise = DECIDED_OTHERWISE.iter().any(|(id, _)| *id == case.id);
        let verdict = alone(case);
        assert_eq!(verdict.is_ok(), case.accept != otherwise, "case {}: {verdict:?}", case.id);
        if let Ok(proof) = verdict {
            assert!(proof.covers(&case.key, &case.message), "case {}", case.id);
        }
    }
}

#[test]
fn wycheproof_refusals_name_their_reason() {
    let Some(cases) = wycheproof_cases() else { return };
    let reason = |id| alone(cases.iter().find(|case| case.id == id).unwrap()).unwrap_err();
    // Lengths: 0, 32, 62, 63, 65, 66 and 96 bytes.
    for (id, length) in [(30, 0), (31, 32), (32, 62), (33, 66), (34, 96), (35, 65), (38, 63)] {
        assert_eq!(reason(id), SignatureError::WrongLength { length }, "case {id}");
    }
    // S + L, S + 2L, S + 4L, S + 8L, one high bit each, S + p, and S just above the bound.
    for id in [63, 64, 65, 66, 67, 68, 69, 70, 85] {
        assert_eq!(reason(id), SignatureError::ScalarOutOfRange, "case {id}");
    }
    // Case 151 encodes y = 1 with a sign on x = 0; case 59 flips the sign of an ordinary R.
    assert_eq!(reason(151), SignatureError::NonCanonicalR);
    assert_eq!(reason(59), SignatureError::Mismatch);
}

#[test]
fn wycheproof_verdicts_are_the_same_in_batches() {
    let Some(cases) = wycheproof_cases() else { return };
    let mut all = Batch::new();
    let mut expected = Vec::new();
    for case in &cases {
        // A signature of wrong length never gets as far as a batch.
        let Ok(signature) = Signature::from_slice(&case.signature) else { continue };
        all.push(&case.key, &case.message, signature);
        let single = alone(case);
        let mut one = Batch::new();
        one.push(&case.key, &case.message, signature);
        assert_eq!(one.verify()[0], single, "case {} in a batch of one", case.id);

        let mut among = Batch::new();
        among.push(&case.key, &case.message, signature);
        for good in cases.iter().filter(|good| good.accept) {
            among.push(&good.key, &good.message, Signature::from_slice(&good.signature).unwrap());
        }
        let verdicts = among.verify();
        assert_eq!(verdicts[0], single, "case {} among good ones", case.id);
        assert!(verdicts[1..].iter().all(Result::is_ok), "neighbours of case {}", case.id);
        expected.push(single);
    }
    assert_eq!(all.verify(), expected);
}

#[test]
fn supercop_signatures_are_made_and_checked_to_the_byte() {
    let Some(path) = shared_data("crypto/ed25519-supercop/sign.input.gz") else { return };
    let mut batch = Batch::new();
    for line in BufReader::new(GzDecoder::new(File::open(path).unwrap())).lines() {
        let line = line.unwrap();
        // seed and public key : public key : message : signature and message
        let fields: Vec<Vec<u8>> =
            line.split(':').map(|field| HEXLOWER.decode(field.as_bytes()).unwrap()).collect();
        let (secret, message) = (&fields[0], &fields[2]);
        let key = SecretKey::from_seed(secret[..32].try_into().unwrap());
        assert_eq!(key.public().to_bytes(), fields[1][..]);
        let signature = key.sign(message);
        assert_eq!(signature.to_bytes(), fields[3][..64]);
        assert!(verify_strict(key.public(), message, &signature).unwrap().covers(key.public(), message));
        batch.push(key.public(), message, signature);
    }
    assert_eq!(batch.len(), 1_024);
    assert!(batch.verify().iter().all(Result::is_ok));
}

#[test]
fn published_key_files_are_read_or_refused_by_name() {
    let Some(folder) = shared_data("keys/published-test-keys") else { return };
    let load = |name: &str| keyfile::load(&folder.join(name));

    // The first key of RFC 8032 §7.1.
    let key = load("pkcs8-rfc8032/test-key.ed25519-pkcs8.pem").unwrap();
    let public = HEXLOWER.encode(key.public().as_bytes());
    assert_eq!(public, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    let encrypted = load("pkcs8-rfc8032/test-key.ed25519-pkcs8-enc.pem");
    assert!(matches!(encrypted, Err(KeyFileError::Encrypted)), "{encrypted:?}");
    for name in ["pkcs8-rfc8032/test-key.ed25519-pkcs8.der", "pkcs8-dalek/test-key.pkcs8-v2.der"] {
        assert!(matches!(load(name), Err(KeyFileError::Binary)), "{name}");
    }
    for (name, label) in [
        ("openssh/test-key.id_ed25519", "OPENSSH PRIVATE KEY"),
        ("openssh/test-key.id_ed25519.aes256-gcm.enc", "OPENSSH PRIVATE KEY"),
        ("openssh/sshsig_ed25519", "SSH SIGNATURE"),
    ] {
        match load(name) {
            Err(KeyFileError::WrongLabel { label: found }) => assert_eq!(found, label),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(matches!(load("openssh/id_ed25519.pub"), Err(KeyFileError::NotPem { .. })));
}
