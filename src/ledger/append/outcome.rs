//! What became of a batch: its records with what the author should look at, or why nothing was recorded.

use crate::hash::RecordId;
use crate::ledger::admit::Refusal;
use crate::ledger::error::LedgerError;
use crate::model::coded::Coded;
use crate::model::day::Period;
use crate::model::kind::Kind;
use crate::model::mass::Mass;
use crate::model::time::Timestamp;
use crate::record::SealError;

/// What a batch became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The new records, in order.
    pub records: Vec<RecordId>,
    /// What the author should look at.
    pub warnings: Vec<Warning>,
}

/// Something out of the ordinary that stops nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Warning {
    /// The clock shows a time before the last record.
    #[error("the clock shows {now}, but the last record of this chain claims {last}")]
    ClockBack {
        /// Time of the last record.
        last: Timestamp,
        /// Time the clock shows.
        now: Timestamp,
    },
    /// The clock shows a time more than a day after the last record.
    #[error("the clock shows {now}, {days} days after the last record of this chain")]
    ClockJump {
        /// Time of the last record.
        last: Timestamp,
        /// Time the clock shows.
        now: Timestamp,
        /// Whole days between.
        days: u64,
    },
    /// A title rests on something that is not held.
    #[error("event {}: {text}", event + 1)]
    Title {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// What is open.
        text: String,
        /// What would settle it.
        resolve: String,
    },
    /// A stretch could not be compared with its lot.
    #[error("event {}: the mass of lot `{lot}` is withheld, so what is used of it cannot be compared with it", event + 1)]
    MassWithheld {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The lot.
        lot: String,
    },
    /// More was used of a lot than a correction leaves it.
    #[error("event {}: {used} of lot `{lot}` are used already, and the correction leaves it {mass}", event + 1)]
    BelowUse {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The lot.
        lot: String,
        /// Mass that the correction states.
        mass: Mass,
        /// Where the last stretch that was used ends.
        used: Mass,
    },
    /// A dispute of another party is ended.
    #[error("event {}: the dispute is by {author}", event + 1)]
    NotOwnDispute {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Who disputes.
        author: String,
    },
    /// A charge is dated into a period that is closed.
    #[error("event {}: {circuit} is closed for {period} by record `{}`, which does not count this charge", event + 1, by.short())]
    LateCharge {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// The circuit.
        circuit: String,
        /// The closed period.
        period: Period,
        /// The close.
        by: RecordId,
    },
}

impl Warning {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ClockBack { .. } | Self::ClockJump { .. } => {
                "check the clock of this machine: the time is signed, and readers see a chain whose time jumps".into()
            }
            Self::BelowUse { .. } => {
                "correct the records that used it as well; readers find the difference".into()
            }
            Self::NotOwnDispute { .. } => {
                "it ends the dispute for readers who list you as an authority, and for nobody else".into()
            }
            Self::LateCharge { .. } => {
                "withdraw that close and close the period again; until then readers find every draw of it open".into()
            }
            Self::Title { resolve, .. } => resolve.clone(),
            Self::MassWithheld { .. } => {
                "ask the sender for an export that shows the mass of the lot".into()
            }
        })
    }
}

/// Why events were not recorded. None of the batch was.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// An event breaks an invariant.
    #[error("event {} ({}) is refused: {refusal}", event + 1, kind.name())]
    Refused {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Its kind.
        kind: Kind,
        /// What it breaks.
        refusal: Box<Refusal>,
    },
    /// An event cannot be sealed.
    #[error("event {} ({}) cannot be recorded: {error}", event + 1, kind.name())]
    Seal {
        /// Number of the event in its batch, from 0.
        event: usize,
        /// Its kind.
        kind: Kind,
        /// What is wrong with it.
        error: SealError,
    },
    /// The ledger cannot record anything now.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl AppendError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { refusal, .. } => refusal.hint(),
            Self::Seal { .. } => None,
            Self::Ledger(error) => error.hint(),
        }
    }
}
