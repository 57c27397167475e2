//! `close-account`: a period of a mass-balance claim account is closed.

use super::claims::{self, AccountArgs};
use super::{Flags, each};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Close a period of a mass-balance claim account: credits in, and what is left",
    after_help = "Example:\n  lodemark close-account --facility Works --scheme \"ISO 22095\" --characteristic recycled.post_consumer --of Nd --on 2026-01-01..2026-03-31 --credit \"800 kg, on 2026-02-03, lot SCRAP-7\" --factor \"95 %\" --closing \"760 kg\""
)]
pub struct Args {
    #[command(flatten)]
    account: AccountArgs,
    /// First and last day
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
    /// Record that closed the period before
    #[arg(long, value_name = "RECORD")]
    previous: Option<String>,
    /// What part of a credit may be claimed after processing; all of it unless given
    #[arg(long, value_name = "SHARE")]
    factor: Option<String>,
    /// What could be claimed when it began, such as "40 kg, on 2025-12-31, expires 2026-03-31"
    #[arg(long, value_name = "CREDIT")]
    opening: Vec<String>,
    /// A credit that came in, such as "800 kg, on 2026-02-03, lot SCRAP-7"
    #[arg(long, value_name = "CREDIT")]
    credit: Vec<String>,
    /// What may still be claimed on the day after the period
    #[arg(long, value_name = "MASS")]
    closing: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::CloseAccount;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.account.fill(draft);
        draft.on.clone_from(&self.on);
        draft.claims.previous.clone_from(&self.previous);
        draft.claims.factor.clone_from(&self.factor);
        draft.claims.opening = each(&self.opening, claims::credit)?;
        draft.claims.credits = each(&self.credit, claims::credit)?;
        draft.claims.closing.clone_from(&self.closing);
        Ok(())
    }
}
