//! `capsule show`: what is in a capsule, of which nothing is judged.

use std::path::PathBuf;

use crate::capsule::{self, CAPSULE_MAX};
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::file;
use crate::report::CapsuleScreen;

/// Flags of `capsule show`.
#[derive(clap::Args)]
#[command(
    about = "Show what is in a capsule; nothing is verified",
    after_help = "Example:\n  lodemark capsule show ndpr-1.capsule"
)]
pub struct Args {
    /// The capsule
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Args {
    /// Shows what is in the file.
    ///
    /// # Errors
    /// [`Failure`] for a file that cannot be read, or is no whole capsule.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let bytes = file::bytes_up_to(&self.file, CAPSULE_MAX as u64 + 1)?;
        let capsule = capsule::read(&bytes).map_err(|error| {
            let failure = Failure::from(error);
            Failure { error: format!("`{}`: {}", self.file.display(), failure.error), ..failure }
        })?;
        context.print(&CapsuleScreen::new(&self.file, bytes.len(), &capsule))?;
        Ok(Exit::Done)
    }
}
