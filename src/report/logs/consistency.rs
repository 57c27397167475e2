//! Whether one checkpoint of a log goes on from another.

use std::path::PathBuf;

use serde::Serialize;

use super::super::page::Page;
use super::super::screen::Screen;
use super::check::LogVerdict;
use super::made::records;
use crate::hash::Hash;

/// Two checkpoints of one log.
#[derive(Clone, Debug, Serialize)]
pub struct LogConsistencyScreen {
    origin: String,
    /// Whether the larger goes on from the smaller.
    pub verdict: LogVerdict,
    /// Whether the log has two histories.
    pub is_fork: bool,
    why: String,
    /// Records of each, the smaller first.
    pub sizes: [u64; 2],
    /// Root of each.
    pub roots: [Hash; 2],
    /// Whether there is a proof of the fork that anyone can check.
    pub has_proof: bool,
    /// Where it was written.
    pub proof_of_fork: Option<PathBuf>,
    /// Where the proof that the log goes on was written.
    pub request: Option<PathBuf>,
}

impl LogConsistencyScreen {
    /// Returns the screen of two checkpoints that nothing is known of yet.
    pub fn new(origin: String) -> Self {
        Self {
            origin,
            verdict: LogVerdict::NotEstablished,
            is_fork: false,
            why: String::new(),
            sizes: [0; 2],
            roots: [Hash::ZERO; 2],
            has_proof: false,
            proof_of_fork: None,
            request: None,
        }
    }

    /// Says what it comes to, and why.
    pub fn conclude(&mut self, verdict: LogVerdict, why: String) {
        self.verdict = verdict;
        self.why = why;
    }

    /// Says that the log forked, and how that is seen.
    pub fn fork(&mut self, why: String) {
        self.is_fork = true;
        self.conclude(LogVerdict::DoesNotHold, why);
    }
}

impl Screen for LogConsistencyScreen {
    const NAME: &'static str = "log-consistency";

    fn write(&self, page: &mut Page) {
        page.heading(match (self.is_fork, self.verdict) {
            (true, _) => "The log forked",
            (false, LogVerdict::Holds) => "The log goes on",
            (false, LogVerdict::NotEstablished) => "Whether the log goes on is not established",
            (false, LogVerdict::DoesNotHold) => "A checkpoint does not hold",
        });
        page.line(2, &self.why);
        page.line(2, &format!("log: {}", self.origin));
        for (size, root) in self.sizes.iter().zip(&self.roots).filter(|(_, root)| **root != Hash::ZERO) {
            page.line(2, &format!("{}, root {root}", records(*size)));
        }
        if let Some(file) = &self.request {
            page.line(2, &format!("proof written: {}", file.display()));
        }
        match (self.is_fork, self.has_proof, &self.proof_of_fork) {
            (true, true, Some(file)) => {
                page.line(2, &format!("proof of the fork written: {}; `log check` judges it with nothing else at hand", file.display()));
            }
            (true, true, None) => page.line(2, "There is a proof that anyone can check: name a directory for it with `--proofs`."),
            (true, false, _) => page.line(
                2,
                "No proof that anyone can check comes of it here: it takes the first record of the party, and where the sizes differ the ids under the larger (`--from`).",
            ),
            (false, ..) => {}
        }
    }
}
