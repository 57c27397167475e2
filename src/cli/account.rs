//! `account`: what went into a circuit, what came out, and what is in process, period by period.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use crate::custody::accounts::Account;
use crate::model::nearest::nearest;
use crate::report::AccountScreen;

/// Flags of `account`.
#[derive(clap::Args)]
#[command(
    about = "Show what went into a circuit, what came out and what is in process, period by period",
    after_help = "Example:\n  lodemark account\n  lodemark account \"Extraction hall\" SX\n  lodemark account --in plant.lode"
)]
pub struct Args {
    /// Facility, by name; every one unless given
    #[arg(value_name = "FACILITY")]
    facility: Option<String>,
    /// Circuit, by name; every one of the facility unless given
    #[arg(value_name = "CIRCUIT")]
    circuit: Option<String>,
    /// Export files to read instead of the ledger
    #[arg(long = "in", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Args {
    /// Shows the accounts.
    ///
    /// # Errors
    /// [`Failure`] for an unknown facility or circuit, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let held = evidence::gather(context, &self.files)?;
        let graph = &held.examined.graph;
        let name = |account: &&Account| held.known.facility(&account.facility).name;
        let mut accounts: Vec<&Account> = graph.accounts().list().iter().collect();
        if let Some(facility) = &self.facility {
            let names: Vec<String> = accounts.iter().filter_map(name).collect();
            accounts.retain(|account| {
                let id = account.facility.to_hex();
                name(account).as_ref() == Some(facility) || (facility.len() >= 16 && id.starts_with(facility))
            });
            if accounts.is_empty() {
                return Err(unknown("facility with a circuit", facility, &names));
            }
        }
        if let Some(circuit) = &self.circuit {
            let names: Vec<String> = accounts.iter().map(|account| account.circuit.clone()).collect();
            accounts.retain(|account| account.circuit == *circuit);
            if accounts.is_empty() {
                return Err(unknown("circuit", circuit, &names));
            }
        }
        context.print(&AccountScreen::new(graph, &held.known, &accounts))?;
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(Exit::Done)
    }
}

fn unknown(what: &str, given: &str, names: &[String]) -> Failure {
    let hint = match nearest(given, names.iter().map(String::as_str)) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if names.is_empty() => None,
        None => Some(format!("there are {}", names.join(", "))),
    };
    Failure::usage(format!("no {what} here is called `{given}`"), hint)
}
