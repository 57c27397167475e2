//! `end-host`: a guest no longer works in a facility of one's own.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "End what a `host` of yours allows",
    after_help = "Example:\n  lodemark end-host \"Gulf works\" --guest \"Mulga Mine\" --starting 2026-07-01"
)]
pub struct Args {
    /// Your facility, by name; may be left out where the guest has one stay
    #[arg(value_name = "FACILITY")]
    facility: Option<String>,
    /// The guest, by name
    #[arg(long, value_name = "PARTY")]
    guest: Option<String>,
    /// The `host` record, where a guest has several stays at one facility
    #[arg(long, value_name = "RECORD")]
    record: Option<String>,
    /// First day without it; an end counts from the day it is recorded at the earliest
    #[arg(long, value_name = "DAY")]
    starting: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::EndHost;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.record);
        draft.dealings.guest.clone_from(&self.guest);
        draft.facility.clone_from(&self.facility);
        draft.from.clone_from(&self.starting);
        draft.reason.clone_from(&self.reason);
        Ok(())
    }
}
