//! Joining ascending sources of index entries into one.

use super::entry::Entry;
use super::error::StoreError;

/// Entries in ascending order; nothing follows an error.
pub(super) type Source = Box<dyn Iterator<Item = Result<Entry, StoreError>>>;

/// Joins ascending sources into one; each entry comes with the position of its source. Ends after an error.
pub(super) struct Merge {
    sources: Vec<(Option<Entry>, Source)>,
    failed: Option<StoreError>,
    ended: bool,
}

impl Merge {
    pub(super) fn new(sources: Vec<Source>) -> Self {
        let mut merge = Self { sources: Vec::new(), failed: None, ended: false };
        for mut source in sources {
            let first = merge.draw(&mut source);
            merge.sources.push((first, source));
        }
        merge
    }

    fn draw(&mut self, source: &mut Source) -> Option<Entry> {
        match source.next()? {
            Ok(entry) => Some(entry),
            Err(e) => {
                self.failed.get_or_insert(e);
                None
            }
        }
    }
}

impl Iterator for Merge {
    type Item = Result<(Entry, usize), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if let Some(e) = self.failed.take() {
            self.ended = true;
            return Some(Err(e));
        }
        let heads = self.sources.iter().enumerate().filter_map(|(at, (head, _))| Some(((*head)?, at)));
        let (entry, at) = heads.min()?;
        let mut source = std::mem::replace(&mut self.sources[at].1, Box::new(std::iter::empty()));
        self.sources[at].0 = self.draw(&mut source);
        self.sources[at].1 = source;
        Some(Ok((entry, at)))
    }
}
