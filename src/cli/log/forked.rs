//! Proofs of forks as files.

use std::path::{Path, PathBuf};

use super::super::failure::Failure;
use super::super::file;
use crate::hash::sha256;
use crate::ledger::Ledger;
use crate::log::checkpoint::LogId;
use crate::log::fork::LogFork;
use crate::log::note::Note;
use crate::log::tree::Tree;

/// Returns the proof that two checkpoints of a log contradict each other; the smaller first, `larger` the leaves of the other.
///
/// `None` where they do not, or the first record of the party, which makes its id, is not held.
///
/// # Errors
/// [`Failure`] for a ledger that cannot be read.
pub fn proof(
    ledger: Option<&Ledger>,
    log: &LogId,
    notes: [&Note; 2],
    larger: Option<&Tree>,
) -> Result<Option<LogFork>, Failure> {
    let founding = ledger.map(|ledger| ledger.founding(&log.party)).transpose()?.flatten();
    let Some((key, recovery)) = founding else { return Ok(None) };
    let roots = LogFork::of_roots(&key, recovery, notes);
    Ok(match (roots, larger) {
        (Ok(fork), _) => Some(fork),
        (Err(_), Some(larger)) => LogFork::of_prefix(&key, recovery, notes, larger).ok(),
        (Err(_), None) => None,
    })
}

/// Writes a proof into a directory, under a name that its contents give.
///
/// # Errors
/// [`Failure`] for a directory that cannot be written to.
pub fn write(dir: &Path, fork: &LogFork) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(dir).map_err(|error| Failure::file("make", dir, &error))?;
    let text = fork.to_string();
    let path = dir.join(format!("log-fork-{}.proof", &sha256(&[text.as_bytes()]).to_hex()[..16]));
    file::write(&path, text.as_bytes())?;
    Ok(path)
}
