//! `log checkpoint`: signs how the own log stands.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::file;
use crate::ledger::Ledger;
use crate::log::checkpoint::LogId;
use crate::log::note::Note;
use crate::log::seen;
use crate::log::vkey::VerifierKey;
use crate::model::event::SeenCheckpoint;
use crate::report::LogCheckpointScreen;
use crate::sign::PublicKey;

/// Flags of `log checkpoint`.
#[derive(clap::Args)]
#[command(
    about = "Sign how many records your log has, and which, as a note for others to keep",
    after_help = "Example:\n  lodemark log checkpoint --out mine.checkpoint\n\nWhat it covers counts as handed out: it can be withdrawn later, and not be undone."
)]
pub struct Args {
    /// File to write; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Args {
    /// Signs the checkpoint.
    ///
    /// # Errors
    /// [`Failure`] for a ledger that may sign none, and a file that cannot be written.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let (seen, note, key) = signed(&mut ledger)?;
        if let Some(out) = &self.out {
            file::write(out, note.to_string().as_bytes())?;
        } else if !context.json {
            context.print_text(&note.to_string())?;
            return Ok(Exit::Done);
        }
        context.print(&LogCheckpointScreen::new(&seen, &note, &key, self.out.clone()))?;
        Ok(Exit::Done)
    }
}

/// Signs the checkpoint of the own log; returns it, its note and its verifier key.
///
/// # Errors
/// [`Failure`] for a ledger that may sign none.
pub fn signed(ledger: &mut Ledger) -> Result<(SeenCheckpoint, Note, VerifierKey), Failure> {
    let seen = ledger.checkpoint()?;
    let log = LogId { party: seen.party, epoch: seen.epoch };
    let key = PublicKey::from_bytes(&seen.key).expect("it just signed");
    let note = seen::note(&seen).expect("it was just signed");
    Ok((seen, note, log.verifier_key(&key)))
}
