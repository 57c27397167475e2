//! Vectors of logs: checkpoints, proofs of inclusion, requests to witnesses, files of a log and forks, good and damaged.

use std::collections::BTreeMap;

use lodemark::hash::{Hash, PartyId, RecordId, sha256};
use lodemark::log::checkpoint::{Checkpoint, LogId};
use lodemark::log::cosignature::cosign;
use lodemark::log::fork::LogFork;
use lodemark::log::note::{Note, NoteSignature};
use lodemark::log::proof::LogProof;
use lodemark::log::publish::Publisher;
use lodemark::log::tree::{Tree, leaf_hash};
use lodemark::log::vkey::{KeyUse, VerifierKey};
use lodemark::log::witness::Request;
use lodemark::record::{ALG_ED25519, party_id};
use lodemark::sign::SecretKey;
use serde_json::{Value, json};

use super::file::File;

/// When witnesses saw what they cosign.
const TIME: u64 = 1_793_000_000;

/// Returns every vector about logs.
pub fn files() -> Vec<File> {
    [checkpoints(), inclusions(), requests(), tiles(), forks()].into_iter().flatten().collect()
}

fn secret(name: &str) -> SecretKey {
    SecretKey::from_seed(&sha256(&[b"log vectors ", name.as_bytes()]).0)
}

fn recovery() -> Hash {
    sha256(&[b"the recovery commitment of the log vectors"])
}

fn party() -> PartyId {
    party_id(ALG_ED25519, secret("mine").public().as_bytes(), &recovery())
}

fn log(epoch: u16) -> LogId {
    LogId { party: party(), epoch }
}

/// A record of the party's branch; another from `turn` on.
fn record(turn: u64, index: u64) -> RecordId {
    let branch = if index < turn { "one" } else { "another" };
    RecordId(sha256(&[b"record ", branch.as_bytes(), &index.to_be_bytes()]))
}

fn leaf(turn: u64, index: u64) -> Hash {
    leaf_hash(record(turn, index).as_bytes())
}

fn tree(turn: u64, size: u64) -> Tree {
    Tree::new((0..size).map(|index| leaf(turn, index)).collect())
}

fn honest(size: u64) -> Tree {
    tree(u64::MAX, size)
}

fn checkpoint(epoch: u16, tree: &Tree) -> Checkpoint {
    Checkpoint::of(log(epoch), tree.size(), tree.root()).expect("a tree has a size and root of a log")
}

fn note(tree: &Tree) -> Note {
    checkpoint(0, tree).sign(&secret("mine")).expect("it is a note")
}

fn cosigned(tree: &Tree, witnesses: &[&str]) -> Note {
    witnesses.iter().fold(note(tree), |note, name| {
        let line = cosign(&checkpoint(0, tree), TIME, &format!("{name}.example"), &secret(name));
        note.with(line.expect("a witness has a name")).expect("there is room")
    })
}

fn log_key() -> String {
    log(0).verifier_key(secret("mine").public()).to_string()
}

fn witness_keys() -> Vec<String> {
    let key = |name: &str| {
        let key = secret(name).public().clone();
        VerifierKey::new(&format!("{name}.example"), KeyUse::Cosignature, key)
            .expect("it is a name")
            .to_string()
    };
    ["north", "south", "west"].map(key).to_vec()
}

/// A vector: its folder by whether `fails_at` says where it fails.
fn file(name: &str, about: &str, kind: &str, content: Value, fails_at: Option<&str>) -> File {
    let mut value = json!({ "format": "lodemark/vector@1", "name": name, "about": about, "kind": kind });
    for (key, of) in content.as_object().expect("an object") {
        value[key] = of.clone();
    }
    if let Some(step) = fails_at {
        value["fails_at"] = step.into();
    }
    let folder = if fails_at.is_some() { "damaged" } else { "good" };
    File::new(format!("log/{folder}/{name}.json"), &value)
}

fn checkpoints() -> Vec<File> {
    let of = |name: &str, about: &str, text: &str, quorum: usize, fails: Option<&str>| {
        let mut content =
            json!({ "note": text, "logs": [log_key()], "witnesses": witness_keys(), "quorum": quorum });
        if fails.is_none() {
            let checkpoint = Note::parse(text.as_bytes()).map(|note| Checkpoint::parse(note.text()));
            let checkpoint = checkpoint.expect("it is a note").expect("it is a checkpoint");
            let saw = |name: &&str| text.contains(&format!("{name}.example"));
            let names: Vec<String> = ["north", "south", "west"]
                .iter()
                .filter(|name| saw(name))
                .map(|name| format!("{name}.example"))
                .collect();
            content["expect"] = json!({
                "party": party().to_hex(), "epoch": 0, "size": checkpoint.size(),
                "root": checkpoint.root().to_hex(), "seen_by": names, "time": TIME,
            });
        }
        file(&format!("checkpoint-{name}"), about, "checkpoint", content, fails)
    };
    let good = cosigned(&honest(20), &["north", "south", "stranger"]).to_string();
    let plain = note(&honest(20));
    let text = plain.text().to_owned();
    // A text that is changed and signed anew over the change.
    let signed = |text: &str| {
        let key: VerifierKey = log_key().parse().expect("it is a key");
        let line = NoteSignature::sign(text, &key, &secret("mine")).expect("it is the text of a note");
        Note::new(text.to_owned(), line).expect("it is a note").to_string()
    };
    let replaced = |from: &str, to: &str| {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good);
        changed
    };
    let empty = note(&honest(0)).to_string();
    vec![
        of("alone", "signed by the log alone, where no witness is asked for", &plain.to_string(), 0, None),
        of("witnessed", "two known witnesses and a stranger, where two are asked for", &good, 2, None),
        of("empty", "a log without leaves", &empty, 0, None),
        of("quorum", "two known witnesses, where three are asked for", &good, 3, Some("quorum")),
        of("no-line-end", "the last line end is missing", good.trim_end(), 2, Some("note")),
        of("line-ends", "line ends with carriage returns", &good.replace('\n', "\r\n"), 2, Some("note")),
        of("hyphen", "a hyphen for the dash", &replaced("\u{2014} north", "- north"), 2, Some("note")),
        of("below", "a line below that is no signature", &format!("{good}more\n"), 2, Some("note")),
        of(
            "base64",
            "Base64 without its padding",
            &replaced("=\n\u{2014} north", "\n\u{2014} north"),
            2,
            Some("note"),
        ),
        of(
            "size-zeros",
            "a size with a zero in front",
            &signed(&text.replace("\n20\n", "\n020\n")),
            0,
            Some("checkpoint"),
        ),
        of(
            "size-2-63",
            "a size of 2^63",
            &signed(&text.replace("\n20\n", "\n9223372036854775808\n")),
            0,
            Some("checkpoint"),
        ),
        of(
            "empty-root",
            "no leaves and a root of some",
            &signed(&text.replace("\n20\n", "\n0\n")),
            0,
            Some("checkpoint"),
        ),
        of("two-lines", "no root", &signed("a\n20\n"), 0, Some("checkpoint")),
        of(
            "size-changed",
            "another size than the one that was signed",
            &replaced("\n20\n", "\n21\n"),
            0,
            Some("signature"),
        ),
        of(
            "log-of-another-epoch",
            "the log of another epoch",
            &checkpoint(1, &honest(20)).sign(&secret("mine")).expect("it is a note").to_string(),
            0,
            Some("log"),
        ),
        of(
            "witnesses-alone",
            "witnesses without the log",
            &good.replace(&format!("{}\n", plain.signatures()[0]), ""),
            2,
            Some("log"),
        ),
        of(
            "cosignature-of-another",
            "a witness that saw another checkpoint",
            &plain
                .clone()
                .with(cosigned(&honest(21), &["north"]).signatures()[1].clone())
                .expect("there is room")
                .to_string(),
            0,
            Some("signature"),
        ),
    ]
}

fn inclusions() -> Vec<File> {
    let of = |name: &str, about: &str, proof: &str, index: u64, epoch: u16, fails: Option<&str>| {
        let content = json!({
            "proof": proof, "record": record(u64::MAX, index).to_hex(), "origin": log(epoch).to_string(),
            "logs": [log_key(), log(1).verifier_key(secret("mine").public()).to_string()],
            "witnesses": witness_keys(), "quorum": 1,
        });
        file(&format!("inclusion-{name}"), about, "inclusion", content, fails)
    };
    let proof = |size: u64, index: u64, extra: &[u8]| {
        let (tree, note) = (honest(size), cosigned(&honest(size), &["west"]));
        let path = tree.path(index).expect("there is such a leaf");
        LogProof::new(index, path, note, extra.to_vec()).expect("it is within bounds").to_string()
    };
    let good = proof(20, 13, b"");
    let lines: Vec<&str> = good.lines().collect();
    let hash = lines[3];
    vec![
        of("middle", "a leaf in the middle", &good, 13, 0, None),
        of("only", "the only leaf: a path without hashes", &proof(1, 0, b""), 0, 0, None),
        of("last", "the last leaf of an odd number", &proof(19, 18, b""), 18, 0, None),
        of("extra", "with extra data", &proof(20, 13, b"lot SN-2207"), 13, 0, None),
        of("head", "another version", &good.replace("@v1", "@v2"), 13, 0, Some("form")),
        of(
            "index-zeros",
            "an index with a zero in front",
            &good.replace("index 13", "index 013"),
            13,
            0,
            Some("form"),
        ),
        of(
            "extra-empty",
            "extra data that is none",
            &good.replace("index 13", "extra \nindex 13"),
            13,
            0,
            Some("form"),
        ),
        of(
            "hash-short",
            "a hash without its padding",
            &good.replace(hash, hash.trim_end_matches('=')),
            13,
            0,
            Some("form"),
        ),
        of(
            "path-64",
            "a path of 64 hashes",
            &good.replace("index 13\n", &format!("index 13\n{}", format!("{hash}\n").repeat(60))),
            13,
            0,
            Some("form"),
        ),
        of(
            "path-truncated",
            "a path without its first hash",
            &good.replacen(&format!("{hash}\n"), "", 1),
            13,
            0,
            Some("path"),
        ),
        of(
            "path-longer",
            "a path with one hash more",
            &good.replacen(&format!("{hash}\n"), &format!("{hash}\n{hash}\n"), 1),
            13,
            0,
            Some("path"),
        ),
        of("other-record", "another record", &good, 12, 0, Some("path")),
        of("other-index", "another index", &good.replace("index 13", "index 12"), 13, 0, Some("path")),
        of(
            "beyond",
            "an index that the log has not",
            &good.replace("index 13", "index 20"),
            13,
            0,
            Some("path"),
        ),
        of("other-log", "a proof in the log of another epoch", &good, 13, 1, Some("other_log")),
    ]
}

fn requests() -> Vec<File> {
    let of = |name: &str, about: &str, last: u64, request: &str, fails: Option<&str>| {
        let last = (last > 0).then(|| checkpoint(0, &honest(last)).to_string());
        let content = json!({ "last": last, "request": request, "logs": [log_key()] });
        file(&format!("request-{name}"), about, "request", content, fails)
    };
    let request = |old_size: u64, tree: &Tree| {
        let proof = tree.consistency(old_size).expect("it has as many leaves");
        Request { old_size, proof, note: note(tree) }.to_string()
    };
    let good = request(13, &honest(20));
    vec![
        of("first", "a log that is seen for the first time", 0, &request(0, &honest(20)), None),
        of("grown", "a log that goes on", 13, &good, None),
        of("power", "from a size that is a power of two", 16, &request(16, &honest(20)), None),
        of("same", "the same size and root", 20, &request(20, &honest(20)), None),
        of(
            "old-zeros",
            "an old size with a zero in front",
            13,
            &good.replace("old 13", "old 013"),
            Some("form"),
        ),
        of("smaller", "a smaller log", 20, &request(13, &honest(13)), Some("smaller")),
        of("fork", "the same size and another root", 20, &request(20, &tree(17, 20)), Some("fork")),
        of("other-size", "a proof from another size", 12, &good, Some("other_size")),
        of(
            "turned",
            "a log that went another way before the old size",
            13,
            &request(13, &tree(5, 20)),
            Some("consistency"),
        ),
        of("first-with-proof", "a proof where nothing was seen", 0, &good, Some("other_size")),
    ]
}

fn tiles() -> Vec<File> {
    let sizes = [3, 258];
    let mut publisher = Publisher::new();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut keep = |files: Vec<lodemark::log::publish::TileFile>| {
        all.extend(
            files
                .into_iter()
                .map(|file| (file.path.to_string(), data_encoding::HEXLOWER.encode(&file.bytes))),
        );
    };
    for size in sizes {
        for index in publisher.leaves().size()..size {
            keep(publisher.push(record(u64::MAX, index).as_bytes()).expect("an id is an entry"));
        }
        keep(publisher.partial());
    }
    let of = |name: &str, about: &str, size: u64, files: &BTreeMap<String, String>, fails: Option<&str>| {
        let text = note(&honest(size)).to_string();
        file(
            &format!("tiles-{name}"),
            about,
            "tiles",
            json!({ "note": text, "logs": [log_key()], "files": files }),
            fails,
        )
    };
    let small: BTreeMap<String, String> = all
        .iter()
        .filter(|(path, _)| path.contains("000.p/3"))
        .map(|(path, hex)| (path.clone(), hex.clone()))
        .collect();
    let changed = |path: &str, change: &dyn Fn(&mut String)| {
        let mut files = small.clone();
        change(files.get_mut(path).expect("the file is there"));
        files
    };
    let without = |path: &str| {
        let mut files = small.clone();
        files.remove(path).expect("the file is there");
        files
    };
    let bundle = "tile/entries/000.p/3";
    let hashes = "tile/0/000.p/3";
    vec![
        of("three", "three records", 3, &small, None),
        of("grown", "the first three of 258, beside full tiles", 3, &all, None),
        of("levels", "258 records: full and partial tiles, two levels", 258, &all, None),
        of("bundle-missing", "no entries", 3, &without(bundle), Some("missing")),
        of("hashes-missing", "no hashes", 3, &without(hashes), Some("missing")),
        of(
            "bundle-cut",
            "a bundle that ends inside an entry",
            3,
            &changed(bundle, &|hex| hex.truncate(202)),
            Some("bundle"),
        ),
        of(
            "bundle-longer",
            "something behind the entries",
            3,
            &changed(bundle, &|hex| hex.push_str("0000")),
            Some("bundle"),
        ),
        of(
            "entry-31",
            "an entry of 31 bytes",
            3,
            &changed(bundle, &|hex| {
                hex.replace_range(2..4, "1f");
                hex.replace_range(66..68, "");
            }),
            Some("entry"),
        ),
        of(
            "hashes-changed",
            "a tile with one bit changed",
            3,
            &changed(hashes, &|hex| flip(hex, 9)),
            Some("tile"),
        ),
        of(
            "other-log",
            "the files of other records",
            3,
            &{
                let mut publisher = Publisher::new();
                for index in 0..3 {
                    publisher.push(record(1, index).as_bytes()).expect("an id is an entry");
                }
                publisher
                    .partial()
                    .into_iter()
                    .map(|file| (file.path.to_string(), data_encoding::HEXLOWER.encode(&file.bytes)))
                    .collect()
            },
            Some("root"),
        ),
    ]
}

/// Changes one hex digit.
fn flip(hex: &mut String, at: usize) {
    let other = if &hex[at..=at] == "0" { "1" } else { "0" };
    hex.replace_range(at..=at, other);
}

fn forks() -> Vec<File> {
    let of = |name: &str, about: &str, fork: &str, fails: Option<&str>| {
        file(
            &format!("fork-{name}"),
            about,
            "fork",
            json!({ "fork": fork, "party": party().to_hex() }),
            fails,
        )
    };
    let key = secret("mine");
    let (first, second, equal) = (honest(13), tree(5, 20), tree(5, 13));
    let notes = [note(&first), note(&second), note(&equal)];
    let held = "the records contradict each other";
    let roots = LogFork::of_roots(key.public(), recovery(), [&notes[0], &notes[2]]).expect(held).to_string();
    let inclusion = |tree: &Tree| {
        LogProof::new(7, tree.path(7).expect("there is such a leaf"), note(tree), vec![])
            .expect("it is within bounds")
    };
    let pair = [inclusion(&first), inclusion(&second)];
    let leaves = [leaf(u64::MAX, 7), leaf(5, 7)];
    let of_leaves =
        LogFork::of_leaves(key.public(), recovery(), leaves, [&pair[0], &pair[1]]).expect(held).to_string();
    let prefix = LogFork::of_prefix(key.public(), recovery(), [&notes[0], &notes[1]], &second)
        .expect(held)
        .to_string();
    let swap = |text: &str, from: &Note, to: &Note| {
        assert!(text.contains(&from.to_string()));
        text.replace(&from.to_string(), &to.to_string())
    };
    let other_epoch = checkpoint(1, &equal).sign(&key).expect("it is a note");
    let forged = checkpoint(0, &equal).sign(&secret("thief")).expect("it is a note");
    let joined = note(&honest(20));
    let honest_path: String =
        honest(20).prefix(13).expect("it has as many").iter().map(|node| format!("node {node}\n")).collect();
    let nodes: String =
        prefix.lines().filter(|line| line.starts_with("node ")).map(|line| format!("{line}\n")).collect();
    vec![
        of("roots", "one size, two roots", &roots, None),
        of("leaves", "two records at one index, under two sizes", &of_leaves, None),
        of("prefix", "the larger log has other records first", &prefix, None),
        of("kind", "a kind that is not known", &roots.replace("\nroots\n", "\nroot\n"), Some("form")),
        of(
            "cut",
            "the second note is missing",
            roots[..roots.len() - notes[2].to_string().len() - 1].trim_end(),
            Some("form"),
        ),
        of(
            "more",
            "a node where there is none",
            &roots.replacen("\n\n", &format!("\nnode {}\n\n", Hash::ZERO), 1),
            Some("form"),
        ),
        of(
            "recovery",
            "the recovery commitment of another",
            &roots.replace(&recovery().to_hex(), &Hash::ZERO.to_hex()),
            Some("party"),
        ),
        of(
            "forged",
            "a checkpoint that another key signed",
            &swap(&roots, &notes[2], &forged),
            Some("signature"),
        ),
        of("two-epochs", "the logs of two epochs", &swap(&roots, &notes[2], &other_epoch), Some("two_logs")),
        of("roots-equal", "one checkpoint twice", &swap(&roots, &notes[2], &notes[0]), Some("statement")),
        of(
            "roots-sizes",
            "two sizes by their roots alone",
            &swap(&roots, &notes[2], &notes[1]),
            Some("statement"),
        ),
        of(
            "leaves-equal",
            "one leaf twice",
            &of_leaves.replace(&leaves[1].to_hex(), &leaves[0].to_hex()),
            Some("statement"),
        ),
        of(
            "leaves-other",
            "a leaf that does not stand there",
            &of_leaves.replace(&leaves[1].to_hex(), &Hash::ZERO.to_hex()),
            Some("statement"),
        ),
        of(
            "prefix-honest",
            "a log that goes on",
            &swap(&prefix, &notes[1], &joined).replace(&nodes, &honest_path),
            Some("statement"),
        ),
        of("prefix-other", "a path of another tree", &swap(&prefix, &notes[1], &joined), Some("statement")),
    ]
}
