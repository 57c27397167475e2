//! `issue-tags`: an agent hands out tags.

use super::{Flags, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that tags were handed out for the output of one pit",
    after_help = "Example:\n  lodemark issue-tags \"North pit\" --tag RW-0001..RW-0040 --scheme iTSCi --place RW-03 --coordinates \"-1.95, 29.45\" --valid 2026-11-03..2027-01-31"
)]
pub struct Args {
    /// Facility whose output they are for, by name
    #[arg(value_name = "PIT")]
    pit: Option<String>,
    /// Numbers of the tags: one, or a run such as RW-0001..RW-0040; repeat it
    #[arg(long, value_name = "TAGS")]
    tag: Vec<String>,
    /// Scheme they belong to
    #[arg(long, value_name = "NAME")]
    scheme: Option<String>,
    /// Country or region where they were handed out
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Latitude and longitude of that, such as "-1.95, 29.45"
    #[arg(long, value_name = "LAT, LON", allow_hyphen_values = true)]
    coordinates: Option<String>,
    /// First and last day on which they may be put on
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
    /// Day they were handed out; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::IssueTags;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.tags.pit.clone_from(&self.pit);
        draft.tags.tags = each(&self.tag, parts::tag)?;
        draft.scheme.clone_from(&self.scheme);
        draft.place.clone_from(&self.place);
        draft.coordinates.clone_from(&self.coordinates);
        draft.valid.clone_from(&self.valid);
        draft.on.clone_from(&self.on);
        Ok(())
    }
}
