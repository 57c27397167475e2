//! `trace`: what a lot is made of, or what became of it, as a tree.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use crate::custody::trace::Way;
use crate::report::TraceScreen;

/// Flags of `trace`.
#[derive(clap::Args)]
#[command(
    about = "Show what a lot is made of, back to the ground, or what became of it",
    after_help = "Example:\n  lodemark trace MAG-1\n  lodemark trace ORE-1 --down"
)]
pub struct Args {
    /// Label of a lot, or its reference
    #[arg(value_name = "LOT")]
    lot: String,
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show what became of it instead
    #[arg(long)]
    down: bool,
    /// Show no more than this many steps
    #[arg(long, value_name = "STEPS")]
    depth: Option<usize>,
}

impl Args {
    /// Shows the tree.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let held = evidence::gather(context, &self.files)?;
        let lot = held.lot(&self.lot)?;
        let way = if self.down { Way::Down } else { Way::Up };
        let (graph, known) = (&held.examined.graph, &held.known);
        let screen = TraceScreen::new(graph, known, &lot, way, self.depth);
        context.print(&screen.with_owners(graph, known, context.today()?))?;
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(Exit::Done)
    }
}
