//! `intake`: material from a supplier who keeps no ledger, on its papers.

use super::{Flags, Place, Serials, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record material taken in from a supplier who keeps no ledger",
    after_help = "Example:\n  lodemark intake --supplier \"Acme Steel, JP\" --out \"FE-1: metal.Fe, 6 t\" --touch \"Fe, P50 blast_furnace, JP\""
)]
pub struct Args {
    /// Lot that comes out, such as "ORE-1: ore, 120 t, TREO 6 % as REO"
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// Who supplied it: name and, after a comma, the country
    #[arg(long, value_name = "NAME, PLACE")]
    supplier: Option<String>,
    /// What is declared of the past, such as "Fe, P50 blast_furnace, JP, by Acme Steel"
    #[arg(long, value_name = "TOUCH")]
    touch: Vec<String>,
    #[command(flatten)]
    serials: Serials,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Intake;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.outputs = each(&self.out, parts::lot)?;
        draft.supplier = self.supplier.as_deref().map(parts::outsider);
        draft.touches = each(&self.touch, parts::touch)?;
        self.serials.fill(draft)
    }
}
