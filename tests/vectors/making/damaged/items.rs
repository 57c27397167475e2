//! Damage to hashes, directory and shown values: steps `body_hash`, `directory`, `items`.

use serde_json::{Value, json};

use super::super::file::{Vector, hex};
use super::super::parts::Parts;
use super::super::samples;
use super::{Damages, dispose_withheld, key, measure, sealed, withdraw};

impl Damages {
    pub(super) fn body_and_directory(&mut self) {
        self.signed("body-hash-flipped", "one bit of body_hash", "body_hash", withdraw(), |parts| {
            parts.header[112] ^= 1;
        });
        self.signed("body-flipped", "one bit of the body", "body_hash", withdraw(), |parts| {
            parts.body[20] ^= 1
        });
        self.signed("items-hash-flipped", "one bit of items_hash", "directory", measure(), |parts| {
            parts.header[175] ^= 1;
        });
        self.signed("commitment-flipped", "one bit of a commitment", "directory", measure(), |parts| {
            parts.entries[1].1.0[31] ^= 1;
        });
        self.remade(
            "keys-not-ascending",
            "mass stands before composition",
            "directory",
            measure(),
            |parts| {
                parts.entries.swap(0, 1);
                parts.items.clear();
            },
        );
        self.remade("key-duplicate", "composition stands there twice", "directory", measure(), |parts| {
            parts.entries[1] = parts.entries[0].clone();
            parts.items.clear();
        });
        let keys = [
            ("key-empty", "a key without a character", String::new()),
            ("key-bad-character", "a key with a capital letter", "Composition".to_owned()),
            ("key-with-a-space", "a key with a space", "compo sition".to_owned()),
            ("key-65-bytes", "a key one byte too long", "c".repeat(65)),
        ];
        for (name, about, key) in keys {
            self.remade(name, about, "directory", measure(), |parts| {
                parts.entries[0].0 = key.into_bytes();
                parts.items.clear();
            });
        }
    }

    pub(super) fn items(&mut self) {
        const STEP: &str = "items";
        let mut parts = measure();
        parts.items[0].salt[15] ^= 1;
        self.add("salt-wrong", "one bit of a salt", STEP, &parts);
        let mut parts = measure();
        parts.items[1].value[8] ^= 1;
        self.add("value-wrong", "one bit of a value", STEP, &parts);
        let mut parts = measure();
        parts.items.truncate(1);
        parts.items[0].index = 1;
        self.add("value-of-another-item", "the value of composition is shown as mass", STEP, &parts);
        let mut parts = measure();
        parts.items[1].index = 2;
        self.add("value-beyond-the-directory", "a value for item 2 of 2", STEP, &parts);
        let mut parts = measure();
        parts.items.swap(0, 1);
        self.add("values-not-ascending", "item 1 is shown before item 0", STEP, &parts);
        let mut parts = measure();
        parts.items[1] = parts.items[0].clone();
        self.add("value-shown-twice", "item 0 is shown twice", STEP, &parts);
        self.remade(
            "commitment-of-another-seq",
            "commitments were made for seq 2",
            STEP,
            measure(),
            |parts| {
                parts.set(56, &2_u64.to_be_bytes());
                parts.recommit();
                parts.set(56, &1_u64.to_be_bytes());
            },
        );
        for (name, about, len, step) in [
            ("value-of-65537-bytes", "one byte too long, and the commitment fits", 65_537, STEP),
            ("value-of-65536-bytes", "as long as may be, but no composition", 65_536, "slots"),
        ] {
            let mut parts = measure();
            parts.items[0].value = vec![0; len];
            parts.recommit();
            parts.rehash();
            parts.sign();
            self.zeros(name, about, step, &parts, len);
        }
        let with_reason = || sealed(samples::plain_dispose(), &|path| matches!(path, "in" | "reason"));
        for (name, about, mut parts, len, step) in [
            (
                "list-value-over-4-mib",
                "a whole list one byte too long",
                dispose_withheld(),
                (4 << 20) + 1,
                STEP,
            ),
            ("list-value-of-4-mib", "as long as may be, but no list", dispose_withheld(), 4 << 20, "slots"),
            ("values-over-4-mib-together", "a list of 4 MiB and a reason", with_reason(), 4 << 20, STEP),
        ] {
            parts.items[0].value = vec![0; len];
            parts.recommit();
            parts.rehash();
            parts.sign();
            self.zeros(name, about, step, &parts, len);
        }
    }

    /// Adds a record whose first value is `len` zero bytes.
    fn zeros(&mut self, name: &str, about: &str, step: &str, parts: &Parts, len: usize) {
        let mut vector = Vector::of(&parts.stored(), &parts.items, Some(key()));
        let zeros = json!({ "repeat": "00".repeat(8), "count": len / 8 });
        let rest = hex(&vec![0; len % 8]);
        vector.items[0]["value"] = Value::Array(vec![zeros, rest]);
        self.files.push(vector.damaged(name, about, step, false));
    }
}
