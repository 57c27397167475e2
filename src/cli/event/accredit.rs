//! `accredit`: an authority lets a party act in a role.

use super::status::StatusArgs;
use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Accredit a party for a role, as an authority",
    after_help = "Example:\n  lodemark accredit \"Quartz Hill Mine\" --facility \"Quartz Hill\" --role miner --scheme \"Mining Act\" --valid 2024-01-01..2029-12-31"
)]
pub struct Args {
    #[command(flatten)]
    status: StatusArgs,
    /// Role, such as miner or separator
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The most that may be won or made, such as "2500 t per year"
    #[arg(long, value_name = "MASS per SPAN")]
    limit: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Accredit;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.status.fill(draft);
        draft.role.clone_from(&self.role);
        draft.title.limit = self.limit.as_deref().map(parts::limit).transpose()?;
        Ok(())
    }
}
