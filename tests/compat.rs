//! Files of this draft that were kept: each still opens, and the same is found in it.
//!
//! See tests/compat/README.md for when they are replaced, and how.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use data_encoding::BASE64;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

#[path = "capsules/told.rs"]
#[allow(dead_code)]
mod told;

/// The draft whose files these are.
const DRAFT: &str = "draft-1";

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat").join(DRAFT).join(name)
}

/// Runs the program and returns what it says as JSON.
fn says(dir: &Path, ledger: &str, arguments: &[&str]) -> Value {
    let ran = run(dir, ledger, &[&["--format", "json"], arguments].concat());
    serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&ran.stderr)))
}

fn run(dir: &Path, ledger: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodemark"));
    command.current_dir(dir).env_remove("LODEMARK_LEDGER").args(["--ledger", ledger]);
    command.args(["--now", "2026-08-01T08:00:00Z"]).args(arguments).output().expect("the program starts")
}

/// What of a report has to stay: whose records there are, whether they hold, and what is found in them.
///
/// What rules say is left out, since laws and their packs change.
fn essence(report: &Value) -> Value {
    let codes = |findings: &Value| -> Vec<Value> {
        let all = findings.as_array().expect("findings are a list").iter();
        all.map(|one| json!([one["code"], one["weight"]])).collect()
    };
    let lot = &report["lots"][0];
    let chain = |chain: &Value| {
        json!({
            "party": chain["party"], "epoch": chain["epoch"], "name": chain["name"], "last_seq": chain["last_seq"],
            "checkpoint": { "size": chain["checkpoint"]["size"], "root": chain["checkpoint"]["root"] },
        })
    };
    json!({
        "lot": lot["lot"], "label": lot["label"], "material": lot["material"], "mass": lot["mass"],
        "integrity": lot["integrity"], "custody": lot["custody"], "records": lot["records"],
        "findings": codes(&report["findings"]), "of_lot": codes(&lot["findings"]),
        "chains": report["chains"].as_array().expect("chains are a list").iter().map(chain).collect::<Vec<_>>(),
        "refused": report["refused"],
    })
}

/// What is found in each kept file, asked in a directory of its own.
fn found() -> BTreeMap<&'static str, Value> {
    let dir = tempfile::tempdir().unwrap();
    for name in ["ore.capsule", "ore.lode", "trust.toml"] {
        std::fs::copy(kept(name), dir.path().join(name)).unwrap();
    }
    unpack(&kept("ledger.json"), &dir.path().join("kept"));
    let trust = ["--trust", "trust.toml"];
    let ask = |ledger: &str, what: &[&str]| essence(&says(dir.path(), ledger, &[what, &trust].concat()));
    let found = BTreeMap::from([
        ("capsule", ask("nowhere", &["verify", "ore.capsule"])),
        ("export file", ask("nowhere", &["verify", "ORE", "ore.lode"])),
        ("store", ask("kept", &["verify", "ORE"])),
    ]);
    let fsck = run(dir.path(), "kept", &["fsck"]);
    assert!(fsck.status.success(), "{}{}", text(&fsck.stdout), text(&fsck.stderr));
    // It is not only read: it takes in what is handed over today.
    let import = run(dir.path(), "kept", &["import", "ore.capsule"]);
    assert!(import.status.success(), "{}{}", text(&import.stdout), text(&import.stderr));
    found
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[test]
fn what_was_kept_opens_and_the_same_is_found_in_it() {
    if std::env::var_os("LODEMARK_ACCEPT").is_some() {
        make();
        let text = serde_json::to_string_pretty(&found()).unwrap() + "\n";
        std::fs::write(kept("found.json"), text).unwrap();
        return;
    }
    let expected: BTreeMap<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(kept("found.json")).unwrap()).unwrap();
    for (what, found) in found() {
        assert_eq!(found, expected[what], "{what}");
    }
    assert_eq!(expected["capsule"]["integrity"], "pass");
    assert_eq!(expected["capsule"]["records"], expected["store"]["records"]);
}

/// Makes the files anew: for a draft that moved.
fn make() {
    let told = told::Told::new("logs", "every chain has its witness", "ORE");
    std::fs::create_dir_all(kept("")).unwrap();
    std::fs::write(kept("ore.capsule"), lodemark::capsule::write(&told.capsule)).unwrap();
    std::fs::write(kept("trust.toml"), &told.trust_file).unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(kept("ore.capsule"), dir.path().join("ore.capsule")).unwrap();
    // It only reads, so that no secret key is in it.
    for arguments in [
        &["init", "--reader"][..],
        &["import", "ore.capsule"],
        &["export", "ORE", "--show", "*", "--out", "ore.lode"],
    ] {
        let ran = run(dir.path(), "reader", arguments);
        assert!(ran.status.success(), "{arguments:?} {}{}", text(&ran.stdout), text(&ran.stderr));
    }
    std::fs::copy(dir.path().join("ore.lode"), kept("ore.lode")).unwrap();
    pack(&dir.path().join("reader"), &kept("ledger.json"));
}

/// Puts all files below a directory into one: path to contents, packed with zlib, in Base64.
fn pack(dir: &Path, to: &Path) {
    let mut files = BTreeMap::new();
    let mut left = vec![dir.to_owned()];
    while let Some(next) = left.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                left.push(path);
                continue;
            }
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
            std::io::Write::write_all(&mut packed, &std::fs::read(&path).unwrap()).unwrap();
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, BASE64.encode(&packed.finish().unwrap()));
        }
    }
    std::fs::write(to, serde_json::to_string_pretty(&files).unwrap() + "\n").unwrap();
}

fn unpack(from: &Path, dir: &Path) {
    let files: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(from).unwrap()).unwrap();
    for (name, packed) in files {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(path).unwrap();
        let packed = BASE64.decode(packed.as_bytes()).unwrap();
        std::io::copy(&mut ZlibDecoder::new(&packed[..]), &mut file).unwrap();
    }
}
