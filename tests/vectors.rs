//! The committed vectors: read by the library, by the second reader, and never written.
//!
//! Spec: docs/formats/record.md, "Vectors".

#[path = "vectors/making/mod.rs"]
mod making;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use flate2::read::ZlibDecoder;
use lodemark::chain::proof::{Proof, ProofKind, Statement};
use lodemark::chain::{Link, examine};
use lodemark::model::coded::Coded;
use lodemark::model::finding::{FindingCode, Weight};
use lodemark::record::{RecordError, SealedRecord, ShownItem};
use lodemark::sign::{Batch, PublicKey, Signature, verify};
use serde_json::Value;

/// Where vectors lie.
const VECTORS: [&str; 5] = ["record/good", "record/damaged", "signature", "proof/good", "proof/damaged"];
/// Vectors that `tests/serials.rs` reads.
const SERIALS: [&str; 2] = ["serials/good", "serials/damaged"];
/// Vectors that `tests/log.rs` reads.
const LOGS: [&str; 2] = ["log/good", "log/damaged"];
/// Vectors that `tests/second_reader_capsules.rs` reads.
const CAPSULES: [&str; 2] = ["capsule/good", "capsule/damaged"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// Returns the vectors in a directory by file name.
fn vectors(directory: &str) -> BTreeMap<String, Value> {
    let entries = std::fs::read_dir(root().join(directory)).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let vector: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            assert_eq!(vector["name"], name.as_str());
            (name, vector)
        })
        .collect()
}

fn hex(text: &Value) -> Vec<u8> {
    HEXLOWER.decode(text.as_str().expect("hex is text").as_bytes()).expect("hex")
}

/// Returns the bytes that hex or a list of parts stands for.
fn bytes(value: &Value) -> Vec<u8> {
    let Some(parts) = value.as_array() else { return hex(value) };
    let mut all = Vec::new();
    for part in parts {
        if let Some(packed) = part.get("zlib") {
            let packed = BASE64.decode(packed.as_str().unwrap().as_bytes()).unwrap();
            ZlibDecoder::new(&packed[..]).read_to_end(&mut all).unwrap();
        } else if let Some(repeat) = part.get("repeat") {
            let mut unit = hex(repeat);
            for number in 0..part["count"].as_u64().unwrap() {
                if let Some(at) = part.get("counter_at").and_then(Value::as_u64) {
                    unit[at as usize..][..8].copy_from_slice(&number.to_be_bytes());
                }
                all.extend(&unit);
            }
        } else {
            all.extend(hex(part));
        }
    }
    all
}

fn shown(vector: &Value) -> Vec<ShownItem> {
    let items = vector["items"].as_array().unwrap().iter();
    items
        .map(|item| ShownItem {
            index: item["index"].as_u64().unwrap() as u32,
            salt: hex(&item["salt"]).try_into().unwrap(),
            value: bytes(&item["value"]),
        })
        .collect()
}

/// Where reading stopped, and whether the record may be sound all the same.
type Stop = (&'static str, bool);

fn stop(error: RecordError) -> Stop {
    (error.step(), error.cannot_judge())
}

/// Reads a vector as docs/formats/record.md, "Verification", says; `items` are the values shown.
fn read(vector: &Value, items: &[ShownItem]) -> Result<SealedRecord, Stop> {
    let record = SealedRecord::parse(&bytes(&vector["record"])).map_err(stop)?;
    let key = match record.first_key().map_err(stop)? {
        Some(key) => key,
        None => PublicKey::from_slice(&hex(&vector["key"])).unwrap(),
    };
    let verified = record.verify(&key).map_err(stop)?;
    record.open(&key, &verified, items).map_err(stop)?;

    let before = vector["prev_records"].as_array().unwrap();
    let before: Vec<_> = before.iter().map(|bytes| SealedRecord::parse(&hex(bytes)).unwrap()).collect();
    for earlier in &before {
        assert_eq!((earlier.first_key().unwrap().as_ref().unwrap_or(&key)), &key);
        earlier.verify(&key).unwrap();
        if (earlier.party(), earlier.header().epoch) != (record.party(), record.header().epoch) {
            return Err(("chain", false));
        }
    }
    if !before.is_empty() {
        let line = examine(before.iter().chain([&record]).map(Link::from).collect());
        let broken = |code, weight| weight == Weight::Fail || code == FindingCode::MissingRecords;
        if line.faults.iter().any(|fault| broken(fault.finding.code, fault.finding.weight)) {
            return Err(("chain", false));
        }
    }
    Ok(record)
}

#[test]
fn good_records_open_to_the_stated_hashes() {
    for (name, vector) in vectors("record/good") {
        let items = shown(&vector);
        let record = read(&vector, &items).unwrap_or_else(|(step, _)| panic!("{name} fails at {step}"));
        let (header, expect) = (record.header(), &vector["expect"]);
        assert_eq!(expect["opens"], true, "{name}");
        assert_eq!(expect["kind"], record.kind().unwrap().name(), "{name}");
        assert_eq!(expect["body_hash"], header.body_hash.to_hex(), "{name}");
        assert_eq!(expect["items_hash"], header.items_hash.to_hex(), "{name}");
        assert_eq!(expect["record_id"], record.id().to_hex(), "{name}");
        assert_eq!(expect["party"], header.party.to_hex(), "{name}");
        assert_eq!(expect["prev"], header.prev.to_hex(), "{name}");
        assert_eq!(expect["control"], header.control.to_hex(), "{name}");
        if let Some(entries) = expect["items"].as_array() {
            let found = record.directory().iter();
            let found: Vec<_> = found
                .map(|entry| serde_json::json!({ "key": entry.key, "commitment": entry.commitment }))
                .collect();
            assert_eq!(entries, &found, "{name}");
        }
    }
}

#[test]
fn good_records_open_without_any_value_too() {
    for (name, vector) in vectors("record/good") {
        assert!(read(&vector, &[]).is_ok(), "{name}");
    }
}

#[test]
fn damaged_records_fail_at_the_stated_step() {
    for (name, vector) in vectors("record/damaged") {
        let stopped = read(&vector, &shown(&vector)).err();
        let expect = &vector["expect"];
        let stated = (expect["fails_at"].as_str().unwrap(), expect["cannot_judge"].as_bool().unwrap());
        assert_eq!(stopped, Some(stated), "{name}");
    }
}

#[test]
fn every_step_has_a_damaged_record_and_every_kind_a_good_one() {
    let damaged = vectors("record/damaged");
    let steps = [
        "lengths",
        "tag",
        "ranges",
        "body_hash",
        "directory",
        "key_entry",
        "signature",
        "items",
        "kind",
        "decode",
        "slots",
        "sound",
        "chain",
    ];
    for step in steps {
        assert!(damaged.values().any(|vector| vector["expect"]["fails_at"] == step), "{step}");
    }
    let good = vectors("record/good");
    let mut kinds: Vec<_> = good.values().map(|vector| vector["expect"]["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 46);
}

#[test]
fn signatures_at_the_edges_have_their_stated_verdict_single_and_in_a_batch() {
    for (name, vector) in vectors("signature") {
        let message = hex(&vector["message"]);
        let signature = Signature::from_slice(&hex(&vector["signature"])).unwrap();
        let found = match PublicKey::from_slice(&hex(&vector["key"])) {
            Err(_) => "key refused",
            Ok(key) => {
                let single = verify(&key, &message, &signature);
                let mut batch = Batch::new();
                batch.push(&key, &message, signature);
                assert_eq!(batch.verify()[0], single, "{name}");
                if single.is_ok() { "accepted" } else { "signature refused" }
            }
        };
        assert_eq!(vector["expect"], found, "{name}");
    }
}

/// Judges a proof as docs/formats/proof.md, "Verification", says.
fn judge(vector: &Value) -> Result<Statement, Stop> {
    let proof = Proof::from_bytes(&hex(&vector["proof"])).map_err(|error| ("file", error.cannot_judge()))?;
    proof.judge().map_err(|objection| (objection.step, objection.cannot_judge))
}

#[test]
fn good_proofs_hold_and_say_what_is_stated() {
    let mut kinds = std::collections::BTreeSet::new();
    for (name, vector) in vectors("proof/good") {
        let found = judge(&vector).unwrap_or_else(|(step, _)| panic!("{name} fails at {step}"));
        let expect = &vector["expect"];
        assert_eq!(expect["holds"], true, "{name}");
        assert_eq!(expect["party"], found.party.to_hex(), "{name}");
        assert_eq!(
            (&expect["epoch"], &expect["walked"]),
            (&found.epoch.into(), &found.walked.into()),
            "{name}"
        );
        let records: Vec<_> = found.records.iter().map(|one| Value::from(one.record.to_hex())).collect();
        assert_eq!(expect["records"], Value::from(records), "{name}");
        let twice = found.twice.map(|twice| {
            let (from, mass) = (twice.from.mg(), twice.mass.mg());
            serde_json::json!({ "lot": twice.lot, "from_mg": from, "mass_mg": mass })
        });
        assert_eq!(expect["twice"], twice.unwrap_or(Value::Null), "{name}");
        assert_eq!(
            expect["target"],
            found.target.map_or(Value::Null, |target| target.to_hex().into()),
            "{name}"
        );
        kinds.insert(expect["kind"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds.len(), ProofKind::ALL.len());
}

#[test]
fn damaged_proofs_fail_at_the_stated_step() {
    let mut steps = std::collections::BTreeSet::new();
    for (name, vector) in vectors("proof/damaged") {
        let expect = &vector["expect"];
        let stated = (expect["fails_at"].as_str().unwrap(), expect["cannot_judge"].as_bool().unwrap());
        assert_eq!(judge(&vector).err(), Some(stated), "{name}");
        steps.insert(expect["fails_at"].as_str().unwrap().to_owned());
    }
    let all =
        ["contents", "epoch", "file", "header", "key", "parts", "party", "signature", "statement", "walk"];
    assert!(steps.iter().eq(&all), "{steps:?}");
}

#[test]
fn the_command_would_write_what_is_committed() {
    let made: BTreeMap<_, _> = making::files().into_iter().map(|file| (file.path, file.text)).collect();
    let mut committed = BTreeMap::new();
    for directory in VECTORS.into_iter().chain(SERIALS).chain(LOGS).chain(CAPSULES) {
        for entry in std::fs::read_dir(root().join(directory)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{directory}/{}", path.file_name().unwrap().to_str().unwrap());
            committed.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&committed));
    for (path, text) in made {
        assert!(text == committed[&path], "{path} is not what `cargo run --example make_vectors` writes");
    }
}

#[test]
fn the_second_reader_agrees_on_every_vector() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `python3`; the second reader did not run");
        return;
    }
    let reader = root().parent().unwrap().join("second_reader/record.py");
    let output = Command::new("python3").arg(reader).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let count: usize = VECTORS.iter().map(|directory| vectors(directory).len()).sum();
    assert_eq!(said.trim_end().lines().last().unwrap(), format!("{count} of {count} vectors agree"));
}
