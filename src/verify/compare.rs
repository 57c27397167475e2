//! Comparing what two hold: what only one of them has, and what contradicts itself once both are joined.
//!
//! A double sale or a second history is rarely in one ledger; it shows when two readers lay theirs side by side.
//! Spec: docs/verification.md, "Comparing".

mod contradictions;
mod held;
mod proofs;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::evidence::Evidence;
use super::examine::{Examined, examine};
use crate::chain::proof::{Proof, ProofKind};
use crate::custody::graph::{Graph, outputs};
use crate::hash::{PartyId, RecordId};
use crate::log::fork::LogFork;
use crate::model::day::Day;
use crate::model::finding::FindingCode;
use crate::model::lotref::LotRef;
use held::Held;

/// Which of the two has something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first alone.
    A,
    /// The second alone.
    B,
    /// Each of the two.
    Both,
    /// Neither by itself: it shows only when the two are joined.
    Joined,
}

impl Side {
    fn of(in_a: bool, in_b: bool) -> Self {
        match (in_a, in_b) {
            (true, true) => Self::Both,
            (true, false) => Self::A,
            (false, true) => Self::B,
            (false, false) => Self::Joined,
        }
    }
}

/// What two hold, compared.
#[derive(Debug)]
pub struct Comparison {
    /// Everything of both, examined.
    pub joined: Examined,
    /// What each holds of each chain, ascending by party and epoch.
    pub chains: Vec<ChainPair>,
    /// Records that one alone holds, by party, epoch and position.
    pub records: Vec<(Side, RecordId)>,
    /// Number of records that both hold.
    pub shared: usize,
    /// Lots that one alone holds, sources first.
    pub lots: Vec<(Side, LotRef)>,
    /// What contradicts itself, proofs first.
    pub contradictions: Vec<Contradiction>,
}

/// What the two hold of one chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChainPair {
    /// Whose chain.
    pub party: PartyId,
    /// Which epoch.
    pub epoch: u16,
    /// Records that the first alone holds.
    pub only_a: usize,
    /// Records that the second alone holds.
    pub only_b: usize,
    /// Records that both hold.
    pub both: usize,
    /// Highest position the first holds.
    pub last_a: Option<u64>,
    /// Highest position the second holds.
    pub last_b: Option<u64>,
}

/// What a contradiction is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// One that a party can be shown to have signed.
    Provable(ProofKind),
    /// Two checkpoints of one log that no one history has, or a checkpoint and other records.
    LogFork,
    /// Any other, by its finding.
    Other(FindingCode),
}

/// One place where what is held contradicts itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// What it is.
    pub what: What,
    /// Whose records they are.
    pub parties: Vec<PartyId>,
    /// The lots it is about.
    pub lots: Vec<LotRef>,
    /// The records that show it.
    pub records: Vec<RecordId>,
    /// What is so, by names: lower case, no full stop.
    pub message: String,
    /// Who of the two could have seen it alone.
    pub shown_by: Side,
    /// The proof, or why there is none; nothing where none is to be expected.
    pub proof: Option<Result<Portable, NoProof>>,
}

/// A proof that anyone can judge with nothing else at hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Portable {
    /// Of signed records; `proof check` judges it.
    Records(Proof),
    /// Of signed checkpoints; `proof check` and `log check` judge it.
    Log(Box<LogFork>),
}

impl Portable {
    /// Returns what it proves, in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Records(proof) => proof.kind.name(),
            Self::Log(_) => "log_fork",
        }
    }

    /// Returns it as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Records(proof) => proof.to_bytes(),
            Self::Log(fork) => fork.to_string().into_bytes(),
        }
    }
}

/// Why there is no proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoProof {
    /// What is so: lower case, no full stop.
    pub why: String,
    /// Whether records that are not held, or not known to this version, may resolve the contradiction.
    pub is_open: bool,
}

impl Contradiction {
    /// Whether records that are not held may resolve it: a use may have been taken back in a gap.
    pub fn is_open(&self) -> bool {
        matches!(&self.proof, Some(Err(none)) if none.is_open)
    }
}

/// Compares what two hold, judged on the day `today`.
///
/// No error: what cannot be used is in the `refused` pieces of [`Comparison::joined`].
pub fn compare(a: &Evidence, b: &Evidence, today: Day) -> Comparison {
    let (alone_a, alone_b) = (examine(a.clone()), examine(b.clone()));
    let mut both = a.clone();
    both.join(b.clone());
    let joined = examine(both);

    let keys = |examined: &Examined, evidence: &Evidence| {
        let held = Held::of(&[evidence], &examined.graph);
        contradictions::keys(examined, &held, today)
    };
    let (in_a, in_b) = (keys(&alone_a, a), keys(&alone_b, b));
    let held = Held::of(&[a, b], &joined.graph);
    let mut found = contradictions::all(&joined, &held, today);
    for one in &mut found {
        let key = contradictions::key(one);
        one.shown_by = Side::of(in_a.contains(&key), in_b.contains(&key));
    }
    // What else is wrong with either ledger is for `audit` to say.
    found.retain(|one| !matches!(one.what, What::Other(_)) || one.shown_by == Side::Joined);
    found.sort_by(|one, other| {
        (one.what, &one.parties, &one.records).cmp(&(other.what, &other.parties, &other.records))
    });

    let mut comparison = Comparison {
        chains: Vec::new(),
        records: Vec::new(),
        shared: 0,
        lots: Vec::new(),
        contradictions: found,
        joined,
    };
    comparison.divide(&alone_a.graph, &alone_b.graph);
    comparison
}

impl Comparison {
    /// Says of each record, chain and lot who holds it.
    fn divide(&mut self, a: &Graph, b: &Graph) {
        let mut chains: BTreeMap<(PartyId, u16), ChainPair> = BTreeMap::new();
        let mut records: BTreeSet<(PartyId, u16, u64, RecordId)> = BTreeSet::new();
        for record in self.joined.graph.records() {
            let (in_a, in_b) = (a.record(&record.id).is_some(), b.record(&record.id).is_some());
            let pair = chains.entry((record.author, record.epoch)).or_insert(ChainPair {
                party: record.author,
                epoch: record.epoch,
                only_a: 0,
                only_b: 0,
                both: 0,
                last_a: None,
                last_b: None,
            });
            if in_a {
                pair.last_a = pair.last_a.max(Some(record.seq));
            }
            if in_b {
                pair.last_b = pair.last_b.max(Some(record.seq));
            }
            let side = Side::of(in_a, in_b);
            match side {
                Side::A => pair.only_a += 1,
                Side::B => pair.only_b += 1,
                // A record whose start of chain only the other holds opens only when joined, and counts for both.
                Side::Both | Side::Joined => pair.both += 1,
            }
            if matches!(side, Side::A | Side::B) {
                records.insert((record.author, record.epoch, record.seq, record.id));
                self.lots.extend(outputs(record).map(|(lot, _)| (side, lot)));
            } else {
                self.shared += 1;
            }
        }
        self.chains = chains.into_values().collect();
        let side = |id: &RecordId| Side::of(a.record(id).is_some(), b.record(id).is_some());
        self.records = records.into_iter().map(|(.., id)| (side(&id), id)).collect();
    }
}
