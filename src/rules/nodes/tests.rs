//! The node table and the section 857 disclosure made of it.

use std::collections::BTreeSet;

use super::super::judge::Input;
use super::super::testing::{Chain, Plan, codes, input, judged, on, paper, said};
use super::super::verdict::ReasonCode;
use super::*;
use crate::custody::testing::{World, lot, out, take};
use crate::model::event::Body;
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::verdict::Verdict::{NotApplicable, Pass, Unknown, Withheld};
use crate::trust::Trust;

/// The table as lines of text, one for each node: `mined: Nd AU`.
fn table(world: &World, lot: LotRef, elements: &[&str]) -> Vec<String> {
    let packs = embedded();
    let nodes = packs.iter().find_map(|pack| match &pack.rule("OR-04")?.check {
        Predicate::RequireNodes(one) => Some(one.nodes.clone()),
        _ => None,
    });
    let elements: Vec<Element> = elements.iter().map(|symbol| symbol.parse().unwrap()).collect();
    let table = input(world, lot, on("2027-01-01"), |input| node_table(input, &nodes.unwrap(), &elements));
    let cell = |cell: &NodeCell| {
        let places: Vec<String> = cell.places.iter().map(|place| place.place.to_string()).collect();
        match cell.state {
            CellState::Known => format!("{} {}", cell.element, places.join("+")),
            other => format!(
                "{} {}{other}",
                cell.element,
                places.iter().map(|p| format!("{p}, ")).collect::<String>()
            ),
        }
    };
    let row = |row: &NodeRow| {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        format!("{}: {}", row.node.name, cells.join(" | "))
    };
    table.rows.iter().map(row).collect()
}

fn disclosure(world: &World, lot: LotRef) -> super::super::verdict::RuleVerdict {
    judged(world, lot, "OR-04", "2027-01-01", &Trust::default(), &BTreeSet::new())
}

#[test]
fn a_whole_chain_gives_a_country_for_each_node_and_element() {
    let chain = Chain::build(Plan::default());
    assert_eq!(
        table(&chain.world, chain.magnet, &["Nd", "Fe", "B", "Dy"]),
        [
            "mined: Nd AU | Fe TR+US | B TR",
            "refined to oxide: Nd MY | Fe not passed on this route | B not passed on this route",
            "metal and alloy: Nd JP | Fe JP+TR+US | B JP+TR",
            "sintered or bonded, and magnetised: Nd DE | Fe DE | B DE",
        ]
    );
    assert_eq!(disclosure(&chain.world, chain.magnet).verdict, Pass);
}

#[test]
fn the_four_node_table_has_a_column_for_each_element_of_the_pack_that_the_lot_holds() {
    let chain = Chain::build(Plan::default());
    let table = input(&chain.world, chain.magnet, on("2027-01-01"), four_node_table);
    let symbols: Vec<&str> = table.elements.iter().map(|element| element.symbol()).collect();
    assert_eq!(symbols, ["Nd", "Pr", "Fe", "B"]);
    assert_eq!(table.rows.len(), 4);
    assert!(table.rows.iter().all(|row| row.cells.len() == 4));
}

#[test]
fn the_oxide_of_a_separator_who_withholds_its_inputs_leaves_the_mine_withheld() {
    let mut chain = Chain::build(Plan::default());
    chain.world.change(chain.records["oxide"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.inputs = MaybeList::Withheld(1);
    });
    let lines = table(&chain.world, chain.magnet, &["Nd"]);
    assert_eq!(lines[0], "mined: Nd withheld");
    assert_eq!(lines[1], "refined to oxide: Nd MY, withheld");
    assert_eq!(lines[2], "metal and alloy: Nd JP");
    let verdict = disclosure(&chain.world, chain.magnet);
    assert_eq!((verdict.verdict, codes(&verdict)), (Withheld, vec![ReasonCode::InputsWithheld]));
}

#[test]
fn a_withheld_facility_is_named_with_who_withholds_it() {
    let mut chain = Chain::build(Plan::default());
    chain.world.change(chain.records["alloy"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.at.facility = Maybe::Withheld;
    });
    let verdict = disclosure(&chain.world, chain.magnet);
    assert_eq!((verdict.verdict, codes(&verdict)), (Withheld, vec![ReasonCode::PlaceWithheld]));
    assert!(verdict.reasons[0].text.contains("`foundry` withholds"), "{}", verdict.reasons[0].text);
}

/// A magnet maker who has nothing but papers.
fn bought_alloy(touches: Vec<crate::model::event::DeclaredTouch>) -> (World, LotRef) {
    let mut world = World::new();
    let alloy = world.intake("plant", vec![lot("alloy.NdFeB", 50)], touches);
    let inputs = vec![take(out(alloy, 0), 0, 50)];
    let steps = "P70 sinter, P85 magnetise";
    let made =
        world.transform("plant", steps, Mixing::Homogenised, inputs, vec![lot("magnet.NdFeB.sintered", 50)]);
    (world, out(made, 0))
}

#[test]
fn a_producer_with_nothing_but_papers_gets_its_first_table() {
    let (world, magnet) = bought_alloy(vec![
        paper("Nd", "P10 mine", "US"),
        said("Nd", "P40 extract_solvent", "CN"),
        paper("Nd", "P60 strip_cast", "VN"),
    ]);
    assert_eq!(
        table(&world, magnet, &["Nd"]),
        [
            "mined: Nd US",
            "refined to oxide: Nd CN",
            "metal and alloy: Nd VN, unknown",
            "sintered or bonded, and magnetised: Nd JP",
        ]
    );
}

#[test]
fn nothing_declared_is_unknown_in_each_node_that_alloy_has_behind_it() {
    let (world, magnet) = bought_alloy(vec![]);
    let lines = table(&world, magnet, &["Nd"]);
    assert_eq!(lines[0], "mined: Nd unknown");
    assert_eq!(lines[1], "refined to oxide: Nd unknown");
    assert_eq!(lines[2], "metal and alloy: Nd unknown");
    assert_eq!(lines[3], "sintered or bonded, and magnetised: Nd JP");
    assert_eq!(disclosure(&world, magnet).verdict, Unknown);
}

#[test]
fn diffused_terbium_skips_the_metal_node() {
    let mut chain = Chain::build(Plan::default());
    let touches = vec![paper("Tb", "P10 mine", "AU"), paper("Tb", "P40 fluorinate", "MY")];
    let fluoride = chain.world.intake("shop", vec![lot("fluoride.Tb", 1)], touches);
    let inputs = vec![take(chain.magnet, 0, 100), take(out(fluoride, 0), 0, 1)];
    let made = chain.world.transform(
        "shop",
        "P80 diffuse",
        Mixing::Homogenised,
        inputs,
        vec![lot("magnet.NdFeB.sintered", 100)],
    );
    let lines = table(&chain.world, out(made, 0), &["Nd", "Tb"]);
    assert_eq!(lines[0], "mined: Nd AU | Tb AU");
    assert_eq!(lines[2], "metal and alloy: Nd JP | Tb not passed on this route");
    assert_eq!(disclosure(&chain.world, out(made, 0)).verdict, Pass);
}

#[test]
fn recycled_magnets_have_no_mine_on_this_route() {
    let mut world = World::new();
    let scrap =
        world.intake("plant", vec![lot("eol_magnet.NdFeB", 50)], vec![paper("Nd", "R10 collect", "US")]);
    let inputs = vec![take(out(scrap, 0), 0, 50)];
    let powder =
        world.transform("plant", "R30 mill", Mixing::Homogenised, inputs, vec![lot("powder.NdFeB", 50)]);
    let inputs = vec![take(out(powder, 0), 0, 50)];
    let made =
        world.transform("plant", "P70 sinter", Mixing::Homogenised, inputs, vec![lot("magnet.NdFeB", 50)]);
    let lines = table(&world, out(made, 0), &["Nd"]);
    assert_eq!(lines[0], "mined: Nd not passed on this route");
    assert_eq!(lines[3], "sintered or bonded, and magnetised: Nd JP");
}

#[test]
fn a_lot_that_is_no_magnet_has_a_table_and_no_disclosure() {
    let chain = Chain::build(Plan::default());
    let oxide = out(chain.records["oxide"], 0);
    let lines = table(&chain.world, oxide, &["Nd", "Fe"]);
    assert_eq!(lines[0], "mined: Nd AU");
    assert_eq!(lines[3], "sintered or bonded, and magnetised: Nd not passed on this route");
    assert_eq!(disclosure(&chain.world, oxide).verdict, NotApplicable);
}

#[test]
fn two_places_of_a_bag_are_both_only_possible() {
    let mut chain = Chain::build(Plan::default());
    let touches = ["P10 mine", "P40 calcine", "P50 electrolyse", "P60 melt"]
        .map(|step| paper("Nd", step, "VN"))
        .to_vec();
    let bought = chain.world.intake("shop", vec![lot("alloy.NdFeB", 50)], touches);
    let own = chain.world.hand_over("foundry", "shop", out(chain.records["alloy"], 0));
    let inputs = vec![take(own, 0, 20), take(out(bought, 0), 0, 20)];
    let bag = chain.world.repack("shop", Mixing::Discrete, inputs, vec![lot("alloy.NdFeB", 40)]);
    let nodes = [Node { name: "metal and alloy".into(), stages: vec![Stage::P50, Stage::P60] }];
    let ask = |input: &Input<'_>| node_table(input, &nodes, &["Nd".parse().unwrap()]);
    let table = input(&chain.world, out(bag, 0), on("2027-01-01"), ask);
    let places = &table.rows[0].cells[0].places;
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|place| place.presence == Presence::Possible), "{places:#?}");
}
