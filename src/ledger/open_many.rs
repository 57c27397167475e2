//! Opening many records at once: signatures in batches, on all cores.

use rayon::prelude::*;

use crate::model::record::Record;
use crate::record::{RecordError, SealedRecord, ShownItem};
use crate::sign::{Batch, PublicKey};

/// Records that one core checks and opens in one go.
const TOGETHER: usize = 2048;

/// A record whose hashes hold and whose key is known.
pub struct Candidate {
    /// Its bytes.
    pub sealed: SealedRecord,
    /// The private values that came with it.
    pub shown: Vec<ShownItem>,
    /// The key that should have signed it.
    pub key: PublicKey,
}

/// Checks all signatures and opens what holds; the answers are in the order of `candidates`.
pub fn open_many(candidates: &[Candidate]) -> Vec<Result<Record, RecordError>> {
    candidates.par_chunks(TOGETHER).flat_map_iter(open_range).collect()
}

fn open_range(range: &[Candidate]) -> Vec<Result<Record, RecordError>> {
    let mut batch = Batch::with_capacity(range.len());
    for one in range {
        batch.push(&one.key, &one.sealed.message(), one.sealed.signature());
    }
    let verdicts = batch.verify().into_iter().zip(range);
    verdicts.map(|(verified, one)| one.sealed.open(&one.key, &verified?, &one.shown)).collect()
}
