//! `rules explain`: why a rule came to its verdict about a lot, and what would turn it.

use crate::cli::asked::LotArgs;
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::reader::ReaderArgs;
use crate::cli::verify::exit_of;
use crate::report::ExplainScreen;
use crate::rules::embedded;
use crate::verify::{Reader, Request, explain, find_rule};

/// Flags of `rules explain`.
#[derive(clap::Args)]
#[command(
    about = "Explain what a rule says of a lot: what it looked at, and what would turn it",
    after_help = "Example:\n  lodemark rules explain OR-02-NDFEB MAG-1 --as-of 2027-02-15"
)]
pub struct Args {
    /// Id of the rule, or PACK/RULE
    #[arg(value_name = "RULE")]
    rule: String,
    #[command(flatten)]
    lot: LotArgs,
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Explains the verdict.
    ///
    /// # Errors
    /// [`Failure`] for an unknown rule or lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut reader = self.reader.read(context)?;
        if find_rule(&reader.packs, &self.rule).is_err() && find_rule(embedded(), &self.rule).is_ok() {
            // A rule that is named is asked, whether its pack is among the default or not.
            reader = Reader { packs: embedded().to_vec(), ..reader };
        }
        find_rule(&reader.packs, &self.rule)
            .map_err(|error| Failure::usage(error.to_string(), Some(error.hint())))?;
        let (held, lot) = self.lot.gather(context)?;
        let request = Request { as_of: self.reader.as_of, ..Request::about(lot, context.today()?) };
        let explained = explain(&held.examined, &request, &reader, &lot, &self.rule)
            .map_err(|error| Failure::usage(error.to_string(), Some(error.hint())))?;
        let exit = exit_of(explained.verdict.verdict);
        context.print(&ExplainScreen::new(explained, &held.known, &lot))?;
        Ok(exit)
    }
}
