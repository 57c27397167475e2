//! `draw`: lots come out of a circuit that never stops.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record what came out of a circuit or tank farm that never stops",
    after_help = "Example:\n  lodemark draw SX --step \"P40 extract_solvent\" --step \"P40 calcine\" --out \"NDPR-1: oxide.NdPr, 2 t\""
)]
pub struct Args {
    /// Circuit, by the name that the facility declares
    #[arg(value_name = "CIRCUIT")]
    circuit: Option<String>,
    /// Stage and process passed inside, in order, such as "P40 extract_solvent"
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Lot that comes out, such as "NDPR-1: oxide.NdPr, 2 t, owner narva"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Draw;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.accounts.circuit.clone_from(&self.circuit);
        draft.steps.clone_from(&self.step);
        draft.outputs = each(&self.out, parts::lot)?;
        Ok(())
    }
}
