//! `record`: several events of any kind from a file, and what every appending command does.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use super::context::Context;
use super::entropy::OsEntropy;
use super::failure::{Exit, Failure};
use super::{file, naming};
use crate::custody::graph;
use crate::entry::Draft;
use crate::ledger::{Batch, Ledger, Warning};
use crate::model::kind::Kind;
use crate::model::record::Record;
use crate::report::AppendedScreen;

// How to append. No doc comment: clap would take it for the help text of the subcommand.
#[derive(clap::Args, Default)]
pub struct How {
    /// Go on although the clock shows more than a day from the last record
    #[arg(long)]
    yes: bool,
}

/// Flags of `record`.
#[derive(clap::Args)]
#[command(
    about = "Append the events of a file, all of them or none",
    after_help = "Example:\n  lodemark record --from week-45.toml\n\nEach event stands under a line [[event]] with its kind; see docs/formats/entry.md."
)]
pub struct Args {
    /// TOML or JSON file of events; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    #[command(flatten)]
    how: How,
}

impl Args {
    /// Appends the events.
    ///
    /// # Errors
    /// [`Failure`] for a file that cannot be read, or what the ledger refuses.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        append(context, file::events(&self.from)?, &self.how)
    }
}

/// Appends events as one atomic batch and prints what they became.
///
/// # Errors
/// [`Failure`] naming the event and field; nothing is then recorded.
pub fn append(context: &Context, drafts: Vec<Draft>, how: &How) -> Result<Exit, Failure> {
    let now = context.now()?;
    let mut ledger = Ledger::open(&context.ledger)?;
    if let Some(warning) = ledger.clock(now) {
        ask(context, &warning, how)?;
    }
    let mut entropy = OsEntropy::new()?;
    let profile = ledger.profile();
    let several = drafts.len() > 1;
    let progress = context.progress("events", drafts.len() as u64);
    let mut batch = ledger.begin(now)?;
    let mut only = None;
    for (number, mut draft) in drafts.into_iter().enumerate() {
        if needs_place(draft.kind) && draft.at.is_none() && draft.host.is_none() {
            draft.at = Some(only_facility(&batch, &mut only)?);
        } else if draft.kind == Kind::DeclareFacility {
            only = None;
        }
        let resolved = draft
            .resolve(&batch.names_for(draft.kind))
            .map_err(|error| if several { error.in_event(number + 1) } else { error })?;
        let privacy = resolved.privacy;
        batch.add(resolved.event, &|path| privacy.is_private(profile, path), &mut entropy)?;
        progress.inc(1);
    }
    let appended = batch.commit()?;
    progress.finish_and_clear();
    let mut records = Vec::with_capacity(appended.records.len());
    for id in &appended.records {
        records.extend(ledger.record(id)?);
    }
    let around = naming::around(&ledger, &records)?;
    let known = naming::known(&ledger, around.iter().chain(&records))?;
    // What the clock shows was told and answered before.
    let warnings = appended.warnings.iter();
    let warnings =
        warnings.filter(|one| !matches!(one, Warning::ClockBack { .. } | Warning::ClockJump { .. }));
    let mut warnings: Vec<(String, Option<String>)> =
        warnings.map(|warning| (warning.to_string(), warning.hint())).collect();
    warnings.extend(doubled_labels(&ledger, &records)?);
    let texts = warnings.iter().map(|(text, _)| text.clone()).collect();
    context.print(&AppendedScreen::new(&records, texts, &known))?;
    for (warning, hint) in warnings {
        context.warn(&warning, hint.as_deref());
    }
    Ok(Exit::Done)
}

/// Returns the author's only facility; looked up once and kept in `only` until another is declared.
fn only_facility(batch: &Batch<'_>, only: &mut Option<String>) -> Result<String, Failure> {
    if let Some(known) = only {
        return Ok(known.clone());
    }
    if let Some(facility) = batch.only_facility()? {
        return Ok(only.insert(facility.to_hex()).clone());
    }
    let own = batch.ledger().own_facilities()?;
    let names = batch.ledger().facilities()?.into_iter().filter(|found| own.contains(&found.id));
    let names: Vec<String> = names.map(|found| format!("`{}`", found.name)).collect();
    let hint = match names.is_empty() {
        true => "declare one with `facility declare NAME --place COUNTRY --stage STAGE`".to_owned(),
        false => format!("name one with `--at`: {}", names.join(", ")),
    };
    let error = match names.len() {
        0 => "this ledger has declared no facility where work could be done".to_owned(),
        count => format!("this ledger has {count} facilities, and the event names none"),
    };
    Err(Failure::usage(error, Some(hint)))
}

/// Returns a warning for each new lot whose label an earlier lot of the author's bears.
fn doubled_labels(ledger: &Ledger, records: &[Record]) -> Result<Vec<(String, Option<String>)>, Failure> {
    let mut warnings = Vec::new();
    // A lot keeps its label through a handover; there the same label means the same goods.
    let made = records.iter().filter(|record| !record.event.body.is_pairwise());
    for (lot, output) in made.flat_map(graph::outputs) {
        let Some(label) = output.label() else { continue };
        if ledger.lots_labelled(label)?.iter().any(|other| *other != lot && other.record != lot.record) {
            let hint =
                "give each lot a label of its own; until then name it by its reference, which `--ids` shows";
            warnings.push((format!("`{label}` is the label of an earlier lot too"), Some(hint.to_owned())));
        }
    }
    Ok(warnings)
}

/// Whether events of this kind happen at a facility.
pub fn needs_place(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Extract
            | Kind::Collect
            | Kind::OpeningStock
            | Kind::Intake
            | Kind::Transform
            | Kind::Repack
            | Kind::Charge
            | Kind::Draw
            | Kind::ClosePeriod
            | Kind::Assemble
            | Kind::Disassemble
            | Kind::Dispatch
            | Kind::Receive
            | Kind::Refuse
            | Kind::Measure
            | Kind::Dispose
    )
}

/// Shows a warning about the clock, and asks whether to go on: on a terminal the person, else the flag.
fn ask(context: &Context, warning: &Warning, how: &How) -> Result<(), Failure> {
    let hint = warning.hint();
    if how.yes {
        context.warn(&warning.to_string(), None);
        return Ok(());
    }
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !context.json {
        context.warn(&warning.to_string(), hint.as_deref());
        let mut answer = String::new();
        let mut error = std::io::stderr();
        let asked = error.write_all(b"Go on and sign this time? [y/N] ").and_then(|()| error.flush());
        if asked.and_then(|()| std::io::stdin().read_line(&mut answer)).is_ok() && answer.trim() == "y" {
            return Ok(());
        }
        return Err(Failure::usage("nothing was recorded", None));
    }
    let hint = hint.map_or_else(String::new, |hint| format!("{hint}; "));
    Err(Failure::usage(warning, Some(format!("{hint}if it is right, go on with `--yes`"))))
}
