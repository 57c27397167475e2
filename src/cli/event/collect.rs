//! `collect`: waste or end-of-life goods are collected for recycling.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that waste or end-of-life goods were collected for recycling",
    after_help = "Example:\n  lodemark collect --step \"R10 collect\" --supplier \"City Scrap, DE\" --receipt WS-88 --out \"EOL-1: eol_magnet, 820 kg, origin recycled.post_consumer\""
)]
pub struct Args {
    /// Lot that was collected; `origin recycled.post_consumer` if used before, `recycled.pre_consumer` if waste of making
    #[arg(long, value_name = "LOT")]
    out: Vec<String>,
    /// Stage and process, such as "R10 collect"
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// Who gave it up: name and, after a comma, the country
    #[arg(long, value_name = "NAME, PLACE")]
    supplier: Option<String>,
    /// Number of the collection receipt or waste shipment document
    #[arg(long, value_name = "NUMBER")]
    receipt: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Collect;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.steps.clone_from(&self.step);
        draft.outputs = each(&self.out, parts::lot)?;
        draft.supplier = self.supplier.as_deref().map(parts::outsider);
        draft.dealings.receipt.clone_from(&self.receipt);
        Ok(())
    }
}
