use proptest::prelude::*;

use super::super::testing::*;
use super::super::touch::{joint_presence, paths};
use super::*;
use crate::model::event::Body;
use crate::model::event::Transform;
use crate::model::evidence::Mixing;
use crate::model::facility::Operator;
use crate::model::lot::{Addition, Lot};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::stage::Stage;
use crate::model::uncertainty::Uncertainty;
use Mixing::{Discrete, Homogenised, Sequential};

fn nd() -> Element {
    "Nd".parse().unwrap()
}

fn path(world: &World, lot: LotRef) -> ElementPath {
    paths(&world.graph(), &lot, &[nd()]).remove(0)
}

/// Returns `(record, step, presence)` of each touch.
fn seen(path: &ElementPath) -> Vec<(RecordId, String, Presence)> {
    path.touches.iter().map(|touch| (touch.record, touch.step.to_string(), touch.presence)).collect()
}

fn presence_of(path: &ElementPath, record: RecordId) -> Option<Presence> {
    path.touches.iter().find(|touch| touch.record == record).map(|touch| touch.presence)
}

/// A metal lot of `mass` from each of two plants, each from its own oxide on papers.
fn two_metals(world: &mut World, first: &str, second: &str) -> [(RecordId, LotRef); 2] {
    [first, second].map(|by| {
        let paper = vec![declared(0, &["Nd"], "P10 mine", "AU", true)];
        let oxide = out(world.intake(by, vec![lot("oxide.Nd", 120)], paper), 0);
        let melt = world.transform(
            by,
            "P50 electrolyse",
            Homogenised,
            vec![take(oxide, 0, 120)],
            vec![lot("metal.Nd", 100)],
        );
        let metal = out(melt, 0);
        (melt, if by == "plant" { metal } else { world.hand_over(by, "plant", metal) })
    })
}

fn blend(world: &mut World, mixing: Mixing, lots: &[LotRef]) -> LotRef {
    let inputs = lots.iter().map(|lot| take(*lot, 0, 100)).collect();
    out(world.repack("plant", mixing, inputs, vec![lot("metal.Nd", 100 * lots.len() as u64)]), 0)
}

#[test]
fn a_chain_passes_every_step_certainly_and_ends_at_its_mine() {
    let mut world = World::new();
    let mined = world.extract("mine", vec![lot("ore", 1000)]);
    let ore = world.hand_over("mine", "plant", out(mined, 0));
    let made = world.transform(
        "plant",
        "P40 extract_solvent, P40 calcine",
        Homogenised,
        vec![take(ore, 0, 1000)],
        vec![lot("oxide.Nd", 10), lot("oxide.Dy", 1)],
    );
    let path = path(&world, out(made, 0));
    let certain = Presence::Certain;
    assert_eq!(
        seen(&path),
        vec![
            (mined, "P10 mine".to_owned(), certain),
            (made, "P40 extract_solvent".to_owned(), certain),
            (made, "P40 calcine".to_owned(), certain),
        ]
    );
    assert_eq!((path.origins, path.gaps), (vec![mined], vec![]));
    assert!(path.touches.iter().all(|touch| touch.grade == Grade::Signed));
}

#[test]
fn a_lot_that_cannot_hold_the_element_has_no_path() {
    let mut world = World::new();
    let iron = world.intake("plant", vec![lot("iron.pure", 10)], vec![]);
    let path = path(&world, out(iron, 0));
    assert!(path.touches.is_empty() && path.gaps.is_empty() && path.origins.is_empty());
}

#[test]
fn iron_in_the_alloy_brings_no_neodymium() {
    let mut world = World::new();
    let [(melt, metal), _] = two_metals(&mut world, "plant", "works");
    let iron = world.intake("plant", vec![lot("iron.pure", 200)], vec![]);
    let inputs = vec![take(metal, 0, 100), take(out(iron, 0), 0, 200)];
    let alloy = world.transform("plant", "P60 strip_cast", Discrete, inputs, vec![lot("alloy.NdFeB", 300)]);
    let path = path(&world, out(alloy, 0));
    assert_eq!(presence_of(&path, melt), Some(Presence::Certain));
    assert_eq!(path.gaps, vec![]);
}

#[test]
fn a_pool_holds_something_of_each_source() {
    let mut world = World::new();
    let [(ours, a), (theirs, b)] = two_metals(&mut world, "plant", "works");
    let pool = blend(&mut world, Homogenised, &[a, b]);
    let path = path(&world, pool);
    assert_eq!(presence_of(&path, ours), Some(Presence::Certain));
    assert_eq!(presence_of(&path, theirs), Some(Presence::Certain));
}

#[test]
fn one_bag_of_several_may_hold_either_source() {
    for mixing in [Discrete, Sequential] {
        let mut world = World::new();
        let [(ours, a), (theirs, b)] = two_metals(&mut world, "plant", "works");
        let bags = blend(&mut world, mixing, &[a, b]);
        let path = path(&world, bags);
        assert_eq!(presence_of(&path, ours), Some(Presence::Possible));
        assert_eq!(presence_of(&path, theirs), Some(Presence::Possible));
    }
}

#[test]
fn bags_from_two_melts_of_one_furnace_surely_passed_that_furnace() {
    let mut world = World::new();
    let [(first, a), (second, b)] = two_metals(&mut world, "plant", "plant");
    let bags = blend(&mut world, Discrete, &[a, b]);
    let path = path(&world, bags);
    assert_eq!(presence_of(&path, first), Some(Presence::Certain));
    assert_eq!(presence_of(&path, second), Some(Presence::Certain));
}

#[test]
fn bags_from_two_furnaces_of_one_country_surely_passed_that_country() {
    let mut world = World::new();
    world.establish("smelter", "CN");
    let [(_, a), (_, b)] = two_metals(&mut world, "works", "smelter");
    let bags = blend(&mut world, Discrete, &[a, b]);
    let in_china = |touch: &Touch| matches!(&touch.place, TouchPlace::At { place, .. } if *place == "CN".parse().unwrap());
    let graph = world.graph();
    assert!(
        path(&world, bags)
            .touches
            .iter()
            .all(|touch| { touch.presence == Presence::Possible || matches!(touch.step.stage, Stage::P10) })
    );
    assert_eq!(joint_presence(&graph, &bags, nd(), in_china), Some(Presence::Certain));
    assert_eq!(joint_presence(&graph, &bags, nd(), |touch| touch.step.stage == Stage::P70), None);
}

#[test]
fn one_furnace_elsewhere_leaves_the_country_possible() {
    let mut world = World::new();
    let [(_, a), (_, b)] = two_metals(&mut world, "works", "plant");
    let bags = blend(&mut world, Discrete, &[a, b]);
    let in_china = |touch: &Touch| matches!(&touch.place, TouchPlace::At { place, .. } if *place == "CN".parse().unwrap());
    assert_eq!(joint_presence(&world.graph(), &bags, nd(), in_china), Some(Presence::Possible));
}

#[test]
fn a_pool_is_only_sure_of_sources_that_surely_hold_the_element() {
    let mut world = World::new();
    let sure = world.extract("plant", vec![lot("metal.Nd", 100)]);
    let open = world.extract("mine", vec![lot("concentrate", 100)]);
    let open_lot = world.hand_over("mine", "plant", out(open, 0));
    let inputs = vec![take(out(sure, 0), 0, 100), take(open_lot, 0, 100)];
    let pool = world.transform("plant", "P60 melt", Homogenised, inputs, vec![lot("alloy.NdFeB", 200)]);
    let path = path(&world, out(pool, 0));
    assert_eq!(presence_of(&path, sure), Some(Presence::Certain));
    assert_eq!(presence_of(&path, open), Some(Presence::Possible));
}

#[test]
fn a_touch_names_the_first_of_the_outputs_it_counts_through() {
    for order in [[0, 1], [1, 0]] {
        let mut world = World::new();
        let mined = world.extract("plant", vec![lot("metal.Nd", 10), lot("metal.Nd", 10)]);
        let inputs = order.map(|index| take(out(mined, index), 0, 10)).to_vec();
        let packed = world.repack("plant", Discrete, inputs, vec![lot("metal.Nd", 20)]);
        assert_eq!(path(&world, out(packed, 0)).touches[0].lot, out(mined, 0));
    }
}

#[test]
fn a_lot_split_and_put_together_again_is_certain() {
    let mut world = World::new();
    let [(melt, metal), _] = two_metals(&mut world, "plant", "works");
    let split = world.repack(
        "plant",
        Discrete,
        vec![take(metal, 0, 100)],
        vec![lot("metal.Nd", 60), lot("metal.Nd", 40)],
    );
    let parts = vec![take(out(split, 0), 0, 60), take(out(split, 1), 0, 40)];
    let again = world.repack("plant", Discrete, parts, vec![lot("metal.Nd", 100)]);
    assert_eq!(presence_of(&path(&world, out(again, 0)), melt), Some(Presence::Certain));
}

#[test]
fn dysprosium_that_nothing_can_have_brought_is_not_in_the_alloy() {
    let mut world = World::new();
    let [(_, metal), _] = two_metals(&mut world, "plant", "works");
    let alloy = world.transform(
        "plant",
        "P60 melt",
        Homogenised,
        vec![take(metal, 0, 100)],
        vec![lot("alloy.NdFeB", 100), lot("alloy.DyFe", 1)],
    );
    let dy = ["Dy".parse().unwrap()];
    let graph = world.graph();
    let open = paths(&graph, &out(alloy, 0), &dy).remove(0);
    assert!(open.touches.is_empty() && open.gaps.is_empty() && open.origins.is_empty());
    let sure = paths(&graph, &out(alloy, 1), &dy).remove(0);
    assert_eq!(sure.gaps.len(), 1);
    assert_eq!((&sure.gaps[0].why, sure.gaps[0].presence), (&GapWhy::NoOrigin, Presence::Certain));
    assert_eq!(sure.touches.len(), 1);
}

#[test]
fn an_input_that_is_not_held_is_a_gap_as_sure_as_its_way() {
    let mut world = World::new();
    let [(_, metal), _] = two_metals(&mut world, "plant", "works");
    let unknown = out(RecordId::from_bytes([7; 32]), 2);
    let inputs = vec![take(metal, 0, 100), take(unknown, 0, 100)];
    let bags = world.repack("plant", Discrete, inputs, vec![lot("metal.Nd", 200)]);
    let both = path(&world, out(bags, 0));
    assert_eq!(both.gaps.len(), 1);
    assert_eq!(both.gaps[0].why, GapWhy::MissingInput(unknown));
    assert_eq!((both.gaps[0].presence, both.gaps[0].record), (Presence::Possible, Some(bags)));
    let alone = world.repack("plant", Discrete, vec![take(unknown, 0, 1)], vec![lot("metal.Nd", 1)]);
    assert_eq!(path(&world, out(alone, 0)).gaps[0].presence, Presence::Certain);
    assert_eq!(path(&world, unknown).gaps[0].why, GapWhy::MissingInput(unknown));
}

#[test]
fn a_gap_behind_one_of_two_bags_is_only_possible_however_long_its_own_way() {
    let mut world = World::new();
    let [(_, metal), _] = two_metals(&mut world, "plant", "works");
    let unknown = out(RecordId::from_bytes([7; 32]), 2);
    let first = world.repack("plant", Discrete, vec![take(unknown, 0, 1)], vec![lot("metal.Nd", 1)]);
    let second = world.repack("plant", Discrete, vec![take(out(first, 0), 0, 1)], vec![lot("metal.Nd", 1)]);
    let inputs = vec![take(out(second, 0), 0, 1), take(metal, 0, 100)];
    let bags = world.repack("plant", Discrete, inputs, vec![lot("metal.Nd", 101)]);
    let gaps = path(&world, out(bags, 0)).gaps;
    assert_eq!((gaps.len(), gaps[0].presence), (1, Presence::Possible));
}

#[test]
fn an_alloy_into_which_no_dysprosium_went_brings_none_into_the_magnet() {
    let mut world = World::new();
    let [(_, metal), _] = two_metals(&mut world, "plant", "works");
    let without = world.transform(
        "plant",
        "P60 melt",
        Homogenised,
        vec![take(metal, 0, 100)],
        vec![lot("alloy.NdFeB", 100)],
    );
    let dysprosium = world.extract("plant", vec![lot("metal.Dy", 5)]);
    let inputs = vec![take(out(without, 0), 0, 100), take(out(dysprosium, 0), 0, 5)];
    let magnet = world.transform("plant", "P70 sinter", Discrete, inputs, vec![lot("magnet.NdFeB", 105)]);
    let dy = paths(&world.graph(), &out(magnet, 0), &["Dy".parse().unwrap()]).remove(0);
    assert_eq!(presence_of(&dy, without), None);
    assert_eq!(presence_of(&dy, dysprosium), Some(Presence::Certain));
}

#[test]
fn withheld_inputs_are_a_gap_of_their_author_and_the_steps_count() {
    let mut world = World::new();
    let [(melt, _), _] = two_metals(&mut world, "plant", "works");
    world.change(melt, |record| {
        if let Body::Transform(transform) = &mut record.event.body {
            transform.inputs = MaybeList::Withheld(1);
        }
    });
    let path = path(&world, out(melt, 0));
    assert_eq!(path.gaps[0].why, GapWhy::InputsWithheld { by: world.party("plant") });
    assert_eq!(path.gaps[0].presence, Presence::Certain);
    assert_eq!(seen(&path), vec![(melt, "P50 electrolyse".to_owned(), Presence::Certain)]);
    assert!(path.origins.is_empty());
}

fn with_addition(material: &str) -> (World, RecordId, LotRef) {
    let mut world = World::new();
    let [(melt, metal), _] = two_metals(&mut world, "plant", "works");
    let body = Body::Transform(Transform {
        at: world.at("plant"),
        steps: steps("P60 melt"),
        mixing: Homogenised,
        inputs: vec![take(metal, 0, 100)].into(),
        additions: vec![Addition {
            material: material.parse().unwrap(),
            mass: kg(1),
            uncertainty: Uncertainty::default(),
            composition: vec![],
        }]
        .into(),
        outputs: vec![lot("alloy.NdFeB", 100)],
        losses: MaybeList::default(),
    });
    let alloy = out(world.record("plant", body), 0);
    (world, melt, alloy)
}

#[test]
fn an_addition_that_holds_the_element_is_a_gap_and_one_that_does_not_is_none() {
    let (world, melt, alloy) = with_addition("metal.Nd");
    let with = path(&world, alloy);
    assert_eq!(with.gaps[0].why, GapWhy::Addition("metal.Nd".to_owned()));
    assert_eq!(with.gaps[0].presence, Presence::Certain);
    assert_eq!(presence_of(&with, melt), Some(Presence::Certain));
    let (world, _, alloy) = with_addition("iron.pure");
    assert_eq!(path(&world, alloy).gaps, vec![]);
}

#[test]
fn papers_count_for_what_they_declare_and_leave_the_rest_open() {
    let mut world = World::new();
    let touches = vec![
        declared(0, &["Nd"], "P10 mine", "AU", true),
        declared(0, &["Nd"], "P40 calcine", "MY", false),
        declared(0, &["Dy"], "P40 calcine", "CN", true),
        declared(1, &["Nd"], "P40 calcine", "CN", true),
    ];
    let taken = world.intake("plant", vec![lot("oxide.Nd", 10), lot("oxide.Nd", 10)], touches);
    let first = path(&world, out(taken, 0));
    let grades: Vec<_> = first.touches.iter().map(|touch| touch.grade).collect();
    assert_eq!(grades, vec![Grade::Transcribed, Grade::Stated]);
    assert_eq!((first.gaps, first.origins), (vec![], vec![taken]));
    let second = path(&world, out(taken, 1));
    assert_eq!(second.touches.len(), 1);
    assert_eq!(second.touches[0].maker.as_deref(), Some("Maker"));
    assert_eq!(second.gaps[0].why, GapWhy::UndeclaredPast { record: taken });
    assert_eq!(second.gaps[0].presence, Presence::Certain);
}

#[test]
fn only_work_at_the_own_facility_is_signed_by_the_doer() {
    let cases: [(Operator, bool, Grade); 3] = [
        (Operator::Author, false, Grade::Signed),
        (Operator::Outside(Maybe::Shown(outsider("Toll"))), false, Grade::Stated),
        (Operator::Outside(Maybe::Shown(outsider("Toll"))), true, Grade::Transcribed),
    ];
    for (operator, papers, grade) in cases {
        let mut world = World::new();
        let [(melt, _), _] = two_metals(&mut world, "plant", "works");
        let place = world.declare("plant", "VN", operator);
        world.change(melt, |record| {
            if let Body::Transform(transform) = &mut record.event.body {
                transform.at.facility = Maybe::Shown(place);
            }
            if papers {
                record.event.documents = Some(Maybe::Shown(vec![crate::hash::sha256(&[b"paper"])]));
            }
        });
        let path = path(&world, out(melt, 0));
        let touch = path.touches.iter().find(|touch| touch.record == melt).unwrap();
        assert_eq!(touch.grade, grade);
    }
}

#[test]
fn a_withheld_or_missing_facility_leaves_place_and_grade_open() {
    let mut world = World::new();
    let [(melt, _), _] = two_metals(&mut world, "plant", "works");
    let place = |world: &mut World, facility: Maybe<RecordId>| {
        world.change(melt, |record| {
            if let Body::Transform(transform) = &mut record.event.body {
                transform.at.facility = facility;
            }
        });
        let touch = path(world, out(melt, 0)).touches.pop().unwrap();
        (touch.place, touch.grade)
    };
    let by = world.party("plant");
    assert_eq!(place(&mut world, Maybe::Withheld), (TouchPlace::Withheld { by }, Grade::Unknown));
    let facility = RecordId::from_bytes([9; 32]);
    assert_eq!(place(&mut world, Maybe::Shown(facility)), (TouchPlace::NotHeld { facility }, Grade::Unknown));
    let foreign = world.place("works");
    assert_eq!(place(&mut world, Maybe::Shown(foreign)).1, Grade::Unknown);
}

#[test]
fn more_than_sixty_four_places_keep_apart() {
    let mut world = World::new();
    let mut melts = Vec::new();
    let mut lots = Vec::new();
    for number in 0..130 {
        let name = format!("smelter {number}");
        world.establish(&name, "CN");
        let mined = world.extract(&name, vec![lot("metal.Nd", 100)]);
        melts.push(mined);
        lots.push(world.hand_over(&name, "plant", out(mined, 0)));
    }
    let pool = blend(&mut world, Homogenised, &lots[..129]);
    let bags = blend(&mut world, Discrete, &[pool, lots[129]]);
    let pooled = path(&world, pool);
    assert!(melts[..129].iter().all(|melt| presence_of(&pooled, *melt) == Some(Presence::Certain)));
    let bagged = path(&world, bags);
    assert!(melts.iter().all(|melt| presence_of(&bagged, *melt) == Some(Presence::Possible)));
}

/// Builds a chain of `depth` steps without rebuilding the graph for each.
fn deep_chain(depth: usize, mixing: Mixing) -> (World, LotRef) {
    let mut world = World::new();
    let mut at = out(world.extract("plant", vec![lot("metal.Nd", 1)]), 0);
    for _ in 0..depth {
        let melt =
            world.transform("plant", "P60 melt", mixing, vec![take(at, 0, 1)], vec![lot("metal.Nd", 1)]);
        at = out(melt, 0);
    }
    (world, at)
}

#[test]
fn a_chain_a_hundred_thousand_deep_is_walked_without_overflow() {
    let (world, last) = deep_chain(100_000, Discrete);
    let path = path(&world, last);
    assert_eq!(path.touches.len(), 100_001);
    assert!(path.touches.iter().all(|touch| touch.presence == Presence::Certain));
}

#[test]
fn sixty_five_thousand_inputs_and_many_outputs_are_walked_once() {
    let mut world = World::new();
    let many = world.extract("plant", vec![lot("metal.Nd", 1); 16_384]);
    let inputs = (0..65_536u32).map(|at| take(out(many, at % 16_384), 0, 1)).collect();
    let wide = world.repack("plant", Homogenised, inputs, vec![lot("metal.Nd", 4); 16_384]);
    let inputs = (0..16_384u32).map(|at| take(out(wide, at), 0, 4)).collect();
    let pool = world.repack("plant", Homogenised, inputs, vec![lot("metal.Nd", 65_536)]);
    assert_eq!(seen(&path(&world, out(pool, 0))), vec![(many, "P10 mine".to_owned(), Presence::Certain)]);
}

#[test]
fn records_in_a_ring_end_the_walk_with_a_gap() {
    let (mut world, last) = deep_chain(2, Discrete);
    let first = world.records.iter().find(|record| record.event.body.inputs().is_some()).unwrap().id;
    world.change(first, |record| {
        if let Body::Transform(transform) = &mut record.event.body {
            transform.inputs = vec![take(last, 0, 1)].into();
        }
    });
    let path = path(&world, last);
    assert!(path.origins.is_empty());
    assert!(matches!(path.gaps[0].why, GapWhy::MissingInput(_)));
}

/// A step of a small random world: how it mixes and which earlier lots it takes, each once.
type Step3 = (u8, Vec<prop::sample::Index>);

fn random_world(plan: &[Step3]) -> (World, Vec<(RecordId, Vec<usize>, bool)>) {
    let mut world = World::new();
    let mut made: Vec<(RecordId, Vec<usize>, bool)> = Vec::new();
    for (number, (mixing, picks)) in plan.iter().enumerate() {
        let name = format!("party {number}");
        world.establish(&name, "JP");
        let mut sources: Vec<usize> =
            picks.iter().filter(|_| number > 0).map(|pick| pick.index(number)).collect();
        sources.sort_unstable();
        sources.dedup();
        let is_pool = mixing % 2 == 0;
        let output: Lot = lot(if mixing % 3 == 0 { "concentrate" } else { "metal.Nd" }, 1);
        let id = if sources.is_empty() {
            world.extract(&name, vec![output])
        } else {
            let inputs = sources.iter().map(|source| take(out(made[*source].0, 0), 0, 1)).collect();
            let mixing = if is_pool { Homogenised } else { Discrete };
            world.transform(&name, "P60 melt", mixing, inputs, vec![output])
        };
        made.push((id, sources, is_pool));
    }
    (world, made)
}

/// Returns the records that the last one touches when each non-pool takes one source: `choices` in turn.
fn one_way(made: &[(RecordId, Vec<usize>, bool)], sure: &[bool], mut choice: usize) -> Vec<bool> {
    let mut touched = vec![false; made.len()];
    touched[made.len() - 1] = true;
    for at in (0..made.len()).rev() {
        let (_, sources, is_pool) = &made[at];
        if sources.is_empty() {
            continue;
        }
        let surely: Vec<usize> = sources.iter().copied().filter(|source| sure[*source]).collect();
        let pick = sources[choice % sources.len()];
        choice /= sources.len();
        if touched[at] {
            match *is_pool && !surely.is_empty() {
                true => surely.iter().for_each(|source| touched[*source] = true),
                false => touched[pick] = true,
            }
        }
    }
    touched
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    // Certain is what every way of making the lot up has, found by trying all of them.
    #[test]
    fn certain_is_what_every_way_has(plan in prop::collection::vec(
        (0u8..6, prop::collection::vec(any::<prop::sample::Index>(), 0..3)), 1..8)
    ) {
        let (world, made) = random_world(&plan);
        let sure: Vec<bool> = plan.iter().map(|(mixing, _)| mixing % 3 != 0).collect();
        let ways: usize = made.iter().map(|(_, sources, _)| sources.len().max(1)).product();
        let mut in_every = vec![true; made.len()];
        for choice in 0..ways {
            for (all, one) in in_every.iter_mut().zip(one_way(&made, &sure, choice)) {
                *all &= one;
            }
        }
        let path = path(&world, out(made[made.len() - 1].0, 0));
        let upstream = super::super::ancestry::upstream(&world.graph(), &[out(made[made.len() - 1].0, 0)]);
        for ((id, ..), certain) in made.iter().zip(in_every) {
            let is_upstream = upstream.records.contains(id);
            let expected = match (is_upstream, certain) {
                (false, _) => None,
                (true, true) => Some(Presence::Certain),
                (true, false) => Some(Presence::Possible),
            };
            prop_assert_eq!(presence_of(&path, *id), expected);
        }
    }

    #[test]
    fn neither_order_nor_unrelated_records_change_a_path(
        plan in prop::collection::vec((0u8..6, prop::collection::vec(any::<prop::sample::Index>(), 0..3)), 1..8),
        turn in any::<prop::sample::Index>(),
    ) {
        let (mut world, made) = random_world(&plan);
        let last = out(made[made.len() - 1].0, 0);
        let before = path(&world, last);
        let turn = turn.index(world.records.len());
        world.records.rotate_left(turn);
        prop_assert_eq!(&before, &path(&world, last));
        world.establish("stranger", "US");
        world.extract("stranger", vec![lot("ore", 5)]);
        let after = path(&world, last);
        prop_assert_eq!(before.gaps, after.gaps);
        for touch in &after.touches {
            prop_assert!(before.touches.contains(touch));
        }
        prop_assert_eq!(before.touches.len(), after.touches.len());
    }
}
