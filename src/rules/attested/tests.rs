//! No rule of any pack passes over what an attestation does not tell: the chain from ore to magnet, cut at the alloy.

use std::collections::BTreeSet;

use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::assay;
use crate::custody::attested::{Attested, AttestedWay};
use crate::custody::graph::Graph;
use crate::custody::touch::{self, Touch, TouchPlace};
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::{Attest, AttestedElement, AttestedSet, AttestedTouch, Body, Unplaced};
use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::material::Carries;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::verdict::Verdict::{self, Fail, NotApplicable, Pass, Unknown, Waived, Withheld};
use crate::origin::traced::Traced;
use crate::rules::judge::{Input, judge, last_claimed};
use crate::rules::pack::{Pack, embedded};
use crate::rules::testing::{Chain, Plan, codes, on, said};
use crate::rules::verdict::{ReasonCode, RuleVerdict};
use crate::trust::Trust;

const DAY: &str = "2027-01-01";

/// Returns what somebody with all records attests of a lot.
fn facts(graph: &Graph, lot: LotRef) -> Attest {
    let bands = Bands::embedded();
    let contents = Contents::new(graph, &bands);
    let (mut elements, mut touches) = (Vec::new(), Vec::new());
    let value = graph.lot(&lot).unwrap();
    let all = (1..=118).filter_map(Element::from_number);
    for element in all.filter(|one| assay::carries(graph, &lot, value, *one) != Carries::No) {
        let traced = Traced::new(&contents, &lot, element);
        let unknown = traced.unknown().most();
        let (mass, unplaced, grade) = (Maybe::Shown(None), Vec::new(), Grade::Signed);
        elements.push(AttestedElement { element, mass, unknown, unplaced, grade });
        let path = touch::paths(graph, &lot, &[element]).remove(0);
        for one in path.touches {
            let TouchPlace::At { place, .. } = one.place else { continue };
            let same = |other: &Touch| other.step == one.step && other.place == one.place;
            let share = traced.share(same);
            touches.push(AttestedTouch {
                element,
                step: one.step,
                place: Some(place),
                grade: one.grade,
                presence: one.presence,
                least: share.least(),
                most: share.most(),
                period: None,
                maker: Maybe::Shown(None),
            });
        }
    }
    Attest {
        lot,
        as_of: "2026-12-31".parse().unwrap(),
        valid_until: "2027-06-30".parse().unwrap(),
        custody: Pass,
        elements,
        touches,
        verdicts: Vec::new(),
        records: AttestedSet { count: 1, root: bands.hash },
        logs: AttestedSet { count: 0, root: bands.hash },
        bands: bands.hash,
        trust: None,
    }
}

/// The chain with all records, and cut at the alloy with an attestation of it in which `change` is changed.
fn cut(plan: Plan, change: impl FnOnce(&mut Attest)) -> (Chain, Graph, LotRef) {
    let mut chain = Chain::build(plan);
    let alloy = LotRef { record: chain.records["alloy"], index: 0 };
    let mut attest = facts(&chain.world.graph(), alloy);
    change(&mut attest);
    chain.world.establish("auditor", "GB");
    let id = chain.world.record("auditor", Body::Attest(attest.clone()));
    let full = Chain { world: chain.world.clone(), records: chain.records.clone(), magnet: chain.magnet };
    chain.world.change(alloy.record, |record| {
        if let Body::Transform(transform) = &mut record.event.body {
            transform.inputs = MaybeList::Withheld(3);
        }
    });
    let graph = chain.world.graph();
    let record = graph.record(&id).unwrap();
    let attested = Attested::new(record, &attest);
    (full, graph.with_attested(vec![attested]), chain.magnet)
}

fn judged(graph: &Graph, lot: LotRef, pack: &Pack, day: &str) -> Vec<RuleVerdict> {
    let (claimed, trust, bands) = (last_claimed(graph), Trust::default(), Bands::embedded());
    let input = Input {
        graph,
        lot,
        as_of: on(day),
        claimed: &claimed,
        trust: &trust,
        bands: &bands,
        later: None,
        thing: None,
        findings: &[],
    };
    judge(pack, &input, &BTreeSet::new())
}

fn rule(graph: &Graph, lot: LotRef, name: &str, day: &str) -> RuleVerdict {
    let pack = embedded().iter().find(|pack| pack.rule(name).is_some()).unwrap();
    judged(graph, lot, pack, day).into_iter().find(|one| one.rule == name).unwrap()
}

fn changed(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    change(&mut plan);
    plan
}

fn same(_: &mut Attest) {}

#[test]
fn a_ban_passes_on_what_is_attested_and_says_by_whom() {
    let (full, graph, magnet) = cut(Plan::default(), same);
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Pass, vec![]), "{:#?}", verdict.reasons);
    assert_eq!(verdict.attested_by, [full.world.party("auditor")]);
    assert_eq!(rule(&full.world.graph(), magnet, "OR-02-NDFEB", DAY).attested_by, []);
}

#[test]
fn without_the_attestation_the_same_cut_is_withheld() {
    let (_, graph, magnet) = cut(Plan::default(), same);
    assert_eq!(rule(&graph.with_attested(Vec::new()), magnet, "OR-02-NDFEB", DAY).verdict, Withheld);
}

#[test]
fn metal_from_a_barred_country_fails_through_the_cut() {
    let (_, graph, magnet) = cut(changed(|plan| plan.metal = "CN"), same);
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Fail, vec![ReasonCode::BarredTouch]));
    assert!(
        verdict.reasons[0].text.ends_with("signed by the doer: a barred country"),
        "{}",
        verdict.reasons[0].text
    );
    assert!(verdict.reasons[0].text.contains("on attestation by `auditor`"), "{}", verdict.reasons[0].text);
}

#[test]
fn a_barred_step_that_is_only_possible_leaves_it_open() {
    let (_, graph, magnet) = cut(changed(|plan| plan.metal = "CN"), |attest| {
        for touch in attest.touches.iter_mut().filter(|touch| touch.place == Some("CN".parse().unwrap())) {
            touch.presence = Presence::Possible;
            touch.least = Fraction::ZERO;
        }
    });
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::PossibleBarredTouch]));
}

#[test]
fn what_the_auditor_does_not_know_is_open_however_little_it_is() {
    let (_, graph, magnet) =
        cut(Plan::default(), |attest| attest.elements.last_mut().unwrap().unknown = Fraction::from_ppb(1));
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::NotAttested]));
}

#[test]
fn a_step_that_nothing_places_is_missing_through_the_cut() {
    let unplaced = |attest: &mut Attest| {
        let neodymium = attest.elements.iter_mut().find(|one| one.element == "Nd".parse().unwrap()).unwrap();
        neodymium.unplaced =
            vec![Unplaced { stages: vec!["P50".parse().unwrap()], process: None, recycled: false }];
    };
    let (_, graph, magnet) = cut(Plan::default(), unplaced);
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::MissingNode]));
}

#[test]
fn an_element_that_is_not_attested_stays_withheld() {
    let (_, graph, magnet) = cut(Plan::default(), |attest| {
        let iron = "Fe".parse().unwrap();
        attest.elements.retain(|one| one.element != iron);
        attest.touches.retain(|one| one.element != iron);
    });
    assert_eq!(rule(&graph, magnet, "OR-02-NDFEB", DAY).verdict, Withheld);
}

#[test]
fn a_place_that_the_auditor_was_not_shown_is_withheld() {
    let (_, graph, magnet) = cut(Plan::default(), |attest| {
        attest
            .touches
            .iter_mut()
            .filter(|touch| touch.step == "P50 electrolyse".parse().unwrap())
            .for_each(|touch| touch.place = None);
    });
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", DAY);
    assert_eq!((verdict.verdict, codes(&verdict)), (Withheld, vec![ReasonCode::PlaceWithheld]));
}

#[test]
fn evidence_that_is_too_weak_is_too_weak_when_it_is_attested() {
    let weak =
        changed(|plan| plan.iron = vec![said("Fe", "P10 mine", "US"), said("Fe", "P50 blast_furnace", "US")]);
    let (full, graph, magnet) = cut(weak, same);
    let verdict = |graph: &Graph| {
        let verdict = rule(graph, magnet, "OR-02-NDFEB", DAY);
        (verdict.verdict, codes(&verdict))
    };
    assert_eq!(verdict(&graph), verdict(&full.world.graph()));
}

#[test]
fn it_may_be_relied_on_on_its_last_day_and_not_on_the_day_after() {
    let (_, graph, magnet) = cut(Plan::default(), same);
    assert_eq!(rule(&graph, magnet, "OR-02-NDFEB", "2027-06-30").verdict, Pass);
    let verdict = rule(&graph, magnet, "OR-02-NDFEB", "2027-07-01");
    assert_eq!((verdict.verdict, codes(&verdict)), (Unknown, vec![ReasonCode::NotAttested]));
}

#[test]
fn nothing_fails_on_an_attestation_that_has_ended() {
    let (_, graph, magnet) = cut(changed(|plan| plan.metal = "CN"), same);
    assert_eq!(rule(&graph, magnet, "OR-02-NDFEB", "2027-06-30").verdict, Fail);
    assert_eq!(rule(&graph, magnet, "OR-02-NDFEB", "2027-07-01").verdict, Unknown);
}

/// Chains of which something behind the alloy is barred, weak or not told, and one of which nothing is.
fn plans() -> Vec<Plan> {
    vec![
        Plan::default(),
        changed(|plan| plan.metal = "CN"),
        changed(|plan| plan.mine = "RU"),
        changed(|plan| plan.separator = "KP"),
        changed(|plan| plan.mine = "CD"),
        changed(|plan| plan.iron = Vec::new()),
        changed(|plan| plan.ferroboron = vec![said("B+Fe", "P10 mine", "IR")]),
    ]
}

#[test]
fn no_rule_of_any_pack_says_more_of_a_cut_than_of_all_records() {
    let mut compared = 0;
    for plan in plans() {
        let (full, graph, magnet) = cut(plan, same);
        let whole = full.world.graph();
        for pack in embedded() {
            let all = judged(&whole, magnet, pack, DAY);
            for (attested, full) in judged(&graph, magnet, pack, DAY).iter().zip(&all) {
                let passes = |verdict: Verdict| matches!(verdict, Pass | Waived | NotApplicable);
                let says_more = passes(attested.verdict) && !passes(full.verdict);
                assert!(!says_more, "{} {}: {} and {}", full.pack, full.rule, attested.verdict, full.verdict);
                // Nor does it accuse where all records do not.
                let accuses = attested.verdict == Fail && full.verdict != Fail;
                assert!(!accuses, "{} {}: {:#?}", full.pack, full.rule, attested.reasons);
                compared += usize::from(full.verdict != NotApplicable);
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn kinds_that_ask_for_more_than_places_pass_over_no_cut() {
    let (_, graph, magnet) = cut(Plan::default(), same);
    let (mut held, mut passed): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
    for pack in embedded() {
        for one in judged(&graph, magnet, pack, DAY) {
            let kind = pack.rule(&one.rule).unwrap().check.kind();
            let is_open = matches!(one.verdict, Unknown | Withheld | Fail);
            // What is about other goods, days or end items says so in its own words, and not of what it found.
            if kind.untold().is_some() && !is_open && one.verdict != NotApplicable {
                panic!("{} {} is {} over a cut", one.pack, one.rule, one.verdict);
            }
            if is_open {
                held.insert(kind.name())
            } else {
                passed.insert(kind.name())
            };
        }
    }
    for kind in ["document", "graph", "band", "time", "ownership"] {
        assert!(held.contains(kind), "{kind}: {held:?}, {passed:?}");
    }
    assert!(passed.contains("forbid_touch") && passed.contains("require_nodes"));
}

#[test]
fn two_attestations_of_a_lot_are_tightened_or_contradict() {
    let way = |least: u32, most: u32, unknown: u32| AttestedWay {
        element: "Nd".parse().unwrap(),
        unknown: Fraction::from_ppb(unknown),
        unplaced: Vec::new(),
        touches: vec![AttestedTouch {
            element: "Nd".parse().unwrap(),
            step: "P10 mine".parse().unwrap(),
            place: Some("AU".parse().unwrap()),
            grade: Grade::Signed,
            presence: Presence::Certain,
            least: Fraction::from_ppb(least),
            most: Fraction::from_ppb(most),
            period: None,
            maker: Maybe::Shown(None),
        }],
        record: RecordId::from_bytes([1; 32]),
        by: crate::hash::PartyId::from_bytes([1; 32]),
    };
    let one = |way: AttestedWay| Attested {
        lot: LotRef { record: RecordId::from_bytes([2; 32]), index: 0 },
        records: vec![way.record],
        by: vec![way.by],
        until: DAY.parse().unwrap(),
        ways: vec![way],
    };
    let both = one(way(100, 500, 0)).meet(&one(way(300, 900, 0))).unwrap();
    let touch = &both.ways[0].touches[0];
    assert_eq!((touch.least.ppb(), touch.most.ppb()), (300, 500));
    // Intervals that touch in one point agree, and one step further they do not.
    assert!(one(way(100, 300, 0)).meet(&one(way(300, 900, 0))).is_ok());
    assert!(one(way(100, 299, 0)).meet(&one(way(300, 900, 0))).is_err());
    // What the one does not know may be what the other does.
    assert!(one(way(100, 299, 1)).meet(&one(way(300, 900, 0))).is_ok());
}
