//! Published vectors of transparency logs, vectors of our own, and a second reader of the page.

mod shared;

use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use lodemark::hash::{Hash, RecordId};
use lodemark::log::checkpoint::Checkpoint;
use lodemark::log::consistency::check_consistency;
use lodemark::log::fork::{FORK_MAX, ForkObjection, LogFork};
use lodemark::log::note::{NOTE_MAX, Note, NoteSignature, NoteSignatureError, SIGNATURES_MAX};
use lodemark::log::policy::{Policy, Refused};
use lodemark::log::proof::{EXTRA_MAX, LogProof, LogProofFault, PATH_MAX, PROOF_MAX};
use lodemark::log::publish::Publisher;
use lodemark::log::pull::{self, PullError};
use lodemark::log::range::MAX_SIZE;
use lodemark::log::tiles::TilePath;
use lodemark::log::tree::{Tree, check_inclusion, leaf_hash};
use lodemark::log::vkey::{KeyUse, NAME_MAX, VerifierKey};
use lodemark::log::witness::{REQUEST_MAX, Request, WitnessRefusal, check_growth};
use lodemark::sign::SecretKey;
use serde_json::Value;
use shared::shared_data;

/// Vectors of our own.
const VECTORS: usize = 67;

/// Base64 of 32 bytes; anything else is no hash.
fn hash(text: &Value) -> Option<Hash> {
    Some(Hash(BASE64.decode(text.as_str()?.as_bytes()).ok()?.try_into().ok()?))
}

/// Every hash of a list that may be absent, or nothing where one is no hash.
fn hashes(list: &Value) -> Option<Vec<Hash>> {
    list.as_array().map_or(Some(vec![]), |list| list.iter().map(hash).collect())
}

/// All cases of one kind, from the three folders: path and contents.
fn merkle_cases(kind: &str) -> Option<Vec<(String, Value)>> {
    let folder = shared_data("crypto/rfc6962-merkle-proofs")?.join(kind);
    let mut cases = Vec::new();
    for place in ["0", "1", "2"] {
        for entry in std::fs::read_dir(folder.join(place)).unwrap() {
            let path = entry.unwrap().path();
            let case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            cases.push((path.display().to_string(), case));
        }
    }
    Some(cases)
}

#[test]
fn published_inclusion_proofs_have_the_published_verdicts() {
    let Some(cases) = merkle_cases("inclusion") else { return };
    let mut passed = 0;
    for (path, case) in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let holds = match (hash(&case["leafHash"]), hash(&case["root"]), hashes(&case["proof"])) {
            (Some(leaf), Some(root), Some(proof)) => {
                check_inclusion(number("leafIdx"), number("treeSize"), &leaf, &proof, &root).is_ok()
            }
            _ => false,
        };
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{path}");
        passed += usize::from(holds);
    }
    assert_eq!((cases.len(), passed), (49, 3));
}

#[test]
fn published_consistency_proofs_have_the_published_verdicts() {
    let Some(cases) = merkle_cases("consistency") else { return };
    let mut passed = 0;
    for (path, case) in &cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let holds = match (hash(&case["root1"]), hash(&case["root2"]), hashes(&case["proof"])) {
            (Some(first), Some(second), Some(proof)) => {
                check_consistency(number("size1"), number("size2"), &first, &second, &proof).is_ok()
            }
            _ => false,
        };
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{path}");
        passed += usize::from(holds);
    }
    assert_eq!((cases.len(), passed), (43, 3));
}

fn json(name: &str) -> Option<Value> {
    let path = shared_data(&format!("tlog/signed-note/{name}"))?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn keys(list: &Value) -> Vec<VerifierKey> {
    list.as_array().unwrap().iter().map(|key| text(key).parse().unwrap()).collect()
}

#[test]
fn published_notes_have_the_published_verdicts() {
    let Some(file) = json("golang-note-vectors.json") else { return };
    let cases = file["open_cases"].as_array().unwrap();
    let mut signed = 0;
    for case in cases {
        let (name, expect) = (text(&case["name"]), text(&case["expect"]));
        let known = keys(&case["verifier_keys"]);
        let bytes = BASE64.decode(text(&case["message_b64"]).as_bytes()).unwrap();
        let note = Note::parse(&bytes);
        if expect == "reject: malformed note" {
            assert!(note.is_err(), "{name}");
            continue;
        }
        let note = note.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(note.to_string().into_bytes(), bytes, "{name}");
        match (note.verify(&known), expect) {
            (Ok(found), "ok") => {
                let found: Vec<_> =
                    found.iter().map(|one| format!("{}+{}", one.key.name(), one.key.id())).collect();
                let named: Vec<_> = case["verified"].as_array().unwrap().iter().map(text).collect();
                assert_eq!(found, named, "{name}");
                signed += 1;
            }
            (Err(NoteSignatureError::NoKnownKey), "reject: note has no verifiable signatures") => {}
            (Err(NoteSignatureError::Ambiguous { name: who, id }), _) => {
                assert_eq!(expect, format!("reject: ambiguous key {who}+{id}"), "{name}");
            }
            (Err(NoteSignatureError::Wrong { name: who, .. }), _) => {
                assert!(expect.starts_with(&format!("reject: invalid signature for key {who}+")), "{name}");
            }
            (found, _) => panic!("{name}: {found:?}, where `{expect}` is published"),
        }
    }
    assert_eq!((cases.len(), signed), (16, 4));
}

#[test]
fn the_published_note_is_signed_to_the_byte() {
    let Some(file) = json("golang-note-vectors.json") else { return };
    let parts: Vec<&str> = text(&file["private_key_for_sign_test"]).splitn(5, '+').collect();
    let bytes = BASE64.decode(parts[4].as_bytes()).unwrap();
    assert_eq!((parts[2], bytes[0]), ("PeterNeumann", 1));
    let secret = SecretKey::from_seed(bytes[1..].try_into().unwrap());
    let key = VerifierKey::new(parts[2], KeyUse::Note, secret.public().clone()).unwrap();
    assert_eq!(key.id().to_string(), parts[3]);
    let words = text(&file["sign_test"]["text"]);
    let note = Note::new(words.into(), NoteSignature::sign(words, &key, &secret).unwrap()).unwrap();
    assert_eq!(note.to_string(), text(&file["sign_test"]["expect"]));
}

#[test]
fn published_verifier_keys_are_read_and_damaged_ones_refused() {
    let Some(file) = json("golang-note-vectors.json") else { return };
    for bad in file["bad_verifier_keys"].as_array().unwrap() {
        assert!(text(bad).parse::<VerifierKey>().is_err(), "{bad}");
    }
    let good = text(&file["open_cases"][0]["verifier_keys"][0]);
    assert_eq!(good.parse::<VerifierKey>().unwrap().to_string(), good);
    for from in 0..good.len() {
        for to in from..=good.len() {
            let part = &good[from..to];
            assert!(part == good || part.parse::<VerifierKey>().is_err(), "{part}");
        }
        let mut other = good.as_bytes().to_vec();
        other[from] += 1;
        let other = String::from_utf8(other).unwrap();
        assert!(other.parse::<VerifierKey>().is_err(), "{other}");
    }
}

#[test]
fn a_note_by_another_name_or_with_a_changed_byte_is_refused() {
    let Some(file) = json("mismatch-cases.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let note = Note::parse(text(&case["note"]).as_bytes()).unwrap();
        let fault = note.verify(&keys(&case["vkeys"])).unwrap_err();
        match text(&case["expect"]) {
            "no verifiable signature" => assert_eq!(fault, NoteSignatureError::NoKnownKey),
            "invalid signature" => assert!(matches!(fault, NoteSignatureError::Wrong { .. })),
            other => panic!("verdict `{other}` is new to this test"),
        }
    }
    assert_eq!(cases.len(), 2);
}

#[test]
fn the_examples_of_the_specifications_are_read() {
    let Some(file) = json("c2sp-spec-examples.json") else { return };
    let key: VerifierKey = text(&file["verifying"]["verifier_key"]).parse().unwrap();
    let note = Note::parse(text(&file["verifying"]["note"]).as_bytes()).unwrap();
    assert_eq!(note.verify([&key]).unwrap()[0].key, &key);
    let examples = file["syntax_only"].as_array().unwrap();
    for example in examples {
        let words = text(&example["text"]);
        let note = Note::parse(words.as_bytes()).unwrap();
        assert_eq!(note.to_string(), words);
        if text(&example["kind"]).starts_with("checkpoint") {
            let checkpoint = Checkpoint::parse(note.text()).unwrap();
            assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/behind-the-sofa", 20_852_163));
            assert_eq!(checkpoint.to_string(), note.text());
        }
        if text(&example["kind"]).ends_with("cosignature") {
            let time = note.signatures()[1].bytes().first_chunk().unwrap();
            assert_eq!(u64::from_be_bytes(*time), 1_679_315_147);
        }
    }
    assert_eq!(examples.len(), 3);
}

/// The published log of 15 entries: its key, its entries, and its checkpoint at every size.
fn tessera() -> Option<(VerifierKey, Vec<Note>)> {
    let (folder, key) = (shared_data("tlog/tessera-log-15")?, shared_data("tlog/tessera-log-15.vkey")?);
    let key = std::fs::read_to_string(key).unwrap().trim_end().parse().unwrap();
    let note =
        |size: u32| Note::parse(&std::fs::read(folder.join(format!("checkpoint.{size}"))).unwrap()).unwrap();
    Some((key, (0..=15).map(note).collect()))
}

#[test]
fn a_published_log_signed_every_one_of_its_sizes() {
    let Some((key, notes)) = tessera() else { return };
    let policy = Policy::new(vec![key], vec![], 0).unwrap();
    for (size, note) in (0..).zip(&notes) {
        assert_eq!(policy.accept(note).unwrap().checkpoint.size(), size);
    }
    // The signature of another size.
    let mixed = notes[15].to_string().replace(notes[15].text(), notes[14].text());
    assert!(policy.accept(&Note::parse(mixed.as_bytes()).unwrap()).is_err());
}

#[test]
fn a_published_log_is_read_back_from_its_files_at_every_size() {
    let Some((_, notes)) = tessera() else { return };
    let folder = shared_data("tlog/tessera-log-15").unwrap();
    // As they are published, a slip or two among them.
    let numbers = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten";
    for (size, note) in notes.iter().enumerate() {
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        let mut found = Vec::new();
        let read = |path: &TilePath| std::fs::read(folder.join(path.to_string())).ok();
        let whole = pull::entries(&checkpoint, read, |_, entry| {
            found.push(String::from_utf8(entry.to_vec()).unwrap());
            Ok(())
        });
        assert_eq!(whole, Ok(()), "{size}");
        assert!(numbers.split(' ').take(size).eq(found.iter().map(String::as_str)), "{found:?}");
        // They are no record ids.
        assert_eq!(pull::record_ids(&checkpoint, read).is_err(), size > 0);
    }
}

#[test]
fn the_files_that_are_made_of_the_published_entries_are_the_published_files() {
    let Some((_, notes)) = tessera() else { return };
    let folder = shared_data("tlog/tessera-log-15").unwrap();
    let checkpoint = Checkpoint::parse(notes[15].text()).unwrap();
    let mut entries = Vec::new();
    let read = |path: &TilePath| std::fs::read(folder.join(path.to_string())).ok();
    pull::entries(&checkpoint, read, |_, entry| {
        entries.push(entry.to_vec());
        Ok(())
    })
    .unwrap();
    let (mut publisher, mut compared) = (Publisher::new(), 0);
    for entry in &entries {
        publisher.push(entry).unwrap();
        for file in publisher.partial() {
            assert_eq!(
                std::fs::read(folder.join(file.path.to_string())).unwrap(),
                file.bytes,
                "{}",
                file.path
            );
            compared += 1;
        }
    }
    assert_eq!((compared, publisher.leaves().root()), (30, *checkpoint.root()));
}

#[test]
fn any_two_published_checkpoints_of_one_log_are_consistent() {
    let Some((_, notes)) = tessera() else { return };
    let folder = shared_data("tlog/tessera-log-15").unwrap();
    let checkpoints: Vec<_> = notes.iter().map(|note| Checkpoint::parse(note.text()).unwrap()).collect();
    let bytes = std::fs::read(folder.join("tile/0/000.p/15")).unwrap();
    let leaves: Vec<Hash> = bytes.chunks(32).map(|leaf| Hash(leaf.try_into().unwrap())).collect();
    for (larger, second) in checkpoints.iter().enumerate() {
        let tree = Tree::new(leaves[..larger].to_vec());
        assert_eq!(tree.root(), *second.root());
        for (smaller, first) in checkpoints.iter().enumerate().take(larger + 1) {
            let proof = tree.consistency(smaller as u64).unwrap();
            let joined = check_growth(Some(first), first.size(), &proof, second);
            assert_eq!(joined, Ok(()), "{smaller} {larger}");
        }
    }
}

fn vectors() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/log");
    let mut found = Vec::new();
    for folder in ["good", "damaged"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let vector: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            assert_eq!(path.file_stem().unwrap().to_str(), vector["name"].as_str());
            assert_eq!(folder == "damaged", vector["fails_at"].is_string());
            found.push((path.display().to_string(), vector));
        }
    }
    found
}

fn refused(refused: Refused) -> &'static str {
    match refused {
        Refused::Checkpoint(_) => "checkpoint",
        Refused::Signature(_) => "signature",
        Refused::UnknownLog(_) => "log",
        Refused::Quorum { .. } => "quorum",
    }
}

fn policy(vector: &Value) -> Policy {
    let witnesses = if vector["witnesses"].is_null() { vec![] } else { keys(&vector["witnesses"]) };
    let quorum = vector["quorum"].as_u64().unwrap_or_default();
    Policy::new(keys(&vector["logs"]), witnesses, quorum as usize).unwrap()
}

/// Where a vector fails, by docs/formats/log.md, "Vectors".
fn fails_at(vector: &Value) -> Result<(), &'static str> {
    let bytes = |name: &str| text(&vector[name]).as_bytes();
    match text(&vector["kind"]) {
        "checkpoint" => {
            let note = Note::parse(bytes("note")).map_err(|_| "note")?;
            let accepted = policy(vector).accept(&note).map_err(refused)?;
            let Some(expect) = vector["expect"].as_object() else { return Ok(()) };
            let log = accepted.checkpoint.log().unwrap();
            assert_eq!((log.party.to_hex(), log.epoch), (text(&expect["party"]).to_owned(), 0));
            assert_eq!(accepted.checkpoint.size(), expect["size"].as_u64().unwrap());
            assert_eq!(accepted.checkpoint.root().to_hex(), text(&expect["root"]));
            let names: Vec<_> = expect["seen_by"].as_array().unwrap().iter().map(text).collect();
            assert_eq!(accepted.witnesses.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), names);
            let time = expect["time"].as_u64().unwrap();
            assert!(accepted.witnesses.iter().all(|witness| witness.time == time));
            Ok(())
        }
        "inclusion" => {
            let proof = LogProof::parse(bytes("proof")).map_err(|_| "form")?;
            let leaf = leaf_hash(RecordId::from_hex(text(&vector["record"])).unwrap().as_bytes());
            let verified = proof.verify(&leaf, text(&vector["origin"]), &policy(vector));
            verified.map(|_| ()).map_err(|fault| match fault {
                LogProofFault::Checkpoint(fault) => refused(fault),
                LogProofFault::OtherLog { .. } => "other_log",
                LogProofFault::Path(_) => "path",
            })
        }
        "request" => {
            let request = Request::parse(bytes("request")).map_err(|_| "form")?;
            let next = policy(vector).accept(&request.note).map_err(refused)?.checkpoint;
            let last = vector["last"].as_str().map(|text| Checkpoint::parse(text).unwrap());
            let growth = check_growth(last.as_ref(), request.old_size, &request.proof, &next);
            growth.map_err(|refusal| match refusal {
                WitnessRefusal::OtherLog { .. } => "other_log",
                WitnessRefusal::Fork { .. } => "fork",
                WitnessRefusal::Smaller { .. } => "smaller",
                WitnessRefusal::OtherSize { .. } => "other_size",
                WitnessRefusal::NotJoined(_) => "consistency",
            })
        }
        "tiles" => {
            let note = Note::parse(bytes("note")).map_err(|_| "note")?;
            let checkpoint = policy(vector).accept(&note).map_err(refused)?.checkpoint;
            let files = vector["files"].as_object().unwrap();
            assert!(files.keys().all(|path| path.parse::<TilePath>().is_ok()));
            let read = |path: &TilePath| {
                Some(HEXLOWER.decode(text(files.get(&path.to_string())?).as_bytes()).unwrap())
            };
            pull::record_ids(&checkpoint, read).map(|_| ()).map_err(|error| match error {
                PullError::Missing(_) => "missing",
                PullError::Bundle(_) => "bundle",
                PullError::NotAnId { .. } => "entry",
                PullError::Tile(_) => "tile",
                PullError::WrongRoot(_) => "root",
            })
        }
        "fork" => {
            let fork = LogFork::parse(bytes("fork")).map_err(|_| "form")?;
            let statement = fork.judge().map_err(|objection| match objection {
                ForkObjection::Key(_) => "key",
                ForkObjection::Checkpoint(_) | ForkObjection::NotOfAParty(_) => "checkpoint",
                ForkObjection::OtherParty { .. } => "party",
                ForkObjection::TwoLogs => "two_logs",
                ForkObjection::Signature(_) => "signature",
                ForkObjection::Path(_)
                | ForkObjection::Prefix(_)
                | ForkObjection::OtherRoot
                | ForkObjection::NoContradiction(_) => "statement",
            })?;
            assert_eq!(statement.log.party.to_hex(), text(&vector["party"]));
            Ok(())
        }
        other => panic!("vectors of kind `{other}` are new to this test"),
    }
}

#[test]
fn vectors_hold_or_fail_where_they_are_to_fail() {
    let all = vectors();
    assert_eq!(all.len(), VECTORS);
    for (path, vector) in all {
        assert_eq!(fails_at(&vector).err(), vector["fails_at"].as_str(), "{path}");
    }
}

#[test]
fn a_second_reader_written_from_the_page_agrees() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `python3`; the second reader did not run");
        return;
    }
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/log.py");
    let output = Command::new("python3").arg(reader).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("{VECTORS} vectors agree")), "{said}");
}

#[test]
fn the_bounds_on_the_page_are_those_of_the_code() {
    let page = include_str!("../docs/formats/log.md");
    for row in [
        format!("| note | {NOTE_MAX} bytes |"),
        format!("| signature lines | 1 to {SIGNATURES_MAX} |"),
        format!("at most {MAX_SIZE} (2^63 - 1)"),
        format!("A name has 1 to {NAME_MAX} bytes"),
        format!("| proof | {PROOF_MAX} bytes |"),
        format!("| extra data | 1 to {EXTRA_MAX} bytes;"),
        format!("| path | {PATH_MAX} hashes |"),
        format!("At most {REQUEST_MAX} bytes and {PATH_MAX} hashes."),
        format!("At most {FORK_MAX} bytes."),
    ] {
        assert!(page.contains(&row), "{row}");
    }
}
