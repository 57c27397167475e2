//! Circuits: declared on a facility, charged, drawn, closed.

use std::collections::HashSet;

use super::{lots, values, work};
use crate::entry::circuit::{self, CircuitEntry, CircuitRecord};
use crate::entry::draft::{CircuitDraft, Draft, StockDraft};
use crate::entry::error::{self, EntryError};
use crate::entry::resolver::Resolver;
use crate::hash::RecordId;
use crate::model::event::{At, Charge, ClosePeriod, Draw, Stock};
use crate::model::facility::Circuit;
use crate::model::maybe::Maybe;

pub(super) fn charge(draft: &Draft, names: &dyn Resolver) -> Result<Charge, EntryError> {
    Ok(Charge {
        at: values::at(draft, names)?,
        circuit: name(draft)?,
        inputs: lots::inputs(&lots::taken(draft, names)?).into(),
        additions: lots::additions(draft)?.into(),
    })
}

pub(super) fn draw(draft: &Draft, names: &dyn Resolver) -> Result<Draw, EntryError> {
    let draw = Draw {
        at: values::at(draft, names)?,
        circuit: name(draft)?,
        steps: work::steps(draft)?,
        outputs: lots::outputs(draft, names)?,
    };
    match draw.outputs.is_empty() {
        true => {
            Err(error::missing("out", "[{ label = \"NDPR-1\", material = \"oxide.NdPr\", mass = \"2 t\" }]"))
        }
        false => Ok(draw),
    }
}

/// Reads a close. What is not written follows from what was recorded of the circuit before: the close before
/// it, the stock that it found, and the charges and draws of the period.
pub(super) fn close_period(draft: &Draft, names: &dyn Resolver) -> Result<ClosePeriod, EntryError> {
    let at = values::at(draft, names)?;
    let circuit = name(draft)?;
    let recorded = match &at.facility {
        Maybe::Shown(facility) => names.circuit_records(facility, &circuit),
        Maybe::Withheld => Vec::new(),
    };
    let last = at.period.shown().and_then(|period| circuit::last_close(&recorded, period));
    let accounts = &draft.accounts;
    let previous = match accounts.previous.as_deref() {
        None => last.map(|close| close.id),
        Some("none") => None,
        Some(name) => Some(names.record(name).map_err(|error| error.at("previous"))?),
    };
    let opening = match &accounts.opening {
        Some(stock) => self::stock("opening", stock)?,
        None => carried_over(previous.and_then(|id| recorded.iter().find(|one| one.id == id)))?,
    };
    let Some(closing) = &accounts.closing else {
        return Err(error::missing("closing", "\"empty\", or { mass = \"12 t\", uncertainty = \"2 %\" }"));
    };
    Ok(ClosePeriod {
        previous,
        opening: Maybe::Shown(opening),
        closing: Maybe::Shown(self::stock("closing", closing)?),
        losses: lots::losses(draft)?.into(),
        covers: covers(draft, names, &at, &recorded)?.into(),
        at,
        circuit,
    })
}

/// Reads the circuits of a facility.
pub(super) fn circuits(draft: &Draft) -> Result<Vec<Circuit>, EntryError> {
    let mut circuits: Vec<Circuit> = Vec::with_capacity(draft.accounts.circuits.len());
    for (index, given) in draft.accounts.circuits.iter().enumerate() {
        let one = circuit_of(&format!("circuits/{index}"), given)?;
        if circuits.iter().any(|other| other.name == one.name) {
            let problem = format!("`{}` is the name of two circuits", one.name);
            return Err(EntryError::new(format!("circuits/{index}/name"), problem, None));
        }
        circuits.push(one);
    }
    Ok(circuits)
}

fn circuit_of(field: &str, given: &CircuitDraft) -> Result<Circuit, EntryError> {
    let at = |part: &str| format!("{field}/{part}");
    let name = given.name.as_ref().ok_or_else(|| error::missing(&at("name"), "\"SX\""))?;
    let window = given.window.as_deref().ok_or_else(|| error::missing(&at("window"), "\"90 days\""))?;
    let circuit = Circuit {
        name: error::words(&at("name"), name, 64)?,
        stages: values::listed(&at("stages"), &given.stages)?,
        method: error::need(
            &at("method"),
            &given.method,
            "\"average\", \"credit\", \"window\" or \"campaign\"",
        )?,
        window_days: days(&at("window"), window)?,
        least_days: given.least.as_deref().map_or(Ok(0), |least| days(&at("least"), least))?,
    };
    if circuit.least_days > circuit.window_days {
        let problem = format!(
            "a charge stays at least {} days, but nothing of it is left after {}",
            circuit.least_days, circuit.window_days
        );
        return Err(EntryError::new(at("least"), problem, None));
    }
    Ok(circuit)
}

/// Reads `90 days` or `1 day`.
fn days(field: &str, text: &str) -> Result<u16, EntryError> {
    let number = text.trim().strip_suffix("days").or_else(|| text.trim().strip_suffix("day"));
    number.and_then(|number| number.trim().parse().ok()).ok_or_else(|| {
        let hint = "write whole days up to 65535, such as \"90 days\"";
        EntryError::new(field, format!("`{text}` is no number of days"), Some(hint.into()))
    })
}

fn name(draft: &Draft) -> Result<String, EntryError> {
    let circuit = draft.accounts.circuit.as_ref();
    let circuit = circuit.ok_or_else(|| error::missing("circuit", "\"SX\": a circuit of the facility"))?;
    error::words("circuit", circuit, 64)
}

fn stock(field: &str, given: &StockDraft) -> Result<Option<Stock>, EntryError> {
    let example = "\"empty\", or { mass = \"12 t\", uncertainty = \"2 %\" }";
    match given {
        StockDraft::Word(word) if word == "empty" => Ok(None),
        StockDraft::Word(word) => {
            let hint = format!("write {example}");
            Err(EntryError::new(field, format!("`{word}` says nothing of the stock"), Some(hint)))
        }
        StockDraft::Stock(given) => {
            let Some(quantity) = lots::quantity(field, given)? else {
                return Err(error::missing(&format!("{field}/mass"), "\"12 t\""));
            };
            let lines = given.composition.as_deref().unwrap_or_default();
            let composition = values::composition(&format!("{field}/composition"), lines)?;
            Ok(Some(Stock { quantity, composition }))
        }
    }
}

/// Returns the stock that the close before found, which is what this period began with.
fn carried_over(last: Option<&CircuitRecord>) -> Result<Option<Stock>, EntryError> {
    if let Some(CircuitEntry::Close(close)) = last.map(|close| &close.what)
        && let Maybe::Shown(closing) = &close.closing
    {
        return Ok(closing.clone());
    }
    Err(error::missing("opening", "\"empty\", or { mass = \"12 t\", uncertainty = \"2 %\" }"))
}

fn covers(
    draft: &Draft,
    names: &dyn Resolver,
    at: &At,
    recorded: &[CircuitRecord],
) -> Result<Vec<RecordId>, EntryError> {
    let Some(given) = &draft.accounts.covers else {
        return Ok(at.period.shown().map(|period| circuit::uncounted(recorded, period)).unwrap_or_default());
    };
    let mut seen = HashSet::new();
    let mut covers = Vec::with_capacity(given.len());
    for (index, name) in given.iter().enumerate() {
        let field = format!("covers/{index}");
        let id = names.record(name).map_err(|error| error.at(&field))?;
        if !seen.insert(id) {
            return Err(EntryError::new(field, format!("`{name}` is counted twice"), None));
        }
        covers.push(id);
    }
    Ok(covers)
}
