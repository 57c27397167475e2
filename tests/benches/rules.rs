//! What rules cost: reading every pack, and verifying a lot with a thousand records behind it, without packs and with.
//!
//! Run with `cargo bench --bench rules`. Each ratio compares work done in the same run on the same machine, and is the median of
//! [`RUNS`] runs; docs/performance.md keeps what was measured.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use lodemark::rules::{Pack, by_default, embedded, embedded_text, named};
use lodemark::scenario::{HandOver, Scenario, World};
use lodemark::verify::{Evidence, Reader, Request, examine, report};

const RUNS: usize = 7;
/// Charges of the alloy that went into the magnets, each with nine records behind it.
const CHARGES: usize = 111;

fn main() {
    packs();
    ancestry();
}

/// Reads every pack that comes with the program, each with all its checks.
fn packs() {
    let texts: Vec<&str> = embedded().iter().filter_map(|pack| embedded_text(&pack.file.id)).collect();
    let time = median(|| {
        for text in &texts {
            black_box(Pack::from_toml(text).expect("a pack that is built in"));
        }
    });
    println!("all {} packs, read and checked: {:.2} ms (goal: below 5)", texts.len(), millis(time));
}

/// Verifies one lot from bytes: hashes, signatures, chains, custody, balance, and what rules say on each day.
fn ancestry() {
    let scenario = Scenario::from_toml(&world()).expect("a scenario that reads");
    let world = World::build(&scenario).expect("a world that can be signed");
    let evidence: Evidence = HandOver::default().pieces(&world).expect("everything is handed over").into();
    let lot = world.lot("MAG-ALL").expect("the magnets");
    let request = Request::about(lot, world.today());
    let records = evidence.pieces.len();
    let verify = |packs: &[Pack]| {
        let reader = Reader { packs: packs.to_vec(), ..Reader::default() };
        median(|| {
            let examined = examine(evidence.clone());
            let report = report(&examined, &request, &reader);
            assert!(report.lots[0].records > 9 * CHARGES, "the whole ancestry is behind the lot");
            black_box(report);
        })
    };
    let all = named("all").expect("a word that names packs");
    let (none, usual, every) = (verify(&[]), verify(&by_default()), verify(&all));
    println!(
        "verify a lot with {records} records behind it: {:.1} ms without packs; ratio {:.2} with the {} of the default, {:.2} with all {} (goal: 2)",
        millis(none),
        ratio(usual, none),
        by_default().len(),
        ratio(every, none),
        all.len(),
    );
}

/// A scenario: ore, oxide, metal and alloy in charges, handed over three times each, all in one lot of magnets.
fn world() -> String {
    let mut text = String::from(
        "format = \"lodemark/scenario@1\"\ntitle = \"a thousand records\"\nstart = 2026-01-05T08:00:00Z\n",
    );
    let parties =
        [("pit", "AU-WA", "P10"), ("columns", "MY", "P40"), ("cells", "JP", "P50"), ("shop", "DE-SN", "P60")];
    for (alias, place, stage) in parties {
        let country = &place[..2];
        let more = if alias == "shop" { ", \"P70\", \"P85\"" } else { "" };
        let _ = write!(
            text,
            "[[party]]\nalias = \"{alias}\"\nname = \"{alias}\"\ncountry = \"{country}\"\n\
             [[facility]]\nalias = \"{alias} works\"\nby = \"{alias}\"\nname = \"{alias}\"\nplace = \"{place}\"\nstages = [\"{stage}\"{more}]\n"
        );
    }
    let mut event = |by: &str, kind: &str, rest: &str| {
        let _ = write!(text, "[[event]]\nby = \"{by}\"\nkind = \"{kind}\"\nat = \"{by} works\"\n{rest}\n");
    };
    let mut alloys = Vec::new();
    for at in 0..CHARGES {
        event(
            "pit",
            "extract",
            &format!(
                "on = 2026-01-06\nsteps = [\"P10 mine\"]\nout = [{{ label = \"ORE-{at}\", material = \"ore.monazite\", mass = \"10 t\" }}]"
            ),
        );
        let (mut lot, mut mass) = (format!("ORE-{at}"), "10 t");
        let steps = [
            ("pit", "columns", "P40 extract_solvent", "OX", "oxide.NdPr", "900 kg"),
            ("columns", "cells", "P50 electrolyse", "ME", "metal.NdPr", "700 kg"),
            ("cells", "shop", "P60 strip_cast", "AL", "alloy.NdFeB", "650 kg"),
        ];
        for (from, to, step, prefix, material, made) in steps {
            let all = format!("in = [\"{lot}\"]");
            event(from, "dispatch", &format!("on = 2026-01-07\nto = \"{to}\"\n{all}"));
            event(to, "receive", &format!("on = 2026-01-09\n{all}\nout = [{{ mass = \"{mass}\" }}]"));
            let next = format!("{prefix}-{at}");
            event(
                to,
                "transform",
                &format!(
                    "on = 2026-01-10\nsteps = [\"{step}\"]\nmixing = \"homogenised\"\n{all}\n\
                 out = [{{ label = \"{next}\", material = \"{material}\", mass = \"{made}\" }}]"
                ),
            );
            (lot, mass) = (next, made);
        }
        alloys.push(format!("\"{lot}\""));
    }
    event(
        "shop",
        "transform",
        &format!(
            "on = 2026-02-01\nsteps = [\"P70 sinter\", \"P85 magnetise\"]\nmixing = \"homogenised\"\nin = [{}]\n\
         out = [{{ label = \"MAG-ALL\", material = \"magnet.NdFeB.sintered\", mass = \"60 t\" }}]",
            alloys.join(", ")
        ),
    );
    text
}

fn median(work: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}
