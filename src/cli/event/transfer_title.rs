//! `transfer-title`: ownership, a pledge or a warehouse receipt passes; the goods stay where they are.

use super::{Flags, each, parts};
use crate::cli::failure::Failure;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Flags of the kind.
#[derive(clap::Args, Default, PartialEq)]
#[command(
    about = "Record that ownership, a pledge or a warehouse receipt passes, and the goods stay",
    after_help = "Example:\n  lodemark transfer-title \"NDPR-1, 400 kg\" --as sale --to \"Kettle Metals\" --number C-17\n  lodemark transfer-title --as release --target 5f0c21aa90b3c4d1"
)]
pub struct Args {
    /// Lots, such as "NDPR-1", "NDPR-1, 400 kg" or, set apart, "NDPR-1, 400 kg, from 200 kg"
    #[arg(value_name = "LOT")]
    lots: Vec<String>,
    /// What passes: sale, pledge, release, receipt or endorse
    #[arg(long = "as", value_name = "TITLE")]
    title: Option<String>,
    /// To whom: a known party, or "outside: NAME, PLACE" for one who keeps no ledger
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    /// Number of the contract, pledge or receipt
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// First day it holds; today unless given
    #[arg(long, value_name = "DAY")]
    starting: Option<String>,
    /// Last day it holds, for a pledge or receipt that ends
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// The record it releases, passes on or rests on
    #[arg(long, value_name = "RECORD")]
    target: Option<String>,
}

impl Flags for Args {
    const KIND: Kind = Kind::TransferTitle;

    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        draft.title.title.clone_from(&self.title);
        draft.title.lots = each(&self.lots, parts::titled)?;
        draft.to = self.to.as_deref().map(parts::receiver);
        draft.number.clone_from(&self.number);
        draft.from.clone_from(&self.starting);
        draft.until.clone_from(&self.until);
        draft.target.clone_from(&self.target);
        Ok(())
    }
}
