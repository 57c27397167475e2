use super::*;
use crate::balance::testing::{metal, weighed};
use crate::custody::testing::*;
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::rules::RuleVerdict;
use crate::rules::pack::PackError;
use crate::rules::testing::{codes, judged_by, small_pack};
use crate::trust::Trust;

const PACK: &str = small_pack!(
    r#"
[elements]
some = ["Nd"]
[[rule]]
id = "G-1"
title = "a broken chain"
clause = "1"
scope = "ancestry"
help = "ask"
[rule.check.graph]
"#
);

fn pack(parameters: &str) -> Result<Pack, String> {
    Pack::from_toml(&format!("{PACK}{parameters}")).map_err(|error| match error {
        PackError::Fault { fault, .. } => fault.to_string(),
        error => panic!("{error}"),
    })
}

fn judged(world: &World, lot: LotRef, parameters: &str) -> RuleVerdict {
    let pack = pack(parameters).unwrap();
    judged_by(&pack, world, lot, "G-1", "2026-06-01", &Trust::default(), &Default::default())
}

#[test]
fn parameters_belong_to_their_check() {
    let field = "rule[0].check.graph";
    for (parameters, fault) in [
        ("checks = []", format!("`{field}.checks` is empty")),
        ("checks = [\"tags\", \"tags\"]", format!("`{field}.checks`: a check is listed twice")),
        (
            "checks = [\"tags\"]\nmax_unknown = \"5 %\"",
            format!("`{field}.max_unknown`: it belongs to the check `closed`"),
        ),
        (
            "checks = [\"tags\"]\nelements = \"some\"",
            format!("`{field}.elements`: it belongs to the check `closed`"),
        ),
        (
            "checks = [\"tags\"]\naccept_opening_stock = \"2026-01-01\"",
            format!("`{field}.accept_opening_stock`: it belongs to the check `closed`"),
        ),
        (
            "checks = [\"closed\"]\nmin_model = \"segregated\"",
            format!("`{field}.min_model`: it belongs to the check `model_lattice`"),
        ),
        (
            "checks = [\"closed\"]\nmax_unknown = \"100 %\"",
            format!("`{field}.max_unknown`: nothing could be more"),
        ),
        (
            "checks = [\"model_lattice\"]\nmin_model = \"book_and_claim\"",
            format!("`{field}.min_model`: nothing is kept apart less"),
        ),
    ] {
        assert_eq!(pack(parameters).unwrap_err(), fault, "{parameters}");
    }
    assert!(pack("checks = [\"closed\"]\nelements = \"none\"").unwrap_err().contains("none"));
}

#[test]
fn a_lot_without_handovers_tags_or_borders_is_none_of_their_rules() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    for check in ["handovers", "seals", "tags", "route", "model_lattice", "titles"] {
        let verdict = judged(&world, ore, &format!("checks = [\"{check}\"]")).verdict;
        assert_eq!(verdict, Verdict::NotApplicable, "{check}");
    }
    for check in ["acyclic", "no_double_use", "places"] {
        assert_eq!(judged(&world, ore, &format!("checks = [\"{check}\"]")).verdict, Verdict::Pass, "{check}");
    }
}

#[test]
fn a_material_that_names_no_element_cannot_be_followed() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    let verdict = judged(&world, ore, "checks = [\"closed\"]");
    assert_eq!((verdict.verdict, codes(&verdict)), (Verdict::Unknown, vec![ReasonCode::CheckOpen]));
    let verdict = judged(&world, ore, "checks = [\"closed\"]\nelements = \"some\"");
    assert_eq!(verdict.verdict, Verdict::Pass, "what may hold neodymium came out of the ground");
}

#[test]
fn the_share_without_an_origin_is_bounded_by_the_masses() {
    let mut world = World::new();
    let oxide = |grams: u64| weighed("oxide.Nd", grams, "0.1 %", vec![metal("Nd", "80 %", "1 %")]);
    let mined = out(world.extract("plant", vec![oxide(75_000)]), 0);
    let bought = out(world.intake("plant", vec![oxide(25_000)], Vec::new()), 0);
    let inputs = vec![take(mined, 0, 75), take(bought, 0, 25)];
    let blend = world.repack("plant", Mixing::Homogenised, inputs, vec![lot("oxide.Nd", 100)]);
    let of = |most: &str| {
        let verdict =
            judged(&world, out(blend, 0), &format!("checks = [\"closed\"]\nmax_unknown = \"{most}\""));
        (verdict.verdict, verdict.reasons.first().map(|reason| reason.text.clone()))
    };
    assert_eq!(of("30 %").0, Verdict::Pass);
    let (verdict, text) = of("20 %");
    assert_eq!(verdict, Verdict::Unknown);
    assert!(text.unwrap().contains("has no origin (20 % may have none): first gap at"));
}
