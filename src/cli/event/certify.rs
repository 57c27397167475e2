//! `certify`: a certificate about a party or facility.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Certify a party or facility under a scheme",
    after_help = "Example:\n  lodemark certify \"Quartz Hill Mine\" --scheme IRMA --number C-17 --valid 2026-01-01..2028-12-31"
)]
pub struct Args {
    /// Party it is about: the operator, where a facility is named
    #[arg(value_name = "PARTY")]
    subject: Option<String>,
    /// Facility it is about, if only that one
    #[arg(long, value_name = "FACILITY")]
    facility: Option<String>,
    /// Scheme or law
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
    /// Number in your register
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// First and last day it holds
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
    /// Stage it covers; none given means all
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
    /// Material it covers; none given means all
    #[arg(long, value_name = "MATERIAL")]
    material: Vec<String>,
    /// Mass it covers over its validity, if limited
    #[arg(long, value_name = "MASS")]
    volume: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Certify;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.subject.clone_from(&self.subject);
        draft.facility.clone_from(&self.facility);
        draft.scheme.clone_from(&self.scheme);
        draft.number.clone_from(&self.number);
        draft.valid.clone_from(&self.valid);
        draft.stages.clone_from(&self.stage);
        draft.materials.clone_from(&self.material);

        draft.volume.clone_from(&self.volume);
        Ok(())
    }
}
