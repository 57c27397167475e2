//! What things are called in a ledger: the user's own names first, then what records say.

use super::failure::Failure;
use crate::ledger::Ledger;
use crate::model::record::Record;
use crate::report::Known;

/// Returns what is called how, as far as this ledger knows; lots are those of `records`.
///
/// # Errors
/// [`Failure`] where a record cannot be read.
pub fn known<'a>(ledger: &Ledger, records: impl IntoIterator<Item = &'a Record>) -> Result<Known, Failure> {
    let mut known = Known::of(records);
    for party in ledger.parties()? {
        known.parties.insert(party, ledger.party_name(&party)?);
    }
    for facility in ledger.facilities()? {
        known.facilities.insert(facility.id, facility.name);
    }
    own_names(ledger, &mut known);
    Ok(known)
}

/// Puts the user's own names over those that records say.
pub fn own_names(ledger: &Ledger, known: &mut Known) {
    let names = ledger.names();
    known.parties.extend(names.parties.iter().map(|(name, id)| (*id, name.clone())));
    known.facilities.extend(names.facilities.iter().map(|(name, id)| (*id, name.clone())));
    known.lots.extend(names.lots.iter().map(|(name, id)| (*id, name.clone())));
}
