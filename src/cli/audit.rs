//! `audit`: what the evidence establishes about everything held.

use std::collections::BTreeSet;

use super::asked::FilesArgs;
use super::context::Context;
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
    #[command(flatten)]
    files: FilesArgs,
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Verifies everything.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let reader = self.reader.read(context)?;
        let held = self.files.gather(context)?;
        let today = context.today()?;
        let request = Request {
            lots: Vec::new(),
            as_of: self.reader.as_of,
            today,
            known_at: None,
            without: BTreeSet::new(),
            without_reasons: BTreeSet::new(),
        };
        let report = report(&held.examined, &request, &reader);
        let exit = exit_of(report.verdict);
        context.print(&AuditScreen::new(report, &held.examined.graph, held.known))?;
        Ok(exit)
    }
}
