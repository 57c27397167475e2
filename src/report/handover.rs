//! What was handed over, and what was taken in.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::known::{Called, Known, Short};
use super::page::{Page, Style};
use super::screen::Screen;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::ledger::{ExportFile, ImportReport};

/// A file that was written.
#[derive(Clone, Debug, Serialize)]
pub struct ExportScreen {
    file: PathBuf,
    bytes: usize,
    records: u64,
    parties: Vec<Called<PartyId>>,
    items_shown: u64,
    items_withheld: u64,
    items_not_held: u64,
    missing: Vec<RecordId>,
}

impl ExportScreen {
    /// Returns the screen of a file written to `path`.
    pub fn new(path: &Path, file: &ExportFile, known: &Known) -> Self {
        Self {
            file: path.to_owned(),
            bytes: file.bytes.len(),
            records: file.records,
            parties: file.parties.iter().map(|party| known.party(party)).collect(),
            items_shown: file.shown,
            items_withheld: file.withheld,
            items_not_held: file.not_held,
            missing: file.missing.clone(),
        }
    }
}

impl Screen for ExportScreen {
    const NAME: &'static str = "export";

    fn write(&self, page: &mut Page) {
        page.line(0, &format!("Wrote {} ({} bytes).", self.file.display(), self.bytes));
        page.line(2, &format!("{} of {}", names::count(self.records, "record"), names(&self.parties)));
        page.line(
            2,
            &format!(
                "private values: {} shown, {} withheld by you, {} not held here",
                self.items_shown, self.items_withheld, self.items_not_held
            ),
        );
    }
}

/// Files that were taken in.
#[derive(Clone, Debug, Serialize)]
pub struct ImportScreen {
    files: Vec<Taken>,
}

#[derive(Clone, Debug, Serialize)]
struct Taken {
    file: String,
    new: u64,
    known: u64,
    upgraded: u64,
    settled: u64,
    parties: Vec<Called<PartyId>>,
    forks: Vec<ForkLine>,
    dangling: Vec<DanglingLine>,
    cannot_judge: Vec<RecordId>,
    log_conflicts: Vec<LogLine>,
}

#[derive(Clone, Debug, Serialize)]
struct ForkLine {
    party: Called<PartyId>,
    epoch: u16,
    seq: u64,
    records: Vec<RecordId>,
}

#[derive(Clone, Debug, Serialize)]
struct LogLine {
    party: Called<PartyId>,
    epoch: u16,
    size: u64,
    /// Whether there is a proof that anyone can judge.
    has_proof: bool,
}

#[derive(Clone, Debug, Serialize)]
struct DanglingLine {
    record: RecordId,
    needs: RecordId,
}

impl ImportScreen {
    /// Returns the screen of files and what became of each.
    pub fn new(reports: &[(String, ImportReport)], known: &Known) -> Self {
        let files = reports.iter().map(|(file, report)| Taken {
            file: file.clone(),
            new: report.new,
            known: report.known,
            upgraded: report.upgraded,
            settled: report.settled,
            parties: report.parties.iter().map(|party| known.party(party)).collect(),
            forks: report
                .forks
                .iter()
                .map(|fork| ForkLine {
                    party: known.party(&fork.party),
                    epoch: fork.epoch,
                    seq: fork.seq,
                    records: fork.records.clone(),
                })
                .collect(),
            dangling: report
                .dangling
                .iter()
                .map(|one| DanglingLine { record: one.record, needs: one.needs })
                .collect(),
            cannot_judge: report.cannot_judge.clone(),
            log_conflicts: report
                .log_conflicts
                .iter()
                .map(|one| LogLine {
                    party: known.party(&one.party),
                    epoch: one.epoch,
                    size: one.size,
                    has_proof: one.proof.is_some(),
                })
                .collect(),
        });
        Self { files: files.collect() }
    }
}

impl Screen for ImportScreen {
    const NAME: &'static str = "import";

    fn write(&self, page: &mut Page) {
        for file in &self.files {
            page.line(0, &format!("Took in {}: every hash and signature in it holds.", file.file));
            page.line(
                2,
                &format!(
                    "{}, {} held before, of {}",
                    names::count(file.new, "new record"),
                    file.known,
                    names(&file.parties)
                ),
            );
            if file.upgraded > 0 {
                page.line(2, &format!("{} known records are now shown in more detail", file.upgraded));
            }
            if file.settled > 0 {
                page.line(2, &format!("{} earlier records now have everything they rest on", file.settled));
            }
            for fork in &file.forks {
                let party = fork.party.text(page.style());
                page.line(
                    2,
                    &format!("{party} signed two records at position {}: both are kept, and `verify` judges by both", fork.seq),
                );
            }
            for log in &file.log_conflicts {
                let party = log.party.text(page.style());
                page.line(
                    2,
                    &format!(
                        "the log of {party} with {} contradicts what was held of it: both checkpoints are kept{}",
                        names::count(log.size, "record"),
                        if log.has_proof { ", and the proof, which `compare --proofs` writes" } else { "" }
                    ),
                );
            }
            if !file.dangling.is_empty() {
                let first = file.dangling[0].needs.short_form();
                page.line(
                    2,
                    &format!(
                        "{} records rest on something that is not held, the first on record {first}",
                        file.dangling.len()
                    ),
                );
            }
            if !file.cannot_judge.is_empty() {
                page.line(
                    2,
                    &format!(
                        "{} records are of a kind that this version cannot judge",
                        file.cannot_judge.len()
                    ),
                );
            }
        }
    }
}

fn names(parties: &[Called<PartyId>]) -> String {
    let names: Vec<String> = parties.iter().map(|party| party.text(Style::default())).collect();
    match names.len() {
        0 => "nobody".to_owned(),
        _ => names.join(", "),
    }
}
