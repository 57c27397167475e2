//! A log read back from its files, and checked against a checkpoint of it.
//!
//! The files may be those of a later size, and may come from anybody: whatever differs from what the checkpoint
//! commits to is refused. Spec: docs/formats/log.md, "Tiles".

use super::checkpoint::Checkpoint;
use super::publish::{Publisher, TileFile};
use super::tiles::{TileKind, TilePath, WIDTH};
use crate::hash::RecordId;

/// Why files are not the log that a checkpoint commits to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PullError {
    /// A file is not there.
    #[error("the file `{0}` is missing")]
    Missing(TilePath),
    /// A bundle does not hold as many entries as it should, or ends inside one.
    #[error("the file `{0}` does not hold the entries that its name says")]
    Bundle(TilePath),
    /// An entry is no record id.
    #[error("entry {index} has {length} bytes, where a record id has 32")]
    NotAnId {
        /// Its index, from 0.
        index: u64,
        /// Its length.
        length: usize,
    },
    /// A tile holds other hashes than the entries make.
    #[error("the file `{0}` does not hold the hashes that the entries make")]
    Tile(TilePath),
    /// The entries make another root.
    #[error("the entries make another root than that of the checkpoint of size {0}")]
    WrongRoot(u64),
}

/// Reads the record ids of a party's log from its files.
///
/// `read` gives the file at a path, or nothing. A caller need not read more of it than [`TilePath::bytes_max`] and a byte.
///
/// # Errors
/// [`PullError`] for the first thing that is wrong.
pub fn record_ids(
    checkpoint: &Checkpoint,
    read: impl FnMut(&TilePath) -> Option<Vec<u8>>,
) -> Result<Vec<RecordId>, PullError> {
    let mut ids = Vec::new();
    entries(checkpoint, read, |index, entry| {
        let id = entry.try_into().map_err(|_| PullError::NotAnId { index, length: entry.len() })?;
        ids.push(RecordId::from_bytes(id));
        Ok(())
    })?;
    Ok(ids)
}

/// Reads the entries of any log from its files, in order, and checks every tile and the root.
///
/// Nothing that `each` is given is known to be in the log until this returns `Ok`.
///
/// # Errors
/// [`PullError`] for the first thing that is wrong, or what `each` gives.
pub fn entries(
    checkpoint: &Checkpoint,
    mut read: impl FnMut(&TilePath) -> Option<Vec<u8>>,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), PullError>,
) -> Result<(), PullError> {
    let mut made = Publisher::new();
    while made.leaves().size() < checkpoint.size() {
        let at = made.leaves().size();
        let width = (checkpoint.size() - at).min(u64::from(WIDTH)) as u16;
        let path = TilePath::new(TileKind::Entries, at / u64::from(WIDTH), width);
        let path = path.expect("a checkpoint has a size that a log can have");
        let (found, bytes) = lookup(&path, &mut read)?;
        let bundle = split(&bytes, found.width()).ok_or(PullError::Bundle(found))?;
        for (index, entry) in (at..).zip(&bundle[..usize::from(width)]) {
            each(index, entry)?;
            let full = made.push(entry).map_err(|_| PullError::Bundle(found))?;
            full.iter().try_for_each(|file| compare(file, &mut read))?;
        }
    }
    made.partial().iter().try_for_each(|file| compare(file, &mut read))?;
    match made.leaves().root() == *checkpoint.root() {
        true => Ok(()),
        false => Err(PullError::WrongRoot(checkpoint.size())),
    }
}

/// Returns the file at a path, or the full one that took its place when the log grew.
fn lookup(
    path: &TilePath,
    read: &mut impl FnMut(&TilePath) -> Option<Vec<u8>>,
) -> Result<(TilePath, Vec<u8>), PullError> {
    let found = [Some(*path), path.full()].into_iter().flatten().find_map(|path| Some((path, read(&path)?)));
    found.ok_or(PullError::Missing(*path))
}

/// Takes a bundle apart into just as many entries as it should have.
fn split(bundle: &[u8], width: u16) -> Option<Vec<&[u8]>> {
    let mut rest = bundle;
    let mut entries = Vec::with_capacity(usize::from(width));
    for _ in 0..width {
        let (length, after) = rest.split_first_chunk()?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = after;
    }
    rest.is_empty().then_some(entries)
}

/// Compares a tile of hashes with the one that the entries make.
fn compare(made: &TileFile, read: &mut impl FnMut(&TilePath) -> Option<Vec<u8>>) -> Result<(), PullError> {
    if made.path.kind() == TileKind::Entries {
        return Ok(());
    }
    let (found, bytes) = lookup(&made.path, read)?;
    let whole = bytes.len() == found.bytes_max();
    if whole && bytes.starts_with(&made.bytes) { Ok(()) } else { Err(PullError::Tile(found)) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::checkpoint::LogId;
    use super::super::range::{MAX_SIZE, Range};
    use super::super::tree::leaf_hash;
    use super::*;
    use crate::hash::{Hash, PartyId, sha256};

    type Files = BTreeMap<TilePath, Vec<u8>>;

    const LOG: LogId = LogId { party: PartyId::ZERO, epoch: 0 };

    fn id(index: u64) -> RecordId {
        RecordId(sha256(&[&index.to_be_bytes()]))
    }

    fn checkpoint(size: u64) -> Checkpoint {
        let mut leaves = Range::new();
        leaves.extend((0..size).map(|index| leaf_hash(id(index).as_bytes())));
        Checkpoint::of_range(LOG, &leaves)
    }

    /// The files of a log that was published at each of these sizes.
    fn files(sizes: &[u64]) -> Files {
        let (mut publisher, mut files) = (Publisher::new(), Files::new());
        for size in sizes {
            for index in publisher.leaves().size()..*size {
                let full = publisher.push(id(index).as_bytes()).unwrap();
                files.extend(full.into_iter().map(|file| (file.path, file.bytes)));
            }
            files.extend(publisher.partial().into_iter().map(|file| (file.path, file.bytes)));
        }
        files
    }

    fn pull(files: &Files, checkpoint: &Checkpoint) -> Result<Vec<RecordId>, PullError> {
        record_ids(checkpoint, |path| files.get(path).cloned())
    }

    #[test]
    fn a_log_is_read_back_at_every_size_it_was_published_at() {
        let sizes = [0, 1, 7, 255, 256, 257, 511, 512, 600];
        let files = files(&sizes);
        for size in sizes {
            let ids: Vec<_> = (0..size).map(id).collect();
            assert_eq!(pull(&files, &checkpoint(size)), Ok(ids), "{size}");
        }
        assert!(matches!(pull(&files, &checkpoint(601)), Err(PullError::Missing(_))));
    }

    #[test]
    fn full_tiles_stand_in_for_partial_ones_that_are_gone() {
        let mut grown = files(&[255, 256]);
        let partial = |path: &TilePath| path.width() == 255;
        assert_eq!(grown.keys().filter(|path| partial(path)).count(), 2);
        grown.retain(|path, _| !partial(path));
        assert_eq!(pull(&grown, &checkpoint(255)).map(|ids| ids.len()), Ok(255));
        // At a size that was never published, the level above has no tile of just this width, and no full one.
        let gone = TilePath::new(TileKind::Hashes { level: 1 }, 0, 1).unwrap();
        assert_eq!(pull(&files(&[512]), &checkpoint(256)), Err(PullError::Missing(gone)));
    }

    #[test]
    fn files_of_another_log_are_refused_by_the_root() {
        let other = Checkpoint::of(LOG, 7, Hash([7; 32])).unwrap();
        assert_eq!(pull(&files(&[7]), &other), Err(PullError::WrongRoot(7)));
    }

    #[test]
    fn a_size_that_no_folder_holds_ends_at_the_first_file_that_is_missing() {
        let huge = Checkpoint::of(LOG, MAX_SIZE, Hash([7; 32])).unwrap();
        let mut asked = 0;
        let refused = record_ids(&huge, |_| {
            asked += 1;
            None
        });
        assert!(matches!(refused, Err(PullError::Missing(_))));
        assert_eq!(asked, 1);
    }

    #[test]
    fn each_missing_or_damaged_file_is_named() {
        let good = files(&[300]);
        assert_eq!(good.len(), 5);
        for path in good.keys() {
            let mut files = good.clone();
            files.remove(path);
            assert_eq!(pull(&files, &checkpoint(300)), Err(PullError::Missing(*path)));
            for length in [good[path].len() - 1, good[path].len() + 1] {
                let mut files = good.clone();
                files.get_mut(path).unwrap().resize(length, 0);
                let expect = match path.kind() {
                    TileKind::Entries => PullError::Bundle(*path),
                    TileKind::Hashes { .. } => PullError::Tile(*path),
                };
                assert_eq!(pull(&files, &checkpoint(300)), Err(expect));
            }
        }
    }

    #[test]
    fn an_entry_that_is_no_record_id_is_refused() {
        let mut publisher = Publisher::new();
        publisher.push(&[7; 31]).unwrap();
        let files: Files = publisher.partial().into_iter().map(|file| (file.path, file.bytes)).collect();
        let checkpoint = Checkpoint::of_range(LOG, publisher.leaves());
        assert_eq!(pull(&files, &checkpoint), Err(PullError::NotAnId { index: 0, length: 31 }));
    }

    proptest! {
        #[test]
        fn no_file_with_a_changed_byte_passes(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), with in 1u8..) {
            let mut files = files(&[300]);
            let path = *file.get(&files.keys().copied().collect::<Vec<_>>());
            let bytes = files.get_mut(&path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            prop_assert!(pull(&files, &checkpoint(300)).is_err());
        }
    }
}
