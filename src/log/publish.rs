//! A log as files: entries go in one after the other, tiles come out as they fill.
//!
//! At most 256 hashes a level and one bundle of entries are in memory. Spec: docs/formats/log.md, "Tiles".

use super::range::Range;
use super::tiles::{TileKind, TilePath, WIDTH};
use super::tree::leaf_hash;
use crate::hash::Hash;

/// A file of a published log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TileFile {
    /// Where it lies below the folder of the log.
    pub path: TilePath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// An entry that is longer than any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {0} bytes, where one has at most 65535")]
pub struct EntryTooLong(pub usize);

/// Makes the tiles of a log from its entries in order.
#[derive(Clone, Debug, Default)]
pub struct Publisher {
    leaves: Range,
    /// Of each level the tile that is not full yet.
    levels: Vec<Level>,
    /// The entries of the bundle that is not full yet, each behind its length.
    bundle: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    full: u64,
    hashes: Vec<Hash>,
}

impl Level {
    fn file(&self, level: usize) -> TileFile {
        let kind = TileKind::Hashes { level: u8::try_from(level).expect("a log has at most eight levels") };
        TileFile {
            path: path(kind, self.full, self.hashes.len()),
            bytes: self.hashes.iter().flat_map(|hash| hash.0).collect(),
        }
    }
}

impl Publisher {
    /// Returns the publisher of a log without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry and returns the files that are full now. They never change again.
    ///
    /// # Errors
    /// [`EntryTooLong`], and then nothing is added.
    pub fn push(&mut self, entry: &[u8]) -> Result<Vec<TileFile>, EntryTooLong> {
        let length = u16::try_from(entry.len()).map_err(|_| EntryTooLong(entry.len()))?;
        let mut files = Vec::new();
        self.bundle.extend(length.to_be_bytes());
        self.bundle.extend(entry);
        let leaf = leaf_hash(entry);
        self.leaves.push(leaf);
        if self.leaves.size().is_multiple_of(u64::from(WIDTH)) {
            let path = path(TileKind::Entries, self.leaves.size() / u64::from(WIDTH) - 1, usize::from(WIDTH));
            files.push(TileFile { path, bytes: std::mem::take(&mut self.bundle) });
        }
        let mut up = Some(leaf);
        let mut number = 0;
        while let Some(hash) = up.take() {
            if number == self.levels.len() {
                self.levels.push(Level::default());
            }
            let level = &mut self.levels[number];
            level.hashes.push(hash);
            if level.hashes.len() == usize::from(WIDTH) {
                files.push(level.file(number));
                let mut whole = Range::new();
                whole.extend(level.hashes.drain(..));
                level.full += 1;
                up = Some(whole.root());
            }
            number += 1;
        }
        Ok(files)
    }

    /// Returns the files that are not full at this size. Each size has its own, under names of their own.
    pub fn partial(&self) -> Vec<TileFile> {
        let mut files = Vec::new();
        let width = (self.leaves.size() % u64::from(WIDTH)) as usize;
        if width > 0 {
            let path = path(TileKind::Entries, self.leaves.size() / u64::from(WIDTH), width);
            files.push(TileFile { path, bytes: self.bundle.clone() });
        }
        let open = self.levels.iter().enumerate().filter(|(_, level)| !level.hashes.is_empty());
        files.extend(open.map(|(number, level)| level.file(number)));
        files
    }

    /// Returns the leaves so far: their number and root.
    pub fn leaves(&self) -> &Range {
        &self.leaves
    }
}

fn path(kind: TileKind, index: u64, width: usize) -> TilePath {
    let width = u16::try_from(width).expect("a tile has at most 256 hashes");
    TilePath::new(kind, index, width).expect("entries that were counted are within the greatest log")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::tiles::ENTRY_MAX;
    use super::super::tree::Tree;
    use super::*;

    /// All files of a log of this size.
    fn files(size: u32) -> (Publisher, BTreeMap<String, Vec<u8>>) {
        let (mut publisher, mut files) = (Publisher::new(), BTreeMap::new());
        for entry in 0..size {
            let full = publisher.push(&entry.to_be_bytes()).unwrap();
            files.extend(full.into_iter().map(|file| (file.path.to_string(), file.bytes)));
        }
        files.extend(publisher.partial().into_iter().map(|file| (file.path.to_string(), file.bytes)));
        (publisher, files)
    }

    fn hash_tiles(size: u32) -> Vec<String> {
        files(size).1.into_keys().filter(|path| !path.starts_with("tile/entries")).collect()
    }

    #[test]
    fn an_empty_log_has_no_files_and_one_entry_makes_two() {
        assert!(files(0).1.is_empty());
        let one = files(1).1;
        assert_eq!(one["tile/entries/000.p/1"], [0, 4, 0, 0, 0, 0]);
        assert_eq!(one["tile/0/000.p/1"], leaf_hash(&[0; 4]).0);
        assert_eq!(one.len(), 2);
    }

    #[test]
    fn a_full_tile_stands_in_the_level_above_and_a_partial_one_does_not() {
        assert_eq!(hash_tiles(255), ["tile/0/000.p/255"]);
        assert_eq!(hash_tiles(256), ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(hash_tiles(257), ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
        let (publisher, files) = files(256);
        assert_eq!(files["tile/1/000.p/1"], publisher.leaves().root().0);
    }

    #[test]
    fn seventy_thousand_entries_make_the_tiles_that_the_specification_counts() {
        let tiles = hash_tiles(70_000);
        let of = |start: &str| tiles.iter().filter(|path| path.starts_with(start)).count();
        assert_eq!((of("tile/0/"), of("tile/1/"), of("tile/2/"), tiles.len()), (274, 2, 1, 277));
        for path in ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
            assert!(tiles.iter().any(|tile| tile == path), "{path}");
        }
        let leaves = (0..70_000_u32).map(|entry| leaf_hash(&entry.to_be_bytes())).collect();
        assert_eq!(files(70_000).0.leaves().root(), Tree::new(leaves).root());
    }

    #[test]
    fn the_longest_entry_fits_and_a_longer_one_changes_nothing() {
        let mut publisher = Publisher::new();
        assert!(publisher.push(&vec![1; ENTRY_MAX]).is_ok());
        let before = publisher.partial();
        assert_eq!(publisher.push(&vec![1; ENTRY_MAX + 1]), Err(EntryTooLong(ENTRY_MAX + 1)));
        assert_eq!(publisher.partial(), before);
    }
}
