//! `witness`: states which logs of others were seen to go on.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "State the newest checkpoints held of others' logs, in the own chain",
    after_help = "Examples:\n  lodemark witness\n  lodemark witness --of sillamae\n\nOnly a log that is shown to go on from what was stated of it before is stated. A checkpoint comes with a capsule or a pulled log."
)]
pub struct Args {
    /// Party whose log is meant; repeat it for more. All others unless given
    #[arg(long, value_name = "PARTY")]
    of: Vec<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Witness;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.vouch.of.clone_from(&self.of);
        Ok(())
    }
}
