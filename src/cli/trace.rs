//! `trace`: what a lot is made of, or what became of it, as a tree.

use std::path::PathBuf;

use super::context::Context;
use super::evidence;
use super::failure::{Exit, Failure};
use crate::custody::trace::Way;
use crate::report::{AffectedScreen, TraceScreen};

/// Flags of `trace`.
#[derive(clap::Args)]
#[command(
    about = "Show what a lot is made of, back to the ground, or what became of it",
    after_help = "Example:\n  lodemark trace MAG-1\n  lodemark trace ORE-1 --down\n  lodemark trace --down --affected-by last"
)]
pub struct Args {
    /// Label of a lot, or its reference
    #[arg(value_name = "LOT", required_unless_present = "affected_by")]
    lot: Option<String>,
    /// Export files to read instead of the ledger
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show what became of it instead
    #[arg(long)]
    down: bool,
    /// List every lot that rests on a record, or on what a correction, withdrawal or dispute is about, and who holds it:
    /// `last`, the label of a lot it created, or its id
    #[arg(long, value_name = "RECORD", requires = "down")]
    affected_by: Option<String>,
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
        let mut files = self.files.clone();
        if self.affected_by.is_some() {
            // Without a lot, what stands in its place is a file.
            files.splice(0..0, self.lot.iter().map(PathBuf::from));
        }
        let held = evidence::gather(context, &files)?;
        let graph = &held.examined.graph;
        match (&self.affected_by, &self.lot) {
            (Some(given), _) => {
                context.print(&AffectedScreen::new(graph, &held.known, held.record(given)?))?;
            }
            (None, Some(lot)) => {
                let lot = held.lot(lot)?;
                let way = if self.down { Way::Down } else { Way::Up };
                let screen = TraceScreen::new(graph, &held.known, &lot, way, self.depth);
                context.print(&screen.with_owners(graph, &held.known, context.today()?))?;
            }
            (None, None) => return Err(Failure::usage("no lot is named", None)),
        }
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(Exit::Done)
    }
}
