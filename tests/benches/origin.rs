//! Time and memory of the balance and of the origin of one lot, on generated graphs of 10 000 to 1 000 000 lots.
//!
//! Run with `cargo bench --bench origin`; sizes and shapes may follow `--`, as in `-- 1000000 blends`. A million lots are
//! tried only where they are asked for. Counted is the processor time of one thread. Figures are those of one machine; docs/performance.md keeps what was measured.

// The oracles keep books in the same way.
#[allow(dead_code)]
#[path = "../oracles/book.rs"]
mod book;

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use lodemark::balance;
use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::custody::ancestry;
use lodemark::custody::graph::{self, Graph};
use lodemark::custody::touch::TouchPlace;
use lodemark::hash::RecordId;
use lodemark::model::day::Period;
use lodemark::model::element::Element;
use lodemark::model::event::{Body, Charge, ClosePeriod, Draw, Extract, Repack, Transform};
use lodemark::model::evidence::Mixing;
use lodemark::model::lot::{Input, Lot};
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::origin::traced::Traced;
use peak_alloc::PeakAlloc;

use book::{Book, CIRCUIT, out};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const KG: u64 = 1_000_000;
/// Inputs of the widest record there can be.
const WIDE: usize = 65_536;
/// Outputs of the widest record there can be.
const MANY: usize = 16_384;

/// Makes a graph of about so many lots; returns the lot whose origin is asked for.
type Shape = fn(usize) -> (Book, LotRef);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes };
    let shapes: [(&str, Shape); 5] =
        [("chain", chain), ("diamonds", diamonds), ("web", web), ("blends", blends), ("accounts", accounts)];
    let asked = |name: &str| {
        let mut names = words.iter().filter(|word| word.parse::<usize>().is_err()).peekable();
        names.peek().is_none() || names.any(|word| word == name)
    };
    println!("microseconds and peak bytes for each lot (graph, balance) and each ancestor (origin)");
    println!(
        "{:>9} {:>8} {:>9} {:>9}  {:>14} {:>14} {:>14} {:>14}",
        "shape", "lots", "inputs", "ancestors", "graph", "balance", "origin", "+ by country"
    );
    for (name, shape) in shapes.into_iter().filter(|(name, _)| asked(name)) {
        for lots in &sizes {
            measure(name, shape(*lots));
        }
    }
}

/// What one piece of work took.
struct Cost {
    time: Duration,
    bytes: usize,
}

fn cost<T>(work: impl FnOnce() -> T) -> (Cost, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = busy();
    let done = work();
    let time = busy().saturating_sub(start);
    (Cost { time, bytes: MEMORY.peak_usage().saturating_sub(before) }, done)
}

/// Returns how long this thread has been working, whatever else the machine does; the time of day where nobody counts.
fn busy() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    match nanoseconds {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => START.get_or_init(Instant::now).elapsed(),
    }
}

/// Returns the median time of some runs, and the most bytes.
fn median(runs: usize, work: impl Fn()) -> Cost {
    let mut costs: Vec<Cost> = (0..runs).map(|_| cost(&work).0).collect();
    costs.sort_by_key(|cost| cost.time);
    let bytes = costs.iter().map(|cost| cost.bytes).max().unwrap_or(0);
    Cost { time: costs[costs.len() / 2].time, bytes }
}

fn measure(name: &str, (book, last): (Book, LotRef)) {
    let nd: Element = "Nd".parse().expect("an element");
    let records = book.records;
    let lots: usize = records.iter().map(|record| record.event.body.outputs().len()).sum();
    let inputs: usize = records.iter().map(|record| graph::inputs(record).len()).sum();
    let runs = if lots > 200_000 { 1 } else { 5 };
    let (built, graph) = cost(move || Graph::build(records));
    let bands = Bands::embedded();
    let balanced = median(runs, || {
        black_box(balance::findings(&graph, &bands));
    });
    let upstream = ancestry::upstream(&graph, &[last]);
    let ancestors: usize = upstream
        .records
        .iter()
        .filter_map(|id| graph.record(id))
        .map(|one| one.event.body.outputs().len())
        .sum();
    // What is worked out once for a graph, whatever is asked of it, is no part of the question.
    let traced = median(runs, || {
        let contents = Contents::new(&graph, &bands);
        let traced = Traced::new(&contents, &last, nd);
        black_box(traced.leaves(&contents));
    });
    let countries = ["AU", "CN", "US"].map(|country| country.parse().expect("a country"));
    let viewed = median(runs, || {
        let contents = Contents::new(&graph, &bands);
        let traced = Traced::new(&contents, &last, nd);
        for country in countries {
            black_box(traced.share(
                |touch| matches!(&touch.place, TouchPlace::At { place, .. } if place.country == country),
            ));
        }
        black_box(traced.leaves(&contents));
    });
    let each = |cost: &Cost, of: usize| {
        format!("{:.2} us {:>5} B", cost.time.as_secs_f64() * 1e6 / of as f64, cost.bytes / of)
    };
    println!(
        "{name:>9} {lots:>8} {inputs:>9} {ancestors:>9}  {:>14} {:>14} {:>14} {:>14}",
        each(&built, lots),
        each(&balanced, lots),
        each(&traced, ancestors),
        each(&viewed, ancestors)
    );
}

fn metal(mg: u64) -> Lot {
    let mut lot = book::lot("metal.Nd", mg);
    lot.composition =
        Maybe::Shown(vec![book::line("Nd".parse().expect("an element"), 990_000_000, 1_000_000)]);
    lot
}

fn mined(book: &mut Book, plant: usize, outputs: Vec<Lot>) -> RecordId {
    let body = Extract {
        at: book.at(plant),
        steps: vec!["P10 mine".parse().expect("a step")],
        deposit: Maybe::Shown(None),
        licence: Maybe::Shown(None),
        outputs,
    };
    book.sign(plant, Body::Extract(body))
}

fn melted(book: &mut Book, plant: usize, inputs: Vec<Input>, outputs: Vec<Lot>) -> RecordId {
    let body = Transform {
        at: book.at(plant),
        steps: vec!["P60 melt".parse().expect("a step")],
        mixing: Mixing::Homogenised,
        inputs: inputs.into(),
        additions: MaybeList::default(),
        outputs,
        losses: MaybeList::default(),
    };
    book.sign(plant, Body::Transform(body))
}

fn packed(book: &mut Book, plant: usize, mixing: Mixing, inputs: Vec<Input>, outputs: Vec<Lot>) -> RecordId {
    let body =
        Repack { at: book.at(plant), mixing, inputs: inputs.into(), outputs, losses: MaybeList::default() };
    book.sign(plant, Body::Repack(body))
}

/// One lot made of the one before, over and over.
fn chain(lots: usize) -> (Book, LotRef) {
    let mut book = Book::new();
    let mut last = out(mined(&mut book, 0, vec![metal(KG)]), 0);
    for number in 1..lots {
        let input = vec![book::stretch(last, 0, KG)];
        last = out(melted(&mut book, number % 4, input, vec![metal(KG)]), 0);
    }
    (book, last)
}

/// Split in two and melted together again, over and over.
fn diamonds(lots: usize) -> (Book, LotRef) {
    let mut book = Book::new();
    let mut last = out(mined(&mut book, 0, vec![metal(2 * KG)]), 0);
    for number in 0..lots / 3 {
        let whole = vec![book::stretch(last, 0, 2 * KG)];
        let halves = packed(&mut book, number % 4, Mixing::Discrete, whole, vec![metal(KG), metal(KG)]);
        let both = vec![book::stretch(out(halves, 0), 0, KG), book::stretch(out(halves, 1), 0, KG)];
        last = out(melted(&mut book, number % 4, both, vec![metal(2 * KG)]), 0);
    }
    (book, last)
}

/// Each lot of a third from the ground and of parts of two that were made not long before.
fn web(lots: usize) -> (Book, LotRef) {
    const BACK: u64 = 1000;
    let mut book = Book::new();
    let mut made: Vec<(LotRef, u64)> = Vec::new();
    let mut state = 7u64;
    for number in 0..lots / 2 {
        let fresh = out(mined(&mut book, number % 4, vec![metal(KG)]), 0);
        let mut inputs = vec![book::stretch(fresh, 0, KG)];
        let mut mass = KG;
        for _ in 0..2 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let back = 1 + (state >> 33) % BACK;
            let Some(at) = made.len().checked_sub(back as usize) else { continue };
            let (lot, used) = &mut made[at];
            if *used + KG / 4 <= KG {
                inputs.push(book::stretch(*lot, *used, KG / 4));
                *used += KG / 4;
                mass += KG / 4;
            }
        }
        let blend = melted(&mut book, number % 4, inputs, vec![metal(mass)]);
        made.push((out(blend, 0), 0));
    }
    let last = made.last().expect("lots").0;
    (book, last)
}

/// Blends of 65 536 inputs into as many lots as a record can make, over and over.
fn blends(lots: usize) -> (Book, LotRef) {
    let mut book = Book::new();
    let width = MANY.min(lots / 2);
    let mut mass = 8 * KG;
    let mut from = mined(&mut book, 0, vec![metal(mass); width]);
    for number in 1..(lots / width).max(2) {
        let part = mass / WIDE.div_ceil(width) as u64;
        let stretch = |at: usize| book::stretch(out(from, at % width), (at / width) as u64 * part, part);
        let inputs = (0..WIDE).map(stretch).collect();
        mass = part * WIDE as u64 / width as u64;
        from = melted(&mut book, number % 4, inputs, vec![metal(mass); width]);
    }
    (book, out(from, 0))
}

/// A circuit over a thousand days: as many lots charged as drawn, and all that was drawn packed together.
fn accounts(lots: usize) -> (Book, LotRef) {
    const DAYS: usize = 1000;
    let mut book = Book::new();
    let first = book.today;
    let (mut drawn, mut covers) = (Vec::new(), Vec::new());
    for _ in 0..DAYS {
        for _ in 0..lots / 2 / DAYS {
            let fresh = out(mined(&mut book, 0, vec![metal(KG)]), 0);
            let (at, circuit) = (book.at(0), CIRCUIT.to_owned());
            let inputs = vec![book::stretch(fresh, 0, KG)].into();
            let charge =
                Charge { at: at.clone(), circuit: circuit.clone(), inputs, additions: MaybeList::default() };
            covers.push(book.sign(0, Body::Charge(charge)));
            let steps = vec!["P40 extract_solvent".parse().expect("a step")];
            let draw = book.sign(0, Body::Draw(Draw { at, circuit, steps, outputs: vec![metal(KG)] }));
            covers.push(draw);
            drawn.push(out(draw, 0));
        }
        book.tomorrow();
    }
    let period = Period { first, last: book.today, offset: None };
    let close = ClosePeriod {
        at: book.during(0, period),
        circuit: CIRCUIT.to_owned(),
        previous: None,
        opening: Maybe::Shown(None),
        closing: Maybe::Shown(None),
        losses: MaybeList::default(),
        covers: covers.into(),
    };
    book.sign(0, Body::ClosePeriod(close));
    let all = |lots: &[LotRef]| lots.iter().map(|lot| book::stretch(*lot, 0, KG)).collect::<Vec<_>>();
    let mut packs = Vec::new();
    for lots in drawn.chunks(WIDE) {
        let inputs = all(lots);
        packs.push(out(
            packed(&mut book, 0, Mixing::Homogenised, inputs, vec![metal(KG * lots.len() as u64)]),
            0,
        ));
    }
    let inputs = all(&packs);
    let last = packed(&mut book, 0, Mixing::Homogenised, inputs, vec![metal(KG)]);
    (book, out(last, 0))
}
