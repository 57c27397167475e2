//! `request-return`: lots in transit are asked back.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Ask for lots back that you sent and nobody has received yet",
    after_help = "Example:\n  lodemark request-return NDPR-1 --reason \"wrong drums loaded\""
)]
pub struct Args {
    /// Lots in transit from you
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// Day from which they should not be taken over; today unless given
    #[arg(long, value_name = "DAY")]
    starting: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::RequestReturn;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.dealings.lots.clone_from(&self.lots);
        draft.from.clone_from(&self.starting);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
