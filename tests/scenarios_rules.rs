//! Every rule of every pack that comes with the program has worlds in which it fails, passes and stays open, and one in which
//! a value stands at its exact boundary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use lodemark::rules::{Pack, Rule, embedded};
use lodemark::scenario::{Ask, Expectation, Scenario};

/// Kinds that ask what is known, not what is allowed, and so never fail.
const NEVER_FAIL: &[&str] = &["require_nodes"];
/// Rules that never fail, with the reason.
const NEVER: &[(&str, &str)] = &[
    (
        "us-dfars-7009-specialty-metals/OR-05",
        "the list of what is allowed is not complete, so what is outside it is open",
    ),
    ("coc-base/COC-03", "a gap contradicts nothing, so an untraced share is open"),
    ("iso-23664-items/ITEMS", "a paper that was not entered may tell the item"),
    ("eu-crma-28-fields/ART-28", "a paper that was not entered may tell the item"),
    ("origin-plausibility/PLANT", "the list of plants is not complete"),
    ("producer-states-unverified/VN", "no day is known from which the law surely holds"),
    ("producer-states-unverified/GH", "no day is known from which the policy surely holds"),
    ("producer-states-unverified/TZ", "what is asked is not known, nor from which day"),
    ("cn-mofcom-61/LICENCE", "another licence than the one that ran out may be held"),
    ("cn-mofcom-18/LICENCE", "another licence than the one that ran out may be held"),
    ("cn-mofcom-46-us/LICENCE", "another licence than the one that ran out may be held"),
    ("cn-mofcom-61/AFFILIATES", "the list that comes with the program has no names"),
    (
        "eu-3tg-thresholds/PF-05-MINERALS",
        "above the volume a duty begins, and its papers may not have been entered",
    ),
    (
        "eu-3tg-thresholds/PF-05-METALS",
        "above the volume a duty begins, and its papers may not have been entered",
    ),
];
/// Rules without a value that has an order, with what stands in its place.
const NO_ORDER: &[(&str, &str)] = &[
    ("us-ndaa-857-nodes/OR-04", "the country of a node is told or not, on every day"),
    ("us-dfars-7052-magnets/EX-OCONUS", "bought and used abroad or not, on every day"),
    ("us-dfars-7052-magnets/EX-ELEC", "an electronic device or not, on every day"),
    ("us-dfars-7052-magnets/EX-RECYC", "milled and sintered in one country or not, on every day"),
    ("us-dfars-7052-tantalum-tungsten/EX-OCONUS", "bought and used abroad or not, on every day"),
    ("us-dfars-7052-tantalum-tungsten/EX-ELEC", "an electronic device or not, on every day"),
    ("us-dfars-7009-specialty-metals/OR-05", "melted in a listed country or not, on every day"),
    ("us-dfars-7009-specialty-metals/OR-05-RAW", "melted in a listed country or not, on every day"),
    ("iso-23664-items/ITEMS", "an item is told or not, whatever its value"),
    ("eu-crma-28-fields/ART-28", "an item is told or not, whatever its value"),
    ("producer-states-unverified/TZ", "the row has no day and asks for no share"),
    ("us-dfars-7009-specialty-metals/EX-COTS", "off-the-shelf and built or not, on every day"),
];

/// What the scenarios ask of one rule.
#[derive(Default)]
struct Seen {
    answers: BTreeSet<String>,
    reasons: BTreeSet<String>,
    has_boundary: bool,
}

fn expectations() -> Vec<Expectation> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).expect("the scenarios are there") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let scenario = Scenario::from_toml(&text).expect("another test names the fault");
        all.extend(scenario.expectations);
        all.extend(scenario.variants.into_iter().flat_map(|variant| variant.expectations));
    }
    all
}

/// Returns the rule that is asked about; several packs may have one of its name.
fn asked(ask: &Ask) -> Option<&str> {
    match ask {
        Ask::Verdict { rule, .. } | Ask::Portfolio { rule, .. } => Some(rule),
        _ => None,
    }
}

#[test]
fn every_rule_has_a_world_that_fails_one_that_passes_one_that_is_open_and_a_boundary() {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for one in expectations() {
        let Some(rule) = asked(&one.ask) else { continue };
        let seen = seen.entry(rule.to_owned()).or_default();
        seen.reasons.extend(one.reasons.iter().map(ToString::to_string));
        seen.answers.insert(one.answer.clone());
        seen.has_boundary |= one.rests_on.iter().any(|value| value.holds.is_some());
    }
    let mut missing = Vec::new();
    for pack in embedded() {
        for rule in &pack.file.rules {
            missing.extend(lacks(pack, rule, &seen));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

fn lacks(pack: &Pack, rule: &Rule, seen: &BTreeMap<String, Seen>) -> Option<String> {
    let name = format!("{}/{}", pack.file.id, rule.id);
    let is_alone = embedded().iter().filter(|other| other.rule(&rule.id).is_some()).count() == 1;
    let names = [Some(name.as_str()), is_alone.then_some(rule.id.as_str())];
    let found: Vec<&Seen> = names.into_iter().flatten().filter_map(|name| seen.get(name)).collect();
    let has = |answer: &str| found.iter().any(|seen| seen.answers.contains(answer));
    let listed = |list: &[(&str, &str)]| list.iter().any(|(listed, _)| *listed == name);
    let mut lacks: Vec<&str> = Vec::new();
    if !has("pass") {
        lacks.push("pass");
    }
    // A rule that informs is `not_applicable` where what it looks for is missed or open; its reasons tell which.
    if !rule.severity.decides() {
        let tells = |code: &str| found.iter().any(|seen| seen.reasons.contains(code));
        if !(tells("too_much") || tells("too_little")) || !tells("share_open") {
            lacks.push("world that misses it, and one that is open");
        }
        if !found.iter().any(|seen| seen.has_boundary) {
            lacks.push("a boundary");
        }
        return (!lacks.is_empty()).then(|| format!("{name} has no {}", lacks.join(", no ")));
    }
    if !has("fail") && !NEVER_FAIL.contains(&rule.check.name()) && !listed(NEVER) {
        lacks.push("fail");
    }
    if !has("unknown") && !has("withheld") {
        lacks.push("unknown or withheld");
    }
    if !found.iter().any(|seen| seen.has_boundary) && !listed(NO_ORDER) {
        lacks.push("a boundary");
    }
    (!lacks.is_empty()).then(|| format!("{name} has no {}", lacks.join(", no ")))
}
