//! What is fuzzed: each function takes any bytes, reads them as something, and asserts what must hold of whatever reads.

use std::sync::LazyLock;

use lodemark::capsule;
use lodemark::chain::proof::Proof;
use lodemark::hash::{Hash, TAG_BODY, TAG_ITEMS, sha256, tagged};
use lodemark::ledger::export_file;
use lodemark::log::checkpoint::Checkpoint;
use lodemark::log::fork::LogFork;
use lodemark::log::note::Note;
use lodemark::log::proof::LogProof;
use lodemark::log::pull;
use lodemark::log::vkey::VerifierKey;
use lodemark::log::witness::Request;
use lodemark::record::{HEADER_LEN, SealedRecord, ShownItem, SignedHeader, commitment};
use lodemark::rules::Pack;
use lodemark::sign::{SecretKey, record_message};
use lodemark::trust::{Case, Trust};
use lodemark::verify::{Evidence, open_all};

/// A capsule without its checksum, which is put behind: what reads is written again to the same bytes, and is verified.
pub fn capsule(data: &[u8]) {
    let _ = capsule::read(data);
    let bytes = [data, &sha256(&[data]).0].concat();
    if let Ok(read) = capsule::read(&bytes) {
        assert_eq!(capsule::write(&read), bytes);
        verify(capsule::evidence(&read, "it"));
    }
}

/// A record in its stored form.
pub fn record(data: &[u8]) {
    if let Ok(header) = SignedHeader::parse(data) {
        assert_eq!(header.header().to_bytes()[..], data[..HEADER_LEN]);
    }
    if let Ok(record) = SealedRecord::parse(data) {
        assert_eq!(record.bytes(), data);
        if let Ok(Some(key)) = record.first_key() {
            if let Ok(verified) = record.verify(&key) {
                let _ = record.open(&key, &verified, &[]);
            }
        }
    }
}

static KEY: LazyLock<SecretKey> = LazyLock::new(|| SecretKey::from_seed(&[1; 32]));

/// The contents of a record: kind, private items, body. Hashes and signature are made so that they are reached.
///
/// `kind u16 | number of items u8 | for each: length u8, key, length u16, value | body`
pub fn body(data: &[u8]) {
    let mut from = data;
    let mut take = |count: usize| {
        let (taken, rest) = from.split_at_checked(count)?;
        from = rest;
        Some(taken)
    };
    let Some(kind) = take(2) else { return };
    let Some(count) = take(1).map(|one| one[0] % 24) else { return };
    let mut items: Vec<(String, Vec<u8>)> = Vec::new();
    for _ in 0..count {
        let Some(length) = take(1).map(|one| usize::from(one[0] % 65)) else { return };
        let Some(key) = take(length).and_then(|key| std::str::from_utf8(key).ok()) else { return };
        let key = key.to_owned();
        let Some(length) = take(2).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]]))) else { return };
        let Some(value) = take(length) else { return };
        items.push((key, value.to_vec()));
    }
    items.sort();
    items.dedup_by(|one, other| one.0 == other.0);
    let body = from;

    let mut header = [0; HEADER_LEN];
    header[..16].copy_from_slice(&lodemark::record::TAG);
    header[17] = 1;
    header[18..20].copy_from_slice(kind);
    header[24..56].copy_from_slice(&[2; 32]);
    header[63] = 1;
    header[64..96].copy_from_slice(&[3; 32]);
    header[96..104].copy_from_slice(&1_793_664_000_000_u64.to_be_bytes());
    header[104..108].copy_from_slice(&(body.len() as u32).to_be_bytes());
    header[108..112].copy_from_slice(&(items.len() as u32).to_be_bytes());
    header[112..144].copy_from_slice(&tagged(&TAG_BODY, &[body]).0);
    header[176..208].copy_from_slice(&[3; 32]);
    let mut directory = Vec::new();
    let mut shown = Vec::new();
    for (index, (key, value)) in items.into_iter().enumerate() {
        let salt = [index as u8; 16];
        directory.extend((key.len() as u16).to_be_bytes());
        directory.extend(key.as_bytes());
        directory.extend(commitment(&header, &salt, &key, &value).0);
        shown.push(ShownItem { index: index as u32, salt, value });
    }
    let hash = match shown.len() {
        0 => Hash::ZERO,
        count => tagged(&TAG_ITEMS, &[&(count as u32).to_be_bytes(), &directory]),
    };
    header[144..176].copy_from_slice(&hash.0);
    let id = lodemark::hash::RecordId(sha256(&[&header]));
    let signature = KEY.sign(&record_message(&id));
    let bytes = [&header[..], &signature.0, body, &directory].concat();
    let Ok(record) = SealedRecord::parse(&bytes) else { return };
    assert_eq!(record.bytes(), bytes);
    let verified = record.verify(KEY.public()).expect("it was just signed");
    // With every value shown, with half of them, and with none: what opens with all of them opens with fewer.
    let whole = record.open(KEY.public(), &verified, &shown);
    let half: Vec<ShownItem> = shown.iter().step_by(2).cloned().collect();
    let half = record.open(KEY.public(), &verified, &half);
    let none = record.open(KEY.public(), &verified, &[]);
    assert!(whole.is_err() || (half.is_ok() && none.is_ok()));
}

/// An export file, with its end and check value put behind as well.
pub fn export(data: &[u8]) {
    let sealed = [data, &sha256(&[data]).0].concat();
    for bytes in [data, &sealed] {
        let salvaged = export_file::read_lenient(bytes, "it");
        if let Ok(pieces) = export_file::read(bytes, "it") {
            assert_eq!(pieces, salvaged.pieces);
            assert!(salvaged.damage.is_empty());
            let mut again = export_file::Writer::new();
            pieces.iter().for_each(|piece| again.push(&piece.bytes, &piece.shown));
            assert_eq!(again.finish(), bytes);
            verify(pieces.into());
        }
    }
}

/// Notes, checkpoints, proofs of inclusion, requests to witnesses, proofs of forks, keys, and the files of a log.
pub fn log(data: &[u8]) {
    if let Ok(note) = Note::parse(data) {
        assert_eq!(note.to_string().as_bytes(), data);
        if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
            let _ = (checkpoint.size(), checkpoint.root());
        }
    }
    if let Ok(proof) = LogProof::parse(data) {
        assert_eq!(proof.to_string().as_bytes(), data);
    }
    if let Ok(request) = Request::parse(data) {
        assert_eq!(request.to_string().as_bytes(), data);
    }
    if let Ok(fork) = LogFork::parse(data) {
        let _ = fork.judge();
    }
    let Ok(text) = std::str::from_utf8(data) else { return tiles(data) };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    tiles(data);
}

/// Any bytes as every file of a log of up to 255 entries.
fn tiles(data: &[u8]) {
    let Some((size, files)) = data.split_first() else { return };
    let party = lodemark::hash::PartyId::from_bytes([2; 32]);
    let id = lodemark::log::checkpoint::LogId { party, epoch: 0 };
    if let Ok(checkpoint) = Checkpoint::of(id, u64::from(*size) + 1, Hash::ZERO) {
        assert!(pull::record_ids(&checkpoint, |_| Some(files.to_vec())).is_err(), "nothing hashes to zero");
    }
}

/// A proof that a party contradicted itself.
pub fn proof(data: &[u8]) {
    let _ = Proof::from_bytes(data);
    let sealed = [data, &sha256(&[data]).0].concat();
    if let Ok(proof) = Proof::from_bytes(&sealed) {
        assert_eq!(proof.to_bytes(), sealed);
        let _ = proof.judge();
    }
}

/// Texts of the reader's own, which may come from others: packs, trust and case files, scenarios.
pub fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = Pack::from_toml(text);
    let _ = Trust::from_toml(text);
    let _ = Case::from_toml(text);
}

fn verify(evidence: Evidence) {
    let opened = open_all(evidence);
    assert!(opened.records.len() < 1 << 20);
}
