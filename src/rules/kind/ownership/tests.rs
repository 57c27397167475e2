//! Shares by paths, rings and boundaries, over a small world of owners.

use super::owners::{Bounds, Node, Owners, WHOLE};
use super::*;
use crate::custody::testing::{World, lot, out};
use crate::model::dealings::Tie;
use crate::model::event::{Appoint, Body};
use crate::model::verdict::Verdict;
use crate::rules::ReasonCode;
use crate::rules::day::JudgedDay;
use crate::rules::facts::Facts;
use crate::rules::pack::Pack;
use crate::rules::pack::embedded_text;
use crate::rules::testing::{codes, judged_by};
use crate::rules::verdict::RuleVerdict;
use crate::trust::Trust;

fn share(percent: u64) -> u64 {
    percent * WHOLE / 100
}

/// Bounds of what `Listed` holds of the mine by these rows: `(of, owner, percent, last)`.
fn held(rows: &[(&str, &str, u32, bool)]) -> Bounds {
    let mut world = World::new();
    let ore = world.extract("mine", vec![lot("ore", 10)]);
    let trust = trust(rows);
    with_facts(&world, out(ore, 0), &trust, |facts| {
        let owners = Owners::new(facts, &JudgedDay::new("2026-06-01".parse().unwrap()), 400);
        let listed = |node: &Node| *node == Node::Name("Listed".to_owned());
        owners.share(&Node::Name("Works".to_owned()), listed, |_| false, |_| false)
    })
}

fn trust(rows: &[(&str, &str, u32, bool)]) -> Trust {
    let row = |(of, owner, percent, last): &(&str, &str, u32, bool)| {
        format!(
            "[[owner]]\nof_name = \"{of}\"\nowner = \"{owner}\"\nshare = \"{percent} %\"\nlast = {last}\n\
             checked_on = \"2026-05-01\"\nchecked_by = \"J. Field\"\n"
        )
    };
    let rows: String = rows.iter().map(row).collect();
    Trust::from_toml(&format!("format = \"lodemark/trust@1\"\n{rows}")).unwrap()
}

fn with_facts<T>(
    world: &World,
    lot: crate::model::lotref::LotRef,
    trust: &Trust,
    ask: impl FnOnce(&Facts<'_>) -> T,
) -> T {
    let graph = world.graph();
    let claimed = crate::rules::last_claimed(&graph);
    let bands = crate::balance::bands::Bands::embedded();
    let input = crate::rules::Input {
        graph: &graph,
        lot,
        as_of: crate::rules::testing::on("2026-06-01"),
        claimed: &claimed,
        trust,
        bands: &bands,
        later: None,
        thing: None,
        findings: &[],
    };
    ask(&Facts::new(&input))
}

#[test]
fn shares_multiply_along_a_path_and_add_up_over_paths() {
    let rows = [
        ("Works", "Holding", 50, false),
        ("Works", "Fund", 50, true),
        ("Holding", "Listed", 40, true),
        ("Holding", "Crowd", 60, true),
    ];
    assert_eq!(held(&rows), Bounds { least: share(20), most: share(20) });
    let mut both = rows.to_vec();
    both[1] = ("Works", "Listed", 50, true);
    assert_eq!(held(&both), Bounds { least: share(70), most: share(70) });
}

#[test]
fn what_is_not_told_may_belong_to_anybody() {
    assert_eq!(held(&[]), Bounds { least: 0, most: WHOLE });
    assert_eq!(held(&[("Works", "Fund", 80, true)]), Bounds { least: 0, most: share(20) });
    // Who is behind the fund is not told.
    assert_eq!(held(&[("Works", "Fund", 80, false)]), Bounds { least: 0, most: WHOLE });
}

#[test]
fn a_ring_of_owners_ends_and_counts_nothing_towards_the_least() {
    let ring =
        [("Works", "Holding", 100, false), ("Holding", "Works", 50, false), ("Holding", "Listed", 50, true)];
    assert_eq!(held(&ring), Bounds { least: share(50), most: WHOLE });
    let closed = [("Works", "Holding", 100, false), ("Holding", "Works", 100, false)];
    assert_eq!(held(&closed), Bounds { least: 0, most: WHOLE });
}

#[test]
fn a_deep_chain_of_holdings_costs_no_stack() {
    let names: Vec<String> =
        (0..20_000).map(|at| if at == 0 { "Works".into() } else { format!("H{at}") }).collect();
    let mut rows: Vec<(&str, &str, u32, bool)> =
        names.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str(), 100, false)).collect();
    rows.push((names.last().unwrap(), "Listed", 100, true));
    assert_eq!(held(&rows), Bounds { least: WHOLE, most: WHOLE });
}

#[test]
fn a_diamond_of_many_layers_is_looked_at_once_an_owner() {
    let mut rows = Vec::new();
    let names: Vec<[String; 2]> = (0..200).map(|at| [format!("L{at}"), format!("R{at}")]).collect();
    rows.push(("Works", names[0][0].as_str(), 50, false));
    rows.push(("Works", names[0][1].as_str(), 50, false));
    for pair in names.windows(2) {
        for below in &pair[0] {
            rows.extend(pair[1].iter().map(|above| (below.as_str(), above.as_str(), 50, false)));
        }
    }
    for last in names.last().unwrap() {
        rows.push((last, "Listed", 100, true));
    }
    assert_eq!(held(&rows), Bounds { least: WHOLE, most: WHOLE });
}

fn verdict(world: &World, lot: crate::model::lotref::LotRef, limit: &str, trust: &Trust) -> RuleVerdict {
    let text = embedded_text("ofac-50").unwrap();
    let pack = text
        .replace("together = { at_least = \"50 %\" }", limit)
        .replace("complete = false", "complete = true");
    let pack = Pack::from_toml(&pack).unwrap();
    judged_by(&pack, world, lot, "GOV-05", "2026-06-01", trust, &BTreeSet::new())
}

#[test]
fn a_parent_that_one_side_declares_counts_against_and_not_for() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    let plain = verdict(&world, ore, "together = { at_least = \"50 %\" }", &Trust::default());
    assert_eq!((plain.verdict, codes(&plain)), (Verdict::Unknown, vec![ReasonCode::OwnersOpen]));
    world.establish("m23", "CD");
    let body = |world: &mut World, party: &str, tie| {
        Body::Appoint(Appoint {
            party: world.party(party),
            tie,
            share: Some("50 %".parse().unwrap()),
            valid: "2025-01-01..2026-12-31".parse().unwrap(),
        })
    };
    let parent = body(&mut world, "m23", Tie::Parent);
    let tie = world.record("mine", parent);
    let text = embedded_text("ofac-50").unwrap().replace("complete = false", "complete = true");
    let pack = Pack::from_toml(&text).unwrap();
    let trust = Trust::from_toml(
        "format = \"lodemark/trust@1\"\n[[resolved_name]]\nname = \"m23\"\nlisted = \"M23\"\nsame = true\n\
         checked_on = \"2026-05-01\"\nchecked_by = \"J. Field\"\n",
    )
    .unwrap();
    let found = judged_by(&pack, &world, ore, "GOV-05", "2026-06-01", &trust, &BTreeSet::new());
    assert_eq!(found.verdict, Verdict::Fail, "{:#?}", found.reasons);
    assert!(found.reasons[0].records.contains(&tie));
    let over = text.replace("at_least = \"50 %\"", "more_than = \"50 %\"");
    let pack = Pack::from_toml(&over).unwrap();
    let found = judged_by(&pack, &world, ore, "GOV-05", "2026-06-01", &trust, &BTreeSet::new());
    assert_eq!(found.verdict, Verdict::Unknown, "half is not more than half, and the rest is not told");
}

#[test]
fn parameters_that_cannot_be_are_refused() {
    let text = embedded_text("us-pfe-ownership").unwrap();
    for (from, to) in [
        ("one = { at_least = \"25 %\" }\ntogether = { at_least = \"40 %\" }\n", ""),
        ("one = { at_least = \"25 %\" }", "one = { at_least = \"0 %\" }"),
        ("together = { at_least = \"40 %\" }", "together = { more_than = \"100 %\" }"),
        ("together = { at_least = \"40 %\" }", "together = { at_least = \"40\" }"),
        ("countries = \"covered\"\none", "one"),
        ("certified_by = [\"supplier_pfe_certification\"]\n", ""),
        ("debt = { at_least = \"15 %\" }\ncontrol = true\n", ""),
        ("control = true", "control = true\ndisclosed = \"0 %\""),
        ("countries = \"covered\"\none", "list = \"nobody\"\none"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(Pack::from_toml(&text.replace(from, to)).is_err(), "{from} -> {to}");
    }
}
