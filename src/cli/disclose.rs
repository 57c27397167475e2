//! `disclose`: the countries of each node of the magnets in a lot, and the file that a reviewer asks for.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use super::reader::ReaderArgs;
use super::verify::exit_of;
use crate::model::day::Day;
use crate::report::DiscloseScreen;
use crate::verify::{Request, disclose, report};

/// Flags of `disclose`.
#[derive(clap::Args)]
#[command(
    about = "Disclose where the magnets in a lot were mined, refined, melted and made",
    after_help = "Example:\n  lodemark disclose MAG-1\n  lodemark disclose MAG-1 --reviewer --case case.toml\n  lodemark disclose MAG-1 --csv > nodes.csv"
)]
pub struct Args {
    /// Label of the lot, or its reference
    #[arg(value_name = "LOT")]
    lot: String,
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the table of nodes as CSV
    #[arg(long, conflicts_with = "reviewer")]
    csv: bool,
    /// Print all that a reviewer files: each step and maker with its numbers, evidence, texts and scope
    #[arg(long)]
    reviewer: bool,
    /// Look only at what was signed by the end of this day, as its authors claim
    #[arg(long, value_name = "DAY")]
    known_at: Option<Day>,
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Prints the disclosure.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let reader = self.reader.read(context)?;
        let held = evidence::gather_known_at(context, &self.files, self.known_at)?;
        let lot = held.lot(&self.lot)?;
        let (as_of, known_at) = (self.reader.as_of, self.known_at);
        let request = Request { as_of, known_at, ..Request::about(lot, context.today()?) };
        let report = report(&held.examined, &request, &reader);
        let exit = exit_of(report.verdict);
        let screen =
            DiscloseScreen::new(disclose(&held.examined, &report, &reader), held.known, self.reviewer);
        match self.csv {
            true => context.print_text(&screen.csv())?,
            false => context.print(&screen)?,
        }
        Ok(exit)
    }
}
