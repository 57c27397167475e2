//! `retire-claim`: a claim is used up for somebody, once.

use super::claims::AccountArgs;
use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Use up a claim of a mass-balance account, once",
    after_help = "Example:\n  lodemark retire-claim RC-2026-7 --mass \"12 kg\" --facility Works --scheme \"ISO 22095\" --characteristic recycled.post_consumer --of Nd --lot MAG-42 --to \"Isar Motors\""
)]
pub struct Args {
    /// Serial number of the claim
    #[arg(value_name = "SERIAL")]
    serial: Option<String>,
    #[command(flatten)]
    account: AccountArgs,
    /// Mass of the elements claimed
    #[arg(long, value_name = "MASS")]
    mass: Option<String>,
    /// Day on which it is used; today unless given
    #[arg(long, value_name = "DAY")]
    on: Option<String>,
    /// When what is claimed was made
    #[arg(long, value_name = "PERIOD")]
    vintage: Option<String>,
    /// The lot it is given with
    #[arg(long, value_name = "LOT")]
    lot: Option<String>,
    /// For whom: a party, or "outside: NAME, PLACE"
    #[arg(long, value_name = "WHOM")]
    to: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::RetireClaim;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.account.fill(draft);
        draft.claims.serial.clone_from(&self.serial);
        draft.claims.mass.clone_from(&self.mass);
        draft.claims.vintage.clone_from(&self.vintage);
        draft.on.clone_from(&self.on);
        draft.lot.clone_from(&self.lot);
        draft.to = self.to.as_deref().map(parts::receiver);
        Ok(())
    }
}
