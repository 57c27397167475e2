//! `inspect`: somebody went and looked at a lot, a facility or a party.

use super::{Flags, file, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record what you found when you went and looked",
    after_help = "Example:\n  lodemark inspect lot:W1 --outcome contradicted --is \"4100 kg\" --summary \"stones in the bags\""
)]
pub struct Args {
    /// What was looked at: lot:NAME, facility:NAME, party:NAME or record:ID
    #[arg(value_name = "WHAT")]
    about: Option<String>,
    /// What was found: confirmed, partly, contradicted or no_access
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// What was weighed or counted, such as "4100 kg, 3 pieces"
    #[arg(long = "is", value_name = "FOUND")]
    found: Option<String>,
    /// When; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
    /// Scheme or standard by which was looked
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
    /// The report: a file to hash, or 64 hex digits
    #[arg(long, value_name = "FILE")]
    report: Option<String>,
    /// What was found, in a sentence
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Inspect;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.about = self.about.iter().cloned().collect();
        draft.claims.outcome.clone_from(&self.outcome);
        draft.measured = self.found.as_deref().map(parts::lot).transpose()?.unwrap_or_default();
        draft.on.clone_from(&self.on);
        draft.scheme.clone_from(&self.scheme);
        draft.claims.report = self.report.as_deref().map(file::hash_of).transpose()?;
        draft.claims.summary.clone_from(&self.summary);
        Ok(())
    }
}
