//! `log`: the records of a chain, newest last.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::Ledger;
use crate::report::LogScreen;

/// Flags of `log`.
#[derive(clap::Args)]
#[command(about = "List the records of a chain", after_help = "Example:\n  lodemark log --last 20")]
pub struct Args {
    /// Whose chain; your own unless given
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// Show only the last records
    #[arg(long, value_name = "COUNT")]
    last: Option<usize>,
}

impl Args {
    /// Lists the records.
    ///
    /// # Errors
    /// [`Failure`] for an unknown party or a ledger that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let party = match &self.party {
            Some(name) => ledger.find_party(name)?,
            None => ledger.party().ok_or_else(|| {
                let hint = "name one with `--party`; `party list` shows who is held here";
                Failure::usage("this ledger has no chain of its own", Some(hint.into()))
            })?,
        };
        let mut records = ledger.chain(&party)?;
        let total = records.len();
        if let Some(last) = self.last {
            records.drain(..total.saturating_sub(last));
        }
        let around = naming::around(&ledger, &records)?;
        let known = naming::known(&ledger, around.iter().chain(&records))?;
        context.print(&LogScreen::new(&party, &records, total, &known))?;
        Ok(Exit::Done)
    }
}
