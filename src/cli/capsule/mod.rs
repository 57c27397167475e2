//! `capsule`: one file about some lots, made, looked into, verified and taken in.

mod make;
mod show;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::{import, verify};

/// What is done with capsules.
#[derive(clap::Subcommand)]
#[command(
    about = "Make, look into, verify and take in files about some lots that stand on their own",
    after_help = "Example:\n  lodemark capsule make NDPR-1 --for customer --out ndpr-1.capsule"
)]
pub enum Command {
    Make(make::Args),
    Show(show::Args),
    /// Verify what a capsule is about, as `verify` does
    #[command(after_help = "Example:\n  lodemark capsule verify ndpr-1.capsule --trust trust.toml")]
    Verify(Box<verify::Args>),
    /// Take a capsule in, as `import` does
    #[command(after_help = "Example:\n  lodemark capsule import ndpr-1.capsule")]
    Import(import::Args),
}

impl Command {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failure`] of the subcommand.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Make(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Verify(args) => args.run(context),
            Self::Import(args) => args.run(context),
        }
    }
}
