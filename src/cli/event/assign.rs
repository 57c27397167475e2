//! `assign`: the sender names the receiver of lots that left for one to be named later.

use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Name the receiver of lots that you sent to `later`",
    after_help = "Example:\n  lodemark assign NDPR-1 --to \"Kettle Metals\" --code K7QP-3MZD-9TXA-4WHE-2N6R"
)]
pub struct Args {
    /// Lots in transit from you to a receiver to be named
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// The receiver, or "outside: NAME, PLACE"
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    /// The claim code that the claimant showed
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Assign;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.dealings.lots.clone_from(&self.lots);
        draft.to = self.to.as_deref().map(parts::receiver);
        draft.dealings.code.clone_from(&self.code);
        Ok(())
    }
}
