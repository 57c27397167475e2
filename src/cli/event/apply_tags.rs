//! `apply-tags`: tags are put on the packages of a lot.

use super::{Flags, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that tags were put on the packages of a lot",
    after_help = "Example:\n  lodemark apply-tags COLT-1 --tag \"RW-0001..RW-0040, bag 1..bag 40, 50 kg\" --scheme iTSCi --place RW-03 --coordinates \"-1.95, 29.45\""
)]
pub struct Args {
    /// The lot
    #[arg(value_name = "LOT")]
    lot: Option<String>,
    /// Tag, and if you like the package and what it holds: "RW-0001, bag 1, 50 kg"; repeat it
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Scheme they belong to
    #[arg(long, value_name = "NAME")]
    scheme: Option<String>,
    /// Country or region where they were put on
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Latitude and longitude of that, such as "-1.95, 29.45"
    #[arg(long, value_name = "LAT, LON", allow_hyphen_values = true)]
    coordinates: Option<String>,
    /// Day they were put on; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::ApplyTags;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.lot.clone_from(&self.lot);
        draft.tags.tags = each(&self.tag, parts::tag)?;
        draft.scheme.clone_from(&self.scheme);
        draft.place.clone_from(&self.place);
        draft.coordinates.clone_from(&self.coordinates);
        draft.on.clone_from(&self.on);
        Ok(())
    }
}
