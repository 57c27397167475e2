//! Corrections, disputes and what ends them.

use super::evidence::subject;
use std::rc::Rc;

use crate::entry::circuit::CircuitRecord;
use crate::entry::draft::Draft;
use crate::entry::error::{self, EntryError};
use crate::entry::fields::{self, inside};
use crate::entry::resolver::{AttestAsk, NameError, Resolver};
use crate::entry::stated;
use crate::hash::{PartyId, RecordId};
use crate::model::event::{
    Acknowledge, Attest, Body, Correct, Dispute, Event, Replacement, Resolve, TransferTitle,
};
use crate::model::lot::{Input, Lot};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

pub(super) fn correct(draft: &Draft, names: &dyn Resolver) -> Result<Correct, EntryError> {
    let target = target(draft, names)?;
    let reason = error::need("reason", &draft.reason, "\"entry_error\"")?;
    let held = names.event(&target);
    let body = match (&draft.amend.with, &draft.amend.change[..]) {
        (Some(with), []) => {
            let names = Restating::new(names, held.as_deref(), false);
            with.body(&names).map_err(inside)?
        }
        (None, []) => {
            return Err(error::missing(
                "change",
                "{ \"out/0/mass\" = \"430 kg\" }, or a whole event as `with`",
            ));
        }
        (Some(_), _) => {
            let hint = "state the whole event, or only what changes".to_owned();
            return Err(EntryError::new("change", "there is a `with` as well", Some(hint)));
        }
        (None, changes) => {
            let Some(held) = held else {
                let problem = format!("record `{}` is not held here", target.short());
                return Err(EntryError::new("target", problem, None));
            };
            changed(&held, changes, names)?
        }
    };
    Ok(Correct { target, reason, replacement: Replacement(Box::new(body)) })
}

/// Returns what a record states, with values changed by path.
fn changed(
    held: &Event,
    changes: &[(String, crate::entry::Tree)],
    names: &dyn Resolver,
) -> Result<Body, EntryError> {
    let whole = "write the whole event as `with` instead".to_owned();
    let names = Restating::new(names, Some(held), true);
    let mut tree = stated::tree(&held.body)
        .map_err(|problem| EntryError::new("change", problem, Some(whole.clone())))?;
    // What would be lost on the way must not change silently.
    let is_whole =
        fields::draft(&tree).and_then(|draft| draft.body(&names)).is_ok_and(|body| body == held.body);
    if !is_whole {
        let problem = "the record states something that cannot be changed value by value";
        return Err(EntryError::new("change", problem, Some(whole)));
    }
    for (path, value) in changes {
        let at = format!("change/{path}");
        if path == "kind" {
            let hint = "withdraw the record and record what happened".to_owned();
            return Err(EntryError::new(at, "a correction keeps the kind of event", Some(hint)));
        }
        tree.put(path, value.clone()).map_err(|error| EntryError::new(at, error.to_string(), None))?;
    }
    fields::draft(&tree).and_then(|draft| draft.body(&names))
}

pub(super) fn dispute(draft: &Draft, names: &dyn Resolver) -> Result<Dispute, EntryError> {
    let about = draft.amend.about.as_ref();
    let about = about.ok_or_else(|| error::missing("about", "\"lot:MAG-7\" or \"record:ID\""))?;
    Ok(Dispute {
        about: subject("about", about, names)?,
        reason: error::need("reason", &draft.reason, "\"quantity\"")?,
        claim: Maybe::Shown(error::some_words("claim", &draft.amend.claim, 512)?),
    })
}

pub(super) fn resolve(draft: &Draft, names: &dyn Resolver) -> Result<Resolve, EntryError> {
    Ok(Resolve {
        target: target(draft, names)?,
        outcome: error::need("outcome", &draft.amend.outcome, "\"settled\"")?,
        terms: Maybe::Shown(error::some_words("terms", &draft.amend.terms, 512)?),
    })
}

pub(super) fn acknowledge(draft: &Draft, names: &dyn Resolver) -> Result<Acknowledge, EntryError> {
    Ok(Acknowledge { target: target(draft, names)? })
}

fn target(draft: &Draft, names: &dyn Resolver) -> Result<RecordId, EntryError> {
    let target = draft.target.as_ref().ok_or_else(|| error::missing("target", "the id of the record"))?;
    names.record(target).map_err(|error| error.at("target"))
}

/// Names as the record meant them when it was signed: its own stretches count as free.
struct Restating<'a> {
    names: &'a dyn Resolver,
    inputs: &'a [Input],
    /// Outputs that lots handed over are described like, where only some values change.
    handed_over: &'a [Lot],
}

impl<'a> Restating<'a> {
    fn new(names: &'a dyn Resolver, held: Option<&'a Event>, is_change: bool) -> Self {
        let body = held.map(|event| &event.body);
        let inputs = body.and_then(|body| body.inputs()).and_then(MaybeList::shown).unwrap_or_default();
        let handed_over = body.filter(|body| is_change && body.is_pairwise()).map(Body::outputs);
        Self { names, inputs, handed_over: handed_over.unwrap_or_default() }
    }
}

impl Resolver for Restating<'_> {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        PartyId::from_hex(name).map_or_else(|| self.names.party(name), Ok)
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        RecordId::from_hex(name).map_or_else(|| self.names.facility(name), Ok)
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        if let Ok(lot) = name.parse() {
            return Ok(lot);
        }
        let label = |lot: &LotRef| self.names.lot_value(lot).is_some_and(|lot| lot.label() == Some(name));
        let own = self.inputs.iter().map(|input| input.lot).find(label);
        own.map_or_else(|| self.names.lot(name), Ok)
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        RecordId::from_hex(name).map_or_else(|| self.names.record(name), Ok)
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        let own = self.inputs.iter().position(|input| input.lot == *lot);
        own.and_then(|at| self.handed_over.get(at)).cloned().or_else(|| self.names.lot_value(lot))
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        self.names.lot_author(lot)
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        let own = self.inputs.iter().find(|input| input.lot == *lot);
        own.map_or_else(|| self.names.next_free(lot), |input| input.from)
    }

    fn event(&self, record: &RecordId) -> Option<Rc<Event>> {
        self.names.event(record)
    }

    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool {
        let is_own = |one: &Input| one.lot == *lot && one.from <= from && one.end() >= Some(to);
        self.inputs.iter().any(is_own) || self.names.is_free(lot, from, to)
    }

    fn title(&self, record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        self.names.title(record)
    }

    fn circuit_records(&self, facility: &RecordId, circuit: &str) -> Vec<CircuitRecord> {
        self.names.circuit_records(facility, circuit)
    }

    fn checks_identifiers(&self) -> bool {
        self.names.checks_identifiers()
    }

    fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        self.names.attested(ask)
    }

    fn computes_facts(&self) -> bool {
        self.names.computes_facts()
    }
}
