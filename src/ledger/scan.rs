//! Reading everything in order of arrival, with signatures checked in batches.

use std::collections::VecDeque;

use super::Ledger;
use super::Piece;
use super::error::{DamagedRecord, LedgerError};
use super::look_up::{no_key, parse, placed};
use crate::model::record::Record;
use crate::record::{SealedRecord, ShownItem};
use crate::sign::{Batch, PublicKey};
use crate::store::{Scan, StoreError};

/// Records whose signatures are checked together.
const TOGETHER: usize = 4096;

/// Opened records in order of arrival; see [`Ledger::records`].
pub struct Records<'a> {
    ledger: &'a Ledger,
    scan: Scan<'a>,
    ready: VecDeque<Result<(u64, Record), LedgerError>>,
}

/// A record whose hashes hold and whose key is known.
struct Waiting {
    number: u64,
    sealed: SealedRecord,
    shown: Vec<ShownItem>,
    key: PublicKey,
}

impl Ledger {
    /// Walks the records from arrival number `from` on, each with its hashes, items and signature checked.
    ///
    /// What cannot be used gives an error in its place, and the walk goes on.
    pub fn records(&self, from: u64) -> Records<'_> {
        Records { ledger: self, scan: self.store.scan(from), ready: VecDeque::new() }
    }

    /// Returns everything held as bytes, for `verify`, which trusts none of it, and what could not be read.
    pub fn pieces(&self) -> (Vec<Piece>, Vec<(String, String)>) {
        let mut pieces = Vec::new();
        let mut damage = Vec::new();
        for piece in self.pieces_from(0) {
            match piece {
                Ok(piece) => pieces.push(piece),
                Err(error) => damage.push(("the store".to_owned(), error.to_string())),
            }
        }
        (pieces, damage)
    }

    /// Walks the records from arrival number `from` on as bytes.
    pub fn pieces_from(&self, from: u64) -> impl Iterator<Item = Result<Piece, StoreError>> {
        self.store.scan(from).map(|stored| {
            let stored = stored?;
            Ok(Piece {
                source: format!("arrival {}", stored.number),
                bytes: stored.bytes,
                shown: stored.private.into_iter().map(super::look_up::shown).collect(),
            })
        })
    }
}

impl Iterator for Records<'_> {
    type Item = Result<(u64, Record), LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            self.read();
        }
        self.ready.pop_front()
    }
}

impl Records<'_> {
    fn read(&mut self) {
        let mut outcomes: Vec<Result<Waiting, LedgerError>> = Vec::new();
        let mut batch = Batch::with_capacity(TOGETHER);
        for stored in self.scan.by_ref().take(TOGETHER) {
            let waiting = stored.map_err(LedgerError::from).and_then(|stored| {
                let number = stored.number;
                let (sealed, shown) = parse(stored, None)?;
                let key = self.ledger.key_for(&sealed)?.ok_or_else(|| no_key(number, &sealed))?;
                Ok(Waiting { number, sealed, shown, key })
            });
            if let Ok(one) = &waiting {
                batch.push(&one.key, &one.sealed.message(), one.sealed.signature());
            }
            outcomes.push(waiting);
        }
        let mut verdicts = batch.verify().into_iter();
        for outcome in outcomes {
            self.ready.push_back(outcome.and_then(|one| {
                let verdict = verdicts.next().expect("one verdict for each record pushed");
                let opened = verdict
                    .map_err(crate::record::RecordError::from)
                    .and_then(|verified| one.sealed.open(&one.key, &verified, &one.shown));
                let record = opened.map_err(|error| {
                    Box::new(placed(DamagedRecord::of(one.number, None, &error), &one.sealed))
                })?;
                Ok((one.number, record))
            }));
        }
    }
}
