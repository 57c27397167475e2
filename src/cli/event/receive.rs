//! `receive`: lots in transit are taken over.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that lots in transit arrived, by your own scale",
    after_help = "Example:\n  lodemark receive NDPR-1 --mass \"399.6 kg\""
)]
pub struct Args {
    /// Lots, such as "NDPR-1" or "NDPR-1, 400 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// What arrived, in the order of the lots: "1249 kg", or "NEW-LABEL: 1249 kg", or "as dispatched"
    #[arg(long = "out", visible_alias = "mass", value_name = "WEIGHED")]
    out: Vec<String>,
    /// Number of a seal found whole on them; of several lots, on each
    #[arg(long, value_name = "NUMBER")]
    seal: Vec<String>,
    /// There was no seal on them
    #[arg(long, conflicts_with = "seal")]
    no_seal: bool,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Receive;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.inputs = each(&self.lots, parts::input)?;
        draft.outputs = each(&self.out, parts::arrived)?;
        parts::seal_all(&mut draft.outputs, self.lots.len(), &self.seal, self.no_seal);
        Ok(())
    }
}
