//! What a record is found by, besides its id and its place: the lots it consumes, and what it is about.
//!
//! The store keeps one index from a lot, output N of a record, to the records that consume of it. No record has
//! more than 16 384 outputs, so higher numbers are free to say in what other way a record is found. Keys follow
//! from what is shown of a record here, and are derived again when more of it becomes known.

use crate::hash::{PartyId, RecordId, sha256};
use crate::model::event::{At, Body, Event, Receiver, Subject};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};

/// Added to the number of an output: about the lot, not consuming it.
const ABOUT_LOT: u32 = 0x8000_0000;
const ABOUT_RECORD: u32 = 0xffff_ffff;
const ABOUT_PARTY: u32 = 0xffff_fffe;
const SENT_TO: u32 = 0xffff_fffd;
const LABEL: u32 = 0xffff_fffc;
const FACILITY: u32 = 0xffff_fffb;
const CIRCUIT: u32 = 0xffff_ff90;
const TAG: u32 = 0xffff_ff8f;
const NUMBER: u32 = 0xffff_ffe0;
const OWNED_BY: u32 = 0xffff_ffea;
const TITLES: u32 = 0xffff_ffe9;

/// Finds records that consume of a lot.
pub fn consumes(lot: &LotRef) -> LotRef {
    *lot
}

/// Finds assays, measurements, inspections, waivers, claims, titles, documents, requests to return and assignments about
/// a lot.
pub fn about_lot(lot: &LotRef) -> LotRef {
    key(lot.record, lot.index | ABOUT_LOT)
}

/// Finds withdrawals and ends of a record, what passes a title on, and statuses, stays, documents and claim accounts of
/// the facility it declares.
pub fn about_record(record: &RecordId) -> LotRef {
    key(*record, ABOUT_RECORD)
}

/// Finds documents, disputes and the like about a subject.
pub fn about(subject: &Subject) -> LotRef {
    match subject {
        Subject::Party(party) => about_party(party),
        Subject::Record(record) => about_record(record),
        Subject::Lot(lot) => about_lot(lot),
    }
}

/// Finds statuses, ties and documents about a party.
pub fn about_party(party: &PartyId) -> LotRef {
    key(RecordId(party.0), ABOUT_PARTY)
}

/// Finds dispatches, refusals, releases and assignments that name `party` as the receiver.
pub fn sent_to(party: &PartyId) -> LotRef {
    key(RecordId(party.0), SENT_TO)
}

/// Finds records that create a lot with this label.
pub fn label(label: &str) -> LotRef {
    key(RecordId(sha256(&[b"label of a lot", label.as_bytes()])), LABEL)
}

/// Finds what was issued and applied under this number of a scheme.
pub fn tag(scheme: &str, tag: &str) -> LotRef {
    // A length in front keeps `a` + `bc` apart from `ab` + `c`.
    let length = (scheme.len() as u64).to_be_bytes();
    key(RecordId(sha256(&[b"tag of a scheme", &length, scheme.as_bytes(), tag.as_bytes()])), TAG)
}

/// Finds accreditations and certificates with this number in the register of whoever gave them.
pub fn number(number: &str) -> LotRef {
    key(RecordId(sha256(&[b"number of a status", number.as_bytes()])), NUMBER)
}

/// Finds declarations of facilities.
pub fn facilities() -> LotRef {
    key(RecordId::ZERO, FACILITY)
}

/// Finds charges, draws and closes of a circuit of a facility.
pub fn circuit(facility: &RecordId, circuit: &str) -> LotRef {
    key(RecordId(sha256(&[b"circuit of a facility", facility.as_bytes(), circuit.as_bytes()])), CIRCUIT)
}

/// Finds records that state `party` as the owner of a lot, or pass a title to it.
pub fn owned_by(party: &PartyId) -> LotRef {
    key(RecordId(party.0), OWNED_BY)
}

/// Finds transfers of title.
pub fn titles() -> LotRef {
    key(RecordId::ZERO, TITLES)
}

/// Returns everything an event is found by, as far as it is shown.
///
/// A correction is found by what the corrected record uses and creates: it leads to that record.
pub fn of(event: &Event) -> Vec<LotRef> {
    let mut keys = Vec::new();
    let stated = match &event.body {
        Body::Correct(correct) => &*correct.replacement.0,
        body => body,
    };
    if let Some(MaybeList::Shown(inputs)) = stated.inputs() {
        keys.extend(inputs.iter().map(|input| consumes(&input.lot)));
    }
    keys.extend(stated.outputs().iter().filter_map(|lot| lot.label()).map(label));
    let owner = |lot: &Lot| lot.owner.shown().copied().flatten();
    let mut owners: Vec<PartyId> = stated.outputs().iter().filter_map(owner).collect();
    owners.sort_unstable();
    owners.dedup();
    keys.extend(owners.iter().map(owned_by));
    if let Some(Maybe::Shown(Receiver::Party(party))) = event.body.receiver() {
        keys.push(sent_to(party));
    }
    let circuit_at = |at: &At, name: &str| at.facility.shown().map(|facility| circuit(facility, name));
    match &event.body {
        Body::Charge(charge) => keys.extend(circuit_at(&charge.at, &charge.circuit)),
        Body::Draw(draw) => keys.extend(circuit_at(&draw.at, &draw.circuit)),
        Body::ClosePeriod(close) => keys.extend(circuit_at(&close.at, &close.circuit)),
        Body::DeclareFacility(_) => keys.push(facilities()),
        Body::Accredit(accredit) => {
            keys.push(about_party(&accredit.subject));
            keys.extend(accredit.facility.as_ref().map(about_record));
            keys.extend(accredit.number.shown().and_then(Option::as_deref).map(number));
        }
        Body::Certify(certify) => {
            keys.push(about_party(&certify.subject));
            keys.extend(certify.facility.as_ref().map(about_record));
            keys.extend(certify.number.shown().and_then(Option::as_deref).map(number));
        }
        Body::WithdrawAccreditation(end) | Body::SuspendCertificate(end) | Body::EndHost(end) => {
            keys.push(about_record(&end.target));
        }
        Body::Host(host) => keys.push(about_record(&host.facility)),
        Body::RequestReturn(request) => keys.extend(request.lots.iter().map(about_lot)),
        Body::Assign(assign) => {
            keys.extend(assign.lots.iter().map(about_lot));
            if let Maybe::Shown(Receiver::Party(party)) = &assign.receiver {
                keys.push(sent_to(party));
            }
        }
        Body::TransferTitle(title) => {
            keys.push(titles());
            if let Maybe::Shown(Receiver::Party(party)) = &title.to {
                keys.push(owned_by(party));
            }
            keys.extend(title.titled.shown().unwrap_or_default().iter().map(|titled| about_lot(&titled.lot)));
            keys.extend(title.target.as_ref().map(about_record));
        }
        Body::CedeFacility(cede) => keys.push(about_record(&cede.facility)),
        Body::Withdraw(withdraw) => keys.push(about_record(&withdraw.target)),
        Body::CloseAccount(close) => keys.push(about_record(&close.account.facility)),
        Body::RetireClaim(claim) => {
            keys.push(about_record(&claim.account.facility));
            keys.extend(claim.lot.as_ref().map(about_lot));
        }
        Body::Waive(waive) => {
            keys.extend(waive.subject.as_ref().map(about_party));
            keys.extend(waive.lots.iter().map(about_lot));
        }
        Body::Appoint(appoint) => keys.push(about_party(&appoint.party)),
        Body::Inspect(inspect) => keys.push(match &inspect.about {
            Subject::Party(party) => about_party(party),
            Subject::Record(record) => about_record(record),
            Subject::Lot(lot) => about_lot(lot),
        }),
        Body::Measure(measure) => keys.push(about_lot(&measure.lot)),
        Body::Assay(assay) => keys.push(about_lot(&assay.lot)),
        Body::IssueTags(issue) => {
            keys.push(about_record(&issue.pit));
            keys.extend(issue.tags.shown().unwrap_or_default().iter().map(|one| tag(&issue.scheme, one)));
        }
        Body::ApplyTags(apply) => {
            keys.push(about_lot(&apply.lot));
            keys.extend(
                apply.tags.shown().unwrap_or_default().iter().map(|one| tag(&apply.scheme, &one.tag)),
            );
        }
        Body::DeclareBorder(declared) => keys.extend(declared.lots.iter().map(about_lot)),
        Body::RegisterDocument(document) => keys.extend(document.about.iter().map(about)),
        Body::Correct(correct) => keys.push(about_record(&correct.target)),
        Body::Dispute(dispute) => keys.push(about(&dispute.about)),
        Body::Resolve(resolve) => keys.push(about_record(&resolve.target)),
        Body::Acknowledge(acknowledge) => keys.push(about_record(&acknowledge.target)),
        Body::Attest(attest) => keys.push(about_lot(&attest.lot)),
        _ => {}
    }
    keys
}

fn key(record: RecordId, index: u32) -> LotRef {
    LotRef { record, index }
}
