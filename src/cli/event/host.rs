//! `host`: another party may work or store in a facility of one's own.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Let another party work or store in a facility of yours",
    after_help = "Example:\n  lodemark host \"Gulf works\" --guest \"Mulga Mine\" --purpose tolling --stage P40 --valid 2026-01-01..2026-12-31"
)]
pub struct Args {
    /// Your facility, by name
    #[arg(value_name = "FACILITY")]
    facility: Option<String>,
    /// Who may work there
    #[arg(long, value_name = "PARTY")]
    guest: Option<String>,
    /// What for: tolling (you work its material), tenancy (it works there itself), warehouse or other
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Stage that the guest may do; none: storing, packing, sending and receiving only
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
    /// First and last day
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Host;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.dealings.guest.clone_from(&self.guest);
        draft.facility.clone_from(&self.facility);
        draft.purpose.clone_from(&self.purpose);
        draft.stages.clone_from(&self.stage);
        draft.valid.clone_from(&self.valid);
        Ok(())
    }
}
