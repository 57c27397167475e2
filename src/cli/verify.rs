//! `verify`: what the evidence establishes about one lot.

use super::asked::{Answered, AskedArgs};
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::model::verdict::Verdict;
use crate::report::VerifyScreen;

/// Flags of `verify`.
#[derive(clap::Args)]
#[command(
    about = "Verify a lot: from the ledger, or straight from files that were handed over",
    after_help = "Example:\n  lodemark verify MAG-1 magnets.lode --trust trust.toml --as-of 2027-02-15"
)]
pub struct Args {
    #[command(flatten)]
    asked: AskedArgs,
}

impl Args {
    /// Verifies the lot.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let Answered { held, report, .. } = self.asked.answer(context)?;
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
