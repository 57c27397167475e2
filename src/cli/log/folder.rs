//! A log as a folder of files: its checkpoint, and its tiles.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::failure::Failure;
use super::super::file;
use super::keys;
use crate::hash::RecordId;
use crate::log::checkpoint::Checkpoint;
use crate::log::note::{NOTE_MAX, Note};
use crate::log::pull::{PullError, record_ids};
use crate::log::tiles::TilePath;

/// Returns where the checkpoint of a folder is.
pub fn checkpoint_path(dir: &Path) -> PathBuf {
    dir.join("checkpoint")
}

/// Reads a note.
///
/// # Errors
/// [`Failure`] for a file that cannot be read or is none.
pub fn note(path: &Path) -> Result<Note, Failure> {
    let bytes = file::bytes_up_to(path, NOTE_MAX as u64)?;
    Note::parse(&bytes).map_err(|error| keys::unreadable(path, &error))
}

/// Reads the ids of a log from its folder, checked against a checkpoint of it.
///
/// # Errors
/// [`PullError`] for the first thing that is missing or does not fit.
pub fn ids(dir: &Path, checkpoint: &Checkpoint) -> Result<Vec<RecordId>, PullError> {
    record_ids(checkpoint, |path| read(dir, path))
}

/// Reads a tile; a byte more than it may have, so that a longer file is told from it.
fn read(dir: &Path, path: &TilePath) -> Option<Vec<u8>> {
    let file = dir.join(path.to_string());
    // A device has no end, and a pipe without a writer never answers.
    if !fs::metadata(&file).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(path.bytes_max() as u64 + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Writes a tile unless it is there; whether it was written.
///
/// # Errors
/// [`Failure`] for a place that cannot be written to, and for a file that holds something else: a tile never changes.
pub fn write(dir: &Path, path: &TilePath, bytes: &[u8]) -> Result<bool, Failure> {
    let file = dir.join(path.to_string());
    if file.exists() {
        return match read(dir, path).as_deref() == Some(bytes) {
            true => Ok(false),
            false => {
                let hint = "something else was published here, or the file is damaged: compare it with `log pull`, and \
                            publish into a new folder";
                Err(Failure::refused(
                    format!("`{}` holds something else than this log has there", file.display()),
                    Some(hint.into()),
                ))
            }
        };
    }
    let parent = file.parent().expect("a tile lies below the folder");
    fs::create_dir_all(parent).map_err(|error| Failure::file("make", parent, &error))?;
    file::write(&file, bytes)?;
    Ok(true)
}
