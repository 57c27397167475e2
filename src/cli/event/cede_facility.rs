//! `cede-facility`: a facility is given up to another operator.

use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Give a facility of your own up to another operator",
    after_help = "Example:\n  lodemark cede-facility \"Quartz Hill\" --to \"Harbour Minerals\" --starting 2026-12-01\nThe new operator declares it anew:\n  lodemark facility declare \"Quartz Hill\" --place AU-WA --stage P10 --succeeds 5f0c21aa90b3c4d1"
)]
pub struct Args {
    /// The facility, by name
    #[arg(value_name = "FACILITY")]
    facility: Option<String>,
    /// Who takes it over: a known party, or "outside: NAME, PLACE"
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    /// First day under the new operator
    #[arg(long, value_name = "DAY")]
    starting: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::CedeFacility;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.facility.clone_from(&self.facility);
        draft.to = self.to.as_deref().map(parts::receiver);
        draft.from.clone_from(&self.starting);
        Ok(())
    }
}
