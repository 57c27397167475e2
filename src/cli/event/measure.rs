//! `measure`: the holder weighs, counts or assays again.

use super::{Flags, Place, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record your own re-weighing, count or assay of a lot you hold",
    after_help = "Example:\n  lodemark measure NDPR-1 --is \"849.2 kg, moisture 0.2 %\""
)]
pub struct Args {
    /// The lot
    #[arg(value_name = "LOT")]
    lot: Option<String>,
    /// What was found, such as "849.2 kg, Nd 63 % as Nd2O3"
    #[arg(long = "is", value_name = "FOUND")]
    found: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Measure;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.lot.clone_from(&self.lot);
        draft.measured = self.found.as_deref().map(parts::lot).transpose()?.unwrap_or_default();
        Ok(())
    }
}
