//! One sorted run of index entries: written in pages, walked, searched.
//!
//! A page holds entries of one kind, ascending, at least one. Its key is the number of its run and its first entry.

use super::engine::{Bytes, Changes, Cursor, Engine, MAX_VALUE, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::filter::Filter;
use super::layout::number_at_end;

/// What is known of one run without reading it.
pub(super) struct Run {
    pub(super) number: u32,
    pub(super) entries: u64,
    pub(super) filter: Filter,
}

/// Fills the pages of one run.
pub(super) struct Writer {
    run: Run,
    first: Option<Entry>,
    page: Vec<u8>,
    written: u64,
}

impl Writer {
    pub(super) fn new(number: u32, entries: u64) -> Self {
        let run = Run { number, entries, filter: Filter::new(entries) };
        Self { run, first: None, page: Vec::with_capacity(MAX_VALUE), written: 0 }
    }

    pub(super) fn add(&mut self, changes: &mut Changes, entry: Entry) {
        let bytes = entry.as_bytes();
        // A page holds one kind only, so that it can be searched by halves.
        let same_kind = self.first.is_none_or(|first| first.index() == entry.index());
        if self.page.len() + bytes.len() > MAX_VALUE || !same_kind {
            self.close_page(changes);
        }
        self.first.get_or_insert(entry);
        self.page.extend_from_slice(bytes);
        self.run.filter.insert(entry.prefix());
        self.written += 1;
    }

    fn close_page(&mut self, changes: &mut Changes) {
        if let Some(first) = self.first.take() {
            changes.put(Tree::Runs, page_key(self.run.number, &first), self.page.as_slice());
            self.page.clear();
        }
    }

    pub(super) fn finish(mut self, changes: &mut Changes) -> Run {
        self.close_page(changes);
        debug_assert_eq!(self.written, self.run.entries, "runs hold no entry twice");
        for (part, bytes) in (0u32..).zip(self.run.filter.to_bytes().chunks(MAX_VALUE)) {
            changes.put(Tree::Filters, [self.run.number.to_be_bytes(), part.to_be_bytes()].concat(), bytes);
        }
        self.run
    }
}

/// Adds to `numbers` those of the entries in `run` that have `prefix`; `low` is the least there could be.
pub(super) fn search(
    engine: &Engine,
    run: u32,
    low: &Entry,
    prefix: &[u8],
    numbers: &mut Vec<u64>,
) -> Result<(), StoreError> {
    let of_run = run.to_be_bytes();
    let mut at = page_key(run, low);
    let mut page = engine.at_or_before(Tree::Runs, &at)?.filter(|(key, _)| key.starts_with(&of_run));
    if page.is_none() {
        page = engine.at_or_after(Tree::Runs, &at)?;
    }
    while let Some((key, value)) = page.filter(|(key, _)| key.starts_with(&of_run)) {
        let found = Page::new(value)?.numbers(low, prefix);
        numbers.extend(found.numbers);
        if found.ends_inside {
            break;
        }
        at = key.to_vec();
        at.push(0);
        page = engine.at_or_after(Tree::Runs, &at)?;
    }
    Ok(())
}

/// Adds to `entries` those in `run` that begin with the bytes of `prefix`; `low` is the least there could be.
pub(super) fn beginning_with(
    engine: &Engine,
    run: u32,
    low: &Entry,
    prefix: &[u8],
    entries: &mut Vec<Entry>,
) -> Result<(), StoreError> {
    let of_run = run.to_be_bytes();
    let first = engine.at_or_before(Tree::Runs, &page_key(run, low))?.map(|(key, _)| key);
    let from = first.filter(|key| key.starts_with(&of_run));
    for page in engine.from(Tree::Runs, from.as_deref().unwrap_or(&of_run))? {
        let (key, value) = page?;
        let page = Page::new(value)?;
        let is_past = page.entry(0) > low.as_bytes() && !page.entry(0).starts_with(prefix);
        if !key.starts_with(&of_run) || is_past {
            break;
        }
        for entry in page {
            entries.extend(entry.map(|entry| Some(entry).filter(|e| e.as_bytes().starts_with(prefix)))?);
        }
    }
    Ok(())
}

/// Walks the entries of one run.
pub(super) fn walk(engine: &Engine, run: u32) -> Result<RunWalk, StoreError> {
    Ok(RunWalk { cursor: engine.prefix(Tree::Runs, &run.to_be_bytes())?, page: None, last: None })
}

pub(super) struct RunWalk {
    cursor: Cursor,
    page: Option<Page>,
    last: Option<Entry>,
}

impl Iterator for RunWalk {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.page.as_mut().and_then(Iterator::next) {
                Some(Ok(entry)) if self.last.is_some_and(|last| last >= entry) => {
                    return Some(Err(malformed("a page of an index is out of order")));
                }
                Some(Ok(entry)) => {
                    self.last = Some(entry);
                    return Some(Ok(entry));
                }
                Some(Err(e)) => return Some(Err(e)),
                None => match self.cursor.next()? {
                    Ok((_, value)) => match Page::new(value) {
                        Ok(page) => self.page = Some(page),
                        Err(e) => return Some(Err(e)),
                    },
                    Err(e) => return Some(Err(e)),
                },
            }
        }
    }
}

/// Removes all of `run` with `changes`.
pub(super) fn remove(engine: &Engine, changes: &mut Changes, number: u32) -> Result<(), StoreError> {
    for tree in [Tree::Runs, Tree::Filters] {
        for entry in engine.prefix(tree, &number.to_be_bytes())? {
            changes.remove(tree, entry?.0);
        }
    }
    Ok(())
}

/// Makes the error for index entries that are not as written.
pub(super) fn malformed(why: &str) -> StoreError {
    StoreError::Database { why: why.to_owned() }
}

fn page_key(run: u32, first: &Entry) -> Vec<u8> {
    [&run.to_be_bytes(), first.as_bytes()].concat()
}

/// The entries of one page, all of one kind and so of one length.
struct Page {
    value: Bytes,
    length: usize,
    at: usize,
}

/// What a page says of one prefix.
struct Found {
    numbers: Vec<u64>,
    /// Whether greater entries follow in the page, so that no other page has more.
    ends_inside: bool,
}

impl Page {
    fn new(value: Bytes) -> Result<Self, StoreError> {
        match Entry::split_first(&value) {
            Some((first, _)) if value.len().is_multiple_of(first.as_bytes().len()) => {
                Ok(Self { value, length: first.as_bytes().len(), at: 0 })
            }
            _ => Err(malformed("a page of an index is not as written")),
        }
    }

    /// Returns the numbers of the entries from `low` on that have `prefix`.
    fn numbers(&self, low: &Entry, prefix: &[u8]) -> Found {
        let (mut from, mut to) = (0, self.value.len() / self.length);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.entry(middle) < low.as_bytes() { from = middle + 1 } else { to = middle }
        }
        let rest = &self.value[from * self.length..];
        let numbers: Vec<u64> = rest
            .chunks_exact(self.length)
            .take_while(|entry| entry.starts_with(prefix))
            .filter_map(number_at_end)
            .collect();
        let ends_inside = numbers.len() * self.length < rest.len();
        Found { numbers, ends_inside }
    }

    fn entry(&self, at: usize) -> &[u8] {
        &self.value[at * self.length..][..self.length]
    }
}

impl Iterator for Page {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at * self.length == self.value.len() {
            return None;
        }
        let entry = Entry::from_bytes(self.entry(self.at));
        self.at += 1;
        Some(entry.ok_or_else(|| malformed("a page of an index mixes entries")))
    }
}
