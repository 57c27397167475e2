//! The reader's own files: whom it believes, what it buys, which packs it asks.

use std::path::PathBuf;

use super::context::Context;
use super::failure::Failure;
use super::file;
use crate::balance::bands::Bands;
use crate::model::day::Day;
use crate::rules::{self, Pack};
use crate::trust::{Case, Trust};
use crate::verify::Reader;

// The reader's side of a question. No doc comment: clap would take it for the help text of the subcommand.
#[derive(clap::Args)]
pub struct ReaderArgs {
    /// Day to judge for; each pack's own day in the case file, or today, unless given
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// Rule pack to ask, once for each: its id, a file of your own, `default` or `all`. Unless given, those that the
    /// case file names, or `default`
    #[arg(long, value_name = "ID|FILE")]
    pack: Vec<String>,
    #[command(flatten)]
    files: ReaderFiles,
}

// What only the reader knows, in files.
#[derive(clap::Args, Default)]
pub struct ReaderFiles {
    /// Whom you believe; `trust.toml` in the ledger unless given
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Your own facts: contract, delivery, item; `case.toml` in the ledger unless given
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// Constants and bands of the balance, in place of those that are built in
    #[arg(long, value_name = "FILE")]
    bands: Option<PathBuf>,
}

impl ReaderArgs {
    /// Whether the command line names packs.
    pub fn names_packs(&self) -> bool {
        !self.pack.is_empty()
    }

    /// Reads the files.
    ///
    /// # Errors
    /// [`Failure`] naming the file and the field that is wrong.
    pub fn read(&self, context: &Context) -> Result<Reader, Failure> {
        self.files.read(context, &self.pack)
    }
}

impl ReaderFiles {
    /// Reads the files, and the packs that `words` name; without any those of the case file, else the default.
    ///
    /// # Errors
    /// [`Failure`] naming the file and the field that is wrong.
    pub fn read(&self, context: &Context, words: &[String]) -> Result<Reader, Failure> {
        let beside = |name: &str| Some(context.ledger.join(name)).filter(|path| path.is_file());
        let mut reader = Reader::default();
        if let Some(path) = self.trust.clone().or_else(|| beside("trust.toml")) {
            reader.trust =
                Trust::from_toml(&file::text(&path)?).map_err(|error| named(&path, &error, error.hint()))?;
        }
        reader = reader.with_witnesses().map_err(|error| {
            let hint = "write each `key` as the witness gives it, its name first".to_owned();
            Failure::usage(error, Some(hint))
        })?;
        let case_path = self.case.clone().or_else(|| beside("case.toml"));
        if let Some(path) = &case_path {
            let case = Case::from_toml(&file::text(path)?);
            reader.case = Some(case.map_err(|error| named(path, &error, error.hint()))?);
        }
        if let Some(path) = &self.bands {
            reader.bands = read_bands(path)?;
        }
        let of_case = reader.case.iter().flat_map(|case| &case.file.packs);
        let words: Vec<&String> = if words.is_empty() { of_case.collect() } else { words.iter().collect() };
        if !words.is_empty() {
            let packs: Result<Vec<Vec<Pack>>, Failure> = words.into_iter().map(|word| packs(word)).collect();
            reader.packs = one_each(packs?.into_iter().flatten());
        }
        if let (Some(path), Some(case)) = (&case_path, &reader.case) {
            rules::check_case(case, &reader.packs).map_err(|error| named(path, &error, error.hint()))?;
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

/// Returns the packs that a word names: those built in, or the one in a file.
///
/// # Errors
/// [`Failure`] with what is known, or what is wrong in the file.
pub fn packs(word: &str) -> Result<Vec<Pack>, Failure> {
    let is_file = word.ends_with(".toml") || word.contains(std::path::MAIN_SEPARATOR);
    match rules::named(word) {
        Ok(packs) => Ok(packs),
        Err(_) if is_file || std::path::Path::new(word).is_file() => Ok(vec![read_pack(word.as_ref())?]),
        Err(hint) => Err(Failure::usage(format!("no pack here is called `{word}`"), Some(hint))),
    }
}

/// Returns the packs that several words name.
///
/// # Errors
/// Those of [`packs`].
pub fn packs_named(words: &[String]) -> Result<Vec<Pack>, Failure> {
    let packs: Result<Vec<Vec<Pack>>, Failure> = words.iter().map(|word| packs(word)).collect();
    Ok(one_each(packs?.into_iter().flatten()))
}

/// Keeps of packs with one id the last: a file takes the place of the pack that is built in.
fn one_each(packs: impl Iterator<Item = Pack>) -> Vec<Pack> {
    let mut kept: Vec<Pack> = Vec::new();
    for pack in packs {
        match kept.iter_mut().find(|known| known.file.id == pack.file.id) {
            Some(known) => *known = pack,
            None => kept.push(pack),
        }
    }
    kept
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
