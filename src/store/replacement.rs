//! Writing all indexes anew, and the list that says which runs are in force.

use std::collections::BTreeSet;

use super::engine::{Changes, Engine, Tree};
use super::entry::Entry;
use super::error::StoreError;
use super::page::{self, Writer, malformed};

/// Key in `meta` of the list of runs: next run u32 ‖ each: run u32 ‖ number of entries u64.
const LIST: &[u8] = b"runs";

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

    /// Returns the changes that write `entries`, ascending and as one run.
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
        page::remove(engine, &mut changes, number).map(|()| changes)
    })
    .collect()
}

pub(super) fn next_number(number: u32) -> Result<u32, StoreError> {
    number.checked_add(1).ok_or_else(|| malformed("the numbers of runs are used up"))
}

pub(super) fn put_list(changes: &mut Changes, next: u32, list: &[(u32, u64)]) {
    let mut value = next.to_be_bytes().to_vec();
    for (number, entries) in list {
        value.extend_from_slice(&number.to_be_bytes());
        value.extend_from_slice(&entries.to_be_bytes());
    }
    changes.put(Tree::Meta, LIST, value);
}

pub(super) fn read_list(engine: &Engine) -> Result<(u32, Vec<(u32, u64)>), StoreError> {
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
    Ok((u32::from_be_bytes(*next), list.ok_or_else(damaged)?))
}
