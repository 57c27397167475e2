//! `disassemble`: a thing is taken apart, and its parts are those that went in.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that a thing was taken apart, and which parts came out",
    after_help = "Example:\n  lodemark disassemble --in ROT-1 --out \"MAG-7R: magnet.NdFeB.sintered, 2 kg, 16 pieces\" --out \"SHAFT-3R: component.shaft, 7.2 kg\" \\\n      --recovered \"MAG-7R was MAG-7\" --recovered \"SHAFT-3R was SHAFT-3\""
)]
pub struct Args {
    /// Stage and process; `R20 dismantle` unless given
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Thing that is taken apart, such as "ROT-1" or "MOTORS-4, 2 pieces"
    #[arg(long = "in", value_name = "LOT")]
    inputs: Vec<String>,
    /// Lot that comes out, such as "MAG-7R: magnet.NdFeB.sintered, 2 kg, 16 pieces"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// Which part a lot that came out had been, such as "MAG-7R was MAG-7"
    #[arg(long, value_name = "PART")]
    recovered: Vec<String>,
    /// Mass that left without becoming a lot, such as "glue, 40 g, estimated"
    #[arg(long, value_name = "LOSS")]
    loss: Vec<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Disassemble;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.steps.clone_from(&self.step);
        draft.inputs = each(&self.inputs, parts::input)?;
        draft.outputs = each(&self.out, parts::lot)?;
        draft.things.recovered = each(&self.recovered, parts::recovered)?;
        draft.losses = each(&self.loss, parts::loss)?;
        Ok(())
    }
}
