//! `withdraw-accreditation`: an accreditation ends.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "End an accreditation that you gave",
    after_help = "Example:\n  lodemark withdraw-accreditation 5f0c21aa90b3c4d1 --starting 2026-12-01 --reason \"licence lapsed\""
)]
pub struct Args {
    /// The record that gave it
    #[arg(value_name = "RECORD")]
    target: Option<String>,
    /// First day without it
    #[arg(long, value_name = "DAY")]
    starting: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::WithdrawAccreditation;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        draft.from.clone_from(&self.starting);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
