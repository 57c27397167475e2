//! `charge`: lots go into a circuit that never stops.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record what went into a circuit or tank farm that never stops",
    after_help = "Example:\n  lodemark charge SX --in CARB-7 --in \"CARB-8, 12 t\" --on 2026-05-04"
)]
pub struct Args {
    /// Circuit, by the name that the facility declares
    #[arg(value_name = "CIRCUIT")]
    circuit: Option<String>,
    /// Lot that goes in, such as "CARB-7" or "CARB-7, 12 t"; without a mass it is all that is left
    #[arg(long = "in", value_name = "LOT")]
    inputs: Vec<String>,
    /// Material that joined without having been a lot, such as "chemical, 3 t"
    #[arg(long, value_name = "ADDITION")]
    add: Vec<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Charge;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.accounts.circuit.clone_from(&self.circuit);
        draft.inputs = each(&self.inputs, parts::input)?;
        draft.additions = each(&self.add, parts::addition)?;
        Ok(())
    }
}
