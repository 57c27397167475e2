//! Reading everything in order of arrival, with signatures checked in batches.

use std::collections::VecDeque;

use super::Ledger;
use super::Piece;
use super::error::{DamagedRecord, LedgerError};
use super::look_up::{no_key, parse, placed};
use super::open_many::{Candidate, open_many};
use crate::model::record::Record;
use crate::store::{Scan, StoreError};

/// Records whose signatures are checked together.
const TOGETHER: usize = 8192;

/// Opened records in order of arrival; see [`Ledger::records`].
pub struct Records<'a> {
    ledger: &'a Ledger,
    scan: Scan<'a>,
    ready: VecDeque<Result<(u64, Record), LedgerError>>,
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
        let mut numbers: Vec<Result<u64, LedgerError>> = Vec::new();
        let mut candidates = Vec::new();
        for stored in self.scan.by_ref().take(TOGETHER) {
            let candidate = stored.map_err(LedgerError::from).and_then(|stored| {
                let number = stored.number;
                let (sealed, shown) = parse(stored, None)?;
                let key = self.ledger.key_for(&sealed)?.ok_or_else(|| no_key(number, &sealed))?;
                candidates.push(Candidate { sealed, shown, key });
                Ok(number)
            });
            numbers.push(candidate);
        }
        let mut opened = open_many(&candidates).into_iter().zip(&candidates);
        for number in numbers {
            self.ready.push_back(number.and_then(|number| {
                let (opened, candidate) = opened.next().expect("one answer for each candidate");
                let damaged = |error| {
                    let damaged = DamagedRecord::of(number, None, &error);
                    LedgerError::Damaged(Box::new(placed(damaged, &candidate.sealed)))
                };
                Ok((number, opened.map_err(damaged)?))
            }));
        }
    }
}
