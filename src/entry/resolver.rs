//! Looking names up: what a ledger or a scenario knows that a file of events refers to.

use super::circuit::CircuitRecord;
use std::rc::Rc;

use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::event::{Attest, Event, SeenCheckpoint, TransferTitle};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

/// Of which lot facts are asked, for which days, and verdicts of which packs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttestAsk {
    /// The lot.
    pub lot: LotRef,
    /// The day judged for.
    pub as_of: Day,
    /// Last day for which the facts may be relied on.
    pub valid_until: Day,
    /// Ids of packs; those of the author's choice where none is named.
    pub packs: Vec<String>,
}

/// Knows parties, facilities, lots and records by name.
pub trait Resolver {
    /// Returns the party called `name`, by alias, name or id.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn party(&self, name: &str) -> Result<PartyId, NameError>;

    /// Returns the record that declared the facility called `name`.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn facility(&self, name: &str) -> Result<RecordId, NameError>;

    /// Returns the lot called `name`, by label or reference, that the author can use now.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn lot(&self, name: &str) -> Result<LotRef, NameError>;

    /// Returns the lot called `name` that the author sent and that is in transit.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn sent_lot(&self, name: &str) -> Result<LotRef, NameError> {
        self.lot(name)
    }

    /// Returns the record called `name`.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn record(&self, name: &str) -> Result<RecordId, NameError>;

    /// Returns the `host` record that lets the author work at `facility` in `period`, if just one does.
    fn stay_at(&self, facility: &RecordId, period: &Period) -> Option<RecordId> {
        let _ = (facility, period);
        None
    }

    /// Returns the author's own `host` record that lets `guest` in, at `facility` if one is named.
    ///
    /// # Errors
    /// [`NameError`] for none or several.
    fn stay_of(&self, guest: &str, facility: Option<&RecordId>) -> Result<RecordId, NameError> {
        let _ = facility;
        self.record(guest)
    }

    /// Returns what is known of a lot.
    fn lot_value(&self, lot: &LotRef) -> Option<Lot>;

    /// Returns the author of the record that created a lot.
    fn lot_author(&self, lot: &LotRef) -> Option<PartyId>;

    /// Returns what a record states, as its latest correction has it, if it is held.
    fn event(&self, record: &RecordId) -> Option<Rc<Event>>;

    /// Whether nothing of a stretch of a lot was used so far.
    ///
    /// Only a scenario says yes to everything: it also tells what others have signed.
    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool;

    /// Returns the first milligram of a lot after all stretches used so far.
    fn next_free(&self, lot: &LotRef) -> Mass;

    /// Returns what the author recorded of a circuit of a facility and did not take back, in order of signing.
    fn circuit_records(&self, _facility: &RecordId, _circuit: &str) -> Vec<CircuitRecord> {
        Vec::new()
    }

    /// Returns the transfer of title that a record states, and its author.
    ///
    /// Who knows no titles says none: then each event says itself what it is over.
    fn title(&self, _record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        None
    }

    /// Computes what the records that the author holds establish of a lot.
    ///
    /// # Errors
    /// A sentence saying why nothing can be stated.
    fn attested(&self, _ask: &AttestAsk) -> Result<Attest, String> {
        Err("nothing is held here that it could be computed from".to_owned())
    }

    /// Whether what is attested is always computed.
    ///
    /// Only a scenario says no: it also tells what others have signed.
    fn computes_facts(&self) -> bool {
        true
    }

    /// Returns the newest checkpoint held of each log of `parties`, or of everybody else where none is named, that is newer
    /// than what the author said was seen of it; each with the size of that, 0 for a log seen for the first time.
    ///
    /// # Errors
    /// A sentence saying which log is not shown to go on.
    fn witnessed(&self, _parties: &[PartyId]) -> Result<Vec<(SeenCheckpoint, u64)>, String> {
        Ok(Vec::new())
    }

    /// Whether numbers in registers must have the form and check digits of their register.
    ///
    /// Only a scenario says no: it also tells what others have signed.
    fn checks_identifiers(&self) -> bool {
        true
    }
}

/// A name that stands for nothing, or for several things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` {why}")]
pub struct NameError {
    /// What was written.
    pub given: String,
    /// What is wrong with it.
    pub why: NameFault,
}

/// What is wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Nothing has it.
    #[error("is no {what} that is known here")]
    Unknown {
        /// What was looked for, in a word.
        what: &'static str,
        /// The nearest name that is known.
        nearest: Option<String>,
        /// All names that are known, if they are few.
        known: Vec<String>,
    },
    /// Several have it.
    #[error("is the name of {} {what}s", .candidates.len())]
    Ambiguous {
        /// What was looked for, in a word.
        what: &'static str,
        /// What would tell them apart.
        candidates: Vec<String>,
    },
}

impl NameError {
    /// Returns the error of a name that nothing among `known` has.
    pub fn unknown<'a>(what: &'static str, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = crate::model::nearest::nearest(given, known.iter().copied()).map(str::to_owned);
        let known =
            if known.len() <= 12 { known.into_iter().map(str::to_owned).collect() } else { Vec::new() };
        Self { given: given.to_owned(), why: NameFault::Unknown { what, nearest, known } }
    }

    /// Returns what to write instead.
    pub fn hint(&self) -> Option<String> {
        match &self.why {
            NameFault::Unknown { nearest: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            NameFault::Unknown { known, .. } if known.is_empty() => None,
            NameFault::Unknown { known, .. } => Some(format!("known are {}", known.join(", "))),
            NameFault::Ambiguous { candidates, .. } => {
                Some(format!("write one of {}", candidates.join(", ")))
            }
        }
    }

    pub(super) fn at(self, field: &str) -> super::error::EntryError {
        let hint = self.hint();
        super::error::EntryError::new(field, self.to_string(), hint)
    }
}
