//! A log as a folder: what was written, and what was read back.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::page::Page;
use super::super::screen::Screen;
use super::check::LogVerdict;
use super::made::records;
use crate::hash::{Hash, RecordId};
use crate::log::policy::Accepted;

/// A log that was published.
#[derive(Clone, Debug, Serialize)]
pub struct LogPublishScreen {
    /// The folder.
    pub dir: PathBuf,
    /// The log.
    pub origin: String,
    /// Records in it.
    pub size: u64,
    /// Root of the log.
    pub root: Hash,
    /// Records published there before.
    pub before: Option<u64>,
    /// Tiles written.
    pub written: u64,
    /// Tiles that were there.
    pub kept: u64,
}

impl Screen for LogPublishScreen {
    const NAME: &'static str = "log-publish";

    fn write(&self, page: &mut Page) {
        page.line(0, &format!("Published {} in {}.", records(self.size), self.dir.display()));
        let before = match self.before {
            Some(before) if before == self.size => "nothing new since the last time".to_owned(),
            Some(before) => format!("{} before", records(before)),
            None => "for the first time".to_owned(),
        };
        page.line(2, &format!("{before}; tiles written: {}, there already: {}", self.written, self.kept));
        page.line(2, &format!("root: {}", self.root));
    }
}

/// A published log that was read back.
#[derive(Clone, Debug, Serialize)]
pub struct LogPullScreen {
    dir: PathBuf,
    /// Whether it holds.
    pub verdict: LogVerdict,
    origin: Option<String>,
    size: Option<u64>,
    root: Option<Hash>,
    /// Records of it that are held here.
    pub held: u64,
    /// Records of this log that are held here and come after it.
    pub beyond: u64,
    /// Where it has another record than is held.
    pub differs: Option<LogDiffers>,
    why: Option<String>,
}

/// A place at which a log has another record than is held.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LogDiffers {
    /// The index.
    pub index: u64,
    /// The record in the log.
    pub published: RecordId,
    /// The record held.
    pub held: RecordId,
}

impl LogPullScreen {
    /// Returns the screen of a folder that nothing is known of yet.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            verdict: LogVerdict::NotEstablished,
            origin: None,
            size: None,
            root: None,
            held: 0,
            beyond: 0,
            differs: None,
            why: None,
        }
    }

    /// Takes up its checkpoint, which is believed.
    pub fn accept(&mut self, accepted: &Accepted) {
        self.verdict = LogVerdict::Holds;
        self.origin = Some(accepted.checkpoint.origin().to_owned());
        self.size = Some(accepted.checkpoint.size());
        self.root = Some(*accepted.checkpoint.root());
    }

    /// Says why it does not hold, or is not established.
    pub fn refuse(&mut self, verdict: LogVerdict, why: String) {
        self.verdict = verdict;
        self.why = Some(why);
    }
}

impl Screen for LogPullScreen {
    const NAME: &'static str = "log-pull";

    fn write(&self, page: &mut Page) {
        let verdict = match self.verdict {
            LogVerdict::Holds => "it holds",
            LogVerdict::NotEstablished => "not established",
            LogVerdict::DoesNotHold => "it does not hold",
        };
        page.heading(&format!("Log in {}: {verdict}", self.dir.display()));
        if let Some(why) = &self.why {
            page.line(2, why);
        }
        if let Some(differs) = &self.differs {
            page.line(4, &format!("in the log: {}", differs.published));
            page.line(4, &format!("held here:  {}", differs.held));
            page.line(2, "Keep both. With an earlier checkpoint of this log, `log consistency --from` writes a proof that anyone can check.");
        }
        if let Some(origin) = &self.origin {
            page.line(2, &format!("log: {origin}"));
        }
        if let (Some(size), Some(root)) = (self.size, &self.root) {
            page.line(2, &format!("{}, root {root}", records(size)));
            page.line(2, &format!("held here: {} of them, and {} that come after", self.held, self.beyond));
        }
    }
}
