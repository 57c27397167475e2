//! Every contradiction in what is held: those that a party can be shown to have signed, and the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Held;
use super::proofs::Maker;
use super::{Contradiction, NoProof, Portable, Side, What};
use crate::balance::bands::Bands;
use crate::chain::proof::{Proof, ProofKind};
use crate::custody::check;
use crate::custody::graph::{self, Graph};
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::fork::LogFork;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::record::SignedHeader;
use crate::verify::attested;
use crate::verify::examine::Examined;

/// What a contradiction is told by, whoever holds it.
pub(super) type Key = (What, Vec<RecordId>, Option<(LogId, [u64; 2])>);

/// Returns the key of a contradiction.
pub(super) fn key(one: &Contradiction) -> Key {
    let mut records = one.records.clone();
    records.sort_unstable();
    let sizes = |fork: &LogFork| {
        let said = fork.judge().ok()?;
        Some((said.log, said.checkpoints.each_ref().map(Checkpoint::size)))
    };
    let log = match &one.proof {
        Some(Ok(Portable::Log(fork))) => sizes(fork),
        _ => None,
    };
    (one.what, records, log)
}

/// Returns the keys of every contradiction in what is held.
pub(super) fn keys(examined: &Examined, held: &Held<'_>, today: Day) -> BTreeSet<Key> {
    all(examined, held, today).iter().map(key).collect()
}

/// Returns every contradiction in what is held.
pub(super) fn all(examined: &Examined, held: &Held<'_>, today: Day) -> Vec<Contradiction> {
    let graph = &examined.graph;
    let search = Search { held, graph, maker: Maker { held, graph } };
    let mut found = Vec::new();
    for ((party, _), chain) in held.chains() {
        search.forks(*party, chain, &mut found);
        search.lies(*party, chain, &mut found);
    }
    search.corrections(&mut found);
    let proven: BTreeSet<PartyId> = examined.log_forks.iter().map(LogFork::party).collect();
    found.extend(examined.log_forks.iter().filter_map(|fork| search.log_fork(fork)));
    let chain_faults = examined.lines.iter().flat_map(|line| &line.faults).map(|fault| fault.finding.clone());
    let is_told = |finding: &Finding| {
        finding.code == FindingCode::LogFork && finding.parties.iter().any(|party| proven.contains(party))
    };
    let of_chains = chain_faults.filter(|finding| !is_told(finding));
    let of_attestations = attested::contradictions(graph, &Bands::embedded());
    for finding in check::findings(graph, today).into_iter().chain(of_chains).chain(of_attestations) {
        found.extend(search.of_finding(finding));
    }
    found
}

struct Search<'a> {
    held: &'a Held<'a>,
    graph: &'a Graph,
    maker: Maker<'a>,
}

impl Search<'_> {
    /// The first position at which two branches differ; what follows on each is their difference, not a new one.
    fn forks(&self, party: PartyId, chain: &[(u64, RecordId)], found: &mut Vec<Contradiction>) {
        let mut before: Option<(u64, usize)> = None;
        for here in chain.chunk_by(|one, other| one.0 == other.0) {
            let seq = here[0].0;
            let goes_on =
                before.is_some_and(|(last, count)| last.checked_add(1) == Some(seq) && count >= here.len());
            if here.len() > 1 && !goes_on {
                for pair in here.windows(2) {
                    let [one, other] = [pair[0].1, pair[1].1];
                    let message = format!(
                        "{} signed two records at position {seq}: {}, and {}",
                        names::party(self.graph, &party),
                        self.what(&one),
                        self.what(&other)
                    );
                    let proof = self.maker.fork(party, &one, &other);
                    found.push(self.provable(ProofKind::Fork, &[one, other], message, proof));
                }
            }
            before = Some((seq, here.len()));
        }
    }

    fn lies(&self, party: PartyId, chain: &[(u64, RecordId)], found: &mut Vec<Contradiction>) {
        let forked = chain.windows(2).any(|pair| pair[0].0 == pair[1].0);
        let mut told: BTreeSet<RecordId> = BTreeSet::new();
        for (seq, id) in chain {
            let header = self.held.header(id).expect("chains list what is held");
            let shown = match self.held.signed(&header.prev) {
                // The record right before says what the latest control record is.
                Some(before) if before.header().seq.checked_add(1) == Some(*seq) => {
                    let expected = if before.is_control() { before.id() } else { before.header().control };
                    (header.control != expected).then(|| vec![*id, header.prev])
                }
                Some(_) => None,
                None => self.passed_over(*seq, header.control, chain, forked).map(|skipped| {
                    let mut records = vec![*id, header.control];
                    records.extend(skipped);
                    records
                }),
            };
            let Some(records) = shown.filter(|_| told.insert(header.control)) else { continue };
            let proof = self.maker.control_lie(party, &records);
            let message = match records[..] {
                [_, _, skipped] => format!(
                    "{} passes over {} in its list of control records: it leaves that out, or stands on another branch",
                    self.what(id),
                    self.what(&skipped)
                ),
                _ => format!(
                    "{} does not name the latest control record before it, as {} shows",
                    self.what(id),
                    self.what(&records[1])
                ),
            };
            found.push(self.provable(ProofKind::ControlLie, &records, message, proof));
        }
    }

    /// Returns what shows that the record at `seq` cannot name `named`: nothing more, or a control record between.
    ///
    /// On a chain that forks, a control record between may stand on the other branch; the fork is told anyway.
    fn passed_over(
        &self,
        seq: u64,
        named: RecordId,
        chain: &[(u64, RecordId)],
        forked: bool,
    ) -> Option<Option<RecordId>> {
        let target = self.held.signed(&named)?;
        if !target.is_control() || target.header().seq >= seq {
            return Some(None);
        }
        let between = chain.iter().rev().find(|(at, id)| {
            *at < seq
                && *at > target.header().seq
                && self.held.signed(id).is_some_and(SignedHeader::is_control)
        });
        between.filter(|_| !forked).map(|(_, id)| Some(*id))
    }

    /// Two corrections of one record, of which the later does not reach the earlier by its control records.
    fn corrections(&self, found: &mut Vec<Contradiction>) {
        let mut by_target: BTreeMap<(PartyId, u16, RecordId), Vec<(u64, RecordId)>> = BTreeMap::new();
        for record in self.graph.records() {
            if let Body::Correct(correct) = &record.event.body {
                let of = (record.author, record.epoch, correct.target);
                by_target.entry(of).or_default().push((record.seq, record.id));
            }
        }
        for ((party, _, target), mut corrections) in by_target {
            corrections.sort_unstable();
            for pair in corrections.windows(2) {
                let records = [pair[0].1, pair[1].1];
                // Whether they are on one branch is what the proof is about: one that does not hold is none.
                let Ok(proof) = self.maker.corrections(&records) else { continue };
                let message = format!(
                    "{} corrects {} in two ways: {}, and {}",
                    names::party(self.graph, &party),
                    self.what(&target),
                    self.what(&records[0]),
                    self.what(&records[1])
                );
                found.push(self.provable(ProofKind::ContradictoryCorrections, &records, message, Ok(proof)));
            }
        }
    }

    fn log_fork(&self, fork: &LogFork) -> Option<Contradiction> {
        let said = fork.judge().ok()?;
        let party = said.log.party;
        Some(Contradiction {
            what: What::LogFork,
            parties: vec![party],
            lots: Vec::new(),
            records: Vec::new(),
            message: format!("{} signed two logs: {}", names::party(self.graph, &party), said.says),
            shown_by: Side::Joined,
            proof: Some(Ok(Portable::Log(Box::new(fork.clone())))),
        })
    }

    fn of_finding(&self, finding: Finding) -> Option<Contradiction> {
        // Forks and lies are searched for in the headers, for a proof is made of these.
        let searched = matches!(finding.code, FindingCode::Fork | FindingCode::ControlLie);
        if finding.weight != Weight::Fail || searched {
            return None;
        }
        let (what, proof) = match finding.code {
            FindingCode::DoubleUse => {
                let proof = self.maker.double_use(&finding.records).map(Portable::Records);
                (What::Provable(ProofKind::DoubleUse), Some(proof))
            }
            FindingCode::LogFork => {
                let why = "it takes two signed checkpoints, and what leads from the larger to the smaller";
                (What::LogFork, Some(Err(NoProof { why: why.to_owned(), is_open: false })))
            }
            code => (What::Other(code), None),
        };
        Some(Contradiction {
            what,
            parties: finding.parties,
            lots: finding.lots,
            records: finding.records,
            message: finding.message,
            shown_by: Side::Joined,
            proof,
        })
    }

    fn provable(
        &self,
        kind: ProofKind,
        records: &[RecordId],
        message: String,
        proof: Result<Proof, NoProof>,
    ) -> Contradiction {
        let held = || records.iter().filter_map(|id| self.graph.record(id));
        let mut lots: Vec<_> =
            held().flat_map(|record| graph::inputs(record).iter().map(|input| input.lot)).collect();
        lots.sort_unstable();
        lots.dedup();
        let mut parties: Vec<PartyId> =
            records.iter().filter_map(|id| Some(self.held.header(id)?.party)).collect();
        parties.dedup();
        Contradiction {
            what: What::Provable(kind),
            parties,
            lots,
            records: records.to_vec(),
            message,
            shown_by: Side::Joined,
            proof: Some(proof.map(Portable::Records)),
        }
    }

    /// Returns what a record is, by labels where it has lots: "dispatch of `ORE-1` (record 7)".
    fn what(&self, id: &RecordId) -> String {
        let Some(record) = self.graph.record(id) else {
            return match self.held.header(id) {
                Some(header) => format!("record {}", header.seq),
                None => format!("record `{}`", id.short()),
            };
        };
        let inputs = graph::inputs(record).iter().map(|input| input.lot);
        let outputs = graph::outputs(record).map(|(lot, _)| lot);
        let mut labels: Vec<String> = inputs
            .chain(outputs)
            .filter_map(|lot| self.graph.label(&lot))
            .map(|label| format!("`{label}`"))
            .collect();
        let mut seen = BTreeSet::new();
        labels.retain(|label| seen.insert(label.clone()));
        let count = labels.len();
        labels.truncate(3);
        if count > labels.len() {
            labels.push("more".to_owned());
        }
        match labels.is_empty() {
            true => format!("{} (record {})", record.kind(), record.seq),
            false => format!("{} of {} (record {})", record.kind(), labels.join(", "), record.seq),
        }
    }
}
