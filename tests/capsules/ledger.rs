//! A capsule says the same whether it is verified as it is, or by a ledger that took it in and holds nothing else.

use lodemark::capsule::{self, Capsule, Entry};
use lodemark::ledger::Ledger;
use lodemark::model::finding::FindingCode;
use lodemark::scenario::{BASE, Scenario};
use lodemark::verify::{Report, Request, examine, report};

use crate::told::Told;

/// What has to be the same. Where in a file something stood is not.
fn essence(report: &Report) -> String {
    let lots: Vec<_> = report
        .lots
        .iter()
        .map(|lot| (lot.lot, lot.verdict, lot.integrity, lot.custody, &lot.rules, &lot.findings, lot.records))
        .collect();
    lodemark::text::to_json(&(report.verdict, lots, &report.chains, &report.findings))
}

/// Takes a capsule into a ledger of its own; nothing where it is refused there.
fn by_ledger(told: &Told, bytes: &[u8]) -> Option<Report> {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::init_reader(&dir.path().join("ledger")).unwrap();
    ledger.import(bytes, "it").ok()?;
    let request = Request::about(told.lot, told.today);
    Some(report(&examine(ledger.evidence()), &request, &told.reader))
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

/// Leaves some records out of a capsule, and of others all but the header or some private values.
fn thinned(told: &Told, dice: &mut Dice) -> Capsule {
    let mut thin = told.capsule.clone();
    let names: Vec<String> = told.world.signed.iter().map(|one| one.name.clone()).collect();
    for name in names {
        let is_there = |capsule: &Capsule| {
            let signed = told.world.record(&name).unwrap();
            let mut entries = capsule.chains.iter().flat_map(|chain| &chain.entries);
            entries.any(|entry| entry.bytes()[..272] == signed.bytes[..272] && entry.seq() != Some(0))
        };
        if !is_there(&thin) {
            continue;
        }
        match dice.roll(6) {
            0 => thin = told.without_of(&thin, &[&name]),
            1 => thin = told.with_headers_in(&thin, &[&name]),
            _ => {}
        }
    }
    for entry in thin.chains.iter_mut().flat_map(|chain| &mut chain.entries) {
        if let Entry::Record { shown, .. } = entry {
            shown.retain(|_| dice.roll(5) > 0);
        }
    }
    thin
}

#[test]
fn a_ledger_that_holds_exactly_its_records_finds_the_same() {
    let text = include_str!("../scenarios/logs.toml");
    let variants = Scenario::from_toml(text).unwrap().variants;
    // A log that is not that of the chain cannot be shown anew for fewer records.
    let is_made =
        |variant: &lodemark::scenario::Variant| variant.change.iter().any(|one| one.0 == "hand_over/log");
    let variants = variants.iter().map(|one| (one.name.as_str(), if is_made(one) { 0 } else { 6 }));
    let mut dice = Dice(0x5eed);
    let (mut same, mut refused, mut open) = (0, 0, 0);
    for (name, times) in std::iter::once((BASE, 6)).chain(variants) {
        let told = Told::new("logs", name, "ORE");
        let thin = (0..times).map(|_| thinned(&told, &mut dice));
        for capsule in std::iter::once(told.capsule.clone()).chain(thin.collect::<Vec<_>>()) {
            let direct = told.report(&capsule);
            let Some(taken_in) = by_ledger(&told, &capsule::write(&capsule)) else {
                refused += 1;
                continue;
            };
            assert_eq!(essence(&taken_in), essence(&direct), "{name}");
            same += 1;
            open += usize::from(direct.findings.iter().any(|one| one.code == FindingCode::ControlListOpen));
        }
    }
    // Neither may nearly all be refused by the ledger, nor all be whole, or nothing was compared.
    assert!(same > 100 && refused < same / 4 && open > 20, "{same} {refused} {open}");
}
