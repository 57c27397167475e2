//! `record`: several events of any kind from a file, and what every appending command does.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use super::context::Context;
use super::entropy::OsEntropy;
use super::failure::{Exit, Failure};
use super::reader::ReaderFiles;
use super::{file, naming};
use crate::custody::dates::entry_dates::{self, Lag};
use crate::custody::graph;
use crate::entry::{Draft, ReceiverDraft};
use crate::ledger::{Batch, Ledger, Warning};
use crate::model::claim::ClaimCode;
use crate::model::event::Event;
use crate::model::kind::Kind;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::model::words;
use crate::report::AppendedScreen;
use crate::sign::Entropy;

// How to append. No doc comment: clap would take it for the help text of the subcommand.
#[derive(clap::Args, Default)]
pub struct How {
    /// Go on although the clock shows more than a day from the last record, or an event is dated long ago or ahead
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
pub fn append(context: &Context, events: impl Into<file::Events>, how: &How) -> Result<Exit, Failure> {
    let (drafts, places) = events.into().split();
    let now = context.now()?;
    let mut ledger = Ledger::open(&context.ledger)?;
    ask_about_clock(context, &ledger, now, how)?;
    let mut entropy = OsEntropy::new()?;
    let profile = ledger.profile();
    let several = drafts.len() > 1;
    let progress = context.progress("events", drafts.len() as u64);
    let mut batch = ledger.begin(now)?;
    if drafts.iter().any(|draft| draft.kind == Kind::Attest) {
        batch.read_as(ReaderFiles::default().read(context, &[])?);
    }
    let mut only = None;
    let mut codes = Vec::new();
    for (number, mut draft) in drafts.into_iter().enumerate() {
        let placed = |failure: Failure| places.placed(number, failure);
        let code = claim_code(&mut draft, &mut entropy);
        if needs_place(draft.kind) && draft.at.is_none() && draft.host.is_none() {
            draft.at = Some(only_facility(&batch, &mut only).map_err(placed)?);
        } else if draft.kind == Kind::DeclareFacility {
            only = None;
        }
        let resolved = draft
            .resolve(&batch.names_for(draft.kind))
            .map_err(|error| placed(if several { error.in_event(number + 1) } else { error }.into()))?;
        let privacy = resolved.privacy;
        let event = resolved.event;
        let event = match entry_dates::period(&event)
            .map(|period| entry_dates::lag(period, now, entry_dates::MOST_DAYS))
        {
            None | Some(Lag::Timely) => event,
            // Nobody is asked about the day of an event that is refused anyway.
            Some(lag) => {
                batch.check(&event).map_err(|error| placed(error.into()))?;
                timely(context, event, lag, how).map_err(placed)?
            }
        };
        let id = batch
            .add(event, &|path| privacy.is_private(profile, path), &mut entropy)
            .map_err(|error| placed(error.into()))?;
        codes.extend(code.map(|code| (id, code.to_string())));
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
    context.print(&AppendedScreen::new(&records, texts, &known).with_codes(&codes))?;
    for (warning, hint) in warnings {
        context.warn(&warning, hint.as_deref());
    }
    Ok(Exit::Done)
}

/// Asks before something is signed at a time that the clock seems to show wrongly.
///
/// # Errors
/// [`Failure`] where nobody wants to go on.
pub fn ask_about_clock(context: &Context, ledger: &Ledger, now: Timestamp, how: &How) -> Result<(), Failure> {
    ledger.clock(now).map_or(Ok(()), |warning| ask(context, &warning, how))
}

/// Gives a lot that leaves for a receiver to be named later a claim code, unless it has one.
fn claim_code(draft: &mut Draft, entropy: &mut OsEntropy) -> Option<ClaimCode> {
    let is_later = matches!(&draft.to, Some(ReceiverDraft::Named(name)) if name == "later");
    if draft.kind != Kind::Dispatch || !is_later || draft.dealings.code.is_some() {
        return None;
    }
    let mut random = [0; 32];
    entropy.fill(&mut random);
    let code = ClaimCode::from_random(&random);
    draft.dealings.code = Some(code.to_string());
    Some(code)
}

/// Asks about an event that happened long ago or is still to come; on a terminal the person, else the flags.
fn timely(context: &Context, mut event: Event, lag: Lag, how: &How) -> Result<Event, Failure> {
    let most = entry_dates::MOST_DAYS;
    match lag {
        Lag::Late(days) if event.late.is_none() => {
            let warning =
                format!("it happened {days} days ago, and readers see what is entered after {most}");
            if how.yes {
                context.warn(&warning, None);
            } else if is_asked(context) {
                context.warn(&warning, None);
                let reason = answer("Why is it entered only now? ")?;
                if reason.is_empty() {
                    return Err(Failure::usage("nothing was recorded", None));
                }
                let why = words::clean(&reason, 256).map_err(|error| Failure::usage(error, None))?;
                event.late = Some(Maybe::Shown(why));
            } else {
                let hint =
                    "say why with `--late REASON` (in a file: late = \"...\"), or go on without with `--yes`";
                return Err(Failure::usage(warning, Some(hint.into())));
            }
        }
        Lag::Ahead(days) => {
            let warning = format!("it is dated {days} days ahead of the clock of this machine");
            let hint = "record it when it has happened; if the clock is wrong, set it right";
            if how.yes {
                context.warn(&warning, None);
            } else if !is_asked(context) {
                let hint = format!("{hint}; if both are right, go on with `--yes`");
                return Err(Failure::usage(warning, Some(hint)));
            } else {
                context.warn(&warning, Some(hint));
                if answer("Go on and sign it? [y/N] ")? != "y" {
                    return Err(Failure::usage("nothing was recorded", None));
                }
            }
        }
        _ => {}
    }
    Ok(event)
}

/// Whether a person sits there who can answer.
fn is_asked(context: &Context) -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !context.json
}

fn answer(question: &str) -> Result<String, Failure> {
    let mut answer = String::new();
    let mut error = std::io::stderr();
    let asked = error.write_all(question.as_bytes()).and_then(|()| error.flush());
    asked
        .and_then(|()| std::io::stdin().read_line(&mut answer))
        .map_err(|error| Failure::stopped(format!("no answer could be read: {error}"), None))?;
    Ok(answer.trim().to_owned())
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
    if is_asked(context) {
        context.warn(&warning.to_string(), hint.as_deref());
        return match answer("Go on and sign this time? [y/N] ")?.as_str() {
            "y" => Ok(()),
            _ => Err(Failure::usage("nothing was recorded", None)),
        };
    }
    let hint = hint.map_or_else(String::new, |hint| format!("{hint}; "));
    Err(Failure::usage(warning, Some(format!("{hint}if it is right, go on with `--yes`"))))
}
