//! `dispatch`: lots leave for a receiver.

use super::{Flags, Place, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that lots left for a receiver",
    after_help = "Example:\n  lodemark dispatch \"NDPR-1, 400 kg\" --to \"outside: Kettle Metals, US\" --due 2026-11-20"
)]
pub struct Args {
    /// Lots, such as "NDPR-1" or "NDPR-1, 400 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// Receiver: a known party, "later", or "outside: NAME, PLACE" for one who keeps no ledger
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    /// Who carries them: name and, after a comma, the country
    #[arg(long, value_name = "NAME")]
    carrier: Option<String>,
    /// Day by which they should have arrived
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
    /// Number of a seal put on them; of several lots, on each
    #[arg(long, value_name = "NUMBER")]
    seal: Vec<String>,
    /// Stop on the way, such as "AE-DU free_zone 2026-11-10..2026-11-12"; repeat it in order
    #[arg(long, value_name = "STOP")]
    stop: Vec<String>,
    /// Claim code for a receiver to be named later, instead of a fresh one; only its hash is recorded
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Flags for Args {
    const KIND: Kind = Kind::Dispatch;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.place.fill(draft);
        draft.inputs = each(&self.lots, parts::input)?;
        draft.to = self.to.as_deref().map(parts::receiver);
        draft.carrier = self.carrier.as_deref().map(parts::outsider);
        draft.due.clone_from(&self.due);
        draft.dealings.code.clone_from(&self.code);
        parts::seal_all(&mut draft.outputs, self.lots.len(), &self.seal, false);
        draft.tags.stops.clone_from(&self.stop);
        Ok(())
    }
}
