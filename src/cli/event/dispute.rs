//! `dispute`: says that something recorded is not so.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Say that a lot, record, facility or party is not what it is said to be",
    after_help = "Example:\n  lodemark dispute lot:NDPR-1 --reason quantity --claim \"four drums came empty\""
)]
pub struct Args {
    /// What is disputed: lot:LABEL, record:RECORD, facility:NAME or party:NAME
    #[arg(value_name = "ABOUT")]
    about: Option<String>,
    /// What of it: quantity, quality, origin, identity, title, authorship or other
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// What is so instead
    #[arg(long, value_name = "TEXT")]
    claim: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Dispute;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.amend.about.clone_from(&self.about);
        draft.reason.clone_from(&self.reason);
        draft.amend.claim.clone_from(&self.claim);
        Ok(())
    }
}
