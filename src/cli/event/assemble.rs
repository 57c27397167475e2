//! `assemble`: parts are put together and keep their identity.

use super::{Flags, Place, Serials, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that parts were put together: magnets into a rotor",
    after_help = "Example:\n  lodemark assemble --in \"MAG-7, 16 pieces\" --in SHAFT-3 --out \"ROT-1: component.rotor, 9.2 kg, 1 piece\" \\\n      --add \"binder.epoxy, 40 g\""
)]
pub struct Args {
    /// Stage and process; `P90 assemble` unless given
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Lot that goes in, such as "MAG-7, 16 pieces" or "SHAFT-3"; without a mass it is all that is left
    #[arg(long = "in", value_name = "LOT")]
    inputs: Vec<String>,
    /// What of an input went into which assembly, such as "MAG-7, 16 pieces, into ROT-1"; of a single assembly everything is a part
    #[arg(long, value_name = "PART")]
    part: Vec<String>,
    /// Material that joined without having been a lot, such as "binder.epoxy, 40 g"
    #[arg(long, value_name = "ADDITION")]
    add: Vec<String>,
    /// Assembly, such as "ROT-1: component.rotor, 9.2 kg, 1 piece"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    #[command(flatten)]
    serials: Serials,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Assemble;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.steps.clone_from(&self.step);
        draft.inputs = each(&self.inputs, parts::input)?;
        draft.things.parts = each(&self.part, parts::part)?;
        draft.additions = each(&self.add, parts::addition)?;
        draft.outputs = each(&self.out, parts::lot)?;
        self.serials.fill(draft)
    }
}
