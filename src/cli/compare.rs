//! `compare`: what only one of two ledgers or files holds, and what contradicts itself once both are joined.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::{evidence, file, naming};
use crate::report::{CompareScreen, Known, proof_file_name};
use crate::verify::{Contradiction, compare};

/// Flags of `compare`.
#[derive(clap::Args)]
#[command(
    about = "Compare two ledgers or files: double uses, forks, lies and contradictory corrections",
    after_help = "Example:\n  lodemark compare north south.lode --proofs found\n\nExit status: 0 no contradiction, 1 at least one, 3 none for sure: something could not be read, or may be resolved\nby records that neither holds."
)]
pub struct Args {
    /// Directory of a ledger, an export file, or a capsule
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The other one
    #[arg(value_name = "B")]
    b: PathBuf,
    /// Write each proof to a file in this directory
    #[arg(long, value_name = "DIR")]
    proofs: Option<PathBuf>,
}

impl Args {
    /// Compares the two.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read, or a directory that cannot be written to.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let same = |a: &Path, b: &Path| a == b || a.canonicalize().ok() == b.canonicalize().ok();
        if self.a.exists() && same(&self.a, &self.b) {
            let hint = "name the ledger or file of somebody else";
            return Err(Failure::usage("the two are one and the same", Some(hint.into())));
        }
        let a = evidence::of_path(&self.a)?;
        let b = evidence::of_path(&self.b)?;
        let comparison = compare(&a.evidence, &b.evidence, context.today()?);
        let mut known = Known::of_graph(&comparison.joined.graph);
        for ledger in [&b.ledger, &a.ledger].into_iter().flatten() {
            naming::own_names(ledger, &mut known);
        }
        let written = self.write(&comparison.contradictions)?;
        let sources = [&self.a, &self.b].map(|path| path.display().to_string());
        context.print(&CompareScreen::new(sources, &comparison, &written, &known))?;
        let is_settled = comparison.contradictions.iter().any(|one| !one.is_open());
        let is_whole = comparison.contradictions.is_empty() && comparison.joined.refused.is_empty();
        Ok(match (is_settled, is_whole) {
            (true, _) => Exit::Fails,
            (false, true) => Exit::Done,
            (false, false) => Exit::NotEstablished,
        })
    }

    /// Writes each proof there is; returns where, contradiction by contradiction.
    fn write(&self, contradictions: &[Contradiction]) -> Result<Vec<Option<PathBuf>>, Failure> {
        let Some(dir) = &self.proofs else { return Ok(vec![None; contradictions.len()]) };
        let write = |one: &Contradiction| {
            let Some(Ok(proof)) = &one.proof else { return Ok(None) };
            std::fs::create_dir_all(dir).map_err(|error| Failure::file("make", dir, &error))?;
            let path = dir.join(proof_file_name(proof));
            file::write(&path, &proof.to_bytes())?;
            Ok(Some(path))
        };
        contradictions.iter().map(write).collect()
    }
}
