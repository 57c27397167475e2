//! Chains that grow from a fixed seed.

use lodemark::hash::{PartyId, RecordId};
use lodemark::model::event::Event;
use lodemark::model::time::Timestamp;
use lodemark::record::{Position, Sealed, SealedRecord, found, seal};
use lodemark::sign::{SecretKey, SeededEntropy};

use super::samples;

/// One party's chain, and what is needed to append to it.
pub struct Chain {
    /// Its key.
    pub signer: SecretKey,
    /// Its records, from seq 0 on.
    pub records: Vec<SealedRecord>,
    entropy: SeededEntropy,
}

/// Returns the time that every vector is signed at.
pub fn time() -> Timestamp {
    "2026-11-03T10:00:00Z".parse().expect("a good time")
}

/// Returns the key that signs the vectors.
pub fn signer() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

impl Chain {
    /// Returns a chain that holds its `establish` record; randomness comes from `seed`.
    pub fn new(seed: &str) -> Self {
        let mut entropy = SeededEntropy::new(seed.as_bytes());
        let sealed = found(samples::establish_shortly(), time(), &|_| false, &signer(), &mut entropy)
            .expect("a good event");
        Self { signer: signer(), records: vec![sealed.record], entropy }
    }

    /// Returns whose chain it is.
    pub fn party(&self) -> PartyId {
        self.records[0].party()
    }

    /// Returns the public key.
    pub fn key(&self) -> [u8; 32] {
        self.signer.public().to_bytes()
    }

    /// Returns where the next record stands.
    pub fn position(&self) -> Position {
        let control = self.records.iter().rev().find(|record| record.is_control());
        Position {
            party: self.party(),
            epoch: 0,
            seq: self.records.len() as u64,
            prev: self.records.last().map_or(RecordId::ZERO, SealedRecord::id),
            control: control.map_or(RecordId::ZERO, SealedRecord::id),
            key: 0,
        }
    }

    /// Seals `event` as the next record, without appending it.
    pub fn seal(&mut self, event: Event, is_private: &dyn Fn(&str) -> bool) -> Sealed {
        self.seal_at(event, time(), is_private)
    }

    /// Seals `event` as the next record with a claimed time, without appending it.
    pub fn seal_at(&mut self, event: Event, at: Timestamp, is_private: &dyn Fn(&str) -> bool) -> Sealed {
        seal(self.position(), event, at, is_private, &self.signer, &mut self.entropy).expect("a good event")
    }

    /// Appends a public record.
    pub fn append(&mut self, event: Event) {
        let sealed = self.seal(event, &|_| false);
        self.records.push(sealed.record);
    }
}
