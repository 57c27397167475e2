//! Making a capsule: the records behind some lots, each chain with its control list and log, for one kind of reader.

use std::collections::{BTreeMap, BTreeSet};

use super::chain::{MadeChain, Picked};
use super::shows::{Bearing, whole_chains};
use crate::capsule::{self, Audience, CAPSULE_MAX, Capsule, CapsuleError, Document, PackName};
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::ledger::Ledger;
use crate::ledger::error::LedgerError;
use crate::ledger::export::ExportError;
use crate::ledger::held_log::HeldCheckpoint;
use crate::ledger::keys;
use crate::ledger::pattern::Pattern;
use crate::log::checkpoint::LogId;
use crate::model::coded::Coded;
use crate::model::event::{Body, SeenCheckpoint};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;

/// What to put into a capsule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MakeCapsule {
    /// For whom it is: decides which private items are shown.
    pub audience: Audience,
    /// The lots that it is about.
    pub lots: Vec<LotRef>,
    /// Lots behind which nothing is shown.
    pub cuts: Vec<LotRef>,
    /// Private items to withhold besides.
    pub withhold: Vec<Pattern>,
    /// Papers, each named by its hash in some record that is shown.
    pub documents: Vec<Vec<u8>>,
    /// Packs that the maker asked.
    pub packs: Vec<PackName>,
}

/// A capsule and what its reader sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// What is in it.
    pub capsule: Capsule,
    /// The file; empty for a preview.
    pub bytes: Vec<u8>,
    /// Its length in bytes.
    pub length: usize,
    /// What is shown of each chain, in the order of the capsule.
    pub chains: Vec<MadeChain>,
    /// Records behind the lots that are not held.
    pub missing: Vec<RecordId>,
    /// Records of forks that have no place in a capsule: another stands at their position.
    pub beside: Vec<RecordId>,
    /// Cuts of which no attestation that stands is held: a reader has nothing to go by there.
    pub unattested: Vec<LotRef>,
}

/// Why no capsule was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// A lot is not held.
    #[error(transparent)]
    Lot(ExportError),
    /// The ledger could not read, sign or note.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No lot is named.
    #[error("a capsule is about at least one lot")]
    NoLot,
    /// A lot is cut that the others do not lead to.
    #[error("lot `{}` is not behind the lots asked for, so nothing can be cut there", lot.short())]
    NoSuchCut {
        /// The lot.
        lot: LotRef,
    },
    /// No record that is shown names a paper.
    #[error("no record in the capsule shows the hash `{}` of a document", hash.to_hex())]
    NotNamed {
        /// SHA-256 of the paper.
        hash: Hash,
    },
    /// It does not fit.
    #[error("this is more than one capsule holds: {0}")]
    TooMuch(CapsuleError),
}

impl MakeError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Lot(error) => return error.hint(),
            Self::Ledger(error) => return error.hint(),
            Self::NoLot => "name a lot; see `lots`",
            Self::NoSuchCut { .. } => "see `trace` for what is behind a lot",
            Self::NotNamed { .. } => {
                "register the document first, or make the capsule for a reader who is shown document hashes"
            }
            Self::TooMuch(_) => "ask for fewer lots, cut some, or hand over an export file",
        };
        Some(text.to_owned())
    }
}

impl From<ExportError> for MakeError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Ledger(error) => Self::Ledger(error),
            error => Self::Lot(error),
        }
    }
}

impl Ledger {
    /// Makes a capsule. The same contents of the ledger give the same bytes.
    ///
    /// Where the own chain is in it, its whole length is signed as a checkpoint and noted durably as handed out before
    /// the bytes are returned. Every record is verified before it is handed on.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn make_capsule(&mut self, make: &MakeCapsule) -> Result<Made, MakeError> {
        let own = match self.own_log() {
            Some(own) if self.leads_to(make, &own.party)? => Some(self.checkpoint()?),
            _ => None,
        };
        self.put_together(make, own.as_ref())
    }

    /// Says what the reader of such a capsule would see. Nothing is signed, noted, or handed out.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn preview_capsule(&self, make: &MakeCapsule) -> Result<Made, MakeError> {
        let own = match (self.own_log(), self.head) {
            (Some(LogId { party, epoch }), Some(head)) => {
                let size = head.next.seq;
                let root = self.held_log(&party, epoch)?.root(size);
                // It has the length of the real one, and holds for nobody.
                let unsigned =
                    |root| SeenCheckpoint { party, epoch, size, root, key: [0; 32], signature: [0; 64] };
                root.map(unsigned)
            }
            _ => None,
        };
        Ok(Made { bytes: Vec::new(), ..self.put_together(make, own.as_ref())? })
    }

    fn own_log(&self) -> Option<LogId> {
        self.head.map(|head| LogId { party: head.next.party, epoch: head.next.epoch })
    }

    /// Whether the walk from the lots meets a party.
    fn leads_to(&self, make: &MakeCapsule, party: &PartyId) -> Result<bool, MakeError> {
        let cuts = make.cuts.iter().copied().collect();
        Ok(self.behind_but(&make.lots, &[], &cuts, &mut BTreeSet::new())?.parties.contains(party))
    }

    fn put_together(&self, make: &MakeCapsule, own: Option<&SeenCheckpoint>) -> Result<Made, MakeError> {
        let lots: BTreeSet<LotRef> = make.lots.iter().copied().collect();
        let cuts: BTreeSet<LotRef> = make.cuts.iter().copied().collect();
        if lots.is_empty() {
            return Err(MakeError::NoLot);
        }
        let mut missing = BTreeSet::new();
        let list: Vec<LotRef> = lots.iter().copied().collect();
        let behind = self.behind_but(&list, &[], &cuts, &mut missing)?;
        if let Some(lot) = cuts.iter().find(|lot| !behind.cut_lots.contains(lot)) {
            return Err(MakeError::NoSuchCut { lot: *lot });
        }
        let (parties, records) = (behind.parties, behind.records);
        let cut: BTreeSet<RecordId> = behind.cut.into_iter().filter(|id| !records.contains(id)).collect();
        let related = behind.related;
        let mut attests: BTreeSet<RecordId> = BTreeSet::new();
        let mut picked: BTreeMap<(PartyId, u16), Picked> = BTreeMap::new();
        let mut beside = Vec::new();
        let ids: BTreeSet<RecordId> = records.iter().chain(&related).chain(&cut).copied().collect();
        for id in &ids {
            if let Some(number) = self.store.find(id).map_err(LedgerError::from)? {
                let (sealed, _) = self.sealed(number, Some(*id))?;
                let header = sealed.header();
                if !cuts.is_empty() && header.kind == Kind::Attest.code() {
                    attests.insert(*id);
                }
                let chain = picked.entry((header.party, header.epoch)).or_default();
                match chain.get(&header.seq) {
                    None => drop(chain.insert(header.seq, number)),
                    Some(_) => beside.push(*id),
                }
            }
        }
        for party in &parties {
            for (epoch, seq, number) in self.store.places(party).map_err(LedgerError::from)? {
                if whole_chains(make.audience) {
                    picked.entry((*party, epoch)).or_default().entry(seq).or_insert(number);
                } else if seq == 0 {
                    // Someone who is met by name alone, such as an owner, is shown by the record that opens the chain.
                    picked.entry((*party, epoch)).or_default().entry(seq).or_insert(number);
                }
            }
        }

        let bearing = |id: &RecordId| match () {
            () if cut.contains(id) => Bearing::Cut,
            () if attests.contains(id) => Bearing::Attests,
            () if records.contains(id) || related.contains(id) => Bearing::Bears,
            () => Bearing::Aside,
        };
        let mut chains = Vec::with_capacity(picked.len());
        let mut made = Vec::with_capacity(picked.len());
        for (at, picked) in picked {
            let mut held = self.held_log(&at.0, at.1)?;
            if let Some(own) = own.filter(|own| (own.party, own.epoch) == at) {
                put_first(&mut held.checkpoints, own);
            }
            let (chain, seen) = self.capsule_chain(at, picked, &held, make, &bearing)?;
            chains.push(chain);
            made.push(seen);
        }
        let mut unattested = Vec::new();
        for lot in &cuts {
            if !self.is_attested(lot)? {
                unattested.push(*lot);
            }
        }
        let mut packs = make.packs.clone();
        packs.sort_unstable();
        packs.dedup();
        let capsule = Capsule {
            audience: make.audience,
            lots: lots.into_iter().collect(),
            cuts: cuts.into_iter().collect(),
            documents: documents(&make.documents, &chains)?,
            chains,
            packs,
        };
        let bytes = capsule::write(&capsule);
        // The bounds are the reader's: what cannot be read is not handed over.
        match capsule::read(&bytes) {
            Ok(_) => {
                let (length, missing) = (bytes.len(), missing.into_iter().collect());
                Ok(Made { capsule, bytes, length, chains: made, missing, beside, unattested })
            }
            Err(error) => Err(MakeError::TooMuch(error)),
        }
    }

    /// Whether an attestation of a lot is held that its author did not take back.
    fn is_attested(&self, lot: &LotRef) -> Result<bool, LedgerError> {
        for id in self.ids_found_by(&keys::about_lot(lot))? {
            if let Some(source) = self.source(&id)?
                && matches!(&source.event.body, Body::Attest(attest) if attest.lot == *lot)
                && !source.withdrawn
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Puts the newest own checkpoint before those that came back from others; their signatures below it are kept.
fn put_first(checkpoints: &mut Vec<HeldCheckpoint>, own: &SeenCheckpoint) {
    let is_same =
        |held: &HeldCheckpoint| (held.checkpoint.size, held.checkpoint.root) == (own.size, own.root);
    let cosignatures = match checkpoints.iter().position(is_same) {
        Some(at) => checkpoints.remove(at).cosignatures,
        None => Vec::new(),
    };
    checkpoints.insert(0, HeldCheckpoint { checkpoint: own.clone(), cosignatures });
}

/// Returns the papers by hash, each of which some record in the capsule names.
fn documents(given: &[Vec<u8>], chains: &[capsule::Chain]) -> Result<Vec<Document>, MakeError> {
    let documents: BTreeMap<Hash, &Vec<u8>> = given.iter().map(|bytes| (sha256(&[bytes]), bytes)).collect();
    if let Some(hash) = capsule::unnamed(chains, documents.keys().copied()).into_iter().min() {
        return Err(MakeError::NotNamed { hash });
    }
    let total: usize = documents.values().map(|bytes| bytes.len()).sum();
    debug_assert!(total <= CAPSULE_MAX, "the caller bounds what it reads");
    Ok(documents.into_iter().map(|(hash, bytes)| Document { hash, bytes: bytes.clone() }).collect())
}
