//! What is attested of small worlds, to the last figure.

use super::*;
use crate::balance::testing::{metal, weighed};
use crate::custody::testing::{World, declared, out, take};
use crate::hash::{Hash, RecordId};
use crate::log::tree::{Tree, leaf_hash};
use crate::model::event::Body;
use crate::model::evidence::Mixing::{Discrete, Homogenised};
use crate::model::evidence::WithdrawReason;
use crate::model::lot::Lot;
use crate::model::stage::Stage;

/// So many kilograms of a metal that is half neodymium, give or take a fiftieth of that half.
fn holding(kg: u64) -> Lot {
    weighed("metal.Nd", kg * 1000, "0 %", vec![metal("Nd", "50 %", "2 %")])
}

fn metal_of(element: &str) -> crate::model::lot::Component {
    metal(element, "100 %", "0.1 %")
}

fn examined(world: &World) -> Examined {
    Examined {
        graph: world.graph(),
        lines: Vec::new(),
        refused: Vec::new(),
        findings: Vec::new(),
        logs: Vec::new(),
        log_forks: Vec::new(),
    }
}

fn request(lot: LotRef) -> AttestRequest {
    let day = |text: &str| text.parse().unwrap();
    AttestRequest { lot, as_of: day("2026-02-01"), valid_until: day("2027-01-31") }
}

fn attested(world: &World, lot: LotRef) -> Attest {
    attest(&examined(world), &request(lot), &Reader::default()).unwrap()
}

fn share(text: &str) -> u32 {
    text.parse::<Fraction>().unwrap().ppb()
}

/// Step, country, least and most in parts per billion, presence, and who.
type Said = (String, Option<String>, u32, u32, Presence, Option<String>);

/// What is said of each touch of neodymium.
fn said(attest: &Attest) -> Vec<Said> {
    let nd = attest.touches.iter().filter(|touch| touch.element == "Nd".parse().unwrap());
    let one = |touch: &AttestedTouch| {
        let maker = touch.maker.shown().unwrap().as_ref().map(|maker| maker.name.clone());
        let place = touch.place.map(|place| place.to_string());
        (touch.step.to_string(), place, touch.least.ppb(), touch.most.ppb(), touch.presence, maker)
    };
    nd.map(one).collect()
}

fn of_element(attest: &Attest) -> (u32, Grade) {
    let [only] = &attest.elements[..] else { panic!("{:?}", attest.elements) };
    (only.unknown.ppb(), only.grade)
}

/// 30 kg on papers from China and 70 kg on papers from Australia, molten together in Japan.
fn blend(world: &mut World, mixing: crate::model::evidence::Mixing) -> LotRef {
    let papers = |place: &str| vec![declared(0, &["Nd"], "P10 mine", place, true)];
    let china = out(world.intake("plant", vec![holding(30)], papers("CN-JX")), 0);
    let australia = out(world.intake("plant", vec![holding(70)], papers("AU")), 0);
    let inputs = vec![take(china, 0, 30), take(australia, 0, 70)];
    out(world.transform("plant", "P60 melt", mixing, inputs, vec![holding(100)]), 0)
}

#[test]
fn a_blend_of_thirty_and_seventy_says_so_of_each_place() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    let attest = attested(&world, lot);
    let said = said(&attest);
    let names: Vec<_> = said.iter().map(|one| (one.0.as_str(), one.1.as_deref(), one.5.as_deref())).collect();
    let (mine, melt) = ("P10 mine", "P60 melt");
    assert_eq!(
        names,
        [
            (mine, Some("AU"), Some("Maker")),
            (mine, Some("CN-JX"), Some("Maker")),
            (melt, Some("JP"), Some("plant"))
        ]
    );
    let shares: Vec<_> = said.iter().map(|one| (one.2, one.3)).collect();
    // 70 x 0.98 of 70 x 0.98 + 30 x 1.02 = 0.691 532 258 06..., 70 x 1.02 of 70 x 1.02 + 30 x 0.98 = 0.708 333 333 33...
    let (australia, china) = ((691_532_258, 708_333_334), (291_666_666, 308_467_742));
    assert_eq!(shares, [australia, china, (share("100 %"), share("100 %"))]);
    assert!(said.iter().all(|one| one.4 == Presence::Certain));
    assert_eq!(of_element(&attest), (0, Grade::Transcribed));
    let mass = attest.elements[0].mass.shown().unwrap().unwrap();
    assert_eq!((mass.least.mg(), mass.most.mg()), (49_000_000, 51_000_000));
    assert_eq!(attest.custody, Verdict::Pass);
    // Papers say no day; the melt has one.
    let days: Vec<_> = attest.touches.iter().map(|touch| touch.period.map(|days| days.to_string())).collect();
    assert_eq!(days, [None, None, Some("2026-01-05".to_owned())]);
}

#[test]
fn of_pieces_each_may_be_all_of_one_or_of_the_other() {
    let mut world = World::new();
    let lot = blend(&mut world, Discrete);
    let said = said(&attested(&world, lot));
    let bounds: Vec<_> = said[..2].iter().map(|one| (one.2, one.3, one.4)).collect();
    // One output takes all there is, so that both went in, but no piece of it surely has either.
    assert_eq!(bounds.iter().map(|one| one.2).collect::<Vec<_>>(), [Presence::Possible; 2]);
    assert!(bounds.iter().all(|one| one.0 < one.1), "{bounds:?}");
}

#[test]
fn what_nobody_says_anything_of_is_unknown_and_custody_holds() {
    let mut world = World::new();
    let papers = vec![declared(0, &["Nd"], "P10 mine", "AU", false)];
    let told = out(world.intake("plant", vec![holding(90)], papers), 0);
    let open = out(world.intake("plant", vec![holding(10)], Vec::new()), 0);
    let inputs = vec![take(told, 0, 90), take(open, 0, 10)];
    let lot = out(world.transform("plant", "P60 melt", Homogenised, inputs, vec![holding(100)]), 0);
    let attest = attested(&world, lot);
    // 10 x 1.02 of 10 x 1.02 + 90 x 0.98 = 0.103 658 536 58...
    assert_eq!(of_element(&attest), (103_658_537, Grade::Stated));
    assert_eq!(attest.custody, Verdict::Pass);
    assert_eq!(said(&attest)[0].2, 896_341_463);
}

/// What must have been done to neodymium and nothing places: the first stage that would do, and whether it is past recycling.
fn unplaced(attest: &Attest) -> Vec<(Stage, bool)> {
    let nd = attest.elements.iter().find(|one| one.element == "Nd".parse().unwrap()).unwrap();
    nd.unplaced.iter().map(|one| (one.stages[0], one.recycled)).collect()
}

#[test]
fn what_must_have_been_done_and_nothing_places_is_said() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    // Papers say where it was mined; it is metal, so that it was separated and reduced somewhere too.
    assert_eq!(unplaced(&attested(&world, lot)), [(Stage::P40, false), (Stage::P50, false)]);
    let steps = ["P10 mine", "P40 extract_solvent", "P50 electrolyse"];
    let papers = steps.map(|step| declared(0, &["Nd"], step, "AU", true));
    let whole = out(world.intake("plant", vec![holding(10)], papers.into()), 0);
    assert_eq!(unplaced(&attested(&world, whole)), []);
}

#[test]
fn what_came_before_collection_is_told_apart() {
    let mut world = World::new();
    let papers = vec![declared(0, &["Nd"], "R10 collect", "DE", true)];
    let scrap = weighed("eol_magnet.NdFeB", 10_000, "0 %", vec![metal("Nd", "30 %", "2 %")]);
    let scrap = out(world.intake("plant", vec![scrap], papers), 0);
    let said = unplaced(&attested(&world, scrap));
    assert!(!said.is_empty() && said.iter().all(|one| one.1), "{said:?}");
}

#[test]
fn an_element_that_the_code_leaves_open_is_there_and_holds_nothing_unless_something_brought_it() {
    let mut world = World::new();
    let metal = blend(&mut world, Homogenised);
    let magnets = |world: &mut World, inputs| {
        let alloy = crate::custody::testing::lot("alloy.NdFeB", 100);
        out(world.transform("plant", "P60 strip_cast", Homogenised, inputs, vec![alloy]), 0)
    };
    let without = magnets(&mut world, vec![take(metal, 0, 50)]);
    let papers = vec![declared(0, &["Dy"], "P10 mine", "CN-JX", true)];
    let dysprosium = weighed("metal.Dy", 1_000, "0 %", vec![metal_of("Dy")]);
    let dysprosium = out(world.intake("plant", vec![dysprosium], papers), 0);
    let with = magnets(&mut world, vec![take(metal, 50, 50), take(dysprosium, 0, 1)]);
    let touches = |lot| {
        let facts = attested(&world, lot);
        let dy = "Dy".parse().unwrap();
        let line =
            facts.elements.iter().find(|one| one.element == dy).expect("the code leaves it open").clone();
        (facts.touches.iter().filter(|touch| touch.element == dy).count(), line.unknown.ppb())
    };
    assert_eq!(touches(without), (0, 0));
    assert_eq!(touches(with), (2, 0));
}

#[test]
fn of_a_concentrate_the_elements_of_a_measured_sum_are_attested() {
    let mut world = World::new();
    let sum = crate::balance::testing::line("TREO", "60 %", "REO", "1 %");
    let sum = weighed("concentrate.bastnaesite", 10_000, "0 %", vec![sum]);
    let lot = out(world.extract("mine", vec![sum]), 0);
    let facts = attested(&world, lot);
    assert!(facts.elements.iter().all(|one| one.element.is_rare_earth()), "{:?}", facts.elements);
    assert_eq!(facts.elements.len(), 15, "a sum of them says nothing of Sc and Pm");
    assert_eq!(said(&facts).len(), 1, "the pit");
}

#[test]
fn inputs_kept_from_the_auditor_leave_all_of_it_unknown() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    world.change(lot.record, |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.inputs = crate::model::maybe::MaybeList::Withheld(2);
    });
    let attest = attested(&world, lot);
    assert_eq!(of_element(&attest).0, share("100 %"));
    assert_eq!(said(&attest).len(), 1, "the melt is seen, and nothing before it");
}

#[test]
fn a_place_kept_from_the_auditor_is_no_place() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    world.change(lot.record, |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.at.facility = Maybe::Withheld;
    });
    let attest = attested(&world, lot);
    let melt = said(&attest).pop().unwrap();
    assert_eq!((melt.0.as_str(), melt.1, melt.2), ("P60 melt", None, share("100 %")));
    assert!(attest.custody > Verdict::Pass, "own place cannot be told: {}", attest.custody);
}

#[test]
fn custody_that_fails_is_said() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    let Body::Transform(transform) = world.body(lot.record) else { unreachable!() };
    let input = transform.inputs.shown().unwrap()[0].lot;
    world.dispose("plant", crate::model::evidence::DisposeHow::Waste, vec![take(input, 0, 1)]);
    assert_eq!(attested(&world, lot).custody, Verdict::Fail);
}

#[test]
fn the_records_are_those_behind_the_lot_and_what_they_name() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    // Another lot of the same plant, and its withdrawal, are not behind it.
    let other = world.intake("plant", vec![holding(1)], Vec::new());
    world.withdraw("plant", other, WithdrawReason::Other);
    let Body::Transform(transform) = world.body(lot.record) else { unreachable!() };
    let mut ids: Vec<RecordId> =
        transform.inputs.shown().unwrap().iter().map(|input| input.lot.record).collect();
    ids.extend([lot.record, world.place("plant")]);
    ids.sort_unstable();
    let leaves: Vec<Hash> = ids.iter().map(|id| leaf_hash(id.as_bytes())).collect();
    let attest = attested(&world, lot);
    assert_eq!((attest.records.count, attest.records.root), (4, Tree::new(leaves).root()));
    assert_eq!(attest.logs.count, 0);
    assert_eq!(attest.logs.root, Tree::new(Vec::new()).root());
}

#[test]
fn what_nothing_can_be_said_of_is_refused() {
    let mut world = World::new();
    let lot = blend(&mut world, Homogenised);
    let water =
        out(world.intake("plant", vec![crate::custody::testing::lot("other.water", 1)], Vec::new()), 0);
    let examined = examined(&world);
    let fault = |request: AttestRequest| attest(&examined, &request, &Reader::default()).unwrap_err();
    let absent = LotRef { record: lot.record, index: 1 };
    assert_eq!(fault(request(absent)), AttestFault::NotHeld);
    assert_eq!(fault(request(water)), AttestFault::NoElement);
    let good = request(lot);
    let (as_of, before) = (good.as_of, "2026-01-31".parse().unwrap());
    assert_eq!(
        fault(AttestRequest { valid_until: before, ..good }),
        AttestFault::EndsBefore { as_of, valid_until: before }
    );
    assert!(attest(&examined, &AttestRequest { valid_until: as_of, ..good }, &Reader::default()).is_ok());
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]
    /// Whatever was blended with what, the same records give the same facts, in whatever order they are held, and what
    /// is said of places and what is unknown enclose the whole.
    #[test]
    fn the_same_records_give_the_same_facts(parts: Vec<(u8, u8)>, homogenised: bool) {
        let mut world = World::new();
        let (mut inputs, mut sum) = (Vec::new(), 0);
        for (kg, from) in parts.iter().take(6).chain([&(3, 0)]) {
            let (kg, place) = (u64::from(*kg) + 1, ["AU", "CN-JX", "US"].get(usize::from(*from) % 4));
            let papers = place.map(|place| declared(0, &["Nd"], "P10 mine", place, from % 2 == 0));
            let lot = out(world.intake("plant", vec![holding(kg)], papers.into_iter().collect()), 0);
            inputs.push(take(lot, 0, kg));
            sum += kg;
        }
        let mixing = if homogenised { Homogenised } else { Discrete };
        let lot = out(world.transform("plant", "P60 melt", mixing, inputs, vec![holding(sum)]), 0);
        let facts = attested(&world, lot);
        let mut other = world.clone();
        other.records.reverse();
        proptest::prop_assert_eq!(&facts, &attested(&other, lot));
        let mined: u64 = facts.touches.iter().filter(|touch| touch.step.to_string() == "P10 mine").map(|touch| u64::from(touch.most.ppb())).sum();
        proptest::prop_assert!(mined + u64::from(facts.elements[0].unknown.ppb()) >= 1_000_000_000);
    }
}
