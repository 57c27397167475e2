//! `fsck`: reads and verifies everything held, and derives every index again.

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::ledger::Ledger;
use crate::report::FsckScreen;

/// Flags of `fsck`.
#[derive(clap::Args)]
#[command(
    about = "Check every record and index of the ledger, and say what is wrong",
    after_help = "Example:\n  lodemark fsck"
)]
pub struct Args {
    /// Bring indexes in line with the records; records themselves are never changed
    #[arg(long)]
    repair: bool,
}

impl Args {
    /// Checks the ledger.
    ///
    /// # Errors
    /// [`Failure`] for a ledger that cannot be opened at all.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let report = ledger.fsck(self.repair)?;
        let screen = FsckScreen::new(&report);
        context.print(&screen)?;
        Ok(if screen.clean { Exit::Done } else { Exit::Fails })
    }
}
