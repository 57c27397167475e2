//! `forbid_touch` through the embedded texts of DFARS 252.225-7052: what fails, its innocent twin, the boundary.

use std::collections::BTreeSet;

use crate::custody::testing::{World, lot, out, take};
use crate::model::event::Body;
use crate::model::evidence::{Assessor, Mixing};
use crate::model::lot::Marks;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::verdict::Verdict::{self, Fail, NotApplicable, Pass, Unknown, Withheld};
use crate::rules::pack::{Pack, embedded_text};
use crate::rules::testing::{Chain, Plan, codes, judged, judged_by, paper, said};
use crate::rules::verdict::ReasonCode;
use crate::rules::verdict::RuleVerdict;
use crate::trust::Trust;

const BEFORE: &str = "2026-12-31";
const AFTER: &str = "2027-01-01";

fn melt(plan: Plan) -> RuleVerdict {
    Chain::build(plan).judged("OR-01-NDFEB", BEFORE)
}

fn mine(plan: Plan) -> RuleVerdict {
    Chain::build(plan).judged("OR-02-NDFEB", AFTER)
}

fn changed(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    change(&mut plan);
    plan
}

#[test]
fn a_chain_with_every_place_known_and_none_barred_passes_both_texts() {
    let verdict = melt(Plan::default());
    assert_eq!((verdict.verdict, codes(&verdict)), (Pass, vec![]), "{:#?}", verdict.reasons);
    let verdict = mine(Plan::default());
    assert_eq!((verdict.verdict, codes(&verdict)), (Pass, vec![]), "{:#?}", verdict.reasons);
    assert_eq!(verdict.notes[0], "B and Fe on supplier statement");
    assert_eq!(verdict.reviewer, "none");
}

#[test]
fn each_text_applies_up_to_its_last_day_and_from_its_first() {
    let chain = Chain::build(Plan::default());
    let verdict = |rule: &str, day: &str| chain.judged(rule, day).verdict;
    assert_eq!(verdict("OR-01-NDFEB", BEFORE), Pass);
    assert_eq!(verdict("OR-01-NDFEB", AFTER), NotApplicable);
    assert_eq!(verdict("OR-02-NDFEB", BEFORE), NotApplicable);
    assert_eq!(verdict("OR-02-NDFEB", AFTER), Pass);
}

#[test]
fn chinese_metal_passes_the_first_text_and_fails_the_second() {
    let plan = changed(|plan| plan.metal = "CN");
    assert_eq!(melt(plan.clone()).verdict, Pass);
    let verdict = mine(plan);
    assert_eq!((verdict.verdict, codes(&verdict)), (Fail, vec![ReasonCode::BarredTouch]));
    assert_eq!(
        verdict.reasons[0].text,
        "reduction to metal (P50 electrolyse) at `metal CN` (CN) on 2026-01-05, signed by the doer: a barred country"
    );
    let symbols: Vec<&str> = verdict.reasons[0].elements.iter().map(|element| element.symbol()).collect();
    assert_eq!(symbols, ["Pr", "Nd"]);
}

#[test]
fn a_melt_in_a_covered_country_fails_both_texts_and_hong_kong_is_not_the_twin_that_is_japan() {
    for country in ["KP", "CN", "RU", "IR"] {
        let plan = changed(|plan| plan.alloy = country);
        assert_eq!(melt(plan.clone()).verdict, Fail, "{country}");
        assert_eq!(mine(plan).verdict, Fail, "{country}");
    }
    for country in ["JP", "VN", "KZ"] {
        let plan = changed(|plan| plan.alloy = country);
        assert_eq!((melt(plan.clone()).verdict, mine(plan).verdict), (Pass, Pass), "{country}");
    }
}

#[test]
fn ferroboron_from_china_fails_the_second_text_on_paper_and_by_word_alone() {
    for statement in [paper, said] {
        let plan = changed(|plan| {
            plan.ferroboron =
                vec![paper("B+Fe", "P10 mine", "TR"), statement("B+Fe", "P50 carbothermic", "CN")];
        });
        assert_eq!(melt(plan.clone()).verdict, Pass, "iron and boron before the melt do not count");
        assert_eq!(mine(plan).verdict, Fail);
    }
}

#[test]
fn ferroboron_without_a_country_of_ore_or_melt_is_unknown_for_boron_and_iron() {
    for kept in [paper("B+Fe", "P10 mine", "TR"), paper("B+Fe", "P50 carbothermic", "TR")] {
        let verdict = mine(changed(|plan| plan.ferroboron = vec![kept]));
        assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::MissingNode]));
        let symbols: Vec<&str> = verdict.reasons[0].elements.iter().map(|element| element.symbol()).collect();
        assert_eq!(symbols, ["B", "Fe"]);
    }
}

#[test]
fn a_word_without_a_paper_is_too_weak_for_iron() {
    let verdict = mine(changed(|plan| {
        plan.iron = vec![said("Fe", "P10 mine", "US"), paper("Fe", "P50 blast_furnace", "US")];
    }));
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::WeakEvidence]));
    assert_eq!(verdict.reasons[0].records.len(), 1);
}

#[test]
fn a_pack_can_ask_for_an_independent_assessor() {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    let strict =
        text.replace("list = \"named_ndfeb\"", "list = \"named_ndfeb\"\nassessors = [\"thirdParty\"]");
    let pack = Pack::from_toml(&strict).unwrap();
    let judged = |plan: Plan| {
        let chain = Chain::build(plan);
        judged_by(
            &pack,
            &chain.world,
            chain.magnet,
            "OR-02-NDFEB",
            AFTER,
            &Trust::default(),
            &BTreeSet::new(),
        )
    };
    let verdict = judged(Plan::default());
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::WeakEvidence]));
    let independent = changed(|plan| {
        for touch in plan.iron.iter_mut().chain(&mut plan.ferroboron) {
            touch.assessor = Assessor::ThirdParty;
        }
    });
    assert_eq!(judged(independent).verdict, Pass);
}

#[test]
fn where_an_end_item_was_made_has_no_stages_and_no_elements() {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    let mixed = text.replace("end_item = true", "end_item = true\nstages = [\"P60\"]");
    let error = Pack::from_toml(&mixed).unwrap_err();
    assert!(error.to_string().contains("end_item"), "{error}");
}

#[test]
fn under_letter_a_rare_earth_beside_neodymium_is_a_note_and_a_barred_one_still_fails() {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    let pack = Pack::from_toml(&text.replace("default = \"strict\"", "default = \"letter\"")).unwrap();
    let strict = Pack::from_toml(text).unwrap();
    let with_dysprosium = |touches| {
        let mut chain = Chain::build(Plan::default());
        let dysprosium = chain.world.intake("foundry", vec![lot("alloy.DyFe", 5)], touches);
        chain.world.change(chain.records["alloy"], |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            let MaybeList::Shown(inputs) = &mut transform.inputs else { unreachable!() };
            inputs.push(take(out(dysprosium, 0), 0, 5));
        });
        chain
    };
    let judge = |pack: &Pack, chain: &Chain| {
        judged_by(pack, &chain.world, chain.magnet, "OR-02-NDFEB", AFTER, &Trust::default(), &BTreeSet::new())
    };
    let iron = [paper("Fe", "P10 mine", "JP"), paper("Fe", "P50 electrolyse", "JP")];
    let open = with_dysprosium(iron.to_vec());
    assert_eq!(judge(&strict, &open).verdict, Unknown);
    let verdict = judge(&pack, &open);
    assert_eq!(verdict.verdict, Pass);
    assert!(verdict.notes.iter().any(|note| note.starts_with("Dy, not decisive: ")), "{:?}", verdict.notes);
    let barred = with_dysprosium([iron.to_vec(), vec![paper("Dy", "P40 extract_solvent", "CN")]].concat());
    assert_eq!((judge(&strict, &barred).verdict, judge(&pack, &barred).verdict), (Fail, Fail));
}

#[test]
fn withheld_inputs_are_withheld_where_they_could_matter_and_nothing_where_they_could_not() {
    let mut chain = Chain::build(Plan::default());
    chain.world.change(chain.records["oxide"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.inputs = MaybeList::Withheld(1);
    });
    assert_eq!(chain.judged("OR-01-NDFEB", BEFORE).verdict, Pass, "no oxide was ever melted to alloy");
    let verdict = chain.judged("OR-02-NDFEB", AFTER);
    assert_eq!((verdict.verdict, codes(&verdict)), (Withheld, vec![ReasonCode::InputsWithheld]));
    assert_eq!(verdict.reasons[0].text, "`separation` withholds what `OX-1` is made of");
}

#[test]
fn a_withheld_facility_is_withheld_and_one_not_held_is_unknown() {
    let at_melt = |facility| {
        let mut chain = Chain::build(Plan::default());
        chain.world.change(chain.records["alloy"], |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            transform.at.facility = facility;
        });
        chain.judged("OR-01-NDFEB", BEFORE)
    };
    let verdict = at_melt(Maybe::Withheld);
    assert_eq!((verdict.verdict, codes(&verdict)), (Withheld, vec![ReasonCode::PlaceWithheld]));
    let verdict = at_melt(Maybe::Shown(crate::hash::RecordId::from_bytes([9; 32])));
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::PlaceNotHeld]));
}

#[test]
fn a_missing_record_is_unknown() {
    let mut chain = Chain::build(Plan::default());
    let ore = chain.records["ore"];
    chain.world.records.retain(|record| record.id != ore);
    let verdict = chain.judged("OR-02-NDFEB", AFTER);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::MissingInput]));
    assert_eq!(chain.judged("OR-01-NDFEB", BEFORE).verdict, Pass);
}

#[test]
fn a_step_left_out_of_a_record_is_missed() {
    let with_steps = |made: &str, steps: &str| {
        let mut chain = Chain::build(Plan::default());
        chain.world.change(chain.records[made], |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            transform.steps = crate::custody::testing::steps(steps);
        });
        (chain.judged("OR-01-NDFEB", BEFORE), chain.judged("OR-02-NDFEB", AFTER))
    };
    // Alloy that was called metal would escape the first text.
    let (first, second) = with_steps("alloy", "P50 electrolyse");
    assert_eq!((first.verdict, codes(&first)), (Unknown, vec![ReasonCode::MissingNode]));
    assert_eq!(second.verdict, Unknown);
    assert_eq!(with_steps("oxide", "P30 crack").1.verdict, Unknown);
    // The near miss: oxide straight to alloy powder is both steps in one.
    let (first, second) = with_steps("alloy", "P60 reduction_diffusion");
    assert_eq!((first.verdict, second.verdict), (Pass, Pass));
}

#[test]
fn magnetised_magnets_need_a_place_of_magnetisation_and_others_do_not() {
    let marked = |magnetised, steps: &str| {
        let mut chain = Chain::build(Plan::default());
        chain.world.change(chain.records["magnet"], |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            transform.steps = crate::custody::testing::steps(steps);
            transform.outputs[0].marks = Maybe::Shown(Marks { magnetised, ..Marks::default() });
        });
        chain.judged("OR-01-NDFEB", BEFORE).verdict
    };
    assert_eq!(marked(Some(true), "P80 machine"), Unknown);
    assert_eq!(marked(Some(true), "P85 magnetise"), Pass);
    assert_eq!(marked(Some(false), "P80 machine"), Pass);
    assert_eq!(marked(None, "P80 machine"), Pass);
}

/// A bag or a pool filled from two alloys, one melted in CN.
fn two_melts(mixing: Mixing, second: &str) -> (World, crate::model::lotref::LotRef) {
    let mut chain = Chain::build(Plan::default());
    let world = &mut chain.world;
    world.establish("other", second);
    let touches = vec![
        paper("Fe+B+Nd", "P10 mine", "US"),
        paper("Nd", "P40 calcine", "US"),
        paper("Fe+B+Nd", "P50 electrolyse", "US"),
    ];
    let metal = world.intake(
        "other",
        vec![lot("alloy.NdFeB", 50)],
        [touches, vec![paper("Fe+B+Nd", "P60 melt", second)]].concat(),
    );
    let other = world.hand_over("other", "shop", out(metal, 0));
    let alloy = chain.records["alloy"];
    let own = world.hand_over("foundry", "shop", out(alloy, 0));
    let blend = world.repack(
        "shop",
        mixing,
        vec![take(own, 0, 20), take(other, 0, 20)],
        vec![lot("alloy.NdFeB", 20), lot("alloy.NdFeB", 20)],
    );
    let made = world.transform(
        "shop",
        "P70 sinter",
        Mixing::Homogenised,
        vec![take(out(blend, 1), 0, 20)],
        vec![lot("magnet.NdFeB.sintered", 20)],
    );
    (chain.world, out(made, 0))
}

#[test]
fn a_pool_that_took_barred_material_fails_and_a_bag_beside_a_barred_one_is_unknown() {
    let judge = |(world, magnet): (World, _)| {
        judged(&world, magnet, "OR-01-NDFEB", BEFORE, &Trust::default(), &BTreeSet::new())
    };
    assert_eq!(judge(two_melts(Mixing::Homogenised, "CN")).verdict, Fail);
    let verdict = judge(two_melts(Mixing::Discrete, "CN"));
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::PossibleBarredTouch]));
    assert_eq!(judge(two_melts(Mixing::Discrete, "JP")).verdict, Pass);
}

#[test]
fn the_first_text_accepts_alloy_on_papers_that_name_the_melt_alone() {
    let bought = |touches| {
        let mut world = World::new();
        let alloy = world.intake("plant", vec![lot("alloy.NdFeB", 50)], touches);
        let made = world.transform(
            "plant",
            "P70 sinter",
            Mixing::Homogenised,
            vec![take(out(alloy, 0), 0, 50)],
            vec![lot("magnet.NdFeB.sintered", 50)],
        );
        judged(&world, out(made, 0), "OR-01-NDFEB", BEFORE, &Trust::default(), &BTreeSet::new()).verdict
    };
    assert_eq!(bought(vec![paper("Nd", "P60 melt", "JP")]), Pass);
    assert_eq!(bought(vec![said("Nd", "P60 melt", "JP")]), Unknown);
    assert_eq!(bought(vec![]), Unknown);
    assert_eq!(bought(vec![said("Nd", "P60 melt", "CN")]), Fail);
}

#[test]
fn recycled_neodymium_stays_unknown_and_recycled_samarium_begins_with_its_collection() {
    let recycled = |system: &str, rule: &str, collected: &str| {
        let mut world = World::new();
        let elements = "Y+La+Ce+Pr+Nd+Sm+Gd+Tb+Dy+Ho+Er+Fe+B+Co+Cu+Zr+Hf+Ti+Al+Ga+Nb";
        let scrap = world.intake(
            "plant",
            vec![lot(&format!("scrap.{system}"), 50)],
            vec![paper(elements, "R10 collect", collected)],
        );
        let powder = world.transform(
            "plant",
            "R30 mill",
            Mixing::Homogenised,
            vec![take(out(scrap, 0), 0, 50)],
            vec![lot(&format!("powder.{system}"), 50)],
        );
        let made = world.transform(
            "plant",
            "P70 sinter",
            Mixing::Homogenised,
            vec![take(out(powder, 0), 0, 50)],
            vec![lot(&format!("magnet.{system}.sintered"), 50)],
        );
        judged(&world, out(made, 0), rule, AFTER, &Trust::default(), &BTreeSet::new())
    };
    let verdict = recycled("NdFeB", "OR-02-NDFEB", "US");
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::RecycledPast]));
    let verdict = recycled("SmCo", "OR-02-SMCO", "US");
    assert_eq!((verdict.verdict, codes(&verdict)), (Pass, vec![]), "{:#?}", verdict.reasons);
    assert_eq!(recycled("SmCo", "OR-02-SMCO", "CN").verdict, Fail);
}

#[test]
fn a_material_that_is_no_magnet_is_not_reached_and_a_bare_code_is_open() {
    let chain = Chain::build(Plan::default());
    let of = |lot| judged(&chain.world, lot, "OR-01-NDFEB", BEFORE, &Trust::default(), &BTreeSet::new());
    assert_eq!(of(out(chain.records["alloy"], 0)).verdict, NotApplicable);
    assert_eq!(codes(&of(out(chain.records["alloy"], 7))), [ReasonCode::LotNotHeld]);
    let mut chain = Chain::build(Plan::default());
    chain.world.change(chain.records["magnet"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.outputs[0].material = crate::model::material::Material::from_code("magnet").unwrap();
    });
    assert_eq!(codes(&chain.judged("OR-01-NDFEB", BEFORE)), [ReasonCode::MaterialOpen]);
}

#[test]
fn a_disabled_reason_is_left_out_so_that_tests_can_show_that_it_matters() {
    let chain = Chain::build(changed(|plan| plan.alloy = "CN"));
    let judge = |disabled: &[ReasonCode]| {
        let disabled = disabled.iter().copied().collect();
        judged(&chain.world, chain.magnet, "OR-01-NDFEB", BEFORE, &Trust::default(), &disabled).verdict
    };
    let verdicts: [Verdict; 2] = [judge(&[]), judge(&[ReasonCode::BarredTouch])];
    assert_eq!(verdicts, [Fail, Pass]);
}

#[test]
fn a_barred_place_that_its_author_may_not_speak_for_is_no_fail() {
    // The foundry says that it worked at a plant in CN that another party declared.
    let mut chain = Chain::build(Plan::default());
    let works = chain.world.place("works");
    chain.world.change(chain.records["alloy"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.at.facility = Maybe::Shown(works);
    });
    let verdict = chain.judged("OR-01-NDFEB", BEFORE);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::PossibleBarredTouch]));
}

#[test]
fn a_barred_region_needs_the_region_and_a_barred_country_bars_each_of_its_regions() {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    let judge = |barred: &str, melted: &str| {
        let text = text.replace("[\"KP\", \"CN\", \"RU\", \"IR\"]", &format!("[\"{barred}\"]"));
        let pack = Pack::from_toml(&text).unwrap();
        let mut chain = Chain::build(Plan::default());
        chain.world.change(chain.world.place("foundry"), |record| {
            let Body::DeclareFacility(facility) = &mut record.event.body else { unreachable!() };
            facility.place = melted.parse().unwrap();
        });
        let (trust, none) = (Trust::default(), BTreeSet::new());
        judged_by(&pack, &chain.world, chain.magnet, "OR-01-NDFEB", BEFORE, &trust, &none)
    };
    assert_eq!(judge("CN-XJ", "CN-XJ").verdict, Fail);
    assert_eq!(judge("CN-XJ", "CN-JX").verdict, Pass);
    let verdict = judge("CN-XJ", "CN");
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::RegionOpen]));
    assert_eq!(judge("CN", "CN-JX").verdict, Fail);
}

#[test]
fn a_stage_is_only_asked_for_where_each_of_its_alternatives_counts() {
    // Iron is made at P50 or P60: a rule about P60 alone cannot ask where pure iron was made.
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    let text = text.replace("melted_ndfeb = [\"Nd\"]", "melted_ndfeb = [\"Fe\"]");
    let pack = Pack::from_toml(&text).unwrap();
    let chain = Chain::build(changed(|plan| plan.iron = vec![paper("Fe", "P10 mine", "US")]));
    let (trust, none) = (Trust::default(), BTreeSet::new());
    let verdict = judged_by(&pack, &chain.world, chain.magnet, "OR-01-NDFEB", BEFORE, &trust, &none);
    assert_eq!((verdict.verdict, codes(&verdict)), (Pass, vec![]), "{:#?}", verdict.reasons);
    assert_eq!(chain.judged("OR-02-NDFEB", AFTER).verdict, Unknown);
}

#[test]
fn a_repack_that_makes_alloy_of_metal_hides_a_melt() {
    let repacked = |material: &str| {
        let mut chain = Chain::build(Plan::default());
        let own = chain.world.hand_over("foundry", "shop", out(chain.records["alloy"], 0));
        let metal = chain.world.hand_over("metal", "shop", out(chain.records["metal"], 0));
        let from = if material == "metal" { metal } else { own };
        let bag = chain.world.repack(
            "shop",
            Mixing::Discrete,
            vec![take(from, 0, 20)],
            vec![lot("alloy.NdFeB", 20)],
        );
        // Beside it the honest alloy, so that a melt is on the way at all.
        let inputs = vec![take(out(bag, 0), 0, 20), take(own, 20, 20)];
        let made = chain.world.transform(
            "shop",
            "P70 sinter",
            Mixing::Homogenised,
            inputs,
            vec![lot("magnet.NdFeB", 40)],
        );
        judged(&chain.world, out(made, 0), "OR-01-NDFEB", BEFORE, &Trust::default(), &BTreeSet::new())
    };
    let verdict = repacked("metal");
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::MissingNode]));
    assert_eq!(repacked("alloy").verdict, Pass);
}

#[test]
fn every_input_must_have_been_melted_before_powder_is_pressed() {
    let pressed = |with_metal: bool| {
        let mut chain = Chain::build(Plan::default());
        let own = chain.world.hand_over("foundry", "shop", out(chain.records["alloy"], 0));
        let metal = chain.world.hand_over("metal", "shop", out(chain.records["metal"], 0));
        let mut inputs = vec![take(own, 0, 20)];
        inputs.extend(with_metal.then(|| take(metal, 0, 5)));
        let made = chain.world.transform(
            "shop",
            "P70 sinter",
            Mixing::Homogenised,
            inputs,
            vec![lot("magnet.NdFeB", 20)],
        );
        judged(&chain.world, out(made, 0), "OR-01-NDFEB", BEFORE, &Trust::default(), &BTreeSet::new()).verdict
    };
    assert_eq!((pressed(false), pressed(true)), (Pass, Unknown));
}

#[test]
fn a_missing_input_is_told_once_and_not_as_missing_stages_too() {
    let mut chain = Chain::build(Plan::default());
    let separation = chain.world.party("separation");
    chain
        .world
        .records
        .retain(|record| !(record.author == separation && matches!(record.event.body, Body::Receive(_))));
    let verdict = chain.judged("OR-02-NDFEB", AFTER);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::MissingInput]));
    assert_eq!(verdict.reasons.len(), 1);
}

#[test]
fn without_a_list_of_places_nothing_can_lie_outside_it_and_no_end_item_is_judged() {
    use crate::rules::pack::{Pack, PackError, PackFault, embedded_text};
    let fault = |from: &str, to: &str| {
        let text = embedded_text("us-dfars-7052-magnets").unwrap();
        assert!(text.contains(from), "{from}");
        match Pack::from_toml(&text.replacen(from, to, 1)).unwrap_err() {
            PackError::Fault { fault, .. } => fault,
            other => panic!("{other}"),
        }
    };
    let end_item = "countries = \"covered\"\nend_item = true\n";
    assert!(matches!(fault(end_item, "end_item = true\n"), PackFault::Empty { .. }));
    let stages = "countries = \"covered\"\nstages";
    assert!(matches!(fault(stages, "outside = \"barred\"\nstages"), PackFault::Empty { .. }));
    assert!(matches!(fault(stages, "stages"), PackFault::Value { .. }));
}
