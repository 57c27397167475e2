//! What was recorded of a circuit: looked up in the ledger, and in the events of the same batch.

use std::collections::HashSet;

use super::Ledger;
use super::append::Batch;
use super::error::LedgerError;
use super::keys;
use crate::entry::CircuitRecord;
use crate::hash::RecordId;
use crate::model::kind::Kind;

impl Ledger {
    /// Whether a party other than this ledger's charged the circuit, as far as is held.
    pub(super) fn others_charged(&self, facility: &RecordId, circuit: &str) -> Result<bool, LedgerError> {
        for number in self.store.consumers(&keys::circuit(facility, circuit))? {
            let record = self.record_at(number)?;
            if Some(record.author) != self.party() && record.kind() == Kind::Charge {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the records of a circuit that this ledger's party signed and did not take back, in order of arrival.
    fn circuit_records(
        &self,
        facility: &RecordId,
        circuit: &str,
        withdrawn: &HashSet<RecordId>,
    ) -> Result<Vec<CircuitRecord>, LedgerError> {
        let mut records = Vec::new();
        for number in self.store.consumers(&keys::circuit(facility, circuit))? {
            let (sealed, _) = self.sealed(number, None)?;
            if Some(sealed.party()) != self.party() || withdrawn.contains(&sealed.id()) {
                continue;
            }
            let Some(source) = self.source(&sealed.id())?.filter(|source| !source.withdrawn) else {
                continue;
            };
            records.extend(CircuitRecord::of(sealed.id(), &source.event.body, facility, circuit));
        }
        Ok(records)
    }
}

impl Batch<'_> {
    /// Returns what the author recorded of a circuit and did not take back, this batch included, in order.
    pub(super) fn circuit_records(
        &self,
        facility: &RecordId,
        circuit: &str,
    ) -> Result<Vec<CircuitRecord>, LedgerError> {
        let withdrawn: HashSet<RecordId> = self.withdrawn().iter().copied().collect();
        let mut records = self.ledger().circuit_records(facility, circuit, &withdrawn)?;
        for id in self.of_circuits().iter().filter(|id| !withdrawn.contains(id)) {
            if let Some(source) = self.source(id)? {
                records.extend(CircuitRecord::of(*id, &source.event.body, facility, circuit));
            }
        }
        Ok(records)
    }
}
