use crate::balance::bands::Bands;
use crate::balance::testing::{metal, weighed};
use crate::custody::testing::*;
use crate::rules::testing::{codes, small_pack};
use crate::rules::verdict::ReasonCode::{AboveLimit, AmountOpen};
use crate::rules::{Over, Pack, PortfolioInput, RuleVerdict, last_claimed};
use crate::trust::Trust;

const PACK: &str = small_pack!(
    r#"
[countries]
inside = ["JP"]
[[thresholds.caps]]
code = "7108"
goods = "gold"
ROW
per = "year"
confidence = "high"
[[rule]]
id = "A-1"
title = "more than that"
clause = "1"
scope = "portfolio"
help = "ask"
[rule.check.accumulate]
thresholds = "caps"
into = "inside"
"#
);

/// Judges all that the plant, in Japan, took in.
fn judged(world: &World, row: &str) -> RuleVerdict {
    let pack = Pack::from_toml(&PACK.replace("ROW", row)).unwrap();
    let graph = world.graph();
    let (claimed, trust, bands) = (last_claimed(&graph), Trust::default(), Bands::embedded());
    let input = PortfolioInput {
        graph: &graph,
        party: world.party("plant"),
        period: "2026-01-01..2026-12-31".parse().unwrap(),
        as_of: "2026-12-31".parse().unwrap(),
        claimed: &claimed,
        trust: &trust,
        bands: &bands,
    };
    Over::new(&input).judge(&[pack], &Default::default()).remove(0)
}

/// Gold that comes from a mine in Australia, without a declaration.
fn gold(kg: u64, share: &str) -> World {
    let mut world = World::new();
    let held = weighed("metal.Au", kg * 1_000, "0 %", vec![metal("Au", share, "0.0000001 %")]);
    let held = crate::model::lot::Lot { hs: Some("7108".parse().unwrap()), ..held };
    let lot = out(world.extract("mine", vec![held]), 0);
    world.hand_over("mine", "plant", lot);
    world
}

/// Declares everything that the plant received for import.
fn declare(world: &mut World, from: &str, declared: &str) {
    use crate::model::dealings::BorderSide::Import;
    use crate::model::event::{Body, DeclareBorder};
    use crate::model::maybe::Maybe::Shown;
    let graph = world.graph();
    let lots = graph.records().iter().filter(|one| matches!(one.event.body, Body::Receive(_)));
    let lots = lots.map(|one| out(one.id, 0)).collect();
    let body = DeclareBorder {
        lots,
        side: Import,
        from: from.parse().unwrap(),
        to: "JP".parse().unwrap(),
        origin: from.parse().unwrap(),
        hs: "7108.12".parse().unwrap(),
        mass: Shown(Some(declared.parse().unwrap())),
        number: Shown(None),
        period: Shown("2026-01-05".parse().unwrap()),
        stops: Shown(Vec::new()),
    };
    world.record("plant", Body::DeclareBorder(body));
}

#[test]
fn what_is_declared_counts_as_declared_and_what_is_not_may_count() {
    for (limit, undeclared, declared) in [
        ("9 kg", vec![AmountOpen], vec![AboveLimit]),
        ("10 kg", vec![], vec![AboveLimit]),
        ("11 kg", vec![], vec![]),
    ] {
        let mut world = gold(10, "99 %");
        let row = format!("limit = \"{limit}\"");
        assert_eq!(codes(&judged(&world, &row)), undeclared, "{limit}");
        // The declaration is what counts, and it says eleven.
        declare(&mut world, "AU", "11 kg");
        assert_eq!(codes(&judged(&world, &row)), declared, "{limit}");
    }
}

#[test]
fn what_moves_inside_is_no_import() {
    let mut world = gold(10, "99 %");
    declare(&mut world, "JP", "10 kg");
    let found = judged(&world, "limit = \"1 kg\"");
    assert_eq!(found.verdict, crate::model::verdict::Verdict::NotApplicable);
}

#[test]
fn a_row_about_a_part_of_the_code_asks_what_the_lot_holds() {
    for (part, expected) in [
        ("ex = true\nelement = \"Ag\"", vec![]),
        ("ex = true\nelement = \"Au\"", vec![AboveLimit]),
        ("ex = true\nelement = \"Au\"\nbelow = \"99.5 %\"", vec![AboveLimit]),
        ("ex = true\nelement = \"Au\"\nbelow = \"98 %\"", vec![]),
        ("ex = true\nelement = \"Au\"\nbelow = \"99 %\"", vec![AmountOpen]),
        ("ex = true\nelement = \"Au\"\nfrom_share = \"99 %\"", vec![AmountOpen]),
        ("ex = true\nelement = \"Au\"\nfrom_share = \"98 %\"", vec![AboveLimit]),
    ] {
        let mut world = gold(10, "99 %");
        declare(&mut world, "AU", "10 kg");
        assert_eq!(codes(&judged(&world, &format!("{part}\nlimit = \"1 kg\""))), expected, "{part}");
    }
}

#[test]
fn a_table_that_is_wrong_is_refused_with_its_field() {
    let good = PACK.replace("ROW", "limit = \"1 kg\"");
    assert!(Pack::from_toml(&good).is_ok());
    let row = |more: &str| {
        let rows = format!(
            "limit = \"1 kg\"\n{more}per = \"year\"\nconfidence = \"high\"\n[[thresholds.caps]]\ncode = \"7108\"\n\
             goods = \"gold\"\nlimit = \"2 kg\"\neffective_from = \"2027-01-01\"\n"
        );
        PACK.replace("ROW\n", &rows)
    };
    assert!(Pack::from_toml(&row("effective_to = \"2026-12-31\"\n")).is_ok());
    for (text, words) in [
        (PACK.replace("ROW", "limit = \"250\""), "thresholds.caps[0].limit"),
        (PACK.replace("ROW", "limit = 250"), "thresholds.caps[0].limit"),
        (PACK.replace("ROW", "below = \"99 %\"\nlimit = \"1 kg\""), "thresholds.caps[0].below`"),
        (PACK.replace("ROW", "ex = true\nlimit = \"1 kg\""), "thresholds.caps[0].ex`"),
        (row(""), "thresholds.caps[1].code`"),
        (row("effective_to = \"2027-01-01\"\n"), "thresholds.caps[1].code`"),
        (
            PACK.replace(
                "ROW",
                "effective_from = \"2027-01-01\"\neffective_to = \"2026-12-31\"\nlimit = \"1 kg\"",
            ),
            "thresholds.caps[0].effective_to`",
        ),
        (good.replace("thresholds = \"caps\"", "thresholds = \"cap\""), "accumulate.thresholds`"),
        (good.replace("goods = \"gold\"", "goods = \" \""), "thresholds.caps[0].goods`"),
        (
            format!("{good}\n[rule.check.accumulate.duty]\nname = \"a duty\"\ndocuments = [[]]\n"),
            "duty.documents`",
        ),
    ] {
        let error = Pack::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn goods_without_a_code_are_told_by_what_they_hold() {
    for (element, expected) in [("Au", vec![AmountOpen]), ("W", vec![])] {
        let mut world = gold(10, "99 %");
        let first = world.records.iter().map(|one| one.id).collect::<Vec<_>>();
        for id in first {
            world.change(id, |record| {
                let outputs = record.event.body.outputs_mut().into_iter().flatten();
                outputs.for_each(|lot| lot.hs = None);
            });
        }
        let row = format!("element = \"{element}\"\nlimit = \"1 kg\"");
        assert_eq!(codes(&judged(&world, &row)), expected, "{element}");
    }
}
