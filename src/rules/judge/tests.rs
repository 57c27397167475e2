//! What holds for every rule: scope, day, case, the number of reasons, the timeline.

use std::collections::{BTreeMap, BTreeSet};

use super::super::pack::embedded_text;
use super::super::testing::{Chain, Plan, codes, input, judged_by, on};
use super::super::timeline::timeline;
use super::*;
use crate::custody::testing::{lot, out, take};
use crate::model::coded::Coded;
use crate::model::evidence::Mixing;
use crate::rules::pack::embedded;
use crate::trust::Case;

fn scoped(scope: &str) -> Pack {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    Pack::from_toml(&text.replace("scope = \"ancestry\"", &format!("scope = \"{scope}\""))).unwrap()
}

fn first_text(pack: &Pack, chain: &Chain) -> RuleVerdict {
    let (trust, none) = (Trust::default(), BTreeSet::new());
    judged_by(pack, &chain.world, chain.magnet, "OR-01-NDFEB", "2026-12-31", &trust, &none)
}

#[test]
fn a_rule_over_whole_chains_needs_every_record_of_each_party_behind_the_lot() {
    let mut chain = Chain::build(Plan::default());
    assert_eq!(first_text(&scoped("whole_chain"), &chain).verdict, Verdict::Pass);
    // The foundry's first record, which opens its chain, is left out of what is handed over.
    let foundry = chain.world.party("foundry");
    let opening = chain.world.records.iter().position(|record| record.author == foundry).unwrap();
    chain.world.records.remove(opening);
    let verdict = first_text(&scoped("whole_chain"), &chain);
    assert_eq!((verdict.verdict, codes(&verdict)), (Verdict::Unknown, vec![ReasonCode::WholeChainNeeded]));
    assert!(verdict.reasons[0].text.starts_with("needs the whole chain of"));
    assert_eq!(first_text(&scoped("ancestry"), &chain).verdict, Verdict::Pass);
}

#[test]
fn a_rule_over_a_portfolio_cannot_be_decided_from_one_lot() {
    let verdict = first_text(&scoped("portfolio"), &Chain::build(Plan::default()));
    assert_eq!((verdict.verdict, codes(&verdict)), (Verdict::Unknown, vec![ReasonCode::PortfolioNeeded]));
    // A melt in China says as little about a year's shares as one in Japan.
    let barred = Chain::build(Plan { alloy: "CN", ..Plan::default() });
    assert_eq!(first_text(&scoped("ancestry"), &barred).verdict, Verdict::Fail);
    assert_eq!(first_text(&scoped("portfolio"), &barred).verdict, Verdict::Unknown);
}

#[test]
fn without_a_case_file_the_verdict_says_that_the_day_of_delivery_is_assumed() {
    let chain = Chain::build(Plan::default());
    let packs = embedded();
    let case = Case::from_toml("format = \"lodemark/case@1\"\ndelivery = \"2027-02-15\"\n").unwrap();
    let notes = |as_of: &str, case: Option<&Case>| {
        let as_of = AsOf { case, ..on(as_of) };
        let ask = |input: &Input<'_>| judge(&packs[0], input, &BTreeSet::new());
        let verdicts = input(&chain.world, chain.magnet, as_of, ask);
        let verdict = verdicts.into_iter().find(|verdict| verdict.rule == "OR-02-NDFEB").unwrap();
        assert_eq!(verdict.case_hash, case.map(|case| case.hash));
        verdict.notes.into_iter().find(|note| note.contains("delivery"))
    };
    assert!(notes("2027-02-15", None).unwrap().contains("no case file"));
    assert_eq!(notes("2027-02-15", Some(&case)), None);
    assert!(notes("2027-01-01", Some(&case)).unwrap().contains("the case file gives 2027-02-15"));
}

#[test]
fn the_timeline_has_both_sides_of_each_change_of_text() {
    let chain = Chain::build(Plan { metal: "CN", ..Plan::default() });
    let ask = |input: &Input<'_>| timeline(&embedded()[..1], input, &BTreeSet::new());
    let timeline = input(&chain.world, chain.magnet, on("2026-06-01"), ask);
    let points: Vec<(String, Verdict)> =
        timeline.points.iter().map(|point| (point.as_of.to_string(), point.verdict)).collect();
    assert_eq!(
        points,
        [
            ("2026-06-01".to_owned(), Verdict::Pass),
            ("2026-12-31".to_owned(), Verdict::Pass),
            ("2027-01-01".to_owned(), Verdict::Fail),
        ]
    );
    assert_eq!(timeline.points[0].why, ["the day asked for"]);
}

#[test]
fn a_verdict_lists_at_most_fifty_reasons_of_a_kind_and_counts_the_rest() {
    let mut chain = Chain::build(Plan::default());
    let bought: Vec<_> =
        (0..60).map(|_| chain.world.intake("shop", vec![lot("alloy.NdFeB", 1)], vec![])).collect();
    let inputs = bought.iter().map(|record| take(out(*record, 0), 0, 1)).collect();
    let made = chain.world.transform(
        "shop",
        "P70 sinter",
        Mixing::Homogenised,
        inputs,
        vec![lot("magnet.NdFeB", 50)],
    );
    chain.magnet = out(made, 0);
    let verdict = first_text(&embedded()[0], &chain);
    assert_eq!(verdict.reasons.len(), crate::rules::verdict::MAX_REASONS);
    assert!(verdict.notes.contains(&"at least 10 further reasons `missing_node` are left out".to_owned()));
}

#[test]
fn the_last_claimed_time_is_that_of_the_last_record_and_not_the_latest_clock() {
    let mut chain = Chain::build(Plan::default());
    let pit = chain.world.party("pit");
    let ids: Vec<_> =
        chain.world.records.iter().filter(|record| record.author == pit).map(|record| record.id).collect();
    chain.world.change(ids[0], |record| record.signed_at = "2030-01-01T00:00:00Z".parse().unwrap());
    let claimed = last_claimed(&chain.world.graph());
    assert_eq!(claimed[&pit].day().to_string(), "2026-01-05");
}

#[test]
fn verdicts_are_the_same_whatever_order_the_records_come_in() {
    let chain = Chain::build(Plan { metal: "CN", separator: "RU", ..Plan::default() });
    let mut turned = Chain { world: chain.world.clone(), records: BTreeMap::new(), magnet: chain.magnet };
    turned.world.records.reverse();
    assert_eq!(chain.judged("OR-02-NDFEB", "2027-01-01"), turned.judged("OR-02-NDFEB", "2027-01-01"));
}

#[test]
fn numbers_of_reason_codes_are_unique() {
    let codes: BTreeSet<u16> = ReasonCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(codes.len(), ReasonCode::ALL.len());
}

#[test]
fn what_is_found_without_a_look_at_the_day_is_the_same_on_any() {
    let chain = Chain::build(Plan { separator: "CN", ..Plan::default() });
    let (graph, trust, bands) = (chain.world.graph(), Trust::default(), Bands::embedded());
    let claimed = last_claimed(&graph);
    let input = Input {
        graph: &graph,
        lot: chain.magnet,
        as_of: on("2026-06-01"),
        claimed: &claimed,
        trust: &trust,
        bands: &bands,
        later: None,
        thing: None,
        findings: &[],
    };
    let facts = Facts::new(&input);
    let mut asked = 0;
    for pack in embedded() {
        for rule in &pack.file.rules {
            let judged = |day: &str| {
                let reading = super::reading(pack, rule, None);
                let day = JudgedDay::new(day.parse().unwrap());
                let outcome =
                    rule.check.kind().judge(&Asked { facts: &facts, pack, rule, reading, day: &day });
                (outcome, day.was_looked_at())
            };
            let (early, late) = (judged("2010-01-01"), judged("2045-01-01"));
            if !early.1 {
                assert_eq!(early, late, "{} {}", pack.file.id, rule.id);
                asked += 1;
            }
        }
    }
    assert!(asked > 20, "{asked}");
}
