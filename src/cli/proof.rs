//! `proof`: judges one proof with nothing else at hand.

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::file;
use crate::chain::proof::{FILE_MAX, Proof, ProofFileError};
use crate::report::{ProofScreen, ProofVerdict};

/// What to do with proofs.
#[derive(clap::Subcommand)]
#[command(about = "Check a proof that a party contradicted itself")]
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
}

impl Command {
    /// Judges a proof.
    ///
    /// # Errors
    /// [`Failure`] for a file that is no proof, or is damaged.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let Self::Check { file } = self;
        let screen = match Proof::from_bytes(&file::bytes_up_to(file, FILE_MAX)?) {
            Ok(proof) => ProofScreen::judged(file.clone(), &proof, proof.judge()),
            Err(error) if error.cannot_judge() => ProofScreen::not_read(file.clone(), &error),
            Err(error) => {
                let what = format!("`{}`: {error}", file.display());
                let hint = error.hint();
                return Err(match error {
                    ProofFileError::NotAProof => Failure::usage(what, hint),
                    _ => Failure::stopped(what, hint),
                });
            }
        };
        context.print(&screen)?;
        Ok(match screen.verdict {
            ProofVerdict::Holds => Exit::Done,
            ProofVerdict::DoesNotHold => Exit::Fails,
            ProofVerdict::CannotJudge => Exit::NotEstablished,
        })
    }
}
