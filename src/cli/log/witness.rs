//! `log witness`: cosigns the checkpoint of another party's log, if it goes on from the last one cosigned.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::file;
use super::keys::{self, Keys};
use super::{folder, forked};
use crate::ledger::{Ledger, WitnessError};
use crate::log::note::Note;
use crate::log::witness::{REQUEST_MAX, Request, WitnessRefusal};
use crate::report::{LogVerdict, LogWitnessScreen};

/// Flags of `log witness`.
#[derive(clap::Args)]
#[command(
    about = "Cosign the checkpoint of another party's log, if it goes on from the last one you cosigned",
    after_help = "Example:\n  lodemark key new books/witness.pem\n  lodemark --ledger books log witness november.request --out november.cosigned\n\nThe file is what `log consistency --out` wrote, or, the first time, the checkpoint itself.\n\nExit status: 0 cosigned, 1 the log forked or its signature does not hold, 2 the proof is from another size than the\nlast that was cosigned, 3 not established. Nothing is signed but for 0."
)]
pub struct Args {
    /// Request, as `log consistency --out` wrote it, or a checkpoint; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write the checkpoint with the cosignature to this file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Verifier key of the log, `ORIGIN+ID+KEY`; the key of the party as held in the ledger unless given
    #[arg(long, value_name = "VKEY")]
    log_key: Vec<String>,
    /// Write the proof of a fork to a file in this directory; that with the checkpoints cosigned unless given
    #[arg(long, value_name = "DIR")]
    proofs: Option<PathBuf>,
}

impl Args {
    /// Cosigns the checkpoint.
    ///
    /// # Errors
    /// [`Failure`] for a file that is no request, and a ledger that has no key to cosign with.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let ledger = Ledger::open(&context.ledger)?;
        let bytes = file::bytes_up_to(&self.file, REQUEST_MAX as u64)?;
        let request = match bytes.starts_with(b"old ") {
            true => Request::parse(&bytes).map_err(|error| keys::unreadable(&self.file, &error))?,
            false => {
                let note = Note::parse(&bytes).map_err(|error| keys::unreadable(&self.file, &error))?;
                ledger.witness_request(note)?
            }
        };
        let log = keys::log_of(&request.note).ok_or_else(|| {
            let hint = "name a checkpoint as `log checkpoint` writes it, or a request with one";
            Failure::usage("this is no checkpoint of a party's log", Some(hint.into()))
        })?;
        let policy = Keys::of_logs(&self.log_key).policy(Some(&ledger), Some(&log))?;
        let accepted = match keys::accept(&policy, &request.note) {
            Ok(accepted) => accepted,
            Err((verdict, why)) => {
                context.print(&LogWitnessScreen::refused(&log, verdict, why))?;
                return Ok(keys::exit(verdict));
            }
        };
        let time = context.now()?.ms() / 1000;
        let (verdict, error) = match ledger.witness(&request, &accepted, time) {
            Ok(witnessed) => {
                file::write(&self.out, witnessed.note.to_string().as_bytes())?;
                context.print(&LogWitnessScreen::cosigned(&accepted.checkpoint, &witnessed, &self.out))?;
                return Ok(Exit::Done);
            }
            Err(error) => (weigh(&error), error),
        };
        let Some(verdict) = verdict else {
            let hint = error.hint();
            return Err(match error {
                WitnessError::Ledger(error) => error.into(),
                WitnessError::Key(_) => Failure::stopped(error, hint),
                error => Failure::usage(error, hint),
            });
        };
        let mut screen = LogWitnessScreen::refused(&log, verdict, error.to_string());
        if let WitnessError::Fork { last, kept, .. } = &error {
            screen.kept = Some(kept.clone());
            if let Some(fork) = forked::proof(Some(&ledger), &log, [last, &request.note], None)? {
                let dir = self.proofs.clone().unwrap_or_else(|| ledger.witness_dir());
                screen.proof_of_fork = Some(forked::write(&dir, &fork)?);
            }
        }
        context.print(&screen)?;
        Ok(keys::exit(verdict))
    }
}

/// Returns what a refusal says of the log; `None` where it says nothing of it.
fn weigh(error: &WitnessError) -> Option<LogVerdict> {
    match error {
        WitnessError::Fork { .. } => Some(LogVerdict::DoesNotHold),
        WitnessError::Refused(WitnessRefusal::OtherSize { .. }) => None,
        // The proof may be wrong, or the checkpoint an old one, and the log right.
        WitnessError::Refused(_) => Some(LogVerdict::NotEstablished),
        _ => None,
    }
}

/// Flags of `log cosigned`.
#[derive(clap::Args)]
#[command(
    about = "Keep what witnesses signed below a checkpoint of your log, so that capsules carry it",
    after_help = "Example:\n  lodemark log cosigned november.cosigned\n\nExit status: 0 kept, 1 a signature does not hold or the checkpoint is not of what is held, 3 not established."
)]
pub struct CosignedArgs {
    /// Checkpoint with cosignatures, as `log witness` wrote it; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

impl CosignedArgs {
    /// Keeps the cosignatures.
    ///
    /// # Errors
    /// [`Failure`] for a file that is no checkpoint of a log that is held.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        use crate::ledger::CosignedError;
        use crate::report::LogCosignedScreen;

        let mut ledger = Ledger::open(&context.ledger)?;
        let note = folder::note(&self.file)?;
        let log = keys::log_of(&note);
        let policy = self.keys.policy(Some(&ledger), log.as_ref())?;
        let (verdict, why) = match keys::accept(&policy, &note) {
            Ok(accepted) => match ledger.keep_cosigned(&note) {
                Ok(kept) => {
                    context.print(&LogCosignedScreen::kept(&accepted, kept))?;
                    return Ok(Exit::Done);
                }
                Err(CosignedError::Ledger(error)) => return Err(error.into()),
                Err(error @ CosignedError::NotHeld { .. }) => (LogVerdict::NotEstablished, error.to_string()),
                Err(error) => (LogVerdict::DoesNotHold, error.to_string()),
            },
            Err(refused) => refused,
        };
        context.print(&LogCosignedScreen::refused(verdict, why))?;
        Ok(keys::exit(verdict))
    }
}
