//! Tables keyed by ids and positions: a hasher that is quicker than the general one.
//!
//! Ids are hashes already, and positions are small numbers. The seed is drawn once for each process, so that nobody
//! can choose records whose ids meet in one place of a table. Nothing that is kept or shown depends on it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// A map from ids or positions.
pub type QuickMap<K, V> = HashMap<K, V, Quickly>;
/// A set of ids or positions.
pub type QuickSet<K> = HashSet<K, Quickly>;

/// Builds [`Quick`] hashers with the seed of this process.
#[derive(Clone, Copy, Debug)]
pub struct Quickly(u64);

/// Folds words of 64 bits into one by multiplication.
#[derive(Clone, Copy, Debug)]
pub struct Quick(u64);

/// An odd number with its bits well mixed: the fraction of the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Default for Quickly {
    fn default() -> Self {
        static SEED: OnceLock<u64> = OnceLock::new();
        Self(*SEED.get_or_init(|| RandomState::new().hash_one(FACTOR)))
    }
}

impl BuildHasher for Quickly {
    type Hasher = Quick;

    fn build_hasher(&self) -> Quick {
        Quick(self.0)
    }
}

impl Quick {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(FACTOR);
        self.0 = (product as u64) ^ ((product >> 64) as u64).wrapping_add(FACTOR);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.fold(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.fold(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.fold(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.fold(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.fold(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.fold(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{RecordId, sha256};

    #[test]
    fn neighbours_are_spread_over_a_table() {
        let quickly = Quickly::default();
        let places =
            |hashes: Vec<u64>| hashes.iter().map(|hash| hash % 4096).collect::<QuickSet<u64>>().len();
        let numbers = (0..4096usize).map(|number| quickly.hash_one((number, None::<u32>))).collect();
        let ids =
            (0..4096u32).map(|number| quickly.hash_one(RecordId(sha256(&[&number.to_be_bytes()])))).collect();
        // Of 4096 balls thrown into 4096 boxes, 63 % of the boxes get one.
        assert!(places(numbers) > 2400 && places(ids) > 2400);
    }

    #[test]
    fn every_byte_counts() {
        let quickly = Quickly::default();
        let hash = |at: usize| {
            let mut bytes = [7u8; 35];
            bytes[at] = 8;
            quickly.hash_one(bytes)
        };
        assert_eq!((0..35).map(hash).collect::<QuickSet<u64>>().len(), 35);
    }
}
