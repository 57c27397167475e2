//! `dispose`: material leaves for good.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that material left for good",
    after_help = "Example:\n  lodemark dispose \"TAIL-1, 90 kg\" --how waste --reason \"to licensed landfill\""
)]
pub struct Args {
    /// Lots, such as "NDPR-1" or "NDPR-1, 400 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// What became of it: waste, effluent, lost, destroyed, consumed or other
    #[arg(long, value_name = "HOW")]
    how: Option<String>,
    /// Why, or where to
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Dispose;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.inputs = each(&self.lots, parts::input)?;
        draft.how.clone_from(&self.how);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
