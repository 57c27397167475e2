//! Names in events: looked up in the ledger and in the events of the same batch.

use crate::entry::{NameError, Resolver};
use crate::hash::{PartyId, RecordId};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;

/// Knows no names: for the event that opens a chain.
pub struct Nothing;

impl Resolver for Nothing {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        Err(NameError::unknown("party", name, []))
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        Err(NameError::unknown("facility", name, []))
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        Err(NameError::unknown("lot", name, []))
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        Err(NameError::unknown("record", name, []))
    }

    fn lot_value(&self, _: &LotRef) -> Option<Lot> {
        None
    }

    fn lot_author(&self, _: &LotRef) -> Option<PartyId> {
        None
    }

    fn event(&self, _: &RecordId) -> Option<std::rc::Rc<crate::model::event::Event>> {
        None
    }

    fn is_free(&self, _: &LotRef, _: Mass, _: Mass) -> bool {
        true
    }

    fn next_free(&self, _: &LotRef) -> Mass {
        Mass::ZERO
    }
}
