//! How far the store has been acknowledged, kept beside the database.
//!
//! After a crash the database recovers by cutting its log at the first thing it cannot read, and a flipped
//! bit looks the same as a crash: everything behind it would be gone without a word. This file remembers
//! the last commit whose caller was told "done", so that opening can tell. It is written after the commit is
//! on disk and not synced itself: it may lag behind after a loss of power, and is never ahead.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::files;
use crate::hash;

/// The number of commits and of records acknowledged so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) commits: u64,
    pub(super) records: u64,
}

impl Mark {
    /// The form kept in the database.
    pub(super) fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.commits.to_be_bytes());
        bytes[8..].copy_from_slice(&self.records.to_be_bytes());
        bytes
    }

    /// Reads what [`Mark::to_bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (commits, records) = bytes.split_first_chunk::<8>()?;
        let records: [u8; 8] = records.try_into().ok()?;
        Some(Self { commits: u64::from_be_bytes(*commits), records: u64::from_be_bytes(records) })
    }
}

/// The open file.
pub(super) struct Acknowledged {
    file: File,
    path: PathBuf,
}

impl Acknowledged {
    /// Makes the file in `dir`, durably.
    pub(super) fn create(dir: &Path, mark: Mark) -> Result<Self, StoreError> {
        let path = dir.join("acknowledged");
        files::replace(&path, line(mark).as_bytes()).map_err(|e| StoreError::io(&path, e))?;
        let file = OpenOptions::new().write(true).open(&path).map_err(|e| StoreError::io(&path, e))?;
        Ok(Self { file, path })
    }

    /// Opens the file in `dir` and reads the mark; `None` when it is missing or not as written.
    pub(super) fn open(dir: &Path) -> Result<(Self, Option<Mark>), StoreError> {
        let path = dir.join("acknowledged");
        let failed = |e| StoreError::io(&path, e);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        let mut text = Vec::new();
        // A line is short; a file that was swapped for a huge one is not read whole.
        (&mut file).take(200).read_to_end(&mut text).map_err(failed)?;
        let mark = std::str::from_utf8(&text).ok().and_then(read);
        Ok((Self { file, path }, mark))
    }

    /// Replaces the mark in place, in one write.
    pub(super) fn write(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.file.write_all(line(mark).as_bytes()))
            .map_err(|e| StoreError::io(&self.path, e))
    }
}

/// One line of fixed length, so that it is overwritten in place and needs no new room.
fn line(mark: Mark) -> String {
    let text = format!("{:020} commits, {:020} records", mark.commits, mark.records);
    let check = hash::sha256(&[text.as_bytes()]).to_hex();
    format!("{text}, check {}\n", &check[..16])
}

fn read(text: &str) -> Option<Mark> {
    let (commits, rest) = text.split_once(" commits, ")?;
    let (records, _) = rest.split_once(" records")?;
    let mark = Mark { commits: commits.parse().ok()?, records: records.parse().ok()? };
    (line(mark) == text).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_any_flipped_byte_is_noticed() {
        let mark = Mark { commits: 12, records: u64::MAX };
        let text = line(mark);
        assert_eq!(read(&text), Some(mark));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert_eq!(std::str::from_utf8(&bytes).ok().and_then(read), None, "byte {at}");
        }
    }
}
