use super::*;
use crate::custody::testing::*;
use crate::model::event::DeclaredTouch;
use crate::model::evidence::Mixing;
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::rules::RuleVerdict;
use crate::rules::testing::{codes, judged_by, paper, small_pack};
use crate::trust::Trust;

const PACK: &str = small_pack!(
    r#"
[countries]
there = ["PLACE"]
[elements]
sold = ["Nd"]
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
"#
);

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
fn what_is_stated_beyond_a_yield_shows_no_origin_for_anybody() {
    let (world, lot) = of_two(Mixing::Homogenised);
    let by = |place: &str, yearly: &str| {
        let text = PACK.replace("PLACE", place).replace("STAGE", "P10").replace("LEAST", "100 %");
        let row = format!(
            "yields = \"known\"\n[[capabilities.known]]\ncountry = \"CN\"\nname = \"mines\"\nstages = [\"P10\"]\n\
             status = \"op\"\nyearly = \"{yearly}\"\nmaterials = [\"oxide.Nd\"]\nsource = \"a survey\"\nconfidence = \"low\"\n"
        );
        let pack = Pack::from_toml(&format!("{text}{row}")).unwrap();
        judged_by(&pack, &world, lot, "A-1", "2026-06-01", &Trust::default(), &Default::default()).verdict
    };
    assert_eq!(by("AU", "70 kg"), Verdict::Fail);
    assert_eq!(by("AU", "60 kg"), Verdict::Unknown, "what is said to be of CN may be of anywhere");
    assert_eq!(by("CN", "60 kg"), Verdict::Fail, "what AU states is within all that is known");
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

mod over {
    use super::*;
    use crate::balance::testing::{metal, weighed};
    use crate::rules::verdict::ReasonCode::{ShareOpen, TooLittle, TooMuch};
    use crate::rules::{Over, PortfolioInput, last_claimed};

    fn nd(kg: u64) -> crate::model::lot::Lot {
        weighed("metal.Nd", kg * 1_000, "0 %", vec![metal("Nd", "50 %", "0.0000001 %")])
    }

    /// Metal taken in by the plant, with papers that name where each step was done.
    fn papers(world: &mut World, kg: u64, steps: &[(&str, &str)]) -> LotRef {
        let touches = steps.iter().map(|(step, place)| paper("Nd", step, place)).collect();
        out(world.intake("plant", vec![nd(kg)], touches), 0)
    }

    fn whole(country: &str) -> [(&str, &str); 3] {
        [("P10 mine", country), ("P40 extract_solvent", country), ("P50 electrolyse", country)]
    }

    /// Judges all that the plant received by a check, written as the fields of `share`.
    fn judged(world: &World, fields: &str) -> RuleVerdict {
        let text = PACK.replace("ancestry", "portfolio").replace("\"PLACE\"", "\"CN\"");
        let (head, _) = text.split_once("countries = \"there\"").unwrap();
        let pack = Pack::from_toml(&format!("{head}elements = \"sold\"\n{fields}\n")).unwrap();
        let graph = world.graph();
        let (claimed, trust, bands) =
            (last_claimed(&graph), Trust::default(), crate::balance::bands::Bands::embedded());
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

    const ONE: &str = "any_one_country = true\nstages = [\"P50\"]\nmost = \"60 %\"";

    #[test]
    fn one_country_is_too_much_enough_or_open() {
        for (of_china, of_japan, expected) in
            [(61, 39, vec![TooMuch]), (59, 41, vec![]), (41, 59, vec![]), (39, 61, vec![TooMuch])]
        {
            let mut world = World::new();
            papers(&mut world, of_china, &whole("CN"));
            papers(&mut world, of_japan, &whole("JP"));
            assert_eq!(codes(&judged(&world, ONE)), expected, "{of_china}");
        }
    }

    #[test]
    fn what_nobody_tells_may_be_of_a_country_that_is_named_or_of_one_more() {
        // 50 of CN, 30 of JP and 20 of nobody: of CN it may be 70.
        for (of_china, of_japan, of_nobody, expected) in
            [(50, 30, 20, vec![ShareOpen]), (40, 40, 19, vec![]), (20, 19, 61, vec![ShareOpen])]
        {
            let mut world = World::new();
            papers(&mut world, of_china, &whole("CN"));
            papers(&mut world, of_japan, &whole("JP"));
            papers(&mut world, of_nobody, &[]);
            assert_eq!(codes(&judged(&world, ONE)), expected, "{of_nobody}");
        }
    }

    #[test]
    fn a_stage_that_the_form_implies_and_papers_leave_out_is_open() {
        let mut world = World::new();
        papers(&mut world, 50, &whole("JP"));
        papers(&mut world, 50, &whole("CN"));
        assert_eq!(codes(&judged(&world, ONE)), []);
        papers(&mut world, 50, &whole("JP")[..2]);
        assert_eq!(codes(&judged(&world, ONE)), [ShareOpen]);
    }

    #[test]
    fn what_did_not_pass_a_stage_is_no_part_of_it() {
        let mut world = World::new();
        papers(&mut world, 10, &whole("CN"));
        let oxide = weighed("oxide.Nd", 900_000, "0 %", vec![metal("Nd", "50 %", "0.0000001 %")]);
        let steps = &whole("JP")[..2];
        let touches = steps.iter().map(|(step, place)| paper("Nd", step, place)).collect();
        world.intake("plant", vec![oxide], touches);
        // At the metal, everything is of CN; in the ground next to nothing.
        assert_eq!(codes(&judged(&world, ONE)), [TooMuch]);
        assert_eq!(codes(&judged(&world, &ONE.replace("P50", "P10").replace("60", "99"))), []);
    }

    #[test]
    fn what_is_only_said_speaks_against_and_never_for() {
        let mut world = World::new();
        let said = whole("CN").map(|(step, place)| crate::rules::testing::said("Nd", step, place));
        world.intake("plant", vec![nd(10)], said.to_vec());
        let at = |fields: &str| codes(&judged(&world, fields));
        let here = "countries = \"there\"\nstages = [\"P50\"]\n";
        assert_eq!(at(&format!("{here}least = \"10 %\"")), [ShareOpen]);
        assert_eq!(at(&format!("{here}least = \"10 %\"\nevidence = \"stated\"")), []);
        assert_eq!(at(&format!("{here}most = \"10 %\"")), [TooMuch]);
    }

    #[test]
    fn a_list_of_places_is_a_share_of_all_and_each_stage_of_what_passed() {
        let mut world = World::new();
        papers(&mut world, 30, &whole("CN"));
        papers(&mut world, 70, &whole("JP"));
        let at = |fields: &str| codes(&judged(&world, &format!("countries = \"there\"\n{fields}")));
        assert_eq!(at("stages = [\"P10\"]\nleast = \"29.9 %\""), []);
        assert_eq!(at("stages = [\"P10\"]\nleast = \"30.1 %\""), [TooLittle]);
        assert_eq!(at("stages = [\"P10\", \"P60\"]\neach_stage = true\nmost = \"30.1 %\""), []);
        assert_eq!(at("stages = [\"P10\"]\neach_stage = true\nmost = \"29.9 %\""), [TooMuch]);
    }

    #[test]
    fn of_a_blend_it_is_open_which_part_was_worked_on_where_it_was_mined() {
        let mut world = World::new();
        let both = papers(&mut world, 50, &whole("CN"));
        let ore_alone = papers(&mut world, 50, &[("P10 mine", "CN"), ("P40 extract_solvent", "JP")]);
        let at = |world: &World, share: &str| {
            let stages = "stages = [\"P40\"]\ncountries = \"there\"\nmined_there = true";
            codes(&judged(world, &format!("{stages}\nleast = \"{share}\"")))
        };
        assert_eq!(at(&world, "49.9 %"), []);
        assert_eq!(at(&world, "50.1 %"), [TooLittle]);
        // Of bags of both, each may be all of one or of the other.
        let inputs = vec![take(both, 0, 50_000), take(ore_alone, 0, 50_000)];
        let blend = world.repack("plant", Mixing::Discrete, inputs, vec![nd(50), nd(50)]);
        let of_lot = |least: &str| {
            let fields = format!("mined_there = true\nstages = [\"P40\"]\nleast = \"{least}\"");
            let text = PACK.replace("\"PLACE\"", "\"CN\"");
            let (head, _) = text.split_once("stages =").unwrap();
            let pack = Pack::from_toml(&format!("{head}elements = \"sold\"\n{fields}\n")).unwrap();
            let trust = Trust::default();
            codes(&judged_by(&pack, &world, out(blend, 0), "A-1", "2026-06-01", &trust, &Default::default()))
        };
        assert_eq!(of_lot("1 %"), [ShareOpen]);
    }

    #[test]
    fn nothing_received_and_nothing_in_scope_are_not_judged() {
        use crate::model::verdict::Verdict::NotApplicable;
        let mut world = World::new();
        assert_eq!(judged(&world, ONE).verdict, NotApplicable);
        world.intake("plant", vec![lot("iron.pure", 10)], Vec::new());
        assert_eq!(judged(&world, ONE).verdict, NotApplicable);
        // A lot that may hold some is no reason to ask, and is named.
        world.intake("plant", vec![lot("alloy.DyFe", 10)], Vec::new());
        let found = judged(&world, ONE);
        assert_eq!(found.verdict, NotApplicable, "{found:?}");
    }

    #[test]
    fn a_rule_that_informs_is_told_and_decides_nothing() {
        let mut world = World::new();
        papers(&mut world, 10, &whole("CN"));
        let text = PACK.replace("ancestry\"", "ancestry\"\nseverity = \"inform\"");
        let text = text.replace("\"PLACE\"", "\"JP\"").replace("STAGE", "P10").replace("LEAST", "10 %");
        let pack = Pack::from_toml(&text).unwrap();
        let lot = papers(&mut world, 10, &whole("CN"));
        let found =
            judged_by(&pack, &world, lot, "A-1", "2026-06-01", &Trust::default(), &Default::default());
        assert_eq!(found.verdict, crate::model::verdict::Verdict::NotApplicable);
        assert_eq!(codes(&found), [TooLittle]);
    }

    #[test]
    fn parameters_that_do_not_go_together_are_refused_with_their_field() {
        let refused = |fields: &str| {
            let text = PACK.replace("\"PLACE\"", "\"CN\"");
            let (head, _) = text.split_once("countries = \"there\"").unwrap();
            let text = format!("{head}elements = \"sold\"\n{fields}\n");
            Pack::from_toml(&text).unwrap_err().to_string()
        };
        for (fields, field) in [
            ("countries = \"there\"\nstages = [\"P10\"]\nleast = \"1 %\"\nmost = \"2 %\"", "most"),
            ("countries = \"there\"\nstages = [\"P10\"]", "least"),
            ("countries = \"there\"\nstages = [\"P10\"]\nleast = \"0 %\"", "least"),
            ("stages = [\"P10\"]\nleast = \"1 %\"", "countries"),
            (
                "countries = \"there\"\nany_one_country = true\nstages = [\"P10\"]\nmost = \"1 %\"",
                "countries",
            ),
            ("any_one_country = true\nstages = [\"P10\"]\nleast = \"1 %\"", "any_one_country"),
            ("any_one_country = true\nmost = \"1 %\"", "stages"),
            ("any_one_country = true\nprocesses = [\"mine\"]\nmost = \"1 %\"", "processes"),
            ("countries = \"there\"\nexcept = \"there\"\nstages = [\"P10\"]\nmost = \"1 %\"", "except"),
            ("declared = true\ncountries = \"there\"\nstages = [\"P10\"]\nleast = \"1 %\"", "countries"),
            ("declared = true\nstages = [\"P10\"]\nmost = \"1 %\"", "declared"),
            ("declared = true\nstages = [\"P10\"]\nleast = \"1 %\"\neach_stage = true", "declared"),
            ("countries = \"there\"\nstages = [\"P10\"]\nmost = \"1 %\"\nyields = \"known\"", "yields"),
            ("recycled = \"post_consumer\"\nstages = [\"R10\"]\nleast = \"1 %\"", "recycled"),
            ("any_one_country = true\nmined_there = true\nstages = [\"P40\"]\nmost = \"1 %\"", "mined_there"),
            ("countries = \"there\"\nmined_there = true\nstages = [\"P10\"]\nleast = \"1 %\"", "stages"),
            ("countries = \"there\"\nstages = [\"P10\"]\nmost = \"1 %\"\nheel_ppm = 5", "basis"),
            ("recycled = \"post_consumer\"\nclaim = \"recycled\"\nleast = \"1 %\"", "claim"),
            ("countries = \"there\"\nstages = [\"P10\"]\nclaim = \"recycled\"", "claim"),
        ] {
            let error = refused(fields);
            assert!(error.contains(&format!("share.{field}`")), "{fields}: {error}");
        }
    }
}
