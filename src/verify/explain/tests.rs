//! Which changes of places turn a verdict, and that none is named that need not be.

use super::*;
use crate::custody::testing::{World, named, out, take};
use crate::model::evidence::Mixing;

/// Nobody may mine, part or melt in China.
const PACK: &str = concat!(
    include_str!("../../../tests/shared/pack_head.toml"),
    r#"
[countries]
covered = ["CN"]

[elements]
named = ["Nd"]

[[rule]]
id = "A-1"
title = "a step in a covered country"
clause = "1"
scope = "ancestry"
help = "ask"

[rule.check.forbid_touch]
countries = "covered"
stages = ["P10", "P40", "P50"]

[[rule.check.forbid_touch.elements]]
list = "named"
"#
);

/// Metal of a smelter in Germany, and what the rule says of it with its mine and its plant in these countries.
fn explained(mine: &str, plant: &str) -> Explained {
    let mut world = World::new();
    for (name, country) in [("mine", mine), ("plant", plant), ("smelter", "DE")] {
        world.establish(name, country);
    }
    let ore = world.extract("mine", vec![named("ORE-1", "ore", 100)]);
    let ore = world.hand_over("mine", "plant", out(ore, 0));
    let parted = "P20 float, P30 crack, P40 extract_solvent";
    let oxide = vec![named("OX-1", "oxide.NdPr", 80)];
    let oxide = world.transform("plant", parted, Mixing::Homogenised, vec![take(ore, 0, 100)], oxide);
    let oxide = world.hand_over("plant", "smelter", out(oxide, 0));
    let metal = vec![named("ME-1", "metal.NdPr", 60)];
    let inputs = vec![take(oxide, 0, 80)];
    let metal = world.transform("smelter", "P50 electrolyse", Mixing::Homogenised, inputs, metal);
    let examined = Examined {
        graph: world.graph(),
        lines: Vec::new(),
        refused: Vec::new(),
        findings: Vec::new(),
        logs: Vec::new(),
        log_forks: Vec::new(),
    };
    let reader = Reader { packs: vec![Pack::from_toml(PACK).unwrap()], ..Reader::default() };
    let lot = out(metal, 0);
    let request = Request::about(lot, "2026-11-25".parse().unwrap());
    explain(&examined, &request, &reader, &lot, "A-1").unwrap()
}

/// What is put in Norway to turn a verdict, and what it turns to.
fn turns(explained: &Explained) -> Vec<(Vec<&str>, Verdict)> {
    let mut turns = Vec::new();
    for turn in &explained.turns {
        let what = turn.change.iter().map(|change| change.strip_suffix(" were in NO").expect("in Norway"));
        turns.push((what.collect(), turn.verdict));
    }
    turns
}

#[test]
fn of_two_places_that_each_bar_the_lot_both_turn_it_and_a_third_is_left_out() {
    let explained = explained("CN", "CN");
    assert_eq!((explained.verdict.verdict, explained.tried), (Verdict::Fail, 3));
    assert_eq!(turns(&explained), [(vec!["`mine CN`", "`plant CN`"], Verdict::Pass)]);
}

#[test]
fn of_one_place_that_bars_the_lot_it_alone_turns_it() {
    for (mine, plant, turning) in [("CN", "MY", "`mine CN`"), ("AU", "CN", "`plant CN`")] {
        let explained = explained(mine, plant);
        assert_eq!(explained.verdict.verdict, Verdict::Fail);
        assert_eq!(turns(&explained), [(vec![turning], Verdict::Pass)]);
    }
}
