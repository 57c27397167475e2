//! Records as bytes beside their contents: what proofs are made of.

use std::collections::{BTreeMap, HashMap};

use crate::hash::{PartyId, RecordId};
use crate::record::{Header, SealedRecord, ShownItem};
use crate::sign::PublicKey;
use crate::verify::evidence::Evidence;

/// Every record whose header is its party's signed word, by id and by place.
pub(super) struct Held {
    records: HashMap<RecordId, (SealedRecord, Vec<ShownItem>)>,
    keys: HashMap<PartyId, PublicKey>,
    chains: BTreeMap<(PartyId, u16), Vec<(u64, RecordId)>>,
}

impl Held {
    /// Takes in what can be read and whose signature holds under the first key of its chain.
    pub fn of(evidence: &Evidence) -> Self {
        let parse = |piece: &super::super::evidence::Piece| {
            Some((SealedRecord::parse(&piece.bytes).ok()?, piece.shown.clone()))
        };
        let pieces: Vec<(SealedRecord, Vec<ShownItem>)> = evidence.pieces.iter().filter_map(parse).collect();
        let first_key = |record: &SealedRecord| Some((record.party(), record.first_key().ok()??));
        let keys: HashMap<PartyId, PublicKey> =
            pieces.iter().filter_map(|(record, _)| first_key(record)).collect();
        let mut held = Self { records: HashMap::new(), keys, chains: BTreeMap::new() };
        for (record, shown) in pieces {
            held.add(record, shown);
        }
        for chain in held.chains.values_mut() {
            chain.sort_unstable();
        }
        held
    }

    fn add(&mut self, record: SealedRecord, shown: Vec<ShownItem>) {
        let id = record.id();
        if let Some((_, known)) = self.records.get_mut(&id) {
            let new = |item: &ShownItem| !known.iter().any(|held| held.index == item.index);
            let more: Vec<ShownItem> = shown.into_iter().filter(new).collect();
            known.extend(more);
            return;
        }
        let header = record.header();
        let Some(key) = self.keys.get(&header.party).filter(|_| header.key == 0) else { return };
        if record.verify(key).is_ok() {
            self.chains.entry((header.party, header.epoch)).or_default().push((header.seq, id));
            self.records.insert(id, (record, shown));
        }
    }

    /// Returns a record, if its header is signed.
    pub fn record(&self, id: &RecordId) -> Option<&SealedRecord> {
        self.records.get(id).map(|(record, _)| record)
    }

    /// Returns the header of a record.
    pub fn header(&self, id: &RecordId) -> Option<&Header> {
        self.record(id).map(SealedRecord::header)
    }

    /// Returns the private item `in` of a record, if the record has one and its value is held.
    pub fn inputs(&self, id: &RecordId) -> Option<ShownItem> {
        let (record, shown) = self.records.get(id)?;
        let index = record.directory().iter().position(|entry| entry.key == "in")?;
        shown.iter().find(|item| item.index as usize == index).cloned()
    }

    /// Returns the first key of a party.
    pub fn key(&self, party: &PartyId) -> Option<&PublicKey> {
        self.keys.get(party)
    }

    /// Returns every chain: party, epoch, and its records by position.
    pub fn chains(&self) -> impl Iterator<Item = (&(PartyId, u16), &Vec<(u64, RecordId)>)> {
        self.chains.iter()
    }
}
