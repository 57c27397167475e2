//! A capsule of 100 events from six parties, each with a log of 10 000 records: its size, and from a cold process to a verdict.
//!
//! Run with `cargo bench --bench capsule`. The time is that of the program as it is started from a shell, beside the same program
//! doing nothing and the bare check of the signatures in the file; each is the median of [`RUNS`] runs, taken turn by turn.
//! docs/performance.md keeps what was measured.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lodemark::capsule::{self, Audience, Capsule, Entry};
use lodemark::hash::{Hash, PartyId};
use lodemark::ledger::{Init, Ledger, MakeCapsule};
use lodemark::log::seen;
use lodemark::model::event::{At, Body, Dispatch, Event, Extract, Receive, Receiver, Repack};
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
use lodemark::record::{SealedRecord, SignedHeader};
use lodemark::sign::{Batch, PublicKey, SeededEntropy, Signature, record_message};

const RUNS: usize = 21;
const PARTIES: usize = 6;
/// Records of each party's log, beside those few by which it opens its chain.
const LOG: usize = 10_000;
/// Events behind the lot, of all parties.
const EVENTS: usize = 100;

struct Desk {
    dir: tempfile::TempDir,
    ledger: Ledger,
    entropy: SeededEntropy,
    at: At,
    now: u64,
    /// Events of its own behind the lot, and records about other lots that stand between two of them.
    between: usize,
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

fn whole(lot: LotRef) -> MaybeList<Input> {
    MaybeList::Shown(vec![Input { lot, from: kg(0), mass: kg(100), empties: false }])
}

impl Desk {
    fn open(seed: usize, events: usize) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut entropy = SeededEntropy::new(format!("capsule bench {seed}").as_bytes());
        let establish = Establish {
            recovery_commitment: Hash::ZERO,
            name: Maybe::Shown(format!("Party {seed} of the chain")),
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
            name: Maybe::Shown(format!("Works {seed}")),
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
        let period = Maybe::Shown("2026-11-03".parse().expect("a day"));
        let at = At { facility: Maybe::Shown(place), period, host: None };
        Self { dir, ledger, entropy, at, now, between: LOG / (events + 1) - 1 }
    }

    fn party(&self) -> PartyId {
        self.ledger.party().expect("it has a chain")
    }

    /// Records what is about other lots, then one event; returns its first lot.
    fn record(&mut self, body: Body) -> LotRef {
        self.others();
        self.now += 60_000;
        let time = Timestamp::from_ms(self.now).expect("a time in range");
        let appended = self.ledger.append(vec![Event::new(body)], &commercial, time, &mut self.entropy);
        LotRef { record: appended.expect("an admissible event").records[0], index: 0 }
    }

    fn others(&mut self) {
        self.now += 60_000;
        let time = Timestamp::from_ms(self.now).expect("a time in range");
        let (at, now) = (self.at.clone(), self.now);
        let mut batch = self.ledger.begin(time).expect("an own chain");
        for n in 0..self.between {
            let event = Event::new(extract(&at, format!("O-{now}-{n}")));
            batch.add(event, &commercial, &mut self.entropy).expect("an admissible event");
        }
        batch.commit().expect("room on the disk");
    }

    /// Repacks a lot again and again; returns what came out last.
    fn work(&mut self, mut on: LotRef, times: usize) -> LotRef {
        for n in 0..times {
            let body = Body::Repack(Repack {
                at: self.at.clone(),
                mixing: Mixing::Discrete,
                inputs: whole(on),
                outputs: vec![lot(format!("W-{n}"), kg(100))],
                losses: MaybeList::Shown(Vec::new()),
            });
            on = self.record(body);
        }
        on
    }

    fn capsule(&mut self, audience: Audience, lot: LotRef) -> Vec<u8> {
        let (cuts, withhold, documents, packs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let make = MakeCapsule { audience, lots: vec![lot], cuts, withhold, documents, packs };
        self.ledger.make_capsule(&make).expect("a capsule").bytes
    }
}

fn extract(at: &At, label: String) -> Body {
    Body::Extract(Extract {
        at: at.clone(),
        steps: vec!["P10 mine".parse().expect("a step")],
        deposit: Maybe::Shown(None),
        licence: Maybe::Shown(None),
        outputs: vec![lot(label, kg(100))],
    })
}

/// Plays the chain; returns the last party and the lot that it holds.
fn chain() -> (Desk, LotRef) {
    // Each takes in, sends on and works in between: the last does not send, and works as often as is left.
    let each = EVENTS / PARTIES;
    let mut desk = Desk::open(0, each);
    let body = extract(&desk.at, "ORE".to_owned());
    let mut held = desk.record(body);
    held = desk.work(held, each - 2);
    for seed in 1..PARTIES {
        let events = if seed + 1 < PARTIES { each } else { EVENTS - each * (PARTIES - 1) };
        let mut next = Desk::open(seed, events);
        let body = Body::Dispatch(Dispatch {
            at: desk.at.clone(),
            receiver: Maybe::Shown(Receiver::Party(next.party())),
            inputs: whole(held),
            outputs: vec![lot(format!("SENT-{seed}"), kg(100))],
            carrier: Maybe::Shown(None),
            due: Some("2026-11-10".parse().expect("a day")),
            stops: Maybe::Shown(Vec::new()),
            claim: None,
        });
        let sent = desk.record(body);
        desk.others();
        let file = desk.capsule(Audience::Customer, sent);
        next.ledger.import(&file, "the capsule before").expect("a sound capsule");
        let outputs = vec![lot(format!("RECEIVED-{seed}"), kg(100))];
        held = next.record(Body::Receive(Receive { at: next.at.clone(), inputs: whole(sent), outputs }));
        let last = usize::from(seed + 1 == PARTIES);
        held = next.work(held, events - 2 + last);
        desk = next;
    }
    desk.others();
    (desk, held)
}

/// Every signature in a capsule, ready to be checked: keys, messages, and what is claimed.
fn claims(capsule: &Capsule) -> Vec<(PublicKey, Vec<u8>, Signature)> {
    let mut claims = Vec::new();
    for chain in &capsule.chains {
        let first = SealedRecord::parse(chain.entries[0].bytes()).expect("a record");
        let key = first.first_key().expect("a sound key entry").expect("it opens the chain");
        for entry in &chain.entries {
            let header = SignedHeader::parse(entry.bytes()).expect("a header");
            let signature = Signature::from_slice(&entry.bytes()[208..272]).expect("64 bytes");
            claims.push((key.clone(), record_message(&header.id()).to_vec(), signature));
        }
        if let Some(log) = &chain.log {
            let text = seen::note(&log.checkpoint).expect("a checkpoint").text().as_bytes().to_vec();
            let signature = Signature::from_slice(&log.checkpoint.signature).expect("64 bytes");
            claims.push((key.clone(), text, signature));
        }
    }
    claims
}

fn bare(claims: &[(PublicKey, Vec<u8>, Signature)]) {
    let mut batch = Batch::with_capacity(claims.len());
    for (key, message, signature) in claims {
        batch.push(key, message, *signature);
    }
    assert!(batch.verify().iter().all(Result::is_ok));
}

/// Runs the program once and returns how long that took, from spawning it to its end.
fn run(dir: &Path, arguments: &[&str]) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodemark"));
    command.current_dir(dir).env_remove("LODEMARK_LEDGER").args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the program starts");
    let took = start.elapsed();
    assert!(matches!(status.code(), Some(0 | 3)), "{arguments:?} ended with {status}");
    took
}

/// Processor time that ended children of this process took, in ms: what a busy machine does not change. Linux counts it in
/// hundredths of a second, so that it says something only of many runs.
fn of_children() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which ends with the last bracket: fields 3 on; user and system time of children are 16 and 17.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) * 10.0)
}

/// Runs the program again and again; returns its processor time, in ms a run.
fn processor(dir: &Path, arguments: &[&str]) -> Option<f64> {
    const TIMES: u32 = 100;
    let before = of_children()?;
    for _ in 0..TIMES {
        run(dir, arguments);
    }
    Some((of_children()? - before) / f64::from(TIMES))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn size(name: &str, bytes: &[u8]) -> Capsule {
    let capsule = capsule::read(bytes).expect("just written");
    let entries = || capsule.chains.iter().flat_map(|chain| &chain.entries);
    let records = entries().filter(|entry| matches!(entry, Entry::Record { .. })).count();
    let headers = entries().count() - records;
    let logs = capsule.chains.iter().filter_map(|chain| chain.log.as_ref());
    let nodes: usize = logs.map(|log| log.nodes.len()).sum();
    println!(
        "{name}: {} bytes for {records} records and {headers} headers of {} parties, {} bytes a record, {nodes} nodes of proofs",
        bytes.len(),
        capsule.chains.len(),
        bytes.len() / records
    );
    capsule
}

fn main() {
    let (mut desk, held) = chain();
    let bytes = desk.capsule(Audience::Customer, held);
    let capsule = size("capsule for a customer (goal: below 150 kB)", &bytes);
    assert!(
        capsule.chains.iter().all(|chain| chain.log.as_ref().is_some_and(|log| log.checkpoint.size > 9_800))
    );
    size("the same for compliance", &desk.capsule(Audience::Compliance, held));

    let dir = &desk.dir.path().to_owned();
    std::fs::write(dir.join("it.capsule"), &bytes).expect("room on the disk");
    let claims = claims(&capsule);
    let (mut verify, mut nothing, mut show, mut check, mut inside) = (vec![], vec![], vec![], vec![], vec![]);
    let now = ["--now", "2026-11-20T08:00:00Z"];
    for _ in 0..RUNS {
        verify.push(run(dir, &[&now[..], &["verify", "it.capsule"]].concat()));
        nothing.push(run(dir, &["--version"]));
        show.push(run(dir, &["capsule", "show", "it.capsule"]));
        let start = Instant::now();
        bare(&claims);
        check.push(start.elapsed());
        let start = Instant::now();
        let read = capsule::read(&bytes).expect("just written");
        black_box(lodemark::verify::examine(capsule::evidence(&read, "it")));
        inside.push(start.elapsed());
    }
    let asked = [&now[..], &["verify", "it.capsule"]].concat();
    let (busy, idle) = (processor(dir, &asked), processor(dir, &["--version"]));
    let (verify, nothing, check) = (median(verify), median(nothing), median(check));
    println!(
        "cold process to verdict: {verify:.2} ms (goal: below 15), {:.2} x a process that does nothing ({nothing:.2} ms) with the bare \
         batch check of its {} signatures ({check:.2} ms)",
        verify / (nothing + check),
        claims.len()
    );
    println!(
        "  of which reading, hashing, signatures, chains, logs and the graph of lots: {:.2} ms; `capsule show`: {:.2} ms",
        median(inside),
        median(show)
    );
    if let (Some(busy), Some(idle)) = (busy, idle) {
        println!("  processor time: {busy:.1} ms, of which starting {idle:.1} ms");
    }
}
