use super::*;
use crate::custody::testing::*;
use crate::model::event::DeclaredTouch;
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::rules::RuleVerdict;
use crate::rules::testing::{codes, judged_by, paper};
use crate::trust::Trust;

const PACK: &str = r#"
format = "lodemark/pack@1"
id = "a-claim"
version = "1"
title = "so much from there"
jurisdiction = "none"
status = "draft"
as_of_kind = "sale"
confidence = "unverified"
reviewer = "none"
countries = { there = ["PLACE"] }
elements = { sold = ["Nd"] }
[[legal_ref]]
ref = "an offer"
checked = "2026-11-23"
[[rule]]
id = "A-1"
title = "less than that"
clause = "1"
scope = "ancestry"
help = "ask"
[rule.check.share]
countries = "there"
stages = ["STAGE"]
elements = "sold"
least = "LEAST"
"#;

/// Judges a lot by the claim that so much of its neodymium went through a stage in a place.
fn claim(world: &World, lot: LotRef, place: &str, stage: &str, least: &str) -> RuleVerdict {
    let text = PACK.replace("PLACE", place).replace("STAGE", stage).replace("LEAST", least);
    let pack = Pack::from_toml(&text).unwrap();
    judged_by(&pack, world, lot, "A-1", "2026-06-01", &Trust::default(), &Default::default())
}

fn oxide(mass: u64) -> crate::model::lot::Lot {
    lot("oxide.Nd", mass)
}

/// Oxide of 30 kg of ore mined in AU and 70 kg mined in CN, blended or in separate bags.
fn of_two(mixing: Mixing) -> (World, LotRef) {
    let mut world = World::new();
    let here = out(world.extract("mine", vec![lot("oxide.Nd", 30)]), 0);
    let there = out(world.extract("works", vec![lot("oxide.Nd", 70)]), 0);
    let (here, there) = (world.hand_over("mine", "plant", here), world.hand_over("works", "plant", there));
    let inputs = vec![take(here, 0, 30), take(there, 0, 70)];
    let blend = world.repack("plant", mixing, inputs, vec![oxide(100)]);
    (world, out(blend, 0))
}

#[test]
fn a_blend_passes_for_its_share_and_fails_beyond_it() {
    let (world, lot) = of_two(Mixing::Homogenised);
    // Nobody analysed it; but all oxide that went in is in what came out, so each part is what its mass allows.
    assert_eq!(claim(&world, lot, "CN", "P10", "50 %").verdict, Verdict::Unknown);
    assert_eq!(claim(&world, lot, "AU", "P10", "100 %").verdict, Verdict::Fail);
    assert_eq!(codes(&claim(&world, lot, "AU", "P10", "100 %")), [ReasonCode::TooLittle]);
}

#[test]
fn bags_of_two_mines_are_open_even_for_all_of_it() {
    let (world, lot) = of_two(Mixing::Discrete);
    let verdict = claim(&world, lot, "AU", "P10", "10 %");
    assert_eq!((verdict.verdict, codes(&verdict)), (Verdict::Unknown, vec![ReasonCode::ShareOpen]));
}

#[test]
fn what_all_came_from_there_passes_and_says_how_much() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![oxide(30)]), 0);
    let verdict = claim(&world, ore, "AU", "P10", "100 %");
    assert_eq!(verdict.verdict, Verdict::Pass);
    assert!(
        verdict.notes.iter().any(|note| note.starts_with("established for 100.0 %")),
        "{:?}",
        verdict.notes
    );
    assert_eq!(claim(&world, ore, "CN", "P10", "1 %").verdict, Verdict::Fail);
}

#[test]
fn a_place_that_is_withheld_is_no_reason_to_fail() {
    let mut world = World::new();
    let mined = world.extract("mine", vec![oxide(30)]);
    world.change(mined, |record| {
        if let Body::Extract(extract) = &mut record.event.body {
            extract.at.facility = Maybe::Withheld;
        }
    });
    assert_eq!(claim(&world, out(mined, 0), "AU", "P10", "100 %").verdict, Verdict::Withheld);
}

#[test]
fn a_country_of_which_a_region_counts_is_open_without_its_region() {
    let mut world = World::new();
    let mined = world.extract("works", vec![oxide(30)]);
    assert_eq!(claim(&world, out(mined, 0), "CN-NM", "P10", "1 %").verdict, Verdict::Unknown);
}

#[test]
fn a_past_that_no_paper_tells_and_a_stage_that_papers_leave_out_are_open() {
    let mut world = World::new();
    let silent = out(world.intake("plant", vec![oxide(30)], Vec::new()), 0);
    assert_eq!(claim(&world, silent, "US", "P10", "100 %").verdict, Verdict::Unknown);
    let mined = out(world.intake("plant", vec![oxide(30)], vec![paper("Nd", "P10 mine", "AU")]), 0);
    assert_eq!(claim(&world, mined, "US", "P40", "100 %").verdict, Verdict::Unknown);
    assert_eq!(claim(&world, mined, "US", "P10", "1 %").verdict, Verdict::Fail);
    assert_eq!(claim(&world, mined, "AU", "P10", "100 %").verdict, Verdict::Pass);
}

#[test]
fn a_word_without_a_document_establishes_nothing_and_forbids_nothing() {
    let mut world = World::new();
    let word = DeclaredTouch { document: None, ..paper("Nd", "P10 mine", "AU") };
    let lot = out(world.intake("plant", vec![oxide(30)], vec![word]), 0);
    assert_eq!(claim(&world, lot, "AU", "P10", "100 %").verdict, Verdict::Unknown);
}

#[test]
fn a_lot_without_any_of_the_elements_is_not_asked() {
    let mut world = World::new();
    let lot = out(world.extract("mine", vec![lot("metal.Dy", 3)]), 0);
    assert_eq!(claim(&world, lot, "AU", "P10", "100 %").verdict, Verdict::NotApplicable);
}
