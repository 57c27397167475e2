//! Verifying needs no network: killed at its first call for a socket, the program gives the same answers.

use std::path::Path;
use std::process::{Command, Output};

use lodemark::capsule;
use lodemark::log::checkpoint::LogId;
use lodemark::log::known::KnownNodes;
use lodemark::log::proof::LogProof;
use lodemark::log::vkey::{KeyUse, VerifierKey};
use lodemark::sign::PublicKey;

use crate::told::Told;

/// What the launcher ends with where the machine has no such filter.
const NO_FILTER: i32 = 77;

/// Runs a program under the launcher that denies sockets; nothing without `python3`.
fn without_sockets(program: &str, arguments: &[&str], dir: &Path) -> Option<Output> {
    let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/capsules/no_sockets.py");
    let mut command = Command::new("python3");
    command.current_dir(dir).env_remove("LODEMARK_LEDGER").arg(launcher).arg(program).args(arguments);
    command.output().ok()
}

/// Returns the full path of `python3`, or nothing where sockets cannot be denied on this machine.
fn python_under_filter(dir: &Path) -> Option<String> {
    let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let python = String::from_utf8(found.stdout).ok()?.trim().to_owned();
    let ran = without_sockets(&python, &["-c", "print('runs')"], dir)?;
    (ran.status.code() != Some(NO_FILTER)).then(|| {
        assert_eq!(String::from_utf8_lossy(&ran.stdout), "runs\n", "what needs no socket runs");
        python
    })
}

#[test]
fn with_every_socket_call_deadly_the_answers_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let Some(python) = python_under_filter(dir.path()) else {
        eprintln!(
            "SKIPPED: sockets cannot be denied here (Linux and `python3` are needed); NOTHING WAS SHOWN"
        );
        return;
    };
    // The control: whatever asks for a socket dies, and so does what it starts.
    let asks = "import socket; socket.socket(); print('got one')";
    let starts = format!("import subprocess; print(subprocess.run([{python:?}, '-c', {asks:?}]).returncode)");
    let direct = without_sockets(&python, &["-c", asks], dir.path()).unwrap();
    assert!(!direct.status.success() && direct.stdout.is_empty(), "{direct:?}");
    assert_eq!(without_sockets(&python, &["-c", &starts], dir.path()).unwrap().stdout, b"-31\n");

    let told = Told::new("logs", "every chain has its witness", "ORE");
    std::fs::write(dir.path().join("it.capsule"), capsule::write(&told.capsule)).unwrap();
    std::fs::write(dir.path().join("trust.toml"), &told.trust_file).unwrap();
    let (proof, record, key) = proof(&told);
    std::fs::write(dir.path().join("it.tlog-proof"), proof).unwrap();
    let init = |ledger: &str| {
        let ran = Command::new(env!("CARGO_BIN_EXE_lodemark"))
            .current_dir(dir.path())
            .args(["--ledger", ledger, "--now", NOW, "init", "--reader"])
            .output()
            .unwrap();
        assert!(ran.status.success(), "{ran:?}");
    };
    let questions: [&[&str]; 6] = [
        &["verify", "it.capsule", "--trust", "trust.toml"],
        &["--format", "json", "verify", "it.capsule", "--trust", "trust.toml", "--require-witness", "1"],
        &["capsule", "verify", "it.capsule", "--as-of", "2027-02-15"],
        &["capsule", "show", "it.capsule"],
        &["log", "check", "it.tlog-proof", "--record", &record, "--log-key", &key],
        &["capsule", "import", "it.capsule"],
    ];
    let program = env!("CARGO_BIN_EXE_lodemark");
    init("one");
    init("other");
    for question in questions {
        let with = |ledger| [&["--ledger", ledger, "--now", NOW], question].concat();
        let free = Command::new(program)
            .current_dir(dir.path())
            .env_remove("LODEMARK_LEDGER")
            .args(with("one"))
            .output()
            .unwrap();
        let denied = without_sockets(program, &with("other"), dir.path()).unwrap();
        assert!(free.status.code().is_some_and(|code| code == 0 || code == 3), "{question:?} {free:?}");
        assert!(!free.stdout.is_empty(), "{question:?}");
        assert_eq!(free, denied, "{question:?}");
    }
}

const NOW: &str = "2026-08-01T08:00:00Z";

/// A proof that the mine's first record stands in its log, the id of that record, and the key of the log.
fn proof(told: &Told) -> (String, String, String) {
    let party = told.world.party("mine").unwrap();
    let logs = capsule::evidence(&told.capsule, "it").logs;
    let log = logs.into_iter().find(|log| log.part.checkpoint.party == party).unwrap();
    let known = KnownNodes::of_part(&log.part, &log.records).unwrap();
    let path = known.path(0, log.part.checkpoint.size).unwrap();
    let proof = LogProof::new(0, path, log.part.note().unwrap(), Vec::new()).unwrap();
    let key = PublicKey::from_slice(&log.part.checkpoint.key).unwrap();
    let origin = LogId { party, epoch: 0 }.to_string();
    let key = VerifierKey::new(&origin, KeyUse::Note, key).unwrap();
    (proof.to_string(), log.records[0].1.to_hex(), key.to_string())
}
