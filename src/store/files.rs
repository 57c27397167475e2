//! Small files written so that a crash leaves the old text or the new one, never half of it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Replaces the file at `path` by `text`: temporary file, sync, rename, sync of the directory.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".new");
    let temporary = path.with_file_name(name);
    let mut file = File::create(&temporary)?;
    file.write_all(text)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    sync_dir(parent(path))
}

/// Makes a directory, and its name durable.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir(dir)?;
    sync_dir(parent(dir))
}

/// Makes the names in `dir` durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    // Directories cannot be opened for syncing everywhere; where they cannot, names are durable by themselves.
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Returns the directory that `path` is in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
