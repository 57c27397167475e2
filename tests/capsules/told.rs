//! A world of a scenario and the capsule of it that its reader is given.

use std::collections::BTreeMap;
use std::path::Path;

use lodemark::capsule::{self, Audience, Capsule, Chain, Entry};
use lodemark::entry::Tree;
use lodemark::hash::{PartyId, RecordId};
use lodemark::log::shown;
use lodemark::log::tree::{Tree as Merkle, leaf_hash};
use lodemark::model::day::Day;
use lodemark::model::finding::FindingCode;
use lodemark::model::lotref::LotRef;
use lodemark::scenario::{BASE, Scenario, World, reader_of, resolve, trust_file};
use lodemark::verify::{Reader, Report, Request, examine, report};

/// A world, its reader, and what that reader is given.
pub struct Told {
    pub world: World,
    pub reader: Reader,
    pub trust_file: String,
    pub today: Day,
    pub lot: LotRef,
    pub capsule: Capsule,
}

impl Told {
    /// Signs a variant of `tests/scenarios/NAME.toml`; the capsule is about `lot`.
    pub fn new(name: &str, variant: &str, lot: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/scenarios/{name}.toml"));
        Self::of(&std::fs::read_to_string(path).unwrap(), variant, lot)
    }

    /// Does the same with the text of a scenario.
    pub fn of(text: &str, variant: &str, lot: &str) -> Self {
        let tree: Tree = lodemark::text::from_toml(text).unwrap();
        let base = Scenario::from_tree(&tree).unwrap();
        assert!(variant == BASE || base.variants.iter().any(|one| one.name == variant), "{variant}");
        let scenario = Scenario::from_tree(&resolve(&base, &tree, variant).unwrap().0).unwrap();
        let world = World::build(&scenario).unwrap();
        let reader = reader_of(&scenario, &world).unwrap();
        let trust_file = scenario.trust.as_ref().map(|trust| trust_file(trust, &world).unwrap());
        let trust_file = trust_file.unwrap_or_default();
        let today = scenario.today.unwrap_or_else(|| world.today());
        let lot = world.lot(lot).unwrap();
        let capsule = given(&scenario, &world, lot);
        Self { world, reader, trust_file, today, lot, capsule }
    }

    /// Returns what is found in a capsule, after it was written and read.
    pub fn report(&self, capsule: &Capsule) -> Report {
        let read = capsule::read(&capsule::write(capsule)).unwrap();
        let examined = examine(capsule::evidence(&read, "it"));
        report(&examined, &Request::about(self.lot, self.today), &self.reader)
    }

    /// Returns the capsule without some records, as a sender makes it who wants them unseen: the proof of the log is
    /// made for what is left.
    pub fn without(&self, names: &[&str]) -> Capsule {
        self.without_of(&self.capsule, names)
    }

    /// Does the same to another capsule of this world.
    pub fn without_of(&self, capsule: &Capsule, names: &[&str]) -> Capsule {
        self.changed(capsule, names, |_| None)
    }

    /// Returns the capsule with headers alone of some records.
    pub fn with_headers_of(&self, names: &[&str]) -> Capsule {
        self.with_headers_in(&self.capsule, names)
    }

    /// Does the same to another capsule of this world.
    pub fn with_headers_in(&self, capsule: &Capsule, names: &[&str]) -> Capsule {
        self.changed(capsule, names, |entry| Some(Entry::Header(entry.bytes()[..272].to_vec())))
    }

    fn changed(
        &self,
        capsule: &Capsule,
        names: &[&str],
        change: impl Fn(&Entry) -> Option<Entry>,
    ) -> Capsule {
        let mut capsule = capsule.clone();
        for name in names {
            let signed = self.world.record(name).unwrap_or_else(|| panic!("there is no `{name}`"));
            let chain = capsule.chains.iter_mut().find(|chain| chain.party == signed.author).unwrap();
            let at = chain.entries.iter().position(|entry| entry.bytes()[..272] == signed.bytes[..272]);
            let at = at.unwrap_or_else(|| panic!("`{name}` is not in the capsule"));
            match change(&chain.entries[at]) {
                Some(entry) => chain.entries[at] = entry,
                None => drop(chain.entries.remove(at)),
            }
            self.show(&signed.by, chain);
        }
        capsule
    }

    /// Makes the nodes of a proof for what a chain shows.
    fn show(&self, by: &str, chain: &mut Chain) {
        let Some(log) = &mut chain.log else { return };
        let ids: Vec<RecordId> = self.world.history(by).iter().map(|signed| signed.id).collect();
        let shown: Vec<u64> = chain.entries.iter().filter_map(Entry::seq).collect();
        let node = |one: shown::Subtree| {
            let leaves = (one.index << one.level) as usize..((one.index + 1) << one.level) as usize;
            Merkle::new(leaves.map(|at| leaf_hash(ids[at].as_bytes())).collect()).root()
        };
        log.nodes = shown::needed(log.checkpoint.size, &shown).unwrap().into_iter().map(node).collect();
    }
}

/// Puts what the reader of a scenario is given into a capsule about a lot.
fn given(scenario: &Scenario, world: &World, lot: LotRef) -> Capsule {
    let evidence = scenario.hand_over.evidence(world).unwrap();
    let mut chains: BTreeMap<(PartyId, u16), Chain> = BTreeMap::new();
    let whole =
        evidence.pieces.into_iter().map(|piece| Entry::Record { bytes: piece.bytes, shown: piece.shown });
    let headers = evidence.headers.into_iter().map(|piece| Entry::Header(piece.bytes));
    for entry in whole.chain(headers) {
        let party = PartyId::from_bytes(entry.bytes()[24..56].try_into().unwrap());
        let epoch = u16::from_be_bytes(entry.bytes()[22..24].try_into().unwrap());
        let none = || Chain { party, epoch, log: None, entries: Vec::new() };
        chains.entry((party, epoch)).or_insert_with(none).entries.push(entry);
    }
    for log in evidence.logs {
        let at = (log.part.checkpoint.party, log.part.checkpoint.epoch);
        chains.get_mut(&at).expect("a log stands beside records").log = Some(log.part);
    }
    let mut chains: Vec<Chain> = chains.into_values().collect();
    for chain in &mut chains {
        // The header of a last leaf may be given twice.
        chain.entries.sort_by_key(Entry::seq);
        chain.entries.dedup_by_key(|entry| entry.seq());
    }
    let (cuts, packs, documents) = (Vec::new(), Vec::new(), Vec::new());
    Capsule { audience: Audience::Customer, lots: vec![lot], cuts, chains, packs, documents }
}

/// Whether a report has a finding of this code.
pub fn finds(report: &Report, code: FindingCode) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}
