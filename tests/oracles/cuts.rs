//! What is computed with an attestation in the place of records encloses the truth too, whatever the attested lot is used for.

use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::custody::attested::{Attested, AttestedWay, is_cut};
use lodemark::custody::graph::Graph;
use lodemark::custody::touch::{self, GapWhy, Grade, Presence, Touch, TouchPlace};
use lodemark::hash::RecordId;
use lodemark::model::element::Element;
use lodemark::model::event::{AttestedTouch, Body};
use lodemark::model::interval::{ONE, Share};
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::model::place::Place;
use lodemark::model::stage::Step;
use lodemark::origin::traced::Traced;

use crate::book::party;
use crate::chance::Chance;
use crate::flow::{ELEMENTS, Mark, Q, q, together};
use crate::world::{Plan, TouchSet, World, element, name, short};

/// Returns what an auditor who has all records attests of an element of a lot.
fn way(contents: &Contents<'_>, lot: &LotRef, element: Element) -> AttestedWay {
    let traced = Traced::new(contents, lot, element);
    let mut keys: Vec<(Step, Place)> = Vec::new();
    for touch in traced.touches() {
        if let TouchPlace::At { place, .. } = touch.place
            && !keys.contains(&(touch.step, place))
        {
            keys.push((touch.step, place));
        }
    }
    let touches = keys.into_iter().map(|(step, place)| {
        let of = |touch: &Touch| {
            touch.step == step && matches!(touch.place, TouchPlace::At { place: at, .. } if at == place)
        };
        let share = traced.share(of);
        let presence = touch::joint_presence(contents.graph(), lot, element, of);
        AttestedTouch {
            element,
            step,
            place: Some(place),
            grade: Grade::Signed,
            presence: presence.unwrap_or(Presence::Possible),
            least: share.least(),
            most: share.most(),
            period: None,
            maker: Maybe::Shown(None),
        }
    });
    AttestedWay {
        element,
        unknown: traced.unknown().most(),
        unplaced: Vec::new(),
        touches: touches.filter(|touch| touch.most.ppb() > 0).collect(),
        record: RecordId::from_bytes([1; 32]),
        by: party(3),
    }
}

fn attested(contents: &Contents<'_>, lot: LotRef) -> Attested {
    let ways = (0..ELEMENTS.len()).map(|number| way(contents, &lot, element(number)));
    Attested {
        lot,
        records: vec![RecordId::from_bytes([1; 32])],
        by: vec![party(3)],
        until: "2027-12-31".parse().expect("a day"),
        ways: ways.collect(),
    }
}

/// Keeps back what went into the record of a lot; whether it has anything that can be.
fn cut(world: &mut World, lot: &LotRef) -> bool {
    let record = world.book.records.iter_mut().find(|record| record.id == lot.record);
    let Some(record) = record else { return false };
    let inputs = match &mut record.event.body {
        Body::Transform(one) => {
            one.additions = MaybeList::Withheld(one.additions.count());
            &mut one.inputs
        }
        Body::Repack(one) => &mut one.inputs,
        Body::Receive(one) => &mut one.inputs,
        Body::Dispatch(one) => &mut one.inputs,
        _ => return false,
    };
    *inputs = MaybeList::Withheld(inputs.count());
    true
}

/// Whether a set is about steps and places alone, as an attestation is.
fn is_about_places(set: &TouchSet) -> bool {
    set.plants.is_none() && set.even.is_none()
}

/// Checks every lot of a world of which some are cut, against what is truly in it.
fn check(world: &World, full: &Graph, graph: &Graph, bands: &Bands, tally: &mut [u64; 3]) {
    let contents = Contents::new(graph, bands);
    for lot in world.lots.iter().filter(|lot| lot.is_held) {
        let all = together(&lot.whole);
        for (number, symbol) in ELEMENTS.iter().enumerate() {
            let held = &all.holds[number];
            if held.total == q(0) {
                continue;
            }
            // What came out beside an attested lot is not attested: there the cut stays open.
            let path = touch::paths(graph, &lot.lot, &[element(number)]).pop().expect("one path");
            if path.gaps.iter().any(|gap| matches!(gap.why, GapWhy::InputsWithheld { .. })) {
                continue;
            }
            let traced = Traced::new(&contents, &lot.lot, element(number));
            let within = |what: &str, mark: Mark, said: Share| {
                let truly = held.of(mark) / &held.total;
                let scaled = &truly * Q::from_integer(ONE.into());
                assert!(
                    Q::from_integer(said.low.into()) <= scaled && scaled <= Q::from_integer(said.high.into()),
                    "{what} of {symbol} in {}: truly {}, said {said:?}\n{world}",
                    name(&lot.lot),
                    short(&truly),
                );
            };
            for (at, set) in world.sets.iter().enumerate().filter(|(_, set)| is_about_places(set)) {
                let has = |touch: &Touch| set.has(&world.book, touch);
                let said = traced.share(has);
                within(&format!("set {at}"), Mark::Set(at), said);
                let told = traced.without(has).told;
                let rest = (&held.total - held.of(Mark::Set(at))) / &held.total;
                assert!(
                    Q::from_integer(told.low.into()) <= &rest * Q::from_integer(ONE.into()),
                    "what is told not to be of set {at}, {symbol} in {}\n{world}",
                    name(&lot.lot)
                );
                let truly = held.of(Mark::Set(at));
                let surely = |graph: &Graph| touch::joint_presence(graph, &lot.lot, element(number), has);
                match surely(graph) {
                    // The form of a lot may say that it holds an element of which there is truly none.
                    Some(Presence::Certain) => {
                        assert!(
                            truly > q(0) || surely(full) == Some(Presence::Certain),
                            "certain, and none\n{world}"
                        );
                    }
                    Some(Presence::Possible) => {}
                    None => assert!(truly == q(0), "none, and some\n{world}"),
                }
                tally[0] += 1;
                tally[1] += u64::from(said == Share::ANY);
                tally[2] += u64::from(said.low > 0 && said.high < ONE);
            }
            within("unknown", Mark::Gap, traced.unknown());
        }
    }
}

#[test]
fn shares_computed_with_attestations_in_the_place_of_records_enclose_the_truth() {
    let (bands, mut tally, mut cuts) = (Bands::embedded(), [0; 3], 0);
    for seed in 0..crate::many(4000) {
        let mut world = World::new(seed, Plan::EVERYTHING);
        let mut chance = Chance::new(seed ^ 0xa77e57);
        let full = world.book.graph();
        let contents = Contents::new(&full, &bands);
        let held: Vec<LotRef> = world.lots.iter().filter(|lot| lot.is_held).map(|lot| lot.lot).collect();
        let mut made = Vec::new();
        for _ in 0..3 {
            let lot = *chance.pick(&held);
            let facts = attested(&contents, lot);
            if cut(&mut world, &lot) {
                made.push(facts);
            }
        }
        let graph = world.book.graph();
        // A correction tells the inputs again.
        made.retain(|one| is_cut(&graph, &one.lot));
        let graph = graph.with_attested(made);
        cuts += graph.attested().count();
        check(&world, &full, &graph, &bands, &mut tally);
    }
    let [asked, open, both] = tally;
    println!("{cuts} cuts, {asked} shares asked: {open} left wholly open, {both} bounded on both sides");
    assert!(cuts as u64 > crate::many(4000) && both > 0 && open * 2 < asked, "bounds are worth something");
}
