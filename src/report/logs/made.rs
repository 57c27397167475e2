//! A checkpoint that was signed, and a proof that was made.

use std::path::PathBuf;

use serde::Serialize;

use super::super::page::Page;
use super::super::screen::Screen;
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::note::Note;
use crate::log::vkey::VerifierKey;
use crate::model::event::SeenCheckpoint;

/// A checkpoint of the own log.
#[derive(Clone, Debug, Serialize)]
pub struct LogCheckpointScreen {
    origin: String,
    party: PartyId,
    epoch: u16,
    size: u64,
    root: Hash,
    verifier_key: String,
    note: String,
    file: Option<PathBuf>,
}

impl LogCheckpointScreen {
    /// Returns the screen of a checkpoint that was signed, and written to a file if to one.
    pub fn new(seen: &SeenCheckpoint, note: &Note, key: &VerifierKey, file: Option<PathBuf>) -> Self {
        Self {
            origin: key.name().to_owned(),
            party: seen.party,
            epoch: seen.epoch,
            size: seen.size,
            root: seen.root,
            verifier_key: key.to_string(),
            note: note.to_string(),
            file,
        }
    }
}

impl Screen for LogCheckpointScreen {
    const NAME: &'static str = "log-checkpoint";

    fn write(&self, page: &mut Page) {
        let to = self.file.as_ref().map_or_else(String::new, |file| format!(", in {}", file.display()));
        page.line(0, &format!("Signed a checkpoint of your log at {}{to}.", records(self.size)));
        page.line(2, &format!("root: {}", self.root));
        page.line(2, "verifier key, for those who do not hold your chain:");
        page.verbatim(&format!("    {}", self.verifier_key));
        page.line(0, "What it covers counts as handed out. No shorter log, and no other one of this size, is signed here again.");
    }
}

/// A proof that a record stands in a log.
#[derive(Clone, Debug, Serialize)]
pub struct LogProofScreen {
    /// The log.
    pub origin: String,
    /// The record.
    pub record: RecordId,
    /// Its index.
    pub index: u64,
    /// Records that the checkpoint covers.
    pub size: u64,
    /// Root of the log.
    pub root: Hash,
    /// The text of the proof.
    pub proof: String,
    /// Where it was written, if to a file.
    pub file: Option<PathBuf>,
}

impl Screen for LogProofScreen {
    const NAME: &'static str = "log-proof";

    fn write(&self, page: &mut Page) {
        let to = self.file.as_ref().map_or_else(String::new, |file| format!(", in {}", file.display()));
        page.line(
            0,
            &format!(
                "Proved that the record stands at index {} of a log of {}{to}.",
                self.index,
                records(self.size)
            ),
        );
        page.line(2, &format!("record: {}", self.record));
        page.line(2, &format!("root: {}", self.root));
        page.line(
            0,
            "It says nothing of what the record states: hand over the record as well, with `export`.",
        );
    }
}

/// Returns a number of records in words.
pub fn records(count: u64) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}
