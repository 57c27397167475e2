//! Counts of what a ledger holds.

use std::collections::BTreeMap;

use super::Ledger;
use super::error::LedgerError;
use crate::hash::PartyId;

/// Counts of what a ledger holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Records held.
    pub records: u64,
    /// Records by party, both branches of a fork counted.
    pub parties: BTreeMap<PartyId, u64>,
    /// Records of each kind, by its name; the number for kinds not known.
    pub kinds: BTreeMap<String, u64>,
    /// Bytes of the records.
    pub record_bytes: u64,
    /// Private items committed to.
    pub items: u64,
    /// Private items whose values are held.
    pub shown_items: u64,
    /// Records that arrived before something they rest on.
    pub dangling: u64,
    /// Records that cannot be read as such.
    pub damaged: u64,
}

impl Ledger {
    /// Counts what is held, in one walk. Hashes are checked, signatures are not: counting is no verification.
    ///
    /// # Errors
    /// What the store says of its indexes; records that cannot be read are counted.
    pub fn stats(&self) -> Result<Stats, LedgerError> {
        let mut stats = Stats { records: self.store.count(), ..Stats::default() };
        stats.dangling = self.store.dangling()?.len() as u64;
        for stored in self.store.scan(0) {
            let Ok((sealed, shown)) =
                stored.map_err(LedgerError::from).and_then(|stored| Ok(super::look_up::parse(stored, None)?))
            else {
                stats.damaged += 1;
                continue;
            };
            *stats.parties.entry(sealed.party()).or_default() += 1;
            let kind = sealed.kind().map_or_else(
                || format!("{:#06x}", sealed.header().kind),
                |kind| crate::model::coded::Coded::name(kind).to_owned(),
            );
            *stats.kinds.entry(kind).or_default() += 1;
            stats.record_bytes += sealed.bytes().len() as u64;
            stats.items += sealed.directory().len() as u64;
            stats.shown_items += shown.len() as u64;
        }
        Ok(stats)
    }
}
