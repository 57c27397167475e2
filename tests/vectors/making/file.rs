//! Vectors as JSON text.

use std::io::Write;

use data_encoding::{BASE64, HEXLOWER};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lodemark::model::coded::Coded;
use lodemark::record::{SealedRecord, ShownItem};
use serde_json::{Value, json};

/// One vector file.
#[derive(Debug)]
pub struct File {
    /// Path below `tests/vectors`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// A record with what a reader needs beside it.
#[derive(Clone)]
pub struct Vector {
    /// Stored form, as bytes or parts.
    pub record: Value,
    /// The values shown, as JSON.
    pub items: Vec<Value>,
    /// The current key; `None` for `establish`.
    pub key: Option<[u8; 32]>,
    /// Records of the chain from seq 0 on.
    pub prev_records: Vec<Value>,
}

/// Returns bytes as hex.
pub fn hex(bytes: &[u8]) -> Value {
    HEXLOWER.encode(bytes).into()
}

/// Returns bytes as a list of one part, packed with zlib.
pub fn zlib(bytes: &[u8]) -> Value {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("writing to memory cannot fail");
    let packed = encoder.finish().expect("writing to memory cannot fail");
    json!([{ "zlib": BASE64.encode(&packed) }])
}

/// Returns bytes as parts, with the `count` equal stretches of `unit` bytes from `at` on written once.
///
/// `counter_at` is where in each a u64 counts the repetitions, if one does.
pub fn repeated(bytes: &[u8], at: usize, unit: usize, count: usize, counter_at: Option<usize>) -> Value {
    let first = &bytes[at..at + unit];
    for number in 0..count {
        let mut expected = first.to_vec();
        if let Some(at) = counter_at {
            expected[at..at + 8].copy_from_slice(&(number as u64).to_be_bytes());
        }
        assert_eq!(bytes[at + number * unit..][..unit], expected, "repetition {number}");
    }
    let mut repeat = json!({ "repeat": hex(first), "count": count });
    if let Some(at) = counter_at {
        repeat["counter_at"] = at.into();
    }
    json!([hex(&bytes[..at]), repeat, hex(&bytes[at + count * unit..])])
}

/// Returns a shown value as JSON.
pub fn item(item: &ShownItem) -> Value {
    json!({ "index": item.index, "salt": hex(&item.salt), "value": hex(&item.value) })
}

impl Vector {
    /// Returns the vector of `record` with every value shown.
    pub fn of(record: &[u8], items: &[ShownItem], key: Option<[u8; 32]>) -> Self {
        Self { record: hex(record), items: items.iter().map(item).collect(), key, prev_records: Vec::new() }
    }

    /// Returns the vector with these records before it.
    pub fn after(self, records: &[SealedRecord]) -> Self {
        Self { prev_records: records.iter().map(|record| hex(record.bytes())).collect(), ..self }
    }

    /// Returns the file of a record that opens and stands in its chain.
    pub fn good(self, name: &str, about: &str, record: &SealedRecord) -> File {
        let items: Vec<Value> = record
            .directory()
            .iter()
            .map(|entry| json!({ "key": entry.key, "commitment": entry.commitment }))
            .collect();
        // Thousands of entries say no more than the hash over them.
        let items = if items.len() > 100 { Value::Null } else { items.into() };
        let header = record.header();
        let expect = json!({
            "opens": true,
            "kind": record.kind().expect("a good vector is of a known kind").name(),
            "body_hash": header.body_hash,
            "items": items,
            "items_hash": header.items_hash,
            "record_id": record.id(),
            "party": header.party,
            "prev": header.prev,
            "control": header.control,
        });
        self.file("good", name, about, expect)
    }

    /// Returns the file of a record that fails at `step`; one `cannot_judge` may be sound.
    pub fn damaged(self, name: &str, about: &str, step: &str, cannot_judge: bool) -> File {
        let expect = json!({ "opens": false, "fails_at": step, "cannot_judge": cannot_judge });
        self.file("damaged", name, about, expect)
    }

    fn file(self, directory: &str, name: &str, about: &str, expect: Value) -> File {
        let vector = json!({
            "format": "lodemark/vector@1",
            "name": name,
            "about": about,
            "record": self.record,
            "items": self.items,
            "key": self.key.map(|key| hex(&key)),
            "prev_records": self.prev_records,
            "expect": expect,
        });
        File::new(format!("record/{directory}/{name}.json"), &vector)
    }
}

impl File {
    /// Returns the file with this content at this path.
    pub fn new(path: String, content: &Value) -> Self {
        let mut text = serde_json::to_string_pretty(content).expect("a JSON value can be written");
        text.push('\n');
        Self { path, text }
    }
}
