//! Capsules: the committed vectors, and those of whole worlds, good ones and a thousand damaged ones. The second reader
//! comes to the same of each.
//!
//! The second reader is `tests/second_reader/capsule.py`, written from the format pages alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use data_encoding::HEXLOWER;
use lodemark::capsule::{self, Audience, Capsule, Chain, Entry, Fault, PackName};
use lodemark::hash::{Hash, PartyId, RecordId, sha256};
use lodemark::log::checkpoint::{Checkpoint, LogId};
use lodemark::log::part::{Cosignature, LogPart};
use lodemark::log::tree::{Tree, leaf_hash};
use lodemark::log::{cosignature, seen, shown};
use lodemark::scenario::{HandOver, Scenario, World};
use lodemark::sign::SecretKey;
use lodemark::verify::open_all;
use serde_json::{Value, json};

/// Damaged capsules that are compared.
const DAMAGED: usize = 1200;
/// Worlds that capsules are made of.
const WORLDS: [&str; 3] = ["balance_worked_chain", "rules_certificate", "case_e1"];

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

fn world(name: &str) -> (World, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/scenarios/{name}.toml"));
    let scenario = Scenario::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
    let title = scenario.title.clone();
    (World::build(&scenario).unwrap(), title)
}

/// The key that a scenario gives to a party.
fn key(title: &str, alias: &str) -> SecretKey {
    SecretKey::from_seed(&sha256(&[b"lodemark scenario key", title.as_bytes(), b"/", alias.as_bytes()]).0)
}

/// What every record of one party is, by its place in the chain.
type Records = Vec<(Vec<u8>, Vec<lodemark::record::ShownItem>)>;

/// Returns a capsule of a world: of most chains some records, all that amend, and the last leaf.
fn capsule_of(name: &str, dice: &mut Dice) -> Capsule {
    let (world, title) = world(name);
    let aliases: BTreeMap<PartyId, String> =
        world.parties().map(|(alias, party)| (party, alias.to_owned())).collect();
    let mut chains: BTreeMap<PartyId, Records> = BTreeMap::new();
    for piece in HandOver::default().pieces(&world).unwrap() {
        let party = PartyId::from_bytes(piece.bytes[24..56].try_into().unwrap());
        chains.entry(party).or_default().push((piece.bytes, piece.shown));
    }
    let chains: Vec<Chain> = chains
        .into_iter()
        .map(|(party, records)| chain(party, records, &key(&title, &aliases[&party]), dice))
        .collect();
    let record = RecordId(sha256(&[&chains[0].entries[0].bytes()[..208]]));
    Capsule {
        audience: Audience::Customer,
        lots: vec![lodemark::model::lotref::LotRef { record, index: 0 }],
        cuts: Vec::new(),
        chains,
        packs: vec![PackName {
            id: "us-dfars".to_owned(),
            hash: sha256(&[b"text"]),
            version: "1".to_owned(),
        }],
        documents: Vec::new(),
    }
}

fn chain(party: PartyId, records: Records, secret: &SecretKey, dice: &mut Dice) -> Chain {
    let ids: Vec<RecordId> = records.iter().map(|(bytes, _)| RecordId(sha256(&[&bytes[..208]]))).collect();
    let size = ids.len() as u64;
    let leaf = |seq: &usize| leaf_hash(ids[*seq].as_bytes());
    let root = |first: u64, last: u64| {
        Tree::new((first as usize..last as usize).map(|seq| leaf(&seq)).collect()).root()
    };
    let has_log = dice.roll(8) > 0;
    let mut entries = Vec::new();
    for (seq, (bytes, shown)) in records.into_iter().enumerate() {
        let is_control = bytes[18] & 0x40 != 0;
        match dice.roll(4) {
            _ if is_control => entries.push(Entry::Record { bytes, shown }),
            0 if seq as u64 + 1 < size => {}
            1 => entries.push(Entry::Header(bytes[..272].to_vec())),
            2 => entries.push(Entry::Record { bytes, shown: shown.into_iter().step_by(2).collect() }),
            _ => entries.push(Entry::Record { bytes, shown }),
        }
    }
    let log = has_log.then(|| {
        let text = Checkpoint::of(LogId { party, epoch: 0 }, size, root(0, size)).unwrap();
        let checkpoint = seen::of(&text.sign(secret).unwrap(), secret.public()).unwrap();
        let witness = SecretKey::from_seed(&[9; 32]);
        let line = cosignature::cosign(&text, 1_790_000_000, "witness.example/1", &witness).unwrap();
        let leaves: Vec<u64> = entries.iter().filter_map(Entry::seq).collect();
        let nodes = shown::needed(size, &leaves).unwrap().into_iter();
        let nodes: Vec<Hash> =
            nodes.map(|one| root(one.index << one.level, (one.index + 1) << one.level)).collect();
        LogPart { checkpoint, cosignatures: vec![Cosignature::of(&line).unwrap()], nodes }
    });
    Chain { party, epoch: 0, log, entries }
}

/// What this library finds in a capsule, as the second reader writes it.
fn verdict(bytes: &[u8]) -> Value {
    let Ok(capsule) = capsule::read(bytes) else { return json!({ "layout": false }) };
    let opened = open_all(capsule::evidence(&capsule, "it"));
    let of_chain = |chain: &Chain| {
        let source = |seq: u64| format!("record {seq} of {} in it", chain.party.short());
        let mut ids: Vec<String> = opened
            .records
            .iter()
            .filter(|one| one.author == chain.party && one.epoch == chain.epoch)
            .map(|one| one.id.to_hex())
            .collect();
        ids.sort_unstable();
        let refused = chain.entries.iter().filter_map(|entry| {
            let seq = entry.seq()?;
            let bad = opened.refused.iter().find(|bad| bad.source == source(seq))?;
            Some(json!([seq, bad.step]))
        });
        let held = opened
            .logs
            .iter()
            .find(|log| log.part.checkpoint.party == chain.party && log.part.checkpoint.epoch == chain.epoch);
        let log = match (&chain.log, held) {
            (None, _) => "none",
            (Some(_), Some(_)) => "holds",
            (Some(_), None) => "refused",
        };
        let is_whole = held.is_some_and(|log| log.control == lodemark::verify::ControlList::Whole);
        json!({
            "party": chain.party.to_hex(), "epoch": chain.epoch, "log": log, "control": is_whole,
            "opened": ids, "refused": refused.collect::<Vec<_>>(),
        })
    };
    let lot = |lot: &lodemark::model::lotref::LotRef| format!("{}{:08x}", lot.record.to_hex(), lot.index);
    json!({
        "layout": true,
        "lots": capsule.lots.iter().map(lot).collect::<Vec<_>>(),
        "chains": capsule.chains.iter().map(of_chain).collect::<Vec<_>>(),
        "documents": capsule.documents.iter().map(|one| one.hash.to_hex()).collect::<Vec<_>>(),
    })
}

/// Returns the bytes with a checksum that fits them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 32);
    let checksum = sha256(&[&bytes]);
    bytes.extend(checksum.0);
    bytes
}

/// Damages a capsule: a byte of it, with or without a new checksum, or something of its contents.
fn damaged(good: &Capsule, dice: &mut Dice) -> Vec<u8> {
    let mut capsule = good.clone();
    let at = dice.roll(capsule.chains.len());
    let chain = &mut capsule.chains[at];
    let one = dice.roll(chain.entries.len());
    match dice.roll(10) {
        0 => drop(chain.entries.remove(one)),
        1 => {
            let bytes = chain.entries[one].bytes()[..272].to_vec();
            chain.entries[one] = Entry::Header(bytes);
        }
        2 => match &mut chain.entries[one] {
            Entry::Record { shown, .. } if !shown.is_empty() => {
                let item = dice.roll(shown.len());
                shown[item].salt[3] ^= 1;
            }
            _ => chain.log = None,
        },
        3 => match &mut chain.log {
            Some(log) if !log.nodes.is_empty() => {
                let node = dice.roll(log.nodes.len());
                log.nodes[node].0[7] ^= 16;
            }
            Some(log) => log.checkpoint.size += 1,
            None => drop(chain.entries.remove(one)),
        },
        4 => {
            if let Some(log) = &mut chain.log {
                log.checkpoint.signature[dice.roll(64)] ^= 1 << dice.roll(8);
            }
        }
        5 => {
            let mut bytes = capsule::write(&capsule);
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
            return bytes;
        }
        _ => {
            let mut bytes = capsule::write(&capsule);
            let at = dice.roll(bytes.len() - 32);
            bytes[at] ^= 1 << dice.roll(8);
            return sealed(bytes);
        }
    }
    capsule::write(&capsule)
}

/// Returns what the second reader finds in each of these files.
fn second_reader(paths: &[PathBuf]) -> Vec<Value> {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/capsule.py");
    let list = paths.iter().map(|path| format!("{}\n", path.display())).collect::<String>();
    let dir = paths[0].parent().unwrap();
    std::fs::write(dir.join("list"), list).unwrap();
    let stdin = std::fs::File::open(dir.join("list")).unwrap();
    let output = Command::new("python3").arg(reader).stdin(stdin).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the capsules among the vectors, each with what is stated of it.
fn vectors(folder: &str) -> Vec<(Vec<u8>, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/capsule").join(folder);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort_unstable();
    let read = |path: PathBuf| {
        let vector: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(vector["name"], path.file_stem().unwrap().to_str().unwrap());
        let bytes = HEXLOWER.decode(vector["capsule"].as_str().unwrap().as_bytes()).unwrap();
        (bytes, vector)
    };
    paths.into_iter().map(read).collect()
}

/// The part of "Reading" in docs/formats/capsule.md at which a capsule is refused first; nothing for one that holds.
fn fails_at(bytes: &[u8]) -> Option<&'static str> {
    match capsule::read(bytes) {
        Err(error) => Some(match error.fault {
            Fault::NotACapsule | Fault::CutShort("its head") => "head",
            Fault::OtherVersion(_) => "version",
            Fault::WrongChecksum => "checksum",
            _ => "layout",
        }),
        Ok(capsule) => {
            let opened = open_all(capsule::evidence(&capsule, "it"));
            let logs = capsule.chains.iter().filter(|chain| chain.log.is_some()).count();
            let is_open =
                |log: &lodemark::verify::HeldLog| log.control == lodemark::verify::ControlList::Open;
            match opened.refused.first() {
                Some(bad) => Some(bad.step),
                None if opened.logs.len() < logs => Some("log"),
                None if opened.logs.iter().any(is_open) => Some("control"),
                None => None,
            }
        }
    }
}

#[test]
fn vectors_are_found_to_be_what_is_stated() {
    let (good, damaged) = (vectors("good"), vectors("damaged"));
    for (bytes, vector) in good.iter().chain(&damaged) {
        assert_eq!(verdict(bytes), vector["expect"], "{}", vector["name"]);
        assert_eq!(fails_at(bytes), vector["fails_at"].as_str(), "{}", vector["name"]);
    }
    assert!(good.iter().all(|(_, vector)| vector.get("fails_at").is_none()));
    for step in ["head", "version", "checksum", "layout", "body_hash", "signature", "items", "log", "control"]
    {
        assert!(damaged.iter().any(|(_, vector)| vector["fails_at"] == step), "{step}");
    }
}

#[test]
fn the_second_reader_agrees_on_every_vector() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `python3`; the second reader did not run");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let vectors: Vec<(Vec<u8>, Value)> = [vectors("good"), vectors("damaged")].concat();
    let paths: Vec<PathBuf> = (0..vectors.len()).map(|at| dir.path().join(format!("{at}.capsule"))).collect();
    for (path, (bytes, _)) in paths.iter().zip(&vectors) {
        std::fs::write(path, bytes).unwrap();
    }
    for (found, (_, vector)) in second_reader(&paths).iter().zip(&vectors) {
        assert_eq!(found, &vector["expect"], "{}", vector["name"]);
    }
}

#[test]
fn the_second_reader_agrees_on_good_capsules_and_on_a_thousand_damaged_ones() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `python3`; the second reader did not run");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut dice = Dice(0x10de_3a2c);
    let good: Vec<Capsule> = WORLDS.iter().map(|name| capsule_of(name, &mut dice)).collect();
    let mut files: Vec<Vec<u8>> = good.iter().map(capsule::write).collect();
    files.extend((0..DAMAGED).map(|at| damaged(&good[at % good.len()], &mut dice)));
    let paths: Vec<PathBuf> = (0..files.len()).map(|at| dir.path().join(format!("{at}.capsule"))).collect();
    for (path, bytes) in paths.iter().zip(&files) {
        std::fs::write(path, bytes).unwrap();
    }
    let second = second_reader(&paths);
    assert_eq!(second.len(), files.len());
    let mut refused = 0;
    for (at, (bytes, second)) in files.iter().zip(&second).enumerate() {
        let own = verdict(bytes);
        assert_eq!(&own, second, "capsule {at} of {}", files.len());
        refused += usize::from(own["layout"] == false);
    }
    for own in &second[..good.len()] {
        let chains = own["chains"].as_array().unwrap();
        assert!(
            chains.iter().all(|chain| chain["refused"] == json!([]) && chain["log"] != "refused"),
            "{own}"
        );
        assert!(chains.iter().any(|chain| chain["control"] == true), "{own}");
    }
    // Neither all of them nor none must fail by their layout, or the rest would not be compared.
    assert!((DAMAGED / 10..DAMAGED * 9 / 10).contains(&refused), "{refused}");
}
