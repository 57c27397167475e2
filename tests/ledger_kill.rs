//! A whole ledger under SIGKILL: what was acknowledged is there, verifies, and the chain goes on.
//!
//! The test program starts itself again as a child that records events and says so, and kills it at random
//! moments. `kill.rs` does the same to the bare store, more often.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use lodemark::hash::{Hash, RecordId};
use lodemark::ledger::{Init, Ledger};
use lodemark::model::event::{At, Body, Event, Extract};
use lodemark::model::facility::{Capability, DeclareFacility, Operator};
use lodemark::model::lot::{Lot, Quantity};
use lodemark::model::maybe::Maybe;
use lodemark::model::party::Establish;
use lodemark::model::profile::Profile;
use lodemark::model::stage::Step;
use lodemark::model::time::Timestamp;
use lodemark::sign::SeededEntropy;

const DIR: &str = "LODEMARK_TEST_LEDGER";
const SIZE: &str = "LODEMARK_TEST_BATCH";

fn time() -> Timestamp {
    Timestamp::from_ms(1_793_664_000_000).unwrap()
}

fn commercial(path: &str) -> bool {
    Profile::Commercial.is_private(path)
}

fn mine() -> Step {
    "P10 mine".parse().unwrap()
}

/// Makes a ledger whose first two records open the chain and declare `the pit`.
fn make(dir: &Path) {
    let mut entropy = SeededEntropy::new(b"kill");
    let establish = Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown("mine".into()),
        country: "AU".parse().unwrap(),
        roles: Vec::new(),
        identifiers: Maybe::Shown(Vec::new()),
        address: Maybe::Shown(None),
    };
    let init = Init { profile: Profile::Commercial, establish, now: time(), key: None, mark: None };
    let mut ledger = Ledger::init(dir, init, &mut entropy).unwrap();
    let facility = Body::DeclareFacility(DeclareFacility {
        operator: Operator::Author,
        name: Maybe::Shown("the pit".into()),
        place: "AU".parse().unwrap(),
        coordinates: None,
        address: Maybe::Shown(None),
        stages: vec![Capability { stage: mine().stage, capacity_per_year: None }],
        choke_point: false,
        identifiers: Maybe::Shown(Vec::new()),
        opened: None,
        closed: None,
        circuits: Vec::new(),
        succeeds: None,
    });
    ledger.append(vec![Event::new(facility)], &commercial, time(), &mut entropy).unwrap();
}

fn extraction(place: RecordId, label: String) -> Event {
    Event::new(Body::Extract(Extract {
        at: At {
            facility: Maybe::Shown(place),
            period: Maybe::Shown("2026-11-03".parse().unwrap()),
            host: None,
        },
        steps: vec![mine()],
        deposit: Maybe::Shown(None),
        licence: Maybe::Shown(None),
        outputs: vec![Lot {
            label: Some(Maybe::Shown(label)),
            ..Lot::new("ore".parse().unwrap(), Quantity::of("1 t".parse().unwrap()))
        }],
    }))
}

/// Records a batch of `size` extractions.
fn record(ledger: &mut Ledger, size: u64) {
    let first = ledger.count();
    let place = ledger.find_facility("the pit").unwrap();
    let events = (first..first + size).map(|n| extraction(place, format!("O-{n}"))).collect();
    let mut entropy = SeededEntropy::new(&first.to_be_bytes());
    ledger.append(events, &commercial, time(), &mut entropy).unwrap();
}

/// The child: not a test of its own.
#[test]
fn child() {
    let (Ok(dir), Ok(size)) = (std::env::var(DIR), std::env::var(SIZE)) else { return };
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "\n{line}");
        let _ = out.flush();
    };
    let mut ledger = Ledger::open(Path::new(&dir)).unwrap();
    say("ready".to_owned());
    loop {
        record(&mut ledger, size.parse().unwrap());
        say(format!("acknowledged {}", ledger.count()));
    }
}

/// Kills a child `rounds` times, each time somewhere in its first `within` ms of recording batches of `size`.
fn kill_repeatedly(size: u64, rounds: u64, within: u64) {
    let top = tempfile::tempdir().unwrap();
    let dir = top.path().join("ledger");
    make(&dir);
    // Numbers that look random and are the same in each run.
    let mut dice = size;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(DIR, &dir)
            .env(SIZE, size.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.by_ref().any(|line| line == "ready"), "round {round}");
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((dice >> 33) % (within * 1000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged =
            lines.filter_map(|l| l.strip_prefix("acknowledged ").map(|n| n.parse::<u64>().unwrap())).last();

        let mut ledger = Ledger::open(&dir).unwrap();
        let count = ledger.count();
        assert!(count >= acknowledged.unwrap_or(0), "round {round}: acknowledged records are missing");
        // Two records of the start, one more after each earlier round, and whole batches.
        assert_eq!((count - 2 - round) % size, 0, "round {round}: half a batch is there");
        let report = ledger.fsck(false).unwrap();
        assert!(report.is_clean() && report.findings.is_empty(), "round {round}: {:?}", report.faults);
        record(&mut ledger, 1);
        assert!(ledger.find_lot(&format!("O-{count}")).is_ok(), "round {round}");
    }
}

#[test]
fn kills_between_single_records_lose_nothing_acknowledged() {
    kill_repeatedly(1, 6, 150);
}

#[test]
fn kills_inside_batches_leave_no_half() {
    kill_repeatedly(100, 5, 300);
    kill_repeatedly(2_000, 3, 1500);
}

#[test]
#[ignore = "takes some minutes"]
fn a_hundred_kills_lose_nothing_and_leave_no_half() {
    kill_repeatedly(1, 50, 150);
    kill_repeatedly(100, 40, 300);
    kill_repeatedly(10_000, 20, 3000);
}
