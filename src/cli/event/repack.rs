//! `repack`: only the parcels change.

use super::{Flags, Place, Serials, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that only the parcels changed: split, blended, packed",
    after_help = "Example:\n  lodemark repack --mixing discrete --in NDPR-1 --out \"BAG-1: oxide.NdPr, 400 kg\" --out \"BAG-2: oxide.NdPr, 850 kg\""
)]
pub struct Args {
    /// Whether the inputs were blended into one pool: homogenised, discrete or sequential
    #[arg(long, value_name = "HOW")]
    mixing: Option<String>,
    /// Lot that goes in, such as "ORE-1" or "ORE-1, 40 t"; without a mass it is all that is left
    #[arg(long = "in", value_name = "LOT")]
    inputs: Vec<String>,
    /// Lot that comes out, such as "ORE-1: ore, 120 t, TREO 6 % as REO"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// Mass that left without becoming a lot, such as "slag, 12 kg, measured"
    #[arg(long, value_name = "LOSS")]
    loss: Vec<String>,
    #[command(flatten)]
    serials: Serials,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Repack;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.mixing.clone_from(&self.mixing);
        draft.inputs = each(&self.inputs, parts::input)?;
        draft.outputs = each(&self.out, parts::lot)?;
        draft.losses = each(&self.loss, parts::loss)?;
        self.serials.fill(draft)
    }
}
