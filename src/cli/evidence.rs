//! What is to be verified: export files and capsules that are named, or else the ledger.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::Failure;
use super::{file, naming};
use crate::capsule::{self, CAPSULE_MAX};
use crate::custody::graph::Graph;
use crate::hash::RecordId;
use crate::ledger::{Ledger, export_file};
use crate::model::day::Day;
use crate::model::lotref::LotRef;
use crate::model::nearest::nearest;
use crate::model::record::Record;
use crate::report::Known;
use crate::verify::{Evidence, Examined, examine};

/// Everything examined, and what things in it are called.
pub struct Held {
    /// What the bytes establish.
    pub examined: Examined,
    /// Names and labels.
    pub known: Known,
    /// The newest record of the ledger's own chain, where a ledger is read.
    pub newest: Option<RecordId>,
    /// Lots that the capsules read are about, ascending.
    pub about: Vec<LotRef>,
}

/// Reads and examines `files`, or without any the ledger.
///
/// A damaged file is read as far as it goes; what is wrong with it becomes a finding.
///
/// # Errors
/// [`Failure`] for a file that cannot be read at all, or a ledger that cannot be opened.
pub fn gather(context: &Context, files: &[PathBuf]) -> Result<Held, Failure> {
    gather_known_at(context, files, None)
}

/// Does the same with what was signed by the end of a day, as its authors claim; all of it without a day.
///
/// # Errors
/// Those of [`gather`].
pub fn gather_known_at(context: &Context, files: &[PathBuf], day: Option<Day>) -> Result<Held, Failure> {
    let mut evidence = Evidence::default();
    let mut ledger = None;
    let mut about = Vec::new();
    for path in files {
        let (more, lots) = of_file(path)?;
        evidence.join(more);
        about.extend(lots);
    }
    if files.is_empty() {
        let opened = Ledger::open(&context.ledger)?;
        evidence = opened.evidence();
        ledger = Some(opened);
    }
    if let Some(day) = day {
        evidence = evidence.known_at(day);
    }
    let progress = context.progress("checking", evidence.pieces.len() as u64);
    let examined = examine(evidence);
    progress.finish_and_clear();
    let mut known = Known::of_graph(&examined.graph);
    let mut newest = None;
    if let Some(ledger) = ledger {
        naming::own_names(&ledger, &mut known);
        newest = ledger.find_record("last").ok();
    }
    about.sort_unstable();
    about.dedup();
    Ok(Held { examined, known, newest, about })
}

/// Whether a path is that of a capsule, by its first bytes.
pub fn is_capsule(path: &Path) -> bool {
    let mut first = [0; capsule::MAGIC.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == *capsule::MAGIC
}

/// Reads a capsule, with the lots it is about, or an export file as far as it goes.
///
/// # Errors
/// [`Failure`] for a file that cannot be read at all, or is neither. Of a capsule whose layout is broken nothing is used.
fn of_file(path: &Path) -> Result<(Evidence, Vec<LotRef>), Failure> {
    let name = path.display().to_string();
    // Of what can be no capsule no more is read than shows it.
    let bytes = match is_capsule(path) {
        true => file::bytes_up_to(path, CAPSULE_MAX as u64)?,
        false => file::bytes(path)?,
    };
    if bytes.starts_with(capsule::MAGIC) {
        let capsule = capsule::read(&bytes)
            .map_err(|error| Failure::refused(format!("`{name}`: {error}"), error.hint()))?;
        return Ok((capsule::evidence(&capsule, &name), capsule.lots));
    }
    let salvaged = export_file::read_lenient(&bytes, &name);
    let is_none = salvaged.damage.iter().any(|error| matches!(error.fault, export_file::Fault::NotAnExport));
    if is_none && salvaged.pieces.is_empty() {
        let hint = "name a file that `export` or `capsule make` wrote";
        return Err(Failure::usage(format!("`{name}` is no export file and no capsule"), Some(hint.into())));
    }
    let damage = salvaged.damage.into_iter().map(|error| (name.clone(), error.to_string())).collect();
    Ok((Evidence { pieces: salvaged.pieces, damage, ..Evidence::default() }, Vec::new()))
}

/// What one path holds.
pub struct Source {
    /// Its records, unchecked.
    pub evidence: Evidence,
    /// The ledger, if it is one.
    pub ledger: Option<Ledger>,
}

/// Reads the ledger in a directory, an export file or a capsule.
///
/// # Errors
/// [`Failure`] for a file that cannot be read at all, or a ledger that cannot be opened.
pub fn of_path(path: &Path) -> Result<Source, Failure> {
    if !path.is_dir() {
        return Ok(Source { evidence: of_file(path)?.0, ledger: None });
    }
    let ledger = Ledger::open(path)?;
    Ok(Source { evidence: ledger.evidence(), ledger: Some(ledger) })
}

impl Held {
    /// Returns the lot meant by a label, a reference, or the prefix of one.
    ///
    /// A label that several lots bear through handovers means the last of them: the one that nothing used.
    ///
    /// # Errors
    /// [`Failure`] for a name that no lot has, or several have.
    pub fn lot(&self, given: &str) -> Result<LotRef, Failure> {
        let graph = &self.examined.graph;
        let mut lots: Vec<LotRef> =
            self.known.lots.iter().filter(|(_, name)| *name == given).map(|(lot, _)| *lot).collect();
        if lots.is_empty() {
            lots = by_reference(graph, given);
        }
        let open: Vec<LotRef> = lots.iter().filter(|lot| graph.uses(lot).is_empty()).copied().collect();
        if lots.len() > 1 && !open.is_empty() {
            lots = open;
        }
        match lots[..] {
            [lot] => Ok(lot),
            [] => Err(self.unknown(given)),
            _ => {
                lots.sort_unstable();
                let candidates: Vec<String> = lots.iter().take(8).map(LotRef::short).collect();
                let hint = format!("write one of {}", candidates.join(", "));
                Err(Failure::usage(format!("`{given}` is the label of {} lots", lots.len()), Some(hint)))
            }
        }
    }

    /// Returns the record meant by `last` (the newest own one), the label of a lot it created, or an id or its prefix.
    ///
    /// # Errors
    /// [`Failure`] for a name that no record has, or several have.
    pub fn record(&self, given: &str) -> Result<&Record, Failure> {
        let graph = &self.examined.graph;
        if let Some(newest) = self.newest.filter(|_| given == "last").and_then(|id| graph.record(&id)) {
            return Ok(newest);
        }
        let by_id =
            graph.records().iter().filter(|one| given.len() >= 16 && one.id.to_hex().starts_with(given));
        let mut found: Vec<&Record> = by_id.collect();
        if found.is_empty() {
            // A lot keeps its label through a handover; what first bore it is meant.
            let lots = graph.by_label(given);
            let made = lots.iter().filter_map(|lot| graph.creator(lot));
            let (passed_on, made): (Vec<&Record>, Vec<&Record>) =
                made.partition(|record| record.event.body.is_pairwise());
            found = if made.is_empty() { passed_on } else { made };
            found.dedup_by_key(|record| record.id);
        }
        match found[..] {
            [record] => Ok(record),
            [] => Err(self.unknown(given)),
            _ => {
                let ids: Vec<String> = found.iter().take(8).map(|record| record.id.short()).collect();
                let hint = format!("write one of {}", ids.join(", "));
                Err(Failure::usage(format!("`{given}` may be {} records", found.len()), Some(hint)))
            }
        }
    }

    /// A name that nothing has is a slip of the reader's; not so where part of the evidence could not be read.
    fn unknown(&self, given: &str) -> Failure {
        if let [first, rest @ ..] = &self.examined.refused[..] {
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
            let error = format!(
                "no lot called `{given}` is among what could be read; not read: {}: {}{more}",
                first.source, first.why
            );
            return Failure::refused(error, Some("ask the sender for an undamaged copy".into()));
        }
        let labels = || self.known.lots.values().map(String::as_str);
        let mut known: Vec<&str> = labels().collect();
        known.sort_unstable();
        known.dedup();
        let is_file = std::path::Path::new(given).is_file();
        let hint = match nearest(given, labels()) {
            _ if is_file => Some(format!("name the lot first; `audit {given}` lists what is in the file")),
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(format!("lots here are {}", known[..known.len().min(12)].join(", "))),
        };
        Failure::usage(format!("no lot here is called `{given}`"), hint)
    }
}

fn by_reference(graph: &Graph, given: &str) -> Vec<LotRef> {
    let (record, index) = match given.split_once(':') {
        Some((record, index)) => (record, index.parse::<u32>().ok()),
        None => (given, None),
    };
    if record.len() < 16 {
        return Vec::new();
    }
    let fits = |id: &RecordId| id.to_hex().starts_with(record);
    let records = graph.records().iter().filter(|held| fits(&held.id));
    let lots = records.flat_map(|record| crate::custody::graph::outputs(record).map(|(lot, _)| lot));
    lots.filter(|lot| index.is_none_or(|index| lot.index == index)).collect()
}
