//! The reader's own files: whom it believes, what it buys, which packs it asks.

use std::path::PathBuf;

use super::context::Context;
use super::failure::Failure;
use super::file;
use crate::balance::bands::Bands;
use crate::model::day::Day;
use crate::rules::Pack;
use crate::trust::{Case, Trust};
use crate::verify::Reader;

// The reader's side of a question. No doc comment: clap would take it for the help text of the subcommand.
#[derive(clap::Args)]
pub struct ReaderArgs {
    /// Day to judge for; the delivery in the case file, or today, unless given
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// Whom you believe; `trust.toml` in the ledger unless given
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Your own facts: contract, delivery, item; `case.toml` in the ledger unless given
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// A rule pack besides those that are built in; one of the same id takes its place
    #[arg(long, value_name = "FILE")]
    pack: Vec<PathBuf>,
    /// Constants and bands of the balance, in place of those that are built in
    #[arg(long, value_name = "FILE")]
    bands: Option<PathBuf>,
}

impl ReaderArgs {
    /// Reads the files.
    ///
    /// # Errors
    /// [`Failure`] naming the file and the field that is wrong.
    pub fn read(&self, context: &Context) -> Result<Reader, Failure> {
        let beside = |name: &str| Some(context.ledger.join(name)).filter(|path| path.is_file());
        let mut reader = Reader::default();
        if let Some(path) = self.trust.clone().or_else(|| beside("trust.toml")) {
            reader.trust =
                Trust::from_toml(&file::text(&path)?).map_err(|error| named(&path, &error, error.hint()))?;
        }
        if let Some(path) = self.case.clone().or_else(|| beside("case.toml")) {
            let case = Case::from_toml(&file::text(&path)?);
            reader.case = Some(case.map_err(|error| named(&path, &error, error.hint()))?);
        }
        if let Some(path) = &self.bands {
            reader.bands = read_bands(path)?;
        }
        for path in &self.pack {
            let pack = read_pack(path)?;
            reader.packs.retain(|known| known.file.id != pack.file.id);
            reader.packs.push(pack);
        }
        Ok(reader)
    }
}

/// Reads constants and bands.
///
/// # Errors
/// [`Failure`] naming the file and the field that is wrong.
pub fn read_bands(path: &std::path::Path) -> Result<Bands, Failure> {
    Bands::from_toml(&file::text(path)?).map_err(|error| named(path, &error, error.hint()))
}

/// Reads a rule pack.
///
/// # Errors
/// [`Failure`] naming the file and the field that is wrong.
pub fn read_pack(path: &std::path::Path) -> Result<Pack, Failure> {
    Pack::from_toml(&file::text(path)?).map_err(|error| named(path, &error, error.hint()))
}

fn named(path: &std::path::Path, error: &dyn std::fmt::Display, hint: Option<String>) -> Failure {
    Failure::usage(format!("`{}`: {error}", path.display()), hint)
}
