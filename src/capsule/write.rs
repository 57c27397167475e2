//! Capsules to bytes.

use super::layout::{Capsule, Chain, Entry, MAGIC, VERSION};
use crate::hash::sha256;
use crate::log::part::LogPart;
use crate::model::coded::Coded;
use crate::model::lotref::LotRef;

/// Returns the bytes of a capsule: always the same for the same contents.
///
/// # Panics
/// Where a list is longer than 2^32, which no capsule that can be read has.
pub fn write(capsule: &Capsule) -> Vec<u8> {
    let mut to = Writer(MAGIC.to_vec());
    to.0.extend(VERSION.to_be_bytes());
    to.0.push(u8::try_from(capsule.audience.code()).expect("an audience is a small number"));
    to.list(&capsule.lots, Writer::lot);
    to.list(&capsule.cuts, Writer::lot);
    to.list(&capsule.chains, Writer::chain);
    to.list(&capsule.packs, |to, pack| {
        to.text(&pack.id);
        to.text(&pack.version);
        to.0.extend(pack.hash.0);
    });
    to.list(&capsule.documents, |to, document| {
        to.0.extend(document.hash.0);
        to.0.extend((document.bytes.len() as u64).to_be_bytes());
        to.0.extend(&document.bytes);
    });
    let checksum = sha256(&[&to.0]);
    to.0.extend(checksum.0);
    to.0
}

struct Writer(Vec<u8>);

impl Writer {
    fn list<T>(&mut self, all: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.count(all.len());
        for one in all {
            each(self, one);
        }
    }

    fn count(&mut self, count: usize) {
        let count = u32::try_from(count).expect("lists in a capsule are bounded");
        self.0.extend(count.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        let length = u16::try_from(text.len()).expect("names in a capsule are bounded");
        self.0.extend(length.to_be_bytes());
        self.0.extend(text.as_bytes());
    }

    fn lot(&mut self, lot: &LotRef) {
        self.0.extend(lot.record.as_bytes());
        self.0.extend(lot.index.to_be_bytes());
    }

    fn chain(&mut self, chain: &Chain) {
        self.0.extend(chain.party.as_bytes());
        self.0.extend(chain.epoch.to_be_bytes());
        match &chain.log {
            None => self.0.push(0),
            Some(log) => {
                self.0.push(1);
                self.log(log);
            }
        }
        self.list(&chain.entries, Self::entry);
    }

    fn log(&mut self, log: &LogPart) {
        let checkpoint = &log.checkpoint;
        self.0.extend(checkpoint.size.to_be_bytes());
        self.0.extend(checkpoint.root.0);
        self.0.extend(checkpoint.key);
        self.0.extend(checkpoint.signature);
        self.list(&log.cosignatures, |to, one| {
            to.text(&one.name);
            to.0.extend(one.id.0);
            to.0.extend(one.time.to_be_bytes());
            to.0.extend(one.signature);
        });
        self.list(&log.nodes, |to, node| to.0.extend(node.0));
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Header(bytes) => {
                self.0.push(0);
                self.0.extend(bytes);
            }
            Entry::Record { bytes, shown } => {
                self.0.push(1);
                self.count(bytes.len());
                self.0.extend(bytes);
                self.list(shown, |to, item| {
                    to.0.extend(item.index.to_be_bytes());
                    to.0.extend(item.salt);
                    to.count(item.value.len());
                    to.0.extend(&item.value);
                });
            }
        }
    }
}
