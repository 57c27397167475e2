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
mod tests {
    use super::super::ancestry::upstream;
    use super::super::testing::*;
    use super::super::touch::{Presence, paths, paths_of_part};
    use super::*;
    use crate::model::event::{Assemble, Disassemble, Part, Recovered};
    use crate::model::evidence::Mixing::{Discrete, Homogenised};
    use crate::model::lot::{Input, Lot};

    fn put_together(
        world: &mut World,
        by: &str,
        inputs: Vec<Input>,
        parts: &[(u32, u32)],
        outputs: Vec<Lot>,
    ) -> RecordId {
        let part = |(input, output): &(u32, u32)| Part {
            input: *input,
            output: *output,
            mass: inputs[*input as usize].mass,
            pieces: None,
        };
        let body = Assemble {
            at: world.at(by),
            steps: steps("P90 assemble"),
            parts: MaybeList::Shown(parts.iter().map(part).collect()),
            inputs: inputs.into(),
            additions: MaybeList::default(),
            outputs,
        };
        world.record(by, Body::Assemble(body))
    }

    fn take_apart(
        world: &mut World,
        by: &str,
        thing: LotRef,
        recovered: &[(u32, LotRef)],
        outputs: Vec<Lot>,
    ) -> RecordId {
        let body = Disassemble {
            at: world.at(by),
            steps: steps("R20 dismantle"),
            inputs: vec![take(thing, 0, 1)].into(),
            recovered: MaybeList::Shown(
                recovered.iter().map(|(output, part)| Recovered { output: *output, part: *part }).collect(),
            ),
            outputs,
            losses: MaybeList::default(),
        };
        world.record(by, Body::Disassemble(body))
    }

    /// A lot of magnets melted in the country of `by`.
    fn magnets(world: &mut World, by: &str) -> LotRef {
        let papers = ["P10 mine", "P60 strip_cast"];
        let place = if by == "works" { "CN" } else { "JP" };
        let touches = papers.map(|step| declared(0, &["Nd"], step, place, true)).to_vec();
        out(world.intake("plant", vec![lot("magnet.NdFeB.sintered", 2)], touches), 0)
    }

    fn nd() -> crate::model::element::Element {
        "Nd".parse().unwrap()
    }

    /// Returns step, place and presence of every touch of neodymium.
    fn touched(graph: &Graph, lot: LotRef) -> Vec<(String, String, Presence)> {
        let path = paths(graph, &lot, &[nd()]).remove(0);
        path.touches
            .iter()
            .map(|touch| {
                let place = match &touch.place {
                    TouchPlace::At { place, .. } => place.to_string(),
                    other => format!("{other:?}"),
                };
                (touch.step.to_string(), place, touch.presence)
            })
            .collect()
    }

    /// Two rotors, one of Japanese magnets and one of Chinese.
    fn two_rotors() -> (World, [LotRef; 2], [LotRef; 2]) {
        let mut world = World::new();
        let magnets = ["plant", "works"].map(|by| magnets(&mut world, by));
        let inputs = magnets.map(|lot| take(lot, 0, 1)).to_vec();
        let outputs = vec![lot("component.rotor", 1), lot("component.rotor", 1)];
        let built = put_together(&mut world, "plant", inputs, &[(0, 0), (1, 1)], outputs);
        (world, magnets, [out(built, 0), out(built, 1)])
    }

    #[test]
    fn an_assembly_is_made_of_its_own_parts_and_not_of_those_of_the_one_beside_it() {
        let (world, magnets, rotors) = two_rotors();
        let graph = world.graph();
        for at in 0..2 {
            assert_eq!(upstream(&graph, &[rotors[at]]).lots, vec![magnets[at], rotors[at]]);
            let assembly = Assembly::of(&graph, &[rotors[at]]);
            let lots: Vec<LotRef> = assembly.members.iter().map(|member| member.lot).collect();
            assert_eq!(lots, vec![magnets[at], rotors[at]]);
            assert!(assembly.members[0].is_part && !assembly.members[1].is_part);
        }
    }

    #[test]
    fn what_is_done_to_a_rotor_is_done_to_the_magnets_inside() {
        let (mut world, magnets, rotors) = two_rotors();
        let sold = world.hand_over("plant", "buyer", rotors[0]);
        let done = world.transform(
            "buyer",
            "P85 magnetise",
            Discrete,
            vec![take(sold, 0, 1)],
            vec![lot("component.rotor", 1)],
        );
        let graph = world.graph();
        let assembly = Assembly::of(&graph, &[out(done, 0)]);
        let at = assembly.position(&magnets[0]).unwrap();
        let later = &assembly.later(&graph)[at];
        assert_eq!(later.certain, vec![(rotors[0].record, rotors[0]), (done, out(done, 0))]);
        let path = paths_of_part(&graph, &magnets[0], later, &[nd()]).remove(0);
        let magnetised = path.touches.iter().find(|touch| touch.step.to_string() == "P85 magnetise").unwrap();
        assert_eq!(magnetised.presence, Presence::Certain);
    }

    #[test]
    fn what_is_done_on_one_of_two_ways_is_only_possible() {
        let (mut world, magnets, rotors) = two_rotors();
        let halves = world.repack(
            "plant",
            Discrete,
            vec![take(rotors[0], 0, 1)],
            vec![lot("component.rotor", 1), lot("component.rotor", 1)],
        );
        let done = world.transform(
            "plant",
            "P85 magnetise",
            Discrete,
            vec![take(out(halves, 0), 0, 1)],
            vec![lot("component.rotor", 1)],
        );
        let inputs = vec![take(out(done, 0), 0, 1), take(out(halves, 1), 0, 1)];
        let both = world.repack("plant", Discrete, inputs, vec![lot("component.rotor", 2)]);
        let graph = world.graph();
        let assembly = Assembly::of(&graph, &[out(both, 0)]);
        let later = &assembly.later(&graph)[assembly.position(&magnets[0]).unwrap()];
        assert_eq!(later.certain, vec![(rotors[0].record, rotors[0])]);
        assert_eq!(later.possible, vec![(done, out(done, 0))]);
    }

    #[test]
    fn a_part_recovered_has_its_own_past_and_what_was_done_inside() {
        let (mut world, magnets, rotors) = two_rotors();
        let done = world.transform(
            "works",
            "P85 magnetise",
            Discrete,
            vec![take(rotors[0], 0, 1)],
            vec![lot("component.rotor", 1)],
        );
        let motor = put_together(
            &mut world,
            "plant",
            vec![take(out(done, 0), 0, 1), take(rotors[1], 0, 1)],
            &[(0, 0), (1, 0)],
            vec![lot("component.motor", 2)],
        );
        let apart = take_apart(
            &mut world,
            "plant",
            out(motor, 0),
            &[(0, magnets[0])],
            vec![lot("magnet.NdFeB.sintered", 1)],
        );
        let graph = world.graph();
        let certain = Presence::Certain;
        let line = |step: &str, place: &str| (step.to_owned(), place.to_owned(), certain);
        assert_eq!(
            touched(&graph, out(apart, 0)),
            vec![
                line("P10 mine", "JP"),
                line("P60 strip_cast", "JP"),
                line("P90 assemble", "JP"),
                line("P85 magnetise", "CN"),
                line("R20 dismantle", "JP"),
            ]
        );
        // The rotor beside it, and its Chinese magnets, are not in its past.
        let lots = upstream(&graph, &[out(apart, 0)]).lots;
        assert_eq!(lots, vec![magnets[0], rotors[0], out(done, 0), out(motor, 0), out(apart, 0)]);
    }

    #[test]
    fn what_came_out_without_being_named_may_be_of_either_part() {
        let (mut world, _, rotors) = two_rotors();
        let motor = put_together(
            &mut world,
            "plant",
            rotors.map(|lot| take(lot, 0, 1)).to_vec(),
            &[(0, 0), (1, 0)],
            vec![lot("component.motor", 2)],
        );
        let apart =
            take_apart(&mut world, "plant", out(motor, 0), &[], vec![lot("magnet.NdFeB.sintered", 1)]);
        let graph = world.graph();
        let melts: Vec<_> =
            touched(&graph, out(apart, 0)).into_iter().filter(|(step, ..)| step.starts_with("P60")).collect();
        let possible = Presence::Possible;
        assert_eq!(
            melts,
            vec![
                ("P60 strip_cast".into(), "JP".into(), possible),
                ("P60 strip_cast".into(), "CN".into(), possible)
            ]
        );
    }

    #[test]
    fn a_component_made_by_any_record_holds_what_went_into_it_and_scrap_holds_none() {
        let mut world = World::new();
        let magnets = magnets(&mut world, "plant");
        let made = world.transform(
            "plant",
            "P90 other",
            Homogenised,
            vec![take(magnets, 0, 1)],
            vec![lot("component.rotor", 1)],
        );
        let shredded = world.transform(
            "plant",
            "P90 other",
            Homogenised,
            vec![take(out(made, 0), 0, 1)],
            vec![lot("scrap.NdFeB", 1)],
        );
        let graph = world.graph();
        assert!(graph.holds_parts(&out(made, 0)) && !graph.holds_parts(&out(shredded, 0)));
        assert_eq!(Assembly::of(&graph, &[out(made, 0)]).members[0].lot, magnets);
    }

    #[test]
    fn a_thing_built_into_things_a_hundred_thousand_times_is_walked_without_overflow() {
        let mut world = World::new();
        let first = magnets(&mut world, "plant");
        let mut thing = first;
        for _ in 0..100_000 {
            thing = out(
                put_together(
                    &mut world,
                    "plant",
                    vec![take(thing, 0, 1)],
                    &[(0, 0)],
                    vec![lot("component.motor", 1)],
                ),
                0,
            );
        }
        let apart =
            take_apart(&mut world, "plant", thing, &[(0, first)], vec![lot("magnet.NdFeB.sintered", 1)]);
        let graph = world.graph();
        let assembly = Assembly::of(&graph, &[thing]);
        assert_eq!(assembly.members.len(), 100_001);
        assert_eq!(assembly.later(&graph)[0].certain.len(), 1);
        assert_eq!(upstream(&graph, &[out(apart, 0)]).lots.len(), 100_002);
        assert_eq!(touched(&graph, out(apart, 0)).len(), 4);
    }

    #[test]
    fn things_of_things_of_the_same_things_are_counted_once() {
        let mut world = World::new();
        let first = magnets(&mut world, "plant");
        let mut layer = [first, first];
        for _ in 0..200 {
            let inputs = layer.map(|lot| take(lot, 0, 1)).to_vec();
            let built = put_together(
                &mut world,
                "plant",
                inputs,
                &[(0, 0), (1, 0), (0, 1), (1, 1)],
                vec![lot("component.motor", 2), lot("component.motor", 2)],
            );
            layer = [out(built, 0), out(built, 1)];
        }
        let graph = world.graph();
        let assembly = Assembly::of(&graph, &[layer[0]]);
        assert_eq!(assembly.members.len(), 400);
        assert!(assembly.surely_in(399)[0]);
    }
}
