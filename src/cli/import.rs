//! `import`: takes in what others handed over, after verifying all of it.

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::{file, naming};
use crate::ledger::Ledger;
use crate::report::ImportScreen;

/// Flags of `import`.
#[derive(clap::Args)]
#[command(
    about = "Take in files that others handed over, after verifying all of it",
    after_help = "Example:\n  lodemark import ndpr-1.lode"
)]
pub struct Args {
    /// Export files and capsules
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl Args {
    /// Takes in the files, one after the other.
    ///
    /// # Errors
    /// [`Failure`] for the first file that does not hold; nothing of that file is then stored.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let mut reports = Vec::new();
        let progress = context.progress("files", self.files.len() as u64);
        for path in &self.files {
            let bytes = file::bytes(path)?;
            let name = path.display().to_string();
            let report = ledger.import(&bytes, &name).map_err(|error| {
                let failure = Failure::from(error);
                Failure { error: format!("`{name}`: {}", failure.error), ..failure }
            })?;
            reports.push((name, report));
            progress.inc(1);
        }
        progress.finish_and_clear();
        let known = naming::known(&ledger, [])?;
        context.print(&ImportScreen::new(&reports, &known))?;
        Ok(Exit::Done)
    }
}
