//! `resolve`: ends a dispute.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "End a dispute: your own, or as an authority",
    after_help = "Example:\n  lodemark resolve 5f0c21aa90b3c4d1 --outcome settled --terms \"credit note 12\""
)]
pub struct Args {
    /// The dispute: `last` or its id
    #[arg(value_name = "RECORD")]
    target: Option<String>,
    /// How it ended: settled, withdrawn, rejected, or upheld by an authority
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// On what terms
    #[arg(long, value_name = "TEXT")]
    terms: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Resolve;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.target.clone_from(&self.target);
        draft.amend.outcome.clone_from(&self.outcome);
        draft.amend.terms.clone_from(&self.terms);
        Ok(())
    }
}
