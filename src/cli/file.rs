//! Reading files that people name on the command line.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use super::failure::Failure;
use crate::entry::{self, Draft, Format};
use crate::hash::{self, Hash};

/// Standard input, as people name it.
const STDIN: &str = "-";

/// Reads a text; `-` is standard input.
///
/// # Errors
/// [`Failure`] for a file that cannot be read or is no UTF-8.
pub fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let hint = "save it as UTF-8";
        Failure::usage(
            format!("`{}` is no text: byte {offset} is not UTF-8", path.display()),
            Some(hint.into()),
        )
    })
}

/// Reads the bytes of a file; `-` is standard input.
///
/// # Errors
/// [`Failure`] for a file that cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    bytes_up_to(path, u64::MAX)
}

/// Reads the bytes of a file of at most `most` bytes; `-` is standard input.
///
/// # Errors
/// [`Failure`] for a file that cannot be read or is longer; no more than one byte beyond is read of it.
pub fn bytes_up_to(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // A device has no end, and a pipe without a writer never answers.
    let is_other = path.as_os_str() != STDIN && std::fs::metadata(path).is_ok_and(|found| !found.is_file());
    if is_other {
        let hint = "name a file, or pipe into `-`";
        return Err(Failure::stopped(format!("`{}` is no regular file", path.display()), Some(hint.into())));
    }
    let read = if path.as_os_str() == STDIN {
        std::io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::file("read", path, &error))?;
    if bytes.len() as u64 > most {
        return Err(Failure::stopped(format!("`{}` has more than {most} bytes", path.display()), None));
    }
    Ok(bytes)
}

/// Events on their way into the ledger, and where each was written.
#[derive(Default)]
pub struct Events {
    /// The events.
    pub drafts: Vec<Draft>,
    /// What stands in front of an error about each: the file and the line. Fewer where that is not known.
    places: Vec<String>,
}

impl From<Vec<Draft>> for Events {
    fn from(drafts: Vec<Draft>) -> Self {
        Self { drafts, places: Vec::new() }
    }
}

impl Events {
    /// Returns the places alone, to be asked while the events are used up.
    pub fn split(self) -> (Vec<Draft>, Places) {
        (self.drafts, Places(self.places))
    }
}

/// Where events were written.
pub struct Places(Vec<String>);

impl Places {
    /// Says of a failure in which line of which file the event `number`, from 0, begins.
    pub fn placed(&self, number: usize, failure: Failure) -> Failure {
        match self.0.get(number) {
            Some(place) => Failure { error: format!("{place}: {}", failure.error), ..failure },
            None => failure,
        }
    }
}

/// Reads a file of events; JSON if its name or first character says so, else TOML.
///
/// # Errors
/// [`Failure`] naming the file, the line, the event and the field.
pub fn events(path: &Path) -> Result<Events, Failure> {
    let text = text(path)?;
    let is_json = path.extension().is_some_and(|extension| extension == "json")
        || path.extension().is_none() && text.trim_start().starts_with('{');
    let format = if is_json { Format::Json } else { Format::Toml };
    let lines = entry::lines(&text, format);
    let place = |line: &usize| format!("{} line {line}", path.display());
    let drafts = entry::read(&text, format).map_err(|error| {
        let hint = error.hint();
        let line = error.event.and_then(|number| lines.get(number - 1));
        let place = line.map_or_else(|| path.display().to_string(), place);
        Failure::usage(format!("{place}: {error}"), hint)
    })?;
    let places = if lines.len() == drafts.len() { lines.iter().map(place).collect() } else { Vec::new() };
    Ok(Events { drafts, places })
}

/// Returns SHA-256 and length of a file, which may be of any size.
///
/// # Errors
/// [`Failure`] for a file that cannot be read.
pub fn hash(path: &Path) -> Result<(Hash, u64), Failure> {
    let failed = |error| Failure::file("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    hash::sha256_of(&mut file).map_err(failed)
}

/// Returns the 64 hex digits given, or the hash of the file named.
///
/// # Errors
/// [`Failure`] for a file that cannot be read.
pub fn hash_of(text: &str) -> Result<String, Failure> {
    match Hash::from_hex(text) {
        Some(hash) => Ok(hash.to_hex()),
        None => Ok(hash(Path::new(text))?.0.to_hex()),
    }
}

/// Returns the media type that the name of a file tells.
pub fn media_type(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// Writes a file whole: first under another name beside it, then renamed.
///
/// # Errors
/// [`Failure`] for a place that cannot be written to; what was there then stands.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::file("write", path, &error);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let written = File::create(beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| std::fs::rename(beside, path)) {
        // The first failure is the one to report.
        let _ = std::fs::remove_file(beside);
        return Err(failed(error));
    }
    Ok(())
}
