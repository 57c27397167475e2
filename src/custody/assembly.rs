//! Parts of assemblies: which lots went into a thing, however often it was handed over, packed, magnetised or
//! built into something larger since; and what was done to a part after it went in.
//!
//! Parts keep their identity: a verdict is given for each, never blended over the whole. Walks with lists of its
//! own: depth costs heap and nothing else. Linear in the lots between the parts and the thing.
//! Spec: docs/custody.md, "Things made of things".

pub mod mass;
pub mod parts;
pub mod recovered;
pub mod sum;

use std::collections::HashMap;

use super::graph::{self, Graph};
use super::place;
use super::touch::{Grade, TouchPlace};
use crate::hash::RecordId;
use crate::model::event::{Body, Repack, Transform};
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::MaybeList;
use crate::model::record::Record;
use crate::model::stage::Step;

/// A lot on the way from parts to the things asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The lot.
    pub lot: LotRef,
    /// Whether it is a part without parts of its own.
    pub is_part: bool,
    /// What went into it directly, each lot once; empty for a part without parts.
    pub holds: Vec<Portion>,
    /// Whether what went into it is withheld, or its record is not held.
    pub is_open: bool,
    /// Only this part of it lies on the way: it was taken out again later.
    only: Option<LotRef>,
    /// Members it went into directly.
    users: Vec<usize>,
}

/// How much of a part went into something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Portion {
    /// Which member.
    pub member: usize,
    /// How much, if that is shown and means one thing.
    pub mass: Option<Mass>,
    /// How many pieces, if counted.
    pub pieces: Option<u64>,
    /// Whether it is a part, put in by an assembly; else the same thing under another record.
    pub is_part: bool,
    /// Whether the record leaves open if this is in it, or in one beside it.
    pub perhaps: bool,
}

/// The lots that some things are built of, sources first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assembly {
    /// Parts, things built of them, and the things asked for.
    pub members: Vec<Member>,
}

/// What was done to a part after it went in: places of work, each certain or possible.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Later {
    /// Records that every way of the part passes, or one like it in step, place and grade; sources first.
    pub certain: Vec<(RecordId, LotRef)>,
    /// Records that some way passes.
    pub possible: Vec<(RecordId, LotRef)>,
}

impl Later {
    /// Returns the records of both.
    pub fn records(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.certain.iter().chain(&self.possible).map(|(record, _)| *record)
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.certain.is_empty() && self.possible.is_empty()
    }
}

/// A lot, and the one part of it that counts, if not all.
type Key = (LotRef, Option<LotRef>);

/// A lot that went into another: which, how much, and how.
struct Source {
    key: Key,
    mass: Option<Mass>,
    pieces: Option<u64>,
    is_part: bool,
    perhaps: bool,
}

impl Assembly {
    /// Returns what `things` are built of, themselves included.
    pub fn of(graph: &Graph, things: &[LotRef]) -> Self {
        Self::from_keys(graph, things.iter().map(|lot| (*lot, None)).collect())
    }

    /// Returns the way of `part` into `things`, if it is one of their parts.
    pub fn way(graph: &Graph, things: &[LotRef], part: LotRef) -> Self {
        Self::from_keys(graph, things.iter().map(|lot| (*lot, Some(part))).collect())
    }

    fn from_keys(graph: &Graph, things: Vec<Key>) -> Self {
        let mut sources: HashMap<Key, (Vec<Source>, bool)> = HashMap::new();
        let mut stack = things;
        while let Some(key) = stack.pop() {
            if sources.contains_key(&key) {
                continue;
            }
            let (found, is_open) = sources_of(graph, key);
            stack.extend(found.iter().map(|source| source.key));
            sources.insert(key, (found, is_open));
        }
        let place = |lot: &LotRef| graph.position(&lot.record).map_or(0, |at| at + 1);
        let mut keys: Vec<Key> = sources.keys().copied().collect();
        keys.sort_unstable_by_key(|(lot, only)| (place(lot), *lot, *only));
        let index: HashMap<Key, usize> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let mut members: Vec<Member> = keys
            .iter()
            .map(|(lot, only)| Member {
                lot: *lot,
                is_part: false,
                holds: Vec::new(),
                is_open: sources[&(*lot, *only)].1,
                only: *only,
                users: Vec::new(),
            })
            .collect();
        for (at, key) in keys.iter().enumerate() {
            let (found, is_open) = &sources[key];
            let is_thing = key.1.is_some() || graph.holds_parts(&key.0);
            members[at].is_part = found.is_empty() && !is_thing;
            members[at].is_open = *is_open;
            for source in found {
                // What does not stand before it is part of a ring, which hashes rule out.
                let Some(from) = index.get(&source.key).copied().filter(|from| *from < at) else { continue };
                let (mass, pieces, is_part) = (source.mass, source.pieces, source.is_part);
                members[at].holds.push(Portion {
                    member: from,
                    mass,
                    pieces,
                    is_part,
                    perhaps: source.perhaps,
                });
                members[from].users.push(at);
            }
        }
        Self { members }
    }

    /// Returns where a lot stands among the members, whole.
    pub fn position(&self, lot: &LotRef) -> Option<usize> {
        self.members.iter().position(|member| member.lot == *lot && member.only.is_none())
    }

    /// Returns the lots that `part` went into on the way to the things asked for, and those things.
    pub fn passed_by(&self, part: &LotRef) -> Vec<LotRef> {
        let mut reached = vec![false; self.members.len()];
        let mut lots = Vec::new();
        let Some(from) = self.position(part) else { return lots };
        reached[from] = true;
        for at in from + 1..self.members.len() {
            if self.members[at].holds.iter().any(|portion| reached[portion.member]) {
                reached[at] = true;
                lots.push(self.members[at].lot);
            }
        }
        lots
    }

    /// Returns for each member whether it surely is in the lot at `thing`, or is that lot.
    pub fn surely_in(&self, thing: usize) -> Vec<bool> {
        let mut surely = vec![false; self.members.len()];
        surely[thing] = true;
        for at in (0..=thing).rev() {
            let holds = self.members[at].holds.iter().filter(|portion| !portion.perhaps);
            for portion in holds.filter(|_| surely[at]).collect::<Vec<_>>() {
                surely[portion.member] = true;
            }
        }
        surely
    }

    /// Whether something of what went in is withheld or not held.
    pub fn is_open(&self) -> bool {
        self.members.iter().any(|member| member.is_open)
    }

    /// Returns for each member what was done to it once it had gone into something.
    ///
    /// Nothing is done later to the things asked for. Linear in members, times the number of different
    /// (steps, place, grade) over 64.
    pub fn later(&self, graph: &Graph) -> Vec<Later> {
        let mut classes: HashMap<Work, usize> = HashMap::new();
        let mut first: Vec<(RecordId, LotRef)> = Vec::new();
        let mut own: Vec<Option<usize>> = vec![None; self.members.len()];
        for (at, member) in self.members.iter().enumerate() {
            let Some(record) = graph.creator(&member.lot) else { continue };
            let Some(work) = work(graph, record) else { continue };
            let next = first.len();
            let class = *classes.entry(work).or_insert(next);
            if class == next {
                first.push((record.id, member.lot));
            }
            own[at] = Some(class);
        }
        let words = first.len().div_ceil(64);
        let count = self.members.len();
        let (mut all, mut some) = (vec![0u64; words * count], vec![0u64; words * count]);
        for at in (0..count).rev() {
            for word in 0..words {
                let mine = |user: usize| match own[user] {
                    Some(class) if class / 64 == word => 1u64 << (class % 64),
                    _ => 0,
                };
                let users = &self.members[at].users;
                let after = |bits: &[u64], user: usize| bits[user * words + word] | mine(user);
                let every = users.iter().fold(!0, |bits, user| bits & after(&all, *user));
                let any = users.iter().fold(0, |bits, user| bits | after(&some, *user));
                all[at * words + word] = if users.is_empty() { 0 } else { every };
                some[at * words + word] = any;
            }
        }
        let picked = |at: usize, wanted: &dyn Fn(usize, u64) -> bool| -> Vec<(RecordId, LotRef)> {
            let is_in = |class: usize| wanted(at * words + class / 64, 1 << (class % 64));
            (0..first.len()).filter(|class| is_in(*class)).map(|class| first[class]).collect()
        };
        (0..count)
            .map(|at| Later {
                certain: picked(at, &|word, bit| all[word] & bit != 0),
                possible: picked(at, &|word, bit| some[word] & bit != 0 && all[word] & bit == 0),
            })
            .collect()
    }
}

/// What tells one place of work from another.
type Work = (Vec<Step>, TouchPlace, Grade);

/// Returns what a record did where, if it did anything.
fn work(graph: &Graph, record: &Record) -> Option<Work> {
    let body = &record.event.body;
    let at = body.at().filter(|_| !body.steps().is_empty())?;
    let (place, grade) = place::of_work(graph, record, at);
    Some((body.steps().to_vec(), place, grade))
}

/// Returns what was done to `part` between its going into `things` and their being taken apart.
pub fn later_of(graph: &Graph, things: &[LotRef], part: LotRef) -> Option<Later> {
    let way = Assembly::way(graph, things, part);
    let at = way.position(&part)?;
    // The things themselves were made by records that lie on the way too.
    way.later(graph).into_iter().nth(at)
}

/// Returns what went into a lot as a part, or is the same thing under another record; and whether that is open.
fn sources_of(graph: &Graph, (lot, only): Key) -> (Vec<Source>, bool) {
    let Some(record) = graph.creator(&lot) else { return (Vec::new(), true) };
    if graph.lot(&lot).is_none() {
        return (Vec::new(), true);
    }
    if !graph.holds_parts(&lot) {
        return (Vec::new(), false);
    }
    let is_open = graph::withheld_inputs(record).is_some();
    let all = match only {
        None => whole(graph, record, lot),
        Some(part) => towards(graph, record, lot, part),
    };
    (merged(all), is_open)
}

fn source(key: Key, is_part: bool) -> Source {
    Source { key, mass: None, pieces: None, is_part, perhaps: false }
}

/// Returns everything that went into a lot.
fn whole(graph: &Graph, record: &Record, lot: LotRef) -> Vec<Source> {
    let inputs = graph::inputs(record);
    let recovered = graph.recovered(&lot);
    if !recovered.is_empty() {
        // What was taken out is the part that went in, after all that was done to it inside.
        return through(record, recovered.iter().map(|one| one.part));
    }
    if let Some(parts) = graph.parts_into(&lot) {
        let shown = parts.filter(|part| (part.input as usize) < inputs.len());
        return shown
            .map(|part| Source {
                mass: Some(part.mass),
                pieces: part.pieces,
                ..source((inputs[part.input as usize].lot, None), true)
            })
            .collect();
    }
    let several = record.event.body.outputs().len() > 1 && !record.event.body.is_pairwise();
    let perhaps = is_perhaps(&record.event.body);
    let from = |at: usize| {
        let input = &inputs[at];
        let same = !matches!(record.event.body, Body::Assemble(_)) && graph.holds_parts(&input.lot);
        let mass = (!several && !same).then_some(input.mass);
        Source { mass, perhaps, ..source((input.lot, None), !same) }
    };
    graph.inputs_of(&lot).map(from).collect()
}

/// Whether an input of a record need not be in each of its outputs, or in each piece of one.
fn is_perhaps(body: &Body) -> bool {
    let (inputs, outputs) = (body.inputs().map_or(0, MaybeList::count), body.outputs().len());
    match body {
        Body::Transform(Transform { mixing, .. }) | Body::Repack(Repack { mixing, .. }) => {
            *mixing != Mixing::Homogenised && (inputs > 1 || outputs > 1)
        }
        Body::Disassemble(_) => true,
        body => outputs > 1 && !body.is_pairwise(),
    }
}

/// Returns the parts of things that were taken apart, each as it came out of them.
fn through(record: &Record, parts: impl Iterator<Item = LotRef>) -> Vec<Source> {
    let inputs = graph::inputs(record);
    let out_of = |part: LotRef| inputs.iter().map(move |input| source((input.lot, Some(part)), false));
    parts.flat_map(out_of).collect()
}

/// Returns what of the sources of a lot can lead to `part`, which was taken out of it later.
fn towards(graph: &Graph, record: &Record, lot: LotRef, part: LotRef) -> Vec<Source> {
    let inputs = graph::inputs(record);
    if !graph.recovered(&lot).is_empty() {
        return inputs.iter().map(|input| source((input.lot, Some(part)), false)).collect();
    }
    let is_assembly = matches!(record.event.body, Body::Assemble(_));
    let mut found = Vec::new();
    for at in graph.inputs_of(&lot) {
        let from = inputs[at].lot;
        if from == part {
            found.push(source((part, None), is_assembly));
        } else if graph.holds_parts(&from) {
            found.push(source((from, Some(part)), is_assembly));
        }
    }
    found
}

/// Joins entries of one lot: masses and pieces add up where all are stated.
fn merged(all: Vec<Source>) -> Vec<Source> {
    let mut index: HashMap<Key, usize> = HashMap::new();
    let mut merged: Vec<Source> = Vec::new();
    for one in all {
        match index.get(&one.key) {
            None => {
                index.insert(one.key, merged.len());
                merged.push(one);
            }
            Some(at) => {
                let known = &mut merged[*at];
                known.mass = known.mass.zip(one.mass).and_then(|(mass, more)| mass.checked_add(more));
                known.pieces = known.pieces.zip(one.pieces).and_then(|(count, more)| count.checked_add(more));
                known.perhaps |= one.perhaps;
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests;
