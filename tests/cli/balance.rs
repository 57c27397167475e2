//! Balances of plants and circuits on the command line, and what is refused.

use crate::world::{World, compare, field};

/// A separation plant with one circuit, two closed months and a charge that no close counts yet.
fn plant() -> World {
    let world = World::new();
    world.party("plant", "Ivanpah", "US-CA", "separator", &[]);
    let declare = ["facility", "declare", "SX hall", "--place", "US-CA", "--stage", "P40"];
    world.ok("plant", &[&declare[..], &["--circuit", "SX: P40, average, 90 days"]].concat());
    let carbonate = "CARB-1: mixed_carbonate, 90 t, ± 0.1 %, Nd 8 % ± 0.1 %, Pr 2.5 % ± 1 %";
    world.ok("plant", &["opening-stock", "--on", "2026-03-20", "--out", carbonate]);
    for (month, oxide, opening) in
        [("04", "OX-4: oxide.NdPr, 3 t", "empty"), ("05", "OX-5: oxide.NdPr, 3700 kg", "")]
    {
        let on = |days: &str| days.replace("MM", month);
        world.ok("plant", &["charge", "SX", "--in", "CARB-1, 40 t", "--on", &on("2026-MM-02")]);
        let oxide = format!("{oxide}, ± 0.1 %, Nd 85 % ± 0.1 %");
        let draw =
            ["draw", "SX", "--step", "P40 extract_solvent", "--out", &oxide, "--on", &on("2026-MM-20")];
        world.ok("plant", &draw);
        let period = on("2026-MM-01..2026-MM-28").replace("04-28", "04-30").replace("05-28", "05-31");
        let mut close = vec!["close-period", "SX", "--on", &period];
        close.extend(["--closing", "10 t, ± 1 %, Nd 5.86 % ± 1 %"]);
        if !opening.is_empty() {
            close.extend(["--opening", opening]);
        }
        world.ok("plant", &close);
    }
    world.ok("plant", &["charge", "SX", "--in", "CARB-1, 5 t", "--on", "2026-06-02"]);
    world
}

fn refused(world: &World, arguments: &[&str], words: &[&str]) {
    let ran = world.run("plant", arguments);
    assert_eq!(ran.code, 2, "{arguments:?}\n{}{}", ran.out, ran.err);
    for words in words {
        assert!(ran.err.contains(words), "{words}\n{}", ran.err);
    }
}

#[test]
fn a_circuit_is_balanced_period_by_period_with_its_running_sum() {
    let world = plant();
    let text = world.ok("plant", &["balance", "SX hall", "SX"]);
    compare(&world, "balance_account.txt", &text);
    assert_eq!(world.ok("plant", &["balance", "SX hall/SX"]), text);
    let may = ["balance", "SX hall", "SX", "--period", "2026-05-01..2026-05-31"];
    let json = world.ok("plant", &[&["--format", "json"], &may[..]].concat());
    compare(&world, "balance_account.json", &json);
    assert_eq!(field(&json, "format"), "lodemark/balance@1");
}

#[test]
fn a_plant_is_balanced_over_everything_held_or_a_period() {
    let world = plant();
    compare(&world, "balance_plant.txt", &world.ok("plant", &["balance", "SX hall"]));
    let april = ["balance", "SX hall", "--period", "2026-04-01..2026-04-30"];
    let json = world.ok("plant", &[&["--format", "json"], &april[..]].concat());
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let nd = &value["spans"][0]["elements"][1];
    assert_eq!((&nd["element"], &nd["shows"]), (&"Nd".into(), &"unaccounted".into()), "{json}");
}

#[test]
fn a_file_is_balanced_like_the_ledger_it_came_from_and_with_the_readers_bands() {
    let world = plant();
    world.ok("plant", &["export", "OX-5", "--show", "*", "--out", "ox.lode"]);
    let of_file = world.ok("nowhere", &["balance", "SX hall/SX", "--in", "ox.lode"]);
    assert!(of_file.contains("2026-05-01..2026-05-31, closed by record"), "{of_file}");
    world.write("bands.toml", "format = \"lodemark/bands@1\"\nid = \"none\"\nversion = \"1\"\n");
    world.ok("plant", &["balance", "SX hall", "SX", "--bands", "bands.toml"]);
    let own = world.ok("plant", &["rules", "bands"]);
    world.write("bands.toml", &own);
    let with_own = world.ok("plant", &["balance", "SX hall", "SX", "--bands", "bands.toml"]);
    assert_eq!(with_own, world.ok("plant", &["balance", "SX hall", "SX"]), "what is printed reads back");
    world.write("bands.toml", "format = \"lodemark/band@1\"\nid = \"none\"\nversion = \"1\"\n");
    refused(&world, &["balance", "SX hall", "--bands", "bands.toml"], &["bands.toml", "lodemark/band@1"]);
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let world = plant();
    refused(&world, &["balance", "SX hal"], &["no facility or lot", "`SX hal`", "did you mean `SX hall`?"]);
    refused(&world, &["balance", "SX hall", "SY"], &["no circuit", "did you mean `SX`?"]);
    refused(&world, &["balance", "SX hal/SX"], &["no facility with a circuit", "did you mean `SX hall`?"]);
    let reversed = ["balance", "SX hall", "--period", "2026-05-31..2026-05-01"];
    refused(&world, &reversed, &["2026-05-31..2026-05-01", "is no period", "ends before it begins"]);
    let empty = ["balance", "SX hall", "--period", "2025-01-01..2025-12-31"];
    refused(
        &world,
        &empty,
        &["nothing that is held happened at `SX hall`", "what is held is of 2026-03-20.."],
    );
    let part = ["balance", "SX hall", "SX", "--period", "2026-04-02..2026-05-30"];
    refused(
        &world,
        &part,
        &["no closed period within", "closed are 2026-04-01..2026-04-30, 2026-05-01..2026-05-31"],
    );
    world.party("new", "Quartz Hill", "US-NV", "miner", &["P10"]);
    let ran = world.run("new", &["balance", "Quartz Hill works"]);
    assert!(ran.code == 2 && ran.err.contains("nothing that is held happened"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_lot_is_balanced_against_what_its_event_took() {
    let world = plant();
    let metal = ["transform", "--step", "P50 electrolyse", "--mixing", "homogenised", "--on", "2026-06-20"];
    let made = "MET-1: metal.Nd, 2400 kg, ± 0.1 %, Nd 99.5 % ± 0.2 %";
    world.ok("plant", &[&metal[..], &["--in", "OX-4", "--out", made]].concat());
    compare(&world, "balance_lot.txt", &world.ok("plant", &["balance", "MET-1"]));
    compare(&world, "balance_lot.json", &world.ok("plant", &["--format", "json", "balance", "MET-1"]));
    refused(&world, &["balance", "OX-5"], &["nothing to balance", "balance \"SX hall/SX\""]);
    refused(&world, &["balance", "CARB-1"], &["opening_stock record", "balanced with the plant"]);
    refused(&world, &["balance", "MET-1", "--period", "2026-01-01"], &["has no period"]);
}
