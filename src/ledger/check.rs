//! `fsck`: everything held is read and verified again, and every index derived from it.

use std::collections::HashMap;

use super::Ledger;
use super::error::LedgerError;
use super::keys;
use crate::chain::{self, Line, Link};
use crate::hash::{PartyId, RecordId};
use crate::model::finding::Finding;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::record::SealedRecord;
use crate::store::{Facts, IndexFault};

/// What `fsck` found.
#[derive(Clone, Debug, Default)]
pub struct FsckReport {
    /// Records held.
    pub records: u64,
    /// What is wrong, in the order found.
    pub faults: Vec<Fault>,
    /// What the chains themselves show: forks and gaps are no damage of this ledger.
    pub findings: Vec<Finding>,
    /// What is held of each chain.
    pub lines: Vec<Line>,
    /// Index entries were brought in line with the records.
    pub repaired: bool,
}

impl FsckReport {
    /// Whether nothing is wrong with what is stored.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}

/// One thing that is wrong with what is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A record cannot be used, or a part of the store cannot be read.
    Record(String),
    /// A record is held twice.
    Twice {
        /// The record.
        id: RecordId,
        /// Its arrival numbers.
        numbers: [u64; 2],
    },
    /// The store's index or layout does not fit its records.
    Index(IndexFault),
    /// A record is listed as dangling although everything it rests on is held, or the own chain cannot be continued.
    Chain(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(text) | Self::Chain(text) => f.write_str(text),
            Self::Twice { id, numbers: [first, second] } => {
                write!(f, "record `{}` is held twice, as {first} and {second}", id.short())
            }
            Self::Index(fault) => fault.fmt(f),
        }
    }
}

impl Ledger {
    /// Reads and verifies everything held, links every chain, and derives every index again.
    ///
    /// With `repair`, index entries are brought in line with the records. Records themselves are never changed; one
    /// that is damaged is no longer found, so that importing a sound copy takes its place.
    ///
    /// # Errors
    /// Where the store fails altogether; damage to parts is in the answer.
    pub fn fsck(&mut self, repair: bool) -> Result<FsckReport, LedgerError> {
        let mut report = FsckReport { records: self.store.count(), ..FsckReport::default() };
        self.cache.borrow_mut().forget();
        self.cache.borrow_mut().keys.clear();
        let found_by = self.verify_all(&mut report);
        let facts = |number: u64, bytes: &[u8]| facts_of(bytes, found_by.get(&number));
        let faults = self.store.check_indexes(facts)?;
        let broken = !faults.is_empty();
        report.faults.extend(faults.into_iter().map(Fault::Index));
        if repair && broken {
            self.store.rebuild_indexes(|number, bytes| facts_of(bytes, found_by.get(&number)))?;
            report.repaired = true;
        }
        if let Some(head) = self.find_head()? {
            if let Err(error) = head.position() {
                report.faults.push(Fault::Chain(error.to_string()));
            }
            let next = head.next;
            if let Err(error) = self.exported.check_append(&next.party, next.epoch, next.seq, &next.prev) {
                report.faults.push(Fault::Chain(error.to_string()));
            }
            self.head = Some(head);
        }
        Ok(report)
    }

    /// Opens every record; returns what each that opens is found by.
    fn verify_all(&self, report: &mut FsckReport) -> HashMap<u64, Vec<LotRef>> {
        let mut found_by = HashMap::new();
        let mut seen: HashMap<RecordId, u64> = HashMap::new();
        let mut links: HashMap<(PartyId, u16), Vec<Link>> = HashMap::new();
        for outcome in self.records(0) {
            match outcome {
                Ok((number, record)) => {
                    if let Some(first) = seen.insert(record.id, number) {
                        report.faults.push(Fault::Twice { id: record.id, numbers: [first, number] });
                        continue;
                    }
                    links.entry((record.author, record.epoch)).or_default().push(link_of(&record));
                    let keys = keys::of(&record.event);
                    if !keys.is_empty() {
                        found_by.insert(number, keys);
                    }
                }
                // Of a kind that is not known only the header can be used, and it is sound.
                Err(LedgerError::Damaged(damaged)) if damaged.cannot_judge => {
                    if let Ok((sealed, _)) = self.sealed(damaged.number, None) {
                        let link = Link::from(&sealed);
                        links.entry((link.party, link.epoch)).or_default().push(link);
                    }
                }
                Err(error) => report.faults.push(Fault::Record(error.to_string())),
            }
        }
        let mut lines: Vec<Line> = links.into_values().map(chain::examine).collect();
        lines.sort_by_key(|line| (line.party, line.epoch));
        for line in &lines {
            report.findings.extend(line.faults.iter().map(|fault| fault.finding.clone()));
        }
        report.lines = lines;
        found_by
    }
}

fn link_of(record: &Record) -> Link {
    Link {
        id: record.id,
        party: record.author,
        epoch: record.epoch,
        seq: record.seq,
        prev: record.prev,
        control: record.control,
        is_control: record.kind().is_control(),
        signed_at: record.signed_at,
    }
}

fn facts_of(bytes: &[u8], found_by: Option<&Vec<LotRef>>) -> Option<Facts> {
    let sealed = SealedRecord::parse(bytes).ok()?;
    let header = sealed.header();
    Some(Facts {
        id: sealed.id(),
        party: header.party,
        epoch: header.epoch,
        seq: header.seq,
        consumes: found_by.cloned().unwrap_or_default(),
    })
}
