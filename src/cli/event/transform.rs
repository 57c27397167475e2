//! `transform`: material changes.

use super::{Flags, Place, Serials, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that material changed: separated, melted, sintered",
    after_help = "Example:\n  lodemark transform --step \"P60 strip_cast\" --mixing homogenised --in ND-1 --in FE-1 --in FEB-1 \\\n      --out \"ALLOY-1: alloy.NdFeB, 9.9 t\" --loss \"slag, 90 kg, measured\""
)]
pub struct Args {
    /// Stage and process, in order, such as "P60 strip_cast"
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Whether the inputs became one pool: homogenised, discrete or sequential
    #[arg(long, value_name = "HOW")]
    mixing: Option<String>,
    /// Lot that goes in, such as "ORE-1" or "ORE-1, 40 t"; without a mass it is all that is left
    #[arg(long = "in", value_name = "LOT")]
    inputs: Vec<String>,
    /// Material that joined without having been a lot, such as "binder.epoxy, 3 kg"
    #[arg(long, value_name = "ADDITION")]
    add: Vec<String>,
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
    const KIND: Kind = Kind::Transform;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.steps.clone_from(&self.step);
        draft.mixing.clone_from(&self.mixing);
        draft.inputs = each(&self.inputs, parts::input)?;
        draft.additions = each(&self.add, parts::addition)?;
        draft.outputs = each(&self.out, parts::lot)?;
        draft.losses = each(&self.loss, parts::loss)?;
        self.serials.fill(draft)
    }
}
