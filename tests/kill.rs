//! The store under SIGKILL, a full disk and a second process.
//!
//! The test program starts itself again as a child that appends and says so, and kills it at random moments.

#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lodemark::store::{Store, StoreError};

const DIR: &str = "LODEMARK_TEST_STORE";
const SIZE: &str = "LODEMARK_TEST_BATCH";

/// The child: not a test of its own.
#[test]
fn child() {
    let (Ok(dir), Ok(size)) = (std::env::var(DIR), std::env::var(SIZE)) else { return };
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "\n{line}");
        let _ = out.flush();
    };
    let size: u64 = size.parse().unwrap();
    let mut store = match Store::open(Path::new(&dir)) {
        Ok(store) => store,
        Err(error) => return say(format!("refused {error:?}")),
    };
    say("ready".to_owned());
    loop {
        let batch = common::batch(store.count(), size);
        match store.append(&batch) {
            Ok(numbers) => say(format!("acknowledged {}", numbers.end)),
            Err(error) => {
                say(format!("refused {error:?}"));
                let again = store.append(&common::batch(store.count(), 1));
                assert!(matches!(again, Err(StoreError::WriteFailedBefore)), "{again:?}");
                return;
            }
        }
    }
}

fn arguments(command: &mut Command, dir: &Path, size: u64) -> Child {
    command
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(SIZE, size.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn start_child(dir: &Path, size: u64) -> Child {
    arguments(&mut Command::new(std::env::current_exe().unwrap()), dir, size)
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Starts a child in `dir` and waits until its store is open; returns it with the lines it says from then on.
fn start_ready(dir: &Path, size: u64) -> (Child, impl Iterator<Item = String>) {
    let mut child = start_child(dir, size);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let ready = lines.by_ref().find(|l| l == "ready" || l.starts_with("refused"));
    assert_eq!(ready.as_deref(), Some("ready"));
    (child, lines)
}

/// Returns how long this machine takes, now, to append a batch of `size`.
fn time_of_a_batch(size: u64) -> Duration {
    let top = tempfile::tempdir().unwrap();
    let dir = top.path().join("store");
    drop(Store::create(&dir).unwrap());
    let (mut child, mut lines) = start_ready(&dir, size);
    let begun = Instant::now();
    assert!(lines.any(|line| line.starts_with("acknowledged")));
    let taken = begun.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    taken
}

/// Kills a child `rounds` times, spread over the time that this machine takes to append `batches` of `size`.
///
/// Each round has its own part of that time, so that kills fall early and late however fast the machine is.
/// Returns how many kills fell behind an acknowledgement and how many before the first.
fn kill_repeatedly(size: u64, rounds: u64, batches: u32) -> (u64, u64) {
    let top = tempfile::tempdir().unwrap();
    let mut generation = 0;
    let mut dir = top.path().join("store0");
    drop(Store::create(&dir).unwrap());
    let within = u64::try_from((time_of_a_batch(size) * batches).as_micros()).unwrap();
    let mut dice = Dice(size);
    let (mut behind, mut before) = (0, 0);
    for round in 0..rounds {
        let (mut child, lines) = start_ready(&dir, size);
        // 7 and the number of rounds share no factor: each part is met once, not in order.
        let part = round * 7 % rounds;
        let wait = (part * 1000 + dice.roll(1000)) * within / (rounds * 1000);
        std::thread::sleep(Duration::from_micros(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged =
            lines.filter_map(|l| l.strip_prefix("acknowledged ").map(|n| n.parse::<u64>().unwrap())).last();
        if acknowledged.is_some() {
            behind += 1
        } else {
            before += 1
        }

        let mut store = Store::open(&dir).unwrap();
        assert!(
            store.count() >= acknowledged.unwrap_or(0),
            "round {round}: acknowledged records are missing"
        );
        common::assert_whole(&store);
        let count = store.count();
        store.append(&common::batch(count, 1)).unwrap();
        assert_eq!(store.get(count).unwrap().bytes, common::record(count, count, 1).bytes);
        // Start afresh now and then, so that the checks stay quick and young stores are killed too.
        if count > 60_000 || round % 10 == 9 {
            drop(store);
            std::fs::remove_dir_all(&dir).unwrap();
            generation += 1;
            dir = top.path().join(format!("store{generation}"));
            drop(Store::create(&dir).unwrap());
        }
    }
    (behind, before)
}

#[test]
fn kills_between_single_appends_lose_nothing() {
    let (behind, _) = kill_repeatedly(1, 16, 200);
    assert!(behind > 0);
}

#[test]
fn kills_between_batches_of_100_lose_nothing_and_leave_no_half() {
    let (behind, _) = kill_repeatedly(100, 15, 60);
    assert!(behind > 0);
}

#[test]
fn kills_inside_batches_of_10_000_leave_no_half() {
    let (_, before) = kill_repeatedly(10_000, 12, 3);
    assert!(before > 0);
}

#[test]
#[ignore = "several hundred kills take some minutes"]
fn several_hundred_kills_lose_nothing_and_leave_no_half() {
    kill_repeatedly(1, 200, 200);
    kill_repeatedly(100, 200, 60);
    kill_repeatedly(10_000, 100, 3);
}

#[test]
fn another_process_is_told_that_the_store_is_in_use() {
    let top = tempfile::tempdir().unwrap();
    let dir = top.path().join("store");
    let mut store = Store::create(&dir).unwrap();
    let output = start_child(&dir, 1).wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("refused InUse"), "{text}");
    store.append(&common::batch(0, 1)).unwrap();
    common::assert_whole(&store);
}

#[test]
fn a_full_disk_is_an_error_and_keeps_what_was_acknowledged() {
    let top = tempfile::tempdir().unwrap();
    let dir = top.path().join("store");
    drop(Store::create(&dir).unwrap());
    // A limit on the size of files stands in for the disk: writing fails in the same place.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let output = arguments(&mut shell, &dir, 100).wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("refused Full"), "{text}");
    let acknowledged: u64 =
        text.lines().filter_map(|l| l.strip_prefix("acknowledged ")).next_back().unwrap().parse().unwrap();
    assert!(output.status.success(), "the child could write after a failed write");

    let mut store = Store::open(&dir).unwrap();
    assert!(store.count() >= acknowledged);
    common::assert_whole(&store);
    store.append(&common::batch(store.count(), 100)).unwrap();
    common::assert_whole(&store);
}
