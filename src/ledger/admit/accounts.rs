//! Admission of events of circuits: declared, not drawn empty, closed without gaps and overlaps.

use std::collections::HashSet;

use super::NotAdmitted;
use crate::custody::stock;
use crate::entry::{CircuitEntry, CircuitRecord, last_close};
use crate::hash::RecordId;
use crate::ledger::append::{Batch, Warning};
use crate::model::day::Period;
use crate::model::event::{At, Body, Charge, ClosePeriod, Draw, Stock};
use crate::model::facility::Circuit;
use crate::model::kind::Kind;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::nearest::nearest;

/// Why an event of a circuit cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum CircuitRefusal {
    /// The facility declares no circuit of this name.
    #[error("the facility declares no circuit `{circuit}`")]
    Undeclared {
        /// The name given.
        circuit: String,
        /// Names that are declared.
        known: Vec<String>,
    },
    /// Nothing that can come out was charged.
    #[error(
        "a draw from an empty account: nothing was charged into `{circuit}` that can come out {when}, and no stock is stated"
    )]
    Empty {
        /// The circuit.
        circuit: String,
        /// When it would have come out.
        when: Period,
    },
    /// The period is closed already.
    #[error("{circuit} is closed for {period} by record `{}`, which does not count this {kind}", by.short())]
    Closed {
        /// The circuit.
        circuit: String,
        /// The closed period.
        period: Period,
        /// The close.
        by: RecordId,
        /// What would have to be counted.
        kind: Kind,
    },
    /// Two closes share a day.
    #[error("{period} overlaps {closed}, which record `{}` closed", by.short())]
    Overlap {
        /// The period to close.
        period: Period,
        /// The closed period.
        closed: Period,
        /// The close.
        by: RecordId,
    },
    /// `previous` is not the last close.
    #[error("`previous` does not name the last close of `{circuit}`{}", by.map_or_else(|| ", which has none".to_owned(), |by| format!(", which is record `{}`", by.short())))]
    Previous {
        /// The circuit.
        circuit: String,
        /// The last close.
        by: Option<RecordId>,
    },
    /// A record counted is none that can be.
    #[error("record `{}` cannot be counted: {why}", record.short())]
    Counted {
        /// The record.
        record: RecordId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A record of the period lies across its end.
    #[error("record `{}` ({inner}) lies across an end of {period}", record.short())]
    Across {
        /// The record.
        record: RecordId,
        /// Its period.
        inner: Period,
        /// The period to close.
        period: Period,
    },
    /// A draw of the period is left out.
    #[error("draw `{}` of this period is not counted", record.short())]
    LeftOut {
        /// The draw.
        record: RecordId,
    },
    /// The opening stock is not what the close before found.
    #[error("the period opens with {opening}, but the close before it found {closing}")]
    Step {
        /// What this close states.
        opening: String,
        /// What the close before stated.
        closing: String,
    },
}

impl CircuitRefusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> String {
        let text = match self {
            Self::Undeclared { circuit, known } => {
                return match nearest(circuit, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.is_empty() => {
                        "declare the facility with its circuits: `facility declare NAME --circuit \"SX: P40, average, 90 days\"`".to_owned()
                    }
                    None => format!("it declares {}", known.join(", ")),
                };
            }
            Self::Empty { .. } => {
                "record first what was charged, or close a period with the stock that was in process then"
            }
            Self::Closed { .. } => "withdraw that close, record this, and close the period again",
            Self::Overlap { .. } => "let the period begin on the day after the one before ended",
            Self::Previous { .. } => "leave `previous` out: the last close is named by itself",
            Self::Counted { .. } => {
                "leave `covers` out: charges and draws of the period are counted by themselves"
            }
            Self::Across { .. } => {
                "let the period end after it, or record charges and draws within one period each"
            }
            Self::LeftOut { .. } => "count it, or withdraw it if it did not happen",
            Self::Step { .. } => {
                "open with what was found at the last close; if that was wrong, withdraw that close and close it again"
            }
        };
        text.to_owned()
    }
}

impl From<CircuitRefusal> for NotAdmitted {
    fn from(refusal: CircuitRefusal) -> Self {
        super::Refusal::Circuit(Box::new(refusal)).into()
    }
}

impl Batch<'_> {
    pub(super) fn admit_charge(&mut self, charge: &Charge) -> Result<(), NotAdmitted> {
        let Some((_, recorded)) = self.circuit(&charge.at, &charge.circuit)? else { return Ok(()) };
        let closed = closed_over(&recorded, &charge.at);
        if let Some((period, by)) = closed {
            let event = self.len();
            self.warn(Warning::LateCharge { event, circuit: charge.circuit.clone(), period, by });
        }
        Ok(())
    }

    pub(super) fn admit_draw(&mut self, draw: &Draw) -> Result<(), NotAdmitted> {
        let Some((declared, recorded)) = self.circuit(&draw.at, &draw.circuit)? else { return Ok(()) };
        let circuit = draw.circuit.clone();
        if let Some((period, by)) = closed_over(&recorded, &draw.at) {
            return Err(CircuitRefusal::Closed { circuit, period, by, kind: Kind::Draw }.into());
        }
        let Maybe::Shown(when) = draw.at.period else { return Ok(()) };
        let least = i32::from(declared.least_days);
        let brings = |one: &CircuitRecord| match &one.what {
            CircuitEntry::Charge => {
                one.period.is_none_or(|period| period.first.plus_days(least) <= when.last)
            }
            CircuitEntry::Draw => false,
            CircuitEntry::Close(close) => {
                close.opening != Maybe::Shown(None) || close.closing != Maybe::Shown(None)
            }
        };
        if !recorded.iter().any(brings) && !self.guests_charged(&draw.at, &draw.circuit)? {
            return Err(CircuitRefusal::Empty { circuit, when }.into());
        }
        Ok(())
    }

    pub(super) fn admit_close(&mut self, close: &ClosePeriod) -> Result<(), NotAdmitted> {
        let Some((_, recorded)) = self.circuit(&close.at, &close.circuit)? else { return Ok(()) };
        let Maybe::Shown(period) = close.at.period else { return Ok(()) };
        let overlaps = |other: &Period| other.first <= period.last && period.first <= other.last;
        for one in recorded.iter().filter(|one| one.is_close()) {
            if let Some(closed) = one.period.filter(overlaps) {
                return Err(CircuitRefusal::Overlap { period, closed, by: one.id }.into());
            }
        }
        let last = last_close(&recorded, &period);
        if close.previous != last.map(|last| last.id) {
            let (circuit, by) = (close.circuit.clone(), last.map(|last| last.id));
            return Err(CircuitRefusal::Previous { circuit, by }.into());
        }
        if let Some(CircuitEntry::Close(before)) = last.map(|last| &last.what)
            && let (Maybe::Shown(closing), Maybe::Shown(opening)) = (&before.closing, &close.opening)
            && stock::apart(closing.as_ref(), opening.as_ref()) == Some(true)
        {
            let (opening, closing) = (stated(opening.as_ref()), stated(closing.as_ref()));
            return Err(CircuitRefusal::Step { opening, closing }.into());
        }
        let MaybeList::Shown(covers) = &close.covers else { return Ok(()) };
        self.admit_covers(close, &period, covers, &recorded)
    }

    fn admit_covers(
        &mut self,
        close: &ClosePeriod,
        period: &Period,
        covers: &[RecordId],
        recorded: &[CircuitRecord],
    ) -> Result<(), NotAdmitted> {
        let mut counted: HashSet<RecordId> = HashSet::new();
        for one in recorded {
            if let CircuitEntry::Close(close) = &one.what {
                counted.extend(&close.covers);
            }
        }
        let mut named = HashSet::new();
        for id in covers {
            let wrong = |why| Err(CircuitRefusal::Counted { record: *id, why }.into());
            let Some(source) = self.source(id)? else { return wrong("it is not held here") };
            let at = match &source.event.body {
                Body::Charge(charge) if charge.circuit == close.circuit => &charge.at,
                Body::Draw(draw) if draw.circuit == close.circuit => &draw.at,
                _ => return wrong("it is no charge or draw of this circuit"),
            };
            if at.facility != close.at.facility {
                return wrong("it is at another facility");
            }
            if source.withdrawn {
                return wrong("it was withdrawn");
            }
            if at.period.shown().is_some_and(|inner| !period.covers(inner)) {
                return wrong("it is not within the period");
            }
            if counted.contains(id) || !named.insert(*id) {
                return wrong("it is counted already");
            }
        }
        for one in recorded.iter().filter(|one| !one.is_close() && !counted.contains(&one.id)) {
            let Some(inner) = one.period else { continue };
            let touches = inner.first <= period.last && period.first <= inner.last;
            if touches && !period.covers(&inner) {
                return Err(CircuitRefusal::Across { record: one.id, inner, period: *period }.into());
            }
            if touches && one.what == CircuitEntry::Draw && !named.contains(&one.id) {
                return Err(CircuitRefusal::LeftOut { record: one.id }.into());
            }
        }
        Ok(())
    }

    /// Returns the circuit as it is declared and what was recorded of it; `None` where the facility is withheld.
    fn circuit(&mut self, at: &At, name: &str) -> Result<Option<(Circuit, Vec<CircuitRecord>)>, NotAdmitted> {
        let Maybe::Shown(facility) = at.facility else { return Ok(None) };
        let declared = match self.source(&facility)?.map(|source| source.event) {
            Some(event) => match &event.body {
                Body::DeclareFacility(declared) => declared.circuits.clone(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        let Some(circuit) = declared.iter().find(|circuit| circuit.name == name) else {
            let known = declared.into_iter().map(|circuit| circuit.name).collect();
            return Err(CircuitRefusal::Undeclared { circuit: name.to_owned(), known }.into());
        };
        Ok(Some((circuit.clone(), self.circuit_records(&facility, name)?)))
    }

    /// Whether another party, a guest at the facility, charged the circuit.
    fn guests_charged(&self, at: &At, circuit: &str) -> Result<bool, NotAdmitted> {
        let Maybe::Shown(facility) = at.facility else { return Ok(false) };
        Ok(self.ledger().others_charged(&facility, circuit)?)
    }
}

/// Returns the own close whose period shares a day with `at`.
fn closed_over(recorded: &[CircuitRecord], at: &At) -> Option<(Period, RecordId)> {
    let period = at.period.shown()?;
    let shares = |closed: &Period| closed.first <= period.last && period.first <= closed.last;
    let closes = recorded.iter().filter(|one| one.is_close());
    closes.filter_map(|one| Some((one.period?, one.id))).find(|(closed, _)| shares(closed))
}

fn stated(stock: Option<&Stock>) -> String {
    stock.map_or(Mass::ZERO, |stock| stock.quantity.mass).to_string()
}
