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
//!
//! One run: `page.rs`. One entry: `entry.rs`.

use std::collections::BTreeSet;

use super::engine::{Changes, Engine, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::filter::Filter;
use super::merge::{Merge, Source};
use super::page::{self, Run, Writer, malformed};
use super::replacement::{next_number, put_list, read_list};

/// So many recent entries become a run. Small in unit tests, so that they see runs made and joined.
const RECENT_LIMIT: usize = if cfg!(test) { 64 } else { 4096 };
/// So many runs of one size become one.
const FAN: usize = 4;
/// Runs are not joined to more entries than this, which bounds the memory and the pause of one append.
pub(super) const LARGEST: usize = if cfg!(test) { 1500 } else { 1 << 20 };

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
            page::search(engine, run.number, &low, prefix, &mut numbers)?;
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
            page::beginning_with(engine, run.number, &low, prefix, &mut entries)?;
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
            sources.push(Box::new(page::walk(engine, run.number)?));
        }
        let mut writer = Writer::new(self.next, total);
        for item in Merge::new(sources) {
            writer.add(changes, item?.0);
        }
        let run = writer.finish(changes);
        let gone: Vec<u32> = joined.iter().map(|run| run.number).collect();
        for number in &gone {
            page::remove(engine, changes, *number)?;
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
            sources.push(Box::new(page::walk(engine, run.number)?));
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

/// Counts how often a run of this size has been made of four.
fn level(entries: u64) -> u32 {
    (entries / RECENT_LIMIT as u64).max(1).ilog(FAN as u64)
}

/// Walks the recent entries on disk.
fn recent(engine: &Engine) -> Result<impl Iterator<Item = Result<Entry, StoreError>> + use<>, StoreError> {
    Ok(engine.prefix(Tree::Recent, &[])?.map(|item| {
        Entry::from_bytes(&item?.0).ok_or_else(|| malformed("a recent entry of an index is not as written"))
    }))
}
