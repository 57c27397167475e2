//! Ratios of a whole ledger: one durable append, bulk append, and the integrity audit of 100 000 records.
//!
//! Run with `cargo bench --bench ledger`, or one of them by its name after `--`. Figures mean little alone: each ratio compares work done in the same run
//! on the same machine, and is the median of [`RUNS`] runs. docs/performance.md keeps what was measured.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use lodemark::hash::{Hash, RecordId, sha256};
use lodemark::ledger::{Init, Ledger, export_file};
use lodemark::model::event::{At, Body, Event, Extract, Repack};
use lodemark::model::evidence::Mixing;
use lodemark::model::facility::{Capability, DeclareFacility, Operator};
use lodemark::model::lot::{Input, Lot, Quantity};
use lodemark::model::lotref::LotRef;
use lodemark::model::mass::Mass;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::model::party::Establish;
use lodemark::model::profile::Profile;
use lodemark::model::stage::Step;
use lodemark::model::time::Timestamp;
use lodemark::record::SealedRecord;
use lodemark::sign::{Batch, PublicKey, SecretKey, SeededEntropy, Signature};
use lodemark::verify::{self, Piece};

const RUNS: usize = 5;
/// Events of one bulk batch.
const BULK: usize = 10_000;
/// Records of the audit.
const AUDIT: usize = 100_000;

struct Desk {
    dir: tempfile::TempDir,
    ledger: Ledger,
    entropy: SeededEntropy,
    at: At,
    now: u64,
}

fn kg(kg: u64) -> Mass {
    Mass::from_mg(kg * 1_000_000)
}

fn lot(label: String, mass: Mass) -> Lot {
    Lot {
        label: Some(Maybe::Shown(label)),
        ..Lot::new("ore".parse().expect("a material"), Quantity::of(mass))
    }
}

fn commercial(path: &str) -> bool {
    Profile::Commercial.is_private(path)
}

fn open(seed: u64) -> Desk {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut entropy = SeededEntropy::new(&seed.to_be_bytes());
    let establish = Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown(format!("mine {seed}")),
        country: "AU".parse().expect("a country"),
        roles: Vec::new(),
        identifiers: Maybe::Shown(Vec::new()),
        address: Maybe::Shown(None),
    };
    let now = 1_793_664_000_000;
    let time = Timestamp::from_ms(now).expect("a time in range");
    let init = Init { profile: Profile::Commercial, establish, now: time, key: None, mark: None };
    let mut ledger = Ledger::init(&dir.path().join("ledger"), init, &mut entropy).expect("a new ledger");
    let step: Step = "P10 mine".parse().expect("a step");
    let facility = Body::DeclareFacility(DeclareFacility {
        operator: Operator::Author,
        name: Maybe::Shown("the pit".into()),
        place: "AU".parse().expect("a place"),
        coordinates: None,
        address: Maybe::Shown(None),
        stages: vec![Capability { stage: step.stage, capacity_per_year: None }],
        choke_point: false,
        identifiers: Maybe::Shown(Vec::new()),
        opened: None,
        closed: None,
        circuits: Vec::new(),
        succeeds: None,
    });
    let appended = ledger.append(vec![Event::new(facility)], &commercial, time, &mut entropy);
    let place = appended.expect("a facility").records[0];
    let at = At {
        facility: Maybe::Shown(place),
        period: Maybe::Shown("2026-11-03".parse().expect("a day")),
        host: None,
    };
    Desk { dir, ledger, entropy, at, now }
}

impl Desk {
    /// Appends `count` events in one batch: an extraction, then splits of what the event before made.
    fn bulk(&mut self, count: usize) {
        self.now += 3_600_000;
        let time = Timestamp::from_ms(self.now).expect("a time in range");
        let (at, now) = (self.at.clone(), self.now);
        let mut batch = self.ledger.begin(time).expect("an own chain");
        let mut made: Option<LotRef> = None;
        for n in 0..count {
            let event = match made {
                Some(lot_made) if n % 100 != 0 => {
                    split(&at, lot_made, format!("B-{now}-{n}"), 100 - n as u64 % 100)
                }
                _ => extraction(&at, format!("O-{now}-{n}")),
            };
            let id = batch.add(event, &commercial, &mut self.entropy).expect("an admissible event");
            made = Some(LotRef { record: id, index: 0 });
        }
        batch.commit().expect("room on the disk");
    }
}

fn extraction(at: &At, label: String) -> Event {
    Event::new(Body::Extract(Extract {
        at: at.clone(),
        steps: vec!["P10 mine".parse().expect("a step")],
        deposit: Maybe::Shown(None),
        licence: Maybe::Shown(None),
        outputs: vec![lot(label, kg(100))],
    }))
}

fn split(at: &At, from: LotRef, label: String, mass: u64) -> Event {
    Event::new(Body::Repack(Repack {
        at: at.clone(),
        mixing: Mixing::Discrete,
        inputs: MaybeList::Shown(vec![Input { lot: from, from: kg(0), mass: kg(mass), empties: false }]),
        outputs: vec![lot(label, kg(mass))],
        losses: MaybeList::Shown(Vec::new()),
    }))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}

/// One event at a time, admitted, signed and durable, beside a bare write and sync of the same bytes.
fn durable(held: usize) {
    const APPENDS: usize = 60;
    let mut desk = open(1);
    for _ in 0..held.div_ceil(BULK) {
        desk.bulk(held.min(BULK));
    }
    let mut bare = File::create(desk.dir.path().join("bare")).expect("room on the disk");
    let (mut appends, mut writes) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let (mut append, mut write) = (Vec::new(), Vec::new());
        // Turn by turn, so that a busy disk slows both.
        for n in 0..APPENDS {
            desk.now += 60_000;
            let time = Timestamp::from_ms(desk.now).expect("a time in range");
            let event = extraction(&desk.at, format!("S-{run}-{n}"));
            let start = Instant::now();
            let appended = desk.ledger.append(vec![event], &commercial, time, &mut desk.entropy);
            append.push(start.elapsed());
            let id = appended.expect("an admissible event").records[0];
            let bytes = desk.ledger.pieces_from(desk.ledger.count() - 1).next();
            let bytes = bytes.expect("just stored").expect("undamaged").bytes;
            black_box(id);
            let start = Instant::now();
            bare.write_all(&bytes).and_then(|()| bare.sync_data()).expect("room on the disk");
            write.push(start.elapsed());
        }
        appends.push(median(append));
        writes.push(median(write));
    }
    let (append, write) = (median(appends), median(writes));
    println!(
        "one durable append to {held:>6} records: {:8.1} us, bare write + fdatasync {:8.1} us, ratio {:.2}",
        micros(append),
        micros(write),
        ratio(append, write)
    );
}

/// Batches of 10 000 admitted, signed, indexed and durable, beside bare signing of as many ids.
fn bulk() {
    let key = SecretKey::generate(&mut SeededEntropy::new(b"bench"));
    let (mut appends, mut signs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let mut desk = open(run as u64 + 10);
        let start = Instant::now();
        for _ in 0..3 {
            desk.bulk(BULK);
        }
        appends.push(start.elapsed() / 3);
        let start = Instant::now();
        for n in 0..BULK as u64 {
            let id = RecordId(sha256(&[&n.to_be_bytes()]));
            black_box(key.sign(&lodemark::sign::record_message(&id)));
        }
        signs.push(start.elapsed());
    }
    let (append, sign) = (median(appends), median(signs));
    println!(
        "bulk append of {BULK} a batch: {:.2} us a record, bare signing on one core {:.2} us, ratio {:.2}",
        micros(append) / BULK as f64,
        micros(sign) / BULK as f64,
        ratio(append, sign)
    );
}

/// Reading and verifying everything, beside the bare check of the same signatures in batches of 8 192.
fn audit() {
    let parties = 4;
    let mut pieces: Vec<Piece> = Vec::new();
    for seed in 0..parties {
        let mut desk = open(100 + seed);
        for _ in 0..AUDIT / parties as usize / BULK {
            desk.bulk(BULK);
        }
        let more = AUDIT / parties as usize % BULK;
        if more > 0 {
            desk.bulk(more);
        }
        pieces.extend(desk.ledger.pieces_from(0).map(|piece| piece.expect("undamaged")));
    }
    let sealed: Vec<SealedRecord> =
        pieces.iter().map(|piece| SealedRecord::parse(&piece.bytes).expect("a record")).collect();
    let mut keys: Vec<(lodemark::hash::PartyId, PublicKey)> = Vec::new();
    for record in &sealed {
        if let Some(key) = record.first_key().expect("a sound key entry") {
            keys.push((record.party(), key));
        }
    }
    let key_of =
        |record: &SealedRecord| &keys.iter().find(|(party, _)| *party == record.party()).expect("held").1;
    let claims: Vec<(&PublicKey, [u8; 47], Signature)> =
        sealed.iter().map(|record| (key_of(record), record.message(), record.signature())).collect();
    let (mut opens, mut audits, mut checks, mut parses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let copy = pieces.clone();
        let start = Instant::now();
        let opened = verify::open_all(copy.into());
        opens.push(start.elapsed());
        assert_eq!(opened.records.len(), pieces.len());
        drop(opened);
        let copy = pieces.clone();
        let start = Instant::now();
        let examined = verify::examine(copy.into());
        audits.push(start.elapsed());
        assert!(examined.findings.is_empty() && examined.refused.is_empty());
        drop(examined);
        let start = Instant::now();
        check_on_all_cores(&claims);
        checks.push(start.elapsed());
        let start = Instant::now();
        for piece in &pieces {
            black_box(SealedRecord::parse(&piece.bytes).expect("a record"));
        }
        parses.push(start.elapsed());
    }
    let (open, audit) = (median(opens), median(audits));
    let (check, parse) = (median(checks), median(parses));
    let count = pieces.len();
    println!(
        "integrity audit of {count} records of {parties} parties: {:.2} us a record, bare batch check {:.2} us, ratio \
         {:.2}; with the graph of lots {:.2} us, ratio {:.2}; parsing and hashing on one core {:.2} us",
        micros(open) / count as f64,
        micros(check) / count as f64,
        ratio(open, check),
        micros(audit) / count as f64,
        ratio(audit, check),
        micros(parse) / count as f64
    );
}

/// The yardstick: the same batches on as many threads as there are cores.
fn check_on_all_cores(claims: &[(&PublicKey, [u8; 47], Signature)]) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for share in claims.chunks(claims.len().div_ceil(cores)) {
            scope.spawn(move || {
                for range in share.chunks(8192) {
                    let mut batch = Batch::with_capacity(range.len());
                    for (key, message, signature) in range {
                        batch.push(key, message, *signature);
                    }
                    assert!(batch.verify().iter().all(Result::is_ok));
                }
            });
        }
    });
}

/// Handing over 100 000 records: writing the file, and taking it in.
fn handover() {
    let mut desk = open(7);
    for _ in 0..AUDIT / BULK {
        desk.bulk(BULK);
    }
    let count = desk.ledger.count();
    let start = Instant::now();
    let show = vec![lodemark::ledger::Pattern::everything()];
    let export = lodemark::ledger::Export { show, ..Default::default() };
    let file = desk.ledger.export(&export).expect("a sound ledger").bytes;
    let export = start.elapsed();
    let start = Instant::now();
    black_box(export_file::read(&file, "bench").expect("just written"));
    let read = start.elapsed();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut reader = Ledger::init_reader(&dir.path().join("reader")).expect("a new ledger");
    let start = Instant::now();
    reader.import(&file, "bench").expect("a sound file");
    let import = start.elapsed();
    let start = Instant::now();
    assert!(reader.fsck(false).expect("a sound store").is_clean());
    let fsck = start.elapsed();
    drop(reader);
    let start = Instant::now();
    let reader = Ledger::open(&dir.path().join("reader")).expect("a ledger");
    let opening = start.elapsed();
    drop(reader);
    println!(
        "{count} records: export {:.2} us a record, read the file {:.2} us, import {:.2} us, fsck {:.2} us, open \
         {:.1} ms, {} bytes a record in the file",
        micros(export) / count as f64,
        micros(read) / count as f64,
        micros(import) / count as f64,
        micros(fsck) / count as f64,
        micros(opening) / 1000.0,
        file.len() as u64 / count
    );
}

/// A bench and the word that asks for it alone.
type Named = (&'static str, fn());

/// Runs everything, or what is named: `cargo bench --bench ledger -- bulk`.
fn main() {
    let all: [Named; 5] = [
        ("durable-empty", || durable(0)),
        ("durable-full", || durable(100_000)),
        ("bulk", bulk),
        ("audit", audit),
        ("handover", handover),
    ];
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for (name, run) in all {
        if asked.is_empty() || asked.iter().any(|word| word == name) {
            run();
        }
    }
}
