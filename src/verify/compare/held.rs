//! Records as bytes beside their contents: what proofs are made of.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::record::{Header, SEAL_LEN, SealedRecord, ShownItem, SignedHeader};
use crate::sign::PublicKey;
use crate::verify::evidence::{Evidence, Piece};

/// Every record whose header is its party's signed word, by id and by place.
pub(super) struct Held<'a> {
    records: HashMap<RecordId, Copies<'a>>,
    keys: HashMap<PartyId, PublicKey>,
    chains: BTreeMap<(PartyId, u16), Vec<(u64, RecordId)>>,
}

/// One record, and everywhere it was found.
struct Copies<'a> {
    signed: SignedHeader,
    pieces: Vec<&'a Piece>,
    /// Header and signature, of the pieces and of those that came alone.
    seals: Vec<&'a [u8]>,
}

impl<'a> Held<'a> {
    /// Takes in the evidence that `graph` was made from.
    ///
    /// What opened is signed. What did not, such as a kind of a later version or a header alone, may be all the same: its
    /// signature is checked here.
    pub fn of(evidence: &[&'a Evidence], graph: &Graph) -> Self {
        let pieces: Vec<&Piece> = evidence.iter().flat_map(|one| &one.pieces).collect();
        let headers = evidence.iter().flat_map(|one| &one.headers);
        let all: Vec<(&[u8], Option<&Piece>)> = pieces
            .iter()
            .map(|piece| (&piece.bytes[..], Some(*piece)))
            .chain(headers.map(|header| (&header.bytes[..], None)))
            .collect();
        let parsed: Vec<(SignedHeader, &[u8], Option<&Piece>)> = all
            .into_par_iter()
            .filter_map(|(bytes, piece)| {
                Some((SignedHeader::parse(bytes).ok()?, bytes.get(..SEAL_LEN)?, piece))
            })
            .collect();
        let mut held = Self { records: HashMap::new(), keys: HashMap::new(), chains: BTreeMap::new() };
        for piece in pieces {
            if let Ok(record) = SealedRecord::parse(&piece.bytes)
                && record.header().seq == 0
                && let Ok(Some(key)) = record.first_key()
            {
                held.keys.insert(record.party(), key);
            }
        }
        for (signed, seal, piece) in parsed {
            held.add(signed, seal, piece, graph);
        }
        for chain in held.chains.values_mut() {
            chain.sort_unstable();
        }
        held
    }

    fn add(&mut self, signed: SignedHeader, seal: &'a [u8], piece: Option<&'a Piece>, graph: &Graph) {
        let id = signed.id();
        if let Some(copies) = self.records.get_mut(&id) {
            copies.pieces.extend(piece);
            copies.seals.push(seal);
            return;
        }
        let header = signed.header();
        let is_signed = || {
            let key = self.keys.get(&header.party).filter(|_| header.key == 0);
            key.is_some_and(|key| signed.verify(key).is_ok())
        };
        if graph.record(&id).is_some() || is_signed() {
            self.chains.entry((header.party, header.epoch)).or_default().push((header.seq, id));
            self.records
                .insert(id, Copies { signed, pieces: piece.into_iter().collect(), seals: vec![seal] });
        }
    }

    /// Returns header and signature of a record.
    pub fn signed(&self, id: &RecordId) -> Option<&SignedHeader> {
        self.records.get(id).map(|copies| &copies.signed)
    }

    /// Returns the header of a record.
    pub fn header(&self, id: &RecordId) -> Option<&Header> {
        self.signed(id).map(SignedHeader::header)
    }

    /// Returns the stored form of a record, from a copy of which the signature holds.
    pub fn bytes(&self, id: &RecordId) -> Option<&'a [u8]> {
        let copies = self.records.get(id)?;
        let key = self.keys.get(&copies.signed.header().party)?;
        let holds = |piece: &&&Piece| {
            SignedHeader::parse(&piece.bytes).is_ok_and(|signed| signed.verify(key).is_ok())
                && SealedRecord::parse(&piece.bytes).is_ok()
        };
        copies.pieces.iter().find(holds).map(|piece| &piece.bytes[..])
    }

    /// Returns header and signature of a record, from a copy of which the signature holds.
    pub fn seal(&self, id: &RecordId) -> Option<&'a [u8]> {
        let copies = self.records.get(id)?;
        let key = self.keys.get(&copies.signed.header().party)?;
        let holds = |seal: &&&[u8]| SignedHeader::parse(seal).is_ok_and(|signed| signed.verify(key).is_ok());
        copies.seals.iter().find(holds).copied()
    }

    /// Returns the private item `in` of a record, if the record has one and a copy shows its value.
    pub fn inputs(&self, id: &RecordId) -> Option<ShownItem> {
        let record = SealedRecord::parse(self.bytes(id)?).ok()?;
        let index = record.directory().iter().position(|entry| entry.key == "in")?;
        let shown = self.records.get(id)?.pieces.iter().flat_map(|piece| &piece.shown);
        shown.into_iter().find(|item| item.index as usize == index).cloned()
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
