//! A record taken apart, changed, and put together again: hashes and signature are made anew over the change.

use lodemark::hash::{Hash, TAG_BODY, TAG_ITEM, TAG_ITEMS, sha256, tagged};
use lodemark::record::{HEADER_LEN, Sealed, ShownItem};
use lodemark::sign::SecretKey;

use super::chains::signer;

/// A record in its parts.
#[derive(Clone)]
pub struct Parts {
    /// The 208 bytes.
    pub header: Vec<u8>,
    /// The signature, once it is made.
    pub signature: Vec<u8>,
    /// Nonce, key entry, fields.
    pub body: Vec<u8>,
    /// Keys and commitments.
    pub entries: Vec<(Vec<u8>, Hash)>,
    /// Values and salts shown.
    pub items: Vec<ShownItem>,
}

impl Parts {
    /// Takes a record apart.
    pub fn of(sealed: &Sealed) -> Self {
        let bytes = sealed.record.bytes();
        let body_end = HEADER_LEN + 64 + sealed.record.header().body_len as usize;
        let directory = sealed.record.directory().iter();
        Self {
            header: bytes[..HEADER_LEN].to_vec(),
            signature: bytes[HEADER_LEN..HEADER_LEN + 64].to_vec(),
            body: bytes[HEADER_LEN + 64..body_end].to_vec(),
            entries: directory.map(|entry| (entry.key.clone().into_bytes(), entry.commitment)).collect(),
            items: sealed.items.clone(),
        }
    }

    /// Overwrites bytes of the header.
    pub fn set(&mut self, at: usize, bytes: &[u8]) {
        self.header[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Makes body length, body hash, item count and items hash those of the parts.
    pub fn rehash(&mut self) {
        let body_hash = tagged(&TAG_BODY, &[&self.body]);
        self.set(104, &(self.body.len() as u32).to_be_bytes());
        self.set(108, &(self.entries.len() as u32).to_be_bytes());
        self.set(112, &body_hash.0);
        self.rehash_items();
    }

    /// Makes the items hash that of the directory.
    pub fn rehash_items(&mut self) {
        let count = (self.entries.len() as u32).to_be_bytes();
        let hash = match self.entries.len() {
            0 => Hash::ZERO,
            _ => tagged(&TAG_ITEMS, &[&count, &self.directory()]),
        };
        self.set(144, &hash.0);
    }

    /// Makes the commitment of each shown value anew.
    pub fn recommit(&mut self) {
        for item in &self.items {
            let (key, commitment) = &mut self.entries[item.index as usize];
            let length = (key.len() as u16).to_be_bytes();
            let parts: [&[u8]; 5] = [&item.salt, &self.header[22..64], &length, key, &item.value];
            *commitment = tagged(&TAG_ITEM, &parts);
        }
    }

    /// Adds an item with its value and keeps the directory in order.
    pub fn insert(&mut self, key: &str, value: &[u8]) {
        let at = self.entries.partition_point(|(other, _)| other.as_slice() < key.as_bytes());
        for item in self.items.iter_mut().filter(|item| item.index as usize >= at) {
            item.index += 1;
        }
        self.entries.insert(at, (key.as_bytes().to_vec(), Hash::ZERO));
        let item = ShownItem { index: at as u32, salt: [0x5a; 16], value: value.to_vec() };
        let position = self.items.partition_point(|other| other.index < item.index);
        self.items.insert(position, item);
        self.recommit();
    }

    /// Takes an item out, directory entry and value.
    pub fn remove(&mut self, at: usize) {
        self.entries.remove(at);
        self.items.retain(|item| item.index as usize != at);
        for item in self.items.iter_mut().filter(|item| item.index as usize > at) {
            item.index -= 1;
        }
    }

    /// Returns the bytes that are signed.
    pub fn message(&self) -> Vec<u8> {
        [&b"lodemark-sign-1"[..], &sha256(&[&self.header]).0].concat()
    }

    /// Signs the header as it is.
    pub fn sign(&mut self) {
        self.sign_with(&signer());
    }

    /// Signs the header as it is with another key.
    pub fn sign_with(&mut self, signer: &SecretKey) {
        self.signature = signer.sign(&self.message()).0.to_vec();
    }

    /// Returns the stored form.
    pub fn stored(&self) -> Vec<u8> {
        [&self.header[..], &self.signature, &self.body, &self.directory()].concat()
    }

    fn directory(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (key, commitment) in &self.entries {
            bytes.extend((key.len() as u16).to_be_bytes());
            bytes.extend(key);
            bytes.extend(commitment.0);
        }
        bytes
    }
}
