//! The worlds about rules and about circuits, `rules_*.toml` and `accounts_*.toml`: each reason code decides a
//! verdict alone, and no rule only ever fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use lodemark::model::coded::Coded;
use lodemark::rules::ReasonCode;
use lodemark::scenario::{Ask, Prepared, RunReport, Without};

fn worlds() -> Vec<(String, Prepared)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let paths = std::fs::read_dir(dir).expect("the scenarios are there").map(|entry| entry.unwrap().path());
    let about_rules = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        (name.starts_with("rules_") || name.starts_with("accounts_")) && name.ends_with(".toml")
    };
    let mut paths: Vec<PathBuf> = paths.filter(about_rules).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, Prepared::new(&text).expect("another test names the fault"))
    };
    paths.into_iter().map(read).collect()
}

/// Verdicts in the order asked: question and answer.
fn verdicts(report: &RunReport) -> Vec<(&Ask, &str)> {
    let mut all = Vec::new();
    for variant in &report.variants {
        let asked = variant
            .checked
            .iter()
            .filter(|one| matches!(one.ask, Ask::Verdict { .. } | Ask::Portfolio { .. }));
        all.extend(asked.map(|one| (&one.ask, one.found.answer.as_str())));
    }
    all
}

/// Disabling a code may not just shorten a list of reasons: some verdict has to turn into `pass` without it.
#[test]
fn each_reason_code_keeps_some_verdict_from_pass_by_itself() {
    let worlds = worlds();
    let whole: Vec<RunReport> = worlds.iter().map(|(_, world)| world.check(&Without::default())).collect();
    let decides = |code: ReasonCode| {
        let without = Without { reasons: [code].into(), ..Without::default() };
        worlds.iter().zip(&whole).any(|((_, world), whole)| {
            let less = world.check(&without);
            let mut pairs = verdicts(whole).into_iter().zip(verdicts(&less));
            pairs.any(|(with, without)| with.1 != "pass" && without.1 == "pass")
        })
    };
    let idle: Vec<&str> =
        ReasonCode::ALL.iter().filter(|code| !decides(**code)).map(|code| code.name()).collect();
    assert!(idle.is_empty(), "no verdict rests alone on {}", idle.join(", "));
}

#[test]
fn beside_every_fail_stands_an_innocent_twin() {
    for (name, world) in worlds() {
        let report = world.check(&Without::default());
        let mut answers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (ask, answer) in verdicts(&report) {
            // The twin may be a lot beside the one that fails.
            let (Ask::Verdict { rule, .. } | Ask::Portfolio { rule, .. }) = ask else { continue };
            answers.entry(rule.clone()).or_default().insert(answer);
        }
        for (rule, answers) in answers {
            let is_fair = !answers.contains("fail") || answers.contains("pass");
            assert!(is_fair, "{name}: `{rule}` only ever came to {answers:?}");
        }
    }
}
