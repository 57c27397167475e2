//! `extract`: material leaves the ground.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that material left the ground",
    after_help = "Example:\n  lodemark extract --step \"P10 mine\" --out \"ORE-1: ore.bastnaesite, 120 t, TREO 6 % as REO\""
)]
pub struct Args {
    /// Lot that comes out, such as "ORE-1: ore, 120 t, TREO 6 % as REO"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// Stage and process, such as "P10 mine"
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Name of the deposit
    #[arg(long, value_name = "NAME")]
    deposit: Option<String>,
    /// Number of the licence
    #[arg(long, value_name = "NUMBER")]
    licence: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Extract;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.steps.clone_from(&self.step);
        draft.outputs = each(&self.out, parts::lot)?;
        draft.deposit.clone_from(&self.deposit);
        draft.licence.clone_from(&self.licence);
        Ok(())
    }
}
