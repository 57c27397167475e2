//! Portfolios on the command line: what was received in a year, by country and stage, and what rules say of it.

use crate::world::{World, compare};

/// A foundry that takes in metal of two countries.
fn foundry() -> World {
    let world = World::new();
    world.party("foundry", "Sava Alloys", "SI", "alloy_maker", &["P60"]);
    for (day, label, mass, country) in
        [("2026-02-10", "ND-CN", "700 kg", "CN"), ("2026-06-15", "ND-EE", "300 kg", "EE")]
    {
        let made = format!("{label}: metal.Nd, {mass}, Nd 99 %");
        let touch = |step: &str| format!("Nd, {step}, {country}, document {}", "0".repeat(64));
        let steps = ["P10 mine", "P40 extract_solvent", "P50 electrolyse"].map(touch);
        let mut intake = vec!["intake", "--on", day, "--supplier", "Metals", "--out", &made];
        steps.iter().for_each(|step| intake.extend(["--touch", step]));
        world.ok("foundry", &intake);
    }
    world
}

#[test]
fn screens_of_a_portfolio() {
    let world = foundry();
    let year = ["portfolio", "--period", "2026-01-01..2026-12-31"];
    for (name, more) in [
        ("portfolio.txt", &[][..]),
        ("portfolio.json", &["--format", "json", "--pack", "eu-crma-benchmarks"]),
    ] {
        compare(&world, name, &world.ok("foundry", &[&year[..], more].concat()));
    }
}

#[test]
fn a_question_that_has_no_answer_says_what_would_have_one() {
    let world = foundry();
    for (arguments, words) in [
        (vec!["portfolio", "--party", "Sava Aloys"], vec!["no party here", "did you mean `Sava Alloys`?"]),
        (vec!["portfolio", "--element", "neodymium"], vec!["did you mean `Nd`?"]),
        (vec!["portfolio", "--period", "2026-12-31..2026-01-01"], vec!["--period"]),
        (vec!["portfolio", "--home", "Slovenia"], vec!["--home"]),
    ] {
        let ran = world.run("foundry", &arguments);
        assert_eq!(ran.code, 2, "{arguments:?}\n{}{}", ran.out, ran.err);
        for words in words {
            assert!(ran.err.contains(words), "{words}\n{}", ran.err);
        }
    }
}

#[test]
fn a_year_in_which_nothing_came_in_says_so() {
    let world = foundry();
    let out = world.ok("foundry", &["portfolio", "--period", "2025-01-01..2025-12-31"]);
    assert!(out.contains("0 lots"), "{out}");
}
