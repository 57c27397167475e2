//! `acknowledge`: takes note of what another party said later.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Take note of another party's correction or withdrawal, and stand by your own records",
    after_help = "Example:\n  lodemark acknowledge 5f0c21aa90b3c4d1"
)]
pub struct Args {
    /// The correction, withdrawal or other record, by its id
    #[arg(value_name = "RECORD")]
    target: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Acknowledge;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        Ok(())
    }
}
