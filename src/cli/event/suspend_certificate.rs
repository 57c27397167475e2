//! `suspend-certificate`: a certificate is suspended.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Suspend a certificate that you gave",
    after_help = "Example:\n  lodemark suspend-certificate 5f0c21aa90b3c4d1 --starting 2026-12-01 --until 2027-03-01"
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
    /// Last day without it, where it comes back
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::SuspendCertificate;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        draft.from.clone_from(&self.starting);
        draft.reason.clone_from(&self.reason);

        draft.until.clone_from(&self.until);
        Ok(())
    }
}
