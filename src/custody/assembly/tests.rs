//! Things of parts, taken apart and built into larger ones.

use super::*;
use crate::custody::ancestry::upstream;
use crate::custody::testing::*;
use crate::custody::touch::{Presence, paths, paths_of_part};
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
    let apart = take_apart(&mut world, "plant", out(motor, 0), &[], vec![lot("magnet.NdFeB.sintered", 1)]);
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
    let apart = take_apart(&mut world, "plant", thing, &[(0, first)], vec![lot("magnet.NdFeB.sintered", 1)]);
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
