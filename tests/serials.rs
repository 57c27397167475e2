//! Serial numbers by vectors of our own, and a second reader of the page.

use std::path::{Path, PathBuf};
use std::process::Command;

use lodemark::log::tree::leaf_hash;
use lodemark::serials::{Kept, Proof, leaf_data};
use serde_json::Value;

fn vectors(kind: &str) -> Vec<(String, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/serials").join(kind);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("the vectors are there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).expect("it is JSON"))
        })
        .collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text").to_owned()).collect()
}

fn proof(value: &Value) -> Proof {
    Proof::from_json(&value["proof"].to_string()).expect("it reads as a proof")
}

#[test]
fn good_lists_have_the_root_and_the_leaves_written_and_their_proofs_hold() {
    let all = vectors("good");
    assert!(all.len() >= 5);
    for (name, vector) in all {
        let json = serde_json::json!({ "format": "lodemark/serials@1", "root": vector["root"], "serials": vector["serials"] });
        let kept = Kept::from_json(&json.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let data = kept.serials().iter().map(|one| leaf_data(&one.salt, &one.serial));
        let data: Vec<Vec<u8>> = data.collect();
        let hex: Vec<String> = data.iter().map(|data| data_encoding::HEXLOWER.encode(data)).collect();
        assert_eq!(hex, texts(&vector["leaf_data"]), "{name}");
        let hashes: Vec<String> = data.iter().map(|data| leaf_hash(data).to_hex()).collect();
        assert_eq!(hashes, texts(&vector["leaf_hashes"]), "{name}");
        assert_eq!((proof(&vector).root, proof(&vector).faults()), (kept.root(), vec![]), "{name}");
    }
}

#[test]
fn damaged_proofs_fail_where_they_are_to_fail_and_nowhere_else() {
    let all = vectors("damaged");
    assert!(all.len() >= 16);
    for (name, vector) in all {
        let proof = proof(&vector);
        let fails = [
            ("fault", !proof.faults().is_empty()),
            ("root", vector["named_by_record"] != proof.root.to_hex() && name != "root"),
            ("lot", vector["lot"] != proof.lot.to_string()),
        ];
        let found: Vec<&str> = fails.iter().filter(|(_, fails)| *fails).map(|(what, _)| *what).collect();
        assert_eq!(found, [vector["fails"].as_str().unwrap()], "{name}");
    }
}

#[test]
fn the_page_holds_the_worked_example() {
    let page = include_str!("../docs/formats/serials.md");
    let (_, two) = vectors("good").into_iter().find(|(name, _)| name == "two").expect("the example");
    for text in texts(&two["leaf_data"]).iter().chain(&texts(&two["leaf_hashes"])) {
        assert!(page.contains(text.as_str()), "{text}");
    }
    assert!(page.contains(two["root"].as_str().unwrap()));
}

#[test]
fn a_second_reader_written_from_the_page_agrees() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `python3`; the second reader did not run");
        return;
    }
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/serials.py");
    let output = Command::new("python3").arg(reader).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("21 vectors agree"), "{said}");
}
