//! `audit`: what the evidence establishes about everything held.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::verify::exit_of;
use crate::model::day::Day;
use crate::report::VerifyScreen;
use crate::verify::{Request, report};

/// Flags of `audit`.
#[derive(clap::Args)]
#[command(
    about = "Verify everything in the ledger, or in files that were handed over",
    after_help = "Example:\n  lodemark audit\n  lodemark audit magnets.lode"
)]
pub struct Args {
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Day to judge for; today unless given
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

impl Args {
    /// Verifies everything.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let held = evidence::gather(context, &self.files)?;
        let today = context.today()?;
        let request = Request { lots: Vec::new(), as_of: self.as_of, today, without: BTreeSet::new() };
        let report = report(&held.examined, &request);
        let exit = exit_of(report.verdict);
        context.print(&VerifyScreen::new(report, held.known))?;
        Ok(exit)
    }
}
