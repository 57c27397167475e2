//! What a capsule shows of one chain: records, the whole control list, the last leaf, and the log they stand in.

use std::collections::{BTreeMap, BTreeSet};

use super::make::MakeCapsule;
use super::shows::{Bearing, class, shows};
use crate::capsule::{Chain, Entry};
use crate::hash::{PartyId, RecordId};
use crate::ledger::Ledger;
use crate::ledger::error::{DamagedRecord, LedgerError};
use crate::ledger::held_log::HeldLog;
use crate::ledger::look_up::{no_key, placed};
use crate::log::part::LogPart;
use crate::model::time::Timestamp;
use crate::record::{Header, SEAL_LEN, SignedHeader};

/// What the reader of a capsule sees of one chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeChain {
    /// Whose.
    pub party: PartyId,
    /// Which epoch.
    pub epoch: u16,
    /// Whole records in it.
    pub records: u64,
    /// Headers alone.
    pub headers: u64,
    /// Private items shown, by the last word of their keys.
    pub shown: BTreeMap<String, u64>,
    /// Private items kept back, in the same way.
    pub withheld: BTreeMap<String, u64>,
    /// Private items whose values this ledger does not hold.
    pub not_held: u64,
    /// Records of its log, where its records are shown to stand in it.
    pub size: Option<u64>,
    /// When the last record that is shown of it was signed, as its author claims; with a log the last of the log.
    pub last_signed_at: Option<Timestamp>,
    /// A control record that is not held, so that the reader cannot know what the party took back.
    pub control_missing: Option<RecordId>,
}

/// The records of one chain on their way into a capsule: arrival numbers by position.
pub type Picked = BTreeMap<u64, u64>;

/// What is to be shown of a chain, and how its records stand in the log.
struct Plan {
    /// Whole records by position.
    records: Picked,
    /// The last leaf, where only its header is shown.
    header: Option<(u64, Vec<u8>)>,
    log: Option<LogPart>,
    control_missing: Option<RecordId>,
}

impl Ledger {
    /// Puts together what a capsule shows of a chain; `bearing` says how a record stands to the lots.
    pub(super) fn capsule_chain(
        &self,
        (party, epoch): (PartyId, u16),
        picked: Picked,
        held: &HeldLog,
        make: &MakeCapsule,
        bearing: &dyn Fn(&RecordId) -> Bearing,
    ) -> Result<(Chain, MadeChain), LedgerError> {
        let plan = self.plan(&party, epoch, picked, held)?;
        let mut made = MadeChain {
            party,
            epoch,
            records: plan.records.len() as u64,
            headers: u64::from(plan.header.is_some()),
            shown: BTreeMap::new(),
            withheld: BTreeMap::new(),
            not_held: 0,
            size: plan.log.as_ref().map(|log| log.checkpoint.size),
            last_signed_at: None,
            control_missing: plan.control_missing,
        };
        let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
        for (seq, number) in plan.records {
            entries.insert(seq, self.capsule_entry(number, make, bearing, &mut made)?);
        }
        entries.extend(plan.header.map(|(seq, bytes)| (seq, Entry::Header(bytes))));
        let last = entries.last_key_value().and_then(|(_, entry)| Header::from_bytes(entry.bytes()).ok());
        made.last_signed_at = last.map(|last| last.signed_at);
        let entries = entries.into_values().collect();
        Ok((Chain { party, epoch, log: plan.log, entries }, made))
    }

    /// Chooses the largest checkpoint under which everything can be shown; without any, the chain goes without.
    fn plan(&self, party: &PartyId, epoch: u16, picked: Picked, held: &HeldLog) -> Result<Plan, LedgerError> {
        let most = picked.last_key_value().map_or(0, |(seq, _)| seq + 1);
        for under in held.checkpoints.iter().filter(|one| one.checkpoint.size >= most) {
            let last = under.checkpoint.size - 1;
            let Some(plan) = self.plan_to(party, epoch, last, &picked, held)? else { continue };
            let seqs: BTreeSet<u64> =
                plan.records.keys().copied().chain(plan.header.iter().map(|(seq, _)| *seq)).collect();
            let seqs: Vec<u64> = seqs.into_iter().collect();
            if let Some(log) = held.part(under, &seqs) {
                return Ok(Plan { log: Some(log), ..plan });
            }
        }
        let of_epoch = self.store.places(party)?.into_iter().rfind(|place| place.0 == epoch);
        let plan = self.plan_to(party, epoch, of_epoch.map_or(0, |last| last.1), &picked, held)?;
        Ok(plan.unwrap_or(Plan { records: picked, header: None, log: None, control_missing: None }))
    }

    /// Adds the first record, the leaf at `last`, and the control list from there on; `None` where the leaf is not held.
    fn plan_to(
        &self,
        party: &PartyId,
        epoch: u16,
        last: u64,
        picked: &Picked,
        held: &HeldLog,
    ) -> Result<Option<Plan>, LedgerError> {
        let mut plan = Plan { records: picked.clone(), header: None, log: None, control_missing: None };
        if let Some(first) = self.store.at(party, epoch, 0)?.first() {
            plan.records.entry(0).or_insert(*first);
        }
        let bytes = match self.store.at(party, epoch, last)?.first() {
            Some(number) => self.sealed(*number, None)?.0.bytes()[..SEAL_LEN].to_vec(),
            None => match held.leaves.get(&last).and_then(|id| held.header(id)) {
                Some(bytes) => bytes.to_vec(),
                None => return Ok(None),
            },
        };
        let Ok(leaf) = SignedHeader::parse(&bytes) else { return Ok(None) };
        let mut next = if leaf.is_control() { leaf.id() } else { leaf.header().control };
        while next != RecordId::ZERO {
            let Some(number) = self.store.find(&next)? else {
                plan.control_missing = Some(next);
                break;
            };
            let (sealed, _) = self.sealed(number, Some(next))?;
            let header = sealed.header();
            if header.party != *party || header.seq > last {
                plan.control_missing = Some(next);
                break;
            }
            // Of an earlier epoch: it stands in another chain of the capsule.
            if header.epoch == epoch {
                plan.records.insert(header.seq, number);
            }
            next = header.control;
        }
        if !plan.records.contains_key(&last) {
            plan.header = Some((last, bytes));
        }
        Ok(Some(plan))
    }

    /// Verifies a record and leaves out what the reader is not shown.
    fn capsule_entry(
        &self,
        number: u64,
        make: &MakeCapsule,
        bearing: &dyn Fn(&RecordId) -> Bearing,
        made: &mut MadeChain,
    ) -> Result<Entry, LedgerError> {
        let (sealed, held) = self.sealed(number, None)?;
        let key = self.key_for(&sealed)?.ok_or_else(|| no_key(number, &sealed))?;
        let opened = sealed.verify(&key).and_then(|verified| sealed.open(&key, &verified, &held));
        // A kind that this version does not know is handed on as it came.
        if let Some(error) = opened.err().filter(|error| !error.cannot_judge()) {
            let damaged = DamagedRecord::of(number, None, &error);
            return Err(LedgerError::Damaged(Box::new(placed(damaged, &sealed))));
        }
        // Who a party is bears on every lot it had in hand.
        let bears = match sealed.header().seq {
            0 => Bearing::Bears,
            _ => bearing(&sealed.id()),
        };
        let directory = sealed.directory();
        made.not_held += (directory.len() - held.len()) as u64;
        let mut shown = Vec::new();
        for item in held {
            let key = &directory[item.index as usize].key;
            let kept_back = make.withhold.iter().any(|pattern| pattern.covers(sealed.kind(), key));
            let is_shown = !kept_back && shows(make.audience, bears, key);
            let counts = if is_shown { &mut made.shown } else { &mut made.withheld };
            *counts.entry(class(key).to_owned()).or_default() += 1;
            if is_shown {
                shown.push(item);
            }
        }
        Ok(Entry::Record { bytes: sealed.bytes().to_vec(), shown })
    }
}
