//! A record by which its author changed its mind cannot be left out of a capsule unseen, whatever else is.

use std::process::{Command, Output};

use lodemark::capsule::{self, Capsule};
use lodemark::model::finding::FindingCode;
use lodemark::model::verdict::Verdict;

use crate::told::{Told, finds};

/// Variant of `logs.toml`, and the record in it that takes something back.
///
/// `revoke_key` is a reserved kind that nothing writes or reads yet. It is of the control kinds by its number, so that a
/// header names it like the rest.
const TAKEN_BACK: [(&str, &str); 5] = [
    ("a correction", "put right"),
    ("a withdrawal", "taken back"),
    ("a suspended certificate", "suspension"),
    ("a withdrawn accreditation", "permit ended"),
    ("a dispute", "objection"),
];

#[test]
fn a_capsule_with_all_that_was_taken_back_holds() {
    for (variant, _) in TAKEN_BACK {
        let told = Told::new("logs", variant, "ORE");
        let report = told.report(&told.capsule);
        assert_eq!(report.lots[0].integrity, Verdict::Pass, "{variant}");
        assert!(!finds(&report, FindingCode::ControlListOpen), "{variant}");
        // The innocent twin: other records of the same chains are left out, and nothing is made of it.
        assert!(finds(&report, FindingCode::MissingRecords), "{variant}");
    }
}

#[test]
fn what_was_taken_back_is_missed_where_it_is_left_out_or_there_by_its_header_alone() {
    for (variant, record) in TAKEN_BACK {
        let told = Told::new("logs", variant, "ORE");
        let author = told.world.record(record).unwrap().author;
        for capsule in [told.without(&[record]), told.with_headers_of(&[record])] {
            let report = told.report(&capsule);
            assert_eq!(report.lots[0].integrity, Verdict::Unknown, "{variant}");
            assert_ne!(report.verdict, Verdict::Pass, "{variant}");
            let open: Vec<_> =
                report.findings.iter().filter(|one| one.code == FindingCode::ControlListOpen).collect();
            assert!(open.len() == 1 && open[0].parties == [author], "{variant}: {open:?}");
            // The log itself holds: it is the list that shows the hole.
            assert!(!finds(&report, FindingCode::LogBroken), "{variant}");
        }
    }
}

#[test]
fn with_the_last_leaf_left_out_nobody_knows_where_the_list_begins() {
    let told = Told::new("logs", "a withdrawal", "ORE");
    let report = told.report(&told.without(&["third digging"]));
    assert_eq!(report.lots[0].integrity, Verdict::Unknown);
    assert!(finds(&report, FindingCode::ControlListOpen));
}

/// Runs the program in a directory, on files that lie there.
fn run(dir: &std::path::Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodemark"));
    command.current_dir(dir).env_remove("LODEMARK_LEDGER").args(["--now", "2026-08-01T08:00:00Z"]);
    let Output { status, stdout, stderr } = command.args(arguments).output().expect("the program starts");
    let said = [stdout, stderr].concat();
    (status.code().unwrap_or(-1), String::from_utf8(said).expect("it prints text"))
}

#[test]
fn a_lie_hides_a_suspension_until_it_turns_up_and_then_three_headers_prove_it_to_anybody() {
    let hidden = Told::new("logs", "a lie that nothing here shows", "ORE");
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, capsule: &Capsule| {
        std::fs::write(dir.path().join(name), capsule::write(capsule)).unwrap();
    };
    // All later headers lie, so that this capsule by itself is whole.
    assert_eq!(hidden.report(&hidden.capsule).lots[0].integrity, Verdict::Pass);
    write("sold.capsule", &hidden.capsule);
    let kept = Told::new("logs", "the suspension as it was kept", "ORE");
    write("kept.capsule", &kept.capsule);
    let (code, said) = run(dir.path(), &["compare", "sold.capsule", "kept.capsule", "--proofs", "proofs"]);
    assert_eq!(code, 1, "{said}");
    let files: Vec<_> =
        std::fs::read_dir(dir.path().join("proofs")).unwrap().map(|one| one.unwrap()).collect();
    let [proof] = &files[..] else { panic!("one proof, not {files:?}: {said}") };
    let name = proof.file_name().into_string().unwrap();
    assert!(name.starts_with("control-lie-"), "{name}");
    // Whoever judges it has the proof and nothing else.
    let away = tempfile::tempdir().unwrap();
    std::fs::copy(proof.path(), away.path().join("it.proof")).unwrap();
    let (code, said) = run(away.path(), &["proof", "check", "it.proof"]);
    assert_eq!(code, 0, "{said}");
    // The innocent twin: an association that named its suspension in what it signed later.
    let honest = Told::new("logs", "a suspended certificate", "ORE");
    write("honest.capsule", &honest.capsule);
    write("less.capsule", &honest.without(&["suspension"]));
    let (code, said) = run(dir.path(), &["compare", "honest.capsule", "less.capsule", "--proofs", "none"]);
    assert!(code != 1 && !dir.path().join("none").exists(), "{code} {said}");
}
