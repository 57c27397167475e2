//! What things are called in a ledger: the user's own names first, then what records say.

use super::failure::Failure;
use crate::custody::graph;
use crate::hash::RecordId;
use crate::ledger::Ledger;
use crate::model::event::{Body, Subject};
use crate::model::lotref::LotRef;
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

/// Returns the lots that a record says something about without using them.
pub fn about(record: &Record) -> Vec<LotRef> {
    match &record.event.body {
        Body::Measure(measure) => vec![measure.lot],
        Body::Assay(assay) => vec![assay.lot],
        Body::Attest(attest) => vec![attest.lot],
        Body::Waive(waive) => waive.lots.clone(),
        Body::RetireClaim(claim) => claim.lot.into_iter().collect(),
        Body::CloseAccount(close) => {
            close.credits.shown().into_iter().flatten().filter_map(|credit| credit.lot).collect()
        }
        Body::Inspect(inspect) => match inspect.about {
            Subject::Lot(lot) => vec![lot],
            _ => Vec::new(),
        },
        Body::ApplyTags(apply) => vec![apply.lot],
        Body::DeclareBorder(declared) => declared.lots.clone(),
        Body::Assign(assign) => assign.lots.clone(),
        Body::RequestReturn(request) => request.lots.clone(),
        Body::TransferTitle(passed) => {
            passed.titled.shown().unwrap_or_default().iter().map(|titled| titled.lot).collect()
        }
        // Their screens name what they take; a blend of thousands is not read back for its names.
        Body::Charge(_) | Body::Dispose(_) => {
            graph::inputs(record).iter().take(64).map(|one| one.lot).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the earlier record that a record takes back, ends or says something of.
fn target(record: &Record) -> Option<RecordId> {
    match &record.event.body {
        Body::Withdraw(withdraw) => Some(withdraw.target),
        Body::Correct(correct) => Some(correct.target),
        Body::Resolve(resolve) => Some(resolve.target),
        Body::Acknowledge(acknowledge) => Some(acknowledge.target),
        Body::Dispute(dispute) => match dispute.about {
            Subject::Record(target) => Some(target),
            Subject::Lot(lot) => Some(lot.record),
            Subject::Party(_) => None,
        },
        Body::WithdrawAccreditation(end) | Body::SuspendCertificate(end) | Body::EndHost(end) => {
            Some(end.target)
        }
        _ => None,
    }
}

/// Returns the records of the lots that `records` are about, and those they end, for the names in them.
///
/// # Errors
/// [`Failure`] where a record cannot be read.
pub fn around(ledger: &Ledger, records: &[Record]) -> Result<Vec<Record>, Failure> {
    let mut found = Vec::new();
    for lot in records.iter().flat_map(about) {
        found.extend(ledger.record(&lot.record)?);
    }
    for target in records.iter().filter_map(target) {
        found.extend(ledger.record(&target)?);
    }
    Ok(found)
}

/// Puts the user's own names over those that records say.
pub fn own_names(ledger: &Ledger, known: &mut Known) {
    let names = ledger.names();
    known.parties.extend(names.parties.iter().map(|(name, id)| (*id, name.clone())));
    known.facilities.extend(names.facilities.iter().map(|(name, id)| (*id, name.clone())));
    known.lots.extend(names.lots.iter().map(|(name, id)| (*id, name.clone())));
}
