//! A checkpoint that was cosigned, or why it was not; and cosignatures that were kept.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::page::Page;
use super::super::screen::Screen;
use super::check::LogVerdict;
use super::made::records;
use crate::hash::Hash;
use crate::ledger::{KeptCosignatures, Witnessed};
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::policy::Accepted;

/// What became of a request to a witness.
#[derive(Clone, Debug, Serialize)]
pub struct LogWitnessScreen {
    origin: String,
    /// `holds` where it was cosigned.
    verdict: LogVerdict,
    why: Option<String>,
    size: Option<u64>,
    root: Option<Hash>,
    /// Records of the checkpoint cosigned before, if any was.
    before: Option<u64>,
    verifier_key: Option<String>,
    file: Option<PathBuf>,
    /// Where a note that contradicts the last one was kept.
    pub kept: Option<PathBuf>,
    /// Where the proof of the fork was written.
    pub proof_of_fork: Option<PathBuf>,
}

impl LogWitnessScreen {
    /// Returns the screen of a checkpoint that was cosigned.
    pub fn cosigned(checkpoint: &Checkpoint, witnessed: &Witnessed, file: &Path) -> Self {
        Self {
            origin: checkpoint.origin().to_owned(),
            verdict: LogVerdict::Holds,
            why: None,
            size: Some(checkpoint.size()),
            root: Some(*checkpoint.root()),
            before: witnessed.before,
            verifier_key: Some(witnessed.key.to_string()),
            file: Some(file.to_owned()),
            kept: None,
            proof_of_fork: None,
        }
    }

    /// Returns the screen of one that was not.
    pub fn refused(log: &LogId, verdict: LogVerdict, why: String) -> Self {
        Self {
            origin: log.to_string(),
            verdict,
            why: Some(why),
            size: None,
            root: None,
            before: None,
            verifier_key: None,
            file: None,
            kept: None,
            proof_of_fork: None,
        }
    }
}

impl Screen for LogWitnessScreen {
    const NAME: &'static str = "log-witness";

    fn write(&self, page: &mut Page) {
        let (Some(size), Some(key), Some(file)) = (self.size, &self.verifier_key, &self.file) else {
            page.line(0, &format!("Nothing was cosigned: {}.", self.why.as_deref().unwrap_or_default()));
            page.line(2, &format!("log: {}", self.origin));
            if let Some(kept) = &self.kept {
                page.line(2, &format!("the other note: {}", kept.display()));
            }
            match &self.proof_of_fork {
                Some(proof) => page.line(2, &format!("proof, which anyone can check: {}", proof.display())),
                None if self.kept.is_some() => {
                    page.line(2, "no proof file: the first record of the party is not held here");
                }
                None => {}
            }
            return;
        };
        page.line(
            0,
            &format!("Cosigned the checkpoint of a log of {}, in {}.", records(size), file.display()),
        );
        page.line(2, &format!("log: {}", self.origin));
        match self.before {
            Some(before) => page.line(2, &format!("it goes on from the {} cosigned before", records(before))),
            None => page.line(2, "it is the first of this log that was cosigned here"),
        }
        page.line(2, "for the trust file of whoever believes this witness:");
        page.verbatim("    [[witness]]");
        page.verbatim(&format!("    key = \"{key}\""));
    }
}

/// What became of cosignatures that were handed over.
#[derive(Clone, Debug, Serialize)]
pub struct LogCosignedScreen {
    /// `holds` where they were kept.
    verdict: LogVerdict,
    why: Option<String>,
    size: Option<u64>,
    /// Lines by others that were not kept before.
    new: usize,
    /// All that are kept below this checkpoint.
    all: usize,
    /// Names of the witnesses whose lines were checked.
    checked: Vec<String>,
}

impl LogCosignedScreen {
    /// Returns the screen of cosignatures that are kept.
    pub fn kept(accepted: &Accepted, kept: KeptCosignatures) -> Self {
        Self {
            verdict: LogVerdict::Holds,
            why: None,
            size: Some(accepted.checkpoint.size()),
            new: kept.new,
            all: kept.all,
            checked: accepted.witnesses.iter().map(|witness| witness.name.clone()).collect(),
        }
    }

    /// Returns the screen of some that are not.
    pub fn refused(verdict: LogVerdict, why: String) -> Self {
        Self { verdict, why: Some(why), size: None, new: 0, all: 0, checked: Vec::new() }
    }
}

impl Screen for LogCosignedScreen {
    const NAME: &'static str = "log-cosigned";

    fn write(&self, page: &mut Page) {
        let Some(size) = self.size else {
            return page.line(0, &format!("Nothing was kept: {}.", self.why.as_deref().unwrap_or_default()));
        };
        page.line(
            0,
            &format!(
                "Kept {} of witnesses below the checkpoint of {}, {} of them new.",
                match self.all {
                    1 => "1 signature".to_owned(),
                    all => format!("{all} signatures"),
                },
                records(size),
                self.new
            ),
        );
        match self.checked.is_empty() {
            true => page.line(2, "none was checked: name the keys of the witnesses with `--witness`"),
            false => page.line(2, &format!("checked: {}", self.checked.join(", "))),
        }
        page.line(2, "Capsules carry them as long as this checkpoint is that of the whole log.");
    }
}
