//! Checkpoints that others have seen, or that were kept, held against what is handed over.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::forks::{proven, two_logs};
use super::{Held, Objection, OfLog, about, fault, has_key};
use crate::chain::Line;
use crate::hash::{Hash, PartyId, RecordId};
use crate::log::contradiction::Seen;
use crate::log::fork::{ForkEvidence, LogFork};
use crate::log::known::KnownNodes;
use crate::log::note::Note;
use crate::log::seen;
use crate::model::event::SeenCheckpoint;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::verify::evidence::CheckpointPiece;

/// A checkpoint to which nothing leads, signed by the party's own log key.
pub(super) struct Sight {
    checkpoint: SeenCheckpoint,
    note: Note,
    by: By,
}

/// Who says so.
enum By {
    /// A record, and its author.
    Record(RecordId, PartyId),
    /// A file that was handed over.
    Source(String),
}

/// Checkpoints of each log, one for each size and root.
#[derive(Default)]
pub(super) struct Sights(BTreeMap<(PartyId, u16), BTreeMap<(u64, Hash), Sight>>);

impl Sights {
    /// Gathers what records say was seen; only what the party's own key signed can speak against it.
    pub fn of_records(held: &Held<'_>) -> Self {
        let mut sights = Self::default();
        for record in held.records {
            for checkpoint in &record.event.seen {
                let Some(key) = held.keys.get(&checkpoint.party) else { continue };
                if checkpoint.key == key.to_bytes() {
                    let by = By::Record(record.id, record.author);
                    // One that is not signed must not stand in for one that is, and says nothing.
                    let _ = sights.add(checkpoint, || by);
                }
            }
        }
        sights
    }

    /// Adds a checkpoint that was handed over by itself.
    pub fn take(&mut self, piece: &CheckpointPiece, held: &Held<'_>) -> Result<(), Objection> {
        has_key(&piece.checkpoint, held)?;
        let added = self.add(&piece.checkpoint, || By::Source(piece.source.clone()));
        added.map_err(|error| (FindingCode::LogBroken, Weight::Fail, error.to_string()))
    }

    fn add(&mut self, checkpoint: &SeenCheckpoint, by: impl FnOnce() -> By) -> Result<(), seen::SeenError> {
        let of_log = self.0.entry((checkpoint.party, checkpoint.epoch)).or_default();
        if let Entry::Vacant(place) = of_log.entry((checkpoint.size, checkpoint.root)) {
            let note = seen::note(checkpoint)?;
            place.insert(Sight { checkpoint: checkpoint.clone(), note, by: by() });
        }
        Ok(())
    }

    /// Returns the logs of which something was seen.
    pub fn logs(&self) -> impl Iterator<Item = (PartyId, u16)> {
        self.0.keys().copied()
    }

    /// Holds what was seen of a log against its parts that hold, against its records, and against each other; `size` is
    /// how far it is handed over.
    pub fn check(
        &self,
        of: &OfLog,
        size: u64,
        held: &Held<'_>,
        lines: &mut [Line],
        forks: &mut Vec<LogFork>,
    ) {
        let OfLog { log, parts, records } = of;
        let log = *log;
        let sights: Vec<&Sight> = self.0.get(&log).into_iter().flat_map(BTreeMap::values).collect();
        for sight in &sights {
            let (alone, in_chain) = (sight.seen(None), records.root(sight.checkpoint.size));
            if let Some(part) = parts.iter().find(|part| alone.contradicts(&part.seen()).is_some()) {
                let proof = alone.proof(&part.seen(), |evidence| proven(log.0, evidence, held));
                fault(lines, log, sight.contradicted(), &mut Vec::new());
                forks.extend(proof);
            } else if in_chain.is_some_and(|made| made != sight.checkpoint.root) {
                fault(lines, log, sight.contradicted(), &mut Vec::new());
            }
        }
        // They stand by size: of one size the first is held against the others.
        for same in sights.chunk_by(|one, other| one.checkpoint.size == other.checkpoint.size) {
            if let [one, other, ..] = same {
                fault(lines, log, one.beside(other), &mut Vec::new());
                let notes = [one.note.clone(), other.note.clone()];
                forks.extend(proven(log.0, ForkEvidence::Roots(notes), held));
            }
        }
        if let Some(newest) = sights.last().filter(|newest| newest.checkpoint.size > size) {
            fault(lines, log, newest.newer(size), &mut Vec::new());
        }
    }
}

impl Sight {
    fn seen<'a>(&'a self, known: Option<&'a KnownNodes>) -> Seen<'a> {
        Seen { checkpoint: &self.checkpoint, note: &self.note, known }
    }

    fn records(&self) -> Vec<RecordId> {
        match &self.by {
            By::Record(record, _) => vec![*record],
            By::Source(_) => Vec::new(),
        }
    }

    fn contradicted(&self) -> Finding {
        let size = self.checkpoint.size;
        let says = match &self.by {
            By::Record(..) => format!(
                "somebody has seen a checkpoint of {size} records that is not of this chain as it is handed over"
            ),
            By::Source(source) => {
                format!("{source} is of {size} records, and not of this chain as it is handed over")
            }
        };
        two_logs(self.checkpoint.party, says, self.records())
    }

    fn beside(&self, other: &Self) -> Finding {
        let says = format!(
            "two checkpoints of {} records with two roots, both signed by the party, were seen",
            self.checkpoint.size
        );
        two_logs(self.checkpoint.party, says, [self.records(), other.records()].concat())
    }

    fn newer(&self, size: u64) -> Finding {
        let seen = self.checkpoint.size;
        let (message, author) = match &self.by {
            By::Record(_, author) => (
                format!("somebody has seen {seen} records of this chain, and it is handed over up to {size}"),
                Some(*author),
            ),
            By::Source(source) => (
                format!("{source} is of {seen} records of this chain, and it is handed over up to {size}"),
                None,
            ),
        };
        let resolve = "a newer file from this party: what it amended since is not known";
        let party = self.checkpoint.party;
        Finding {
            records: self.records(),
            parties: [party].into_iter().chain(author).collect(),
            ..about(party, FindingCode::SeenNewer, Weight::Unknown, message, resolve)
        }
    }
}
