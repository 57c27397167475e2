//! `opening-stock`: stock held before the ledger began.

use super::{Flags, Place, Serials, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record stock held before the ledger began",
    after_help = "Example:\n  lodemark opening-stock --out \"OLD-1: oxide.NdPr, 800 kg\" --touch \"Nd, P10 mine, AU\""
)]
pub struct Args {
    /// Lot that comes out, such as "ORE-1: ore, 120 t, TREO 6 % as REO"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// What is declared of the past, such as "Fe, P50 blast_furnace, JP, by Acme Steel"
    #[arg(long, value_name = "TOUCH")]
    touch: Vec<String>,
    #[command(flatten)]
    serials: Serials,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::OpeningStock;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.outputs = each(&self.out, parts::lot)?;
        draft.touches = each(&self.touch, parts::touch)?;
        self.serials.fill(draft)
    }
}
