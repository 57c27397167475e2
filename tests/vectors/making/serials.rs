//! Vectors of serial numbers: lists with their roots and proofs, and proofs that do not hold.

use lodemark::hash::{Hash, RecordId, sha256};
use lodemark::model::lotref::LotRef;
use lodemark::serials::{Kept, KeptSerial, Proof, leaf, leaf_data};
use lodemark::sign::{Entropy, SeededEntropy};
use serde_json::{Value, json};

use super::file::{File, hex};

/// Returns every vector about serial numbers.
pub fn files() -> Vec<File> {
    let mut files = Vec::new();
    for (name, about, count, shown) in [
        ("one", "a list of one number: its leaf is the root", 1, vec![0]),
        ("two", "the worked example of the page", 2, vec![0, 1]),
        ("five", "an odd leaf goes up as it is", 5, vec![0, 2, 4]),
        (
            "four-hundred",
            "four hundred things, of which one customer bought fifty",
            400,
            (100..150).collect(),
        ),
    ] {
        files.push(good(name, about, &kept(name, count), &shown));
    }
    let accents = ["Z\u{fc}-1", "\u{96fb}\u{6a5f}-2", "n\u{ba} 3 / A"];
    files.push(good(
        "letters",
        "numbers with letters of several scripts",
        &named("letters", &accents),
        &[0, 1, 2],
    ));
    files.extend(damaged());
    files
}

fn lot() -> LotRef {
    LotRef { record: RecordId(sha256(&[b"a record of the vectors"])), index: 1 }
}

fn other_lot() -> LotRef {
    LotRef { index: 2, ..lot() }
}

fn kept(name: &str, count: usize) -> Kept {
    let serials: Vec<String> = (1..=count).map(|number| format!("SN-{number:04}")).collect();
    let serials: Vec<&str> = serials.iter().map(String::as_str).collect();
    named(name, &serials)
}

/// Salts come from a seed; those of the worked example are sixteen bytes of one value.
fn named(name: &str, serials: &[&str]) -> Kept {
    let mut entropy = SeededEntropy::new(name.as_bytes());
    let salted = serials.iter().enumerate().map(|(at, serial)| {
        let mut salt = [if at == 0 { 0x11 } else { 0x22 }; 16];
        if name != "two" {
            entropy.fill(&mut salt);
        }
        KeptSerial { serial: (*serial).to_owned(), salt }
    });
    Kept::of(salted.collect())
}

fn good(name: &str, about: &str, kept: &Kept, shown: &[usize]) -> File {
    let serials: Vec<String> = shown.iter().map(|at| kept.serials()[*at].serial.clone()).collect();
    let proof = Proof::of(kept, lot(), &serials).expect("the numbers are kept");
    let each =
        |make: &dyn Fn(&KeptSerial) -> Value| -> Vec<Value> { kept.serials().iter().map(make).collect() };
    let value = json!({
        "about": about,
        "serials": each(&|one| json!({ "serial": one.serial, "salt": hex(&one.salt) })),
        "leaf_data": each(&|one| hex(&leaf_data(&one.salt, &one.serial))),
        "leaf_hashes": each(&|one| leaf(&one.salt, &one.serial).to_hex().into()),
        "root": kept.root().to_hex(),
        "proof": text(&proof),
    });
    file(&format!("serials/good/{name}.json"), &value)
}

fn text(proof: &Proof) -> Value {
    serde_json::from_str(&proof.to_json()).expect("a proof is JSON")
}

fn file(path: &str, value: &Value) -> File {
    let text = serde_json::to_string_pretty(value).expect("it is JSON") + "\n";
    File { path: path.to_owned(), text }
}

fn damaged() -> Vec<File> {
    let kept = kept("damaged", 13);
    let serials: Vec<String> = [3, 7, 12].map(|at: usize| kept.serials()[at].serial.clone()).to_vec();
    let proof = Proof::of(&kept, lot(), &serials).expect("the numbers are kept");
    type Change = fn(&mut Proof);
    let changes: [(&str, &str, Change); 14] = [
        ("root", "another root than the paths lead to", |proof| proof.root.0[31] ^= 1),
        ("size-greater", "a tree of more leaves", |proof| proof.size = 17),
        ("size-smaller", "a tree that has no such leaf", |proof| proof.size = 1),
        ("salt-swapped", "the salt of another number", |proof| proof.serials[0].salt = proof.serials[1].salt),
        ("serial-of-another", "a number that is not among them, with the path of one that is", |proof| {
            proof.serials[0].serial = "SN-0099".to_owned();
        }),
        ("serial-empty", "a number of no letters", |proof| proof.serials[0].serial.clear()),
        ("serial-long", "a number of 65 bytes", |proof| proof.serials[0].serial = "9".repeat(65)),
        ("serial-control", "a number with a control character", |proof| {
            proof.serials[0].serial.push('\u{7}')
        }),
        ("serial-twice", "one number twice", |proof| proof.serials[1] = proof.serials[0].clone()),
        ("index", "the place of another number", |proof| proof.serials[0].index ^= 1),
        ("path-truncated", "a path without its last hash", |proof| drop_last(&mut proof.serials[0].path)),
        ("path-longer", "a path with one hash more", |proof| proof.serials[0].path.push(Hash::ZERO)),
        ("path-flipped", "a path with one bit changed", |proof| proof.serials[0].path[1].0[0] ^= 1),
        ("empty", "no number at all", |proof| proof.serials.clear()),
    ];
    let named = kept.root();
    let mut files: Vec<File> = changes
        .into_iter()
        .map(|(name, about, change)| {
            let mut changed = proof.clone();
            change(&mut changed);
            damaged_file(name, about, &changed, &named, &lot(), "fault")
        })
        .collect();
    let other = Hash([7; 32]);
    files.push(damaged_file(
        "root-of-another-lot",
        "the record names another root",
        &proof,
        &other,
        &lot(),
        "root",
    ));
    let about = "a good proof, shown for a lot that it is not about";
    files.push(damaged_file("another-lot", about, &proof, &named, &other_lot(), "lot"));
    files
}

fn drop_last(path: &mut Vec<Hash>) {
    path.truncate(path.len() - 1);
}

fn damaged_file(name: &str, about: &str, proof: &Proof, named: &Hash, lot: &LotRef, fails: &str) -> File {
    let value = json!({
        "about": about,
        "proof": text(proof),
        "named_by_record": named.to_hex(),
        "lot": lot.to_string(),
        "fails": fails,
    });
    file(&format!("serials/damaged/{name}.json"), &value)
}
