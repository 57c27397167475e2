//! Chemistry: what no lot of its material can hold, and what is out of the ordinary.
//!
//! Each lot is looked at where its content is stated, with the uncertainty of every share allowed for. A handover that
//! repeats what it was given is not looked at again. Spec: docs/balance.md, "Chemistry".

mod closure;
mod floor;
mod limits;
mod whole;

use super::content::Contents;
use super::way::Ways;
use crate::custody::assay::HeldLine;
use crate::custody::graph;
use crate::custody::names::{self, found};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::record::Record;

/// Returns what the chemistry of every lot finds, lot by lot, sources first.
pub fn findings(contents: &Contents<'_>, ways: &Ways) -> Vec<Finding> {
    let records = contents.graph().records().iter();
    let stated = records.flat_map(|record| {
        graph::outputs(record).filter_map(move |(lot, value)| Stated::of(contents, record, lot, value))
    });
    stated.flat_map(|stated| stated.findings(contents, ways)).collect()
}

/// A lot of which something is stated.
struct Stated<'g> {
    record: &'g Record,
    lot: LotRef,
    value: &'g Lot,
    lines: Vec<HeldLine<'g>>,
}

impl<'g> Stated<'g> {
    fn of(contents: &Contents<'g>, record: &'g Record, lot: LotRef, value: &'g Lot) -> Option<Self> {
        let own = value.composition.shown().is_some_and(|lines| !lines.is_empty());
        if !own && contents.graph().results(&lot).next().is_none() {
            return None;
        }
        if super::gain::is_repeated(contents.graph(), &lot, &contents.sources(&lot)) {
            return None;
        }
        let lines = contents.lines(&lot);
        (!lines.is_empty()).then_some(Self { record, lot, value, lines })
    }

    fn findings(&self, contents: &Contents<'_>, ways: &Ways) -> Vec<Finding> {
        let mut findings: Vec<Finding> = whole::of(self, contents).into_iter().collect();
        let adds_up = findings.is_empty();
        // What is wrong with the whole of it is said once.
        let is_new = |one: &Finding| adds_up || one.code != FindingCode::ImpossibleShare;
        findings.extend(limits::of(self, contents, ways).into_iter().filter(is_new));
        findings.extend(floor::of(self, contents, ways));
        findings.extend(closure::of(self, contents, ways).filter(|_| adds_up));
        findings
    }

    /// Returns a finding about the lot, shown by its own record and those that state what it holds.
    fn found(
        &self,
        contents: &Contents<'_>,
        code: FindingCode,
        weight: Weight,
        say: &str,
        resolve: &str,
    ) -> Finding {
        let mut records = vec![self.record];
        records.extend(self.lines.iter().map(|held| held.record));
        let message = format!("lot {}: {say}", names::lot(contents.graph(), &self.lot));
        let mut finding = found(code, weight, &records, &[self.lot], message, resolve);
        // Whoever made the lot is not to blame for what others found in it.
        if self.lines.iter().all(|held| held.record.id != self.record.id) {
            finding.parties.retain(|party| *party != self.record.author);
        }
        finding
    }

    /// Whether the lot is, or may be, coated.
    fn is_coated(&self, ways: &Ways) -> bool {
        let marked = self.value.marks.shown().is_none_or(|marks| marks.coating.is_some());
        marked || ways.of(&self.lot.record).is_coated
    }
}

/// Returns a share in 10^-18 as people read it, in percent with two decimals, rounded to the nearest.
fn percent(share: u128) -> String {
    let hundredths = (share + 50_000_000_000_000) / 100_000_000_000_000;
    match hundredths % 100 {
        0 => format!("{} %", hundredths / 100),
        part => format!("{}.{} %", hundredths / 100, format!("{part:02}").trim_end_matches('0')),
    }
}
#[cfg(test)]
mod tests;
