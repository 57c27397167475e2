//! `serials`: serial numbers behind one hash, and proofs for those that one customer bought.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::entropy::OsEntropy;
use super::evidence::{self, Held};
use super::failure::{Exit, Failure};
use super::file;
use crate::custody::graph::{self, Graph};
use crate::ledger::{Ledger, LedgerError};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::report::{
    Called, CheckedSerials, SerialProofScreen, SerialsCheckScreen, SerialsScreen, SerialsVerdict, ShownTwice,
};
use crate::serials::{Kept, Proof, read_serial, shown_twice};

/// What to do with serial numbers.
#[derive(clap::Subcommand)]
#[command(about = "Put serial numbers behind one hash, and show single ones to whoever bought them")]
pub enum Command {
    /// Salt a list of serial numbers and print the root that a lot's record names
    #[command(after_help = "Example:\n  lodemark serials make rotors.txt --out rotors.serials.json")]
    Make {
        /// File with one serial number a line; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// File to keep, with the salts; never overwritten
        #[arg(long, value_name = "KEPT")]
        out: PathBuf,
    },
    /// Write a proof that some serial numbers are among those of a lot
    #[command(
        after_help = "Example:\n  lodemark serials prove rotors.serials.json --lot ROT-1 SN-0101 SN-0102 --out customer.json"
    )]
    Prove {
        /// File that `serials make` wrote
        #[arg(value_name = "KEPT")]
        kept: PathBuf,
        /// Lot that they are of: its label, or its reference
        #[arg(long, value_name = "LOT")]
        lot: String,
        /// Serial numbers to show
        #[arg(value_name = "SERIAL")]
        serials: Vec<String>,
        /// File with more of them, one a line
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// File to write
        #[arg(long, value_name = "PROOF")]
        out: PathBuf,
    },
    /// Check proofs, by themselves and against the records of their lots
    #[command(
        after_help = "Example:\n  lodemark serials check customer.json --evidence rotors.lode\n\nExit status: 0 every proof holds, 1 one does not or a number is shown for two lots, 3 no record says that the root\nis the lot's."
    )]
    Check {
        /// Proofs
        #[arg(value_name = "PROOF", required = true)]
        proofs: Vec<PathBuf>,
        /// Lot that they have to be of: its label, or its reference
        #[arg(long, value_name = "LOT")]
        lot: Option<String>,
        /// Export file that holds the lot's record; without any the ledger is asked, if there is one
        #[arg(long, value_name = "FILE")]
        evidence: Vec<PathBuf>,
    },
}

impl Command {
    /// Makes a list or a proof, or checks proofs.
    ///
    /// # Errors
    /// [`Failure`] for what cannot be read or written, and for a number that is not kept.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Make { file, out } => make(context, file, out),
            Self::Prove { kept, lot, serials, from, out } => {
                prove(context, kept, lot, serials, from.as_ref(), out)
            }
            Self::Check { proofs, lot, evidence } => check(context, proofs, lot.as_deref(), evidence),
        }
    }
}

fn make(context: &Context, list: &Path, out: &Path) -> Result<Exit, Failure> {
    if out.exists() {
        let hint = "the salts in it cannot be made again: write the new list to another file";
        return Err(Failure::usage(format!("`{}` is there already", out.display()), Some(hint.into())));
    }
    let kept = Kept::make(&file::text(list)?, &mut OsEntropy::new()?).map_err(|error| {
        let hint = error.hint();
        Failure::usage(format!("{}: {error}", list.display()), hint)
    })?;
    file::write(out, kept.to_json().as_bytes())?;
    context.print(&SerialsScreen { root: kept.root(), count: kept.serials().len(), file: out.to_owned() })?;
    Ok(Exit::Done)
}

/// Reads a file that `serials make` wrote.
///
/// # Errors
/// [`Failure`] for one that is none, or was changed.
pub fn read_kept(path: &Path) -> Result<Kept, Failure> {
    Kept::from_json(&file::text(path)?).map_err(|error| {
        let hint = error.hint();
        Failure::usage(format!("{}: {error}", path.display()), hint)
    })
}

fn prove(
    context: &Context,
    kept: &Path,
    lot: &str,
    given: &[String],
    from: Option<&PathBuf>,
    out: &Path,
) -> Result<Exit, Failure> {
    let kept = read_kept(kept)?;
    let mut serials: Vec<String> = given.to_vec();
    if let Some(path) = from {
        let text = file::text(path)?;
        serials.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let clean = |serial: &String| {
        read_serial(serial).map_err(|error| Failure::usage(format!("`{serial}`: {error}"), None))
    };
    let serials: Vec<String> = serials.iter().map(clean).collect::<Result<_, Failure>>()?;
    let held = held(context, &[])?;
    let lot = lot_meant(held.as_ref(), lot)?;
    let named = held.as_ref().and_then(|held| root_of(&held.examined.graph, &lot));
    let name = held.as_ref().and_then(|held| held.known.lot(&lot).name);
    let called = Called { id: lot, name };
    match named {
        Some(Named::Root(root)) if root != kept.root() => {
            let error = format!(
                "the record of lot `{}` names the root {root}, and these serial numbers have {}",
                called.text(context.style),
                kept.root()
            );
            let hint = "name the lot that was recorded with this list, or the list of this lot";
            return Err(Failure::refused(error, Some(hint.into())));
        }
        Some(Named::None) => {
            let error = format!("the record of lot `{}` names no serial numbers", called.text(context.style));
            let hint = "name the lot that was recorded with `--serials`";
            return Err(Failure::refused(error, Some(hint.into())));
        }
        _ => {}
    }
    let proof = Proof::of(&kept, lot, &serials).map_err(|error| {
        let hint = error.hint();
        Failure::usage(error, hint)
    })?;
    file::write(out, proof.to_json().as_bytes())?;
    context.print(&SerialProofScreen {
        lot: called,
        root: proof.root,
        shown: proof.serials.len(),
        size: proof.size,
        file: out.to_owned(),
        is_named_by_record: named.map(|named| matches!(named, Named::Root(_))),
    })?;
    Ok(Exit::Done)
}

fn check(
    context: &Context,
    files: &[PathBuf],
    lot: Option<&str>,
    evidence: &[PathBuf],
) -> Result<Exit, Failure> {
    let held = held(context, evidence)?;
    let graph = held.as_ref().map(|held| &held.examined.graph);
    let wanted = lot.map(|lot| lot_meant(held.as_ref(), lot)).transpose()?;
    let called = |lot: &LotRef| match &held {
        Some(held) => held.known.lot(lot),
        None => Called { id: *lot, name: None },
    };
    let is_same =
        |one: &LotRef, other: &LotRef| graph.is_some_and(|graph| is_handed_over_as(graph, one, other));
    let mut proofs = Vec::with_capacity(files.len());
    let mut checked = Vec::with_capacity(files.len());
    for path in files {
        let proof = Proof::from_json(&file::text(path)?).map_err(|error| {
            let hint = error.hint();
            Failure::usage(format!("{}: {error}", path.display()), hint)
        })?;
        let mut wrong: Vec<String> = proof.faults().iter().map(ToString::to_string).collect();
        if let Some(wanted) = wanted.filter(|wanted| *wanted != proof.lot && !is_same(wanted, &proof.lot)) {
            let (is, other) = (called(&proof.lot), called(&wanted));
            let (is, other) = (is.text(context.style), other.text(context.style));
            wrong.push(format!("it is a proof for lot {is}, not for {other}"));
        }
        let mut missing = Vec::new();
        match graph.and_then(|graph| root_of(graph, &proof.lot)) {
            Some(Named::Root(root)) if root == proof.root => {}
            Some(Named::Root(root)) => {
                wrong.push(format!(
                    "the record of the lot names the root {root}, and the proof leads to {}",
                    proof.root
                ));
            }
            Some(Named::None) => wrong.push("the record of the lot names no serial numbers".to_owned()),
            Some(Named::Withheld) => {
                missing.push("the record of the lot withholds its serial numbers".to_owned())
            }
            None => missing.push("no record is held here that says what the root of this lot is".to_owned()),
        }
        let verdict = match (wrong.is_empty(), missing.is_empty()) {
            (false, _) => SerialsVerdict::DoesNotHold,
            (true, false) => SerialsVerdict::NotEstablished,
            (true, true) => SerialsVerdict::Holds,
        };
        wrong.extend(missing);
        checked.push(CheckedSerials {
            file: path.clone(),
            lot: called(&proof.lot),
            root: proof.root,
            shown: proof.serials.len(),
            size: proof.size,
            verdict,
            why: wrong,
        });
        proofs.push(proof);
    }
    let twice: Vec<ShownTwice> = shown_twice(&proofs, is_same)
        .into_iter()
        .map(|one| ShownTwice { serial: one.serial, lots: one.lots.map(|lot| called(&lot)) })
        .collect();
    let worst = checked.iter().map(|one| one.verdict).max().unwrap_or(SerialsVerdict::NotEstablished);
    let verdict = if twice.is_empty() { worst } else { SerialsVerdict::DoesNotHold };
    context.print(&SerialsCheckScreen { verdict, proofs: checked, shown_twice: twice })?;
    Ok(match verdict {
        SerialsVerdict::Holds => Exit::Done,
        SerialsVerdict::NotEstablished => Exit::NotEstablished,
        SerialsVerdict::DoesNotHold => Exit::Fails,
    })
}

/// Reads the files, or without any the ledger, if there is one.
fn held(context: &Context, files: &[PathBuf]) -> Result<Option<Held>, Failure> {
    if files.is_empty() && matches!(Ledger::open(&context.ledger), Err(LedgerError::NotALedger { .. })) {
        return Ok(None);
    }
    evidence::gather(context, files).map(Some)
}

/// Returns the lot meant by a whole reference, or by a name among what is held.
fn lot_meant(held: Option<&Held>, given: &str) -> Result<LotRef, Failure> {
    if let Ok(lot) = given.parse() {
        return Ok(lot);
    }
    match held {
        Some(held) => held.lot(given),
        None => {
            let hint = "write the whole reference, or name files that hold the lot with `--evidence`";
            Err(Failure::usage(
                format!("nothing is held here in which `{given}` could be a lot"),
                Some(hint.into()),
            ))
        }
    }
}

/// What the record of a lot says of serial numbers.
enum Named {
    Root(crate::hash::Hash),
    None,
    Withheld,
}

fn root_of(graph: &Graph, lot: &LotRef) -> Option<Named> {
    Some(match graph.lot(lot)?.serials {
        Some(Maybe::Shown(root)) => Named::Root(root),
        Some(Maybe::Withheld) => Named::Withheld,
        None => Named::None,
    })
}

/// Whether one lot was handed over as the other: the same goods under two records.
fn is_handed_over_as(graph: &Graph, one: &LotRef, other: &LotRef) -> bool {
    let before = |lot: &LotRef| {
        let record = graph.creator(lot).filter(|record| record.event.body.is_pairwise())?;
        graph::inputs(record).get(lot.index as usize).map(|input| input.lot)
    };
    let leads_to = |from: &LotRef, to: &LotRef| {
        let mut at = Some(*from);
        let mut steps = 0;
        while let Some(lot) = at.filter(|_| steps <= graph.records().len()) {
            if lot == *to {
                return true;
            }
            at = before(&lot);
            steps += 1;
        }
        false
    };
    leads_to(one, other) || leads_to(other, one)
}
