//! `lots`: what I hold, what is on its way to me, what I sent that nobody received, and what is overdue.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::Ledger;
use crate::report::LotsScreen;

/// Flags of `lots`.
#[derive(clap::Args)]
#[command(
    about = "List what you hold, what is in transit to you and from you, and what is overdue",
    after_help = "Example:\n  lodemark lots"
)]
pub struct Args {
    /// List lots of which nothing is left, too
    #[arg(long)]
    all: bool,
}

impl Args {
    /// Lists the lots.
    ///
    /// # Errors
    /// [`Failure`] for a ledger that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let Some(own) = ledger.party() else {
            let hint = "`audit` lists the lots in what is held here";
            return Err(Failure::usage(
                "this ledger only reads and holds no lots of its own",
                Some(hint.into()),
            ));
        };
        let today = context.today()?;
        let lots = ledger.lots(today)?;
        let known = naming::known(&ledger, [])?;
        context.print(&LotsScreen::new(today, &own, &lots, &known, self.all))?;
        Ok(Exit::Done)
    }
}
