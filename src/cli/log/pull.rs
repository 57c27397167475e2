//! `log pull`: reads a published log back, and lays it beside what is held.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::folder;
use super::keys::{self, Keys};
use crate::hash::RecordId;
use crate::ledger::Ledger;
use crate::log::checkpoint::LogId;
use crate::report::{LogDiffers, LogPullScreen, LogVerdict};

/// Flags of `log pull`.
#[derive(clap::Args)]
#[command(
    about = "Check the folder of a published log, and say which records held here are in it",
    after_help = "Example:\n  lodemark log pull public/log\n\nNothing is taken in: the folder holds ids, and no records.\n\nExit status: 0 all holds, 1 a file, the checkpoint or a record held here contradicts it, 3 not established: the log's\nkey is not known, or too few witnesses signed."
)]
pub struct Args {
    /// Folder that `log publish` wrote
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

impl Args {
    /// Reads the folder.
    ///
    /// # Errors
    /// [`Failure`] for a folder without a checkpoint.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let note = folder::note(&folder::checkpoint_path(&self.dir))?;
        let ledger = keys::ledger(context)?;
        let log = keys::log_of(&note);
        let mut screen = LogPullScreen::new(&self.dir);
        let policy = self.keys.policy(ledger.as_ref(), log.as_ref())?;
        let accepted = match keys::accept(&policy, &note) {
            Ok(accepted) => accepted,
            Err((verdict, why)) => {
                screen.refuse(verdict, why);
                context.print(&screen)?;
                return Ok(keys::exit(verdict));
            }
        };
        screen.accept(&accepted);
        match folder::ids(&self.dir, &accepted.checkpoint) {
            Err(error) => screen.refuse(LogVerdict::DoesNotHold, error.to_string()),
            Ok(ids) => {
                if let (Some(ledger), Some(log)) = (&ledger, &log) {
                    beside(&mut screen, ledger, log, &ids)?;
                }
            }
        }
        context.print(&screen)?;
        Ok(keys::exit(screen.verdict))
    }
}

/// Lays the ids beside the records of this log that are held.
fn beside(screen: &mut LogPullScreen, ledger: &Ledger, log: &LogId, ids: &[RecordId]) -> Result<(), Failure> {
    for id in ids {
        screen.held += u64::from(ledger.holds(id)?);
    }
    let leaves = ledger.leaves(&log.party, log.epoch)?;
    screen.beyond = leaves.len().saturating_sub(ids.len()) as u64;
    let differs = ids.iter().zip(&leaves).position(|(published, held)| published != held);
    if let Some(index) = differs {
        let why = format!(
            "the log has another record at index {index} than the one held here, which the same party signed"
        );
        screen.refuse(LogVerdict::DoesNotHold, why);
        screen.differs = Some(LogDiffers { index: index as u64, published: ids[index], held: leaves[index] });
    }
    Ok(())
}
