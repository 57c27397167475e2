//! Tables of claim accounts, waivers, inspections and ties.

use super::parts::{quantity, receiver};
use crate::entry::draft::{CreditDraft, Draft};
use crate::entry::error::EntryError;
use crate::entry::table::Table;
use crate::entry::tree::Tree;
use crate::model::kind::Kind;

/// Kinds that are read here.
pub(super) const KINDS: [Kind; 5] =
    [Kind::CloseAccount, Kind::RetireClaim, Kind::Waive, Kind::Inspect, Kind::Appoint];

pub(super) fn claims(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    match draft.kind {
        Kind::CloseAccount => close_account(draft, table),
        Kind::RetireClaim => retire_claim(draft, table),
        Kind::Waive => waive(draft, table),
        Kind::Inspect => inspect(draft, table),
        _ => appoint(draft, table),
    }
}

fn account(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.facility = table.text("facility")?;
    draft.scheme = table.text("scheme")?;
    draft.claims.characteristic = table.text("characteristic")?;
    draft.claims.elements = table.text("of")?;
    draft.on = table.text("on")?;
    Ok(())
}

fn close_account(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    account(draft, table)?;
    draft.claims.previous = table.text("previous")?;
    draft.claims.factor = table.text("factor")?;
    draft.claims.opening = table.each("opening", credit)?;
    draft.claims.credits = table.each("credit", credit)?;
    draft.claims.closing = table.text("closing")?;
    Ok(())
}

fn retire_claim(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    account(draft, table)?;
    draft.claims.serial = table.text("serial")?;
    draft.claims.mass = table.text("mass")?;
    draft.claims.vintage = table.text("vintage")?;
    draft.lot = table.text("lot")?;
    draft.to = receiver(table, "to")?;
    Ok(())
}

fn waive(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.claims.rule = table.text("rule")?;
    draft.subject = table.text("subject")?;
    draft.claims.lots = table.texts("lots")?;
    draft.claims.part_numbers = table.texts("part_numbers")?;
    draft.materials = table.texts("materials")?;
    draft.valid = table.text("valid")?;
    draft.number = table.text("number")?;
    Ok(())
}

fn inspect(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.about = table.text("about")?.into_iter().collect();
    draft.on = table.text("on")?;
    draft.scheme = table.text("scheme")?;
    draft.claims.outcome = table.text("outcome")?;
    quantity(&mut draft.measured, table)?;
    draft.claims.report = table.text("report")?;
    draft.claims.summary = table.text("summary")?;
    Ok(())
}

fn appoint(draft: &mut Draft, table: &Table) -> Result<(), EntryError> {
    draft.claims.party = table.text("party")?;
    draft.claims.tie = table.text("tie")?;
    draft.claims.share = table.text("share")?;
    draft.valid = table.text("valid")?;
    Ok(())
}

fn credit(tree: &Tree, path: &str) -> Result<CreditDraft, EntryError> {
    let table = Table::new(tree, path, "a credit")?;
    let credit = CreditDraft {
        on: table.text("on")?,
        lot: table.text("lot")?,
        mass: table.text("mass")?,
        expires: table.text("expires")?,
    };
    table.finish()?;
    Ok(credit)
}
