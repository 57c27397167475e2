//! `refuse`: lots in transit go back to their sender.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that lots in transit go back to their sender",
    after_help = "Example:\n  lodemark refuse NDPR-1 --reason \"two drums burst\""
)]
pub struct Args {
    /// Lots, such as "NDPR-1" or "NDPR-1, 400 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The party that dispatched them, if not the lots' sender
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Refuse;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.inputs = each(&self.lots, parts::input)?;
        draft.to = self.to.as_deref().map(parts::receiver);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
