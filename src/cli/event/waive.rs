//! `waive`: an authority lets a rule go for certain items, materials and dates.

use super::Flags;
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Let a rule go for named lots, part numbers or materials on certain days",
    after_help = "Example:\n  lodemark waive 252.225-7052 --lot MAG-7 --valid 2022-09-01..2023-08-31 --number W-22-17"
)]
pub struct Args {
    /// The rule or clause, by its name
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// Party whose material alone is meant
    #[arg(long, value_name = "PARTY")]
    subject: Option<String>,
    /// A lot that is meant
    #[arg(long, value_name = "LOT")]
    lot: Vec<String>,
    /// A part number that is meant
    #[arg(long, value_name = "NUMBER")]
    part_number: Vec<String>,
    /// A material that is meant, with all that begins with its code
    #[arg(long, value_name = "MATERIAL")]
    material: Vec<String>,
    /// First and last day it holds
    #[arg(long, value_name = "PERIOD")]
    valid: Option<String>,
    /// Number of the paper
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::Waive;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.claims.rule.clone_from(&self.rule);
        draft.subject.clone_from(&self.subject);
        draft.claims.lots.clone_from(&self.lot);
        draft.claims.part_numbers.clone_from(&self.part_number);
        draft.materials.clone_from(&self.material);
        draft.valid.clone_from(&self.valid);
        draft.number.clone_from(&self.number);
        Ok(())
    }
}
