//! Ratios of appending to the store: one durable append, and a bulk append with its indexes.
//!
//! Run with `cargo bench --bench append`. Figures mean little alone; the ratios compare work done on the same disk
//! in the same run. Each line is the median of [`RUNS`] runs.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use lodemark::hash::{PartyId, RecordId, sha256};
use lodemark::model::lotref::LotRef;
use lodemark::store::{Facts, NewRecord, PrivateValue, Store};

const RUNS: usize = 7;
/// Bytes of a record with a few private items: header, signature, body, directory.
const RECORD: usize = 640;

fn record(n: u64) -> NewRecord {
    let id = RecordId(sha256(&[&n.to_be_bytes()]));
    let facts = Facts {
        id,
        party: PartyId(sha256(&[&[(n % 16) as u8]])),
        epoch: 0,
        seq: n / 16,
        consumes: vec![LotRef { record: RecordId(sha256(&[&(n / 2).to_be_bytes()])), index: 0 }],
    };
    let bytes = id.0.0.iter().copied().cycle().take(RECORD).collect();
    let private = vec![PrivateValue { item: 0, salt: [1; 16], value: vec![1; 8] }];
    NewRecord { facts, bytes, private, dangling: false }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// One record at a time, beside a bare write and sync of the same bytes.
fn single(held: u64) {
    const APPENDS: u64 = 60;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut store = Store::create(&dir.path().join("store")).expect("an empty directory");
    let all: Vec<NewRecord> = (0..held).map(record).collect();
    for batch in all.chunks(10_000) {
        store.append(batch).expect("room on the disk");
    }
    let mut bare = File::create(dir.path().join("bare")).expect("room on the disk");
    let (mut appends, mut writes) = (Vec::new(), Vec::new());
    let mut n = held;
    for _ in 0..RUNS {
        let (mut append, mut write) = (Vec::new(), Vec::new());
        // Turn by turn, so that a busy disk slows both.
        for _ in 0..APPENDS {
            let one = [record(n)];
            n += 1;
            let start = Instant::now();
            store.append(&one).expect("room on the disk");
            append.push(start.elapsed());
            let start = Instant::now();
            bare.write_all(&one[0].bytes).and_then(|()| bare.sync_data()).expect("room on the disk");
            write.push(start.elapsed());
        }
        appends.push(median(append));
        writes.push(median(write));
    }
    let (append, write) = (median(appends), median(writes));
    println!(
        "one durable append to {held:>7} records: {:8.1} us, bare write + fdatasync {:8.1} us, ratio {:.2}",
        micros(append),
        micros(write),
        append.as_secs_f64() / write.as_secs_f64()
    );
}

/// Batches of 10 000, beside one bare write and sync of the same bytes per batch.
fn bulk(total: u64) {
    let all: Vec<NewRecord> = (0..total).map(record).collect();
    let (mut appends, mut writes, mut size) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut store = Store::create(&dir.path().join("store")).expect("an empty directory");
        let mut bare = File::create(dir.path().join("bare")).expect("room on the disk");
        let (mut append, mut write) = (Duration::ZERO, Duration::ZERO);
        for batch in all.chunks(10_000) {
            let start = Instant::now();
            store.append(batch).expect("room on the disk");
            append += start.elapsed();
            let bytes: Vec<u8> = batch.iter().flat_map(|r| r.bytes.iter().copied()).collect();
            let start = Instant::now();
            bare.write_all(&bytes).and_then(|()| bare.sync_data()).expect("room on the disk");
            write += start.elapsed();
        }
        appends.push(append);
        writes.push(write);
        size = std::fs::metadata(dir.path().join("store/data/db")).expect("it was just written").len();
    }
    let (append, write) = (median(appends), median(writes));
    println!(
        "bulk append of {total} records: {:.2} us a record, bare write + fdatasync {:.2} us, ratio {:.2}; \
         disk {:.2} x the bytes of the records",
        micros(append) / total as f64,
        micros(write) / total as f64,
        append.as_secs_f64() / write.as_secs_f64(),
        size as f64 / (total * RECORD as u64) as f64
    );
}

/// Reading everything in order of arrival, beside reading the same bytes from a bare file.
fn scan(total: u64) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("store");
    let mut store = Store::create(&path).expect("an empty directory");
    let all: Vec<NewRecord> = (0..total).map(record).collect();
    for batch in all.chunks(10_000) {
        store.append(batch).expect("room on the disk");
    }
    drop(store);
    let (mut opens, mut scans, mut finds) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let store = Store::open(&path).expect("a good store");
        opens.push(start.elapsed());
        let start = Instant::now();
        let bytes: usize = store.scan(0).map(|r| r.expect("undamaged").bytes.len()).sum();
        scans.push(start.elapsed());
        assert_eq!(bytes as u64, total * RECORD as u64);
        let start = Instant::now();
        for one in all.iter().step_by(10) {
            assert!(store.find(&one.facts.id).expect("undamaged").is_some());
        }
        finds.push(start.elapsed());
    }
    println!(
        "{total} records: open {:.1} ms, scan {:.2} us a record, find {:.2} us",
        micros(median(opens)) / 1000.0,
        micros(median(scans)) / total as f64,
        micros(median(finds)) / (total / 10) as f64
    );
}

fn main() {
    scan(100_000);
    single(0);
    single(100_000);
    bulk(100_000);
}
