//! `appoint`: a tie to another party.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Declare a tie to another party: a desk, a parent, a subsidiary, an agent, an affiliate",
    after_help = "Example:\n  lodemark appoint \"Goma Holding\" --as parent --share \"60 %\" --valid 2026-01-01..2030-12-31"
)]
pub struct Args {
    /// The other party
    #[arg(value_name = "PARTY")]
    party: Option<String>,
    /// What it is to you: desk, parent, subsidiary, agent or affiliate
    #[arg(long = "as", value_name = "TIE")]
    tie: Option<String>,
    /// Part of the capital held
    #[arg(long, value_name = "SHARE")]
    share: Option<String>,
    /// First and last day
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Appoint;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.claims.party.clone_from(&self.party);
        draft.claims.tie.clone_from(&self.tie);
        draft.claims.share.clone_from(&self.share);
        draft.valid.clone_from(&self.valid);
        Ok(())
    }
}
