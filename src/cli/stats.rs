//! `stats`: counts of what a ledger holds.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::Ledger;
use crate::report::StatsScreen;

/// Flags of `stats`.
#[derive(clap::Args)]
#[command(about = "Count what the ledger holds", after_help = "Example:\n  lodemark stats")]
pub struct Args {}

impl Args {
    /// Counts.
    ///
    /// # Errors
    /// [`Failure`] for a ledger that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let stats = ledger.stats()?;
        let known = naming::known(&ledger, [])?;
        context.print(&StatsScreen::new(&stats, &known))?;
        Ok(Exit::Done)
    }
}
