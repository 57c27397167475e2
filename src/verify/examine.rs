//! From bytes to opened records: hashes, items, keys, signatures, chains. Steps 1 to 8 of docs/verification.md.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::evidence::{Evidence, Piece, Refused};
use super::headers;
use super::logs::{self, HeldLog};
use crate::chain::{self, Line, Link};
use crate::custody::graph::{ChainEnd, Graph};
use crate::hash::{PartyId, RecordId};
use crate::log::fork::LogFork;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::kind::Kind;
use crate::model::record::Record;
use crate::record::{HEADER_LEN, Header, RecordError, SealedRecord, ShownItem};
use crate::sign::{Batch, PublicKey};

/// Records a worker parses or checks in one go.
const RANGE: usize = 4096;

/// What the bytes alone establish.
#[derive(Debug)]
pub struct Examined {
    /// The records that opened, joined by lots.
    pub graph: Graph,
    /// What is held of each chain, ascending by party and epoch.
    pub lines: Vec<Line>,
    /// Pieces that could not be used.
    pub refused: Vec<Refused>,
    /// Findings about bytes, signatures and keys; those about chains are in `lines`.
    pub findings: Vec<Finding>,
    /// The greatest checkpoint of each log that holds, ascending by party and epoch.
    pub logs: Vec<HeldLog>,
    /// Proofs that a party signed two logs.
    pub log_forks: Vec<LogFork>,
}

impl Examined {
    /// Returns the greatest checkpoint of a log that holds.
    pub fn log(&self, party: PartyId, epoch: u16) -> Option<&HeldLog> {
        self.logs.binary_search_by_key(&(party, epoch), HeldLog::id).ok().map(|at| &self.logs[at])
    }

    /// Returns the same evidence with the contents of all records of these kinds unread, for tests that show that
    /// somebody reads them.
    pub fn without_kinds(&self, kinds: &BTreeSet<Kind>) -> Self {
        let read = self.graph.records().iter().filter(|record| !kinds.contains(&record.kind()));
        Self {
            graph: Graph::build(read.cloned().collect()).with_chain_ends(self.graph.chain_ends().clone()),
            lines: self.lines.clone(),
            refused: self.refused.clone(),
            findings: self.findings.clone(),
            logs: self.logs.clone(),
            log_forks: self.log_forks.clone(),
        }
    }
}

/// The records that opened, before they are joined by lots, with what was found on the way.
#[derive(Debug)]
pub struct Opened {
    /// The records, in no order.
    pub records: Vec<Record>,
    /// What is held of each chain, ascending by party and epoch.
    pub lines: Vec<Line>,
    /// Pieces that could not be used.
    pub refused: Vec<Refused>,
    /// Findings about bytes, signatures and keys; those about chains are in `lines`.
    pub findings: Vec<Finding>,
    /// The greatest checkpoint of each log that holds, ascending by party and epoch.
    pub logs: Vec<HeldLog>,
    /// Proofs that a party signed two logs.
    pub log_forks: Vec<LogFork>,
    /// The last header of each party's chain, where it is not that of a record held.
    pub chain_ends: BTreeMap<PartyId, ChainEnd>,
}

/// A piece whose hashes hold.
struct Candidate {
    record: SealedRecord,
    shown: Vec<ShownItem>,
    source: String,
}

/// Examines everything handed over.
///
/// No error: what does not hold becomes a finding and a refused piece, and nothing in it is used.
pub fn examine(evidence: Evidence) -> Examined {
    let Opened { records, lines, refused, findings, logs, log_forks, chain_ends } = open_all(evidence);
    let graph = Graph::build(records).with_chain_ends(chain_ends);
    Examined { graph, lines, refused, findings, logs, log_forks }
}

/// Opens everything handed over: the integrity audit, without the graph of lots.
///
/// As [`examine`], it has no error.
pub fn open_all(evidence: Evidence) -> Opened {
    let mut refused = Vec::new();
    let mut candidates = Vec::new();
    let parsed: Vec<Result<Candidate, Box<Refused>>> =
        evidence.pieces.into_par_iter().with_min_len(64).map(parse).collect();
    for piece in parsed {
        match piece {
            Ok(candidate) => candidates.push(candidate),
            Err(bad) => refused.push(*bad),
        }
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (place, why) in evidence.damage {
        let bad = Refused { source: place, record: None, party: None, seq: None, step: "file", why };
        refused.push(bad);
    }

    let (candidates, keys) = first_keys(merge(candidates), &mut refused);
    let outcomes: Vec<Outcome> =
        candidates.par_chunks(RANGE).flat_map_iter(|range| open_range(range, &keys.records)).collect();
    let alone = headers::open(evidence.headers, &keys.records, &mut refused);

    let mut links: BTreeMap<(PartyId, u16), Vec<Link>> = BTreeMap::new();
    let mut records = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        if let Some(link) = outcome.link {
            links.entry((link.party, link.epoch)).or_default().push(link);
        }
        match outcome.opened {
            Ok(record) => records.push(record),
            Err(bad) => refused.push(*bad),
        }
    }
    let whole: HashSet<RecordId> = records.iter().map(|record| record.id).collect();
    let chain_ends = headers::ends(&alone, &whole);
    for link in alone {
        links.entry((link.party, link.epoch)).or_default().push(link);
    }
    findings.extend(refused.iter().map(finding_of));
    let line = |mut links: Vec<Link>| {
        // A record may have come with two good signatures; it stands in its chain once.
        links.sort_by_key(|link| (link.seq, link.id));
        links.dedup_by_key(|link| link.id);
        chain::examine(links)
    };
    let mut lines: Vec<Line> = links.values().cloned().map(line).collect();
    let held = logs::Held { keys: &keys.logs, links: &links, records: &records, whole: &whole };
    let logs::Judged { logs, forks, findings: of_logs } =
        logs::judge(evidence.logs, &evidence.checkpoints, evidence.forks, &held, &mut lines);
    findings.extend(of_logs);
    Opened { records, lines, refused, findings, logs, log_forks: forks, chain_ends }
}

/// What became of a record whose hashes hold.
struct Outcome {
    /// Its place in its chain, if the signature holds; the header is then the author's word.
    link: Option<Link>,
    /// Its contents.
    opened: Result<Record, Box<Refused>>,
}

/// Step name of a record that is passed over: ancillary, and of a kind this version does not know.
const SKIPPED: &str = "skipped";
/// Step name of a record that this version does not know enough of.
pub(super) const CANNOT_JUDGE: &str = "cannot_judge";
/// Step name of a record whose key is not held.
pub(super) const NO_KEY: &str = "key";

fn parse(piece: Piece) -> Result<Candidate, Box<Refused>> {
    match SealedRecord::parse(&piece.bytes) {
        Ok(record) => Ok(Candidate { record, shown: piece.shown, source: piece.source }),
        Err(error) => {
            let header = piece.bytes.get(..HEADER_LEN).and_then(|bytes| Header::from_bytes(bytes).ok());
            Err(Box::new(Refused {
                source: piece.source,
                record: header.as_ref().map(Header::id),
                party: header.as_ref().map(|header| header.party),
                seq: header.as_ref().map(|header| header.seq),
                step: if error.cannot_judge() { CANNOT_JUDGE } else { error.step() },
                why: error.to_string(),
            }))
        }
    }
}

/// Joins copies of one record: the values shown by any of them count, the first copy's bytes stand.
///
/// Copies that differ in their signature are all kept, so that a good one is found among bad ones.
fn merge(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut first: HashMap<RecordId, Vec<usize>> = HashMap::with_capacity(candidates.len());
    let mut merged: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let same = first.entry(candidate.record.id()).or_default();
        let twin = same.iter().copied().find(|at| merged[*at].record.bytes() == candidate.record.bytes());
        match twin {
            Some(at) => {
                for item in candidate.shown {
                    if !merged[at].shown.iter().any(|held| held.index == item.index && *held == item) {
                        merged[at].shown.push(item);
                    }
                }
                merged[at].shown.sort_by_key(|item| item.index);
            }
            None => {
                same.push(merged.len());
                merged.push(candidate);
            }
        }
    }
    merged
}

/// The first key of each party whose start is held.
#[derive(Default)]
struct Keys {
    /// For its records.
    records: HashMap<PartyId, PublicKey>,
    /// For its log, where the key may sign one.
    logs: HashMap<PartyId, PublicKey>,
}

/// Returns the records that may be opened, and the first key of each party whose `establish` record holds.
fn first_keys(candidates: Vec<Candidate>, refused: &mut Vec<Refused>) -> (Vec<Candidate>, Keys) {
    let mut keys = Keys::default();
    let mut kept = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match candidate.record.first_key() {
            Err(error) => {
                refused.push(refuse(&candidate, &error));
                continue;
            }
            Ok(Some(key)) => {
                if candidate.record.first_key_signs_log() {
                    keys.logs.insert(candidate.record.party(), key.clone());
                }
                keys.records.insert(candidate.record.party(), key);
            }
            Ok(None) => {}
        }
        kept.push(candidate);
    }
    (kept, keys)
}

/// Checks the signatures of a range in one batch and opens what holds.
fn open_range(range: &[Candidate], keys: &HashMap<PartyId, PublicKey>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(range.len());
    let mut batch = Batch::with_capacity(range.len());
    let mut batched = Vec::with_capacity(range.len());
    for candidate in range {
        let header = candidate.record.header();
        match keys.get(&header.party).filter(|_| header.key == 0) {
            Some(key) => {
                batch.push(key, &candidate.record.message(), candidate.record.signature());
                batched.push((candidate, key));
            }
            None => outcomes.push(Outcome { link: None, opened: Err(Box::new(no_key(candidate))) }),
        }
    }
    for (verified, (candidate, key)) in batch.verify().into_iter().zip(batched) {
        outcomes.push(match verified {
            Err(error) => Outcome { link: None, opened: Err(Box::new(refuse(candidate, &error.into()))) },
            Ok(verified) => Outcome {
                link: Some(Link::from(&candidate.record)),
                opened: candidate
                    .record
                    .open(key, &verified, &candidate.shown)
                    .map_err(|error| Box::new(refuse(candidate, &error))),
            },
        });
    }
    outcomes
}

fn refuse(candidate: &Candidate, error: &RecordError) -> Refused {
    let header = candidate.record.header();
    Refused {
        source: candidate.source.clone(),
        record: Some(candidate.record.id()),
        party: Some(header.party),
        seq: Some(header.seq),
        step: match error.cannot_judge() {
            true if candidate.record.is_ancillary() => SKIPPED,
            true => CANNOT_JUDGE,
            false => error.step(),
        },
        why: error.to_string(),
    }
}

fn no_key(candidate: &Candidate) -> Refused {
    let header = candidate.record.header();
    let why = why_no_key(header.key);
    Refused { step: NO_KEY, why, ..refuse(candidate, &RecordError::NoNonce) }
}

pub(super) fn why_no_key(key: u16) -> String {
    match key {
        0 => "the start of this party's chain, which holds its key, is not held".to_owned(),
        _ => format!("it is signed with key {key}, and the key history held here ends at key 0"),
    }
}

fn finding_of(bad: &Refused) -> Finding {
    let (code, weight, resolve) = match bad.step {
        "signature" => (FindingCode::WrongSignature, Weight::Fail, "an undamaged copy of the record"),
        NO_KEY => (FindingCode::UnknownKey, Weight::Unknown, "the party's chain from its first record"),
        CANNOT_JUDGE => (FindingCode::CannotJudge, Weight::Unknown, "a newer version of this program"),
        SKIPPED => (FindingCode::CannotJudge, Weight::Note, "nothing: the record may be passed over"),
        _ => (FindingCode::DamagedRecord, Weight::Fail, "an undamaged copy of the file"),
    };
    let what = match bad.seq {
        Some(seq) => format!("record {seq} ({})", bad.source),
        None => bad.source.clone(),
    };
    Finding {
        code,
        weight,
        records: bad.record.into_iter().collect(),
        lots: Vec::new(),
        parties: bad.party.into_iter().collect(),
        message: format!("{what} is not used: {}", bad.why),
        resolve: resolve.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::{Body, Event, Withdraw};
    use crate::model::evidence::{Role, WithdrawReason};
    use crate::model::maybe::Maybe;
    use crate::model::party::Establish;
    use crate::model::time::Timestamp;
    use crate::record::{Position, found, seal};
    use crate::sign::{SecretKey, SeededEntropy};

    /// A chain of one party: its first record, then `length - 1` withdrawals.
    fn chain(name: &str, length: u64) -> Vec<Piece> {
        let signer = SecretKey::from_seed(&crate::hash::sha256(&[name.as_bytes()]).0);
        let mut entropy = SeededEntropy::new(name.as_bytes());
        let time = |seq: u64| Timestamp::from_ms(1_790_000_000_000 + seq * 60_000).unwrap();
        let establish = Event::new(Body::Establish(Establish {
            recovery_commitment: crate::hash::Hash::ZERO,
            name: Maybe::Shown(name.into()),
            country: "US".parse().unwrap(),
            roles: vec![Role::Miner],
            identifiers: Maybe::Shown(vec![]),
            address: Maybe::Shown(None),
        }));
        let mut sealed = vec![found(establish, time(0), &|_| true, &signer, &mut entropy).unwrap()];
        for seq in 1..length {
            let last = &sealed.last().unwrap().record;
            let target = last.id();
            let mut event = Event::new(Body::Withdraw(Withdraw { target, reason: WithdrawReason::Other }));
            event.note = Some(Maybe::Shown(format!("number {seq}")));
            // Both kinds of this chain are control records.
            let at = Position { party: last.party(), epoch: 0, seq, prev: target, control: target, key: 0 };
            sealed.push(seal(at, event, time(seq), &|_| true, &signer, &mut entropy).unwrap());
        }
        let piece = |(at, sealed): (usize, crate::record::Sealed)| Piece {
            bytes: sealed.record.bytes().to_vec(),
            shown: sealed.items,
            source: format!("{name} {at}"),
        };
        sealed.into_iter().enumerate().map(piece).collect()
    }

    fn faults(pieces: Vec<Piece>) -> Vec<Finding> {
        let examined = examine(pieces.into());
        let of_chains = examined.lines.into_iter().flat_map(|line| line.faults);
        examined.findings.into_iter().chain(of_chains.map(|fault| fault.finding)).collect()
    }

    #[test]
    fn good_chains_open_in_any_order_and_repeated() {
        let mut pieces = chain("a", 5);
        pieces.extend(chain("b", 5));
        pieces.reverse();
        pieces.extend(chain("a", 3));
        let examined = examine(pieces.into());
        assert_eq!(examined.graph.records().len(), 10);
        assert!(examined.findings.is_empty() && examined.refused.is_empty());
        assert_eq!(examined.lines.len(), 2);
        assert!(examined.lines.iter().all(|line| line.faults.is_empty() && line.records == 5));
    }

    #[test]
    fn every_flipped_byte_is_found_and_named() {
        let good = chain("a", 3);
        for number in 0..good.len() {
            let id = SealedRecord::parse(&good[number].bytes).unwrap().id();
            for at in 0..good[number].bytes.len() {
                let mut pieces = good.clone();
                pieces[number].bytes[at] ^= 1 << (at % 8);
                let found = faults(pieces);
                let named = |finding: &Finding| {
                    finding.weight >= Weight::Unknown
                        && (finding.records.contains(&id) || finding.message.contains(&format!("a {number}")))
                };
                assert!(found.iter().any(named), "record {number} byte {at}");
            }
            for item in 0..good[number].shown.len() {
                let mut pieces = good.clone();
                pieces[number].shown[item].salt[3] ^= 4;
                assert!(faults(pieces).iter().any(|finding| finding.records.contains(&id)));
                let mut pieces = good.clone();
                pieces[number].shown[item].value[0] ^= 4;
                assert!(faults(pieces).iter().any(|finding| finding.records.contains(&id)));
            }
        }
    }

    #[test]
    fn without_its_first_record_a_chain_is_unknown_and_no_one_is_accused() {
        let found = faults(chain("a", 4).split_off(1));
        assert!(!found.is_empty());
        assert!(found.iter().all(|f| f.code == FindingCode::UnknownKey && f.weight == Weight::Unknown));
    }

    #[test]
    fn a_record_whose_contents_are_damaged_keeps_its_place_in_the_chain() {
        let mut pieces = chain("a", 4);
        pieces[2].shown[0].value[0] ^= 1;
        let codes: Vec<_> = faults(pieces).into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, vec![FindingCode::DamagedRecord]);
    }
}
