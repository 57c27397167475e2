//! Origin on the command line: shares by country and by whatever else, and what bad questions get.

use crate::world::{World, compare};

/// A plant that digs, has old stock, and dissolves both together.
fn plant() -> World {
    let world = World::new();
    world.party("plant", "Tanami Heavy Earths", "AU-WA", "miner", &["P10", "P40"]);
    let ore =
        ["extract", "--step", "P10 mine", "--on", "2026-04-01", "--out", "ORE-1: ore.xenotime, 10 t, Dy 5 %"];
    world.ok("plant", &ore);
    let stock = ["opening-stock", "--on", "2026-04-02", "--out", "OLD-1: oxide.Dy, 200 kg, Dy 86 %"];
    world.ok("plant", &stock);
    let made = "OX-1: oxide.Dy, 700 kg, Dy 86 %, model segregated";
    let both =
        ["transform", "--step", "P40 extract_solvent", "--mixing", "homogenised", "--on", "2026-05-01"];
    world.ok("plant", &[&both[..], &["--in", "ORE-1", "--in", "OLD-1", "--out", made]].concat());
    world
}

#[test]
fn screens_of_an_origin() {
    let world = plant();
    for (name, arguments) in [
        ("origin.txt", vec!["origin", "OX-1"]),
        ("origin.json", vec!["--format", "json", "origin", "OX-1"]),
        ("origin_class.txt", vec!["origin", "OX-1", "--by", "class"]),
        ("origin_stage.txt", vec!["origin", "OX-1", "--by", "facility", "--stage", "P40", "--ids"]),
    ] {
        compare(&world, name, &world.ok("plant", &arguments));
    }
}

#[test]
fn a_question_that_has_no_answer_says_what_would_have_one() {
    let world = plant();
    for (arguments, words) in [
        (vec!["origin", "OX-2"], vec!["no lot here is called `OX-2`", "did you mean `OX-1`?"]),
        (vec!["origin", "OX-1", "--by", "contry"], vec!["`contry`", "did you mean `country`?"]),
        (vec!["origin", "OX-1", "--by", "mood"], vec!["`mood`", "write one of country, region"]),
        (vec!["origin", "OX-1", "--stage", "P44"], vec!["`P44` is not a known stage", "P40"]),
        (vec!["origin", "OX-1", "--element", "dysprosium"], vec!["did you mean `Dy`?"]),
        (vec!["origin", "OX-1", "--of", "NdPrr"], vec!["write it as `NdPr`"]),
        (vec!["origin", "OX-1", "--by", "class", "--stage", "P40"], vec!["are of no stage"]),
    ] {
        let ran = world.run("plant", &arguments);
        assert_eq!(ran.code, 2, "{arguments:?}\n{}{}", ran.out, ran.err);
        for words in words {
            assert!(ran.err.contains(words), "{words}\n{}", ran.err);
        }
    }
}

#[test]
fn an_element_that_is_not_in_it_is_said_not_to_be() {
    let world = plant();
    let out = world.ok("plant", &["origin", "OX-1", "--element", "Co"]);
    assert!(out.contains("Co: it holds none"), "{out}");
}

#[test]
fn elements_are_added_up_on_the_basis_that_is_named() {
    let world = plant();
    let out = world.ok("plant", &["origin", "OX-1", "--of", "TREO"]);
    assert!(out.contains("TREO, by mass of the oxides"), "{out}");
    let out = world.ok("plant", &["origin", "OX-1", "--of", "DyTb", "--by", "class"]);
    assert!(out.contains("DyTb, by mass of the elements"), "{out}");
}

#[test]
fn a_file_is_read_in_place_of_the_ledger() {
    let world = plant();
    world.ok("plant", &["export", "OX-1", "--show", "*", "--out", "ox.lode"]);
    let out = world.ok(".", &["origin", "OX-1", "--in", "ox.lode"]);
    assert!(out.contains("AU"), "{out}");
}

#[test]
fn beside_the_bounds_of_a_circuit_stands_the_average_of_its_periods() {
    let world = plant();
    let declare = ["facility", "declare", "SX hall", "--place", "AU-WA", "--stage", "P40"];
    world.ok("plant", &[&declare[..], &["--circuit", "SX: P40, average, 90 days, at least 1 day"]].concat());
    for (lot, form) in [("NEW-1", "oxide.Dy, 300 kg, Dy 86 %"), ("OLD-2", "oxide.Dy, 100 kg, Dy 86 %")] {
        let kind: &[&str] =
            if lot == "NEW-1" { &["extract", "--step", "P10 mine"] } else { &["opening-stock"] };
        let made = format!("{lot}: {form}");
        world.ok(
            "plant",
            &[kind, &["--at", "Tanami Heavy Earths works", "--on", "2026-06-01", "--out", &made]].concat(),
        );
        world.ok("plant", &["charge", "SX", "--in", lot, "--at", "SX hall", "--on", "2026-06-02"]);
    }
    let draw = ["draw", "SX", "--at", "SX hall", "--step", "P40 extract_solvent", "--on", "2026-06-10"];
    world.ok("plant", &[&draw[..], &["--out", "OX-3: oxide.Dy, 350 kg, Dy 86 %"]].concat());
    let open = world.ok("plant", &["origin", "OX-3"]);
    assert!(open.contains("average: none: provisional, a period is open"), "{open}");
    let close = ["close-period", "SX", "--at", "SX hall", "--on", "2026-06-01..2026-06-30"];
    world.ok("plant", &[&close[..], &["--opening", "empty", "--closing", "50 kg, ± 2 %, Dy 86 %"]].concat());
    compare(&world, "origin_circuit.txt", &world.ok("plant", &["origin", "OX-3"]));
    let json = world.ok("plant", &["--format", "json", "origin", "OX-3"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["elements"][0]["rows"][0]["average"], "75 %", "{json}");
    assert_eq!(value["elements"][0]["averages"]["circuits"][0]["circuit"], "SX");
    assert_eq!(value["elements"][0]["averages"]["rest"], "25 %");
}
