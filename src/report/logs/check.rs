//! A checkpoint or proof that was judged.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::page::Page;
use super::super::screen::Screen;
use super::made::records;
use crate::hash::Hash;
use crate::log::policy::Accepted;
use crate::model::time::Timestamp;

/// Whether something shown of a log holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogVerdict {
    /// It does.
    Holds,
    /// Nothing wrong was found, and something that it takes is missing.
    NotEstablished,
    /// It does not.
    DoesNotHold,
}

/// What was judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogWhat {
    /// A checkpoint.
    Checkpoint,
    /// A proof that a record stands in a log.
    Inclusion,
    /// A proof that a log forked.
    Fork,
}

/// Something shown of a log, judged.
#[derive(Clone, Debug, Serialize)]
pub struct LogCheckScreen {
    file: PathBuf,
    what: LogWhat,
    /// Whether it holds.
    pub verdict: LogVerdict,
    /// The log.
    pub origin: Option<String>,
    /// Records that the checkpoint covers.
    pub size: Option<u64>,
    /// Root of the log.
    pub root: Option<Hash>,
    /// Index of the record.
    pub index: Option<u64>,
    witnesses: Vec<SeenBy>,
    /// Whether the records held make this root; none where not all of them are held.
    pub is_held: Option<bool>,
    /// What is shown, or why nothing is.
    pub why: Option<String>,
}

/// A witness that saw a checkpoint.
#[derive(Clone, Debug, Serialize)]
pub struct SeenBy {
    name: String,
    time: String,
}

impl LogCheckScreen {
    /// Returns the screen of a file that nothing is known of yet.
    pub fn new(file: &Path, what: LogWhat) -> Self {
        Self {
            file: file.to_owned(),
            what,
            verdict: LogVerdict::NotEstablished,
            origin: None,
            size: None,
            root: None,
            index: None,
            witnesses: Vec::new(),
            is_held: None,
            why: None,
        }
    }

    /// Takes up a checkpoint that is believed.
    pub fn accept(&mut self, accepted: &Accepted) {
        self.verdict = LogVerdict::Holds;
        self.origin = Some(accepted.checkpoint.origin().to_owned());
        self.size = Some(accepted.checkpoint.size());
        self.root = Some(*accepted.checkpoint.root());
        self.witnesses = accepted
            .witnesses
            .iter()
            .map(|one| SeenBy { name: one.name.clone(), time: when(one.time) })
            .collect();
    }

    /// Says why it does not hold, or is not established.
    pub fn refuse(&mut self, verdict: LogVerdict, why: String) {
        self.verdict = verdict;
        self.why = Some(why);
    }
}

impl Screen for LogCheckScreen {
    const NAME: &'static str = "log-check";

    fn write(&self, page: &mut Page) {
        let what = match self.what {
            LogWhat::Checkpoint => "Checkpoint",
            LogWhat::Inclusion => "Proof that a record stands in a log",
            LogWhat::Fork => "Proof that a log forked",
        };
        let verdict = match self.verdict {
            LogVerdict::Holds => "it holds",
            LogVerdict::NotEstablished => "not established",
            LogVerdict::DoesNotHold => "it does not hold",
        };
        page.heading(&format!("{what}: {verdict}"));
        if let Some(why) = &self.why {
            page.line(2, why);
        }
        if let Some(origin) = &self.origin {
            page.line(2, &format!("log: {origin}"));
        }
        if let (Some(size), Some(root)) = (self.size, &self.root) {
            page.line(2, &format!("{}, root {root}", records(size)));
        }
        if let Some(index) = self.index {
            page.line(2, &format!("index: {index}"));
        }
        for witness in &self.witnesses {
            page.line(2, &format!("seen by {} at {}", witness.name, witness.time));
        }
        if self.is_held == Some(true) {
            page.line(2, "the records held here make this root");
        }
    }
}

/// Returns seconds since 1970 as a time, or as a number where no time is so late.
pub fn when(seconds: u64) -> String {
    let time = seconds.checked_mul(1000).and_then(|ms| Timestamp::from_ms(ms).ok());
    time.map_or_else(|| format!("{seconds} s"), |time| time.to_string())
}
