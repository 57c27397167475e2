//! What is asked about: a lot, the records it is looked up in, and the day by which they were signed.

use std::path::PathBuf;

use super::context::Context;
use super::evidence::{self, Held};
use super::failure::Failure;
use super::reader::ReaderArgs;
use crate::model::day::Day;
use crate::model::lotref::LotRef;
use crate::verify::{Reader, Report, Request, report};

// Where records are read from. No doc comments: clap would take them for the help text of the subcommand.
#[derive(clap::Args)]
pub struct FilesArgs {
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

// One lot.
#[derive(clap::Args)]
pub struct LotArgs {
    /// Label of the lot, or its reference
    #[arg(value_name = "LOT")]
    lot: String,
    #[command(flatten)]
    files: FilesArgs,
}

// One lot under the rules.
#[derive(clap::Args)]
pub struct AskedArgs {
    #[command(flatten)]
    lot: LotArgs,
    /// Look only at what was signed by the end of this day, as its authors claim
    #[arg(long, value_name = "DAY")]
    known_at: Option<Day>,
    #[command(flatten)]
    reader: ReaderArgs,
}

/// What the rules say of one lot, and what that rests on.
pub struct Answered {
    /// The reader's own files.
    pub reader: Reader,
    /// What was read.
    pub held: Held,
    /// What it establishes.
    pub report: Report,
}

impl FilesArgs {
    /// Reads and examines the files, or without any the ledger.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read.
    pub fn gather(&self, context: &Context) -> Result<Held, Failure> {
        evidence::gather(context, &self.files)
    }
}

impl LotArgs {
    /// Reads and examines the records, and looks the lot up in them.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn gather(&self, context: &Context) -> Result<(Held, LotRef), Failure> {
        self.gather_known_at(context, None)
    }

    fn gather_known_at(&self, context: &Context, day: Option<Day>) -> Result<(Held, LotRef), Failure> {
        let held = evidence::gather_known_at(context, &self.files.files, day)?;
        let lot = held.lot(&self.lot)?;
        Ok((held, lot))
    }
}

impl AskedArgs {
    /// Asks the rules about the lot.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn answer(&self, context: &Context) -> Result<Answered, Failure> {
        // What is wrong with a file of the reader's own is said before the records are read.
        let reader = self.reader.read(context)?;
        let (held, lot) = self.lot.gather_known_at(context, self.known_at)?;
        let (as_of, known_at) = (self.reader.as_of, self.known_at);
        let request = Request { as_of, known_at, ..Request::about(lot, context.today()?) };
        let report = report(&held.examined, &request, &reader);
        Ok(Answered { reader, held, report })
    }
}
