use super::super::bands::Bands;
use super::super::testing::{assay, line, metal, weighed};
use super::*;
use crate::custody::testing::{World, out, take};
use crate::model::evidence::AssayPurpose::Independent;
use crate::model::evidence::Mixing::Homogenised;
use crate::model::lot::Component;
use crate::model::maybe::Maybe;
use FindingCode::{CompositionUnclosed, ImpossibleShare, UnusualShare};
use Weight::{Fail, Note, Unknown, Warning};

fn found_in(world: &World) -> Vec<Finding> {
    let (graph, bands) = (world.graph(), Bands::embedded());
    findings(&Contents::new(&graph, &bands), &Ways::new(&graph))
}

fn codes(world: &World) -> Vec<(FindingCode, Weight)> {
    found_in(world).iter().map(|one| (one.code, one.weight)).collect()
}

/// What is found in 1 000 kg of a material that was mined, so that its whole way is known.
fn of(material: &str, lines: Vec<Component>) -> Vec<(FindingCode, Weight)> {
    let mut world = World::new();
    world.extract("mine", vec![weighed(material, 1_000_000, "0 %", lines)]);
    codes(&world)
}

#[test]
fn an_oxide_holds_at_most_all_of_itself() {
    let pure = |share: &str| of("oxide.Nd", vec![line("Nd", share, "Nd2O3", "1 %")]);
    // 101.0101 % less 1 % is just below all of it.
    assert_eq!(pure("101.01 %"), vec![]);
    assert_eq!(pure("101.02 %"), vec![(ImpossibleShare, Fail)]);
    let both = vec![line("Nd", "75 %", "Nd2O3", "1 %"), line("Pr", "30 %", "Pr6O11", "1 %")];
    assert_eq!(of("oxide.NdPr", both), vec![(ImpossibleShare, Fail)]);
}

#[test]
fn oxide_written_as_the_element_is_named() {
    for of in ["Nd", "NdPr"] {
        let mut world = World::new();
        let lines = vec![metal(of, "99 %", "1 %")];
        world.extract("mine", vec![weighed("oxide.NdPr", 1_000_000, "0 %", lines)]);
        let found = found_in(&world);
        assert_eq!((found[0].code, found[0].weight), (ImpossibleShare, Fail));
        let message = &found[0].message;
        assert!(message.contains(&format!("98.01 % of it is said to be {of} at least")), "{message}");
        assert!(message.contains("as if a share of oxide was written as the element"), "{message}");
    }
}

#[test]
fn metal_may_be_more_than_all_of_it_as_oxide_but_not_as_metal() {
    assert_eq!(of("metal.Nd", vec![line("TREO", "116.5 %", "REO", "1 %")]), vec![]);
    assert_eq!(of("metal.Nd", vec![metal("Nd", "102 %", "1 %")]), vec![(ImpossibleShare, Fail)]);
    assert_eq!(of("oxide.TREO", vec![line("TREO", "102 %", "REO", "1 %")]), vec![(ImpossibleShare, Fail)]);
}

#[test]
fn a_mineral_has_a_ceiling_unless_it_was_calcined() {
    let lines = || vec![line("TREO", "78 %", "REO", "1 %")];
    assert_eq!(of("concentrate.bastnaesite", vec![line("TREO", "77.5 %", "REO", "1 %")]), vec![]);
    assert_eq!(of("concentrate.bastnaesite", lines()), vec![(ImpossibleShare, Fail)]);
    let lot = || weighed("concentrate.bastnaesite", 1_000_000, "0 %", lines());
    let mut world = World::new();
    world.intake("mine", vec![lot()], vec![]);
    assert_eq!(codes(&world), vec![(ImpossibleShare, Unknown)], "nobody knows what was done before");
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![weighed("ore.bastnaesite", 2_000_000, "0 %", vec![])]), 0);
    world.transform("mine", "P20 float, P20 calcine", Homogenised, vec![take(ore, 0, 2_000)], vec![lot()]);
    assert_eq!(codes(&world), vec![]);
    // No source was checked for xenotime.
    assert_eq!(of("concentrate.xenotime", lines()), vec![(UnusualShare, Note)]);
    assert_eq!(
        of("concentrate.spodumene", vec![line("Li", "8.2 %", "Li2O", "1 %")]),
        vec![(ImpossibleShare, Fail)]
    );
    assert_eq!(of("concentrate.spodumene", vec![line("Li", "8.1 %", "Li2O", "1 %")]), vec![]);
}

fn magnet(nd: &str, fe: &str, b: &str) -> Vec<Component> {
    vec![metal("Nd", nd, "1 %"), metal("Fe", fe, "0.1 %"), metal("B", b, "1 %")]
}

#[test]
fn an_uncoated_sintered_magnet_needs_the_rare_earth_of_its_main_phase() {
    let floor = |nd: &str, fe: &str| of("magnet.NdFeB.sintered", magnet(nd, fe, "1 %"));
    assert_eq!(floor("30 %", "69 %"), vec![]);
    assert_eq!(floor("25 %", "74 %"), vec![(ImpossibleShare, Fail)]);
    // What nobody looked for may be rare earth.
    assert_eq!(floor("25 %", "70 %").first(), Some(&(CompositionUnclosed, Warning)));
    assert_eq!(of("magnet.NdFeB.bonded", magnet("25 %", "74 %", "1 %")), vec![]);
}

#[test]
fn a_coating_is_no_magnet() {
    let lot = || weighed("magnet.NdFeB.sintered", 1_000_000, "0 %", magnet("25 %", "74 %", "1 %"));
    let mut world = World::new();
    let mut coated = lot();
    if let Maybe::Shown(marks) = &mut coated.marks {
        marks.coating = Some("NiCuNi".to_owned());
    }
    world.extract("mine", vec![coated]);
    assert_eq!(codes(&world), vec![]);
    let mut world = World::new();
    let bare =
        out(world.extract("mine", vec![weighed("magnet.NdFeB.sintered", 1_000_000, "0 %", vec![])]), 0);
    world.transform("mine", "P80 coat", Homogenised, vec![take(bare, 0, 1_000)], vec![lot()]);
    assert_eq!(codes(&world), vec![]);
    let mut world = World::new();
    world.intake("mine", vec![lot()], vec![]);
    assert_eq!(codes(&world), vec![(ImpossibleShare, Unknown)], "it may have been coated before");
}

#[test]
fn a_whole_composition_comes_to_about_all_of_it() {
    let alloy = |fe: &str| of("alloy.NdFeB", magnet("30 %", fe, "1 %"));
    assert_eq!(alloy("66 %"), vec![]);
    assert_eq!(alloy("65.9 %"), vec![(CompositionUnclosed, Warning)]);
    assert_eq!(alloy("69.3 %"), vec![]);
    // What the code names and nobody looked for is not missing.
    assert_eq!(of("alloy.NdFeB", vec![metal("Nd", "30 %", "1 %")]), vec![]);
}

#[test]
fn what_is_out_of_the_ordinary_is_a_note() {
    let of = |nd: &str, fe: &str, b: &str| of("magnet.NdFeB.sintered", magnet(nd, fe, b));
    assert_eq!(of("36 %", "63 %", "1 %"), vec![(UnusualShare, Note)]);
    assert_eq!(of("30 %", "68.5 %", "1.4 %"), vec![(UnusualShare, Note)]);
    assert_eq!(of("30 %", "68.7 %", "1.3 %"), vec![]);
}

#[test]
fn the_laboratory_that_says_so_is_concerned_and_not_the_maker() {
    let mut world = World::new();
    let mined = out(world.extract("mine", vec![weighed("oxide.Nd", 1_000_000, "0 %", vec![])]), 0);
    assay(&mut world, "buyer", mined, Independent, vec![metal("Nd", "99 %", "1 %")]);
    let found = found_in(&world);
    assert_eq!(found[0].parties, vec![world.party("buyer")]);
}
