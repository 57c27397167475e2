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
    /// Export files or capsules to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

// One lot.
#[derive(clap::Args)]
pub struct LotArgs {
    /// Label of the lot, or its reference; may be left away before a capsule, which names its lots
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
    /// Hold at `unknown` what rests on a chain whose checkpoint fewer of your witnesses saw; `quorum` of the trust file
    /// unless given
    #[arg(long, value_name = "N")]
    require_witness: Option<usize>,
    /// Hold at `unknown` what rests on a chain of which nothing newer is held; `max_chain_age_days` of the trust file
    /// unless given
    #[arg(long, value_name = "DAYS")]
    max_age: Option<u32>,
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
        let (held, lots) = self.gather_known_at(context, None)?;
        match lots[..] {
            [lot] => Ok((held, lot)),
            _ => {
                let names: Vec<String> =
                    lots.iter().map(|lot| held.known.lot(lot).name.unwrap_or_else(|| lot.short())).collect();
                let hint = format!("write one of them before the file: {}", names.join(", "));
                Err(Failure::usage(format!("`{}` is about {} lots", self.lot, lots.len()), Some(hint)))
            }
        }
    }

    /// Returns the lot that is named, or those that the capsule in its place is about.
    fn gather_known_at(&self, context: &Context, day: Option<Day>) -> Result<(Held, Vec<LotRef>), Failure> {
        let first = PathBuf::from(&self.lot);
        if evidence::is_capsule(&first) {
            let files: Vec<PathBuf> =
                std::iter::once(first).chain(self.files.files.iter().cloned()).collect();
            let held = evidence::gather_known_at(context, &files, day)?;
            let lots = held.about.clone();
            return Ok((held, lots));
        }
        let held = evidence::gather_known_at(context, &self.files.files, day)?;
        let lot = held.lot(&self.lot)?;
        Ok((held, vec![lot]))
    }
}

impl AskedArgs {
    /// Asks the rules about the lot.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn answer(&self, context: &Context) -> Result<Answered, Failure> {
        // What is wrong with a file of the reader's own is said before the records are read.
        let mut reader = self.reader.read(context)?;
        if let Some(most) = self.require_witness.filter(|asked| *asked > reader.witnesses.len()) {
            let hint = "name witnesses in the trust file, each with `[[witness]]` and the key that `log witness` prints";
            let named = reader.witnesses.len();
            let what = format!("{most} witnesses are asked for, and the trust file names {named}");
            return Err(Failure::usage(what, Some(hint.into())));
        }
        reader.quorum = self.require_witness.unwrap_or(reader.quorum);
        reader.max_age_days = self.max_age.or(reader.max_age_days);
        let (held, lots) = self.lot.gather_known_at(context, self.known_at)?;
        let (as_of, known_at) = (self.reader.as_of, self.known_at);
        let request = Request { as_of, known_at, ..Request::about_all(lots, context.today()?) };
        let report = report(&held.examined, &request, &reader);
        Ok(Answered { reader, held, report })
    }
}
