//! `facility`: declares, lists and shows places of work.

use super::context::Context;
use super::event::{EventArgs, declare_facility};
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::Ledger;
use crate::report::{FacilitiesScreen, RecordScreen};

/// What to do with facilities.
#[derive(clap::Subcommand)]
#[command(about = "Declare and list places of work")]
pub enum Command {
    Declare(Box<EventArgs<declare_facility::Args>>),
    /// List the facilities declared in what is held here
    #[command(after_help = "Example:\n  lodemark facility list")]
    List,
    /// Show the declaration of one
    #[command(after_help = "Example:\n  lodemark facility show \"Quartz Hill\"")]
    Show {
        /// Name or id
        #[arg(value_name = "FACILITY")]
        facility: String,
    },
}

impl Command {
    /// Declares, lists or shows.
    ///
    /// # Errors
    /// [`Failure`] for what the ledger refuses or cannot find.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Declare(args) => return args.run(context),
            Self::List => {
                let ledger = Ledger::open(&context.ledger)?;
                let mut records = Vec::new();
                for found in ledger.facilities()? {
                    records.extend(ledger.record(&found.id)?);
                }
                let known = naming::known(&ledger, &records)?;
                context.print(&FacilitiesScreen::new(&records, &known))?;
            }
            Self::Show { facility } => {
                let ledger = Ledger::open(&context.ledger)?;
                let id = ledger.find_facility(facility)?;
                let record = ledger.record(&id)?.ok_or_else(|| super::show::not_held(facility))?;
                let known = naming::known(&ledger, [&record])?;
                context.print(&RecordScreen::new(record, known))?;
            }
        }
        Ok(Exit::Done)
    }
}
