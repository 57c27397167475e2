//! `log`: the records of a chain, newest last; and what a party shows of its log, or checks of another's.

pub(super) mod check;
mod checkpoint;
mod consistency;
mod folder;
mod forked;
pub(super) mod keys;
mod prove;
mod publish;
mod pull;
mod witness;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::Ledger;
use crate::report::LogScreen;

/// Flags of `log`.
#[derive(clap::Args)]
#[command(
    about = "List the records of a chain, or sign and check what is shown of its log",
    after_help = "Example:\n  lodemark log --last 20",
    args_conflicts_with_subcommands = true
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Whose chain; your own unless given
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// Show only the last records
    #[arg(long, value_name = "COUNT")]
    last: Option<usize>,
}

#[derive(clap::Subcommand)]
enum Command {
    Checkpoint(checkpoint::Args),
    Prove(prove::Args),
    Check(check::Args),
    Consistency(consistency::Args),
    Publish(publish::Args),
    Pull(pull::Args),
    Witness(witness::Args),
    Cosigned(witness::CosignedArgs),
}

impl Command {
    fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Checkpoint(args) => args.run(context),
            Self::Prove(args) => args.run(context),
            Self::Check(args) => args.run(context),
            Self::Consistency(args) => args.run(context),
            Self::Publish(args) => args.run(context),
            Self::Pull(args) => args.run(context),
            Self::Witness(args) => args.run(context),
            Self::Cosigned(args) => args.run(context),
        }
    }
}

impl Args {
    /// Lists the records, or does what the subcommand says.
    ///
    /// # Errors
    /// [`Failure`] for an unknown party or a ledger that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        if let Some(command) = &self.command {
            return command.run(context);
        }
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
