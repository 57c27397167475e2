//! `assay`: a laboratory's result on a sample of a lot.

use super::{Flags, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record a laboratory result on a sample of a lot",
    after_help = "Example:\n  lodemark assay NDPR-1 --sample S-17 --purpose independent --point after_pooling --is \"Nd 63 % as Nd2O3 by icp_oes\""
)]
pub struct Args {
    /// The lot
    #[arg(value_name = "LOT")]
    lot: Option<String>,
    /// Result, such as "Nd 63 % as Nd2O3 by icp_oes"; repeat it, or put commas between
    #[arg(long = "is", value_name = "RESULT")]
    found: Vec<String>,
    /// Number of the sample
    #[arg(long, value_name = "NUMBER")]
    sample: Option<String>,
    /// Party that took the sample
    #[arg(long, value_name = "PARTY")]
    sampled_by: Option<String>,
    /// Where it was taken: before_pooling, after_pooling or unknown
    #[arg(long, value_name = "POINT")]
    point: Option<String>,
    /// What it is for: own, declared, independent, settlement, umpire or provisional
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Days of analysis; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Assay;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.lot.clone_from(&self.lot);
        draft.on.clone_from(&self.on);
        draft.sample.clone_from(&self.sample);
        draft.sampled_by.clone_from(&self.sampled_by);
        draft.point.clone_from(&self.point);
        draft.purpose.clone_from(&self.purpose);
        draft.measured = parts::lot(&self.found.join(","))?;
        Ok(())
    }
}
