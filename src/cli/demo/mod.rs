//! `demo`: the whole chain from pit to magnet, with a real ledger for each party and real files between them.

mod stage;

use std::path::{Path, PathBuf};

use super::context::Context;
use super::evidence::Held;
use super::failure::{Exit, Failure};
use crate::custody::trace::Way;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::report::{Commands, DemoScreen, Known, TraceScreen, VerifyScreen};
use crate::scenario::{Checked, Desk, Scenario, Without, World, reader_of};
use crate::verify::{Request, examine, report};
use stage::Stage;

/// The chain that is played.
const SCENARIO: &str = include_str!("../../../tests/scenarios/pit_to_magnet.toml");

/// Flags of `demo`.
#[derive(clap::Args)]
#[command(
    about = "Play a chain from pit to magnet with real ledgers and files, and show the buyer's screen",
    after_help = "Example:\n  lodemark demo --dir demo"
)]
pub struct Args {
    /// Directory to make; a new one among the system's temporary files unless given
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Args {
    /// Plays the chain.
    ///
    /// # Errors
    /// [`Failure`] for a directory that is in use or cannot be written.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => fresh_directory()?,
        };
        make(&dir)?;
        let scenario = Scenario::from_toml(SCENARIO)?;
        let mut stage = Stage::play(context, &scenario, &dir)?;
        // From here on only what the buyer holds counts.
        let examined = examine(stage.buyers_evidence()?);
        let world = stage.world;
        let reader = reader_of(&scenario, &world)?;
        let today = scenario.today.unwrap_or_else(|| world.today());

        let known = Known::of_graph(&examined.graph);
        let held = Held { examined, known, newest: None, about: Vec::new() };
        let without = Without::default();
        let mut desk = Desk::new(&world, &held.examined, &reader, today, &without);
        let checked: Vec<Checked> =
            scenario.expectations.iter().map(|expectation| desk.check(expectation)).collect();

        let lot = held.lot(&stage.lot)?;
        let answer = report(&held.examined, &Request::about(lot, today), &reader);
        let tree = TraceScreen::new(&held.examined.graph, &held.known, &lot, Way::Up, None);
        let program = program();
        let commands =
            Commands::new(&program, &dir, stage::BUYER, &stage.lot, &stage.last_file, arrival(&world, today));
        let about = scenario.about.clone().unwrap_or_default();
        let screen = DemoScreen {
            dir,
            title: scenario.title.clone(),
            about: about.split_whitespace().collect::<Vec<_>>().join(" "),
            parties: stage.parties,
            handovers: stage.handovers,
            withheld: stage::WITHHELD.map(str::to_owned).to_vec(),
            expectations: DemoScreen::count(&checked),
            checked,
            report: VerifyScreen::new(answer, held.known),
            tree,
            commands,
        };
        context.print(&screen)?;
        Ok(if screen.expectations.broken == 0 { Exit::Done } else { Exit::Fails })
    }
}

/// Returns the day by which the last dispatch was due.
fn arrival(world: &World, today: Day) -> Day {
    let due = world.signed.iter().rev().find_map(|signed| match &signed.event.body {
        Body::Dispatch(dispatch) => dispatch.due,
        _ => None,
    });
    due.unwrap_or(today)
}

/// Returns a directory in the system's temporary files that is not there yet.
fn fresh_directory() -> Result<PathBuf, Failure> {
    let mut bytes = [0; 4];
    crate::sign::Entropy::fill(&mut super::entropy::OsEntropy::new()?, &mut bytes);
    Ok(std::env::temp_dir().join(format!("lodemark-demo-{}", data_encoding::HEXLOWER.encode(&bytes))))
}

/// Makes the directory, which must be absent or empty.
fn make(dir: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|error| Failure::file("make", dir, &error))?;
    let mut entries = std::fs::read_dir(dir).map_err(|error| Failure::file("read", dir, &error))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            let hint = "name a new or empty directory";
            Err(Failure::usage(format!("`{}` is not empty", dir.display()), Some(hint.into())))
        }
    }
}

/// Returns how this program is called, so that commands can be pasted.
fn program() -> PathBuf {
    let here = std::env::current_dir().ok();
    let Ok(exe) = std::env::current_exe() else { return "lodemark".into() };
    match here.and_then(|here| exe.strip_prefix(here).map(Path::to_owned).ok()) {
        Some(inside) => inside,
        None => exe,
    }
}
