//! Published vectors of transparency logs, each with a stated verdict.

mod shared;

use data_encoding::BASE64;
use lodemark::hash::Hash;
use lodemark::log::checkpoint::Checkpoint;
use lodemark::log::consistency::check_consistency;
use lodemark::log::note::{Note, NoteSignature, NoteSignatureError};
use lodemark::log::policy::Policy;
use lodemark::log::publish::Publisher;
use lodemark::log::pull;
use lodemark::log::tiles::TilePath;
use lodemark::log::tree::{Tree, check_inclusion};
use lodemark::log::vkey::{KeyUse, VerifierKey};
use lodemark::log::witness::check_growth;
use lodemark::sign::SecretKey;
use serde_json::Value;
use shared::shared_data;

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
