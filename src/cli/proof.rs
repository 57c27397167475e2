//! `proof`: judges or shows one proof with nothing else at hand.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::log::check::FORK_HEAD;
use super::{file, log};
use crate::chain::proof::{FILE_MAX, Proof, ProofFileError};
use crate::report::{ProofPartsScreen, ProofScreen, ProofVerdict};

/// What to do with proofs.
#[derive(clap::Subcommand)]
#[command(about = "Check or show a proof that a party contradicted itself")]
pub enum Command {
    /// Judge one proof; neither a ledger nor a trust file is looked at
    #[command(
        after_help = "Example:\n  lodemark proof check double-use-3f2a9c01d4e5b677.proof\n\nExit status: 0 it holds, 1 it does not prove what it says, 3 this version cannot judge it."
    )]
    Check {
        /// Proof file that `compare --proofs` wrote; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show what stands in a proof, without judging it
    #[command(after_help = "Example:\n  lodemark proof show double-use-3f2a9c01d4e5b677.proof")]
    Show {
        /// Proof file; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Command {
    /// Judges or shows a proof.
    ///
    /// # Errors
    /// [`Failure`] for a file that is no proof, or is damaged.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Check { file } => check(context, file),
            Self::Show { file } => {
                let proof = read(file)?.map_err(|error| unreadable(file, &error))?;
                context.print(&ProofPartsScreen::new(file.clone(), &proof))?;
                Ok(Exit::Done)
            }
        }
    }
}

fn check(context: &Context, file: &Path) -> Result<Exit, Failure> {
    let bytes = file::bytes_up_to(file, FILE_MAX)?;
    if bytes.starts_with(FORK_HEAD) {
        let screen = log::check::fork(file, &bytes)?;
        context.print(&screen)?;
        return Ok(log::keys::exit(screen.verdict));
    }
    let screen = match Proof::from_bytes(&bytes) {
        Ok(proof) => ProofScreen::judged(file.to_owned(), &proof, proof.judge()),
        Err(error) if error.cannot_judge() => ProofScreen::not_read(file.to_owned(), &error),
        Err(error) => return Err(unreadable(file, &error)),
    };
    context.print(&screen)?;
    Ok(match screen.verdict {
        ProofVerdict::Holds => Exit::Done,
        ProofVerdict::DoesNotHold => Exit::Fails,
        ProofVerdict::CannotJudge => Exit::NotEstablished,
    })
}

fn read(file: &Path) -> Result<Result<Proof, ProofFileError>, Failure> {
    Ok(Proof::from_bytes(&file::bytes_up_to(file, FILE_MAX)?))
}

fn unreadable(file: &Path, error: &ProofFileError) -> Failure {
    let what = format!("`{}`: {error}", file.display());
    match error {
        ProofFileError::NotAProof => Failure::usage(what, error.hint()),
        _ => Failure::stopped(what, error.hint()),
    }
}
