//! `verify`: what the evidence establishes about one lot.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::reader::ReaderArgs;
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
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Verifies the lot.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let held = evidence::gather(context, &self.files)?;
        let lot = held.lot(&self.lot)?;
        let request = Request { as_of: self.reader.as_of, ..Request::about(lot, context.today()?) };
        let report = report(&held.examined, &request, &self.reader.read(context)?);
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
