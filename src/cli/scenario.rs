//! `scenario`: runs worlds that are written as files.

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::file;
use crate::report::ScenarioScreen;
use crate::scenario::run;

/// What to do with scenarios.
#[derive(clap::Subcommand)]
#[command(about = "Run worlds that are written as files, and hold them against what they expect")]
pub enum Command {
    /// Sign, hand over and judge the events of a scenario, and say which expectations hold
    #[command(
        after_help = "Example:\n  lodemark scenario run pit_to_magnet.toml --format json\n\nStatus 0 means that every expectation holds, 1 that one does not. The file is described in docs/formats/scenario.md."
    )]
    Run {
        /// Scenario file, TOML; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// List expectations that hold, too
        #[arg(long)]
        all: bool,
    },
}

impl Command {
    /// Runs the scenario.
    ///
    /// # Errors
    /// [`Failure`] naming the file and the field that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let Self::Run { file: path, all } = self;
        let report = run(&file::text(path)?).map_err(|error| {
            let hint = error.hint();
            Failure::usage(format!("{}: {error}", path.display()), hint)
        })?;
        let broken = report.expectations.broken;
        context.print(&ScenarioScreen::new(report, *all))?;
        Ok(if broken == 0 { Exit::Done } else { Exit::Fails })
    }
}
