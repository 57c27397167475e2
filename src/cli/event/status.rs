//! What `accredit` and `certify` have in common: whom a status is about, for how long, and what it covers.

use crate::entry::Draft;

/// Flags of every status.
#[derive(clap::Args, Default, PartialEq)]
pub struct StatusArgs {
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
}

impl StatusArgs {
    /// Writes what was given into `draft`.
    pub fn fill(&self, draft: &mut Draft) {
        draft.subject.clone_from(&self.subject);
        draft.facility.clone_from(&self.facility);
        draft.scheme.clone_from(&self.scheme);
        draft.number.clone_from(&self.number);
        draft.valid.clone_from(&self.valid);
        draft.stages.clone_from(&self.stage);
        draft.materials.clone_from(&self.material);
    }
}
