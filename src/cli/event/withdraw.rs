//! `withdraw`: takes back an own record.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Take back a record of your own",
    after_help = "Example:\n  lodemark withdraw dispatch:NDPR-1 --reason entry_error"
)]
pub struct Args {
    /// The record: `last`, the label of a lot it made, KIND:LABEL, or an id
    #[arg(value_name = "RECORD")]
    target: Option<String>,
    /// Why: entry_error, duplicate, not_happened or other
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Withdraw;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
