//! Circuits on the command line: declared, charged, drawn, closed; and what is refused.

use crate::world::{World, compare};

/// A separation plant with one circuit and 60 t of carbonate in three lots.
fn plant() -> World {
    let world = World::new();
    world.party("plant", "Ivanpah", "US-CA", "separator", &[]);
    let declare = ["facility", "declare", "SX hall", "--place", "US-CA", "--stage", "P40"];
    world.ok("plant", &[&declare[..], &["--circuit", "SX: P40, average, 90 days, at least 5 days"]].concat());
    let stock = ["opening-stock", "--on", "2026-04-01"];
    let lots = ["--out", "CARB-1: mixed_carbonate, 20 t", "--out", "CARB-2: mixed_carbonate, 20 t"];
    world.ok("plant", &[&stock[..], &lots, &["--out", "CARB-3: mixed_carbonate, 20 t"]].concat());
    world
}

fn charge(world: &World, lot: &str, day: &str) {
    world.ok("plant", &["charge", "SX", "--in", lot, "--on", day]);
}

const DRAW: [&str; 6] = ["draw", "SX", "--step", "P40 extract_solvent", "--out", "OX-1: oxide.NdPr, 2 t"];

fn refused(world: &World, arguments: &[&str], words: &[&str]) {
    let ran = world.run("plant", arguments);
    assert!(matches!(ran.code, 1 | 2), "{arguments:?}\n{}{}", ran.out, ran.err);
    for words in words {
        assert!(ran.err.contains(words), "{words}\n{}", ran.err);
    }
}

#[test]
fn a_period_is_closed_with_everything_that_went_in_and_came_out() {
    let world = plant();
    charge(&world, "CARB-1, 12 t", "2026-05-04");
    world.ok("plant", &[&DRAW[..], &["--on", "2026-05-11..2026-05-31"]].concat());
    let close = ["close-period", "SX", "--on", "2026-05-01..2026-05-31", "--opening", "empty"];
    let out = world.ok("plant", &[&close[..], &["--closing", "9 t, ± 2 %, Nd 3 %"]].concat());
    assert!(out.contains("SX, 2026-05-01..2026-05-31: 2 records counted"), "{out}");
    charge(&world, "CARB-2", "2026-06-03");
    let out = world
        .ok("plant", &["close-period", "SX", "--on", "2026-06-01..2026-06-30", "--closing", "28 t, ± 2 %"]);
    assert!(out.contains("1 record counted"), "{out}");
    let shown = world.ok("plant", &["--format", "json", "log", "--last", "1"]);
    let log: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let id = log["records"][0]["id"].as_str().unwrap();
    let shown = world.ok("plant", &["--format", "json", "show", id]);
    let record: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let body = &record["record"]["event"]["body"];
    assert_eq!(
        body["opening"]["quantity"]["mass"], "9000 kg",
        "the stock of the close before is carried over"
    );
    assert!(body["previous"].is_string());
}

#[test]
fn what_does_not_fit_the_circuit_is_refused_with_what_would() {
    let world = plant();
    refused(&world, &["charge", "SY", "--in", "CARB-1"], &["no circuit `SY`", "did you mean `SX`?"]);
    refused(&world, &["charge", "--in", "CARB-1"], &["`circuit`: it is missing"]);
    refused(&world, &["charge", "SX", "--in", "CARB-1, 12"], &["`in/0/mass`", "kg"]);
    refused(&world, &["charge", "SX", "--in", "CARB-9"], &["`CARB-9`"]);
    refused(&world, &["charge", "SX"], &["`in`: it is missing"]);
    let draw = |on: &'static str| [&DRAW[..], &["--on", on]].concat();
    refused(&world, &draw("2026-05-11"), &["a draw from an empty account", "record first what was charged"]);
    charge(&world, "CARB-1", "2026-05-07");
    refused(&world, &draw("2026-05-11"), &["a draw from an empty account"]);
    world.ok("plant", &draw("2026-05-12"));
    refused(&world, &["charge", "SX", "--in", "CARB-1, 1 t"], &["CARB-1"]);
}

#[test]
fn a_close_that_leaves_gaps_or_counts_twice_is_refused() {
    let world = plant();
    charge(&world, "CARB-1", "2026-05-04");
    world.ok("plant", &[&DRAW[..], &["--on", "2026-05-11..2026-05-31"]].concat());
    let close =
        |on: &'static str, rest: &[&'static str]| [&["close-period", "SX", "--on", on], rest].concat();
    let may = "2026-05-01..2026-05-31";
    refused(&world, &close(may, &["--opening", "empty"]), &["`closing`: it is missing"]);
    refused(&world, &close(may, &["--closing", "9 t"]), &["`opening`: it is missing"]);
    refused(&world, &close(may, &["--opening", "full", "--closing", "empty"]), &["`full`", "\"empty\""]);
    refused(&world, &close(may, &["--opening", "9", "--closing", "empty"]), &["opening/mass", "kg"]);
    let known = ["--opening", "empty", "--closing", "9 t, ± 2 %"];
    let wider = "2026-05-01..2026-05-20";
    refused(&world, &close(wider, &known), &["lies across an end", "within one period each"]);
    let log = world.ok("plant", &["--format", "json", "log"]);
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let id = |kind: &str| {
        let found = log["records"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let (charged, stock) = (id("charge"), id("opening_stock"));
    let mut counted = close(may, &known);
    counted.extend(["--covers", &charged]);
    refused(&world, &counted, &["is not counted", "withdraw it if it did not happen"]);
    let mut counted = close(may, &known);
    counted.extend(["--covers", &stock]);
    refused(&world, &counted, &["no charge or draw of this circuit"]);
    let mut twice = close(may, &known);
    twice.extend(["--covers", &charged, "--covers", &charged]);
    refused(&world, &twice, &["counted twice"]);
    world.ok("plant", &close(may, &known));
    refused(&world, &close(may, &known), &["overlaps 2026-05-01..2026-05-31"]);
    let june = "2026-06-01..2026-06-30";
    refused(
        &world,
        &close(june, &["--previous", "none", "--opening", "9 t", "--closing", "9 t"]),
        &["last close"],
    );
    let step = ["--opening", "9.5 t, ± 2 %", "--closing", "9 t"];
    refused(&world, &close(june, &step), &["opens with 9 500.000 kg", "found 9 000.000 kg"]);
    refused(
        &world,
        &[&DRAW[..], &["--on", "2026-05-31"]].concat(),
        &["is closed for", "close the period again"],
    );
    let late = world.run("plant", &["charge", "SX", "--in", "CARB-2", "--on", "2026-05-20", "--yes"]);
    assert!(late.code == 0 && late.err.contains("which does not count this charge"), "{}", late.err);
}

#[test]
fn a_circuit_is_declared_with_its_window() {
    let world = World::new();
    world.party("plant", "Ivanpah", "US-CA", "separator", &[]);
    let declare = |circuit: &'static str| {
        ["facility", "declare", "SX hall", "--place", "US-CA", "--stage", "P40", "--circuit", circuit]
    };
    refused(&world, &declare("SX: P40, average"), &["`circuits/0/window`: it is missing"]);
    refused(&world, &declare("SX: P40, average, 90"), &["`90` is no number of days"]);
    refused(&world, &declare("SX: P40, averaged, 90 days"), &["averaged", "did you mean `average`?"]);
    refused(&world, &declare("SX: P40, average, 9 days, at least 10 days"), &["at least 10 days", "after 9"]);
    refused(&world, &declare("SX, P40, average, 90 days"), &["no `:` after its name"]);
    let two = ["--circuit", "SX: P40, window, 30 days"];
    refused(
        &world,
        &[&declare("SX: P40, average, 90 days")[..], &two].concat(),
        &["the name of two circuits"],
    );
    world.ok("plant", &declare("SX: P40, average, 90 days"));
}

#[test]
fn an_account_is_shown_period_by_period_and_a_trace_goes_through_it() {
    let world = plant();
    charge(&world, "CARB-1, 12 t", "2026-05-04");
    world.ok(
        "plant",
        &[
            "draw",
            "SX",
            "--step",
            "P40 extract_solvent",
            "--on",
            "2026-05-11..2026-05-31",
            "--out",
            "OX-1: oxide.NdPr, 2 t, Nd 75 % as Nd2O3, Pr 25 % as Pr6O11",
        ],
    );
    let may = ["close-period", "SX", "--on", "2026-05-01..2026-05-31", "--opening", "empty"];
    let found = ["--closing", "9 t, ± 2 %, Nd 3 %", "--loss", "raffinate, 400 kg, measured"];
    world.ok("plant", &[&may[..], &found].concat());
    world.ok("plant", &["charge", "SX", "--in", "CARB-2", "--on", "2026-05-20"]);
    charge(&world, "CARB-3", "2026-06-03");
    world.ok("plant", &[&DRAW[..5], &["OX-2: oxide.NdPr, 3 t", "--on", "2026-06-11..2026-06-20"]].concat());
    compare(&world, "account.txt", &world.ok("plant", &["account", "SX hall", "SX"]));
    compare(&world, "account.json", &world.ok("plant", &["--format", "json", "account"]));
    refused(&world, &["account", "SX hal"], &["no facility with a circuit", "did you mean `SX hall`?"]);
    refused(&world, &["account", "SX hall", "SY"], &["no circuit here", "did you mean `SX`?"]);
    compare(&world, "trace_circuit.txt", &world.ok("plant", &["trace", "OX-2"]));
    let down = world.ok("plant", &["trace", "CARB-1", "--down"]);
    assert!(down.contains("into circuit SX, 2 draws that can hold some of it"), "{down}");
    let short = world.ok("plant", &["trace", "OX-2", "--depth", "1"]);
    assert!(short.contains("3 charges that can be in it, more lies behind it"), "{short}");
}

#[test]
fn who_is_handed_a_draw_is_handed_what_was_charged_and_the_close() {
    let world = World::new();
    let plant = world.party("plant", "Ivanpah", "US-CA", "separator", &[]);
    let declare = ["facility", "declare", "SX hall", "--place", "US-CA", "--stage", "P40"];
    world.ok("plant", &[&declare[..], &["--circuit", "SX: P40, average, 90 days"]].concat());
    world.party("mine", "Quartz Hill", "US-NV", "miner", &["P10"]);
    world.ok("mine", &["party", "add", "plant", &plant]);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "CARB-1: mixed_carbonate, 20 t, Nd 8 %"]);
    world.ok("mine", &["dispatch", "CARB-1", "--to", "plant"]);
    world.ok("mine", &["export", "CARB-1", "--show", "*", "--out", "carb.lode"]);
    world.ok("plant", &["import", "carb.lode"]);
    world.ok("plant", &["receive", "CARB-1", "--mass", "20 t"]);
    world.ok("plant", &["charge", "SX", "--in", "CARB-1"]);
    world.ok("plant", &["draw", "SX", "--step", "P40 extract_solvent", "--out", "OX-1: oxide.Nd, 1 t"]);
    let verify = |file: &str| world.run("reader", &["--format", "json", "verify", "OX-1", file]);
    world.ok("plant", &["export", "OX-1", "--show", "*", "--out", "open.lode"]);
    assert!(verify("open.lode").out.contains("\"provisional_draw\""));
    world.ok("plant", &["close-period", "SX", "--opening", "empty", "--closing", "empty"]);
    world.ok("plant", &["export", "OX-1", "--show", "*", "--out", "closed.lode"]);
    let ran = verify("closed.lode");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
    assert_eq!(report["lots"][0]["custody"], "pass", "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("US-NV"), "the mine behind the circuit is in the file");
}
