//! `disclose`: the countries of each node of the magnets in a lot, and the file that a reviewer asks for.

use super::asked::{Answered, AskedArgs};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::verify::exit_of;
use crate::report::DiscloseScreen;
use crate::verify::disclose;

/// Flags of `disclose`.
#[derive(clap::Args)]
#[command(
    about = "Disclose where the magnets in a lot were mined, refined, melted and made",
    after_help = "Example:\n  lodemark disclose MAG-1\n  lodemark disclose MAG-1 --reviewer --case case.toml\n  lodemark disclose MAG-1 --csv > nodes.csv"
)]
pub struct Args {
    /// Print the table of nodes as CSV
    #[arg(long, conflicts_with = "reviewer")]
    csv: bool,
    /// Print all that a reviewer files: each step and maker with its numbers, evidence, texts and scope
    #[arg(long)]
    reviewer: bool,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Args {
    /// Prints the disclosure.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let Answered { reader, held, report } = self.asked.answer(context)?;
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
