//! Handing over: the whole chains behind some lots, with private items shown or withheld as the sender chooses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Ledger;
use super::error::{DamagedRecord, LedgerError};
use super::export_file::Writer;
use super::look_up::{no_key, placed};
use super::open_many::{Candidate, open_many};
use super::pattern::Pattern;
use crate::hash::{PartyId, RecordId};
use crate::model::lotref::LotRef;
use crate::record::ShownItem;

/// Records whose signatures are checked together.
const TOGETHER: usize = 8192;

/// What to hand over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Export {
    /// The lots whose past is handed over; without any, and without facilities, everything held.
    pub lots: Vec<LotRef>,
    /// Facilities handed over, with what is recorded about them: who may work there, licences, certificates.
    pub facilities: Vec<RecordId>,
    /// Private items to show, of those held. Where lots are named, only in records that bear on them: what else
    /// stands in the chains handed over, such as a sale to another customer, is nobody's business here.
    pub show: Vec<Pattern>,
    /// Private items to withhold all the same.
    pub withhold: Vec<Pattern>,
    /// What the receiver holds already: the highest position of each party's chain.
    pub base: BTreeMap<PartyId, u64>,
}

/// An export file and what is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Records in it.
    pub records: u64,
    /// Parties whose chains are in it, ascending.
    pub parties: Vec<PartyId>,
    /// Private items whose values are in it.
    pub shown: u64,
    /// Private items held back by choice.
    pub withheld: u64,
    /// Private items whose values this ledger does not hold.
    pub not_held: u64,
    /// Records that the lots' past leads to and that are not held.
    pub missing: Vec<RecordId>,
}

/// Why nothing was handed over.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A lot asked for is not held.
    #[error("the record of lot `{}` is not held here", lot.short())]
    NoSuchLot {
        /// The lot.
        lot: LotRef,
    },
    /// The ledger could not read or note.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl ExportError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoSuchLot { .. } => Some("see `lots` for what is held".to_owned()),
            Self::Ledger(error) => error.hint(),
        }
    }
}

impl Ledger {
    /// Writes an export file, and notes durably how far the own chain leaves with it before returning the bytes.
    ///
    /// Every record is verified before it is handed on. Secret keys are never part of a file.
    ///
    /// # Errors
    /// [`ExportError`]; nothing is then noted.
    pub fn export(&mut self, export: &Export) -> Result<ExportFile, ExportError> {
        let mut missing = BTreeSet::new();
        let mut bearing: Option<HashSet<RecordId>> = None;
        let parties = if export.lots.is_empty() && export.facilities.is_empty() {
            self.store.parties().map_err(LedgerError::from)?.into_iter().map(|(party, _, _)| party).collect()
        } else {
            let behind = self.behind(&export.lots, &export.facilities, &mut missing)?;
            bearing = Some(behind.records.into_iter().chain(behind.related).collect());
            behind.parties
        };
        let mut numbers = BTreeSet::new();
        for party in &parties {
            let base = export.base.get(party);
            let places = self.store.places(party).map_err(LedgerError::from)?;
            numbers.extend(places.iter().filter(|(_, seq, _)| base.is_none_or(|b| seq > b)).map(|p| p.2));
        }
        let mut file = ExportFile {
            bytes: Vec::new(),
            records: numbers.len() as u64,
            parties: parties.into_iter().collect(),
            shown: 0,
            withheld: 0,
            not_held: 0,
            missing: missing.into_iter().collect(),
        };
        let mut writer = Writer::new();
        let numbers: Vec<u64> = numbers.into_iter().collect();
        for range in numbers.chunks(TOGETHER) {
            self.write_range(range, export, bearing.as_ref(), &mut writer, &mut file)?;
        }
        self.note_exported(export, &file)?;
        file.bytes = writer.finish();
        Ok(file)
    }

    fn write_range(
        &self,
        range: &[u64],
        export: &Export,
        bearing: Option<&HashSet<RecordId>>,
        writer: &mut Writer,
        file: &mut ExportFile,
    ) -> Result<(), LedgerError> {
        let mut candidates = Vec::with_capacity(range.len());
        for number in range {
            let (sealed, shown) = self.sealed(*number, None)?;
            let key = self.key_for(&sealed)?.ok_or_else(|| no_key(*number, &sealed))?;
            candidates.push(Candidate { sealed, shown, key });
        }
        let opened = open_many(&candidates);
        for ((number, candidate), opened) in range.iter().zip(candidates).zip(opened) {
            let Candidate { sealed, shown, .. } = candidate;
            // A kind that this version does not know is handed on as it came.
            if let Some(error) = opened.err().filter(|error| !error.cannot_judge()) {
                let damaged = DamagedRecord::of(*number, None, &error);
                return Err(LedgerError::Damaged(Box::new(placed(damaged, &sealed))));
            }
            let held = shown.len();
            let covers = |patterns: &[Pattern], item: &ShownItem| {
                let key = &sealed.directory()[item.index as usize].key;
                patterns.iter().any(|pattern| pattern.covers(sealed.kind(), key))
            };
            // Who a party is bears on every lot it had in hand.
            let header = sealed.header();
            let bears = header.seq == 0 || bearing.is_none_or(|records| records.contains(&sealed.id()));
            let shown: Vec<ShownItem> = shown
                .into_iter()
                .filter(|item| bears && covers(&export.show, item) && !covers(&export.withhold, item))
                .collect();
            file.shown += shown.len() as u64;
            file.withheld += (held - shown.len()) as u64;
            file.not_held += (sealed.directory().len() - held) as u64;
            writer.push(sealed.bytes(), &shown);
        }
        Ok(())
    }

    /// Notes the highest own record that leaves.
    fn note_exported(&mut self, export: &Export, file: &ExportFile) -> Result<(), LedgerError> {
        let Some(head) = self.head.filter(|head| file.parties.contains(&head.next.party)) else {
            return Ok(());
        };
        let last = head.next.seq - 1;
        if export.base.get(&head.next.party).is_some_and(|base| last <= *base) {
            return Ok(());
        }
        self.exported.note(&head.next.party, head.next.epoch, last, &head.next.prev)?;
        Ok(())
    }
}
