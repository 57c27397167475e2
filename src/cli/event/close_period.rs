//! `close-period`: a period of a circuit is closed with what was measured to be in it.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Close a period of a circuit with the stock that was measured in it",
    after_help = "Example:\n  lodemark close-period SX --on 2026-05-01..2026-05-31 --closing \"41 t, ± 2 %, Nd 3 %\"\n\nThe close before, its stock, and the charges and draws of the period are filled in unless given."
)]
pub struct Args {
    /// Circuit, by the name that the facility declares
    #[arg(value_name = "CIRCUIT")]
    circuit: Option<String>,
    /// Stock when the period began: "empty", or "41 t, ± 2 %, Nd 3 %"; that of the close before unless given
    #[arg(long, value_name = "STOCK")]
    opening: Option<String>,
    /// Stock when the period ended
    #[arg(long, value_name = "STOCK")]
    closing: Option<String>,
    /// Mass that left without becoming a lot, such as "raffinate, 12 kg, measured"
    #[arg(long, value_name = "LOSS")]
    loss: Vec<String>,
    /// Record of the close before, or "none"; the last one unless given
    #[arg(long, value_name = "RECORD")]
    previous: Option<String>,
    /// Record of a charge or draw that is counted; all of the period unless given
    #[arg(long, value_name = "RECORD")]
    covers: Vec<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::ClosePeriod;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.losses = each(&self.loss, parts::loss)?;
        let accounts = &mut draft.accounts;
        accounts.circuit.clone_from(&self.circuit);
        accounts.opening = self.opening.as_deref().map(|text| parts::stock("--opening", text)).transpose()?;
        accounts.closing = self.closing.as_deref().map(|text| parts::stock("--closing", text)).transpose()?;
        accounts.previous.clone_from(&self.previous);
        accounts.covers = (!self.covers.is_empty()).then(|| self.covers.clone());
        Ok(())
    }
}
