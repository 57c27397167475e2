//! The indexes on disk: a few sorted runs of entries, and a small set of recent ones.
//!
//! One database key per index entry costs more than all else in an append together, so entries are kept some hundred
//! to a value. Few new entries go into `recent`, one key each; when there are many, they become a run with what
//! is recent. Four runs of about one size become one, so that there are few to search, up to [`LARGEST`]. All of
//! this happens in the commit of the append itself.
//!
//! ```text
//! recent       entry -> nothing
//! runs         run u32 ‖ first entry of the page -> entries of one kind, ascending
//! filters      run u32 ‖ part u32 -> part of the filter
//! meta `runs`  next run u32 ‖ each: run u32 ‖ number of entries u64
//! ```

use std::collections::BTreeSet;

use super::engine::{Bytes, Changes, Cursor, Engine, MAX_VALUE, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::filter::Filter;
use super::layout::number_at_end;

/// So many recent entries become a run. Small in unit tests, so that they see runs made and joined.
const RECENT_LIMIT: usize = if cfg!(test) { 64 } else { 4096 };
/// So many runs of one size become one.
const FAN: usize = 4;
/// Runs are not joined to more entries than this, which bounds the memory and the pause of one append.
pub(super) const LARGEST: usize = if cfg!(test) { 1500 } else { 1 << 20 };

/// Key in `meta` of the list of runs.
const LIST: &[u8] = b"runs";

/// What is known of one run without reading it.
struct Run {
    number: u32,
    entries: u64,
    filter: Filter,
}

/// The indexes of an open store.
pub(super) struct Runs {
    runs: Vec<Run>,
    next: u32,
    recent: BTreeSet<Entry>,
    /// Why they could not be read; nothing may be looked up then.
    broken: Option<String>,
}

/// What a commit changes about the indexes in memory, once it is on disk.
pub(super) struct Step {
    added: Vec<Entry>,
    run: Option<(Run, Vec<u32>)>,
}

impl Runs {
    /// Reads what has to be in memory. Damage is kept for whoever looks something up.
    pub(super) fn open(engine: &Engine) -> Self {
        Self::read(engine).unwrap_or_else(|e| Self {
            runs: Vec::new(),
            next: 0,
            recent: BTreeSet::new(),
            broken: Some(e.to_string()),
        })
    }

    fn read(engine: &Engine) -> Result<Self, StoreError> {
        let (next, list) = read_list(engine)?;
        let mut runs = Vec::with_capacity(list.len());
        for (number, entries) in list {
            let mut bytes = Vec::new();
            for part in engine.prefix(Tree::Filters, &number.to_be_bytes())? {
                bytes.extend_from_slice(&part?.1);
            }
            runs.push(Run { number, entries, filter: Filter::from_bytes(&bytes, entries) });
        }
        let recent = recent(engine)?.collect::<Result<_, _>>()?;
        Ok(Self { runs, next, recent, broken: None })
    }

    /// Returns the arrival numbers of the entries with `prefix`, which is all of an entry but its number; ascending.
    pub(super) fn numbers(&self, engine: &Engine, prefix: &[u8]) -> Result<Vec<u64>, StoreError> {
        self.usable()?;
        let (low, high) = (Entry::new(prefix, 0), Entry::new(prefix, u64::MAX));
        let mut numbers: Vec<u64> = self.recent.range(low..=high).map(Entry::number).collect();
        for run in self.runs.iter().filter(|run| run.filter.may_hold(prefix)) {
            let of_run = run.number.to_be_bytes();
            let mut at = page_key(run.number, &low);
            let mut page = engine.at_or_before(Tree::Runs, &at)?.filter(|(key, _)| key.starts_with(&of_run));
            if page.is_none() {
                page = engine.at_or_after(Tree::Runs, &at)?;
            }
            while let Some((key, value)) = page.filter(|(key, _)| key.starts_with(&of_run)) {
                let found = Page::new(value)?.numbers(&low, prefix);
                numbers.extend(found.numbers);
                if found.ends_inside {
                    break;
                }
                at = key.to_vec();
                at.push(0);
                page = engine.at_or_after(Tree::Runs, &at)?;
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Returns the entries that begin with the bytes of `prefix`, its first byte at least; ascending, no repeats.
    ///
    /// Filters know whole prefixes only, so each run is searched.
    pub(super) fn beginning_with(&self, engine: &Engine, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        self.usable()?;
        let low = Entry::lowest(prefix);
        let begins = |entry: &Entry| entry.as_bytes().starts_with(prefix);
        let mut entries: Vec<Entry> = self.recent.range(low..).take_while(|e| begins(e)).copied().collect();
        for run in &self.runs {
            let of_run = run.number.to_be_bytes();
            let from = engine.at_or_before(Tree::Runs, &page_key(run.number, &low))?;
            let from = from.map(|(key, _)| key).filter(|key| key.starts_with(&of_run));
            for page in engine.from(Tree::Runs, from.as_deref().unwrap_or(&of_run))? {
                let (key, value) = page?;
                let page = Page::new(value)?;
                if !key.starts_with(&of_run)
                    || page.entry(0) > low.as_bytes() && !page.entry(0).starts_with(prefix)
                {
                    break;
                }
                for entry in page {
                    entries.extend(entry.map(|entry| Some(entry).filter(begins))?);
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        Ok(entries)
    }

    /// Adds `entries` to `changes`, in whatever form suits their number.
    pub(super) fn add(
        &self,
        engine: &Engine,
        changes: &mut Changes,
        mut entries: Vec<Entry>,
    ) -> Result<Step, StoreError> {
        self.usable()?;
        if self.recent.len() + entries.len() < RECENT_LIMIT {
            for entry in &entries {
                changes.put(Tree::Recent, entry.as_bytes(), &[]);
            }
            return Ok(Step { added: entries, run: None });
        }
        for entry in &self.recent {
            changes.remove(Tree::Recent, entry.as_bytes());
        }
        entries.extend(&self.recent);
        entries.sort_unstable();
        let joined = self.runs_to_join(entries.len() as u64);
        let total = entries.len() as u64 + joined.iter().map(|run| run.entries).sum::<u64>();
        let mut sources: Vec<Source> = vec![Box::new(entries.into_iter().map(Ok))];
        for run in &joined {
            sources.push(Box::new(pages(engine, run.number)?));
        }
        let mut writer = Writer::new(self.next, total);
        for item in Merge::new(sources) {
            writer.add(changes, item?.0);
        }
        let run = writer.finish(changes);
        let gone: Vec<u32> = joined.iter().map(|run| run.number).collect();
        for number in &gone {
            remove_run(engine, changes, *number)?;
        }
        let kept = self.runs.iter().filter(|run| !gone.contains(&run.number));
        let list = kept.chain([&run]).map(|run| (run.number, run.entries)).collect::<Vec<_>>();
        put_list(changes, next_number(self.next)?, &list);
        Ok(Step { added: Vec::new(), run: Some((run, gone)) })
    }

    /// Brings the memory in line after the commit.
    pub(super) fn apply(&mut self, step: Step) {
        self.recent.extend(step.added);
        if let Some((run, gone)) = step.run {
            self.recent.clear();
            self.next = run.number + 1;
            self.runs.retain(|run| !gone.contains(&run.number));
            self.runs.push(run);
        }
    }

    /// Walks all entries on disk in ascending order, each with whether a look-up would find it there.
    pub(super) fn all<'a>(
        &'a self,
        engine: &Engine,
    ) -> Result<impl Iterator<Item = Result<(Entry, bool), StoreError>> + use<'a>, StoreError> {
        self.usable()?;
        let mut sources: Vec<Source> = vec![Box::new(recent(engine)?)];
        for run in &self.runs {
            sources.push(Box::new(pages(engine, run.number)?));
        }
        let found = |(entry, source): (Entry, usize)| match source.checked_sub(1) {
            Some(run) => (entry, self.runs[run].filter.may_hold(entry.prefix())),
            None => (entry, self.recent.contains(&entry)),
        };
        Ok(Merge::new(sources).map(move |item| item.map(found)))
    }

    fn usable(&self) -> Result<(), StoreError> {
        match &self.broken {
            Some(why) => Err(StoreError::Database { why: why.clone() }),
            None => Ok(()),
        }
    }

    /// Chooses the runs that a new one of `total` entries is joined with: as long as there are enough of its size.
    fn runs_to_join(&self, mut total: u64) -> Vec<&Run> {
        let mut joined: Vec<&Run> = Vec::new();
        loop {
            let same: Vec<&Run> = self
                .runs
                .iter()
                .filter(|run| level(run.entries) == level(total))
                .filter(|run| joined.iter().all(|j| j.number != run.number))
                .collect();
            let more: u64 = same.iter().map(|run| run.entries).sum();
            if same.len() < FAN - 1 || total + more > LARGEST as u64 {
                return joined;
            }
            joined.extend(same);
            total += more;
        }
    }
}

/// New runs that take the place of all others, written in parts.
///
/// They count only once the last part is committed: an interruption leaves the old ones in force.
pub(super) struct Replacement {
    old: Vec<(u32, u64)>,
    new: Vec<(u32, u64)>,
    number: u32,
    last: Changes,
}

impl Replacement {
    /// Starts one; `last` goes into the last commit.
    pub(super) fn new(engine: &Engine, last: Changes) -> Result<Self, StoreError> {
        let (next, old) = read_list(engine).unwrap_or_default();
        let highest = engine.at_or_before(Tree::Runs, &[0xff; 64])?;
        let above = highest.and_then(|(key, _)| u32::from_be_bytes(*key.first_chunk()?).checked_add(1));
        Ok(Self { old, new: Vec::new(), number: next.max(above.unwrap_or(0)), last })
    }

    /// Returns the changes that write `entries`, ascending and at most [`LARGEST`], as one run.
    pub(super) fn write(&mut self, entries: &[Entry]) -> Result<Changes, StoreError> {
        let mut changes = Changes::default();
        let mut writer = Writer::new(self.number, entries.len() as u64);
        for entry in entries {
            writer.add(&mut changes, *entry);
        }
        self.new.push((self.number, writer.finish(&mut changes).entries));
        // Numbers in use are never given again, even when this is interrupted.
        self.number = next_number(self.number)?;
        put_list(&mut changes, self.number, &self.old);
        Ok(changes)
    }

    /// Returns the changes that put the new runs in force.
    pub(super) fn finish(self, engine: &Engine) -> Result<Changes, StoreError> {
        let mut changes = self.last;
        for entry in engine.prefix(Tree::Recent, &[])? {
            changes.remove(Tree::Recent, entry?.0);
        }
        put_list(&mut changes, self.number, &self.new);
        Ok(changes)
    }
}

/// Returns the changes that remove runs not on the list, one run each.
pub(super) fn leftovers(engine: &Engine) -> Result<Vec<Changes>, StoreError> {
    let (_, list) = read_list(engine)?;
    let mut numbers = BTreeSet::new();
    for tree in [Tree::Runs, Tree::Filters] {
        // What cannot be read stays; it only takes room.
        for (key, _) in engine.prefix(tree, &[])?.map_while(Result::ok) {
            numbers.extend(key.first_chunk().map(|n| u32::from_be_bytes(*n)));
        }
    }
    let left = numbers.into_iter().filter(|n| list.iter().all(|(number, _)| number != n));
    left.map(|number| {
        let mut changes = Changes::default();
        remove_run(engine, &mut changes, number).map(|()| changes)
    })
    .collect()
}

/// Counts how often a run of this size has been made of four.
fn level(entries: u64) -> u32 {
    (entries / RECENT_LIMIT as u64).max(1).ilog(FAN as u64)
}

fn next_number(number: u32) -> Result<u32, StoreError> {
    number.checked_add(1).ok_or_else(|| malformed("the numbers of runs are used up"))
}

fn page_key(run: u32, first: &Entry) -> Vec<u8> {
    [&run.to_be_bytes(), first.as_bytes()].concat()
}

fn put_list(changes: &mut Changes, next: u32, list: &[(u32, u64)]) {
    let mut value = next.to_be_bytes().to_vec();
    for (number, entries) in list {
        value.extend_from_slice(&number.to_be_bytes());
        value.extend_from_slice(&entries.to_be_bytes());
    }
    changes.put(Tree::Meta, LIST, value);
}

fn read_list(engine: &Engine) -> Result<(u32, Vec<(u32, u64)>), StoreError> {
    let Some(value) = engine.get(Tree::Meta, LIST)? else { return Ok((0, Vec::new())) };
    let damaged = || malformed("the list of runs is not as written");
    let (next, rest) = value.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (runs, rest) = rest.as_chunks::<12>();
    if !rest.is_empty() {
        return Err(damaged());
    }
    let run = |run: &[u8; 12]| {
        let (number, entries) = run.split_first_chunk::<4>()?;
        Some((u32::from_be_bytes(*number), u64::from_be_bytes(*entries.first_chunk()?)))
    };
    let list: Option<Vec<(u32, u64)>> = runs.iter().map(run).collect();
    let list = list.filter(|list| list.iter().all(|(_, entries)| *entries <= 4 * LARGEST as u64));
    Ok((u32::from_be_bytes(*next), list.ok_or_else(damaged)?))
}

fn remove_run(engine: &Engine, changes: &mut Changes, number: u32) -> Result<(), StoreError> {
    for tree in [Tree::Runs, Tree::Filters] {
        for entry in engine.prefix(tree, &number.to_be_bytes())? {
            changes.remove(tree, entry?.0);
        }
    }
    Ok(())
}

fn malformed(why: &str) -> StoreError {
    StoreError::Database { why: why.to_owned() }
}

/// Fills the pages of one run.
struct Writer {
    run: Run,
    first: Option<Entry>,
    page: Vec<u8>,
    written: u64,
}

impl Writer {
    fn new(number: u32, entries: u64) -> Self {
        let run = Run { number, entries, filter: Filter::new(entries) };
        Self { run, first: None, page: Vec::with_capacity(MAX_VALUE), written: 0 }
    }

    fn add(&mut self, changes: &mut Changes, entry: Entry) {
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

    fn finish(mut self, changes: &mut Changes) -> Run {
        self.close_page(changes);
        debug_assert_eq!(self.written, self.run.entries, "runs hold no entry twice");
        for (part, bytes) in (0u32..).zip(self.run.filter.to_bytes().chunks(MAX_VALUE)) {
            changes.put(Tree::Filters, [self.run.number.to_be_bytes(), part.to_be_bytes()].concat(), bytes);
        }
        self.run
    }
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

type Source = Box<dyn Iterator<Item = Result<Entry, StoreError>>>;

/// Walks the recent entries on disk.
fn recent(engine: &Engine) -> Result<impl Iterator<Item = Result<Entry, StoreError>> + use<>, StoreError> {
    Ok(engine.prefix(Tree::Recent, &[])?.map(|item| {
        Entry::from_bytes(&item?.0).ok_or_else(|| malformed("a recent entry of an index is not as written"))
    }))
}

/// Walks the entries of one run.
fn pages(engine: &Engine, run: u32) -> Result<RunWalk, StoreError> {
    Ok(RunWalk { cursor: engine.prefix(Tree::Runs, &run.to_be_bytes())?, page: None, last: None })
}

struct RunWalk {
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

/// Joins ascending sources into one; each entry comes with the position of its source. Ends after an error.
struct Merge {
    sources: Vec<(Option<Entry>, Source)>,
    failed: Option<StoreError>,
    ended: bool,
}

impl Merge {
    fn new(sources: Vec<Source>) -> Self {
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
