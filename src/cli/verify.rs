//! `verify`: what the evidence establishes about one lot.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::reader::ReaderArgs;
use crate::model::day::Day;
use crate::model::verdict::Verdict;
use crate::report::VerifyScreen;
use crate::verify::{Request, report};

/// Flags of `verify`.
#[derive(clap::Args)]
#[command(
    about = "Verify a lot: from the ledger, or straight from files that were handed over",
    after_help = "Example:\n  lodemark verify MAG-1 magnets.lode --trust trust.toml --as-of 2027-02-15"
)]
pub struct Args {
    /// Label of the lot, or its reference
    #[arg(value_name = "LOT")]
    lot: String,
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Look only at what was signed by the end of this day, as its authors claim
    #[arg(long, value_name = "DAY")]
    known_at: Option<Day>,
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Verifies the lot.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        // What is wrong with a file of the reader's own is said before the records are read.
        let reader = self.reader.read(context)?;
        let held = evidence::gather_known_at(context, &self.files, self.known_at)?;
        let lot = held.lot(&self.lot)?;
        let (as_of, known_at) = (self.reader.as_of, self.known_at);
        let request = Request { as_of, known_at, ..Request::about(lot, context.today()?) };
        let report = report(&held.examined, &request, &reader);
        let exit = exit_of(report.verdict);
        context.print(&VerifyScreen::new(report, held.known))?;
        Ok(exit)
    }
}

/// Returns the status that a verdict ends with.
pub fn exit_of(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Pass | Verdict::Waived | Verdict::NotApplicable => Exit::Done,
        Verdict::Fail => Exit::Fails,
        Verdict::Unknown | Verdict::Withheld => Exit::NotEstablished,
    }
}
