//! `release`: lots in transit that never came, or were not claimed, are given back.

use super::{Flags, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Give lots in transit to you back to their sender: they never came, or you do not claim them",
    after_help = "Example:\n  lodemark release NDPR-1 --reason never_came"
)]
pub struct Args {
    /// Lots, such as "NDPR-1" or "NDPR-1, 400 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// Why: never_came, not_claimed or other
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// Day on which that was clear; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Release;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.inputs = each(&self.lots, parts::input)?;
        draft.reason.clone_from(&self.reason);
        draft.on.clone_from(&self.on);
        Ok(())
    }
}
