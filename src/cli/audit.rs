//! `audit`: what the evidence establishes about everything held.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::reader::ReaderArgs;
use super::verify::exit_of;
use crate::report::AuditScreen;
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
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Verifies everything.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let held = evidence::gather(context, &self.files)?;
        let today = context.today()?;
        let request = Request {
            lots: Vec::new(),
            as_of: self.reader.as_of,
            today,
            known_at: None,
            without: BTreeSet::new(),
            without_reasons: BTreeSet::new(),
        };
        let report = report(&held.examined, &request, &self.reader.read(context)?);
        let exit = exit_of(report.verdict);
        context.print(&AuditScreen::new(report, &held.examined.graph, held.known))?;
        Ok(exit)
    }
}
