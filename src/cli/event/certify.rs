//! `certify`: a certificate about a party or facility.

use super::Flags;
use super::status::StatusArgs;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Certify a party or facility under a scheme",
    after_help = "Example:\n  lodemark certify \"Quartz Hill Mine\" --scheme IRMA --number C-17 --valid 2026-01-01..2028-12-31"
)]
pub struct Args {
    #[command(flatten)]
    status: StatusArgs,
    /// Mass it covers over its validity, if limited
    #[arg(long, value_name = "MASS")]
    volume: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Certify;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.status.fill(draft);
        draft.volume.clone_from(&self.volume);
        Ok(())
    }
}
