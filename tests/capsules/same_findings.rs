//! A ledger that took in one capsule finds what the capsule alone lets find: over worlds, readers and cuts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lodemark::capsule::{self, Audience, Capsule, Chain, Entry};
use lodemark::custody::graph::outputs;
use lodemark::hash::PartyId;
use lodemark::ledger::{Ledger, MakeCapsule};
use lodemark::log::vkey::{KeyUse, VerifierKey};
use lodemark::model::coded::Coded;
use lodemark::model::day::Day;
use lodemark::model::lotref::LotRef;
use lodemark::record::Header;
use lodemark::scenario::{HandOver, LogGiven, Scenario, World, reader_of};
use lodemark::verify::{Evidence, Reader, Request, examine, open_lots, report};

/// Worlds with corrections, circuits, assemblies, tags, papers and status in them.
const WORLDS: &[&str] = &[
    "pit_to_magnet",
    "amend_corrections",
    "accounts_window",
    "things_rotor",
    "tags_bags",
    "rules_accreditation",
    "double_use",
    "dealings_return",
];

/// Everything that a world holds, as one capsule: each chain whole, with its log and a witness.
fn everything(world: &World, lots: Vec<LotRef>) -> Capsule {
    let mut chains: BTreeMap<(PartyId, u16), Chain> = BTreeMap::new();
    for signed in world.signed.iter() {
        let header = Header::from_bytes(&signed.bytes[..208]).unwrap();
        let (party, epoch) = (header.party, header.epoch);
        let empty = Chain { party, epoch, log: None, entries: Vec::new() };
        let chain = chains.entry((party, epoch)).or_insert(empty);
        if chain.entries.last().and_then(Entry::seq).is_none_or(|seq| seq < header.seq) {
            let entry = Entry::Record { bytes: signed.bytes.clone(), shown: signed.items.clone() };
            chain.entries.push(entry);
        }
    }
    for (alias, party) in world.parties() {
        let witnesses = vec!["w.example".to_owned()];
        let log = LogGiven { of: alias.to_owned(), size: None, instead: None, damage: None, witnesses };
        let given = HandOver { log: vec![log], ..HandOver::default() }.evidence(world).unwrap();
        if let ([piece], Some(chain)) = (&given.logs[..], chains.get_mut(&(party, 0))) {
            let is_linear = piece.records.len() == chain.entries.len();
            chain.log = is_linear.then(|| piece.part.clone());
        }
    }
    let chains = chains.into_values().collect();
    let (cuts, packs, documents) = (Vec::new(), Vec::new(), Vec::new());
    Capsule { audience: Audience::Auditor, lots, cuts, chains, packs, documents }
}

fn ledger(dir: &Path, file: &[u8]) -> Ledger {
    let mut ledger = Ledger::init_reader(dir).unwrap();
    ledger.import(file, "it").unwrap();
    ledger
}

/// Everything that a reader is told, as text.
fn told(evidence: Evidence, lots: &[LotRef], reader: &Reader, today: Day) -> String {
    let request = Request::about_all(lots.to_vec(), today);
    lodemark::text::to_json(&report(&examine(evidence), &request, reader))
}

fn compare(name: &str, counts: &mut BTreeMap<&'static str, usize>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/scenarios/{name}.toml"));
    let scenario = Scenario::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
    let world = World::build(&scenario).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let of_world = examine(scenario.hand_over.evidence(&world).unwrap());
    let mut lots = open_lots(&of_world.graph);
    lots.sort_unstable();
    lots.dedup();
    let all: Vec<LotRef> =
        of_world.graph.records().iter().flat_map(outputs).map(|(lot, _)| lot).take(64).collect();
    let maker = ledger(&dir.path().join("maker"), &capsule::write(&everything(&world, lots.clone())));
    let witness =
        VerifierKey::new("w.example", KeyUse::Cosignature, world.witness("w.example").public().clone());
    let mut reader = reader_of(&scenario, &world).unwrap();
    reader.witnesses = vec![witness.unwrap()];
    for (number, lot) in lots.iter().take(2).enumerate() {
        let asked = |audience, cuts| MakeCapsule {
            audience,
            lots: vec![*lot],
            cuts,
            withhold: vec!["composition".parse().unwrap()],
            documents: Vec::new(),
            packs: Vec::new(),
        };
        let is_cut = |cut: &&LotRef| {
            *cut != lot && maker.preview_capsule(&asked(Audience::Customer, vec![**cut])).is_ok()
        };
        let cuts: Vec<LotRef> = all.iter().filter(is_cut).take(1).copied().collect();
        let wanted = Audience::ALL
            .iter()
            .map(|audience| asked(*audience, Vec::new()))
            .chain(cuts.into_iter().map(|cut| asked(Audience::Customer, vec![cut])));
        for (kind, asked) in wanted.enumerate() {
            let made = maker.preview_capsule(&asked).unwrap();
            let bytes = capsule::write(&made.capsule);
            let taken = ledger(&dir.path().join(format!("{number}-{kind}")), &bytes);
            let from_file = capsule::evidence(&made.capsule, "it");
            let parts = |evidence: &Evidence| -> BTreeSet<String> {
                evidence.logs.iter().map(|log| format!("{:?}{:?}", log.part, log.records)).collect()
            };
            let from_ledger = taken.evidence();
            assert_eq!(parts(&from_file), parts(&from_ledger), "{name} {lot:?} {:?}", asked.audience);
            for (quorum, max_age_days) in [(0, None), (2, Some(0))] {
                let strict = Reader { quorum, max_age_days, ..reader.clone() };
                let today = scenario.today.unwrap_or_else(|| world.today());
                let expected = told(from_file.clone(), &[*lot], &strict, today);
                let found = told(from_ledger.clone(), &[*lot], &strict, today);
                assert_eq!(expected, found, "{name} {lot:?} {:?} {:?}", asked.audience, asked.cuts);
                for word in ["too_few_witnesses", "chain_too_old", "\"seen_at\"", "missing_records"] {
                    *counts.entry(word).or_default() += usize::from(found.contains(word));
                }
                *counts.entry("all").or_default() += 1;
            }
        }
    }
}

#[test]
fn a_ledger_that_took_in_one_capsule_finds_what_the_capsule_alone_lets_find() {
    let mut counts = BTreeMap::new();
    for world in WORLDS {
        compare(world, &mut counts);
    }
    // It compared something: chains that are too old, and witnesses that saw them.
    for word in ["too_few_witnesses", "chain_too_old", "\"seen_at\"", "missing_records"] {
        assert!(counts[word] > 20, "{counts:?}");
    }
    assert!(counts["all"] > 100, "{counts:?}");
}
