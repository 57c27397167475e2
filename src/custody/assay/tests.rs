use super::super::testing::*;
use super::*;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::evidence::Method;
use crate::model::finding::{FindingCode, Weight};
use crate::model::lot::Lot;
use crate::model::material::Carries;

fn line(text: &str) -> Component {
    let words: Vec<&str> = text.split(' ').collect();
    let (value, rest) = match words[1] {
        "below" => (Determined::BelowLimit(format!("{} %", words[2]).parse().unwrap()), 3),
        "open" => (Determined::NotDetermined, 2),
        share => (Determined::Measured(format!("{share} %").parse().unwrap()), 2),
    };
    Component {
        elements: words[0].parse().unwrap(),
        value,
        basis: words.get(rest).copied().unwrap_or("element").parse().unwrap(),
        uncertainty: "1 %".parse().unwrap(),
        method: Method::IcpMs,
    }
}

fn lines(texts: &[&str]) -> Maybe<Vec<Component>> {
    Maybe::Shown(texts.iter().map(|text| line(text)).collect())
}

/// Copper matte of a mine, received by the plant, with what the mine declared of it.
fn delivered(declared: &[&str]) -> (World, LotRef) {
    let mut world = World::new();
    let lot = Lot { composition: lines(declared), ..named("S1", "ore", 100) };
    let mined = world.extract("mine", vec![lot]);
    let held = world.hand_over("mine", "plant", out(mined, 0));
    world.establish("lab", "BE");
    world.establish("umpire", "NL");
    (world, held)
}

struct Given<'a> {
    by: &'a str,
    purpose: AssayPurpose,
    point: SamplePoint,
    sampled_by: &'a str,
    sample: &'a str,
}

const BY_LAB: Given<'_> = Given {
    by: "lab",
    purpose: AssayPurpose::Independent,
    point: SamplePoint::BeforePooling,
    sampled_by: "plant",
    sample: "A",
};

fn assay(world: &mut World, lot: LotRef, given: &Given<'_>, found: &[&str]) -> RecordId {
    let sampled_by = Some(world.party(given.sampled_by)).filter(|_| !given.sampled_by.is_empty());
    let body = Assay {
        lot,
        period: Maybe::Shown("2026-01-06".parse().unwrap()),
        sample: Maybe::Shown(given.sample.to_owned()),
        sampled_by,
        point: given.point,
        purpose: given.purpose,
        composition: lines(found),
    };
    world.record(given.by, Body::Assay(body))
}

fn found(world: &World) -> Vec<(FindingCode, Weight)> {
    findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
}

use FindingCode::{AssayConflict, AssaySuperseded, AssayWithheld, NotIndependent};
use Weight::{Fail, Unknown, Warning, Withheld};

#[test]
fn an_independent_result_on_a_sample_of_the_delivery_fails_what_was_declared() {
    let (mut world, lot) = delivered(&["Au 0.02"]);
    assay(&mut world, lot, &BY_LAB, &["Au 0.00525"]);
    assert_eq!(found(&world), [(AssayConflict, Fail)]);
}

#[test]
fn a_result_within_the_sum_of_uncertainties_says_nothing() {
    // 200 ppm less 1 % is 198 ppm; 196.0396 ppm and 1 % of it is 197.9999 ppm.
    for (share, expected) in [("0.0196040", vec![]), ("0.0196039", vec![(AssayConflict, Fail)])] {
        let (mut world, lot) = delivered(&["Au 0.02"]);
        assay(&mut world, lot, &BY_LAB, &[&format!("Au {share}")]);
        assert_eq!(found(&world), expected, "{share}");
    }
}

#[test]
fn nobody_is_blamed_by_a_sample_after_pooling_of_an_unnamed_sampler_or_by_strangers() {
    for given in [
        Given { point: SamplePoint::AfterPooling, ..BY_LAB },
        Given { point: SamplePoint::Unknown, ..BY_LAB },
        Given { sampled_by: "", ..BY_LAB },
        Given { sampled_by: "umpire", ..BY_LAB },
    ] {
        let (mut world, lot) = delivered(&["Au 0.02"]);
        assay(&mut world, lot, &given, &["Au 0.00525"]);
        assert_eq!(found(&world), [(AssayConflict, Unknown)]);
    }
}

#[test]
fn who_held_the_lot_or_took_the_sample_is_not_independent() {
    for given in [Given { by: "plant", sampled_by: "mine", ..BY_LAB }, Given { sampled_by: "lab", ..BY_LAB }]
    {
        let (mut world, lot) = delivered(&["Au 0.02"]);
        assay(&mut world, lot, &given, &["Au 0.00525"]);
        assert_eq!(found(&world), [(NotIndependent, Warning), (AssayConflict, Unknown)]);
    }
}

#[test]
fn the_umpire_holds_and_the_independent_result_is_named() {
    let (mut world, lot) = delivered(&["Au 0.02"]);
    assay(&mut world, lot, &BY_LAB, &["Au 0.00525"]);
    let umpire = Given { by: "umpire", purpose: AssayPurpose::Umpire, ..BY_LAB };
    assay(&mut world, lot, &umpire, &["Au 0.02"]);
    assert_eq!(found(&world), [(AssaySuperseded, Warning)]);
}

#[test]
fn two_results_of_one_rank_that_differ_leave_it_open() {
    let (mut world, lot) = delivered(&["Au 0.02"]);
    assay(&mut world, lot, &BY_LAB, &["Au 0.00525"]);
    assay(&mut world, lot, &Given { by: "umpire", ..BY_LAB }, &["Au 0.02"]);
    assert_eq!(found(&world), [(AssayConflict, Unknown), (AssayConflict, Unknown)]);
}

#[test]
fn a_provisional_result_ends_with_the_final_one_on_the_same_sample() {
    for (sample, expected) in [("A", vec![]), ("B", vec![(AssaySuperseded, Warning)])] {
        let (mut world, lot) = delivered(&["Au 0.02"]);
        assay(&mut world, lot, &Given { purpose: AssayPurpose::Provisional, ..BY_LAB }, &["Au 0.01"]);
        assay(&mut world, lot, &Given { sample, ..BY_LAB }, &["Au 0.02"]);
        assert_eq!(found(&world), expected, "{sample}");
    }
}

#[test]
fn a_withheld_result_that_outranks_the_declaration_is_a_gap() {
    let (mut world, lot) = delivered(&["Au 0.02"]);
    let by = assay(&mut world, lot, &BY_LAB, &["Au 0.02"]);
    world.change(by, |record| {
        if let Body::Assay(assay) = &mut record.event.body {
            assay.composition = Maybe::Withheld;
        }
    });
    assert_eq!(found(&world), [(AssayWithheld, Withheld)]);
}

#[test]
fn members_above_their_group_contradict_it_by_rank() {
    for (declared, result, expected) in [
        (&["NdPr 75"][..], &["Nd 60", "Pr 15"][..], vec![]),
        (&["NdPr 75"][..], &["Nd 60", "Pr 17"][..], vec![(AssayConflict, Fail)]),
        (&["NdPr 75"][..], &["Nd 50", "Pr 20"][..], vec![(AssayConflict, Fail)]),
        (&["NdPr 75"][..], &["Nd 50", "Pr open"][..], vec![]),
        (&["NdPr 75"][..], &["NdPr 75", "Nd 60", "Pr 17"][..], vec![(AssayConflict, Unknown)]),
        (&["Nd 60", "Pr 17"][..], &["NdPr 75"][..], vec![(AssayConflict, Fail)]),
        (&["TREO 99 REO"][..], &["Nd 75 Nd2O3", "Pr 24 Pr6O11"][..], vec![]),
        (&["TREO 95 REO"][..], &["Nd 75 Nd2O3", "Pr 24 Pr6O11"][..], vec![(AssayConflict, Fail)]),
    ] {
        let (mut world, lot) = delivered(declared);
        assay(&mut world, lot, &BY_LAB, result);
        assert_eq!(found(&world), expected, "{declared:?} {result:?}");
    }
}

/// Two deliveries of 100 kg, in one pool of 200 kg in which so much gold is found after pooling.
fn pooled(share: &str) -> (World, [LotRef; 2]) {
    let (mut world, first) = delivered(&["Au 0.02"]);
    let lot = Lot { composition: lines(&["Au 0.02"]), ..named("S2", "ore", 100) };
    let mined = world.extract("mine", vec![lot]);
    let second = world.hand_over("mine", "plant", out(mined, 0));
    let pool = world.transform(
        "plant",
        "P50 melt",
        Mixing::Homogenised,
        vec![take(first, 0, 100), take(second, 0, 100)],
        vec![named("POOL", "ore", 200)],
    );
    assay(&mut world, out(pool, 0), &Given { point: SamplePoint::AfterPooling, ..BY_LAB }, &[share]);
    (world, [first, second])
}

use crate::model::evidence::Mixing;

#[test]
fn gold_missing_from_a_pool_leaves_every_delivery_open_and_blames_none() {
    let (world, lots) = pooled("Au 0.01");
    let all = findings(&world.graph());
    assert_eq!((all.len(), all[0].code, all[0].weight), (1, AssayConflict, Unknown));
    assert!(lots.iter().all(|lot| all[0].lots.contains(lot)));
    assert_eq!(all[0].parties, [world.party("plant")]);
    assert_eq!(found(&pooled("Au 0.0198").0), []);
}

#[test]
fn a_retained_sample_of_one_delivery_explains_the_pool_and_clears_the_other() {
    let (mut world, lots) = pooled("Au 0.01");
    assay(&mut world, lots[0], &BY_LAB, &["Au 0.0001"]);
    assert_eq!(found(&world), [(AssayConflict, Fail)]);
}

fn carried(world: &World, lot: LotRef, element: &str) -> Carries {
    let graph = world.graph();
    let element: Element = element.parse().unwrap();
    carries(&graph, &lot, graph.lot(&lot).unwrap(), element)
}

#[test]
fn the_result_that_holds_says_what_a_lot_carries_and_a_limit_is_no_absence() {
    let mut world = World::new();
    world.establish("lab", "BE");
    let taken = out(world.intake("plant", vec![lot("metal.Nd", 5)], vec![]), 0);
    assert_eq!(carried(&world, taken, "Dy"), Carries::No);
    assay(&mut world, taken, &Given { sampled_by: "plant", ..BY_LAB }, &["Dy 0.1"]);
    assert_eq!(carried(&world, taken, "Dy"), Carries::Yes);
    let sent = world.hand_over("plant", "buyer", taken);
    assert_eq!(carried(&world, sent, "Dy"), Carries::Yes);
    world.establish("umpire", "NL");
    let umpire = Given { by: "umpire", purpose: AssayPurpose::Umpire, ..BY_LAB };
    assay(&mut world, taken, &umpire, &["Dy below 0.2"]);
    assert_eq!(carried(&world, taken, "Dy"), Carries::Possible);
}
