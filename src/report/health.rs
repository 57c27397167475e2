//! The state of a ledger: what `fsck` found, and counts.

use serde::Serialize;

use super::findings;
use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::names;
use crate::hash::PartyId;
use crate::ledger::{FsckReport, Stats};
use crate::model::finding::Finding;

/// What a check of the whole ledger found.
#[derive(Clone, Debug, Serialize)]
pub struct FsckScreen {
    /// Whether nothing is wrong with what is stored.
    pub clean: bool,
    records: u64,
    chains: usize,
    repaired: bool,
    faults: Vec<String>,
    findings: Vec<Finding>,
}

impl FsckScreen {
    /// Returns the screen of a report.
    pub fn new(report: &FsckReport) -> Self {
        Self {
            clean: report.is_clean(),
            records: report.records,
            chains: report.lines.len(),
            repaired: report.repaired,
            faults: report.faults.iter().map(ToString::to_string).collect(),
            findings: report.findings.clone(),
        }
    }
}

impl Screen for FsckScreen {
    const NAME: &'static str = "fsck";

    fn write(&self, page: &mut Page) {
        let read = format!(
            "Read {} in {}",
            names::count(self.records, "record"),
            names::count(self.chains, "chain")
        );
        match self.clean {
            true => page.line(0, &format!("{read}: every hash, signature and index holds.")),
            false => page.line(0, &format!("{read}: {} things are wrong.", self.faults.len())),
        }
        for fault in &self.faults {
            page.line(2, fault);
        }
        if self.repaired {
            page.line(0, "The indexes were brought in line with the records.");
        }
        if !self.findings.is_empty() {
            page.heading("What the chains themselves show");
            findings::write(page, &self.findings);
        }
    }
}

/// Counts of what a ledger holds.
#[derive(Clone, Debug, Serialize)]
pub struct StatsScreen {
    records: u64,
    bytes: u64,
    private_items: u64,
    private_items_held: u64,
    dangling: u64,
    damaged: u64,
    parties: Vec<PartyCount>,
    kinds: Vec<KindCount>,
}

#[derive(Clone, Debug, Serialize)]
struct PartyCount {
    party: Called<PartyId>,
    records: u64,
}

#[derive(Clone, Debug, Serialize)]
struct KindCount {
    kind: String,
    records: u64,
}

impl StatsScreen {
    /// Returns the screen of counts.
    pub fn new(stats: &Stats, known: &Known) -> Self {
        Self {
            records: stats.records,
            bytes: stats.record_bytes,
            private_items: stats.items,
            private_items_held: stats.shown_items,
            dangling: stats.dangling,
            damaged: stats.damaged,
            parties: stats
                .parties
                .iter()
                .map(|(party, records)| PartyCount { party: known.party(party), records: *records })
                .collect(),
            kinds: stats
                .kinds
                .iter()
                .map(|(kind, records)| KindCount { kind: kind.clone(), records: *records })
                .collect(),
        }
    }
}

impl Screen for StatsScreen {
    const NAME: &'static str = "stats";

    fn write(&self, page: &mut Page) {
        page.line(
            0,
            &format!("{}, {}", names::count(self.records, "record"), names::count(self.bytes, "byte")),
        );
        page.line(
            0,
            &format!(
                "{} private items, of {} the value is held here",
                self.private_items, self.private_items_held
            ),
        );
        if self.dangling > 0 {
            page.line(0, &format!("{} records rest on something that is not held", self.dangling));
        }
        if self.damaged > 0 {
            page.line(0, &format!("{} records cannot be read; run `fsck`", self.damaged));
        }
        let style = page.style();
        let head = |what: &str| vec![what.to_owned(), "records".to_owned()];
        let rows = self.parties.iter().map(|one| vec![one.party.text(style), one.records.to_string()]);
        let rows: Vec<Vec<String>> = std::iter::once(head("party")).chain(rows).collect();
        page.blank();
        page.table(0, &[Lean::Left, Lean::Right], &rows);
        let rows = self.kinds.iter().map(|one| vec![one.kind.replace('_', " "), one.records.to_string()]);
        let rows: Vec<Vec<String>> = std::iter::once(head("kind")).chain(rows).collect();
        page.blank();
        page.table(0, &[Lean::Left, Lean::Right], &rows);
    }
}
