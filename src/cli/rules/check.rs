//! `rules check`: whether a pack can be used, and if not, in which lines and why.

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::file;
use crate::report::CheckScreen;
use crate::rules::Pack;

/// Flags of `rules check`.
#[derive(clap::Args)]
#[command(
    about = "Check a rule pack of your own: every rule that is wrong, with its line",
    after_help = "Example:\n  lodemark rules show us-dfars-7052-magnets --toml > own.toml\n  lodemark rules check own.toml"
)]
pub struct Args {
    /// The pack
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Args {
    /// Checks the pack.
    ///
    /// # Errors
    /// [`Failure`] for a file that cannot be read; what is wrong in it is no error but the answer.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let text = file::text(&self.file)?;
        let checked = Pack::checked_from_toml(&text);
        let exit = if checked.is_ok() { Exit::Done } else { Exit::Fails };
        context.print(&CheckScreen::new(&self.file.display().to_string(), &checked))?;
        Ok(exit)
    }
}
