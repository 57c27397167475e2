//! Scenario files: they hold, each answer rests on the values it names and on no others, and every finding
//! that exists is needed by at least one of them.

use std::path::PathBuf;

use lodemark::entry::KINDS;
use lodemark::model::coded::Coded;
use lodemark::model::finding::FindingCode;
use lodemark::model::kind::Kind;
use lodemark::rules::ReasonCode;
use lodemark::scenario::{self, Prepared, RunReport, Without};

fn files() -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<(String, String)> = std::fs::read_dir(dir)
        .expect("the scenarios are there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

fn broken(report: &RunReport) -> Vec<String> {
    let mut lines = Vec::new();
    for variant in &report.variants {
        for one in variant.checked.iter().filter(|one| !one.holds) {
            lines.push(format!(
                "[{}] {:?} as of {}\n    expected {:?}\n    found    {:?}\n    {}",
                variant.name,
                one.ask,
                one.as_of,
                one.expected,
                one.found,
                one.why.join("\n    ")
            ));
        }
    }
    lines
}

#[test]
fn every_expectation_of_every_scenario_holds() {
    let mut wrong = Vec::new();
    for (name, text) in files() {
        match scenario::run(&text) {
            Ok(report) => wrong.extend(broken(&report).into_iter().map(|line| format!("{name} {line}"))),
            Err(error) => wrong.push(format!("{name}: {error} ({:?})", error.hint())),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// `LODEMARK_PROBE=bans,governance` probes these files alone, while one is written.
fn is_probed(name: &str) -> bool {
    let asked = std::env::var("LODEMARK_PROBE").unwrap_or_default();
    asked.is_empty() || asked.split(',').any(|one| one == name)
}

#[test]
fn every_answer_rests_on_the_values_it_names_and_on_no_others() {
    let mut wrong = Vec::new();
    for (name, text) in files().into_iter().filter(|(name, _)| is_probed(name)) {
        let probed = match scenario::probe(&text) {
            Ok(probed) => probed,
            Err(error) => {
                wrong.push(format!("{name}: {error} ({:?})", error.hint()));
                continue;
            }
        };
        for one in probed.crossings.iter().filter(|one| !one.holds) {
            wrong.push(format!(
                "{name} [{}] {:?} with `{}` {} gives `{}`, not `{}`\n    {}",
                one.variant,
                one.ask,
                one.value,
                if one.across { "across" } else { "at the boundary" },
                one.found,
                one.expected,
                one.why.join("\n    ")
            ));
        }
        wrong.extend(probed.unfounded.iter().map(|ask| format!("{name}: nothing says what {ask} rests on")));
        if probed.unlisted.len() < 5 {
            wrong.push(format!("{name}: only {} values could be changed besides", probed.unlisted.len()));
        }
        for one in probed.unlisted.iter().filter(|one| !one.changed.is_empty()) {
            wrong.push(format!("{name}: `{}` is named by nothing and changes {:?}", one.value, one.changed));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_finding_and_every_reason_decides_something_in_a_scenario() {
    let read = |(_, text): (String, String)| Prepared::new(&text).expect("another test names the fault");
    let mut files = files();
    // Small worlds first: most codes are decided there.
    files.sort_by_key(|(_, text)| text.len());
    let prepared: Vec<Prepared> = files.into_iter().map(read).collect();
    let matters = |without: &Without| prepared.iter().any(|one| one.check(without).expectations.broken > 0);
    assert!(!matters(&Without::default()), "with nothing left out, every expectation holds");
    let mut idle = Vec::new();
    for code in FindingCode::ALL {
        let without = Without { findings: [*code].into(), ..Without::default() };
        if !matters(&without) {
            idle.push(format!("finding {code}"));
        }
    }
    for code in ReasonCode::ALL {
        let without = Without { reasons: [*code].into(), ..Without::default() };
        if !matters(&without) {
            idle.push(format!("reason {code}"));
        }
    }
    assert!(idle.is_empty(), "no scenario needs {}", idle.join(", "));
}

/// No kind exists that no verdict or finding reads.
#[test]
fn every_kind_of_event_decides_something_in_a_scenario() {
    let mut files = files();
    files.sort_by_key(|(_, text)| text.len());
    let read = |(_, text): (String, String)| Prepared::new(&text).expect("another test names the fault");
    let prepared: Vec<Prepared> = files.into_iter().map(read).collect();
    let is_read = |kind: Kind| {
        let without = Without { kinds: [kind].into(), ..Without::default() };
        prepared.iter().any(|one| one.check(&without).expectations.broken > 0)
    };
    let idle: Vec<&str> = KINDS.iter().filter(|kind| !is_read(**kind)).map(|kind| kind.name()).collect();
    assert!(idle.is_empty(), "nothing rests on {}", idle.join(", "));
}
