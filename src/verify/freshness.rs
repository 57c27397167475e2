//! How new what is held of a chain is, who else saw it, and whether that is enough for the reader.

use serde::Serialize;

use super::examine::Examined;
use super::logs::{ControlList, HeldLog};
use super::reader::Reader;
use crate::chain::Line;
use crate::custody::names;
use crate::hash::Hash;
use crate::log::vkey::VerifierKey;
use crate::model::day::Day;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::time::Timestamp;

/// What is held of the log of one chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LogLine {
    /// Records below the checkpoint.
    pub size: u64,
    /// Root hash over them.
    pub root: Hash,
    /// Claimed time of the last of them, if its header is held.
    pub last_signed_at: Option<Timestamp>,
    /// Witnesses that the reader knows and that saw the checkpoint, in the order of its cosignatures.
    pub witnesses: Vec<WitnessLine>,
    /// Whether every control record below the checkpoint is held.
    pub control_list: ControlList,
}

/// A witness that the reader knows, and when it says that it saw a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WitnessLine {
    /// What its key is called.
    pub name: String,
    /// When it saw the checkpoint, as it says.
    pub seen_at: Timestamp,
}

/// Returns the line of a log, with the witnesses that the reader knows.
pub(super) fn line(log: &HeldLog, reader: &Reader) -> LogLine {
    let checkpoint = &log.part.checkpoint;
    LogLine {
        size: checkpoint.size,
        root: checkpoint.root,
        last_signed_at: log.last.map(|link| link.signed_at),
        witnesses: witnesses(log, reader),
        control_list: log.control,
    }
}

/// A log is no witness of its own, and a line that does not hold counts as none, and takes nothing from another.
fn witnesses(log: &HeldLog, reader: &Reader) -> Vec<WitnessLine> {
    let saw = |key: &VerifierKey| {
        let lines =
            log.part.cosignatures.iter().filter(|one| (one.name.as_str(), one.id) == (key.name(), key.id()));
        let times = lines.filter_map(|one| {
            let note = log.part.note_with(std::slice::from_ref(one)).ok()?;
            note.verify([key]).ok()?.first()?.time
        });
        let seconds = times.max()?;
        let seen_at = Timestamp::from_ms(seconds.checked_mul(1000)?).ok()?;
        Some(WitnessLine { name: key.name().to_owned(), seen_at })
    };
    let known = reader.witnesses.iter().filter(|key| key.key().to_bytes() != log.part.checkpoint.key);
    known.filter_map(saw).collect()
}

/// Returns what is found about how new the chains are on a day, and who saw them.
pub(super) fn findings<'a>(
    examined: &Examined,
    lines: impl Iterator<Item = &'a Line>,
    reader: &Reader,
    day: Day,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if reader.quorum == 0 && reader.max_age_days.is_none() {
        return found;
    }
    for line in lines {
        let log = examined.log(line.party, line.epoch);
        let witnesses = log.map(|log| witnesses(log, reader)).unwrap_or_default();
        let name = names::party(&examined.graph, &line.party);
        let finding = |code, message, resolve: &str| Finding {
            code,
            weight: Weight::Unknown,
            records: Vec::new(),
            lots: Vec::new(),
            parties: vec![line.party],
            message,
            resolve: resolve.to_owned(),
        };
        if witnesses.len() < reader.quorum {
            let message = format!(
                "{} of the witnesses you know saw the checkpoint of {name}, and you ask for {}",
                witnesses.len(),
                reader.quorum
            );
            let resolve = "a checkpoint of this party that more of your witnesses have cosigned";
            found.push(finding(FindingCode::TooFewWitnesses, message, resolve));
        }
        let seen = witnesses.iter().map(|witness| witness.seen_at).max();
        let newest = seen.max(Some(line.last_signed_at)).unwrap_or(line.last_signed_at);
        let age = day.days_since(newest.day());
        if let Some(most) = reader.max_age_days.filter(|most| i64::from(age) > i64::from(*most)) {
            let message =
                format!("what is held of the chain of {name} is {age} days old, and you allow {most}");
            let resolve = "a newer file from this party";
            found.push(finding(FindingCode::ChainTooOld, message, resolve));
        }
    }
    found
}
